"""Event studies: by hand with pandas and statsmodels, what the demo planted, and nothing where nothing was done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from dimios_core.errors import InputError
from dimios_core.research import event_study
from dimios_core.research.events import lay_out

POINT = "project_management"


@pytest.fixture(scope="module")
def found(demo):
    return event_study(demo, seed=1, point=POINT, control="never")


@pytest.fixture(scope="module")
def means(demo) -> pd.DataFrame:
    """Organisations × years, those with whole years and five answers."""
    scores = demo.points()[POINT].dropna().reset_index()
    scores = scores[~scores["period"].str.contains("-")]
    by = scores.groupby(["organisation", "period"])[POINT]
    long = by.mean().where(by.size() >= 5).reset_index()
    return long.pivot_table(POINT, "organisation", "period", dropna=False)


@pytest.fixture(scope="module")
def begun(demo, means) -> pd.Series:
    """The first year whose field period opened after the month of the initiative, by organisation; 0 is never."""
    opened = demo.people["answered_at"].dropna().groupby(level=["organisation", "period"]).min()
    mine = demo.initiatives[demo.initiatives["point"] == POINT]["start"].droplevel("id")
    years = {}
    for organisation, start in mine.items():
        after = [
            y
            for y in means.columns
            if (organisation, y) in opened and f"{opened[organisation, y]:%Y-%m}" > start
        ]
        years[organisation] = int(after[0])
    return pd.Series(years).reindex(means.index).fillna(0).astype(int)


def test_effects_by_hand(found, means, begun):
    never = means[begun == 0]
    for since in (-2, 0, 1):
        deltas = []
        for organisation, year in begun[begun > 0].items():
            now, base = str(year + since), str(year - 1)
            if now in means and base in means:
                own = means.loc[organisation, now] - means.loc[organisation, base]
                deltas.append(own - (never[now] - never[base]).mean())
        assert found.table.loc[since, "effect"] == pytest.approx(np.nanmean(deltas))
        assert found.table.loc[since, "organisations_n"] == np.isfinite(deltas).sum()


def test_two_by_two_has_the_errors_of_two_means(demo, means, begun):
    # one wave of starts, never-treated controls: a difference of two means of changes
    wave = int(begun[begun > 0].mode()[0])
    keep = [o for o in means.index if begun[o] in (0, wave)]
    some = demo.select(organisations=keep)
    study = event_study(some, seed=1, point=POINT, control="never", window=(0, 0))
    table = study.table
    change = means.loc[keep, str(wave)] - means.loc[keep, str(wave - 1)]
    parts = [change[begun[keep] == g].dropna() for g in (wave, 0)]
    assert table.loc[0, "effect"] == pytest.approx(parts[0].mean() - parts[1].mean())
    se = np.sqrt(sum(p.var(ddof=0) / len(p) for p in parts))
    assert table.loc[0, "se"] == pytest.approx(se)
    welch = stats.ttest_ind(*parts, equal_var=False)
    assert study.effect.p == pytest.approx(welch.pvalue)
    assert (study.effect.low, study.effect.high) == pytest.approx(tuple(welch.confidence_interval()))


def test_one_effect_before_is_tested_by_as_many_as_had_begun(demo):
    study = event_study(demo, seed=1, point=POINT, window=(-2, 0))
    row = study.table.loc[-2]
    m = row["organisations_n"]
    t = row["effect"] / row["se"] * np.sqrt((m - 1) / m)
    assert study.pretrend_p == pytest.approx(2 * stats.t.sf(abs(t), m - 1))


def test_two_way_fixed_effects_as_statsmodels(found, means, begun):
    long = means.reset_index().melt("organisation", value_name="y").dropna()
    start = begun.reindex(long["organisation"]).to_numpy()
    long["on"] = ((start > 0) & (long["period"].astype(int).to_numpy() >= start)).astype(float)
    fit = smf.ols("y ~ on + C(organisation) + C(period)", long).fit()
    assert found.twfe.estimate == pytest.approx(fit.params["on"])


@pytest.mark.parametrize("point", ["user_involvement", "project_management", "benefits_realisation"])
def test_what_was_planted_is_found(demo, point):
    found = event_study(demo, seed=1, point=point)
    # half of them began a year before the built-in ten or twelve points set in
    assert found.table.loc[1, "low"] < 10 < found.table.loc[1, "high"] + 1.5
    assert found.effect.low > 2
    assert not found.pretrend_p < 0.01
    assert "procentenheter" in found.words("sv")
    assert found.figure("en").data


def test_nothing_is_found_where_nothing_was_planted(demo):
    for point in ("innovation_culture", "competence_supply", "digital_first"):
        effect = event_study(demo, seed=1, point=point).effect
        assert effect.low < 0 < effect.high
    kinds = event_study(demo, seed=1, kind="competence")
    assert kinds.effect.low < 0 < kinds.effect.high
    assert np.isnan(kinds.twfe.estimate)


@pytest.mark.parametrize("begun_n", [6, 17])
def test_starts_that_are_dealt_out_by_lot_are_seldom_found(demo, begun_n):
    asked = (
        demo.initiatives[demo.initiatives["point"] == "innovation_culture"]
        .sort_values("start")
        .reset_index()[:begun_n]
    )
    alarms = 0
    everybody = sorted(set(demo.index.get_level_values("organisation")))
    for seed in range(20):
        drawn = np.random.default_rng(seed).choice(everybody, len(asked), replace=False)
        dealt = asked.assign(organisation=drawn).set_index(["organisation", "id"])
        alarms += (
            event_study(replace(demo, initiatives=dealt), seed=1, point="innovation_culture").effect.p < 0.05
        )
    assert alarms <= 3  # one is expected; more than three happen once in sixty


def test_an_initiative_counts_from_the_field_period_after_its_month(demo):
    panel = lay_out(demo, POINT, None)
    assert set(panel.begun[np.isfinite(panel.begun)]) == {1.0, 2.0}
    assert np.isfinite(panel.begun).sum() == 18


def test_what_cannot_be_asked_is_refused(demo):
    with pytest.raises(InputError, match="one of them is needed"):
        event_study(demo, seed=1)
    with pytest.raises(InputError, match="there is no progect_management"):
        event_study(demo, seed=1, point="progect_management")
    with pytest.raises(InputError, match="organisations did it"):
        event_study(demo, seed=1, point="standards")
    with pytest.raises(InputError, match="no period after"):
        event_study(demo, seed=1, point=POINT, window=(-2, -1))

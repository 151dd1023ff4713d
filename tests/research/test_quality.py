"""Careless answering and nonresponse: worked by hand, against scipy and statsmodels, and what the demo planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.spatial.distance import mahalanobis

from dimios_core.research import careless, nonresponse, rake
from dimios_core.research.clustered import slope_within


@pytest.fixture(scope="module")
def found(demo):
    return careless(demo)


def test_signs_by_hand(demo):
    some = demo.select(periods=["2026"], organisations=["almvik", "tallfors"])
    answer, kind = some.answer.copy(), some.kind.copy()
    answer[0], kind[0] = 3.0, 0  # one answer all through
    answer[1], kind[1] = np.resize([1.0, 2, 2, 2, 4], 26), 0
    answer[1, 3], kind[1, 3] = np.nan, 1  # "don't know" neither breaks nor makes a run
    answer[2], kind[2] = np.resize([1.0, 5], 26), 0
    answer[2, 22:], kind[2, 22:] = np.nan, 2  # stopped after 22 of 26
    table = careless(replace(some, source=replace(some.rows, answer=answer, kind=kind))).table
    assert table["longstring"].iloc[:3].tolist() == [26, 3, 1]
    assert table["straight"].iloc[:3].tolist() == [True, False, False]
    assert table["broke_off"].iloc[:3].tolist() == [False, False, True]
    assert table["irv"].iloc[0] == 0
    assert table["irv"].iloc[1] == pytest.approx(np.nanstd(answer[1], ddof=1))
    assert table["answered_n"].iloc[:3].tolist() == [26, 25, 22]
    took = some.people["answered_at"] - some.people["started_at"]
    assert table["seconds_per_item"].iloc[1] == pytest.approx(took.iloc[1].total_seconds() / 25)


def test_even_odd_is_the_stepped_up_correlation(demo, found):
    points = demo.points()
    at = int(np.flatnonzero(points.notna().all(axis=1) & ~found.table["straight"])[0])
    row = points.iloc[at]
    halves = []
    for first in (0, 1):
        sets = [[p.id for p in demo.instrument.points_of(c)][first::2] for c in demo.instrument.category_ids]
        halves.append([row[own].mean() for own in sets])
    r = np.corrcoef(halves)[0, 1]
    assert found.table["even_odd"].iloc[at] == pytest.approx(max(2 * r / (1 + r), -1) if r > -0.5 else -1)


def test_distances_are_of_what_was_answered(demo, found):
    from dimios_core.research.moments import gather_moments

    points = demo.points()
    (moments,) = gather_moments(points, "em").values()
    at = int(np.flatnonzero(points.isna().sum(axis=1) == 4)[0])
    seen = points.iloc[at].notna().to_numpy()
    inverse = np.linalg.inv(moments.covariance[np.ix_(seen, seen)])
    wanted = mahalanobis(points.iloc[at][seen], moments.mean[seen], inverse) ** 2
    assert found.table["mahalanobis"].iloc[at] == pytest.approx(wanted, rel=1e-9)


def test_what_was_planted_is_found(demo, found):
    assert found.table["straight"].mean() == pytest.approx(0.03, abs=0.005)
    pace = found.table["seconds_per_item"].groupby(found.table["straight"]).median()
    assert pace[True] < pace[False] / 3
    assert len(demo.without(found.flags)) == len(demo) - found.flags.sum()
    assert "2,9 %" in found.words("sv")
    assert found.figure("en").data


def test_slopes_within_cells_as_clustered_regression():
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(20), 15)
    cell = cluster * 2 + rng.integers(0, 2, 300)
    x, y = rng.normal(size=300), rng.normal(size=300) + rng.normal(size=20)[cluster]
    found = slope_within(y, x, cell, cluster)
    dummies = pd.get_dummies(cell).to_numpy(float)
    design = np.column_stack([x, dummies])
    wanted = sm.OLS(y, design).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}, use_t=True
    )
    assert found.estimate == pytest.approx(wanted.params[0])
    assert found.se == pytest.approx(wanted.bse[0] * np.sqrt(20 / 19))


def test_who_answers_late_lies_lower_as_planted(demo):
    found = nonresponse(demo)
    late = found.table.loc["late"]
    assert late["estimate"] == pytest.approx(-1.4, abs=0.7)
    assert late["p"] < 0.01
    assert not found.table.loc["rate", "p"] < 0.01  # nothing of the kind was planted
    assert (
        found.rates["invited"].sum()
        == demo.invited["invited"]
        .reindex(pd.MultiIndex.from_frame(demo.invited.index.to_frame(index=False)))
        .groupby(level=["period", "organisation"])
        .sum()
        .reindex(found.rates.index)
        .sum()
    )
    assert "senare halvan" in found.words("sv")


def test_raked_margins_are_those_of_the_invited(demo):
    some = demo.select(periods=["2026"], organisations=["tallfors"])
    weights, uncovered = rake(some)
    asked = demo.invited.sort_index().loc[("2026", "tallfors")]["invited"]
    assert weights.mean() == pytest.approx(1)
    assert weights.between(0.15, 5.5).all()  # a fifth to five, then to mean 1
    assert 0 <= uncovered < 0.05
    for level in ("unit", "role"):
        wanted = asked.groupby(level=level).sum()
        wanted = wanted[wanted.index.isin(some.index.get_level_values(level))]
        given = weights.groupby(level=level).sum().reindex(wanted.index)
        np.testing.assert_allclose(given / given.sum(), wanted / wanted.sum(), atol=0.02)

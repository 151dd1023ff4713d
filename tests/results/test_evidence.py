"""Pairing against every pairing tried; regression against statsmodels; Holm and ranks over points."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from dimios_core.published.schema import table_schema
from dimios_core.results.evidence.estimates import regress_change, regress_hc3
from dimios_core.results.evidence.pairs import CALIPER_PP, Pair, list_windows, pair_organisations
from tests.spec.test_evidence import estimate, measured

START = "2024-03"


def scores_of(**levels: float) -> dict[str, dict[str, float]]:
    """Flat scores 2023-2025 per organisation."""
    return {o: {"2023": level, "2024": level, "2025": level} for o, level in levels.items()}


def pair(scores, treated, types=None, started=None):
    kinds = dict.fromkeys(scores, "municipality") | (types or {})
    when = dict.fromkeys(treated, START)
    begun = when | (started or {})
    windows = list_windows(when, begun, lambda _: scores)
    pairs = pair_organisations(windows, kinds, lambda _: scores, lambda _: begun, lambda _: ("a",))
    return {p.treated: p.control for p in pairs}


@pytest.mark.parametrize("seed", range(20))
def test_pairs_are_as_many_and_as_close_as_they_can_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    treated = {f"t{n}": float(v) for n, v in enumerate(rng.uniform(30, 70, 4))}
    controls = {f"c{n}": float(v) for n, v in enumerate(rng.uniform(20, 80, 6))}
    found = pair(scores_of(**treated, **controls), treated)
    best = (0, 0.0)
    for chosen in permutations(controls, len(treated)):
        gaps = [abs(treated[t] - controls[c]) for t, c in zip(treated, chosen, strict=True)]
        within = [g for g in gaps if g <= CALIPER_PP]
        best = max(best, (len(within), -sum(within)))
    gaps = [abs(treated[t] - controls[c]) for t, c in found.items()]
    assert len(set(found.values())) == len(found)
    assert (len(found), -sum(gaps)) == (best[0], pytest.approx(best[1]))


def test_a_match_is_of_the_same_type_and_within_ten_points() -> None:
    scores = scores_of(t=50, far=60.1, near=59.9, region=50)
    assert pair(scores, ["t"], {"region": "region"}) == {"t": "near"}
    assert pair(scores_of(t=50, far=60.1), ["t"]) == {}


def test_the_level_is_the_mean_of_all_earlier_periods() -> None:
    scores = {
        "t": {"2022": 40, "2023": 60, "2025": 60},  # 50
        "like-the-last": {"2022": 61, "2023": 61, "2025": 61},
        "like-the-mean": {"2022": 57, "2023": 47, "2025": 47},  # 52
    }
    assert pair(scores, ["t"]) == {"t": "like-the-mean"}


def test_a_match_was_measured_in_the_same_periods() -> None:
    scores = scores_of(t=50, absent=50, there=55)
    del scores["absent"]["2025"]
    assert pair(scores, ["t"]) == {"t": "there"}


def test_whoever_has_started_something_is_no_match() -> None:
    scores = scores_of(t=50, other=50, later=52)
    assert pair(scores, ["t"], started={"other": "2025-11"}) == {
        "t": "later"
    }  # within the follow-up's field period
    assert pair(scores, ["t"], started={"other": "2025-12"}) == {"t": "other"}  # after it
    assert pair(scores, ["t"], started={"other": "2020-01"}) == {"t": "later"}


def test_an_earlier_initiative_that_does_not_count_rules_an_organisation_out() -> None:
    assert pair(scores_of(t=50, c=50), ["t"], started={"t": "2022-01"}) == {}


def test_treated_are_no_match_for_each_other() -> None:
    assert pair(scores_of(t=50, u=50, c=50), ["t", "u"]) in ({"t": "c"}, {"u": "c"})


def test_hc3_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(1)
    x = sm.add_constant(np.column_stack([rng.integers(0, 2, 40), rng.normal(50, 10, 40)]))
    y = x @ [1, 4, -0.3] + rng.normal(size=40) * (1 + x[:, 1])
    coefficient, se = regress_hc3(y, x)
    fitted = sm.OLS(y, x).fit(cov_type="HC3", use_t=True)
    assert coefficient == pytest.approx(fitted.params, rel=1e-8)
    assert se == pytest.approx(fitted.bse, rel=1e-8)


def test_the_sensitivity_analysis_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(2)
    pairs = [
        Pair(f"t{n}", f"c{n}", kind, "2023", "2025", *rng.normal([5, 1], 3), *rng.normal(50, 8, 2))
        for n, kind in enumerate(["municipality"] * 6 + ["region"] * 3 + ["agency"] * 2)
    ]
    rows = pd.DataFrame(
        [(p.change_treated, 1, p.type, p.start_treated) for p in pairs]
        + [(p.change_control, 0, p.type, p.start_control) for p in pairs],
        columns=["change", "treated", "type", "start"],
    )
    fitted = sm.OLS.from_formula("change ~ treated + C(type) + start", rows).fit(cov_type="HC3", use_t=True)
    low, high = fitted.conf_int().loc["treated"]
    assert regress_change(pairs) == pytest.approx((fitted.params["treated"], low, high), rel=1e-7)


def test_words_are_adjusted_over_points_and_ranks_follow_lower_limits() -> None:
    noise = np.array([-1.5, -0.9, -0.3, 0.3, 0.9, 1.5])  # sd 1.1225, se 0.4583, t(5) = mean/0.4583
    effects = {"a": 4.0, "b": 1.3, "c": 0.0, "d": 7.0, "e": 0.0}  # nobody did anything for e
    wholes, rows = [], []
    for n in range(6):
        for who, sign in (("t", 1), ("c", 0)):
            for part in zip(
                *(
                    measured(f"{who}{n}", 10.0 * n, 0.0, 10.0 * n + sign * (e + noise[n]))
                    for e in effects.values()
                ),
                strict=True,
            ):
                whole = part[0]
                whole.score_pct = np.concatenate([p.score_pct for p in part])
                whole.status = np.concatenate([p.status for p in part])
                wholes.append(whole)
        rows += [
            {"organisation": f"t{n}", "point": p, "start": START, "consent": "anonymous", "validated": True}
            for p in "abcd"
        ]
    types = {w.organisation: "agency" for w in wholes}
    frame = estimate(wholes, types, pd.DataFrame(rows), "abcde").set_index("point")
    assert {c: str(t) for c, t in frame.reset_index().dtypes.items()} == table_schema("evidence").dtypes
    assert frame.loc[list("abcd"), "difference"].tolist() == [4.0, 1.3, 0.0, 7.0]
    # b: t = 2.837, p = .0364 on its own, and .0727 as the third of four; lower limit 1.3 - 2.5706 * 0.4583 = 0.12
    assert frame["certainty"].tolist() == ["increase", "none", "none", "increase", "unknown"]
    assert frame["rank"].fillna(0).tolist() == [2, 3, 0, 1, 0]
    assert frame["status"].tolist() == ["published"] * 4 + ["too_few"]

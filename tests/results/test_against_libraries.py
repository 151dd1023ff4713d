"""Figures against independent libraries and brute force: scipy, statsmodels, loops over respondents, the jackknife.

Nothing expected here comes from the code under test. Property tests hold what must never change a result.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from dimios_core.families import adjust_holm
from dimios_core.results.consortium.benchmarks import summarise_group
from dimios_core.results.consortium.wholes import collect_wholes
from dimios_core.results.estimate import estimate_batch
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import PeerSums, change_between, gap_to_peers, welch_df
from dimios_core.results.scoring.groups import Members, UnitTree, build_block
from dimios_core.results.scoring.intervals import (
    effective_answers,
    level_interval,
    region_radius,
    smallest_detectable,
    t_quantile,
    two_sided_p,
)
from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.matrix import Respondents, build_respondents
from tests.building import make_instrument, make_respondents, one_category, one_group

NONE = float("nan")
#: two dimensions; c1 has three points (so two thirds may do), c2 two, c3 one
POINTS = {"a": "c1", "b": "c1", "c": "c1", "d": "c2", "e": "c2", "f": "c3"}
COLUMNS = Columns(make_instrument(POINTS, {"c1": "d1", "c2": "d1", "c3": "d2"}, quadrants=True))
SHARES = {  # a_k of every level row, by hand: equal weights at each step
    ("category", "c1"): {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3},
    ("category", "c2"): {"d": 1 / 2, "e": 1 / 2},
    ("category", "c3"): {"f": 1},
    ("dimension", "d1"): {"a": 1 / 6, "b": 1 / 6, "c": 1 / 6, "d": 1 / 4, "e": 1 / 4},
    ("dimension", "d2"): {"f": 1},
    ("maturity", "maturity"): {"a": 1 / 12, "b": 1 / 12, "c": 1 / 12, "d": 1 / 8, "e": 1 / 8, "f": 1 / 2},
    **{("point", k): {k: 1} for k in POINTS},
}


def random_people(seed: int, n: int, strata: tuple[str, ...] = ("",), weighted: bool = False) -> Respondents:
    rng = np.random.default_rng(seed)
    y = 25.0 * np.clip(np.round(2 + rng.standard_normal((n, 1)) + rng.standard_normal((n, 6))), 0, 4)
    y[rng.random(y.shape) < 0.2] = np.nan
    y[0] = 50.0  # every point has an answer
    return make_respondents(
        y,
        weight=rng.uniform(0.5, 3, n) if weighted else None,
        stratum=[strata[i % len(strata)] for i in range(n)],
    )


def brute_score(people: Respondents, rows: list[int], shares: dict[str, float]) -> float:
    total = 0.0
    for k, a in shares.items():
        j = list(POINTS).index(k)
        answers = [
            (people.weight[i], people.score_pct[i, j]) for i in rows if not math.isnan(people.score_pct[i, j])
        ]
        total += a * sum(w * y for w, y in answers) / sum(w for w, _ in answers)
    return total


def brute_variance(people: Respondents, shares: dict[str, float]) -> tuple[float, int, int]:
    """Variance, n and strata by loops over respondents: the formula of the method, nothing vectorised."""
    everybody = range(len(people))
    z: dict[int, float] = {}
    for i in everybody:
        for k, a in shares.items():
            j = list(POINTS).index(k)
            if math.isnan(people.score_pct[i, j]):
                continue
            theta = brute_score(people, list(everybody), {k: 1})
            weights = sum(people.weight[m] for m in everybody if not math.isnan(people.score_pct[m, j]))
            z[i] = z.get(i, 0.0) + a * people.weight[i] * (people.score_pct[i, j] - theta) / weights
    by_stratum: dict[str, list[float]] = {}
    for i, value in z.items():
        by_stratum.setdefault(people.stratum[i], []).append(value)
    variance = 0.0
    for values in by_stratum.values():
        n, mean = len(values), sum(values) / len(values)
        variance += n / (n - 1) * sum((v - mean) ** 2 for v in values)
    return variance, len(z), len(by_stratum)


def score_all(people: Respondents, columns: Columns = COLUMNS, usable=None):
    every = np.ones((1, columns.columns_n), bool) if usable is None else usable
    return score_groups(people, one_group(len(people)), every, columns)


@pytest.mark.parametrize("strata", [("",), ("x", "y"), ("x", "y", "z")])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_level_agrees_with_a_loop_over_respondents(seed, weighted, strata):
    people = random_people(seed, 24, strata, weighted)
    scores = score_all(people)
    for key, shares in SHARES.items():
        at = COLUMNS.level_rows.index(key)
        variance, n, strata_n = brute_variance(people, shares)
        assert scores.score_pct[0, at] == pytest.approx(
            brute_score(people, list(range(24)), shares), abs=1e-9
        )
        assert scores.variance[0, at] == pytest.approx(variance, rel=1e-9)
        assert (scores.n[0, at], scores.df[0, at]) == (n, n - strata_n)


def test_rounding_floor_agrees_with_its_formula():
    people = random_people(3, 15)
    scores = score_all(people)
    r = {k: int((~np.isnan(people.score_pct[:, j])).sum()) for j, k in enumerate(POINTS)}
    for key, shares in SHARES.items():
        by_hand = math.sqrt(sum(a**2 * 25**2 / 12 / r[k] for k, a in shares.items()))
        assert scores.floor[0, COLUMNS.level_rows.index(key)] == pytest.approx(by_hand)


def test_weighted_mean_and_its_error_against_statsmodels():
    rng = np.random.default_rng(4)
    y = 25.0 * rng.integers(0, 5, 30)
    scores = score_all(make_respondents(y[:, None]), one_category("a"))
    plain = DescrStatsW(y)
    assert scores.score_pct[0, 0] == pytest.approx(plain.mean)
    assert scores.se[0, 0] == pytest.approx(plain.std_mean)
    w = rng.uniform(0.5, 2, 30)
    weighted = score_all(make_respondents(y[:, None], weight=w), one_category("a"))
    assert weighted.score_pct[0, 0] == pytest.approx(DescrStatsW(y, weights=w).mean)


def test_the_linearised_error_is_the_robust_error_of_weighted_least_squares():
    # HC1 of an intercept-only weighted regression is n/(n − 1) times the sandwich: the same estimator
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    y, w = 25.0 * rng.integers(0, 5, 40), rng.uniform(0.3, 4, 40)
    fit = sm.WLS(y, np.ones(40), weights=w).fit(cov_type="HC1")
    scores = score_all(make_respondents(y[:, None], weight=w), one_category("a"))
    assert scores.score_pct[0, 0] == pytest.approx(fit.params[0])
    assert scores.se[0, 0] == pytest.approx(fit.bse[0])


def test_stratified_error_is_the_jackknife_where_the_statistic_is_linear():
    # equal weights, no missing answers, strata of equal size: the mean is linear, and JKn gives the same variance
    rng = np.random.default_rng(6)
    y = 25.0 * rng.integers(0, 5, (30, 6))
    strata = np.repeat(["x", "y", "z"], 10)
    scores = score_all(make_respondents(y, stratum=strata.tolist()))
    for key, shares in SHARES.items():
        a = np.array([shares.get(k, 0.0) for k in POINTS])
        whole, variance = y.mean(axis=0) @ a, 0.0
        for i in range(30):
            weight = np.where(strata == strata[i], 10 / 9, 1.0)
            weight[i] = 0.0
            variance += 9 / 10 * ((weight @ y / weight.sum()) @ a - whole) ** 2
        assert scores.variance[0, COLUMNS.level_rows.index(key)] == pytest.approx(variance)


def test_delete_one_jackknife_comes_close_with_missing_answers():
    people = random_people(8, 200)
    scores = score_all(people)
    for key in [("category", "c1"), ("maturity", "maturity")]:
        everybody = list(range(200))
        deleted = np.array(
            [brute_score(people, everybody[:i] + everybody[i + 1 :], SHARES[key]) for i in everybody]
        )
        jackknife = 199 / 200 * ((deleted - deleted.mean()) ** 2).sum()
        assert scores.variance[0, COLUMNS.level_rows.index(key)] == pytest.approx(jackknife, rel=0.02)


def test_a_left_out_point_leaves_its_category_as_if_it_had_never_been_asked():
    people = random_people(9, 20)
    usable = np.ones((1, 6), bool)
    usable[0, 1] = False
    without = replace(people, score_pct=people.score_pct.copy())
    without.score_pct[:, 1] = np.nan
    scores, expected = score_all(people, usable=usable), score_all(without, usable=usable)
    at = COLUMNS.level_rows.index(("category", "c1"))
    assert scores.score_pct[0, at] == pytest.approx(
        brute_score(people, list(range(20)), {"a": 0.5, "c": 0.5})
    )
    for name in ("score_pct", "variance", "floor", "n"):
        assert getattr(scores, name)[0, at:] == pytest.approx(getattr(expected, name)[0, at:])


def compare(first: np.ndarray, second: np.ndarray, person: np.ndarray | None = None):
    y = np.r_[first, second][:, None]
    n1, n2 = len(first), len(second)
    people = make_respondents(y, person=person)
    members = Members(np.repeat([0, 1], [n1, n2]), np.arange(n1 + n2), 2)
    every = np.ones((2, 1), bool)
    return change_between(people, members, every, np.array([0]), np.array([1]), one_category("a"))


@pytest.mark.parametrize("seed", range(4))
def test_change_of_the_same_people_is_the_paired_t_test(seed):
    rng = np.random.default_rng(seed)
    first, second = 25.0 * rng.integers(0, 5, (2, 18))
    d = compare(first, second, np.r_[np.arange(18), np.arange(18)])
    paired = stats.ttest_rel(second, first)
    assert two_sided_p(d.value_pp, d.se, d.df)[0, 0] == pytest.approx(paired.pvalue)
    low, high = paired.confidence_interval()
    half = t_quantile(d.df[0, 0]) * d.se[0, 0]
    assert (d.value_pp[0, 0] - half, d.value_pp[0, 0] + half) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("seed", range(4))
def test_change_of_other_people_is_welchs_t_test(seed):
    rng = np.random.default_rng(seed)
    first, second = 25.0 * rng.integers(0, 5, 14), 25.0 * rng.integers(1, 4, 23)
    d = compare(first, second)
    welch = stats.ttest_ind(second, first, equal_var=False)
    assert two_sided_p(d.value_pp, d.se, d.df)[0, 0] == pytest.approx(welch.pvalue)
    assert d.df[0, 0] == pytest.approx(welch.df)
    low, high = CompareMeans(DescrStatsW(second), DescrStatsW(first)).tconfint_diff(usevar="unequal")
    half = t_quantile(d.df[0, 0]) * d.se[0, 0]
    assert (d.value_pp[0, 0] - half, d.value_pp[0, 0] + half) == (pytest.approx(low), pytest.approx(high))


def test_welch_with_a_side_that_is_all_alike_has_the_other_sides_degrees_of_freedom():
    d = compare(np.full(10, 50.0), 25.0 * np.array([1, 2, 3, 4, 3, 2, 4, 3]))
    assert 7 <= d.df[0, 0] <= 16
    assert np.isfinite(two_sided_p(d.value_pp, d.se, d.df)[0, 0])


def test_two_sides_that_are_each_all_alike_can_still_be_told_apart():
    # no spread at all: the rounding floor is the error, and there are degrees of freedom to use it with
    d = compare(np.full(10, 50.0), np.full(10, 100.0))
    assert d.se[0, 0] == pytest.approx(math.sqrt(2 * 25**2 / 12 / 10))
    assert d.df[0, 0] == pytest.approx(18)
    assert two_sided_p(d.value_pp, d.se, d.df)[0, 0] < 1e-6


def test_a_stratified_panel_takes_its_covariance_within_strata():
    # the strata lie far apart; between them the same people agree perfectly, which no variance counts; as R's svydesign
    # with people as clusters: Σ_h n_h/(n_h − 1)·Σ z₁z₂
    rng = np.random.default_rng(14)
    first, second = (np.r_[rng.integers(0, 2, 15), rng.integers(3, 5, 15)] * 25.0 for _ in range(2))
    stratum = ["x"] * 15 + ["y"] * 15
    people = make_respondents(np.r_[first, second][:, None], person=[*range(30)] * 2, stratum=stratum * 2)
    members = Members(np.repeat([0, 1], 30), np.arange(60), 2)
    d = change_between(
        people, members, np.ones((2, 1), bool), np.array([0]), np.array([1]), one_category("a")
    )
    v, c = 0.0, 0.0
    for part in (slice(0, 15), slice(15, 30)):
        s = np.cov(first[part] / 30, second[part] / 30)
        v += 15 * (s[0, 0] + s[1, 1])
        c += 15 * s[0, 1]
    assert d.se[0, 0] == pytest.approx(math.sqrt(v - 2 * c))
    assert d.df[0, 0] == 28


@pytest.mark.parametrize("seed", range(5))
def test_holm_against_statsmodels(seed):
    p = np.random.default_rng(seed).beta(0.4, 3, 12)
    assert adjust_holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_smallest_detectable_has_eighty_percent_power():
    # shifted t, as in the formula: P(t > t.975 − δ) with δ = (t.975 + t.80) is .80 when the shift is taken as exact
    df = 21.5
    shift = smallest_detectable(np.array(1.0), np.array(df))
    assert stats.t.sf(stats.t.ppf(0.975, df) - shift, df) == pytest.approx(0.80)


@pytest.mark.parametrize("n", [5, 30, 105])
def test_the_interval_of_yes_and_no_lies_within_clopper_and_pearsons(n):
    x = np.arange(n + 1)
    p = x / n
    se = 100 * np.sqrt(p * (1 - p) / (n - 1))
    answers = effective_answers(100 * p, se, np.full(n + 1, n - 1), np.full(n + 1, n))
    assert answers == pytest.approx(np.full(n + 1, n))
    low, high = level_interval(100 * p, answers)
    exact = [stats.binomtest(int(k), n).proportion_ci(method="exact") for k in x]
    assert (low >= 100 * np.array([e.low for e in exact]) - 1e-9).all()
    assert (high <= 100 * np.array([e.high for e in exact]) + 1e-9).all()


@pytest.mark.parametrize("p", [0.02, 0.3, 0.5, 0.9])
def test_more_of_the_same_answers_are_never_less_sure(p):
    n = np.arange(5, 1000)
    se = 100 * np.sqrt(0.3 * p * (1 - p) / n)
    low, high = level_interval(np.full(len(n), 100 * p), effective_answers(100 * p, se, n - 1, n))
    assert (np.diff(high - low) < 0).all()


@pytest.mark.parametrize("n", [3, 8, 20, 500])
def test_radius_is_hotellings(n):
    # T² = p(n − 1)/(n − p)·F(p, n − p) with p = 2
    t2 = 2 * (n - 1) / (n - 2) * stats.f(2, n - 2).ppf(0.95)
    assert region_radius(np.array([n - 1]))[0] == pytest.approx(math.sqrt(t2))
    assert np.isnan(region_radius(np.array([1]))[0])
    # many people: chi-square with two degrees of freedom
    assert region_radius(np.array([10**7]))[0] == pytest.approx(math.sqrt(stats.chi2.ppf(0.95, 2)), rel=1e-5)


@pytest.mark.parametrize("n", [12, 13, 20])
def test_quartiles_are_type_7(n):
    scores = np.random.default_rng(n).uniform(20, 80, n)

    def type_7(q: float) -> float:
        ordered, h = sorted(scores), (n - 1) * q
        below = math.floor(h)
        above = min(below + 1, n - 1)
        return ordered[below] + (h - below) * (ordered[above] - ordered[below])

    found = summarise_group(scores[:, None])
    assert [found[k][0] for k in ("q1", "median", "q3")] == pytest.approx(
        [type_7(q) for q in (0.25, 0.5, 0.75)]
    )
    by_scipy = stats.mstats.mquantiles(scores, [0.25, 0.5, 0.75], alphap=1, betap=1)
    assert [found[k][0] for k in ("q1", "median", "q3")] == pytest.approx(list(by_scipy))


@pytest.mark.parametrize("seed", range(3))
def test_gap_against_a_plain_sum_over_the_peers(seed):
    rng = np.random.default_rng(seed)
    m = 9
    score, se, df = rng.uniform(30, 70, m), rng.uniform(1, 5, m), rng.integers(6, 60, m).astype(float)
    own, own_se, own_df = 58.0, 3.3, 17.0
    gap, gap_se, gap_df = gap_to_peers(
        np.array([own]),
        np.array([own_se]),
        np.array([own_df]),
        PeerSums.of(score[:, None], se[:, None], df[:, None]),
    )
    terms = [(own_se**2, own_df), *(((s / m) ** 2, d) for s, d in zip(se, df, strict=True))]
    variance = sum(v for v, _ in terms)
    assert gap[0] == pytest.approx(own - sum(score) / m)
    assert gap_se[0] == pytest.approx(math.sqrt(variance))
    assert gap_df[0] == pytest.approx(variance**2 / sum(v**2 / d for v, d in terms))


def test_one_peer_is_welch():
    v1, v2 = 2.5**2, 3.1**2
    peers = PeerSums.of(np.array([[50.0]]), np.array([[3.1]]), np.array([[11.0]]))
    _, _, df = gap_to_peers(np.array([55.0]), np.array([2.5]), np.array([19.0]), peers)
    assert df[0] == pytest.approx(float(welch_df(np.array(v1), np.array(19.0), np.array(v2), np.array(11.0))))


def test_leaving_one_out_of_the_sums_is_summing_the_others():
    rng = np.random.default_rng(1)
    score, se, df = rng.uniform(30, 70, (7, 2)), rng.uniform(1, 5, (7, 2)), rng.uniform(6, 60, (7, 2))
    without = PeerSums.of(score, se, df).without(score, se, df)
    for i in range(7):
        others = [j for j in range(7) if j != i]
        again = PeerSums.of(score[others], se[others], df[others])
        assert without.score[i] == pytest.approx(again.score)
        assert without.variance[i] == pytest.approx(again.variance)
        assert without.variance2_by_df[i] == pytest.approx(again.variance2_by_df)


def test_lone_strata_that_name_each_other_become_one():
    answers = np.array([[50.0], [75], [25], [100]])
    people = make_respondents(answers, stratum=["h", "h", "x", "y"], neighbour=["", "", "y", "x"])
    scores = score_all(people, one_category("a"))
    u = (answers[:, 0] - answers.mean()) / 4
    by_hand = 2 * np.var(u[:2], ddof=1) + 2 * np.var(u[2:], ddof=1)
    assert scores.variance[0, 0] == pytest.approx(by_hand)
    assert scores.df[0, 0] == 2


def test_a_chain_of_lone_strata_ends_in_one_stratum():
    answers = np.array([[50.0], [75], [25], [100]])
    people = make_respondents(answers, stratum=["h", "h", "x", "y"], neighbour=["", "", "y", "h"])
    scores = score_all(people, one_category("a"))
    # y goes to h, and x, which names y, goes the same way (or joins y first): never an error left out
    assert np.isfinite(scores.variance[0, 0])


@pytest.mark.parametrize("names", [("h", "x", "y"), ("z", "x", "y"), ("m", "h", "z")])
def test_a_lone_stratum_goes_where_the_one_that_it_names_has_gone(names):
    """first is of five; second, alone, goes with it; third, alone, names second, which is taken before it: one stratum."""
    first, second, third = names
    y = np.array([[50.0], [75], [25], [100], [25], [0], [100]])
    people = make_respondents(
        y, stratum=[first] * 5 + [second, third], neighbour=[""] * 5 + [first, second]
    )  # fmt: skip
    scores = score_all(people, one_category("a"))
    assert scores.variance[0, 0] == pytest.approx(y[:, 0].var(ddof=1) / 7)
    assert scores.df[0, 0] == 6
    deviations = scores.design_deviations()[:, 0]
    assert (deviations**2).sum() == pytest.approx(scores.variance[0, 0])
    block = build_block("2026", "x", 5, UnitTree({}), people.unit, people.role)
    (whole,) = collect_wholes(estimate_batch(people, [block], one_category("a")), people, one_category("a"))
    assert whole.point_covariance[0, 0] == pytest.approx(scores.variance[0, 0])


def test_a_stratum_that_holds_one_answer_to_a_point_merges_for_that_point():
    # stratum x has two people, of whom one answered a: for a it is a stratum of one, for b it is not
    y = np.array([[50.0, 25], [75, 50], [25, 75], [100, 25], [NONE, 50]])
    people = make_respondents(y, stratum=["h", "h", "h", "x", "x"], neighbour=["", "", "", "h", "h"])
    scores = score_all(people, one_category("ab"))
    a = y[:4, 0]
    assert scores.variance[0, 0] == pytest.approx(np.var(a, ddof=1) / 4)
    assert scores.df[0, 0] == 3
    u = (y[:, 1] - y[:, 1].mean()) / 5
    assert scores.variance[0, 1] == pytest.approx(3 * np.var(u[:3], ddof=1) + 2 * np.var(u[3:], ddof=1))
    assert scores.df[0, 1] == 3


def test_nobody_one_person_and_no_answers():
    columns = one_category("ab")
    people = make_respondents([[50, NONE], [NONE, NONE]])
    members = Members(np.array([1, 2]), np.array([0, 1]), 3)
    scores = score_groups(people, members, np.ones((3, 2), bool), columns)
    assert np.isnan(scores.score_pct[[0, 2]]).all()
    assert (scores.n[[0, 2]] == 0).all()
    assert scores.score_pct[1, 0] == 50
    assert np.isnan(scores.variance[1, 0])
    assert np.isnan(scores.score_pct[1, 1])


def test_items_are_scored_on_their_own_scale_and_mirrored():
    import pyarrow as pa

    small = make_instrument({"a": "c"}, {"c": "d"}, items_n=2)
    raw = small.model_dump()
    raw["scales"]["seven"] = {"lowest": 1.0, "highest": 7.0}
    raw["points"][0]["items"][1] |= {"scale": "seven", "reversed": True}
    columns = Columns(type(small).model_validate(raw))
    rows = [  # (person, item, answer, kind)
        (1, "a_1", 4.0, "answered"), (1, "a_2", 2.0, "answered"),
        (2, "a_1", None, "dont_know"), (2, "a_2", 7.0, "answered"),
        (3, "a_1", None, "dont_know"), (3, "a_2", None, "missing"),
        (4, "a_1", None, "missing"), (4, "a_2", None, "missing"),
    ]  # fmt: skip
    table = pa.table(
        {
            "respondent": pa.array([r[0] for r in rows], pa.uint64()),
            "item": [r[1] for r in rows],
            "answer": pa.array([r[2] for r in rows], pa.float32()),
            "answer_kind": [r[3] for r in rows],
            "unit": [""] * 8, "role": ["unknown"] * 8, "stratum": [""] * 8, "weight": [1.0] * 8,
        }
    )  # fmt: skip
    people = build_respondents(table, columns)
    assert len(people) == 3  # the fourth said nothing at all
    high = 100 * (7 - 2) / 6
    expected = [[(75 + high) / 2, 75, high], [0, NONE, 0], [NONE, NONE, NONE]]
    assert people.score_pct == pytest.approx(np.array(expected), nan_ok=True)
    assert people.dont_know.tolist() == [[False] * 3, [False, True, False], [True, True, False]]


def test_a_peer_scored_on_fewer_points_is_scored_as_if_only_those_were_asked():
    rng = np.random.default_rng(12)
    y = 25.0 * rng.integers(0, 5, (23, 6))
    stratum = np.array(["h"] * 12 + ["k"] * 10 + ["lone"], object)
    people = replace(
        make_respondents(y), stratum=stratum, neighbour=np.where(stratum == "lone", "k", "").astype(object)
    )
    block = build_block("2026", "x", 5, UnitTree({}), people.unit, people.role)
    batch = estimate_batch(people, [block], COLUMNS)
    (whole,) = collect_wholes(batch, people, COLUMNS)
    usable = np.array([True, False, True, True, True, True])
    score, se = whole.restricted(usable, COLUMNS)
    expected = score_all(people, usable=usable[None, :])
    above = slice(COLUMNS.columns_n, None)
    assert score[above] == pytest.approx(expected.score_pct[0, above])
    assert se[above] == pytest.approx(expected.floored_se[0, above])


answers_strategy = st.lists(
    st.lists(st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0, NONE]), min_size=6, max_size=6),
    min_size=2,
    max_size=25,
)
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FIGURES = ("score_pct", "variance", "floor", "n", "df", "effective_n", "points_n")


def same(a, b, names=FIGURES) -> None:
    for name in names:
        assert getattr(a, name) == pytest.approx(getattr(b, name), nan_ok=True, abs=1e-8), name


@quick
@given(y=answers_strategy, seed=st.integers(0, 999))
def test_order_of_respondents_does_not_matter(y, seed):
    people = make_respondents(
        y, weight=np.linspace(1, 2, len(y)), stratum=["xy"[i % 2] for i in range(len(y))]
    )
    order = np.random.default_rng(seed).permutation(len(y))
    shuffled = make_respondents(
        np.array(y)[order], weight=people.weight[order], stratum=people.stratum[order].tolist()
    )
    same(score_all(people), score_all(shuffled))


@quick
@given(y=answers_strategy, factor=st.sampled_from([0.01, 0.5, 3.0, 1000.0]))
def test_scale_of_the_weights_does_not_matter(y, factor):
    weight = np.linspace(1, 2, len(y))
    same(
        score_all(make_respondents(y, weight=weight)), score_all(make_respondents(y, weight=weight * factor))
    )


@quick
@given(y=answers_strategy)
def test_a_person_without_answers_changes_nothing(y):
    same(score_all(make_respondents(y)), score_all(make_respondents([*y, [NONE] * 6])))


@quick
@given(y=answers_strategy)
def test_mirrored_answers_mirror_scores_and_intervals(y):
    scores, mirrored = score_all(make_respondents(y)), score_all(make_respondents(100 - np.array(y)))
    assert 100 - scores.score_pct == pytest.approx(mirrored.score_pct, nan_ok=True)
    same(scores, mirrored, ("variance", "floor", "n", "df", "effective_n"))
    low, high = scores.interval, mirrored.interval
    assert 100 - low[0] == pytest.approx(high[1], nan_ok=True)
    assert 100 - low[1] == pytest.approx(high[0], nan_ok=True)


@quick
@given(y=answers_strategy)
def test_scores_and_intervals_stay_on_the_scale(y):
    scores = score_all(make_respondents(y))
    low, high = scores.interval
    known = ~np.isnan(low)
    assert (known == ~np.isnan(high)).all()
    assert ((low[known] >= 0) & (low[known] < high[known]) & (high[known] <= 100)).all()
    assert (low[known] <= scores.score_pct[known] + 1e-9).all()
    assert (scores.score_pct[known] <= high[known] + 1e-9).all()


@quick
@given(y=answers_strategy, copies=st.integers(2, 4))
def test_groups_do_not_disturb_each_other(y, copies):
    """Many groups at once give what each gives alone."""
    people = make_respondents(y)
    n = len(y)
    cut = n // 2
    alone = [
        score_groups(people, Members(np.zeros(len(part), int), part, 1), np.ones((1, 6), bool), COLUMNS)
        for part in (np.arange(cut), np.arange(cut, n))
    ]
    together = score_groups(
        people,
        Members(np.repeat([0, 1], [cut, n - cut]), np.arange(n), 2).take(np.tile([1, 0], copies)),
        np.ones((2 * copies, 6), bool),
        COLUMNS,
    )
    for name in FIGURES:
        for g in range(2 * copies):
            one = getattr(alone[1 - g % 2], name)[0]
            assert getattr(together, name)[g] == pytest.approx(one, nan_ok=True, abs=1e-9), name


@quick
@given(first=answers_strategy, second=answers_strategy, shared=st.integers(0, 25))
def test_a_change_backwards_is_the_change_with_its_sign_turned(first, second, shared):
    n1, n2 = len(first), len(second)
    shared = min(shared, n1, n2)
    person = [*range(n1), *range(shared), *range(1000, 1000 + n2 - shared)]
    people = make_respondents([*first, *second], person=person)
    members = Members(np.repeat([0, 1], [n1, n2]), np.arange(n1 + n2), 2)
    every = np.ones((2, 6), bool)
    there = change_between(people, members, every, np.array([0]), np.array([1]), COLUMNS)
    back = change_between(people, members, every, np.array([1]), np.array([0]), COLUMNS)
    assert there.value_pp == pytest.approx(-back.value_pp, nan_ok=True)
    for name in ("se", "df", "n", "common_n"):
        assert getattr(there, name) == pytest.approx(getattr(back, name), nan_ok=True)
    assert (there.common_n <= there.n).all()


@quick
@given(p=st.lists(st.floats(1e-6, 1), min_size=1, max_size=12))
def test_holm_is_never_smaller_than_p_and_keeps_the_order(p):
    adjusted = adjust_holm(np.array(p))
    assert (adjusted >= np.array(p) - 1e-15).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= -1e-15).all()

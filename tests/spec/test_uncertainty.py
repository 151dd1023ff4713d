"""Worked examples of scores, variance, intervals and changes; computed by hand or in R, readable beside docs/method.md."""

import numpy as np
import pytest
from scipy import stats

from dimios_core.families import adjust_holm
from dimios_core.results.consortium.benchmarks import summarise_group
from dimios_core.results.scoring.compare import PeerSums, change_between, gap_to_peers, welch_df
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.intervals import (
    effective_answers,
    level_interval,
    region_radius,
    smallest_detectable,
)
from dimios_core.results.scoring.linearise import score_groups
from tests.building import make_respondents, one_category, one_group

NONE = float("nan")


def percent(*answers: float) -> list[float]:
    """Answers 1-5 as percent; None stays missing."""
    return [25 * (a - 1) for a in answers]


def level(columns, name, key):
    return columns.level_rows.index((name, key))


def test_linearisation_with_missing_answers():
    columns = one_category("ab")
    a, b = percent(5, 4, 3, 4, 2, NONE), percent(4, 4, NONE, 5, 1, 3)
    people = make_respondents(np.array([a, b]).T)
    scores = score_groups(people, one_group(6), np.ones((1, 2), bool), columns)
    c = level(columns, "category", "c")
    assert scores.score_pct[0, :2] == pytest.approx([65, 60])
    assert scores.score_pct[0, c] == pytest.approx(62.5)
    assert scores.influence[:, c] == pytest.approx([5, 2.5, -1.5, 5, -10, -1])
    assert scores.se[0, c] == pytest.approx(13.83474, abs=1e-5)
    assert scores.n[0, c] == 6
    assert scores.se[0, 0] == pytest.approx(12.74755, abs=1e-5)  # point a alone: n = 5
    assert (scores.n[0, 0], scores.df[0, 0]) == (5, 4)


def test_strata_and_weights():
    people = make_respondents(
        [[50], [75], [25], [100], [75], [50]], weight=[1, 1, 1, 3, 3, 3], stratum=["h1"] * 3 + ["h2"] * 3
    )
    scores = score_groups(people, one_group(6), np.ones((1, 1), bool), one_category("a"))
    assert scores.score_pct[0, 0] == pytest.approx(68.75)
    assert scores.se[0, 0] == pytest.approx(11.41089, abs=1e-5)
    assert scores.df[0, 0] == 4


def test_ignoring_the_strata_would_give_another_error():
    people = make_respondents([[50], [75], [25], [100], [75], [50]], weight=[1, 1, 1, 3, 3, 3])
    scores = score_groups(people, one_group(6), np.ones((1, 1), bool), one_category("a"))
    assert scores.se[0, 0] == pytest.approx(11.0338, abs=1e-4)


def test_a_stratum_of_one_has_no_interval_unless_it_merges_with_its_neighbour():
    answers = [[50], [75], [25], [100]]
    lone = make_respondents(answers, stratum=["h1", "h1", "h1", "h2"])
    merged = make_respondents(answers, stratum=["h1", "h1", "h1", "h2"], neighbour=["", "", "", "h1"])
    columns = one_category("a")
    alone = score_groups(lone, one_group(4), np.ones((1, 1), bool), columns)
    assert np.isnan(alone.variance[0, 0])
    assert alone.score_pct[0, 0] == pytest.approx(62.5)
    together = score_groups(merged, one_group(4), np.ones((1, 1), bool), columns)
    by_hand = np.var([50, 75, 25, 100], ddof=1) / 4
    assert together.variance[0, 0] == pytest.approx(by_hand)


# R: x <- ne*p; c(qbeta(.025, x + 1/3, ne - x + 2/3), qbeta(.975, x + 2/3, ne - x + 1/3))
# with ne <- p*(1-p)/se^2*n/(n-1)*(qnorm(.975)/qt(.975, n-1))^2


def test_the_interval_of_a_skewed_sample():
    answers = percent(3, 5, 4, 5, 4, 4, 5, 3, 5, 4, 5, 5)
    people = make_respondents(np.array([answers]).T)
    scores = score_groups(people, one_group(12), np.ones((1, 1), bool), one_category("a"))
    low, high = scores.interval
    assert scores.score_pct[0, 0] == pytest.approx(83.3333, abs=1e-4)
    assert scores.se[0, 0] == pytest.approx(5.61833, abs=1e-5)
    answers = effective_answers(scores.score_pct, scores.se, scores.df, scores.n)
    assert answers[0, 0] == pytest.approx(38.0630154, abs=1e-6)
    assert (low[0, 0], high[0, 0]) == (pytest.approx(68.760668, abs=1e-5), pytest.approx(92.835695, abs=1e-5))


def test_five_fives_are_as_yes_five_times():
    people = make_respondents([[100]] * 5)
    scores = score_groups(people, one_group(5), np.ones((1, 1), bool), one_category("a"))
    low, high = scores.interval
    assert scores.se[0, 0] == 0
    assert scores.floored_se[0, 0] == pytest.approx(3.2275, abs=1e-4)
    assert (low[0, 0], high[0, 0]) == (pytest.approx(56.683073, abs=1e-5), 100)


def test_three_yes_of_thirty():
    people = make_respondents([[100]] * 3 + [[0]] * 27)
    scores = score_groups(people, one_group(30), np.ones((1, 1), bool), one_category("a"))
    low, high = scores.interval
    assert (low[0, 0], high[0, 0]) == (pytest.approx(2.627428, abs=1e-5), pytest.approx(25.077627, abs=1e-5))


def test_eight_that_share_a_spread():
    people = make_respondents([[75]] * 8)
    people.spread[:] = 0.3
    scores = score_groups(people, one_group(8), np.ones((1, 1), bool), one_category("a"))
    low, high = scores.interval  # R: ne <- 8/.3
    assert (low[0, 0], high[0, 0]) == (
        pytest.approx(55.918006, abs=1e-5),
        pytest.approx(88.736734, abs=1e-5),
    )


@pytest.mark.parametrize("fours", [0, 3, 7])
def test_a_bound_has_the_interval_of_its_room(fours):
    people = make_respondents([[100]] * (40 - fours) + [[75]] * fours)
    people.spread[:], people.few[:] = 0.3, 4
    scores = score_groups(people, one_group(40), np.ones((1, 1), bool), one_category("a"))
    low, high = scores.interval  # R: ne <- 40/.3, p <- .95
    assert scores.end[0, 0] == 1
    assert (low[0, 0], high[0, 0]) == (pytest.approx(90.133642, abs=1e-5), 100)


def test_no_interval_without_degrees_of_freedom():
    none = effective_answers(np.array(50.0), np.array(3.0), np.array(0), np.array(1))
    assert np.isnan(level_interval(np.array(50.0), none)).all()


def changed(first: dict[str, float], second: dict[str, float]):
    ids = {name: i for i, name in enumerate(sorted(set(first) | set(second)))}
    values = [[v] for v in [*first.values(), *second.values()]]
    people = make_respondents(values, person=[ids[k] for k in [*first, *second]])
    n1, n2 = len(first), len(second)
    members = Members(np.repeat([0, 1], [n1, n2]), np.arange(n1 + n2), 2)
    return change_between(
        people, members, np.ones((2, 1), bool), np.array([0]), np.array([1]), one_category("a")
    )


def test_change_with_partial_overlap():
    d = changed(
        {"a": 50, "b": 25, "c": 75, "d": 50, "e": 25},
        {"a": 75, "b": 50, "c": 75, "f": 50, "g": 100, "h": 75},
    )
    assert d.value_pp[0, 0] == pytest.approx(25.8333, abs=1e-4)
    assert d.se[0, 0] == pytest.approx(10.0300, abs=1e-4)
    assert (d.df[0, 0], d.common_n[0, 0], d.n[0, 0]) == (4, 3, 5)
    half = stats.t.ppf(0.975, 4) * d.se[0, 0]
    assert d.value_pp[0, 0] - half == pytest.approx(-2.014, abs=1e-3)
    assert d.value_pp[0, 0] + half == pytest.approx(53.681, abs=1e-3)


def test_ignoring_the_panel_would_give_a_larger_error():
    d = changed(
        {"a": 50, "b": 25, "c": 75, "d": 50, "e": 25},
        {"i": 75, "j": 50, "k": 75, "f": 50, "g": 100, "h": 75},
    )
    assert d.se[0, 0] == pytest.approx(12.105, abs=1e-3)
    assert d.common_n[0, 0] == 0


def test_full_overlap_is_the_paired_t_test():
    first, second = [50, 25, 75, 50, 25], [75, 25, 100, 75, 25]
    d = changed(dict(zip("abcde", first, strict=True)), dict(zip("abcde", second, strict=True)))
    assert d.se[0, 0] == pytest.approx(6.123724, abs=1e-6)
    paired = stats.ttest_rel(second, first)
    assert d.value_pp[0, 0] / d.se[0, 0] == pytest.approx(paired.statistic)
    assert d.df[0, 0] == paired.df


def test_holm():
    assert adjust_holm(np.array([0.0015, 0.012, 0.020, 0.040])) == pytest.approx([0.006, 0.036, 0.040, 0.040])


def test_holm_keeps_its_order_and_leaves_out_what_is_missing():
    adjusted = adjust_holm(np.array([0.04, NONE, 0.01]))
    assert adjusted[[0, 2]] == pytest.approx([0.04, 0.02])
    assert np.isnan(adjusted[1])


def test_welch_and_the_smallest_detectable_change():
    df = welch_df(np.array(9.0), np.array(14), np.array(16.0), np.array(11))
    assert df == pytest.approx(21.508, abs=1e-3)
    assert smallest_detectable(np.array(5.0), df) == pytest.approx(14.676, abs=1e-3)


def test_radius_of_the_quadrant_region():
    k = region_radius(np.array([5]))[0]
    assert k == pytest.approx(4.1666, abs=1e-4)
    se = np.sqrt([20.3333, 24.5833])
    assert 58 - k * se[0] == pytest.approx(39.21, abs=0.01)
    assert 62.5 + k * se[1] == pytest.approx(83.16, abs=0.01)


def test_gap_to_peers():
    score = np.array([[50], [55], [58], [61], [48], [52]], float)
    se = np.array([[2], [3], [4], [2.5], [3], [3.5]])
    peers = PeerSums.of(score, se, np.full((6, 1), 14.0))
    gap, gap_se, df = gap_to_peers(np.array([62.0]), np.array([3.0]), np.array([19.0]), peers)
    assert gap[0] == pytest.approx(8)
    assert gap_se[0] == pytest.approx(3.25107, abs=1e-5)
    assert df[0] == pytest.approx(25.995, abs=1e-3)
    half = stats.t.ppf(0.975, df[0]) * gap_se[0]
    assert (gap[0] - half, gap[0] + half) == (pytest.approx(1.317, abs=1e-3), pytest.approx(14.683, abs=1e-3))


def test_quartiles_of_five_organisations_are_themselves_scores_and_not_given():
    scores = np.array([[31.0], [44], [52], [58], [70]])
    assert list(np.quantile(scores[:, 0], [0.25, 0.5, 0.75])) == [44, 52, 58]
    summary = summarise_group(scores)
    assert np.isnan([summary["q1"][0], summary["median"][0], summary["q3"][0]]).all()
    assert summary["mean"][0] == pytest.approx(51)


@pytest.mark.parametrize(("organisations_n", "given"), [(11, False), (12, True), (13, True)])
def test_quartiles_need_twelve_organisations(organisations_n, given):
    summary = summarise_group(np.linspace(20, 80, organisations_n)[:, None])
    assert bool(np.isfinite(summary["median"][0])) is given

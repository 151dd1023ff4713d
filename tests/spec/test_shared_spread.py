"""Small groups share their organisation's spread: worked by hand, and nothing of their own answers shows."""

from __future__ import annotations

import numpy as np
import pytest

from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N, measure_spread, pool_spread
from tests.building import make_respondents, one_category, one_group


def test_the_pooled_spread_by_hand():
    # point A: ten 0, ten 100 (mean 50, s² 100·500/19); point B: twenty 25, twenty 75 (s² 40·625/39); the third is of too few
    a = [0.0] * 10 + [100.0] * 10 + [np.nan] * 20
    b = [25.0] * 20 + [75.0] * 20
    c = [0.0, 100.0] * 9 + [np.nan] * 22
    own = 20 * (20 * 2500 / 19) + 40 * (40 * 625 / 39)
    assert pool_spread(np.array([a, b, c]).T) == pytest.approx(own / (20 * 2500 + 40 * 2500))


def test_points_at_an_end_and_few_answers_tell_nothing():
    alike, few = [100.0] * 20, [0.0, 100.0] * 9 + [np.nan] * 2
    assert np.isnan(pool_spread(np.array([alike, few]).T))


def test_an_organisation_of_fewer_than_twenty_has_no_spread_of_its_own():
    model = one_category("abcd")
    told = [
        measure_spread(np.random.default_rng(seed).choice([0.0, 25, 50, 75, 100], (19, 4)), model, 4)
        for seed in (1, 2)
    ]
    # 0.3 a point; 0.3·(0.3 + 0.7/4) a mean of four
    for spread in told:
        np.testing.assert_allclose(spread.phi, [0.3] * 4 + [0.1425] * 3)


def test_levels_above_the_points_have_a_spread_of_their_own():
    # everybody answers alike on both points: people's means vary as their answers, 0 or 100 by halves
    spread = measure_spread(np.array([[0.0, 0.0]] * 10 + [[100.0, 100.0]] * 10), one_category("ab"), 4)
    np.testing.assert_allclose(spread.phi, 20 / 19)


@pytest.mark.parametrize("n", [6, OWN_SPREAD_N - 1])
def test_two_small_groups_with_the_same_mean_have_the_same_variance(n):
    torn = [0.0, 100.0] * (n // 2) + [50.0] * (n % 2)
    alike = [50.0] * n
    found = []
    for answers in (torn, alike):
        people = make_respondents([[a] for a in answers])
        people.spread[:] = 0.3
        found.append(score_groups(people, one_group(n), np.ones((1, 1), bool), one_category("a")))
    assert found[0].variance[0, 0] == pytest.approx(0.3 * 50 * 50 / n)
    np.testing.assert_allclose(found[0].variance, found[1].variance)
    assert found[0].shared.all()


def test_from_twenty_answers_the_spread_is_the_groups_own():
    answers = [0.0, 100.0] * (OWN_SPREAD_N // 2)
    people = make_respondents([[a] for a in answers])
    people.spread[:] = 0.3
    scores = score_groups(people, one_group(OWN_SPREAD_N), np.ones((1, 1), bool), one_category("a"))
    assert scores.variance[0, 0] == pytest.approx(np.var(answers, ddof=1) / OWN_SPREAD_N)
    assert not scores.shared.any()


def test_levels_above_the_points_share_theirs_too():
    people = make_respondents(np.random.default_rng(1).choice([0.0, 25, 50, 75, 100], (8, 4)))
    people.spread[:] = 0.3
    scores = score_groups(people, one_group(8), np.ones((1, 4), bool), one_category("abcd"))
    assert scores.shared.all()
    mean = scores.score_pct[0, 4]
    assert scores.variance[0, 4] == pytest.approx(0.3 * mean * (100 - mean) / 8)


@pytest.mark.parametrize(("n", "off"), [(20, 4 / 19), (40, 4 / 39), (100, 1 / 12)])
def test_a_group_of_one_mind_in_mid_scale_is_told_as_one_with_four_a_step_off(n, off):
    model = one_category("a")
    for answers in ([50.0] * n, [25.0] * 2 + [75.0] * 2 + [50.0] * (n - 4)):
        people = make_respondents([[a] for a in answers])
        people.few[:] = 4
        scores = score_groups(people, one_group(n), np.ones((1, 1), bool), model)
        assert scores.floored_se[0, 0] == pytest.approx(25 * np.sqrt(off / n))

"""Small groups share their organisation's spread: worked by hand, and nothing of their own answers shows."""

from __future__ import annotations

import numpy as np
import pytest

from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N, pool_spread
from tests.building import make_respondents, one_category, one_group


def test_the_pooled_spread_by_hand():
    # point A: 0, 50, 100 (mean 50, s² 2500); point B: 25, 75 (mean 50, s² 1250); the third did not answer B
    answers = np.array([[0.0, 25.0], [50.0, 75.0], [100.0, np.nan]])
    assert pool_spread(answers) == pytest.approx((3 * 2500 + 2 * 1250) / (3 * 2500 + 2 * 2500))


def test_points_at_an_end_and_single_answers_tell_nothing():
    assert np.isnan(pool_spread(np.array([[100.0, 50.0], [100.0, np.nan]])))


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


def test_levels_on_many_points_keep_their_own():
    people = make_respondents(np.random.default_rng(1).choice([0.0, 25, 50, 75, 100], (8, 4)))
    people.spread[:] = 0.3
    scores = score_groups(people, one_group(8), np.ones((1, 4), bool), one_category("abcd"))
    assert scores.shared[0].tolist() == [True] * 4 + [False] * 3

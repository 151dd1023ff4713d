"""Differences of published levels: intervals as statsmodels has them, p as scipy, families as statsmodels."""

from __future__ import annotations

import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dimios_core.published.differences import (
    DF_LEAST,
    T_LEAST,
    Level,
    compare,
    p_of,
    subtract,
    two_sided_tail,
)

#: (yes, answers) of two groups: those of Newcombe (1998), table II, and some near the ends
GROUPS = [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((10, 10), (0, 20)), ((5, 56), (0, 29))]


def level_of(yes: int, n: int) -> Level:
    low, high = proportion_confint(yes, n, method="wilson")
    return Level(100 * yes / n, 100 * low, 100 * high)


@pytest.mark.parametrize(("one", "other"), GROUPS)
def test_the_interval_of_a_difference_is_newcombes(one, other):
    expected = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    found = subtract(level_of(*one), level_of(*other))
    assert (found.low, found.high) == pytest.approx([100 * end for end in expected])


def test_it_is_the_one_that_newcombe_printed():
    found = subtract(level_of(56, 70), level_of(48, 80))
    assert (round(found.low, 2), round(found.high, 2)) == (5.24, 33.39)


@pytest.mark.parametrize("t", [0.0, 0.5, 1.0, T_LEAST, 3.0, 5.0, 9.0])
def test_the_tail_is_that_of_students_t(t):
    assert two_sided_tail(t) == pytest.approx(2 * stats.t.sf(t, DF_LEAST), abs=1e-13)
    assert pytest.approx(stats.t.ppf(0.975, DF_LEAST), abs=1e-9) == T_LEAST


@pytest.mark.parametrize(("gap", "certain"), [(4.9, False), (5.0, False), (5.1, True)])
def test_a_difference_alone_is_certain_where_its_interval_leaves_zero_out(gap, certain):
    one, other = Level(50 + gap, 47 + gap, 53 + gap), Level(50.0, 46.0, 54.0)  # half an interval is 5
    assert compare([(one, other)])[0].certainty == ("increase" if certain else "none")
    assert compare([(other, one)])[0].certainty == ("decrease" if certain else "none")


def test_the_side_that_faces_zero_decides():
    skewed = Level(10.0, 9.0, 20.0), Level(13.0, 12.5, 13.5)
    assert compare([skewed])[0].certainty == "none"  # 3 of 10.01
    assert compare([skewed[::-1]])[0].certainty == "none"
    assert compare([(Level(10.0, 2.0, 11.0), skewed[1])])[0].certainty == "decrease"  # 3 of 1.12


def test_words_of_a_family_follow_holm():
    pairs = [(Level(50 + gap, 47 + gap, 53 + gap), Level(50.0, 46.0, 54.0)) for gap in (9, 6.2, -6.0, 1, -7)]
    halves = 5.0
    p = [2 * stats.t.sf(T_LEAST * abs(gap) / halves, DF_LEAST) for gap in (9, 6.2, -6.0, 1, -7)]
    assert [p_of(subtract(*pair)) for pair in pairs] == pytest.approx(p)
    certain = multipletests(p, alpha=0.05, method="holm")[0]
    found = [d.certainty for d in compare(pairs)]
    assert [word != "none" for word in found] == list(certain)
    assert any(certain) and not all(certain)
    assert compare([]) == []


def test_levels_that_are_alike_are_not_certain_and_those_without_a_width_are():
    same = Level(50.0, 50.0, 50.0)
    assert compare([(same, same)])[0].certainty == "none"
    assert compare([(Level(51.0, 51.0, 51.0), same)])[0].certainty == "increase"

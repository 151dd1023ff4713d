"""A group's before and after: against hand arithmetic and scipy; nothing of few, and no answer of one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from dimios_core.errors import InputError
from dimios_core.results.evidence.group_effect import compare_groups

#: percent of the scale that each of five answers stands for
VALUE = np.array([0, 25, 50, 75, 100])


def tally(*rows: tuple[int, ...]) -> np.ndarray:
    """Counts of answers 1 to 5 and don't know, a row a statement."""
    return np.array(rows)


def answers(row: np.ndarray) -> np.ndarray:
    return np.repeat(VALUE, row[:5])


def test_below_twenty_it_is_the_hand_arithmetic_of_a_shared_spread():
    # before: n 10, mean (4·25 + 4·50 + 2·75)/10 = 45; after: n 12, mean (2·25 + 4·50 + 4·75 + 2·100)/12 = 62.5
    (told,) = compare_groups(tally((0, 4, 4, 2, 0, 1)), tally((0, 2, 4, 4, 2, 0)), ["a"])
    assert (told["status"], told["n_before"], told["n_after"]) == ("published", 10, 12)
    assert (told["before"], told["after"], told["difference"]) == (45.0, 62.5, 17.5)
    # v = 0.3·m(100 − m): 742.5 and 703.125; se² = 74.25 + 58.59375 = 132.84375, se = 11.5258
    # df = 132.84375²/(74.25²/9 + 58.59375²/11) = 17647.46/(612.5625 + 312.1116) = 19.0850; t(.975) = 2.0923
    assert told["low"] == pytest.approx(17.5 - 24.1, abs=0.05)
    assert told["high"] == pytest.approx(17.5 + 24.1, abs=0.05)
    assert not told["certain"]


def test_from_twenty_on_it_is_welchs_test_of_two_independent_groups():
    before = tally((5, 9, 6, 3, 1, 2), (3, 6, 8, 5, 2, 0), (2, 8, 9, 4, 1, 0))
    after = tally((1, 4, 8, 9, 6, 0), (3, 6, 9, 6, 4, 0), (2, 3, 8, 9, 6, 0))
    told = compare_groups(before, after, ["a", "b", "c"])
    tests = [
        stats.ttest_ind(answers(y), answers(x), equal_var=False) for x, y in zip(before, after, strict=True)
    ]
    certain = multipletests([t.pvalue for t in tests], method="holm")[0]
    for row, test, (x, y) in zip(told, tests, zip(before, after, strict=True), strict=True):
        interval = test.confidence_interval(0.95)
        assert row["difference"] == pytest.approx(answers(y).mean() - answers(x).mean(), abs=0.051)
        assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high), abs=0.051)
    assert [row["certain"] for row in told] == list(certain) == [True, False, True]


def test_a_group_of_fewer_than_five_is_refused_and_both_are_told():
    few = tally((1, 1, 1, 0, 0, 1))
    with pytest.raises(InputError) as told:
        compare_groups(few, few, ["a"], ["before.csv", "after.csv"])
    assert [p.place for p in told.value.problems] == ["before.csv", "after.csv"]
    enough = tally((1, 1, 1, 1, 1, 0))
    assert compare_groups(enough, enough, ["a"])[0]["status"] == "published"


@pytest.mark.parametrize(("n", "status"), [(4, "suppressed_small"), (5, "published")])
def test_nothing_is_told_of_a_statement_that_fewer_than_five_answered(n: int, status: str):
    few, many = tally((0, 0, n, 0, 0, 6)), tally((0, 3, 4, 3, 0, 0))
    for pair in ((few, many), (many, few)):
        (row,) = compare_groups(*pair, ["a"])
        assert row["status"] == status
        if n == 4:
            told = {k: v for k, v in row.items() if k not in ("id", "status")}
            assert set(told.values()) == {None, "", False}


def test_eight_answers_on_both_sides_before_anything_is_certain():
    for n, certain in ((7, False), (8, True)):
        low, high = tally((n - 1, 1, 0, 0, 0, 0)), tally((0, 0, 0, 2, n - 2, 0))
        low[0, :2], high[0, 3:5] = (n - 2, 2), (2, n - 2)
        assert compare_groups(low, high, ["a"])[0]["certain"] is certain


@pytest.mark.parametrize(
    ("row", "bound"),
    [
        ((0, 0, 0, 0, 10, 0), "high"),  # 100
        ((0, 0, 0, 2, 8, 0), "high"),  # 95: four or fewer may be off the end
        ((0, 0, 0, 3, 7, 0), ""),  # 92.5
        ((8, 2, 0, 0, 0, 0), "low"),  # 5
        ((7, 3, 0, 0, 0, 0), ""),  # 7.5
    ],
)
def test_near_an_end_there_is_a_bound_and_no_difference(row: tuple[int, ...], bound: str):
    (told,) = compare_groups(tally((1, 3, 4, 2, 0, 0)), tally(row), ["a"])
    assert told["bound_after"] == bound
    assert (told["after"] is None, told["difference"] is None, told["low"] is None) == (bool(bound),) * 3


def test_of_few_people_nothing_is_told_but_how_many_answered_and_their_mean():
    """All ways in which five to seven people may answer: those of one number and mean cannot be told apart."""
    other = tally((1, 3, 4, 2, 0, 0))
    for n in (5, 6, 7):
        told: dict[float, set[str]] = {}
        ways: dict[float, list[tuple[int, ...]]] = {}
        for chosen in itertools.combinations_with_replacement(range(5), n):
            row = tuple(chosen.count(a) for a in range(5))
            (made,) = compare_groups(tally((*row, 0)), other, ["a"])
            told.setdefault(sum(chosen), set()).add(repr(made))
            ways.setdefault(sum(chosen), []).append(row)
        assert {len(rows) for rows in told.values()} == {1}
        # where a mean is told, no answer is known to have been given by all, or by all but one
        for total, rows in ways.items():
            if "'before': None" not in next(iter(told[total])):
                assert max(min(way) for way in zip(*rows, strict=True)) < n - 1

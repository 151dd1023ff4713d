"""Worked examples of disclosure: the planted leaks must be found, and suppressed."""

import numpy as np
import pytest

from dimios_core.published.status import Status
from dimios_core.results.consortium.benchmarks import WORTH, publishable_groups
from dimios_core.results.disclosure.pattern import decide_pattern, suppress
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.scoring.groups import UnitTree, build_block

THRESHOLD = 5


def test_two_small_units_are_recoverable_together_though_neither_is_alone():
    # parent n = 20 and unit A n = 17 are published; B = 2 and C = 1 are suppressed
    rows = np.array([[1, 1, 1], [1, 0, 0]], bool)
    counts = np.array([17, 2, 1])
    space = RowSpace(rows, counts)
    assert space.contains(np.array([[0, 1, 0], [0, 0, 1], [0, 1, 1]], bool)).tolist() == [False, False, True]
    unions = list(space.small_unions(THRESHOLD))
    assert [u.tolist() for u in unions] == [[False, True, True]]


def test_the_leak_of_two_small_units_is_closed_by_suppressing_their_sibling():
    rows = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]], bool)
    kept = suppress(
        rows, np.array([17, 2, 1]), np.array([True, True, False, False]), np.array([9, 1, 1, 1.0]), THRESHOLD
    )
    assert kept.tolist() == [True, False, False, False]


def test_roles_leak_through_a_standardised_mean():
    # p (n 2) and t (n 3) suppressed, administration (n 10) mean 50, all 51.6667, standardised .25/.25/.5 = 50
    sums_known = np.array([[0, 0, 1.0], [1, 1, 1], [0.25 / 2, 0.25 / 3, 0.5 / 10]])
    figures = np.array([500, 15 * 51.666667, 50])
    recovered = np.linalg.solve(sums_known, figures)
    assert recovered[0] / 2 == pytest.approx(25, abs=1e-4)
    assert recovered[1] / 3 == pytest.approx(75, abs=1e-4)


def test_a_published_total_beside_one_large_and_two_small_roles_is_not_left_standing():
    # the same roles without the standardised row: administration alone beside the total gives p and t (5) away
    rows = np.array([[1, 1, 1], [0, 0, 1]], bool)
    assert [u.tolist() for u in RowSpace(rows, np.array([2, 2, 10])).small_unions(THRESHOLD)] == [
        [True, True, False]
    ]
    assert (
        list(RowSpace(rows, np.array([2, 3, 10])).small_unions(THRESHOLD)) == []
    )  # five together are no leak


@pytest.mark.parametrize(("rest", "leaks"), [(0, False), (1, True), (4, True), (5, False)])
def test_residual_of_a_parent_is_zero_or_at_least_the_threshold(rest, leaks):
    rows = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0]], bool)
    found = list(RowSpace(rows, np.array([8, 9, rest])).small_unions(THRESHOLD))
    assert bool(found) is leaks


def test_benchmarks_that_leak_four_companies():
    # 60 = 40 municipalities + 6 regions + 10 agencies + 4 companies
    kinds = np.repeat(["m", "r", "a", "c"], [40, 6, 10, 4])
    rows = np.array([np.ones(60, bool), kinds == "m", kinds == "r", kinds == "a"])
    companies = (60 * 48 - 40 * 47 - 6 * 52 - 10 * 51) / 4
    assert companies == pytest.approx(44.5)
    kept = publishable_groups(rows, np.array([4.0, 3, 3, 3]), np.zeros(60, bool))
    assert kept[0]
    assert not kept.all()
    left = RowSpace(rows[kept], np.ones(60, int))
    assert list(left.small_unions(5)) == []


def test_a_member_must_not_learn_about_four_others():
    # a group of six leaves five others to its member; a group of five does not
    rows = np.array([[True] * 6 + [False] * 20, [True] * 26])
    assert publishable_groups(rows, np.array([1.0, 4]), np.zeros(26, bool)).tolist() == [True, True]
    rows = np.array([[True] * 5 + [False] * 21, [True] * 26])
    assert publishable_groups(rows, np.array([1.0, 4]), np.zeros(26, bool)).tolist() == [False, True]
    # twenty of twenty-five in a subgroup: the rest is five, of which a member knows one
    rows = np.array([[True] * 20 + [False] * 5, [True] * 25])
    assert publishable_groups(rows, np.array([1.0, 4]), np.zeros(25, bool)).tolist() == [False, True]


def test_what_is_given_up_first_is_fixed():
    assert sorted(WORTH, key=WORTH.get) == ["type-size", "county", "size", "type", "all"]


def pattern(
    answers_by_unit: dict[str, int], answered: dict[str, int] | None = None, of: str = "scores"
) -> dict[str, str]:
    tree = UnitTree(dict.fromkeys(answers_by_unit, ""))
    unit = np.array([u for u, n in answers_by_unit.items() for _ in range(n)], object)
    block = build_block("2026", "x", THRESHOLD, tree, unit, np.array(["unknown"] * len(unit), object))
    people = np.bincount(block.atom_of)[:, None]
    r = np.array([[(answered or answers_by_unit)[leaf]] for leaf, _ in block.atoms])
    nobody = np.zeros((block.groups_n, 1), bool)
    status = getattr(decide_pattern(block, r, people, (nobody, nobody), {}), of)
    return {u: Status(s).label for u, s in zip(block.unit, status[:, 0], strict=True)}


def test_threshold_just_below_at_and_above():
    status = pattern({"a": 4, "b": 30, "c": 30, "d": 0})
    assert status["a"] == "suppressed_small"
    assert status["*"] == "published"
    assert status["d"] == "no_answers"
    assert pattern({"a": 5, "b": 30})["a"] == "published"
    assert pattern({"a": 6, "b": 30})["a"] == "published"


def test_a_lone_small_unit_takes_the_smallest_sibling_with_it():
    assert pattern({"a": 4, "b": 30, "c": 9}) == {
        "*": "published",
        "a": "suppressed_small",
        "b": "published",
        "c": "suppressed_complement",
    }


def test_dont_know_has_a_pattern_of_its_own():
    # all three of unit c said "don't know": their share would follow from the others', so a sibling's is withheld too
    people, answered = {"a": 20, "b": 20, "c": 3}, {"a": 18, "b": 17, "c": 0}
    shares = {"*": "published", "a": "suppressed_complement", "b": "published", "c": "suppressed_small"}
    assert pattern(people, answered, of="dont_know") == shares
    # few of unit b answered: their score is withheld, and a sibling's; the share of those who did not is told
    people, answered = {"a": 20, "b": 20, "c": 10}, {"a": 18, "b": 4, "c": 9}
    assert set(pattern(people, answered, of="dont_know").values()) == {"published"}
    assert pattern(people, answered) == {
        "*": "published",
        "a": "published",
        "b": "suppressed_small",
        "c": "suppressed_complement",
    }


@pytest.mark.parametrize(
    ("answers", "score"), [(0, "suppressed_small"), (3, "suppressed_small"), (5, "published")]
)
def test_dont_know_is_told_where_it_is_largest(answers, score):
    # of 40 asked 40, 37 and 35 said "don't know"
    assert pattern({"a": 40}, {"a": answers}, of="dont_know")["a"] == "published"
    assert pattern({"a": 40}, {"a": answers})["a"] == score


def test_no_answers_is_where_nobody_was_asked():
    for of in ("scores", "dont_know"):
        assert pattern({"a": 40, "d": 0}, of=of)["d"] == "no_answers"

"""Allocation: against R's PracTools 1.7.5, by hand, and within its limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dimios_core.results.scoring.groups import UnitTree
from dimios_core.survey.allocation import allocate, lowest_allocation, share_out
from dimios_core.survey.strata import chance_of_no_interval, choose_neighbours, stratify

PEOPLE = np.array([215, 65, 252, 50, 149, 144])
SPREAD = np.array([26.787207, 10.645109, 6.909676, 11.085034, 9.817762, 44.553355])
#: strAlloc(n.tot = 100, Nh = PEOPLE, alloc = "prop")$nh, and with Sh = SPREAD, alloc = "neyman"
PROPORTIONAL = (
    24.57142857142857,
    7.42857142857143,
    28.8,
    5.71428571428571,
    17.02857142857143,
    16.45714285714286,
)
NEYMAN = (
    34.64168283484183,
    4.16194710977725,
    10.47348733154888,
    3.33380444542347,
    8.79897037998571,
    38.59010789842286,
)


@pytest.mark.parametrize(("method", "expected"), [("proportional", PROPORTIONAL), ("neyman", NEYMAN)])
def test_allocation_is_that_of_practools(method, expected):
    np.testing.assert_allclose(share_out(PEOPLE, SPREAD, 100, method), expected, rtol=1e-12)
    whole = allocate(PEOPLE, SPREAD, np.zeros(6, int), 100, method)
    assert whole.sum() == 100
    assert (np.abs(whole - expected) < 1).all()


def test_limits_are_kept_and_the_rest_is_shared_out_again():
    """By hand: 10 stay at their 10, 4 rise to 8; 72 are left for 100 and 260, which are 20 and 52."""
    given = allocate(np.array([10, 100, 260, 20]), np.ones(4), np.array([10, 8, 8, 8]), 90)
    assert given.tolist() == [10, 20, 52, 8]


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60), st.floats(1, 30)), min_size=1, max_size=12),
    st.floats(0, 1),
    st.sampled_from(["proportional", "neyman"]),
)
def test_every_number_of_invited_can_be_allocated(strata, share, method):
    people, low, spread = (np.array(x) for x in zip(*strata, strict=True))
    low = np.minimum(low, people)
    invited_n = round(low.sum() + share * (people.sum() - low.sum()))
    got = allocate(people, spread, low, invited_n, method)
    assert got.sum() == invited_n
    assert (got >= low).all()
    assert (got <= people).all()


def test_each_stratum_has_answers_enough_or_is_asked_whole():
    lowest = lowest_allocation(np.array([5, 14, 40, 30]), 0.6, np.array([False, False, False, True]))
    assert lowest.tolist() == [5, 14, 14, 30]  # ceil(8 / 0.6) = 14


TREE = UnitTree({"care": "", "home": "care", "ward": "care", "school": ""})


def frame(*cells: tuple[str, str, int, str]) -> pd.DataFrame:
    rows = [(unit, role, draw) for unit, role, n, draw in cells for _ in range(n)]
    people = pd.DataFrame(rows, columns=["unit", "role", "draw"])
    return people.assign(person_id=[str(i) for i in range(len(people))])


def test_small_cells_go_together_upwards():
    people = frame(
        ("home", "a", 32, "random"),  # 32 x 0.5 = 16 would answer: a stratum
        ("home", "b", 9, "random"), ("home", "c", 8, "random"),  # 8.5 together: the unit's
        ("ward", "a", 10, "random"), ("care", "b", 6, "random"),  # 5 are too few, 8 with those of the unit above
        ("school", "a", 9, "random"), ("", "b", 7, "random"),  # what is left of the whole
        ("school", "b", 3, "always"),
    )  # fmt: skip
    cells = stratify(people, TREE, 0.5)
    expected = {"home/a": 32, "home/*": 17, "care/*": 16, "*/*": 16, "always:school/b": 3}
    assert dict(zip(cells.names, cells.population.tolist(), strict=True)) == expected
    of = {(u, r): cells.names[h] for u, r, h in zip(cells.unit, cells.role, cells.stratum, strict=True)}
    assert (of["ward", "a"], of["care", "b"], of["", "b"], of["school", "b"]) == (
        "care/*",
        "care/*",
        "*/*",
        "always:school/b",
    )
    assert cells.certain.tolist() == [name == "always:school/b" for name in cells.names]
    assert [cells.unit[c] for c in cells.cell_of] == people["unit"].tolist()


def test_what_is_too_little_stays_with_its_unit_where_it_can():
    """Home's 6 of b are 3 answers: they join a, as home has a stratum. The ward has none, so its 9 go up, and with school to the rest."""
    people = frame(
        ("home", "a", 40, "random"), ("home", "b", 6, "random"), ("home", "c", 50, "random"), ("ward", "a", 9, "random"),
        ("school", "a", 5, "random"), ("", "b", 4, "random"),
    )  # fmt: skip
    cells = stratify(people, TREE, 0.5)
    assert dict(zip(cells.names, cells.population.tolist(), strict=True)) == {
        "home/*": 46,
        "home/c": 50,
        "*/*": 18,
    }


def test_what_is_left_over_is_joined_by_the_smallest():
    """5 + 4 people are 4.5 answers: too few to stand alone, so the ward's 17 join them."""
    people = frame(
        ("home", "a", 40, "random"), ("ward", "a", 17, "random"), ("school", "a", 5, "random"), ("", "b", 4, "random")
    )  # fmt: skip
    cells = stratify(people, TREE, 0.5)
    assert dict(zip(cells.names, cells.population.tolist(), strict=True)) == {"home/a": 40, "*/*": 26}


def test_nobody_is_drawn_where_all_are_certain():
    cells = stratify(frame(("home", "a", 3, "always"), ("school", "b", 1, "always")), TREE, 0.5)
    assert cells.names == ["always:home/a", "always:school/b"]
    assert choose_neighbours(np.array([[2.0]])).tolist() == [0]
    assert lowest_allocation(cells.population, 0.5, cells.certain).tolist() == [3, 1]


def test_a_lone_answer_goes_where_its_unit_and_role_are():
    """Of stratum 0 half a p is expected, so one p alone comes often: it goes where there are many p. The others of one role go to 0 or 1."""
    answers = np.array([[0.5, 9.0, 0.0], [9.0, 0.0, 9.0]])  # roles p and t
    # 0 with 1: 0.5·e^-0.5·e^-9 + 9·e^-9·e^0 = 0.0011, with 2: 0.5·e^-0.5·e^0 + … = 0.30
    # 2 with 0: 9·e^-9·e^-9, with 1: 9·e^-9·e^0
    # 1 with 0: 9·e^-9·e^-0.5, with 2: 9·e^-9·e^0
    assert choose_neighbours(answers).tolist() == [1, 0, 0]


def test_a_group_has_no_interval_where_one_alone_has_nobody_to_go_with():
    """Strata 0 and 2 go with 1, and 1 with 0. One alone by 2·e^−2 = 0.271, 0.1·e^−0.1 = 0.090 and e^−1 = 0.368, none by 0.135, 0.905 and 0.368.

    None of 1 beside one alone of 0 or 2: 0.905·(1 − 0.729·0.632) = 0.488; none of 0 beside one alone of 1: 0.135·0.090 = 0.012.
    """
    found = chance_of_no_interval(np.array([[2.0, 0.1, 1.0]]), np.array([1, 0, 1]))
    assert found[0] == pytest.approx(1 - (1 - 0.488) * (1 - 0.012), abs=1e-3)

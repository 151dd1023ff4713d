"""What is planted for psychometrics is found in the files, of the stated size, and nothing else is.

The sizes come from consortium.yaml as yaml reads it; the search (`finding`) knows nothing of them.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from dimios_core.demo import load_consortium, make_consortium
from dimios_core.demo.population import gather_people

from .finding import Found, find_all
from .planting import (
    FALSE_AT_MOST,
    FOUND_AT_LEAST,
    ITEMS,
    MANY,
    PLAN,
    expect_late,
    plant_nothing,
    stated_correlations,
)
from .reading import read_raw

FEW = (1,)
PLANTED = {"factors", "dif", "straight_lining", "nonresponse", "speed"}
#: how far from its stated size a thing may be found: about three standard errors over seeds, and rounding to five answers
CORRELATION_OFF, POINTS_OFF, SHARE_OFF, LATE_OFF, SPEED_OFF = 0.08, 3.0, 0.005, 0.7, 0.05


@cache
def look(seed: int, planted: bool) -> Found:
    """Make a consortium's files, and search them."""
    with TemporaryDirectory() as folder:
        make_consortium(Path(folder), seed, None if planted else plant_nothing())
        return find_all(read_raw(Path(folder)))


def list_found(found: Found) -> set[str]:
    """Which planted things were found, of the stated size."""
    item = ITEMS.index(PLAN["dif"]["item"])
    quick = PLAN["straight_lining"]["minutes"] / PLAN["duration"]["minutes"]
    right = {
        "factors": found.more_than_one_factor
        and np.abs(found.correlations - stated_correlations()).max() < CORRELATION_OFF,
        "dif": item in found.flagged and abs(found.item_effects[item] - PLAN["dif"]["points"]) < POINTS_OFF,
        "straight_lining": abs(found.straight_share - PLAN["straight_lining"]["share"]) < SHARE_OFF,
        "nonresponse": found.late_differ and abs(found.late[0] - expect_late()) < LATE_OFF,
        "speed": found.straight_are_quick and abs(found.speed[0] - quick) < SPEED_OFF,
    }
    return {name for name, is_right in right.items() if is_right}


def list_alarms(found: Found) -> set[str]:
    """What was found at all."""
    alarms = {
        "factors": found.more_than_one_factor,
        "dif": bool(found.flagged),
        "straight_lining": found.straight_share > 0,
        "nonresponse": found.late_differ,
        "speed": found.straight_are_quick,
    }
    return {name for name, is_raised in alarms.items() if is_raised}


def test_the_sizes_are_those_that_were_asked_for() -> None:
    between = stated_correlations()[np.triu_indices(6, 1)]
    assert ((between >= 0.4) & (between <= 0.8)).all()
    assert (PLAN["dif"]["role"], PLAN["straight_lining"]["share"]) == ("politicians", 0.03)
    assert PLAN["nonresponse"]["leaning"] > 0
    assert expect_late() < -1
    # in maturity as a whole, people differ by twelve points: the mean of two dimensions of three categories
    spread = PLAN["spread"]["people"] * np.sqrt(stated_correlations().mean())
    assert spread == pytest.approx(12, abs=0.2)


def test_all_is_found_in_the_demo(raw: pd.DataFrame) -> None:
    found = find_all(raw)
    assert list_found(found) == PLANTED
    assert [ITEMS[i] for i in found.flagged] == [PLAN["dif"]["item"]]


@pytest.mark.usefixtures("heavy")
@pytest.mark.parametrize("seed", FEW)
def test_all_is_found_by_other_seeds_and_nothing_where_nothing_is_planted(seed: int) -> None:
    assert list_found(look(seed, planted=True)) == PLANTED
    assert list_alarms(look(seed, planted=False)) == set()


@pytest.mark.long
def test_what_is_planted_is_found_and_nothing_else_in_twenty_seeds() -> None:
    looks = [look(seed, planted=True) for seed in MANY]
    times = Counter(name for found in looks for name in list_found(found))
    assert {name for name in PLANTED if times[name] < FOUND_AT_LEAST} == set(), times
    others = [set(found.flagged) - {ITEMS.index(PLAN["dif"]["item"])} for found in looks]
    assert sum(map(bool, others)) <= FALSE_AT_MOST, others


@pytest.mark.long
def test_nothing_is_found_where_nothing_is_planted_in_twenty_seeds() -> None:
    times = Counter(name for seed in MANY for name in list_alarms(look(seed, planted=False)))
    assert max(times.values(), default=0) <= FALSE_AT_MOST, times


def test_who_sits_where_and_who_answers_is_drawn_as_if_nothing_were_planted() -> None:
    with_all, without = (
        gather_people(plan, np.random.default_rng(3)) for plan in (load_consortium(), plant_nothing())
    )
    pd.testing.assert_frame_equal(with_all.seats, without.seats)
    pd.testing.assert_frame_equal(with_all.invited, without.invited)
    who = ["period", "seat", "person", "opened_only", "willing"]
    pd.testing.assert_frame_equal(with_all.rounds[who], without.rounds[who])
    assert not without.rounds["straight_lines"].any()

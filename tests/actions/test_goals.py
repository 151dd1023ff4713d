"""Goals are checked whole, take each other's place by level, key and year, and are taken away again."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dimios_core.actions.goals import load_goals, read_goal, remove_goals, set_goal
from dimios_core.errors import InputError
from dimios_core.responses import ResponseStore


@pytest.fixture
def register(outputs: Path):
    return ResponseStore(outputs).register()


@pytest.fixture
def read(register, instrument):
    usual = {"organisation": "lindby", "level": "point", "key": "plan", "value": "60", "year": "2027"}
    return lambda **given: read_goal(**(usual | given), register=register, instrument=instrument)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, ("point", "plan", 60.0, 2027)),
        ({"key": "Lärande", "value": "62,5"}, ("point", "learn", 62.5, 2027)),
        ({"level": "category", "key": "Part", "value": "0"}, ("category", "part", 0.0, 2027)),
        ({"level": "dimension", "key": "helhet", "value": "100"}, ("dimension", "whole", 100.0, 2027)),
        ({"level": "maturity", "key": "maturity", "year": "2000"}, ("maturity", "maturity", 60.0, 2000)),
        ({"level": "maturity", "key": "", "year": "2100"}, ("maturity", "maturity", 60.0, 2100)),
        ({"level": "maturity", "key": "hela"}, ("maturity", "maturity", 60.0, 2027)),
    ],
)
def test_ids_names_and_numbers_are_understood(read, given: dict, told: tuple) -> None:
    goal = read(**given)
    assert (goal["level"], goal["key"], goal["value"], goal["year"]) == told


@pytest.mark.parametrize(
    ("given", "place", "said"),
    [
        ({"organisation": "lindbi"}, "organisation", "did you mean “lindby”"),
        ({"level": "categori", "key": "part"}, "--level", "did you mean “category”"),
        ({"level": "item"}, "--level", "no level"),
        ({"key": "plaan"}, "--key", "did you mean “plan”"),
        ({"key": "part"}, "--key", "no point"),
        ({"value": "100.1"}, "--value", "0 to 100"),
        ({"value": "-1"}, "--value", "0 to 100"),
        ({"value": "much"}, "--value", "0 to 100"),
        ({"year": "1999"}, "--year", "2000 to 2100"),
        ({"year": "2101"}, "--year", "2000 to 2100"),
        ({"year": "2027.5"}, "--year", "2000 to 2100"),
    ],
)
def test_a_fault_is_told_with_its_place(read, given: dict, place: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read(**given)
    (problem,) = error.value.problems
    assert problem.place == place
    assert said in problem.what


def test_all_faults_are_told_at_once(read) -> None:
    with pytest.raises(InputError) as error:
        read(organisation="x", key="x", value="x", year="x")
    assert [p.place for p in error.value.problems] == ["organisation", "--key", "--value", "--year"]


def test_a_model_without_composite_has_no_such_goal(register, instrument) -> None:
    model = instrument.model_copy(update={"composite": None})
    with pytest.raises(InputError, match="use one of: dimension, category, point"):
        read_goal("lindby", "maturity", "maturity", "60", "2027", register, model)


def test_a_goal_takes_the_place_of_one_for_the_same_year_only(read, outputs: Path) -> None:
    assert load_goals(outputs).empty
    assert not set_goal(read(), outputs)
    assert not set_goal(read(year="2028"), outputs)
    assert not set_goal(read(organisation="berga", value="50"), outputs)
    assert set_goal(read(value="65"), outputs)
    assert load_goals(outputs)[["organisation", "value", "year"]].to_numpy().tolist() == [
        ["berga", 50.0, 2027], ["lindby", 60.0, 2028], ["lindby", 65.0, 2027],
    ]  # fmt: skip
    assert stat.S_IMODE((outputs / "goals").stat().st_mode) == 0o700
    assert stat.S_IMODE((outputs / "goals" / "goals.parquet").stat().st_mode) == 0o600


def test_goals_are_taken_away_one_by_one_or_all(read, outputs: Path, register, instrument) -> None:
    def remove(year: str | None, key: str = "plan") -> int:
        return remove_goals("lindby", "point", key, year, outputs, register, instrument)

    for year in ("2026", "2027", "2028"):
        set_goal(read(year=year), outputs)
    set_goal(read(key="learn"), outputs)
    assert remove("2027") == 1
    with pytest.raises(InputError, match="there is no such goal"):
        remove("2027")
    with pytest.raises(InputError, match="did you mean “plan”"):
        remove(None, "plaan")
    assert remove(None) == 2
    assert load_goals(outputs)["key"].tolist() == ["learn"]

"""Goals are checked whole, take each other's place by level, key and year, and are taken away again."""

from __future__ import annotations

import stat
from pathlib import Path

import openpyxl
import pytest

from dimios_core.actions.goal_files import read_goals
from dimios_core.actions.goals import SetGoals, load_goals, read_goal, remove_goals, set_goal, set_goals
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


# -- many at once, of a file ---------------------------------------------------------------------------


@pytest.fixture
def read_file(register, instrument, tmp_path: Path):
    def act(*rows: str, header: str = "organisation;nivå;nyckel;värde;år") -> list[dict]:
        path = tmp_path / "goals.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return read_goals(path, register, instrument)

    return act


def test_a_file_is_understood_in_both_languages(read_file) -> None:
    swedish = read_file(
        "Lindby kommun;mätpunkt;Lärande;62,5;2027", "berga;hela;;55;2028", "lindby;Kategori;part;0;2027"
    )
    assert swedish == [
        {"organisation": "lindby", "level": "point", "key": "learn", "value": 62.5, "year": 2027},
        {"organisation": "berga", "level": "maturity", "key": "maturity", "value": 55.0, "year": 2028},
        {"organisation": "lindby", "level": "category", "key": "part", "value": 0.0, "year": 2027},
    ]
    english = read_file(
        "2027;62.5;learn;point;lindby", "2028;55;;maturity;berga", "2027;0;Part;category;lindby",
        header="year;value;key;level;organisation",
    )  # fmt: skip
    assert english == swedish


def test_all_faults_of_a_file_are_told_at_once_and_each_with_its_cell(read_file) -> None:
    with pytest.raises(InputError) as error:
        read_file("x;mätpunkt;plan;60;2027", "lindby;mätpunkt;x;200;1999", "lindby;x;plan;60;2027")
    assert [p.place for p in error.value.problems] == [
        "goals.csv, row 2, column organisation", "goals.csv, row 3, column nyckel", "goals.csv, row 3, column värde",
        "goals.csv, row 3, column år", "goals.csv, row 4, column nivå",
    ]  # fmt: skip


def test_a_workbook_is_read_too(register, instrument, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["organisation", "level", "key", "value", "year"])
    book.active.append(["lindby", "point", "plan", 62.5, 2027])
    book.save(tmp_path / "goals.xlsx")
    (goal,) = read_goals(tmp_path / "goals.xlsx", register, instrument)
    assert (goal["value"], goal["year"]) == (62.5, 2027)


def test_a_file_says_what_is_new_and_what_changed(read_file, outputs: Path) -> None:
    first = read_file("lindby;mätpunkt;plan;60;2027", "lindby;mätpunkt;plan;65;2028", "berga;hela;;55;2028")
    assert set_goals(first, outputs) == SetGoals(3, 0, 0)
    again = read_file("lindby;mätpunkt;plan;60;2027", "lindby;mätpunkt;plan;70;2028", "lindby;hela;;50;2028")
    assert set_goals(again, outputs) == SetGoals(1, 1, 1)
    assert load_goals(outputs)[["organisation", "key", "value", "year"]].to_numpy().tolist() == [
        ["berga", "maturity", 55.0, 2028], ["lindby", "plan", 60.0, 2027], ["lindby", "plan", 70.0, 2028],
        ["lindby", "maturity", 50.0, 2028],
    ]  # fmt: skip

"""All that was ever published of a group, together, tells nothing about fewer than the threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.attacks.releasing import ANSWERS, INSTRUMENT, POINTS, Reader, list_told, people, registered
from tests.building import make_instrument, make_organisations


def together(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def staff(late: list[int] = [], more: list[int] = [], unit: str = "") -> pd.DataFrame:  # noqa: B006
    """Thirty people, fifteen a role; late and more are of role p."""
    return together(
        people(range(15), unit, "p"),
        people(range(15, 30), unit, "t"),
        people(late, unit, "p"),
        people(more, unit, "p"),
    )


def test_five_more_then_without_them_and_one_late(tmp_path):
    reader = Reader(tmp_path)
    reader.release(staff())
    reader.release(staff(more=[100, 101, 102, 103, 104]))
    made = reader.release(staff(late=[50]))
    assert reader.learns_about_few() == []
    assert [w.periods for w in made.waiting] == [("2026",)]


@pytest.mark.parametrize(("unit", "role"), [("u", "unknown"), ("", "p"), ("u", "p")])
def test_the_same_through_units_roles_and_both(tmp_path, unit, role):
    units = registered({"u": "", "v": ""}) if unit else None
    rest = people(range(40, 60), "v" if unit else "", "t" if role == "p" else role)
    base = together(people(range(20), unit, role), rest)
    reader = Reader(tmp_path)
    reader.release(base, units)
    reader.release(together(base, people(range(100, 106), unit, role)), units)
    reader.release(together(base, people([70], unit, role)), units)
    assert reader.learns_about_few() == []


def test_no_two_of_four_releases_tell_and_all_together_do(tmp_path):
    b, five, six, one = (people(n) for n in (range(30), range(100, 105), range(110, 116), [50]))
    reader = Reader(tmp_path)
    reader.release(b)
    reader.release(together(b, five))
    reader.release(together(b, five, six))
    reader.release(together(b, six, one))
    assert reader.learns_about_few() == []


def test_back_to_the_first_answers_and_then_one_more(tmp_path):
    b, five = people(range(30)), people(range(100, 105))
    reader = Reader(tmp_path)
    reader.release(b)
    reader.release(together(b, five))
    assert not reader.release(b).waiting  # what was published once is no news
    reader.release(together(b, people([50])))
    assert reader.learns_about_few() == []


def test_a_unit_of_two_moves_with_five_who_come_back(tmp_path):
    rows = together(
        people(range(10), "u"), people(range(20, 30), "v"), people([40, 41], "x"), people(range(50, 55), "y")
    )
    reader = Reader(tmp_path)
    for x, y in (("u", "u"), ("v", "v"), ("v", "u")):
        reader.release(rows, registered({"u": "", "v": "", "x": x, "y": y}))
    assert reader.learns_about_few() == []


def test_two_units_merge_and_one_is_split_off(tmp_path):
    rows = together(people(range(12), "u"), people(range(20, 32), "v"), people([40, 41, 42], "w"))
    reader = Reader(tmp_path)
    reader.release(rows, registered({"u": "", "v": "", "w": "v"}))
    reader.release(rows, registered({"u": "m", "v": "m", "w": "m", "m": ""}))
    reader.release(rows, registered({"u": "", "v": "", "w": "u"}))
    assert reader.learns_about_few() == []


def test_a_threshold_that_hides_all_in_between(tmp_path):
    b = people(range(28))
    reader = Reader(tmp_path)
    reader.release(b)
    reader.release(together(b, people([50])), threshold=40)
    reader.release(together(b, people([50])))
    assert reader.learns_about_few() == []


@pytest.mark.parametrize("again", [{"organisation": "other"}, {"period": "2026-1"}])
def test_the_same_answers_under_another_name(tmp_path, again):
    rows = people(range(30))
    reader = Reader(tmp_path)
    reader.release(rows)
    reader.release(together(rows, people([50])).assign(**again))
    assert reader.learns_about_few() == []


def test_a_new_name_is_none_for_the_corrections_either(tmp_path):
    rows = people(range(30))
    reader = Reader(tmp_path)
    reader.release(rows)
    assert not reader.release(rows.assign(organisation="other")).waiting
    reader.release(together(rows, people(range(100, 106))).assign(organisation="other"))
    reader.release(together(rows, people([50])))
    assert reader.learns_about_few() == []


@pytest.mark.parametrize("items", ["a", "z"])
def test_another_name_of_the_instrument(tmp_path, items):
    """Its identifier alone, or those of points and items too."""
    reader = Reader(tmp_path)
    reader.release(people(range(30)))
    shape = {"id": "renamed"}
    if items == "z":
        point = INSTRUMENT.points[0]
        item = point.items[0].model_copy(update={"id": "z"})
        shape["points"] = (point.model_copy(update={"id": "z", "items": (item,)}), *INSTRUMENT.points[1:])
        reader.point = "z"
    renamed = type(INSTRUMENT).model_validate(INSTRUMENT.model_copy(update=shape).model_dump())
    late = people([*range(30), 50]).rename(columns={"a": items})
    for row in list(reader.records):
        assert row  # the same people and answers under both names
    reader.release(late, instrument=renamed)
    assert reader.learns_about_few() == []


def test_a_point_that_is_reversed_and_one_late(tmp_path):
    reader = Reader(tmp_path)
    reader.release(people(range(30)))
    point = INSTRUMENT.points[0]
    item = point.items[0].model_copy(update={"reversed": True})
    changed = INSTRUMENT.model_copy(
        update={"points": (point.model_copy(update={"items": (item,)}), *INSTRUMENT.points[1:])}
    )
    made = reader.release(
        people([*range(30), 50]), instrument=type(INSTRUMENT).model_validate(changed.model_dump())
    )
    assert made.waiting


def test_late_answers_that_are_all_alike(tmp_path):
    """Five more who all answered 5: the mean of the five is no bound, but exact."""
    reader = Reader(tmp_path)
    reader.release(people(range(30)))
    late = people(range(100, 105)).assign(a=5.0)
    reader.release(together(people(range(30)), late))
    whole = [(len(row), total) for row, total in reader.told]
    assert (35, whole[0][1] + 500) not in whole


def test_three_who_change_their_answer_under_shifted_row_numbers(tmp_path):
    first = people(range(30))
    changed = first.assign(respondent=first["respondent"] + 200)
    changed.loc[:2, "a"] = 6 - changed.loc[:2, "a"].where(changed.loc[:2, "a"] != 3, 2)
    reader = Reader(tmp_path)
    reader.release(first)
    reader.release(changed)
    assert reader.learns_about_few() == []


def test_dont_know_shares_of_three_releases(tmp_path):
    """The late one said "don't know" to a: shares of 30, 35 and 31."""
    unsure = people(range(8)).assign(a=0.0)
    b = together(unsure, people(range(8, 30)))
    reader = Reader(tmp_path)
    for rows in (b, together(b, people(range(100, 105)))):
        reader.release(rows)
    made = reader.release(together(b, people([50]).assign(a=0.0)))
    scores = pd.read_parquet(tmp_path / "results" / "organisation=org" / "scores.parquet")
    row = scores[scores["key"] == "a"].iloc[0]
    assert (row["n"], round(float(row["dont_know_share"]), 3)) != (22, round(9 / 31, 3))
    assert made.waiting


def consortium(ids: list[int], changed: int = 0) -> pd.DataFrame:
    """Organisations of eight by number; the first `changed` of them with other answers."""
    parts = []
    for place, i in enumerate(ids):
        other = 5000 if place < changed else 0
        parts.append(people(range(other + 10 * i, other + 10 * i + 8), organisation=f"o{i:02}"))
    return together(*parts)


def read_mean(outputs, key: str = "a") -> tuple[int, float]:
    frame = pd.read_parquet(outputs / "results" / "public" / "benchmarks.parquet")
    row = frame[(frame["group"] == "all") & (frame["key"] == key)].iloc[0]
    return int(row["organisations_n"]), float(row["mean"])


def whole_score(i: int) -> float:
    return float(25 * (ANSWERS[10 * i : 10 * i + 8, 0] - 1).mean())


def test_benchmarks_of_three_versions(tmp_path):
    """Fourteen organisations; six more; without these, and one more."""
    reader, told = Reader(tmp_path), []
    for ids in (range(14), range(20), [*range(14), 30]):
        reader.release(consortium(list(ids)))
        told.append(read_mean(tmp_path))
    guesses = [n2 * m2 - n1 * m1 for n1, m1 in told for n2, m2 in told if n2 - n1 == 1]
    assert not [g for g in guesses if abs(g - whole_score(30)) < 1.6]


@pytest.mark.parametrize("composite", [True, False])
def test_benchmarks_with_a_model_of_another_shape(tmp_path, composite):
    """The composite is renamed, or taken out; and one organisation answered anew."""
    reader = Reader(tmp_path)
    reader.release(consortium(list(range(14))))
    _, before = read_mean(tmp_path)
    shape = make_instrument(POINTS, {"c1": "across", "c2": "up"}, quadrants=True, composite=composite)
    named = shape.model_copy(update={"id": "another"})
    reader.release(consortium(list(range(14)), changed=1), instrument=named)
    frame = pd.read_parquet(tmp_path / "results" / "public" / "benchmarks.parquet")
    row = frame[(frame["group"] == "all") & (frame["key"] == "a")].iloc[0]
    assert row["status"] != "published" or float(row["mean"]) == before


def test_what_the_reader_finds_when_all_is_told():
    """The attack itself works: 30, 35 and 31 people, as rows."""
    owner = np.arange(36)
    rows = np.array([owner < 30, owner < 35, (owner < 30) | (owner == 35)], float)
    assert list_told(rows, owner, 5) == [{35}]


def test_a_method_that_is_raised_beside_one_late(tmp_path, monkeypatch):
    from dimios_core.results import score

    reader = Reader(tmp_path)
    reader.release(people(range(30)))
    monkeypatch.setattr(score, "METHOD_VERSION", 99)
    reader.release(people([*range(30), 50]))
    assert reader.learns_about_few() == []


def test_an_organisation_deleted_and_ingested_again(tmp_path):
    others = consortium([7])
    reader = Reader(tmp_path)
    reader.release(together(people(range(30)), others))
    reader.release(others)
    reader.release(together(people([*range(30), 50]), others), organisations=make_organisations("o07", "org"))
    assert reader.learns_about_few() == []

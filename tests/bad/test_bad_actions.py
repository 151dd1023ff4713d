"""One file per fault of initiatives and plans: refused with exit code 2, with place and remedy; nothing is stored."""

from __future__ import annotations

import pytest

from .conftest import HERE, SETUP, Ended, Place

ACTIONS = HERE / "actions"
FAULTS = {
    "initiatives_unknown_organisation": (
        "row 3, column organisation", "“Lindbi kommun” is not in the register", "“lindby kommun”", "id or name",
    ),
    "initiatives_empty_organisation": ("row 3, column organisation", "is empty", "fill it in"),
    "initiatives_unknown_point": (
        "row 3, column mätpunkt", "no measure point “Arbette”", "did you mean “arbete”", "id or name",
    ),
    "initiatives_empty_point": ("row 3, column mätpunkt", "is empty", "fill it in"),
    "initiatives_bad_start": ("row 3, column start", "“våren 2025” is no month", "2026-03"),
    "initiatives_thirteenth_month": ("row 3, column start", "“2025-13” is no month", "2026-03"),
    "initiatives_empty_start": ("row 3, column start", "the month is empty", "2026-03"),
    "initiatives_unknown_consent": ("row 3, column samtycke", "“anonymt”", "did you mean “anonym”", "use one of"),
    "initiatives_empty_consent": ("row 3, column samtycke", "without consent nothing may be shown", "use one of"),
    "initiatives_neither_yes_nor_no": ("row 3, column godkänd", "“kanske” is neither ja nor nej", "write ja or nej"),
    "initiatives_empty_title": ("row 3, column rubrik", "is empty", "say in a few words"),
    "initiatives_empty_text": ("row 3, column vad", "is empty", "say in a few words"),
    "initiatives_long_title": ("row 3, column rubrik", "151 characters, more than 150", "shorten"),
    "initiatives_long_text": ("row 3, column vad", "2001 characters, more than 2000", "shorten"),
    "initiatives_bad_id": ("row 3, column id", "“../b2” cannot be an identifier", "a-z"),
    "initiatives_same_id": ("row 3, column id", "also in row 2", "keep one"),
    "initiatives_same_title": ("row 3, column rubrik", "also in row 2", "an id of its own"),
    "initiatives_missing_column": ("samtycke / consent is missing", "add it"),
    "initiatives_column_twice": ("column point is there twice", "keep one"),
    "initiatives_header_only": ("no rows under the header", "right file"),
    "initiatives_unknown_kind": ("row 3, column slag", "“arbetsätt” is not known", "did you mean “arbetssätt”", "use one of"),
    "plan_unknown_kind": ("row 6, column Slag", "“styrnig” is not known", "did you mean “styrning”", "leave the cell empty"),
    "plan_unknown_unit": ("row 6, column Enhet", "no unit “hemtjensten”", "did you mean “hemtjänst”", "care, care-office, home-care, school", "leave the cell empty"),
    "plan_unknown_progress": ("row 6, column Läge", "“på gång” is not known", "genomfört, delvis, nej, vet ej"),
    "plan_neither_yes_nor_no": ("row 6, column Får delas med länet", "“kanske” is not known", "ja, nej"),
    "plan_unknown_organisation": ("row 2, column Organisation", "“lindbi”", "“lindby”", "register it"),
    "plan_no_organisation": ("no row that begins with Organisation", "dimios plan worksheet"),
    "plan_no_period": ("no row that begins with Mätning / Period", "dimios plan worksheet"),
    "plan_bad_period": ("row 3, column Mätning", "“hösten” is no period", "write the year"),
    "plan_no_header": ("no row with the column names", "dimios plan worksheet"),
    "plan_missing_column": ("row 5", "column Vem / who is missing", "add it"),
    "plan_column_twice": ("row 5, column När", "there twice", "keep one"),
    "plan_unknown_point": ("row 6, column Mätpunkt", "“Plaan”", "did you mean “plan”", "choose one"),
    "plan_bad_date": ("row 6, column När", "“i höst” is no month or date", "2027-03"),
    "plan_empty_who": ("row 6, column Vem", "is empty", "fill it in"),
    "plan_empty_point": ("row 6, column Mätpunkt", "is empty", "fill it in"),
    "plan_earlier_measurement": ("row 6, column Nästa mätning", "2024 is not later than 2025", "a later"),
    "plan_measurement_no_period": ("row 6, column Nästa mätning", "“nästa år” is no period", "write the year"),
    "plan_nothing_filled_in": ("no row is filled in", "at least one"),
    "plan_unit_of_one_without_units": ("row 6, column Enhet", "no unit “vård”", "the register has no units of this organisation"),
    "goal_unknown_organisation": ("row 3, column organisation", "“lindbi” is not in the register", "“lindby”", "an id"),
    "goal_unknown_level": ("row 3, column nivå", "“kategorie” is no level", "maturity, dimension, category, point"),
    "goal_unknown_key": ("row 3, column nyckel", "no point “Arbette”", "did you mean “arbete”", "id or name"),
    "goal_empty_key": ("row 3, column nyckel", "no dimension", "such as whole"),
    "goal_above_the_scale": ("row 3, column värde", "“101” is no result of 0 to 100", "write percent"),
    "goal_no_number": ("row 3, column värde", "“högt” is no result", "write percent"),
    "goal_bad_year": ("row 3, column år", "“nästa år” is no year from 2000 to 2100", "such as 2027"),
    "goal_twice": ("row 3, column år", "also in row 2", "keep one"),
    "goal_missing_column": ("år / year is missing", "add it"),
    "goal_column_twice": ("column level is there twice", "keep one"),
    "goal_header_only": ("no rows under the header", "right file"),
    "plan_long_text": ("row 6, column Vad", "more than 2000 characters", "shorten"),
}  # fmt: skip


def add(place: Place, name: str) -> Ended:
    group = name.split("_")[0]
    return place.command(
        group, "add", str(ACTIONS / f"{name}.csv"), "--instrument", str(SETUP / "instrument.yaml")
    )


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_is_refused(place: Place, name: str) -> None:
    before = place.contents()
    ended = add(place, name)
    assert ended.code == 2, ended.said
    for words in (f"{name}.csv", "→", *FAULTS[name]):
        assert words in ended.said, ended.said
    assert "Traceback" not in ended.said
    assert place.contents() == before


def test_every_faulty_file_is_tested() -> None:
    good = {"initiatives_good", "plan_good", "goal_good"}
    assert set(FAULTS) | good == {path.stem for path in ACTIONS.iterdir()}


@pytest.mark.parametrize("name", ["initiatives_good", "plan_good", "goal_good"])
def test_the_good_file_is_taken(place: Place, name: str) -> None:
    """The faults above are the only thing wrong with their files."""
    ended = add(place, name)
    assert ended.code == 0, ended.said
    assert len([p for p in place.contents() if p.endswith(f"{name.split('_')[0].rstrip('s')}s.parquet")]) == 1


def test_all_faults_of_a_file_are_told_at_once(place: Place) -> None:
    path = place.folder / "many.csv"
    text = (ACTIONS / "initiatives_good.csv").read_text(encoding="utf-8")
    path.write_text(
        text.replace("2025-03", "mars").replace("Arbete;", "Abc;").replace("anonym", "x"), encoding="utf-8"
    )
    ended = place.command("initiatives", "add", str(path), "--instrument", str(SETUP / "instrument.yaml"))
    for words in (
        "row 2, column start",
        "row 3, column mätpunkt",
        "row 3, column samtycke",
    ):
        assert words in ended.said


def test_ids_that_there_are_not_are_refused(place: Place) -> None:
    add(place, "initiatives_good")
    before = place.contents()
    ended = place.command("initiatives", "validate", "a1", "b3")
    assert ended.code == 2
    assert "initiative b3" in ended.said
    assert "did you mean “b2”" in ended.said or "there is none" in ended.said
    assert place.contents() == before
    assert place.command("initiatives", "validate").code == 2
    assert place.command("initiatives", "validate", "a1", "--all").code == 2

"""Initiatives are stored beside each other, change under their id, and are shown to nobody before they are read."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dimios_core.actions.initiatives import (
    INITIATIVE_COLUMNS,
    AddedInitiatives,
    add_initiatives,
    load_initiatives,
    validate_initiatives,
)
from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.responses import ResponseStore

SWEDISH = "organisation;mätpunkt;rubrik;vad;effekt;start;kontakt;samtycke;godkänd;id"
FIRST = "lindby;Plan;Ny plan;Vi skrev en plan.;Det märks.;2025-03;plan@lindby.example;namngiven;ja;l1"
SECOND = "Region Berga;arbete;Mer arbete;Vi arbetade.;;2025-04-15;;anonym;;"


@pytest.fixture
def add(tmp_path: Path, outputs: Path, instrument: Instrument):
    def act(*rows: str, header: str = SWEDISH) -> AddedInitiatives:
        path = tmp_path / "initiatives.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return add_initiatives(path, outputs, ResponseStore(outputs).register(), instrument)

    return act


def row_of(outputs: Path, organisation: str) -> dict:
    stored = load_initiatives(outputs)
    (row,) = stored[stored["organisation"] == organisation].to_dict("records")
    return row


def test_nothing_stored_is_an_empty_table(tmp_path: Path) -> None:
    empty = load_initiatives(tmp_path)
    assert list(empty.columns) == list(INITIATIVE_COLUMNS)
    assert empty.empty


def test_names_ids_dates_and_consent_are_understood(add, outputs: Path) -> None:
    added = add(FIRST, SECOND)
    assert (len(added.new), added.said_valid_n) == (2, 1)
    assert row_of(outputs, "lindby") == {
        "id": "l1", "organisation": "lindby", "point": "plan", "title": "Ny plan", "what": "Vi skrev en plan.",
        "effect": "Det märks.", "start": "2025-03", "contact": "plan@lindby.example", "consent": "named",
        "kind": "", "validated": False,
    }  # fmt: skip
    berga = row_of(outputs, "berga")
    assert (berga["point"], berga["start"], berga["consent"]) == ("work", "2025-04", "anonymous")
    assert (berga["effect"], berga["contact"]) == ("", "")


def test_english_headers_and_workbooks_are_read_too(outputs: Path, tmp_path: Path, instrument) -> None:
    book = openpyxl.Workbook()
    book.active.append(["title", "organisation", "point", "what", "start", "consent"])
    book.active.append(["A plan", "LINDBY", "Learning", "We learnt.", pd.Timestamp("2025-03-01"), "none"])
    path = tmp_path / "initiatives.xlsx"
    book.save(path)
    add_initiatives(path, outputs, ResponseStore(outputs).register(), instrument)
    row = row_of(outputs, "lindby")
    assert (row["point"], row["start"], row["consent"]) == ("learn", "2025-03", "none")


def test_the_store_is_its_owners_alone(add, outputs: Path) -> None:
    add(FIRST)
    folder = outputs / "initiatives"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "initiatives.parquet").stat().st_mode) == 0o600


def test_a_file_cannot_validate(add, outputs: Path) -> None:
    add(FIRST)
    assert not row_of(outputs, "lindby")["validated"]
    assert validate_initiatives(outputs, ["l1"]) == ["l1"]
    assert row_of(outputs, "lindby")["validated"]
    assert validate_initiatives(outputs, None) == []


def test_the_same_again_stays_validated(add, outputs: Path) -> None:
    add(FIRST, SECOND)
    validate_initiatives(outputs, None)
    before = (outputs / "initiatives" / "initiatives.parquet").read_bytes()
    again = add(FIRST, SECOND)
    assert (len(again.unchanged), again.new, again.changed) == (2, [], [])
    assert (outputs / "initiatives" / "initiatives.parquet").read_bytes() == before
    assert load_initiatives(outputs)["validated"].all()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vi skrev en plan.", "Anna skrev en plan."),
        ("2025-03", "2025-04"),
        ("plan@lindby.example", "anna@lindby.example"),
        ("namngiven", "anonym"),
        ("Plan;Ny", "Lärande;Ny"),
    ],
)
def test_a_change_has_to_be_read_again(add, outputs: Path, old: str, new: str) -> None:
    add(FIRST, SECOND)
    validate_initiatives(outputs, None)
    assert old in FIRST
    assert add(FIRST.replace(old, new)).changed == ["l1"]
    stored = load_initiatives(outputs).set_index("organisation")["validated"]
    assert not stored["lindby"]
    assert stored["berga"]


def test_without_an_id_the_same_title_is_the_same_initiative(add, outputs: Path) -> None:
    (first,) = add(SECOND).new
    assert add(SECOND.replace("Vi arbetade.", "Vi arbetade mer.")).changed == [first]
    assert add(SECOND.replace("Mer arbete", "Annat arbete")).new != [first]
    assert len(load_initiatives(outputs)) == 2


def test_an_id_of_another_organisation_is_refused(add, outputs: Path) -> None:
    add(FIRST)
    with pytest.raises(InputError, match="another organisation's"):
        add(FIRST.replace("lindby;", "berga;"))
    assert row_of(outputs, "lindby")["title"] == "Ny plan"


def test_an_address_is_not_repeated_in_a_message(add) -> None:
    with pytest.raises(InputError) as error:
        add(FIRST.replace("2025-03", "anna@lindby.example"))
    assert "anna" not in str(error.value)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("styrning", "governance"),
        ("Arbetssätt", "process"),
        ("procurement", "procurement"),
        ("Inköp", "procurement"),
        ("", ""),
    ],
)
def test_kinds_are_written_in_either_language_or_not_at_all(
    add, outputs: Path, written: str, kind: str
) -> None:
    add(f"{FIRST};{written}", header=f"{SWEDISH};slag")
    assert row_of(outputs, "lindby")["kind"] == kind


def test_another_kind_has_to_be_read_again(add, outputs: Path) -> None:
    add(FIRST)
    validate_initiatives(outputs, None)
    assert add(f"{FIRST};teknik", header=f"{SWEDISH};kind").changed == ["l1"]
    assert not row_of(outputs, "lindby")["validated"]


def test_what_was_stored_before_there_were_kinds_has_none(outputs: Path) -> None:
    (outputs / "initiatives").mkdir()
    shutil.copy(Path(__file__).parent / "before_kinds" / "initiatives.parquet", outputs / "initiatives")
    stored = load_initiatives(outputs)
    assert list(stored.columns) == list(INITIATIVE_COLUMNS)
    assert stored[["id", "organisation", "title", "kind"]].to_numpy().tolist() == [
        ["b2", "berga", "Ett arbete", ""], ["a1", "lindby", "En plan", ""],
    ]  # fmt: skip
    assert validate_initiatives(outputs, ["a1"]) == ["a1"]


def test_a_file_without_the_column_leaves_kinds_as_they_are_and_an_empty_cell_takes_one_away(
    add, outputs: Path
) -> None:
    """What was validated with its kind stays so: nothing of it changed."""
    add(f"{FIRST};teknik", f"{SECOND};", header=f"{SWEDISH};slag")
    validate_initiatives(outputs, None)
    again = add(FIRST, SECOND)
    assert (again.changed, len(again.unchanged), again.kept_kinds_n) == ([], 2, 1)
    assert row_of(outputs, "lindby")["kind"] == "technology"
    assert row_of(outputs, "lindby")["validated"]
    changed = add(FIRST.replace("Ny plan", "Nyare plan"))
    assert (changed.changed, changed.kept_kinds_n) == (["l1"], 1)
    assert row_of(outputs, "lindby")["kind"] == "technology"
    emptied = add(f"{FIRST};", header=f"{SWEDISH};slag")
    assert (emptied.changed, emptied.kept_kinds_n) == (["l1"], 0)
    assert row_of(outputs, "lindby")["kind"] == ""

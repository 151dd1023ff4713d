"""The worksheet goes out empty and comes back filled in, in both languages and both formats."""

from __future__ import annotations

import csv
import io
import shutil
import stat
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dimios_core.actions.plans import (
    add_plan,
    load_plans,
    read_plan,
    write_worksheet,
    write_worksheet_csv,
)
from dimios_core.errors import InputError
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.responses import ResponseStore

HEADERS = {"sv": "Vad", "en": "What"}
FILLED = {
    "sv": ("Göra en plan; snart", "Anna Ek", "2025-11", "Arbete", "Den finns", "2026"),
    "en": ("Make a plan; soon", "Anna Ek", "2025-11-30", "Work", "It is there", 2026),
}


#: kind, unit, progress, consent
OWN = {
    "sv": ("Arbetssätt", "Hemtjänst", "Delvis", "Ja"),
    "en": ("Process", "home-care", "Partly", "Yes"),
}
BEFORE = Path(__file__).parent / "before_kinds"


@pytest.fixture
def register(outputs: Path):
    return ResponseStore(outputs).register()


def open_sheet(instrument: Instrument, language: str = "sv", **more):
    content = write_worksheet(instrument, "lindby", "Lindby kommun", "2025", language, **more)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    header = next(n for n in range(1, 30) if sheet.cell(n, 1).value == HEADERS[language])
    return book, sheet, header


def fill(sheet, row: int, values) -> None:
    for column, value in enumerate(values, start=1):
        sheet.cell(row, column).value = value


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_filled_in_workbook_is_read_back(tmp_path: Path, instrument, register, language: str) -> None:
    book, sheet, header = open_sheet(instrument, language)
    fill(sheet, header + 1, FILLED[language])
    fill(sheet, header + 4, ("Mer", "Bo", "2026-01", "learn", None, None))
    book.save(tmp_path / "plan.xlsx")
    plan = read_plan(tmp_path / "plan.xlsx", register, instrument)
    what, who, when, _, expected, _ = FILLED[language]
    assert plan.to_dict("records") == [
        {
            "organisation": "lindby", "period": "2025", "what": what, "who": who, "when": when, "point": "work",
            "expected": expected, "measure_period": "2026", "kind": "", "unit": "", "progress": "", "consent": "no", "outcome": "",
        },
        {
            "organisation": "lindby", "period": "2025", "what": "Mer", "who": "Bo", "when": "2026-01",
            "point": "learn", "expected": "", "measure_period": "", "kind": "", "unit": "", "progress": "", "consent": "no", "outcome": "",
        },
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "delimiter"), [("sv", ";"), ("en", ",")])
def test_a_filled_in_text_file_is_read_back(
    tmp_path: Path, instrument, register, language: str, delimiter: str
) -> None:
    text = write_worksheet_csv(instrument, "lindby", "Lindby kommun", "2025-1", language)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    assert {len(row) for row in rows} == {11}
    header = next(n for n, row in enumerate(rows) if row[0] == HEADERS[language])
    rows[header + 1] = [
        *(str(value) for value in FILLED[language][:-1]),
        "2025-2",
        *OWN[language],
        "Bra, men sent",
    ]
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    plan = read_plan(path, register, instrument)
    assert len(plan) == 1
    assert plan.loc[0, ["organisation", "period", "point", "measure_period"]].tolist() == [
        "lindby", "2025-1", "work", "2025-2",
    ]  # fmt: skip
    assert plan.loc[0, ["what", "outcome"]].tolist() == [FILLED[language][0], "Bra, men sent"]
    assert plan.loc[0, ["kind", "unit", "progress", "consent"]].tolist() == [
        "process",
        "home-care",
        "partly",
        "yes",
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_that_begin_as_formulas_stay_texts_and_are_read_back(
    tmp_path, instrument, register, kind
) -> None:
    point = instrument.points[0]
    called = point.model_copy(update={"name": {"sv": "=1+1", "en": "=1+1"}})
    hostile = instrument.model_copy(update={"points": [called, *instrument.points[1:]]})
    given = (hostile, "lindby", "@Lindby", "2025", "sv", [point.id])
    path = tmp_path / f"plan.{kind}"
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(write_worksheet_csv(*given)), delimiter=";"))
        (row,) = [row for row in rows if "'=1+1" in row]
        assert ["Organisation", "lindby", "'@Lindby", *[""] * 8] in rows
        row[:3] = ["Mer", "Bo", "2026-01"]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
    else:
        book = openpyxl.load_workbook(io.BytesIO(write_worksheet(*given)))
        assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        (cell,) = [c for row in book.worksheets[0].iter_rows() for c in row if c.value == "=1+1"]
        cell.data_type = "s"
        fill(book.worksheets[0], cell.row, ("Mer", "Bo", "2026-01"))
        book.save(path)
    assert read_plan(path, register, hostile)["point"].tolist() == [point.id]


def test_the_empty_worksheet_is_the_same_bytes_every_time(instrument) -> None:
    arguments = (instrument, "lindby", "Lindby kommun", "2025")
    first = write_worksheet(*arguments)
    time.sleep(2.1)  # zip counts time in steps of two seconds
    assert write_worksheet(*arguments) == first
    assert write_worksheet(*arguments, "en") != first


def test_the_list_to_choose_from_holds_every_measure_point(instrument) -> None:
    dimios = load_instrument("dimios")
    book, sheet, header = open_sheet(dimios)
    choices = {str(c.sqref): c for c in sheet.data_validations.dataValidation}
    assert {c.type for c in choices.values()} == {"list"}
    assert set(choices) == {f"{c}{header + 1}:{c}{sheet.max_row}" for c in "DGIJ"}
    choice = choices[f"D{header + 1}:D{sheet.max_row}"]
    kinds = choices[f"G{header + 1}:G{sheet.max_row}"]
    assert kinds.formula1 == '"Styrning,Organisation,Kompetens,Arbetssätt,Teknik,Inköp,Samarbete"'
    name, cells = choice.formula1.split("!")
    values = [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]
    assert values == [p.name["sv"] for p in dimios.points]


def test_points_written_in_beforehand_and_left_alone_are_no_plan(
    tmp_path: Path, instrument, register
) -> None:
    book, sheet, header = open_sheet(instrument, points=("learn", "plan"))
    assert [sheet.cell(header + n, 4).value for n in (1, 2)] == ["Lärande", "Plan"]
    book.save(tmp_path / "empty.xlsx")
    with pytest.raises(InputError, match="no row is filled in"):
        read_plan(tmp_path / "empty.xlsx", register, instrument)
    fill(sheet, header + 1, ("Lära", "Bo", "2025-12"))
    book.save(tmp_path / "plan.xlsx")
    assert read_plan(tmp_path / "plan.xlsx", register, instrument)["point"].tolist() == ["learn"]


def test_faults_in_a_workbook_are_told_with_their_cells(tmp_path: Path, instrument, register) -> None:
    book, sheet, header = open_sheet(instrument)
    fill(sheet, header + 1, ("Göra", None, "snart", "Plaan", None, "2024"))
    for row in sheet.iter_rows(1, header - 1):
        if row[0].value == "Organisation":
            row[1].value, organisation_row = "lindbi", row[0].row
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(InputError) as error:
        read_plan(tmp_path / "plan.xlsx", register, instrument)
    assert [p.place for p in error.value.problems] == [
        f"plan.xlsx, sheet Handlingsplan, cell B{organisation_row} (Organisation)"
    ]
    sheet.cell(organisation_row, 2).value = "lindby"
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(InputError) as error:
        read_plan(tmp_path / "plan.xlsx", register, instrument)
    cells = {p.place.rpartition("cell ")[2] for p in error.value.problems}
    n = header + 1
    assert cells == {f"B{n} (Vem)", f"C{n} (När)", f"D{n} (Mätpunkt)", f"F{n} (Nästa mätning)"}


def test_a_plan_replaces_the_one_of_its_period_only(
    tmp_path: Path, instrument, register, outputs: Path
) -> None:
    def add(period: str, *things: str) -> None:
        content = write_worksheet(instrument, "lindby", "Lindby kommun", period)
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        header = next(n for n in range(1, 30) if sheet.cell(n, 1).value == "Vad")
        for n, thing in enumerate(things, start=header + 1):
            fill(sheet, n, (thing, "Anna", "2027-01", "Plan"))
        book.save(tmp_path / "plan.xlsx")
        add_plan(tmp_path / "plan.xlsx", outputs, register, instrument)

    assert load_plans(outputs).empty
    add("2025", "a", "b")
    add("2026", "c")
    add("2025", "d")
    assert load_plans(outputs)[["period", "what"]].to_numpy().tolist() == [["2025", "d"], ["2026", "c"]]
    assert stat.S_IMODE((outputs / "plans").stat().st_mode) == 0o700


@pytest.mark.parametrize("language", ["sv", "en"])
def test_kind_unit_progress_and_consent_are_read_from_a_workbook(
    tmp_path, instrument, register, language
) -> None:
    book, sheet, header = open_sheet(instrument, language)
    fill(sheet, header + 1, (*FILLED[language], *OWN[language]))
    book.save(tmp_path / "plan.xlsx")
    plan = read_plan(tmp_path / "plan.xlsx", register, instrument)
    assert plan.loc[0, ["kind", "unit", "progress", "consent"]].tolist() == [
        "process",
        "home-care",
        "partly",
        "yes",
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_worksheet_with_a_plan_is_read_back_as_it_was_with_what_came_of_it(
    tmp_path, instrument, register, language
) -> None:
    book, sheet, header = open_sheet(instrument)
    fill(sheet, header + 1, (*FILLED["sv"], *OWN["sv"]))
    fill(sheet, header + 2, ("Mer", "Bo", "2026-01", "learn"))
    book.save(tmp_path / "plan.xlsx")
    before = read_plan(tmp_path / "plan.xlsx", register, instrument)
    written = before.drop(columns=["organisation", "period"]).to_dict("records")
    book, sheet, header = open_sheet(instrument, language, plans=written)
    assert sheet.cell(header + 1, 9).value == {"sv": "Delvis", "en": "Partly"}[language]
    sheet.cell(header + 2, 9).value = {"sv": "Genomfört", "en": "Done"}[language]
    sheet.cell(header + 2, 11).value = "Alla vet vem de ska fråga"
    book.save(tmp_path / "plan.xlsx")
    after = read_plan(tmp_path / "plan.xlsx", register, instrument)
    assert after["progress"].tolist() == ["partly", "done"]
    assert after["outcome"].tolist() == ["", "Alla vet vem de ska fråga"]
    same = [c for c in before if c not in ("progress", "outcome")]
    assert after[same].equals(before[same])


@pytest.mark.parametrize(
    ("written", "progress"),
    [
        ("klart", "done"),
        ("genomfört", "done"),
        ("Delvis", "partly"),
        ("NEJ", "no"),
        ("vet ej", "unknown"),
        ("done", "done"),
        ("", ""),
    ],
)
def test_how_far_it_has_come(tmp_path, instrument, register, written: str, progress: str) -> None:
    book, sheet, header = open_sheet(instrument)
    fill(sheet, header + 1, (*FILLED["sv"], None, None, written or None))
    book.save(tmp_path / "plan.xlsx")
    assert read_plan(tmp_path / "plan.xlsx", register, instrument)["progress"].tolist() == [progress]


def test_all_faults_of_the_new_columns_are_told_at_once(tmp_path, instrument, register) -> None:
    book, sheet, header = open_sheet(instrument)
    # two units are called Kansli
    fill(sheet, header + 1, (*FILLED["sv"], "Styrnig", "Kansli", "halvvägs", "kanske"))
    fill(sheet, header + 2, (*FILLED["sv"], None, "care-offic"))
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(InputError) as error:
        read_plan(tmp_path / "plan.xlsx", register, instrument)
    cells = [p.place.rpartition("cell ")[2] for p in error.value.problems]
    n = header + 1
    assert cells == [
        f"G{n} (Slag)", f"I{n} (Läge)", f"J{n} (Får delas med länet)", f"H{n} (Enhet)", f"H{n + 1} (Enhet)",
    ]  # fmt: skip
    assert "did you mean “styrning”" in str(error.value)
    assert "did you mean “care-office”" in str(error.value)


@pytest.mark.parametrize(("file", "period"), [("plan.xlsx", "2025"), ("plan.csv", "2026")])
def test_a_worksheet_from_before_there_were_kinds_is_read_as_it_was_then(
    instrument, register, file: str, period: str
) -> None:
    """What was read of these files then is what was stored of them."""
    then = pd.read_parquet(BEFORE / "plans.parquet")
    plan = read_plan(BEFORE / file, register, instrument)
    assert plan[list(then.columns)].equals(then[then["period"] == period].reset_index(drop=True))
    assert {tuple(row) for row in plan[["kind", "unit", "progress", "consent"]].to_numpy()} == {
        ("", "", "", "no")
    }


def test_what_was_stored_before_there_were_kinds_is_as_if_it_were_stored_now(
    tmp_path: Path, instrument, register, outputs: Path
) -> None:
    (outputs / "plans").mkdir()
    shutil.copy(BEFORE / "plans.parquet", outputs / "plans")
    before = load_plans(outputs)
    for file in ("plan.xlsx", "plan.csv"):
        add_plan(BEFORE / file, outputs, register, instrument)
    assert load_plans(outputs).equals(before)
    assert set(before["consent"]) == {"no"}

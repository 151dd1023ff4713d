"""What workbooks hide, in each of their formats: sheets, rows, columns, formulas, dates; nothing of it passes without a word."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from .books import WRITERS, Sheet
from .conftest import CASES, Reader

HEADER = ("ID", "Vi planerar", "Vi arbetar", "Vi lär")
PEOPLE = [("a", 5, 4, 3), ("b", 1, 2, 3), ("c", 4, 4, 4)]
SOUND = Sheet("Svar", [HEADER, *PEOPLE])
EXPECTED = [(1, 2, 3), (4, 4, 4), (5, 4, 3)]
MAPPING = (
    "id: m\nlayout: wide\ncolumns: {organisation: {value: lindby}, period: {value: '2026'}, respondent: {column: ID}}\n"
    "items: {Vi planerar: plan, Vi arbetar: work, Vi lär: learn}\n"
)
#: what a spreadsheet makes of another one's answers, with fewer of the columns
OTHERS = Sheet("Andra", [HEADER[:3], ("x", 1, 1)])


@pytest.fixture(params=WRITERS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def book(reader: Reader, kind: str, *sheets: Sheet) -> Path:
    path = reader.folder / f"svar{kind}"
    WRITERS[kind](path, sheets)
    return path


def notes_of(reader: Reader, file: Path, mapping: str = MAPPING) -> str:
    (taken,) = reader.take(file, mapping).files
    return " | ".join(taken.notes)


def test_the_sheet_that_is_shown_is_read(reader: Reader, kind: str) -> None:
    for state in ("hidden", "veryHidden"):
        told = notes_of(reader, book(reader, kind, replace(SOUND, name="Förra", state=state), SOUND))
        assert "the hidden sheet “Förra” has 4 of the 4 columns, and is not read" in told
        assert reader.answers() == EXPECTED


def test_the_answers_of_another_sheet_are_told(reader: Reader, kind: str) -> None:
    told = notes_of(reader, book(reader, kind, OTHERS, SOUND))
    assert "the sheet “Andra” has 3 of the 4 columns, and is not read" in told
    assert reader.answers() == EXPECTED
    said = reader.refuse(book(reader, kind, SOUND, replace(SOUND, name="Norr")), MAPPING)
    assert "several sheets have these columns: Svar, Norr" in said


def test_answers_in_a_hidden_sheet_wait_for_its_name(reader: Reader, kind: str) -> None:
    file = book(reader, kind, Sheet("Läs mig", [["ID"], ["text"]]), replace(SOUND, state="hidden"))
    said = reader.refuse(file, MAPPING)
    assert "in the hidden sheet “Svar”" in said
    reader.take(file, MAPPING + "file: {sheet: Svar}\n")
    assert reader.answers() == EXPECTED


def test_hidden_rows_wait_for_a_choice(reader: Reader, kind: str) -> None:
    file = book(reader, kind, replace(SOUND, hidden_rows={3}))
    assert "row 3: the row is hidden, by a filter or by hand" in reader.refuse(file, MAPPING)
    assert "1 hidden rows are left out" in notes_of(reader, file, MAPPING + "file: {hidden_rows: drop}\n")
    assert reader.answers() == [(4, 4, 4), (5, 4, 3)]


def test_hidden_columns_are_told(reader: Reader, kind: str) -> None:
    told = notes_of(reader, book(reader, kind, replace(SOUND, hidden_columns={3})))
    assert "hidden columns are read: Vi arbetar" in told


def test_a_formula_an_error_and_merged_cells_are_named(reader: Reader, kind: str) -> None:
    said = reader.refuse(book(reader, kind, replace(SOUND, formulas={(2, 3)})), MAPPING)
    assert "row 2, cell C2: a formula, not a value" in said
    said = reader.refuse(book(reader, kind, Sheet("Svar", [HEADER, ("a", 5, "#N/A", 3)])), MAPPING)
    assert "row 2" in said
    assert "error value" in said or "“#N/A” is not understood" in said
    said = reader.refuse(book(reader, kind, replace(SOUND, merged=(3, 4, 2, 2))), MAPPING)
    assert "cells B3:B4: merged cells" in said
    # beside the answers they do no harm
    beside = [[*row, None, "text", None] for row in SOUND.rows]
    reader.take(book(reader, kind, Sheet("Svar", beside, formulas={(2, 6)}, merged=(2, 3, 7, 8))), MAPPING)
    assert reader.answers() == EXPECTED


def test_a_date_where_an_answer_should_be_is_called_so(reader: Reader, kind: str) -> None:
    said = reader.refuse(book(reader, kind, Sheet("Svar", [HEADER, ("a", date(2026, 5, 1), 4, 3)])), MAPPING)
    assert "row 2, column Vi planerar: the answer is a date" in said


def test_headers_with_unseen_characters_are_those_that_are_seen(reader: Reader, kind: str) -> None:
    header = ("\ufeffID", "Vi\u00a0planerar", "Vi arbe\u00adtar", "Vi la\u0308r\u200b")
    reader.take(book(reader, kind, Sheet("Svar", [header, *PEOPLE])), MAPPING)
    assert reader.answers() == EXPECTED


def test_a_workbook_that_libreoffice_wrote(reader: Reader) -> None:
    """A hidden first sheet, a hidden row, a hidden column."""
    file = CASES / "09-excel" / "libreoffice.ods"
    said = reader.refuse(file, MAPPING)
    assert "row 3: the row is hidden" in said
    told = notes_of(reader, file, MAPPING + "file: {hidden_rows: read}\n")
    assert "hidden columns are read: Vi arbetar" in told
    assert "the hidden sheet “Förra” has 4 of the 4 columns" in told
    assert reader.answers() == EXPECTED


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.usefixtures("heavy")
@pytest.mark.long
def test_another_program_sees_the_same_in_our_binary_workbooks(reader: Reader) -> None:
    """LibreOffice opens what `books` writes, and finds the same rows and columns hidden as the test means."""
    file = book(reader, ".xlsb", replace(SOUND, hidden_rows={3}, hidden_columns={3}, merged=(3, 4, 2, 2)))
    command = ["soffice", f"-env:UserInstallation=file://{reader.folder}/profile", "--headless", "--convert-to", "ods", "--outdir", reader.folder, file]  # fmt: skip
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    said = reader.refuse(reader.folder / "svar.ods", MAPPING)
    assert "cells B3:B4: merged cells" in said
    with zipfile.ZipFile(reader.folder / "svar.ods") as archive:
        content = archive.read("content.xml").decode()
    assert len(re.findall(r'<table:table-row [^>]*table:visibility="(?:collapse|filter)"', content)) == 1
    assert len(re.findall(r'<table:table-column [^>]*table:visibility="collapse"', content)) == 1


def rewritten(reader: Reader, changes: dict[str, str], renames: dict[str, str] | None = None) -> Path:
    """A sound .xlsx with parts of its XML replaced, and parts moved."""
    whole = book(reader, ".xlsx", SOUND)
    path = reader.folder / "other.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for pattern, to in changes.items():
                text = re.sub(pattern, to, text)
            new.writestr((renames or {}).get(name, name), text)
    return path


def test_archives_that_other_programs_pack_are_read(reader: Reader) -> None:
    backwards = {n: n.replace("/", "\\") for n in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/theme/theme1.xml", "xl/sharedStrings.xml")}  # fmt: skip
    reader.take(rewritten(reader, {}, backwards), MAPPING)
    assert reader.answers() == EXPECTED


def test_what_is_hidden_in_another_spelling_is_found(reader: Reader) -> None:
    spelt = ("hidden='1'", 'ht="15" hidden="true"', 'ht="0" customHeight="1"', 'hidden="1" spans="1:4"')
    for hidden in spelt:
        said = reader.refuse(rewritten(reader, {'<row r="3"': f'<row r="3" {hidden}'}), MAPPING)
        assert "row 3: the row is hidden" in said
    placeless = {'<row r="3"': '<row hidden="1"'}
    assert "the sheet does not say where they are" in reader.refuse(rewritten(reader, placeless), MAPPING)
    # cells without their names are counted; a formula among them is not taken for its neighbour's
    bare = {r'<c r="[A-Z]\d+"': "<c", r"<v>4</v></c>(?=<c[^>]*><v>3)": "<f>2+2</f><v>4</v></c>"}
    assert "the sheet does not say where they are" in reader.refuse(rewritten(reader, bare), MAPPING)


def test_a_sheet_of_charts_is_no_table(reader: Reader) -> None:
    whole = openpyxl.load_workbook(book(reader, ".xlsx", SOUND))
    whole.create_chartsheet("Diagram", 0)
    whole.save(reader.folder / "chart.xlsx")
    reader.take(reader.folder / "chart.xlsx", MAPPING)
    assert reader.answers() == EXPECTED

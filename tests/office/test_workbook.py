"""A workbook of anybody's words, tables and charts: numbers are numbers, words are words, and all is labelled."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from dimios_core.office.office_text import read_office_reads
from dimios_core.office.workbook.book import write_book
from dimios_core.office.workbook.outline import (
    Book,
    Charts,
    ChartTable,
    Section,
    Sheet,
    SheetColumn,
    SheetRow,
    SheetTable,
    Words,
)

WORDS = Words(
    (
        Section("About", (("who", "Lillby"), ("", "=1+1"))),
        Section("Columns", (("a", "b", "c", "d"),), ("w", "x", "y", "z")),
    )
)
TABLE = SheetTable(
    "weeks",
    (SheetColumn("week"), SheetColumn("change (pp)", "difference", True), SheetColumn("people", "count")),
    (
        SheetRow(("@cmd", -2.5, 7), certain=True),
        SheetRow(("second", "too few", "–"), shown=False),
    ),
)
CHART = ChartTable(
    "Levels", "Up.", "Up, told.", ("what", "level", "low", "high", "others", "remark"), ("score",) * 4,
    (("one", 40.0, 35.0, 45.0, 50.0, ""), ("two", None, None, None, 60.0, "too few")),
)  # fmt: skip
BARS = ChartTable(
    "Shares", "Half.", "Half, told.", ("what", "share", "remark"), ("share",), (("one", 0.5, ""),)
)
BOOK = Book(
    "Weeks: Lillby", "Lillby & Storby", "Made up", "There is nothing.",
    (
        Sheet("Read first", "What is here.", WORDS),
        Sheet("Charts", "Two.", Charts((CHART, BARS))),
        Sheet("Weeks", "All.", TABLE),
        Sheet("Empty table", "None.", SheetTable("empty", TABLE.columns, ())),
        Sheet("Empty charts", "None.", Charts(())),
    ),
    {"stamp.json": "0123456789ab"},
)  # fmt: skip


@pytest.fixture(scope="module")
def content() -> bytes:
    return write_book(BOOK)


@pytest.fixture(scope="module")
def book(content) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet) -> list[tuple]:
    return [tuple(v for v in row if v is not None) for row in sheet.iter_rows(values_only=True)]


def test_every_sheet_has_its_top_and_the_label_on_screen_and_on_paper(book):
    assert book.sheetnames == [sheet.name for sheet in BOOK.sheets]
    for sheet, planned in zip(book.worksheets, BOOK.sheets, strict=True):
        assert rows(sheet)[:3] == [(f"{planned.name}: Lillby & Storby",), (planned.tells,), ("Made up",)]
        assert sheet.oddFooter.left.text.replace("&&", "&") == "Lillby & Storby. Made up"


def test_words_stand_under_their_headings(book):
    told = [row for row in rows(book["Read first"])[3:] if row]
    assert told == [
        ("About",),
        ("who", "Lillby"),
        ("=1+1",),
        ("Columns",),
        ("w", "x", "y", "z"),
        ("a", "b", "c", "d"),
    ]


def test_numbers_are_numbers_and_nothing_is_a_formula(book):
    sheet = book["Weeks"]
    assert [c.value for c in sheet[4]] == ["week", "change (pp)", "people"]
    assert [(c.value, c.data_type) for c in sheet[5]] == [("@cmd", "s"), (-2.5, "n"), (7, "n")]
    assert [c.data_type for c in sheet[6]] == ["s"] * 3
    assert not any(cell.data_type == "f" for s in book for row in s.iter_rows() for cell in row)


def test_what_is_certain_stands_out_and_what_is_not_shown_is_quiet(book):
    certain, hidden = book["Weeks"][5], book["Weeks"][6]
    assert [bool(c.font.bold) for c in certain] == [False, True, False]
    assert [bool(c.font.italic) for c in (*certain, *hidden)] == [False] * 3 + [True] * 3


def test_a_table_has_filters_and_a_frozen_head(book):
    (table,) = book["Weeks"].tables.values()
    assert (table.name, table.ref) == ("weeks_table", "A4:C6") and table.autoFilter is not None
    assert book["Weeks"].freeze_panes == "A5"


def test_a_sheet_without_anything_says_so(book):
    for name in ("Empty table", "Empty charts"):
        assert [row for row in rows(book[name])[3:] if row] == [("There is nothing.",)]
        assert not book[name].tables and not book[name]._charts


def test_charts_are_drawn_of_the_tables_beside_them(book, content):
    sheet = book["Charts"]
    levels, bars = sheet._charts
    # the reference is drawn as columns, and the figure with its limits over them
    (columns,) = levels.series
    assert columns.val.numRef.f == "Charts!$E$8:$E$9"
    assert [s.val.numRef.f for s in levels._charts[1].series] == [
        f"Charts!${c}$8:${c}$9" for c in ("D", "C", "B")
    ]
    assert [cell.value for cell in sheet[8]] == ["one", 40, 35, 45, 50, None]
    assert [cell.value for cell in sheet[9]] == ["two", None, None, None, 60, "too few"]
    at = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "Shares") + 3
    assert [s.val.numRef.f for s in bars.series] == [f"Charts!$B${at}"]
    assert sheet.cell(at, 2).value == 0.5
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert 'descr="Up, told."' in drawing and 'descr="Half, told."' in drawing


def test_a_chart_of_nothing_can_be_told_from_one_of_something():
    assert CHART.shows_anything
    assert not replace(CHART, rows=(("two", None, None, None, None, "too few"),)).shows_anything


def test_the_same_book_gives_the_same_bytes_and_tells_what_it_was_made_of(content):
    assert content == write_book(BOOK) != write_book(replace(BOOK, label=""))
    assert read_office_reads(content) == {"stamp.json": "0123456789ab"}

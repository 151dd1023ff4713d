"""The worksheet's file as spreadsheet programs see it: looks, lists, and nothing of whom it was written for before."""

from __future__ import annotations

import io

import openpyxl
import pytest

from dimios_core.actions.worksheet import FILLED_COLUMNS, write_worksheet

HEADER = 11


def open_book(instrument, name: str = "Lindby kommun", **more):
    content = write_worksheet(instrument, "lindby", name, "2025", "sv", **more)
    return openpyxl.load_workbook(io.BytesIO(content))


def plan_of(text: str) -> dict[str, str]:
    return dict.fromkeys(FILLED_COLUMNS, "") | {"what": text, "point": "plan"}


def test_names_of_columns_stay_in_sight_and_a_page_is_as_wide_as_the_sheet(instrument) -> None:
    sheet, points = open_book(instrument).worksheets
    assert sheet.freeze_panes == f"A{HEADER + 1}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (
        "landscape", 1, 0,
    )  # fmt: skip
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [int(sheet.column_dimensions[c].width) for c in "ACEK"] == [46, 12, 40, 40]
    assert [int(points.column_dimensions[c].width) for c in "ABC"] == [34, 26, 90]


def test_what_cells_look_like(instrument) -> None:
    sheet, points = open_book(instrument, points=("learn",)).worksheets
    assert (sheet["A1"].font.b, sheet["A1"].font.sz) == (True, 14)
    assert [sheet[f"A{n}"].value for n in (8, 9)] == ["Organisation", "Mätning"]
    assert [sheet[at].font.b for at in ("A8", "A9", "B8", "A2")] == [True, True, False, False]
    for letter in "ABCDEFGHIJK":
        header, *entries = (sheet[f"{letter}{n}"] for n in (HEADER, HEADER + 1, HEADER + 20))
        assert header.value
        assert (header.font.b, header.fill.fgColor.rgb) == (True, "FFE8EDF3")
        for cell in (header, *entries):
            assert (cell.border.left.style, cell.border.bottom.color.rgb) == ("thin", "FFBBBBBB")
            assert (cell.alignment.wrap_text, cell.alignment.vertical) == (True, "top")
            assert cell.number_format == "@"  # 2027-03 stays what was written
        assert not any(cell.font.b for cell in entries)
    assert [points[at].font.b for at in ("A1", "C1", "A2", "C2")] == [True, True, False, False]
    assert [points[at].alignment.wrap_text for at in ("A2", "C2")] == [None, True]


def test_a_long_plan_has_lists_to_choose_from_in_every_row(instrument) -> None:
    plans = [plan_of(f"thing {n}") for n in range(25)]
    sheet = open_book(instrument, plans=plans).worksheets[0]
    last = HEADER + 25
    assert [sheet.cell(n, 1).value for n in (HEADER + 1, last, last + 1)] == ["thing 0", "thing 24", None]
    assert {str(c.sqref) for c in sheet.data_validations.dataValidation} == {
        f"{letter}{HEADER + 1}:{letter}{last}" for letter in "DGIJ"
    }
    assert all(
        c.showErrorMessage and c.allow_blank and c.error for c in sheet.data_validations.dataValidation
    )


def test_rows_are_as_high_as_their_longest_text(instrument) -> None:
    """Not every program makes them so when it opens a file."""
    plans = [plan_of(text) for text in ("short", "word " * 15, "one\ntwo\nthree", "x" * 100)]
    sheet = open_book(instrument, plans=plans).worksheets[0]
    assert [sheet.row_dimensions[HEADER + n].height for n in range(1, 6)] == [None, 30, 45, 45, None]
    assert sheet.row_dimensions[HEADER].height == 30  # "Får delas med länet" in a column for 13 letters


@pytest.mark.parametrize(
    "text", ["A & B < \"C\" > 'd'", "  in from the edge ", "two\nlines", "</t></is>", "Å 🎉"]
)
def test_texts_arrive_as_they_were_written(instrument, text: str) -> None:
    sheet = open_book(instrument, text, plans=[plan_of(text)]).worksheets[0]
    assert [sheet["C8"].value, sheet.cell(HEADER + 1, 1).value] == [text, text]


def test_nothing_stays_of_whom_the_worksheet_before_was_for(instrument) -> None:
    first = open_book(instrument)
    open_book(instrument, "Somebody else", points=("learn",), plans=[plan_of("secret")] * 30)
    again = open_book(instrument)
    told = [[[c.value for c in row] for row in sheet.iter_rows()] for sheet in (*first, *again)]
    assert told[:2] == told[2:]

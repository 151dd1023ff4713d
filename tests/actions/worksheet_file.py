"""Makes the file that worksheets are filled into, `dimios_core/actions/static/worksheet.xlsx`: `python -m tests.actions.worksheet_file`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from dimios_core.actions.worksheet_frame import (
    FIRST_ENTRY,
    LETTERS,
    LOOKS,
    PLAN_TITLE,
    POINTS_TITLE,
    POINTS_WIDTHS,
    SHIPPED,
    WIDTHS,
)
from dimios_core.archives import workbook_bytes
from dimios_core.replacing import write_whole


def make() -> bytes:
    """Return the file: two sheets with columns, looks and print settings, a cell of each look, and names that stand for others."""
    book = openpyxl.Workbook()
    plan: Any = book.active
    plan.title, points = PLAN_TITLE, book.create_sheet(POINTS_TITLE)
    for sheet, widths in ((plan, WIDTHS), (points, POINTS_WIDTHS)):
        for letter, width in zip(LETTERS, widths, strict=False):
            sheet.column_dimensions[letter].width = width
    plan.freeze_panes = f"A{FIRST_ENTRY}"
    plan.page_setup.orientation, plan.page_setup.fitToWidth, plan.page_setup.fitToHeight = "landscape", 1, 0
    plan.sheet_properties.pageSetUpPr.fitToPage = True
    bold, line = Font(bold=True), Side(style="thin", color="BBBBBB")
    # as text: 2027-03 stays what was written
    framed = {"border": Border(line, line, line, line), "number_format": "@"}
    wrapped = {"alignment": Alignment(wrap_text=True, vertical="top")}
    looks: dict[str, dict[str, Any]] = {
        "plain": {},
        "title": {"font": Font(bold=True, size=14)},
        "key": {"font": bold},
        "column": {"font": bold, "fill": PatternFill("solid", start_color="E8EDF3"), **framed, **wrapped},
        "entry": {**framed, **wrapped},
        "long": wrapped,
    }
    for number, look in enumerate(LOOKS):
        cell = plan.cell(number + 1, 1, value="")
        for key, value in looks[look].items():
            setattr(cell, key, value)
        assert cell.style_id == number
    book.properties.creator = ""
    return workbook_bytes(book)


if __name__ == "__main__":
    Path(SHIPPED).parent.mkdir(exist_ok=True)
    write_whole(SHIPPED, make())

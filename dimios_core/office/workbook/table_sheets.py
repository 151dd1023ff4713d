"""Writes tables onto sheets: header cells with filters, frozen panes, columns as wide as what stands in them."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from dimios_core.office.workbook.outline import SheetRow, SheetTable
from dimios_core.office.workbook.sheets import HEADER_ROW, LINE_PT, write_cell
from dimios_core.office.workbook.styles import Styles

WIDTH_MIN, WIDTH_MAX = 11, 46
#: room for the arrow of a filter
ARROW = 3


def write_table(sheet: Worksheet, table: SheetTable, nothing: str, styles: Styles) -> None:
    """Write a table under the sheet's top; an empty one says `nothing`."""
    if not table.rows:
        sheet.write_string(HEADER_ROW, 0, nothing, styles.cell("text"))
        return
    headings = [column.heading for column in table.columns]
    last = HEADER_ROW + len(table.rows)
    sheet.add_table(
        HEADER_ROW,
        0,
        last,
        len(headings) - 1,
        {
            "name": f"{table.id}_table",
            "style": "Table Style Light 1",
            "columns": [{"header": heading, "header_format": styles.head} for heading in headings],
        },
    )
    for at, row in enumerate(table.rows, start=HEADER_ROW + 1):
        _write_row(sheet, at, row, table, styles)
    head_lines = 1
    for i, heading in enumerate(headings):
        longest = max(len(str(row.cells[i])) for row in table.rows)
        # a header breaks between words
        longest = max(longest, *(len(word) + ARROW for word in heading.split()))
        width = min(max(longest + 2, WIDTH_MIN), WIDTH_MAX)
        sheet.set_column(i, i, width)
        head_lines = max(head_lines, 1 + (len(heading) + ARROW) // width)
    sheet.set_row(HEADER_ROW, LINE_PT * head_lines)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _write_row(sheet: Worksheet, at: int, row: SheetRow, table: SheetTable, styles: Styles) -> None:
    for i, (value, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        style = styles.cell(column.kind, shown=row.shown, certain=row.certain and column.stressed)
        write_cell(sheet, at, i, value, style)

"""What all sheets of a workbook have: a top, how they are printed, and cells in which numbers are numbers."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from dimios_core.office.workbook.outline import Book, Sheet, Value
from dimios_core.office.workbook.styles import Styles

#: rows above what a sheet holds: the title, what the sheet tells, the label, and an empty one before what is no table
HEADER_ROW = 3
#: height of a line
LINE_PT = 16


def open_sheet(opened: Worksheet, book: Book, sheet: Sheet, styles: Styles) -> None:
    """Write what stands at the top of every sheet, and how it is printed."""
    opened.write_string(0, 0, f"{sheet.name}: {book.subject}", styles.title)
    opened.write_string(1, 0, sheet.tells, styles.cell("text"))
    if book.label:
        opened.write_string(2, 0, book.label, styles.demo)
    opened.hide_gridlines(2)
    opened.set_landscape()
    opened.set_paper(9)  # A4
    opened.fit_to_pages(1, 0)
    foot = f"{book.subject}. {book.label}" if book.label else book.subject
    opened.set_footer("&L" + foot.replace("&", "&&") + "&R&P / &N")


def write_cell(sheet: Worksheet, row: int, column: int, value: Value, style: object) -> None:
    """Write words as words and numbers as numbers; a name that begins with "=" is no formula."""
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)

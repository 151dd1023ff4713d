"""Writes tables onto sheets: title, demo label, header cells with filters, frozen panes, numbers as numbers."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.styles import Styles
from dimios_core.export.workbook.tables import SheetRow, SheetTable, Value

#: rows above a table: the title and the demo label, what the sheet tells, and an empty one
HEADER_ROW = 3
WIDTH_MIN, WIDTH_MAX = 11, 46
#: height of a line
LINE_PT = 16
#: room for the arrow of a filter
ARROW = 3


def title_column(edition: Edition, column: str) -> str:
    """Return a column's header: its title, and its unit in brackets."""
    say = edition.narrator.say
    unit = say(f"workbook.columns.{column}.unit")
    title = say(f"workbook.columns.{column}.title")
    return f"{title} ({unit})" if unit else title


def open_sheet(sheet: Worksheet, edition: Edition, styles: Styles, title: str, tells: str) -> None:
    """Write what stands at the top of every sheet, and how it is printed."""
    name = edition.results.profile["name"]
    sheet.write_string(0, 0, f"{title}: {name}", styles.title)
    sheet.write_string(1, 0, tells, styles.cell("text"))
    if edition.demo_label:
        sheet.write_string(2, 0, edition.demo_label, styles.demo)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    label = f"{name}. {edition.demo_label}" if edition.demo_label else name
    sheet.set_footer("&L" + label.replace("&", "&&") + "&R&P / &N")


def write_table(sheet: Worksheet, table: SheetTable, edition: Edition, styles: Styles) -> None:
    """Write a table under the sheet's top; an empty one says that there is nothing of its kind."""
    if not table.rows:
        sheet.write_string(HEADER_ROW, 0, edition.narrator.say("workbook.empty"), styles.cell("text"))
        return
    titles = [title_column(edition, c.id) for c in table.columns]
    last = HEADER_ROW + len(table.rows)
    sheet.add_table(
        HEADER_ROW,
        0,
        last,
        len(titles) - 1,
        {
            "name": f"{table.id}_table",
            "style": "Table Style Light 1",
            "columns": [{"header": title, "header_format": styles.head} for title in titles],
        },
    )
    for at, row in enumerate(table.rows, start=HEADER_ROW + 1):
        _write_row(sheet, at, row, table, styles)
    head_lines = 1
    for i, title in enumerate(titles):
        longest = max(len(str(row.cells[i])) for row in table.rows)
        # a header breaks between words
        longest = max(longest, *(len(word) + ARROW for word in title.split()))
        width = min(max(longest + 2, WIDTH_MIN), WIDTH_MAX)
        sheet.set_column(i, i, width)
        head_lines = max(head_lines, 1 + (len(title) + ARROW) // width)
    sheet.set_row(HEADER_ROW, LINE_PT * head_lines)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _write_row(sheet: Worksheet, at: int, row: SheetRow, table: SheetTable, styles: Styles) -> None:
    for i, (value, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        differs = column.kind == "difference" or column.id == "certainty"
        style = styles.cell(column.kind, shown=row.shown, certain=row.certain and differs)
        write_cell(sheet, at, i, value, style)


def write_cell(sheet: Worksheet, row: int, column: int, value: Value, style: object) -> None:
    """Write words as words and numbers as numbers; a name that begins with "=" is no formula."""
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)

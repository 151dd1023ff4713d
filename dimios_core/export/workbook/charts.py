"""Native charts of a workbook, each beside the table it is drawn of, with its conclusion in words."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from dimios_core.export.workbook.chart_tables import ChartTable, tabulate_charts
from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.sheets import HEADER_ROW, open_sheet, write_cell
from dimios_core.export.workbook.styles import LINE, QUIET, Styles

OWN, OTHER, SECOND = "#1D4F86", "#8A939B", "#8F4E00"
#: column that charts begin in, and their size in pixels
CHART_COLUMN, WIDTH_PX, HEIGHT_PX = 7, 720, 400
ROW_PX, ROWS_BETWEEN = 20, 3
#: of a horizontal bar
BAR_PX = 24
#: tables and charts beside each other on a sheet of paper, in per cent; a chart a page
PRINT_SCALE = 55
WIDTHS = (36, 13, 13, 13, 13, 30)


def write_charts(book: xlsxwriter.Workbook, sheet: Worksheet, edition: Edition, styles: Styles) -> None:
    """Write the sheet of charts; it says so where there is nothing to draw."""
    say = edition.narrator.say
    open_sheet(
        sheet, edition, styles, say("workbook.sheets.charts.name"), say("workbook.sheets.charts.tells")
    )
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_print_scale(PRINT_SCALE)
    row, tables = HEADER_ROW + 1, tabulate_charts(edition)
    starts: list[int] = []
    if not tables:
        sheet.write_string(row, 0, say("workbook.empty"), styles.cell("text"))
    for table in tables:
        starts.append(row)
        first = _write_chart_table(sheet, table, edition, styles, row)
        chart = _draw(book, sheet.get_name(), table, first, say(f"workbook.charts.{table.id}"))
        height = max(HEIGHT_PX, BAR_PX * len(table.rows) + 60)
        chart.set_size({"width": WIDTH_PX, "height": height})
        told = " ".join([edition.narrator.tell_all(list(table.findings)), say("workbook.charts.beside")])
        sheet.insert_chart(row, CHART_COLUMN, chart, {"description": told})
        row = max(first + len(table.rows), row + height // ROW_PX) + ROWS_BETWEEN
    sheet.set_h_pagebreaks(starts[1:])


def _write_chart_table(
    sheet: Worksheet, table: ChartTable, edition: Edition, styles: Styles, row: int
) -> int:
    """Write heading, conclusion and table; return the row of the first figures."""
    sheet.write_string(row, 0, edition.narrator.say(f"workbook.charts.{table.id}"), styles.heading)
    told = edition.narrator.tell_all(list(table.findings))
    sheet.merge_range(row + 1, 0, row + 1, len(WIDTHS) - 1, told, styles.words)
    sheet.set_row(row + 1, 3 * 16)
    for i, header in enumerate(table.headers):
        sheet.write_string(row + 2, i, header, styles.head)
    kinds = ("text", *table.kinds, "text")
    for at, cells in enumerate(table.rows, start=row + 3):
        for i, (value, kind) in enumerate(zip(cells, kinds, strict=True)):
            if value is not None and value != "":
                write_cell(sheet, at, i, value, styles.cell(kind, shown=i < len(cells) - 1))
    return row + 3


def _draw(book: xlsxwriter.Workbook, sheet: str, table: ChartTable, first: int, title: str) -> Chart:
    """Make the chart of a table whose figures begin in row `first`."""
    last = first + len(table.rows) - 1

    def series(column: int, **look: Any) -> dict[str, Any]:
        return {
            "name": [sheet, first - 1, column],
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, column, last, column],
            **look,
        }

    def dot(color: str) -> dict[str, Any]:
        return {"type": "circle", "size": 8, "fill": {"color": color}, "border": {"color": color}}

    scale = {"min": 0, "max": 100, "major_gridlines": {"visible": True, "line": {"color": LINE}}}
    if table.id == "categories":
        chart = book.add_chart({"type": "stock"})
        for column in (3, 2):  # high and low come before the figure itself
            chart.add_series(series(column, line={"none": True}, marker={"type": "none"}))
        chart.add_series(series(1, line={"none": True}, marker=dot(OWN)))
        chart.set_x_axis({"text_axis": True})  # a chart of shares would take it for days
        chart.set_high_low_lines({"line": {"color": OWN, "width": 3, "transparency": 50}})
    elif table.id == "peers":
        chart = book.add_chart({"type": "column"})
        for column, color in ((1, OWN), (2, OTHER)):
            chart.add_series(series(column, fill={"color": color}))
    elif table.id == "development":
        chart = book.add_chart({"type": "line"})
        for column, color in enumerate((QUIET, OWN, SECOND)[: len(table.kinds)], start=1):
            chart.add_series(series(column, line={"color": color, "width": 2.25}, marker=dot(color)))
    else:
        chart = book.add_chart({"type": "bar"})
        chart.add_series(series(1, fill={"color": OWN}, gap=40))
        chart.set_x_axis({"min": 0, "num_format": "0%", "major_gridlines": scale["major_gridlines"]})
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_legend({"none": True})
    if table.id != "dont_know":
        chart.set_y_axis({**scale, "name": "%", "num_format": "0"})
        chart.set_legend({"none": True} if table.id == "categories" else {"position": "bottom"})
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.show_blanks_as("gap")
    return chart

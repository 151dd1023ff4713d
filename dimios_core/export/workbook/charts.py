"""Native charts of a workbook, each beside the table it is drawn of, with its conclusion in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from dimios_core.export.workbook.chart_tables import ChartTable, tabulate_charts
from dimios_core.export.workbook.edition import Edition
from dimios_core.export.workbook.sheets import HEADER_ROW, LINE_PT, open_sheet, write_cell
from dimios_core.export.workbook.styles import LINE, Styles

OWN, OTHER, LIMIT = "#1D4F86", "#B9C0C8", "#7FA3CB"
GRID = {"visible": True, "line": {"color": LINE}}
#: column that charts begin in, and their size in pixels
CHART_COLUMN, WIDTH_PX, HEIGHT_PX = 6, 640, 400
GAP_PX = 20
ROW_PX, ROWS_BETWEEN = 20, 3
#: of a horizontal bar
BAR_PX = 24
#: tables and charts beside each other on a sheet of paper, in per cent; a chart a page
PRINT_SCALE = 50
WIDTHS = (32, 12, 12, 12, 12, 26)


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
        sheet.insert_chart(row, CHART_COLUMN, chart, {"description": told, "x_offset": GAP_PX})
        row = max(first + len(table.rows), row + height // ROW_PX) + ROWS_BETWEEN
    sheet.set_h_pagebreaks(starts[1:])


def _write_chart_table(
    sheet: Worksheet, table: ChartTable, edition: Edition, styles: Styles, row: int
) -> int:
    """Write heading, conclusion and table; return the row of the first figures."""
    sheet.write_string(row, 0, edition.narrator.say(f"workbook.charts.{table.id}"), styles.heading)
    told = edition.narrator.tell_all(list(table.findings))
    sheet.merge_range(row + 1, 0, row + 1, len(WIDTHS) - 1, told, styles.words)
    sheet.set_row(row + 1, LINE_PT * 3)
    for i, header in enumerate(table.headers):
        sheet.write_string(row + 2, i, header, styles.head)
    lines_n = max(1 + len(header) // width for header, width in zip(table.headers, WIDTHS, strict=False))
    sheet.set_row(row + 2, LINE_PT * lines_n)
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

    if table.id != "dont_know":
        chart = _draw_levels(book, table, series)
    else:
        chart = book.add_chart({"type": "bar"})
        chart.add_series(series(1, fill={"color": OWN}, gap=40))
        chart.set_x_axis({"min": 0, "num_format": "0%", "major_gridlines": GRID})
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_legend({"none": True})
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.show_blanks_as("gap")
    return chart


def _draw_levels(
    book: xlsxwriter.Workbook, table: ChartTable, series: Callable[..., dict[str, Any]]
) -> Chart:
    """Dots with bars from the lower to the upper limit; others' means as columns behind them where there are any."""
    with_others = table.id == "peers"
    levels = book.add_chart({"type": "line" if with_others else "stock"})
    # where no bar is drawn between the limits of a line chart, their marks are seen
    limit = {"type": "long_dash", "size": 8, "fill": {"color": LIMIT}, "border": {"color": LIMIT}}
    for column in (3, 2):  # high and low come before the figure itself
        levels.add_series(
            series(column, line={"none": True}, marker=limit if with_others else {"type": "none"})
        )
    line = {"color": OWN, "width": 1.5} if table.id == "development" else {"none": True}
    dot = {"type": "circle", "size": 8, "fill": {"color": OWN}, "border": {"color": OWN}}
    levels.add_series(series(1, line=line, marker=dot))
    levels.set_high_low_lines({"line": {"color": OWN, "width": 3, "transparency": 50}})
    chart = levels
    if with_others:
        chart = book.add_chart({"type": "column"})
        chart.add_series(series(4, fill={"color": OTHER}, gap=80))
        chart.combine(levels)
    chart.set_x_axis({"text_axis": True})  # a chart of shares would take it for days
    chart.set_y_axis({"min": 0, "max": 100, "name": "%", "num_format": "0", "major_gridlines": GRID})
    chart.set_legend({"position": "bottom"} if with_others else {"none": True})
    return chart

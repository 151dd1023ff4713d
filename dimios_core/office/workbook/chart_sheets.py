"""Native charts of a workbook, each beside the table it is drawn of, with its conclusion in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from dimios_core.office.workbook.outline import ChartTable
from dimios_core.office.workbook.sheets import HEADER_ROW, LINE_PT, write_cell
from dimios_core.office.workbook.styles import LINE, Styles

OWN, OTHER, LIMIT = "#1D4F86", "#4D5761", "#8FB0D4"
#: width of the band of an interval
BAND_PT = 8
GRID = {"visible": True, "line": {"color": LINE}}
#: column that charts begin in, and their size in pixels
CHART_COLUMN, WIDTH_PX, HEIGHT_PX = 6, 640, 400
GAP_PX = 20
ROW_PX, ROWS_BETWEEN = 20, 3
#: of a horizontal bar
BAR_PX = 24
#: tables and charts beside each other on a sheet of paper, in per cent; a chart a page
PRINT_SCALE = 50
#: what a chart of bars is drawn of
SHARES = ("share",)
WIDTHS = (32, 12, 12, 12, 12, 26)


def write_charts(
    file: xlsxwriter.Workbook, sheet: Worksheet, tables: Sequence[ChartTable], nothing: str, styles: Styles
) -> None:
    """Write charts below each other, each beside its table; a sheet without any says `nothing`."""
    for i, width in enumerate(WIDTHS):
        sheet.set_column(i, i, width)
    sheet.set_print_scale(PRINT_SCALE)
    row = HEADER_ROW + 1
    starts: list[int] = []
    if not tables:
        sheet.write_string(row, 0, nothing, styles.cell("text"))
    for table in tables:
        starts.append(row)
        first = _write_chart_table(sheet, table, styles, row)
        chart = _draw(file, sheet.get_name(), table, first)
        height = max(HEIGHT_PX, BAR_PX * len(table.rows) + 60)
        chart.set_size({"width": WIDTH_PX, "height": height})
        sheet.insert_chart(row, CHART_COLUMN, chart, {"description": table.told, "x_offset": GAP_PX})
        row = max(first + len(table.rows), row + height // ROW_PX) + ROWS_BETWEEN
    sheet.set_h_pagebreaks(starts[1:])


def _write_chart_table(sheet: Worksheet, table: ChartTable, styles: Styles, row: int) -> int:
    """Write heading, conclusion and table; return the row of the first figures."""
    sheet.write_string(row, 0, table.title, styles.heading)
    sheet.merge_range(row + 1, 0, row + 1, len(WIDTHS) - 1, table.conclusion, styles.words)
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


def _draw(file: xlsxwriter.Workbook, sheet: str, table: ChartTable, first: int) -> Chart:
    """Make the chart of a table whose figures begin in row `first`."""
    last = first + len(table.rows) - 1

    def series(column: int, **look: Any) -> dict[str, Any]:
        return {
            "name": [sheet, first - 1, column],
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, column, last, column],
            **look,
        }

    if table.kinds != SHARES:
        chart = _draw_levels(file, table, series)
    else:
        chart = file.add_chart({"type": "bar"})
        chart.add_series(series(1, fill={"color": OWN}, gap=40))
        chart.set_x_axis({"min": 0, "num_format": "0%", "major_gridlines": GRID})
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_legend({"none": True})
    chart.set_title({"name": table.title, "name_font": {"size": 12}, "overlay": False})
    chart.show_blanks_as("gap")
    return chart


def _draw_levels(
    file: xlsxwriter.Workbook, table: ChartTable, series: Callable[..., dict[str, Any]]
) -> Chart:
    """Dots on bands from the lower to the upper limit; a reference as diamonds where there is one."""
    levels = file.add_chart({"type": "line" if table.has_reference else "stock"})
    # where no bar is drawn between the limits of a line chart, their marks are seen
    limit = {"type": "long_dash", "size": 8, "fill": {"color": LIMIT}, "border": {"color": LIMIT}}
    for column in (3, 2):  # high and low come before the figure itself
        levels.add_series(
            series(column, line={"none": True}, marker=limit if table.has_reference else {"type": "none"})
        )
    line = {"color": OWN, "width": 1.5} if table.joined else {"none": True}
    dot = {"type": "circle", "size": 8, "fill": {"color": OWN}, "border": {"color": OWN}}
    levels.add_series(series(1, line=line, marker=dot))
    levels.set_high_low_lines({"line": {"color": LIMIT, "width": BAND_PT, "transparency": 40}})
    chart = levels
    if table.has_reference:
        # a chart of its own: bands reach over all series of theirs
        chart = file.add_chart({"type": "line"})
        diamond = {"type": "diamond", "size": 9, "fill": {"color": OTHER}, "border": {"color": OTHER}}
        chart.add_series(series(4, line={"none": True}, marker=diamond))
        chart.combine(levels)
    chart.set_x_axis({"text_axis": True})  # a chart of shares would take it for days
    chart.set_y_axis({"min": 0, "max": 100, "name": "%", "num_format": "0", "major_gridlines": GRID})
    chart.set_legend({"position": "bottom"} if table.has_reference else {"none": True})
    return chart

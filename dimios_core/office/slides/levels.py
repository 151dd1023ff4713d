"""Levels as dots on the bands of their intervals, beside marks of a reference: points of a plane, which every program draws.

Rows stand below each other with their names at the left; levels that follow each other in time stand side by side. Every
number on the scale is a published one; the other direction counts the rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide as PptxSlide
from pptx.util import Pt

from dimios_core.markup import markup
from dimios_core.office.slides.marks import (
    BAND,
    OWN,
    REFERENCE,
    Box,
    add_legend,
    hide_in_legend,
    mark,
    name_spaces,
    place_plot,
    quieten,
    write_beside,
)
from dimios_core.office.slides.outline import Levels, Numbers

BAND_PT, STEP_PCT = 8, 10
#: how much a band hides, thousandths of a percent
BAND_ALPHA = 50_000
#: where the plot lies in its chart, with room for names at the left of rows
ROWS_PLOT, JOINED_PLOT = (0.3, 0.03, 0.66, 0.76), (0.08, 0.05, 0.88, 0.7)


def add_levels(slide: PptxSlide, drawn: Levels, box: Box, decimal: str) -> GraphicFrame:
    """Add a chart of levels; `decimal` is the sign before decimals."""
    low, high = _scale(drawn)
    rows_n = len(drawn.names)
    places = list(range(1, rows_n + 1)) if drawn.joined else list(range(rows_n, 0, -1))

    def point(value: float, place: int) -> tuple[float, float]:
        return (place, value) if drawn.joined else (value, place)

    def points(values: Numbers) -> Iterator[tuple[int, tuple[float, float]]]:
        """The rows that have a value, with where it lies."""
        for i, (value, place) in enumerate(zip(values, places, strict=True)):
            if value is not None:
                yield i, point(value, place)

    data = XyChartData(number_format="0.0")
    for (i, start), (_, end) in zip(points(drawn.lows), points(drawn.highs), strict=True):
        name = f"{drawn.interval}: {drawn.names[i]}" if len(data) else drawn.interval
        # LibreOffice forgets series that are shorter than later ones
        _add_series(data, name, (start, *(end,) * max(rows_n - 1, 1)))
    bands_n = len(data)
    if drawn.reference:
        _add_series(data, drawn.reference, [at for _, at in points(drawn.references)])
    _add_series(data, drawn.own, [at for _, at in points(drawn.scores)])
    _add_series(data, "", [point(low, place) for place in places])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES, *box, data)
    chart = frame.chart
    *others, own, names = chart.series
    for band in others[:bands_n]:
        mark(band, BAND, joined=True, style=XL_MARKER_STYLE.NONE)
        band.format.line.width, band.smooth = Pt(BAND_PT), False
        _let_through(band)
    for reference in others[bands_n:]:
        style = XL_MARKER_STYLE.DASH if drawn.joined else XL_MARKER_STYLE.DIAMOND
        mark(reference, REFERENCE, size=9, style=style)
    mark(own, OWN, joined=drawn.joined, size=11)
    own.smooth = False
    told = [f"{value:.1f}".replace(".", decimal) for value in drawn.scores if value is not None]
    write_beside(own, told, XL_LABEL_POSITION.ABOVE)
    mark(names, BAND, style=XL_MARKER_STYLE.NONE)
    write_beside(names, drawn.names, XL_LABEL_POSITION.BELOW if drawn.joined else XL_LABEL_POSITION.LEFT)
    scale, other = (
        (chart.value_axis, chart.category_axis) if drawn.joined else (chart.category_axis, chart.value_axis)
    )
    scale.minimum_scale, scale.maximum_scale, scale.major_unit = low, high, STEP_PCT
    scale.has_major_gridlines = True
    quieten(scale, "0")
    other.minimum_scale, other.maximum_scale, other.major_unit = 0.5, rows_n + 0.5, 1
    other.has_major_gridlines, other.tick_label_position = False, XL_TICK_LABEL_POSITION.NONE
    other.format.line.fill.background()
    add_legend(chart)
    hide_in_legend(chart, [*range(1, bands_n), len(chart.series) - 1])
    place_plot(chart, JOINED_PLOT if drawn.joined else ROWS_PLOT)
    return frame


def _let_through(band: Any) -> None:
    """End a band where its interval ends, and let dots be seen through it: some programs draw them beneath."""
    drawn = band._element.spPr.find(qn("a:ln"))
    drawn.set("cap", "flat")
    drawn.find(qn("a:solidFill"))[0].append(
        parse_xml(markup('<a:alpha{} val="{}"/>', name_spaces("a"), BAND_ALPHA))
    )


def _add_series(data: XyChartData, name: str, places: Sequence[tuple[float, float]]) -> None:
    series = data.add_series(name)
    for across, upwards in places:
        series.add_data_point(across, upwards)


def _scale(drawn: Levels) -> tuple[int, int]:
    """Return the tens around all that is drawn."""
    groups = (drawn.lows, drawn.highs, drawn.scores, drawn.references)
    values = [v for group in groups for v in group if v is not None]
    low, high = STEP_PCT * math.floor(min(values) / STEP_PCT), STEP_PCT * math.ceil(max(values) / STEP_PCT)
    return max(0, low), min(100, max(high, low + STEP_PCT))

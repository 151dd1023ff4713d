"""What series and axes of native charts look like, and where the format wants its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.chart import Chart
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import namespaces, qn
from pptx.util import Pt

from dimios_core.markup import Attributes, attributes, markup

OWN, OTHER, LINE, INK = (RGBColor.from_string(c) for c in ("1D4F86", "B9C0C8", "E6E9ED", "1F2429"))
#: the band of an interval, and what one's own is compared with
BAND, REFERENCE = (RGBColor.from_string(c) for c in ("8FB0D4", "4D5761"))
FONT_PT = 14
#: left, top, width and height in EMU
Box = tuple[int, int, int, int]


def name_spaces(*prefixes: str) -> Attributes:
    """Return the declarations of namespaces that an element of its own needs."""
    return attributes(**{f"xmlns:{prefix}": url for prefix, url in namespaces(*prefixes).items()})


def mark(
    series: Any, color: RGBColor, *, joined: bool = False, size: int = 10, style: Any = XL_MARKER_STYLE.CIRCLE
) -> None:
    if joined:
        series.format.line.color.rgb, series.format.line.width = color, Pt(2.25)
    else:
        series.format.line.fill.background()
    series.marker.style, series.marker.size = style, size
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = color
    series.marker.format.line.color.rgb = color


def paint(series: Any, color: RGBColor) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = color


def write_beside(series: Any, words: Sequence[str], position: Any) -> None:
    """Write words beside each point: a number format would follow the viewer's machine, not the deck's language."""
    for i, text in enumerate(words):
        shown = series.points[i].data_label
        shown.text_frame.text = text
        font = shown.text_frame.paragraphs[0].runs[0].font
        font.size, font.color.rgb = Pt(FONT_PT), INK
        shown.position = position


def label_shares(series: Any, position: Any, number_format: str) -> None:
    labels = series.data_labels
    labels.show_value, labels.position = True, position
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.font.size, labels.font.color.rgb = Pt(FONT_PT), INK


def quieten(axis: Any, number_format: str) -> None:
    axis.major_gridlines.format.line.color.rgb = LINE
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False


def add_legend(chart: Chart) -> None:
    """Name the series under the chart."""
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.legend.font.size = Pt(FONT_PT)


def hide_in_legend(chart: Chart, places: Sequence[int]) -> None:
    """Leave series out of the legend, counted from 0."""
    for place in places:
        entry = markup(
            '<c:legendEntry{}><c:idx val="{}"/><c:delete val="1"/></c:legendEntry>', name_spaces("c"), place
        )
        insert_before(chart.legend._element, parse_xml(entry), ("c:layout", "c:overlay", "c:spPr", "c:txPr"))


def place_plot(chart: Chart, plot: tuple[float, float, float, float]) -> None:
    """Give the plot a fixed place in its chart: left, top, width and height as shares."""
    layout = markup(
        '<c:layout{}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        '<c:x val="{}"/><c:y val="{}"/><c:w val="{}"/><c:h val="{}"/></c:manualLayout></c:layout>',
        *(name_spaces("c"), *plot),
    )
    area = chart._chartSpace.chart.plotArea
    for found in area.findall(qn("c:layout")):
        area.remove(found)
    insert_before(area, parse_xml(layout), ("c:scatterChart",))


def insert_before(parent: Any, child: Any, later: Sequence[str]) -> None:
    """Insert a child where the format wants it: before the first of those that come later."""
    for tag in later:
        found = parent.find(qn(tag))
        if found is not None:
            found.addprevious(child)
            return
    parent.append(child)

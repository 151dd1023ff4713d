"""The plane of two dimensions as a native chart, with one's own region drawn over it."""

from __future__ import annotations

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
    FONT_PT,
    INK,
    OTHER,
    OWN,
    Box,
    add_legend,
    insert_before,
    mark,
    name_spaces,
    place_plot,
)
from dimios_core.office.slides.outline import Plane

#: where the plane lies in its chart: left, top, width and height as shares, so that its quadrants can be named
PLOT = (0.13, 0.03, 0.84, 0.62)


def add_plane(slide: PptxSlide, drawn: Plane, box: Box) -> GraphicFrame:
    """Places in the plane, with the axes where the quadrants meet."""
    data = XyChartData(number_format="0.0")
    *earlier, now = drawn.path
    # the others lie under one's own; LibreOffice forgets series that are shorter than later ones
    named = [(drawn.peers_name, drawn.peers), (drawn.path_name, drawn.path if earlier else ())]
    named += [(drawn.own_name, (now,))]
    named += [(drawn.reference.name, (drawn.reference,))] if drawn.reference else []
    named = [(name, dots) for name, dots in named if dots]
    for name, dots in named:
        series = data.add_series(name)
        for dot in dots:
            series.add_data_point(dot.across, dot.upwards)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES, *box, data)
    chart = frame.chart
    for series, (name, dots) in zip(chart.series, named, strict=True):
        series.smooth = False
        if name == drawn.path_name:
            mark(series, OTHER, joined=True, size=6)
            _name_point(series, 0, dots[0].name)
            series.points[
                len(dots) - 1
            ].marker.style = XL_MARKER_STYLE.NONE  # the present one's own stands there
        elif name == drawn.own_name:
            mark(series, OWN, size=11)
            if not drawn.region:
                _add_cross(series, now.half_across, now.half_upwards)
        elif name == drawn.peers_name:
            mark(series, OTHER, size=6)
        else:
            mark(series, INK, size=9, style=XL_MARKER_STYLE.DIAMOND)
    for axis, title in ((chart.category_axis, drawn.across), (chart.value_axis, drawn.upwards)):
        axis.minimum_scale, axis.maximum_scale = drawn.low, drawn.high
        axis.major_unit = 10
        axis.has_major_gridlines = False
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
        axis.format.line.color.rgb = OTHER
        axis.has_title = True
        axis.axis_title.text_frame.text = title
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(FONT_PT)
        _cross_at(axis._element, drawn.border)
    add_legend(chart)
    place_plot(chart, PLOT)
    if drawn.region:
        _draw_region(slide, drawn, box)
    return frame


def _draw_region(slide: PptxSlide, drawn: Plane, box: Box) -> None:
    """Draw one's own region over the chart, whose plot has a fixed place: only its edge, so that it hides nothing."""
    left, top, width, height = box
    across, down, wide, tall = PLOT
    span = drawn.high - drawn.low

    def at(x: float, y: float) -> tuple[int, int]:
        right, up = (x - drawn.low) / span, (y - drawn.low) / span
        return round(left + width * (across + wide * right)), round(top + height * (down + tall * (1 - up)))

    corners = [at(x, y) for x, y in drawn.region]
    builder = slide.shapes.build_freeform(*corners[0])
    builder.add_line_segments(corners[1:], close=True)
    shape = builder.convert_to_shape()
    shape.name = drawn.region_name
    shape._element.nvSpPr.cNvPr.set("descr", drawn.region_name)
    shape.shadow.inherit = False
    shape.fill.background()
    shape.line.color.rgb, shape.line.width = OWN, Pt(1.25)


def _cross_at(axis: Any, border: float) -> None:
    """Let the other axis cross this one at the border."""
    for found in (*axis.findall(qn("c:crosses")), *axis.findall(qn("c:crossesAt"))):
        axis.remove(found)
    crosses = parse_xml(markup('<c:crossesAt{} val="{}"/>', name_spaces("c"), f"{border:g}"))
    insert_before(axis, crosses, ("c:crossBetween", "c:majorUnit"))


def _add_cross(series: Any, half_across: float | None, half_upwards: float | None) -> None:
    """Add the 95 % intervals of a place, across and upwards."""
    for direction, half in (("y", half_upwards), ("x", half_across)):
        if half is None:
            continue
        side = markup(
            '<c:numLit><c:formatCode>0.0</c:formatCode><c:ptCount val="1"/><c:pt idx="0"><c:v>{}</c:v></c:pt></c:numLit>',
            repr(half),
        )
        bars = parse_xml(
            markup(
                '<c:errBars{}><c:errDir val="{}"/><c:errBarType val="both"/>'
                '<c:errValType val="cust"/><c:noEndCap val="0"/><c:plus>{}</c:plus><c:minus>{}</c:minus>'
                '<c:spPr><a:ln w="28575"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:ln></c:spPr></c:errBars>',
                *(name_spaces("c", "a"), direction, side, side, str(OWN)),
            )
        )
        insert_before(series._element, bars, ("c:xVal", "c:yVal", "c:smooth"))


def _name_point(series: Any, index: int, name: str) -> None:
    frame = series.points[index].data_label.text_frame
    frame.text = name
    frame.paragraphs[0].runs[0].font.size = Pt(FONT_PT - 2)
    series.points[index].data_label.position = XL_LABEL_POSITION.LEFT

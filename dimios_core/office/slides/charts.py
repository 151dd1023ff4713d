"""Native charts on slides: drawn of series that can be edited, every number in them a published one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import namespaces, qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide as PptxSlide
from pptx.util import Pt

from dimios_core.markup import Attributes, attributes, markup
from dimios_core.office.slides.outline import Levels, Numbers, Plane, Shares

OWN, OTHER, LINE, INK = (RGBColor.from_string(c) for c in ("1D4F86", "B9C0C8", "E6E9ED", "1F2429"))
LIMIT = RGBColor.from_string("7FA3CB")
FONT_PT = 14
#: where the plane lies in its chart: left, top, width and height as shares, so that its quadrants can be named
PLOT = (0.13, 0.03, 0.84, 0.68)
Box = tuple[int, int, int, int]


def name_spaces(*prefixes: str) -> Attributes:
    """Return the declarations of namespaces that an element of its own needs."""
    return attributes(**{f"xmlns:{prefix}": url for prefix, url in namespaces(*prefixes).items()})


def add_chart(slide: PptxSlide, drawn: Levels | Shares | Plane, box: Box) -> GraphicFrame:
    """Add a chart to a slide.

    Parameters
    ----------
    slide : pptx.slide.Slide
    drawn : Levels, Shares or Plane
    box : tuple of int
        Left, top, width and height in EMU.

    Returns
    -------
    GraphicFrame
    """
    if isinstance(drawn, Shares):
        frame = _add_shares(slide, drawn, box)
    elif isinstance(drawn, Plane):
        frame = _add_plane(slide, drawn, box)
    else:
        frame = _add_levels(slide, drawn, box)
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(FONT_PT), INK
    chart.has_title = False
    return frame


def _add_levels(slide: PptxSlide, drawn: Levels, box: Box) -> GraphicFrame:
    """Dots with bars from the lower to the upper limit; the reference as columns behind them."""
    data = CategoryChartData(number_format="0.0")
    data.categories = drawn.names
    series: list[tuple[str, Numbers]] = [
        (drawn.high, drawn.highs),
        (drawn.low, drawn.lows),
        (drawn.own, drawn.scores),
    ]
    if drawn.reference:
        series.append((drawn.reference, drawn.references))
    for name, values in series:
        data.add_series(name, values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box, data)
    chart = frame.chart
    for limit in list(chart.series)[:2]:  # ends that are seen where a program draws no bar between them
        _mark(limit, LIMIT, size=9, style=XL_MARKER_STYLE.DASH)
    own = chart.series[2]
    _mark(own, OWN, joined=drawn.joined)
    _label(own, XL_LABEL_POSITION.ABOVE if drawn.joined else XL_LABEL_POSITION.RIGHT)
    lines = chart.plots[0]._element
    _insert_before(
        lines,
        parse_xml(
            markup(
                '<c:hiLowLines{}><c:spPr><a:ln w="38100"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:ln></c:spPr>'
                "</c:hiLowLines>",
                *(name_spaces("c", "a"), str(LIMIT)),
            )
        ),
        ("c:upDownBars", "c:marker", "c:smooth", "c:axId"),
    )
    if drawn.reference:
        _make_columns(lines, chart)
    scale = chart.value_axis
    scale.minimum_scale, scale.maximum_scale = _scale(drawn) if drawn.joined else (0, 100)
    scale.major_unit = 10 if drawn.joined else 20
    _quieten(scale, "0")
    chart.category_axis.format.line.color.rgb = OTHER
    chart.category_axis.has_major_gridlines = False
    _legend(chart)
    return frame


def _scale(drawn: Levels) -> tuple[float, float]:
    """Return the tens around all that is drawn: lines, unlike columns, need not begin at zero."""
    values = [v for v in (*drawn.lows, *drawn.highs, *drawn.scores) if v is not None]
    return max(0, 10 * math.floor(min(values) / 10)), min(100, 10 * math.ceil(max(values) / 10))


def _make_columns(lines: Any, chart: Chart) -> None:
    """Turn the last series of a line chart into columns behind the lines."""
    reference = lines.findall(qn("c:ser"))[-1]
    lines.remove(reference)
    for part in ("c:marker", "c:smooth", "c:dLbls"):
        for found in reference.findall(qn(part)):
            reference.remove(found)
    columns = parse_xml(
        markup(
            '<c:barChart{}><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
            '<c:gapWidth val="80"/></c:barChart>',
            name_spaces("c"),
        )
    )
    columns.insert(3, reference)
    for axis in lines.findall(qn("c:axId")):
        columns.append(deepcopy(axis))
    lines.addprevious(columns)
    _paint(next(s for p in chart.plots for s in p.series if s._element is reference), OTHER)


def _add_shares(slide: PptxSlide, drawn: Shares, box: Box) -> GraphicFrame:
    """Bars, the first at the top."""
    data = CategoryChartData(number_format="0%")
    data.categories = drawn.names
    data.add_series(drawn.called, drawn.shares)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    _paint(chart.series[0], OWN)
    _label(chart.series[0], XL_LABEL_POSITION.OUTSIDE_END, "0%")
    chart.plots[0].gap_width = 45
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = OTHER
    _insert_before(
        chart.category_axis._element,
        parse_xml(markup('<c:tickLblSkip{} val="1"/>', name_spaces("c"))),  # every bar has its name
        ("c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst"),
    )
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # below: the order is turned round
    _quieten(chart.value_axis, "0%")
    chart.has_legend = False
    return frame


def _add_plane(slide: PptxSlide, drawn: Plane, box: Box) -> GraphicFrame:
    """Places in the plane, with the axes where the quadrants meet."""
    data = XyChartData(number_format="0.0")
    *earlier, now = drawn.path
    named = [(drawn.path_name, drawn.path if earlier else ()), (drawn.own_name, (now,))]
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
            _mark(series, OTHER, joined=True, size=6)
            _name_point(series, 0, dots[0].name)
            series.points[
                len(dots) - 1
            ].marker.style = XL_MARKER_STYLE.NONE  # the present one's own stands there
        elif name == drawn.own_name:
            _mark(series, OWN, size=11)
            _add_cross(series, now.half_across, now.half_upwards)
        else:
            _mark(series, INK, size=9, style=XL_MARKER_STYLE.DIAMOND)
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
    _legend(chart)
    left, top, width, height = PLOT
    _insert_before(
        chart._chartSpace.chart.plotArea,
        parse_xml(
            markup(
                '<c:layout{}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
                '<c:x val="{}"/><c:y val="{}"/><c:w val="{}"/><c:h val="{}"/></c:manualLayout></c:layout>',
                *(name_spaces("c"), left, top, width, height),
            )
        ),
        ("c:scatterChart",),
    )
    return frame


def _cross_at(axis: Any, border: float) -> None:
    """Let the other axis cross this one at the border."""
    for found in (*axis.findall(qn("c:crosses")), *axis.findall(qn("c:crossesAt"))):
        axis.remove(found)
    crosses = parse_xml(markup('<c:crossesAt{} val="{}"/>', name_spaces("c"), f"{border:g}"))
    _insert_before(axis, crosses, ("c:crossBetween", "c:majorUnit"))


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
        _insert_before(series._element, bars, ("c:xVal", "c:yVal", "c:smooth"))


def _name_point(series: Any, index: int, name: str) -> None:
    frame = series.points[index].data_label.text_frame
    frame.text = name
    frame.paragraphs[0].runs[0].font.size = Pt(FONT_PT - 2)
    series.points[index].data_label.position = XL_LABEL_POSITION.LEFT


def _mark(
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


def _paint(series: Any, color: RGBColor) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = color


def _label(series: Any, position: Any, number_format: str = "0.0") -> None:
    labels = series.data_labels
    labels.show_value, labels.position = True, position
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.font.size, labels.font.color.rgb = Pt(FONT_PT), INK


def _quieten(axis: Any, number_format: str) -> None:
    axis.major_gridlines.format.line.color.rgb = LINE
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False


def _legend(chart: Chart) -> None:
    """Name the series under the chart."""
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.legend.font.size = Pt(FONT_PT)


def _insert_before(parent: Any, child: Any, later: Sequence[str]) -> None:
    """Insert a child where the format wants it: before the first of those that come later."""
    for tag in later:
        found = parent.find(qn(tag))
        if found is not None:
            found.addprevious(child)
            return
    parent.append(child)

"""Native charts on slides: drawn of series that can be edited, every number in them a published one."""

from __future__ import annotations

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide as PptxSlide
from pptx.util import Pt

from dimios_core.markup import markup
from dimios_core.office.slides.levels import add_levels
from dimios_core.office.slides.marks import (
    FONT_PT,
    INK,
    OTHER,
    OWN,
    REFERENCE,
    Box,
    add_legend,
    insert_before,
    label_shares,
    mark,
    name_spaces,
    paint,
    quieten,
)
from dimios_core.office.slides.outline import Levels, Plane, Profile, Shares
from dimios_core.office.slides.plane import add_plane

#: ticks of a profile, percent
STEP_PCT = 20


def add_chart(
    slide: PptxSlide, drawn: Levels | Shares | Plane | Profile, box: Box, decimal: str = "."
) -> GraphicFrame:
    """Add a chart to a slide.

    Parameters
    ----------
    slide : pptx.slide.Slide
    drawn : Levels, Shares, Plane or Profile
    box : tuple of int
        Left, top, width and height in EMU.
    decimal : str
        The sign before decimals in the deck's language.

    Returns
    -------
    GraphicFrame
    """
    if isinstance(drawn, Shares):
        frame = _add_shares(slide, drawn, box)
    elif isinstance(drawn, Plane):
        frame = add_plane(slide, drawn, box)
    elif isinstance(drawn, Profile):
        frame = _add_profile(slide, drawn, box)
    else:
        frame = add_levels(slide, drawn, box, decimal)
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(FONT_PT), INK
    chart.has_title = False
    return frame


def _add_profile(slide: PptxSlide, drawn: Profile, box: Box) -> GraphicFrame:
    """A line round the centre for one's own levels, and one for the reference."""
    data = CategoryChartData(number_format="0.0")
    data.categories = drawn.names
    data.add_series(drawn.own, drawn.scores)
    data.add_series(drawn.reference, drawn.references)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.RADAR_MARKERS, *box, data)
    chart = frame.chart
    mark(chart.series[0], OWN, joined=True, size=8)
    mark(chart.series[1], REFERENCE, joined=True, size=7, style=XL_MARKER_STYLE.DIAMOND)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 100
    chart.value_axis.major_unit = STEP_PCT
    quieten(chart.value_axis, "0")
    add_legend(chart)
    return frame


def _add_shares(slide: PptxSlide, drawn: Shares, box: Box) -> GraphicFrame:
    """Bars, the first at the top."""
    data = CategoryChartData(number_format="0%")
    data.categories = drawn.names
    data.add_series(drawn.called, drawn.shares)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    paint(chart.series[0], OWN)
    label_shares(chart.series[0], XL_LABEL_POSITION.OUTSIDE_END, "0%")
    chart.plots[0].gap_width = 45
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = OTHER
    insert_before(
        chart.category_axis._element,
        parse_xml(markup('<c:tickLblSkip{} val="1"/>', name_spaces("c"))),  # every bar has its name
        ("c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst"),
    )
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # below: the order is turned round
    quieten(chart.value_axis, "0%")
    chart.has_legend = False
    return frame

"""Draws a figure (plotly's dictionary) as accessible SVG, without a browser.

The closed set: scatter traces (markers, lines, text), shapes (line, rect, path) between the lines of the scale and the
traces, annotations and plain linear axes. Anything else, a property that is not known among it, is an error here, so that
no chart silently loses a part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dimios_core.markup import Markup, attributes, join, markup, markup_each
from dimios_core.report.drawable import check
from dimios_core.report.svg_marks import (
    Axis,
    draw_markers,
    draw_polyline,
    draw_shapes,
    draw_straight,
    write_stroke,
)
from dimios_core.report.svg_texts import (
    ANCHORS,
    BASELINES,
    FONT_COLOUR,
    FONT_PX,
    Look,
    dress_texts,
    find_usual,
    turn,
    write_look,
    write_px,
    write_texts,
    write_trace,
)

#: how far the names of a scale stand from its plot: above, below and at the left
ABOVE_PX, BELOW_PX, BESIDE_PX = 8, 16, 8
GRID_COLOUR = "#e6e9ed"


def draw_svg(
    figure: Mapping[str, Any], *, title: str, description: str, css_class: str = "", prefix: str = "c"
) -> Markup:
    """Draw a figure.

    Parameters
    ----------
    figure : mapping
        `{"data": […], "layout": {…}}` with layout width, height, margin, xaxis.range, yaxis.range.
    title, description : str
        Read by screen readers: the chart's name and its conclusion.
    css_class : str
        Class of the svg element.
    prefix : str
        Makes the ids of title and description unique on the page.

    Returns
    -------
    Markup
        One `<svg>` element.

    Raises
    ------
    ValueError
        The figure holds something outside the closed set.
    """
    layout = figure["layout"]
    check([figure], "figure")
    check([layout], "layout")
    check([layout["margin"]], "margin")
    check([layout.get("font", {})], "layout's font")
    width, height, margin = layout["width"], layout["height"], layout["margin"]
    (left, right), (bottom, top) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    x = Axis(left, right, margin["l"], width - margin["r"])
    y = Axis(bottom, top, height - margin["b"], margin["t"])
    # where a section is shown without the style sheet, one of the two drawings is enough
    hidden = attributes(display="none" if css_class == "narrow" else "")
    notes = layout.get("annotations", [])
    looks = _list_looks(notes)
    usual = find_usual(looks)
    parts = [
        *_draw_grid(layout["xaxis"], True, x, y, usual),
        *_draw_grid(layout["yaxis"], False, x, y, usual),
    ]
    parts += draw_shapes(layout.get("shapes", []), x, y)
    for trace in figure["data"]:
        parts.append(_draw_trace(trace, x, y))
    parts.append(_draw_annotations(notes, looks, x, y, usual))
    return markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d" class="{}"{}{} xmlns="http://www.w3.org/2000/svg">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        *(width, height, prefix, prefix, css_class, hidden, write_look(usual)),
        *(prefix, title, prefix, description),
        join(parts),
    )


def _draw_grid(axis: Mapping[str, Any], horizontal: bool, x: Axis, y: Axis, usual: Look) -> list[Markup]:
    """Draw the lines of a scale, each with its name."""
    check([axis], "axis")
    side = axis.get("side", "bottom" if horizontal else "left")
    if side not in (("top", "bottom") if horizontal else ("left",)):
        raise ValueError(f"ticks at the side {side!r} are not drawn")
    font = axis.get("tickfont", {})
    check([font], "font")
    values = axis.get("tickvals", [])
    if not values:
        return []
    names = [str(name) for name in axis.get("ticktext", values)]
    along, across = (x, y) if horizontal else (y, x)
    at, size, count = along.all_at(values), font.get("size", FONT_PX), len(values)
    starts, stops = [across.start] * count, [across.end] * count
    if horizontal:
        anchor, ends = "middle", (at, starts, at, stops)
        lefts, tops = at, [y.end - ABOVE_PX if side == "top" else y.start + BELOW_PX] * count
    else:
        anchor, ends = "end", (starts, at, stops, at)
        lefts, tops = [x.start - BESIDE_PX] * count, [top + BASELINES["middle"] * size for top in at]
    look = anchor, write_px([size])[0], font.get("color", FONT_COLOUR)
    texts = markup_each(
        '<text x="{:.1f}" y="{:.1f}"{}>{}</text>', lefts, tops, *dress_texts(names, [look] * count, usual)
    )
    texts = [text if name else Markup() for name, text in zip(names, texts, strict=True)]
    if not axis.get("showgrid", True):
        return texts
    lines = draw_straight(ends, [write_stroke(axis.get("gridcolor", GRID_COLOUR), 1)] * count)
    return [part for pair in zip(lines, texts, strict=True) for part in pair]


def _draw_trace(trace: Mapping[str, Any], x: Axis, y: Axis) -> Markup:
    if trace.get("type", "scatter") != "scatter":
        raise ValueError(f"traces of type {trace['type']!r} are not drawn")
    check([trace], "trace")
    xs, ys = x.all_at(trace["x"]), y.all_at(trace["y"])
    if len(xs) != len(ys):
        raise ValueError(f"a trace has {len(xs)} x and {len(ys)} y")
    if trace["mode"] == "lines":
        return draw_polyline(trace["line"], xs, ys)
    if trace["mode"] == "text":
        return write_trace(trace, xs, ys)
    if trace["mode"] == "markers":
        return draw_markers(trace["marker"], xs, ys)
    raise ValueError(f"traces with the mode {trace['mode']!r} are not drawn")


def _list_looks(notes: Sequence[Mapping[str, Any]]) -> list[Look]:
    """Anchor, size and colour of each annotation."""
    fonts = [a.get("font", {}) for a in notes]
    check(fonts, "font")
    told = [
        (a.get("xanchor", "center"), font.get("size", FONT_PX), font.get("color", FONT_COLOUR))
        for a, font in zip(notes, fonts, strict=True)
    ]
    # there are few, of many notes
    written = {look: (ANCHORS[look[0]], write_px([look[1]])[0], look[2]) for look in set(told)}
    return [written[look] for look in told]


def _draw_annotations(
    notes: Sequence[Mapping[str, Any]], looks: Sequence[Look], x: Axis, y: Axis, usual: Look
) -> Markup:
    check(notes, "annotation")
    if any(a.get("showarrow", True) for a in notes):
        raise ValueError("annotations with arrows are not drawn")
    lefts = x.all_at([a["x"] for a in notes], [a.get("xref") == "paper" for a in notes])
    tops = y.all_at([a["y"] for a in notes], [a.get("yref") == "paper" for a in notes])
    lefts = [left + a.get("xshift", 0) for a, left in zip(notes, lefts, strict=True)]
    tops = [top - a.get("yshift", 0) for a, top in zip(notes, tops, strict=True)]
    lines = [
        top + BASELINES[a.get("yanchor", "middle")] * a.get("font", {}).get("size", FONT_PX)
        for a, top in zip(notes, tops, strict=True)
    ]
    turns: list[str] = []
    if any("textangle" in a for a in notes):
        turns = [turn(a.get("textangle", 0), *at) for a, *at in zip(notes, lefts, tops, strict=True)]
    return write_texts([a["text"] for a in notes], lefts, lines, looks, usual, turns)

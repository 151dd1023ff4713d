"""Draws a figure (plotly's dictionary) as accessible SVG, without a browser.

The closed set: scatter traces (markers, lines, text), shapes (line, rect, path) between the lines of the scale and the
traces, annotations and plain linear axes. Anything else, a property that is not known among it, is an error here, so that
no chart silently loses a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dimios_core.markup import Markup, attributes, join, markup
from dimios_core.report.drawable import check
from dimios_core.report.svg_texts import (
    ANCHORS,
    BASELINES,
    Look,
    find_usual,
    write_look,
    write_px,
    write_text,
    write_texts,
)

DASHES = {"": "", "dot": "2 3", "dash": "6 4"}
MARKERS = ("circle", "circle-open", "diamond", "line-ns")
#: paths that are kept scaled: the counties, wide, and narrow above any number of listed ones
PATHS_N = 1024
NONE = attributes()


@dataclass(frozen=True)
class Axis:
    """A plain linear axis: data from `low` to `high` lie between the pixels `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float, paper: bool = False) -> float:
        """Return the pixel of a value on the axis, or of a share of the plot area (`paper`)."""
        share = value if paper else (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


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
    check(figure, "figure")
    check(layout, "layout")
    check(layout["margin"], "margin")
    check(layout.get("font", {}), "layout's font")
    width, height, margin = layout["width"], layout["height"], layout["margin"]
    (left, right), (bottom, top) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    x = Axis(left, right, margin["l"], width - margin["r"])
    y = Axis(bottom, top, height - margin["b"], margin["t"])
    # where a section is shown without the style sheet, one of the two drawings is enough
    hidden = attributes(display="none") if css_class == "narrow" else NONE
    usual = find_usual(layout)
    parts = _draw_grid(layout, x, y, usual)
    parts += [_draw_shape(s, x, y) for s in layout.get("shapes", [])]
    for trace in figure["data"]:
        parts += _draw_trace(trace, x, y)
    parts += [_draw_annotation(a, x, y, usual) for a in layout.get("annotations", [])]
    return markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d" class="{}"{}{} xmlns="http://www.w3.org/2000/svg">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        *(width, height, prefix, prefix, css_class, hidden, write_look(*usual)),
        *(prefix, title, prefix, description),
        join(parts),
    )


def _draw_grid(layout: Mapping[str, Any], x: Axis, y: Axis, usual: Look) -> list[Markup]:
    parts = []
    for axis, horizontal in ((layout["xaxis"], True), (layout["yaxis"], False)):
        check(axis, "axis")
        if axis.get("side", "bottom" if horizontal else "left") not in (
            ("top", "bottom") if horizontal else ("left",)
        ):
            raise ValueError(f"ticks at the side {axis['side']!r} are not drawn")
        font = axis.get("tickfont", {})
        check(font, "font")
        for value, label in zip(
            axis.get("tickvals", []), axis.get("ticktext", axis.get("tickvals", [])), strict=True
        ):
            if axis.get("showgrid", True):
                ends = (
                    (x.at(value), y.start, x.at(value), y.end)
                    if horizontal
                    else (x.start, y.at(value), x.end, y.at(value))
                )
                parts.append(_line(*ends, axis.get("gridcolor", "#e6e9ed"), 1))
            if label == "":
                continue
            if horizontal:
                top = axis.get("side") == "top"
                place = (x.at(value), y.end - 8 if top else y.start + 16, "middle", 0.0)
            else:
                place = (x.start - 8, y.at(value), "end", BASELINES["middle"])
            parts.append(write_text(str(label), *place, font, usual))
    return parts


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> Markup:
    if dash not in DASHES:
        raise ValueError(f"lines of the kind {dash!r} are not drawn; choose among {', '.join(DASHES)}")
    return markup(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"{}{}/>',
        *(write_px(x1), write_px(y1), write_px(x2), write_px(y2), colour),
        attributes(stroke_width=write_px(width)) if width != 1 else NONE,
        attributes(stroke_dasharray=DASHES[dash]) if dash else NONE,
    )


def _draw_trace(trace: Mapping[str, Any], x: Axis, y: Axis) -> list[Markup]:
    if trace.get("type", "scatter") != "scatter":
        raise ValueError(f"traces of type {trace['type']!r} are not drawn")
    check(trace, "trace")
    points = [(x.at(a), y.at(b)) for a, b in zip(trace["x"], trace["y"], strict=True)]
    if trace["mode"] == "lines":
        return [_draw_polyline(trace["line"], points)]
    if trace["mode"] == "text":
        return [write_texts(trace, points)]
    if trace["mode"] == "markers":
        return _draw_markers(trace["marker"], points)
    raise ValueError(f"traces with the mode {trace['mode']!r} are not drawn")


def _draw_polyline(line: Mapping[str, Any], points: list[tuple[float, float]]) -> Markup:
    check(line, "line")
    path = " ".join(f"{write_px(a)},{write_px(b)}" for a, b in points)
    return markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"/>',
        *(path, line["color"], write_px(line["width"])),
    )


def _draw_markers(marker: Mapping[str, Any], points: list[tuple[float, float]]) -> list[Markup]:
    """Draw marks of one form and size, each in its colour."""
    check(marker, "marker")
    size, symbol, line = marker["size"], marker.get("symbol", "circle"), marker.get("line", {})
    check(line, "line")
    if not isinstance(size, (int, float)) or not isinstance(symbol, str):
        raise ValueError("markers of several sizes or forms in one trace are not drawn")
    colours = (
        marker["color"] if isinstance(marker["color"], (list, tuple)) else [marker["color"]] * len(points)
    )
    return [
        _draw_marker(symbol, a, b, size, colour, line) for (a, b), colour in zip(points, colours, strict=True)
    ]


def _draw_marker(
    symbol: str, x: float, y: float, size: float, colour: str, line: Mapping[str, Any]
) -> Markup:
    half, width = size / 2, line.get("width", 0)
    if symbol == "line-ns":
        r = half * 1.4
        if not isinstance(line["color"], str):
            raise ValueError("upright lines of several colours in one trace are not drawn")
        return _line(x, y - r, x, y + r, line["color"], width)
    if symbol == "circle-open":
        # clear inside, as plotly has it: what lies under it is seen
        return markup(
            '<circle cx="{}" cy="{}" r="{}" fill="none" stroke="{}" stroke-width="{}"/>',
            *(write_px(x), write_px(y), write_px(half), colour, write_px(width)),
        )
    if symbol == "circle":
        at = (write_px(x), write_px(y), write_px(half), colour)
        if not width:
            return markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>', *at)
        return markup(
            '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
            *(*at, line["color"], write_px(width)),
        )
    if symbol in MARKERS and width:
        raise ValueError(f"edges of markers of the form {symbol!r} are not drawn")
    if symbol == "diamond":
        # plotly's diamond is 1.3 times as wide as its size
        r = half * 1.3
        corners = " ".join(
            f"{write_px(a)},{write_px(b)}" for a, b in ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
        )
        return markup('<polygon points="{}" fill="{}"/>', corners, colour)
    raise ValueError(f"markers of the form {symbol!r} are not drawn; choose among {', '.join(MARKERS)}")


def _draw_shape(shape: Mapping[str, Any], x: Axis, y: Axis) -> Markup:
    kind, line = shape["type"], shape.get("line", {})
    if kind not in ("line", "rect", "path"):
        raise ValueError(f"shapes of type {kind!r} are not drawn")
    check(shape, "shape")
    check(line, "straight line" if kind == "line" else "line")
    if shape.get("layer") != "between":
        raise ValueError(f"shapes in the layer {shape.get('layer')!r} are not drawn; choose 'between'")
    fill, width = shape.get("fillcolor", "none"), line.get("width", 0)
    edge = attributes(stroke=line.get("color", "none"), stroke_width=write_px(width)) if width else NONE
    opacity = attributes(opacity=shape["opacity"]) if "opacity" in shape else NONE
    if kind == "path":
        path = scale_path(shape["path"], x, y)
        return markup('<path d="{}" fill="{}"{}{}/>', path, fill, edge, opacity)
    x0, x1, y0, y1 = x.at(shape["x0"]), x.at(shape["x1"]), y.at(shape["y0"]), y.at(shape["y1"])
    if kind == "line":
        return _line(x0, y0, x1, y1, line["color"], line["width"], line.get("dash", ""))
    left, top, w, h = min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)
    return markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}{}/>',
        *(write_px(left), write_px(top), write_px(w), write_px(h), fill, edge, opacity),
    )


@lru_cache(maxsize=PATHS_N)
def scale_path(path: str, x: Axis, y: Axis) -> str:
    """Scale a path of absolute moves and lines ("M1,2 L3,4 Z") to pixels; lines then are told from corner to corner.

    Steps are counted between rounded corners, so that they add up: no corner is further off than half a tenth.

    Raises
    ------
    ValueError
        The path holds something else.
    """
    return "".join(_step(path, x, y))


def _step(path: str, x: Axis, y: Axis) -> Iterator[str]:
    at = (0, 0)  # in tenths of pixels
    for word in path.split(" "):
        if word == "Z":
            yield "z"
            continue
        if word[0] not in "ML":
            raise ValueError(f"path commands other than M, L and Z are not drawn: {word!r}")
        a, b = word[1:].split(",")
        to = (round(10 * x.at(float(a))), round(10 * y.at(float(b))))
        right, down = to[0] - at[0], to[1] - at[1]
        if word[0] == "M":
            yield f"M{to[0] / 10:g},{to[1] / 10:g}"
        elif not down:
            yield f"h{right / 10:g}"
        elif not right:
            yield f"v{down / 10:g}"
        else:
            yield f"l{right / 10:g},{down / 10:g}"
        at = to


def _draw_annotation(a: Mapping[str, Any], x: Axis, y: Axis, usual: Look) -> Markup:
    if a.get("showarrow", True):
        raise ValueError("annotations with arrows are not drawn")
    check(a, "annotation")
    left = x.at(a["x"], a.get("xref") == "paper") + a.get("xshift", 0)
    top = y.at(a["y"], a.get("yref") == "paper") - a.get("yshift", 0)
    anchor = ANCHORS[a.get("xanchor", "center")]
    return write_text(
        a["text"],
        left,
        top,
        anchor,
        BASELINES[a.get("yanchor", "middle")],
        a.get("font", {}),
        usual,
        a.get("textangle", 0),
    )

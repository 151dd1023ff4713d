"""Draws a figure (plotly's dictionary) as accessible SVG, without a browser.

The closed set: scatter traces (markers, lines, text), shapes (line, rect, circle, path), annotations and plain linear axes.
Anything else is an error here, so that no chart silently loses a part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

MARKERS = ("circle", "circle-open", "diamond", "line-ns")
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
#: paths that are kept scaled: the counties, wide, and narrow above any number of listed ones
PATHS_N = 1024
BASELINES = {"top": "0.9em", "middle": "0.35em", "bottom": "-0.3em"}


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
) -> str:
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
    str
        One `<svg>` element.

    Raises
    ------
    ValueError
        The figure holds something outside the closed set.
    """
    layout = figure["layout"]
    width, height, margin = layout["width"], layout["height"], layout["margin"]
    (left, right), (bottom, top) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    x = Axis(left, right, margin["l"], width - margin["r"])
    y = Axis(bottom, top, height - margin["b"], margin["t"])
    parts = [
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{prefix}-t {prefix}-d" class="{css_class}" '
        f'xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{prefix}-t">{escape(title)}</title><desc id="{prefix}-d">{escape(description)}</desc>',
        *_draw_grid(layout, x, y),
        *(_draw_shape(s, x, y) for s in layout.get("shapes", []) if s.get("layer") == "below"),
    ]
    for trace in figure["data"]:
        parts += _draw_trace(trace, x, y)
    parts += [_draw_shape(s, x, y) for s in layout.get("shapes", []) if s.get("layer") != "below"]
    parts += [_draw_annotation(a, x, y) for a in layout.get("annotations", [])]
    return "".join(parts) + "</svg>"


def _n(value: float) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _draw_grid(layout: Mapping[str, Any], x: Axis, y: Axis) -> list[str]:
    parts = []
    for axis, horizontal in ((layout["xaxis"], True), (layout["yaxis"], False)):
        font = axis.get("tickfont", {})
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
            if not axis.get("showticklabels", True) or label == "":
                continue
            if horizontal:
                top = axis.get("side") == "top"
                place = (x.at(value), y.end - 8 if top else y.start + 16, "middle", "0")
            else:
                place = (x.start - 8, y.at(value), "end", "0.35em")
            parts.append(_text(str(label), *place, font))
    return parts


def _line(x1: float, y1: float, x2: float, y2: float, color: str, width: float, dash: str = "") -> str:
    dashed = {"dot": ' stroke-dasharray="2 3"', "dash": ' stroke-dasharray="6 4"'}.get(dash, "")
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{color}" '
        f'stroke-width="{_n(width)}"{dashed}/>'
    )


def _text(
    text: str, x: float, y: float, anchor: str, dy: str, font: Mapping[str, Any], angle: float = 0
) -> str:
    bold = text.startswith("<b>") and text.endswith("</b>")
    plain = text[3:-4] if bold else text
    turned = f' transform="rotate({_n(angle)} {_n(x)} {_n(y)})"' if angle else ""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" dy="{dy}" text-anchor="{anchor}" font-size="{_n(font.get("size", 13))}" '
        f'fill="{font.get("color", "#1f2429")}"{weight}{turned}>{escape(plain)}</text>'
    )


def _draw_trace(trace: Mapping[str, Any], x: Axis, y: Axis) -> list[str]:
    if trace.get("type", "scatter") != "scatter":
        raise ValueError(f"traces of type {trace['type']!r} are not drawn")
    parts = []
    points = [(x.at(a), y.at(b)) for a, b in zip(trace["x"], trace["y"], strict=True)]
    if "lines" in trace["mode"]:
        line = trace["line"]
        path = " ".join(f"{_n(a)},{_n(b)}" for a, b in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{line["color"]}" stroke-width="{_n(line["width"])}"/>'
        )
    if "text" in trace["mode"]:
        parts.append(_draw_texts(trace, points))
    if "markers" in trace["mode"]:
        marker = trace["marker"]
        for i, (a, b) in enumerate(points):
            color, size = (_pick(marker[k], i) for k in ("color", "size"))
            parts.append(
                _draw_marker(
                    _pick(marker.get("symbol", "circle"), i), a, b, size, color, marker.get("line", {})
                )
            )
    return parts


def _draw_texts(trace: Mapping[str, Any], points: list[tuple[float, float]]) -> str:
    """Draw many short texts of one font, each centred on its point."""
    if trace.get("textposition") != "middle center":
        raise ValueError(f"texts at {trace.get('textposition')!r} are not drawn; choose 'middle center'")
    size, color = trace["textfont"]["size"], trace["textfont"]["color"]
    texts = []
    for (x, y), text in zip(points, trace["text"], strict=True):
        bold = text.startswith("<b>") and text.endswith("</b>")
        weight, plain = (' font-weight="700"', text[3:-4]) if bold else ("", text)
        texts.append(f'<text x="{_n(x)}" y="{_n(y + 0.35 * size)}"{weight}>{escape(plain)}</text>')
    return f'<g text-anchor="middle" font-size="{_n(size)}" fill="{color}">{"".join(texts)}</g>'


def _pick(value: Any, i: int) -> Any:
    return value[i] if isinstance(value, (list, tuple)) else value


def _draw_marker(symbol: str, x: float, y: float, size: float, color: str, line: Mapping[str, Any]) -> str:
    half = size / 2
    if symbol == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half)}" fill="{color}"/>'
    if symbol == "circle-open":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half)}" fill="#fff" stroke="{color}" stroke-width="2"/>'
    if symbol == "diamond":
        # plotly's diamond is 1.3 times as wide as its size
        r = half * 1.3
        corners = " ".join(f"{_n(a)},{_n(b)}" for a, b in ((x, y - r), (x + r, y), (x, y + r), (x - r, y)))
        return f'<polygon points="{corners}" fill="{color}"/>'
    if symbol == "line-ns":
        r = half * 1.4
        return _line(x, y - r, x, y + r, line.get("color", color), line.get("width", 2))
    raise ValueError(f"markers of the form {symbol!r} are not drawn; choose among {', '.join(MARKERS)}")


def _draw_shape(shape: Mapping[str, Any], x: Axis, y: Axis) -> str:
    kind = shape["type"]
    line = shape.get("line", {})
    stroke = f'stroke="{line.get("color", "none")}" stroke-width="{_n(line.get("width", 0))}"'
    fill = f'fill="{shape.get("fillcolor", "none")}"'
    opacity = f' opacity="{shape["opacity"]}"' if "opacity" in shape else ""
    if kind == "path":
        return f'<path d="{scale_path(shape["path"], x, y)}" {fill} {stroke}{opacity}/>'
    x0, x1 = (x.at(shape[k], shape.get("xref") == "paper") for k in ("x0", "x1"))
    y0, y1 = (y.at(shape[k], shape.get("yref") == "paper") for k in ("y0", "y1"))
    if kind == "line":
        return _line(x0, y0, x1, y1, line["color"], line["width"], line.get("dash", ""))
    if kind == "rect":
        left, top, w, h = min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)
        return (
            f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(w)}" height="{_n(h)}" {fill} {stroke}{opacity}/>'
        )
    raise ValueError(f"shapes of type {kind!r} are not drawn")


@lru_cache(maxsize=PATHS_N)
def scale_path(path: str, x: Axis, y: Axis) -> str:
    """Scale a path of absolute moves and lines ("M1,2 L3,4 Z") to pixels.

    Raises
    ------
    ValueError
        The path holds something else.
    """
    words = []
    for word in path.split(" "):
        if word == "Z":
            words.append(word)
            continue
        if word[0] not in "ML":
            raise ValueError(f"path commands other than M, L and Z are not drawn: {word!r}")
        a, b = word[1:].split(",")
        words.append(f"{word[0]}{_n(x.at(float(a)))},{_n(y.at(float(b)))}")
    return " ".join(words)


def _draw_annotation(a: Mapping[str, Any], x: Axis, y: Axis) -> str:
    if a.get("showarrow", True):
        raise ValueError("annotations with arrows are not drawn")
    left = x.at(a["x"], a.get("xref") == "paper") + a.get("xshift", 0)
    top = y.at(a["y"], a.get("yref") == "paper") - a.get("yshift", 0)
    anchor = ANCHORS[a.get("xanchor", "center")]
    return _text(
        a["text"],
        left,
        top,
        anchor,
        BASELINES[a.get("yanchor", "middle")],
        a.get("font", {}),
        a.get("textangle", 0),
    )


def ellipse_path(
    cx: float, cy: float, major: float, minor: float, angle_deg: float, low: float, high: float
) -> str:
    """Return an ellipse as a path of 72 straight lines in data units, clipped to [low, high] on both axes."""
    turn = math.radians(angle_deg)
    words = []
    for i in range(72):
        t = 2 * math.pi * i / 72
        a = cx + major * math.cos(t) * math.cos(turn) - minor * math.sin(t) * math.sin(turn)
        b = cy + major * math.cos(t) * math.sin(turn) + minor * math.sin(t) * math.cos(turn)
        words.append(f"{'L' if i else 'M'}{min(max(a, low), high):.2f},{min(max(b, low), high):.2f}")
    return " ".join(words) + " Z"

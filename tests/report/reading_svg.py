"""Reads drawings into one form: SVG as it stands, and a plotly figure as plotly's documentation says that it is drawn.

Both become a list of strokes, fills and words in the order that they are painted, in coordinates of the axes: nothing of
the code that draws is used here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

Drawing = dict[str, Any]

CLEAR = ("none", "rgba(0,0,0,0)", "transparent")
#: plotly's forms of markers: half height over half size, and whether the inside is clear (plotly.js, symbol_defs)
FORMS = {"circle": (1.0, False), "circle-open": (1.0, True), "diamond": (1.3, False), "line-ns": (1.4, True)}
SIDES = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True)
class Painted:
    """Something painted.

    Attributes
    ----------
    kind : str
        "path", "circle" or "text".
    places : tuple of (x, y)
        Corners, a centre, or where a text stands, in coordinates of the axes.
    radius_px : float
        Of a circle.
    fill, stroke : str
        Colours, "" for none.
    """

    kind: str
    places: tuple[tuple[float, float], ...]
    fill: str = ""
    stroke: str = ""
    width_px: float = 0.0
    radius_px: float = 0.0
    opacity: float = 1.0
    dashed: bool = False
    text: str = ""
    size_px: float = 0.0
    bold: bool = False
    anchor: str = ""
    angle: float = 0.0


class Plot:
    """Where the axes of a figure lie."""

    def __init__(self, figure: Drawing) -> None:
        layout = figure["layout"]
        self.width, self.height, self.margin = layout["width"], layout["height"], layout["margin"]
        self.x, self.y = layout["xaxis"]["range"], layout["yaxis"]["range"]

    @property
    def wide_px(self) -> float:
        return self.width - self.margin["l"] - self.margin["r"]

    @property
    def tall_px(self) -> float:
        return self.height - self.margin["t"] - self.margin["b"]

    @property
    def unit(self) -> tuple[float, float]:
        """A pixel in coordinates of the axes."""
        return (self.x[1] - self.x[0]) / self.wide_px, (self.y[1] - self.y[0]) / self.tall_px

    def axes(self, x_px: float, y_px: float) -> tuple[float, float]:
        """A place of the SVG in coordinates of the axes."""
        across, up = self.unit
        bottom = self.height - self.margin["b"]
        return self.x[0] + (x_px - self.margin["l"]) * across, self.y[0] + (bottom - y_px) * up


def _paint(fill: str, stroke: str, width: float) -> dict[str, Any]:
    """Colours of what is seen: a clear fill and a stroke of no width are none."""
    seen = width > 0 and stroke not in CLEAR
    return {
        "fill": "" if fill in CLEAR else fill,
        "stroke": stroke if seen else "",
        "width_px": width if seen else 0.0,
    }


def _words(text: str) -> dict[str, Any]:
    bold = text.startswith("<b>")
    return {"text": re.sub(r"</?b>", "", text), "bold": bold}


# -- plotly ----------------------------------------------------------------------------------------------


def read_plotly(figure: Drawing) -> list[Painted]:
    """Return what plotly paints, in its order: shapes below the grid, grid, shapes between, traces, shapes above, texts."""
    from plotly.graph_objects import Figure

    full = Figure(figure).to_plotly_json()  # refuses what plotly does not know
    layout, plot = full["layout"], Plot(figure)
    found = list(_shapes(layout, "below"))
    found += _grid(layout, plot)
    found += _shapes(layout, "between")
    for trace in full["data"]:
        found += _trace(trace, plot)
    found += _shapes(layout, "above")
    found += [_annotation(a, plot) for a in layout["annotations"]]
    return found


def _grid(layout: Drawing, plot: Plot) -> Iterator[Painted]:
    """Lines of the scale with their names: outside the plot, so that it does not matter which are painted first."""
    for axis, across in ((layout["xaxis"], True), (layout["yaxis"], False)):
        font = axis["tickfont"]
        for value, name in zip(axis["tickvals"], axis["ticktext"], strict=True):
            if axis["showgrid"]:
                ends = [(value, v) for v in plot.y] if across else [(v, value) for v in plot.x]
                yield Painted("path", tuple(ends), **_paint("none", axis["gridcolor"], 1))
            if not name:
                continue
            right, up = plot.unit
            if across:
                at = (value, plot.y[1] + 8 * up) if axis["side"] == "top" else (value, plot.y[0] - 16 * up)
            else:
                at = (plot.x[0] - 8 * right, value)
            yield Painted(
                "text", (at,), font["color"], text=name, size_px=font["size"], anchor="middle" if across else "end"
            )  # fmt: skip


def _shapes(layout: Drawing, layer: str) -> Iterator[Painted]:
    for shape in layout.get("shapes", []):
        if shape.get("layer", "above") != layer:
            continue
        line, kind = shape["line"], shape["type"]
        look = _paint(shape.get("fillcolor", CLEAR[1]), line["color"], line["width"])
        look |= {"opacity": shape.get("opacity", 1.0), "dashed": line.get("dash", "solid") != "solid"}
        if kind == "path":
            places = tuple(_corners(shape["path"]))
        elif kind == "line":
            places = ((shape["x0"], shape["y0"]), (shape["x1"], shape["y1"]))
        else:
            assert kind == "rect"
            x0, x1, y0, y1 = (shape[k] for k in ("x0", "x1", "y0", "y1"))
            places = ((min(x0, x1), max(y0, y1)), (max(x0, x1), min(y0, y1)))
        yield Painted("path", places, **look)


def _corners(path: str) -> Iterator[tuple[float, float]]:
    for x, y in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path):
        yield float(x), float(y)


def _walk(path: str) -> Iterator[tuple[float, float]]:
    """Corners of an SVG path of moves, steps and closings (SVG 2, 9.3)."""
    x = y = 0.0
    for command, words in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        told = [float(n) for n in re.findall(r"-?[\d.]+", words)]
        if command == "z":
            continue
        assert command in "Mlhv", f"{command} is not known here"
        right, down = {"h": (*told, 0.0), "v": (0.0, *told)}.get(command, told)
        x, y = (right, down) if command == "M" else (x + right, y + down)
        yield x, y


def _trace(trace: Drawing, plot: Plot) -> Iterator[Painted]:
    places = list(zip(trace["x"], trace["y"], strict=True))
    if "lines" in trace["mode"] and places:
        line = trace["line"]
        yield Painted("path", tuple(places), **_paint("none", line["color"], line["width"]))
    if "markers" in trace["mode"]:
        marker = trace["marker"]
        reach, clear = FORMS[marker["symbol"]]
        colours, half = marker["color"], reach * marker["size"] / 2
        colours = [colours] * len(places) if isinstance(colours, str) else colours
        right, up = plot.unit
        for (x, y), colour in zip(places, colours, strict=True):
            # an open marker is edged in its own colour, one pixel wide unless told otherwise; others in their line's
            if marker["symbol"] == "circle-open":
                look = _paint("none", colour, marker["line"]["width"] or 1)
            else:
                look = _paint(
                    "none" if clear else colour, str(marker["line"]["color"]), marker["line"]["width"]
                )
            if marker["symbol"].startswith("circle"):
                yield Painted("circle", ((x, y),), radius_px=half, **look)
            elif marker["symbol"] == "diamond":
                corners = ((0, 1), (1, 0), (0, -1), (-1, 0))
                yield Painted(
                    "path", tuple((x + a * half * right, y + b * half * up) for a, b in corners), **look
                )
            else:
                yield Painted("path", ((x, y + half * up), (x, y - half * up)), **look)
    if "text" in trace["mode"]:
        font = trace["textfont"]
        for at, text in zip(places, trace["text"], strict=True):
            yield Painted("text", (at,), font["color"], size_px=font["size"], anchor="middle", **_words(text))


def _annotation(a: Drawing, plot: Plot) -> Painted:
    right, up = plot.unit
    assert a["yref"] == "y"
    x = plot.x[0] + a["x"] * (plot.x[1] - plot.x[0]) if a["xref"] == "paper" else a["x"]
    at = (x + a.get("xshift", 0) * right, a["y"] + a.get("yshift", 0) * up)
    return Painted(
        "text", (at,), a["font"]["color"], size_px=a["font"]["size"], anchor=SIDES[a["xanchor"]],
        angle=a.get("textangle", 0), **_words(a["text"]),
    )  # fmt: skip


# -- SVG -------------------------------------------------------------------------------------------------


def read_svg(svg: str, figure: Drawing) -> list[Painted]:
    """Return what an SVG paints, in its order; the figure says where the axes lie."""
    plot = Plot(figure)
    drawing = ElementTree.fromstring(svg)
    return [p for e in drawing for p in _element(e, plot, drawing.attrib)]


def _element(e: ElementTree.Element, plot: Plot, inherited: dict[str, str]) -> Iterator[Painted]:
    kind = e.tag.rpartition("}")[2]
    own = {**inherited, **e.attrib}
    get = {k: float(v) for k, v in own.items() if re.fullmatch(r"-?[\d.]+", v)}
    fill = own.get("fill", "none") if kind != "line" else "none"  # a line has no inside
    look = _paint(fill, own.get("stroke", "none"), get.get("stroke-width", 1.0))
    look |= {"opacity": get.get("opacity", 1.0), "dashed": "stroke-dasharray" in own}
    if kind in ("title", "desc"):
        return
    if kind == "g":
        for child in e:
            yield from _element(child, plot, own)
    elif kind == "text":
        # names of a scale above or below stand on their line; all else is told by the middle of a letter
        on_scale = get["y"] in (plot.margin["t"] - 8, plot.height - plot.margin["b"] + 16)
        y = get["y"] - (0 if on_scale else 0.35 * get["font-size"])
        turned = re.match(r"rotate\((-?[\d.]+)", own.get("transform", ""))
        yield Painted(
            "text", (plot.axes(get["x"], y),), own["fill"], size_px=get["font-size"], text=e.text or "",
            bold=own.get("font-weight") == "700", anchor=own["text-anchor"],
            angle=float(turned.group(1)) if turned else 0.0,
        )  # fmt: skip
    elif kind == "circle":
        yield Painted("circle", (plot.axes(get["cx"], get["cy"]),), radius_px=get["r"], **look)
    else:
        yield Painted("path", tuple(plot.axes(*at) for at in _places(kind, own, get)), **look)


def _places(kind: str, own: dict[str, str], get: dict[str, float]) -> list[tuple[float, float]]:
    if kind == "line":
        return [(get["x1"], get["y1"]), (get["x2"], get["y2"])]
    if kind == "rect":
        return [(get["x"], get["y"]), (get["x"] + get["width"], get["y"] + get["height"])]
    if kind == "path":
        return list(_walk(own["d"]))
    assert kind in ("polyline", "polygon"), f"{kind} is not known here"
    return [(float(x), float(y)) for x, y in (p.split(",") for p in own["points"].split())]

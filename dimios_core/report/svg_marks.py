"""What stands between the scale and the texts of a drawing, as SVG: shapes, lines and markers, many of a kind at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dimios_core.markup import Attributes, Markup, attributes, join, markup, markup_each, markup_rows
from dimios_core.report.drawable import check
from dimios_core.report.svg_texts import write_columns, write_px

DASHES = {"": "", "dot": "2 3", "dash": "6 4"}
#: forms of markers, and how far each reaches from its middle in halves of its size, as plotly has them
REACHES = {"circle": 1.0, "circle-open": 1.0, "diamond": 1.3, "line-ns": 1.4}
#: paths that are kept scaled: the counties, wide, and narrow above any number of listed ones
PATHS_N = 1024
#: steps of paths that are kept written
TENTHS_N = 4096
#: looks of lines and of what has an inside that are kept written
PAINTS_N = 256
Part = Mapping[str, Any]


@dataclass(frozen=True)
class Axis:
    """A plain linear axis: data from `low` to `high` lie between the pixels `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the pixel of a value on the axis."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def all_at(self, values: Sequence[float], papers: Sequence[bool] = ()) -> list[float]:
        """Return the pixels of values on the axis, or of shares of the plot area where `papers` says so."""
        low, span, start, reach = self.low, self.high - self.low, self.start, self.end - self.start
        if not any(papers):
            return [start + (value - low) / span * reach for value in values]
        return [
            start + (value if paper else (value - low) / span) * reach
            for value, paper in zip(values, papers, strict=True)
        ]


@lru_cache(maxsize=PAINTS_N)
def write_stroke(colour: str, width: float, dash: str = "") -> Attributes:
    """Return how a straight line is drawn: its colour, its width where that is not one pixel, and its dashes."""
    if dash not in DASHES:
        raise ValueError(f"lines of the kind {dash!r} are not drawn; choose among {', '.join(DASHES)}")
    px = "" if width == 1 else write_px([width])[0]
    return attributes(stroke=colour, stroke_width=px, stroke_dasharray=DASHES[dash])


@lru_cache(maxsize=PAINTS_N, typed=True)
def _write_paint(fill: str, edge: str, width: float, opacity: float | None = None) -> Attributes:
    """Return how what has an inside is painted: without an edge where that has no width."""
    drawn = {"stroke": edge, "stroke_width": write_px([width])[0]} if width else {}
    return attributes(fill=fill, **drawn, opacity=opacity)


def draw_straight(ends: Sequence[Sequence[float]], strokes: Sequence[Attributes]) -> list[Markup]:
    """Draw straight lines; `ends` are columns of x1, y1, x2 and y2, in pixels."""
    return markup_each('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"{}/>', *ends, strokes)


def draw_polyline(line: Part, xs: Sequence[float], ys: Sequence[float]) -> Markup:
    """Draw a line from point to point, in pixels."""
    check([line], "line")
    return markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"/>',
        *(_write_points(xs, ys), line["color"], *write_px([line["width"]])),
    )


def _write_points(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(map(",".join, zip(*write_columns(xs, ys), strict=True)))


def draw_markers(marker: Part, xs: Sequence[float], ys: Sequence[float]) -> Markup:
    """Draw marks of one form and size, each in its colour, at places in pixels."""
    check([marker], "marker")
    size, symbol, line = marker["size"], marker.get("symbol", "circle"), marker.get("line", {})
    check([line], "line")
    if not isinstance(size, (int, float)) or not isinstance(symbol, str):
        raise ValueError("markers of several sizes or forms in one trace are not drawn")
    if symbol not in REACHES:
        raise ValueError(f"markers of the form {symbol!r} are not drawn; choose among {', '.join(REACHES)}")
    count, width, r = len(xs), line.get("width", 0), REACHES[symbol] * (size / 2)
    if symbol == "line-ns":
        if not isinstance(line["color"], str):
            raise ValueError("upright lines of several colours in one trace are not drawn")
        ends = xs, [y - r for y in ys], xs, [y + r for y in ys]
        return join(draw_straight(ends, [write_stroke(line["color"], width)] * count))
    colours = marker["color"]
    if isinstance(colours, str):
        colours = [colours] * count
    if symbol == "diamond":
        if width:
            raise ValueError(f"edges of markers of the form {symbol!r} are not drawn")
        corners = [
            _write_points((x, x + r, x, x - r), (y - r, y, y + r, y)) for x, y in zip(xs, ys, strict=True)
        ]
        return markup_rows('<polygon points="{}" fill="{}"/>', corners, colours)
    if symbol == "circle-open":
        # clear inside, as plotly has it: what lies under it is seen
        paints = [_write_paint("none", colour, width) for colour in colours]
    else:
        edge = line["color"] if width else ""
        paints = [_write_paint(colour, edge, width) for colour in colours]
    return markup_rows('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}"{}/>', xs, ys, [r] * count, paints)


def draw_shapes(shapes: Sequence[Part], x: Axis, y: Axis) -> list[Markup]:
    """Draw straight lines, rectangles and paths, in their order.

    Raises
    ------
    ValueError
        A shape is of another type, or is not to lie between the lines of the scale and the traces.
    """
    check(shapes, "shape")
    kinds: dict[str, list[Part]] = {}
    for shape in shapes:
        if shape.get("layer") != "between":
            raise ValueError(f"shapes in the layer {shape.get('layer')!r} are not drawn; choose 'between'")
        kinds.setdefault(shape["type"], []).append(shape)
    if others := kinds.keys() - DRAWERS.keys():
        raise ValueError(f"shapes of the type {', '.join(sorted(others))} are not drawn")
    drawn = {kind: iter(DRAWERS[kind](some, x, y)) for kind, some in kinds.items()}
    return [next(drawn[shape["type"]]) for shape in shapes]


def _draw_lines(shapes: Sequence[Part], x: Axis, y: Axis) -> list[Markup]:
    looks = [s["line"] for s in shapes]
    check(looks, "straight line")
    x0, x1, y0, y1 = _place(shapes, x, y)
    strokes = [write_stroke(look["color"], look["width"], look.get("dash", "")) for look in looks]
    return draw_straight((x0, y0, x1, y1), strokes)


def _draw_boxes(shapes: Sequence[Part], x: Axis, y: Axis) -> list[Markup]:
    x0, x1, y0, y1 = _place(shapes, x, y)
    return markup_each(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"{}/>',
        list(map(min, x0, x1)),
        list(map(min, y0, y1)),
        [abs(b - a) for a, b in zip(x0, x1, strict=True)],
        [abs(b - a) for a, b in zip(y0, y1, strict=True)],
        _paint(shapes),
    )


def _draw_paths(shapes: Sequence[Part], x: Axis, y: Axis) -> list[Markup]:
    return markup_each('<path d="{}"{}/>', [scale_path(s["path"], x, y) for s in shapes], _paint(shapes))


DRAWERS = {"line": _draw_lines, "rect": _draw_boxes, "path": _draw_paths}


def _place(shapes: Sequence[Part], x: Axis, y: Axis) -> list[list[float]]:
    """Return the pixels of x0, x1, y0 and y1 of the shapes."""
    ends = (("x0", x), ("x1", x), ("y0", y), ("y1", y))
    return [axis.all_at([s[name] for s in shapes]) for name, axis in ends]


def _paint(shapes: Sequence[Part]) -> list[Attributes]:
    """Return filling, edge and opacity of each shape."""
    edges = [s.get("line", {}) for s in shapes]
    check(edges, "line")
    return [
        _write_paint(
            s.get("fillcolor", "none"), edge.get("color", "none"), edge.get("width", 0), s.get("opacity")
        )
        for s, edge in zip(shapes, edges, strict=True)
    ]


@lru_cache(maxsize=PATHS_N)
def scale_path(path: str, x: Axis, y: Axis) -> str:
    """Scale a path of absolute moves and lines ("M1,2 L3,4 Z") to pixels; lines then are told from corner to corner.

    Steps are counted between rounded corners, so that they add up: no corner is further off than half a tenth.

    Raises
    ------
    ValueError
        The path holds something else.
    """
    told, left, top = [], 0, 0  # in tenths of pixels
    for word in path.split(" "):
        if word == "Z":
            told.append("z")
            continue
        if word[0] not in "ML":
            raise ValueError(f"path commands other than M, L and Z are not drawn: {word!r}")
        a, b = word[1:].split(",")
        to_left, to_top = round(10 * x.at(float(a))), round(10 * y.at(float(b)))
        right, down, left, top = to_left - left, to_top - top, to_left, to_top
        if word[0] == "M":
            told.append(f"M{_write_tenths(left)},{_write_tenths(top)}")
        elif not down:
            told.append(f"h{_write_tenths(right)}")
        elif not right:
            told.append(f"v{_write_tenths(down)}")
        else:
            told.append(f"l{_write_tenths(right)},{_write_tenths(down)}")
    return "".join(told)


@lru_cache(maxsize=TENTHS_N)
def _write_tenths(tenths: int) -> str:
    return f"{tenths / 10:g}"

"""What drawings are made of, as parts of a plotly figure: labels, marks, lines, boxes, areas, and the frame around.

What stands here is what `dimios_core.report.svg` draws; it refuses anything else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dimios_core.report.charts.colours import CLEAR, GRID, INK, MUTED

#: a whole figure, and a trace, shape or annotation of one
Drawing = dict[str, Any]
Part = dict[str, Any]

WIDE_PX, NARROW_PX = 760, 350
FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
#: width of the lines that upright and open marks consist of
MARK_LINE_PX = 2
#: shapes lie over the lines of the scale and under the marks
LAYER = "between"


def label(
    text: str,
    x: float,
    y: float,
    anchor: str,
    size: int,
    colour: str,
    xref: str = "x",
    xshift: float = 0,
    yshift: float = 0,
) -> Part:
    """Return a text at a place of the axes; with `xref` "paper", x is a share of the plot's width."""
    part: Part = {
        "text": text, "x": x, "y": y, "xref": xref, "yref": "y", "xanchor": anchor, "yanchor": "middle",
        "showarrow": False, "font": {"size": size, "color": colour},
    }  # fmt: skip
    # shifts of nothing are left out: a page may hold a thousand labels
    if xshift:
        part["xshift"] = xshift
    if yshift:
        part["yshift"] = yshift
    return part


def marks(
    x: list[float],
    y: list[float],
    form: str,
    size: float,
    colour: str | list[str],
    texts: list[str] | None = None,
    fill: str | None = None,
) -> Part:
    """Return a trace of markers; `texts` are what plotly shows on hovering.

    An open circle is clear inside, so that it hides nothing that lies under it; a circle with another `fill` hides it, and has an
    edge in its colour.
    """
    line = {"color": colour, "width": MARK_LINE_PX if fill or form in ("line-ns", "circle-open") else 0}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "showlegend": False,
        "hoverinfo": "text" if texts else "x+y", "hovertext": texts or [],
        "marker": {"symbol": form, "size": size, "color": fill or colour, "line": line},
    }  # fmt: skip


def line(x: list[float], y: list[float], colour: str, width: float) -> Part:
    """Return a trace of straight lines from point to point."""
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "showlegend": False,
        "line": {"color": colour, "width": width},
    }  # fmt: skip


def writing(x: list[float], y: list[float], texts: list[str], size: int, colour: str) -> Part:
    """Return a trace of short texts of one font, each centred on its point."""
    return {
        "type": "scatter", "mode": "text", "x": x, "y": y, "text": texts, "hoverinfo": "skip",
        "textposition": "middle center", "showlegend": False, "textfont": {"size": size, "color": colour},
    }  # fmt: skip


def box(x0: float, x1: float, y0: float, y1: float, fill: str) -> Part:
    """Return a filled rectangle below the marks."""
    return {
        "type": "rect", "layer": LAYER, "x0": x0, "x1": x1, "y0": y0, "y1": y1, "fillcolor": fill,
        "line": {"width": 0, "color": CLEAR},
    }  # fmt: skip


def stroke(x0: float, x1: float, y0: float, y1: float, colour: str, width: float = 1, dash: str = "") -> Part:
    """Return a straight line below the marks."""
    look = {"color": colour, "width": width} | ({"dash": dash} if dash else {})
    return {"type": "line", "layer": LAYER, "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": look}


def area(path: str, fill: str, edge: str = CLEAR, width: float = 0) -> Part:
    """Return a filled path of straight lines ("M1,2 L3,4 Z") below the marks."""
    look = {"width": width, "color": edge}
    return {"type": "path", "layer": LAYER, "path": path, "fillcolor": fill, "line": look}


def outline(corners: Sequence[tuple[float, float]], digits: int) -> str:
    """Return corners as a closed path, with so many decimals."""
    corner = f"%.{digits}f,%.{digits}f"
    return "M" + " L".join([corner % at for at in corners]) + " Z"


def list_ellipse(
    cx: float, cy: float, major: float, minor: float, angle_deg: float, low: float, high: float
) -> list[tuple[float, float]]:
    """Return an ellipse as 72 corners in data units, clipped to [low, high] on both axes."""
    turn = math.radians(angle_deg)
    corners = []
    for i in range(72):
        t = 2 * math.pi * i / 72
        a = cx + major * math.cos(t) * math.cos(turn) - minor * math.sin(t) * math.sin(turn)
        b = cy + major * math.cos(t) * math.sin(turn) + minor * math.sin(t) * math.cos(turn)
        corners.append((min(max(a, low), high), min(max(b, low), high)))
    return corners


def frame(
    width: int,
    height: int,
    margin: dict[str, int],
    xaxis: dict[str, Any],
    yaxis: dict[str, Any],
    data: list[Part],
    shapes: list[Part],
    annotations: list[Part],
) -> Drawing:
    """Put a figure together; axes show no grid, ticks or zero line unless they say so."""
    plain = {
        "tickvals": [],
        "ticktext": [],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "gridcolor": GRID,
        "tickfont": {"size": 12, "color": MUTED},
    }
    return {
        "data": data,
        "layout": {
            "width": width, "height": height, "margin": margin, "showlegend": False,
            "xaxis": plain | xaxis, "yaxis": plain | yaxis,
            "shapes": shapes, "annotations": annotations, "plot_bgcolor": "#fff", "paper_bgcolor": "#fff",
            "font": {"family": FONT, "size": 13, "color": INK},
        },
    }  # fmt: skip


def sheet(
    width: int, height: int, bottom: float, data: list[Part], shapes: list[Part], annotations: list[Part]
) -> Drawing:
    """Put a figure without axes together, whose coordinates are pixels: to the right of 0, and upwards from `bottom`."""
    none = {"l": 0, "r": 0, "t": 0, "b": 0}
    xaxis, yaxis = {"range": [0, width]}, {"range": [bottom, bottom + height]}
    return frame(width, height, none, xaxis, yaxis, data, shapes, annotations)

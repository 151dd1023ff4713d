"""What all charts share: their parts as plotly figure dictionaries, colours, and the cut of the scale.

A chart knows its name, its one-sentence conclusion and its data table; `dimios_core.report.svg` draws the
same dictionary for pages, JupyterLab shows it with plotly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from dimios_core.report.organisation_facts import Facts

CAPABILITY, HERITAGE = "#1d4f86", "#8f4e00"
BAND = {CAPABILITY: "#c5d3e3", HERITAGE: "#ead6bf"}
INK, MUTED, GRID, MARK = "#1f2429", "#59626b", "#e6e9ed", "#4d5761"
NEUTRAL_BAND = "#dcdfe3"
CLEAR = "rgba(0,0,0,0)"
FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
#: room between the figures and the ends of the scale shown
PAD_PP = 2.0
STEP_PP = 10
PLOTLY_MIME = "application/vnd.plotly.v1+json"
#: room for a title where plotly shows a chart by itself
TITLE_PX = 60


@dataclass(frozen=True)
class Chart:
    """A chart for wide and for narrow screens.

    Attributes
    ----------
    name, conclusion : str
        Title, and what it shows in one sentence.
    wide, narrow : dict
        The same marks as plotly figures for two widths.
    key : str
        What the marks mean, under the chart.
    table : str
        The same data as an HTML table.
    """

    id: str
    name: str
    conclusion: str
    wide: dict[str, Any]
    narrow: dict[str, Any]
    key: str
    table: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show as plotly in JupyterLab, with the conclusion as the title."""
        layout = self.wide["layout"]
        room = {**layout["margin"], "t": layout["margin"]["t"] + TITLE_PX}
        title = {
            "text": self.conclusion,
            "font": {"size": 14},
            "x": 0,
            "xanchor": "left",
            "yanchor": "top",
            "y": 0.99,
        }
        layout = {**layout, "title": title, "margin": room, "height": layout["height"] + TITLE_PX}
        return {PLOTLY_MIME: {**self.wide, "layout": layout}, "text/plain": f"{self.name}: {self.conclusion}"}


def accent_of(facts: Facts, level: str, key: str) -> str:
    """Return the colour of a figure: blue for the dimension drawn upwards (capability), ochre for the other."""
    instrument = facts.instrument
    dimension = key
    if level in ("point", "category"):
        category = next((p.category for p in instrument.points if p.id == key), key)
        dimension = next(c.dimension for c in instrument.categories if c.id == category)
    upwards = instrument.quadrants.upwards if instrument.quadrants else instrument.dimensions[0].id
    return CAPABILITY if dimension == upwards else HERITAGE


def cut_scale(values: list[float]) -> tuple[float, float]:
    """Return the cut of the 0-100 scale that shows all values, in whole tens; all of it where there are none."""
    if not values:
        return 0.0, 100.0
    low = STEP_PP * math.floor((min(values) - PAD_PP) / STEP_PP)
    high = STEP_PP * math.ceil((max(values) + PAD_PP) / STEP_PP)
    return float(max(0, low)), float(min(100, high))


def cut_of_scale(facts: Facts, level: str) -> tuple[float, float]:
    """Return the cut of the 0-100 scale that shows every interval and benchmark of a level, in whole tens."""
    values = [v for f in facts.of_level(level) for v in (f.low, f.high, f.score) if v is not None]
    values += [
        g.reference for (name, _), g in facts.gaps.items() if name == level and g.reference is not None
    ]
    return cut_scale(values)


def label(
    text: str,
    x: float,
    y: float,
    anchor: str,
    size: int,
    color: str,
    xref: str = "x",
    xshift: float = 0,
    yshift: float = 0,
) -> dict[str, Any]:
    # shifts of nothing are left out: a page may hold a thousand labels
    shifts = {name: value for name, value in (("xshift", xshift), ("yshift", yshift)) if value}
    return {
        "text": text, "x": x, "y": y, "xref": xref, "yref": "y", "xanchor": anchor, "yanchor": "middle",
        "showarrow": False, "font": {"size": size, "color": color},
    } | shifts  # fmt: skip


def marks(
    x: list[float],
    y: list[float],
    symbol: str,
    size: float,
    color: str | list[str],
    texts: list[str] | None = None,
) -> dict[str, Any]:
    """Return a trace of markers; `texts` are what plotly shows on hovering."""
    line = {"color": color, "width": 2} if symbol == "line-ns" else {"width": 0, "color": color}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "showlegend": False,
        "hoverinfo": "text" if texts else "x+y", "hovertext": texts or [],
        "marker": {"symbol": symbol, "size": size, "color": color, "line": line},
    }  # fmt: skip


def box(x0: float, x1: float, y0: float, y1: float, fill: str) -> dict[str, Any]:
    """Return a filled rectangle below the marks."""
    return {
        "type": "rect", "layer": "below", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "fillcolor": fill,
        "line": {"width": 0, "color": CLEAR},
    }  # fmt: skip


def stroke(
    x0: float, x1: float, y0: float, y1: float, color: str, width: float = 1, dash: str = ""
) -> dict[str, Any]:
    """Return a straight line below the marks."""
    line = {"color": color, "width": width} | ({"dash": dash} if dash else {})
    return {"type": "line", "layer": "below", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line}


def frame(
    width: int,
    height: int,
    margin: dict[str, int],
    xaxis: dict[str, Any],
    yaxis: dict[str, Any],
    data: list[dict[str, Any]],
    shapes: list[dict[str, Any]],
    annotations: list[dict[str, Any]],
) -> dict[str, Any]:
    """Put a figure together; axes show no grid, ticks or zero line unless they say so."""
    plain = {
        "tickvals": [],
        "ticktext": [],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "gridcolor": GRID,
    }
    tickfont = {"size": 12, "color": MUTED}
    return {
        "data": data,
        "layout": {
            "width": width, "height": height, "margin": margin, "showlegend": False,
            "xaxis": plain | {"tickfont": tickfont} | xaxis, "yaxis": plain | {"tickfont": tickfont} | yaxis,
            "shapes": shapes, "annotations": annotations, "plot_bgcolor": "#fff", "paper_bgcolor": "#fff",
            "font": {"family": FONT, "size": 13, "color": INK},
        },
    }  # fmt: skip

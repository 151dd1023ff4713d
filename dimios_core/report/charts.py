"""Charts as plotly figure dictionaries, built from facts. The only place that knows plotly's language.

A chart knows its name, its one-sentence conclusion and its data table; `dimios_core.report.svg` draws the
same dictionary for pages, JupyterLab shows it with plotly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from dimios_core.report.facts import Facts, Figure
from dimios_core.report.narrative import Narrator

CAPABILITY, HERITAGE = "#1d4f86", "#8f4e00"
BAND = {CAPABILITY: "#c5d3e3", HERITAGE: "#ead6bf"}
INK, MUTED, GRID, MARK = "#1f2429", "#59626b", "#e6e9ed", "#4d5761"
FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
#: room between the figures and the ends of the scale shown
PAD_PP = 2.0
STEP_PP = 10


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


def accent_of(facts: Facts, level: str, key: str) -> str:
    """Return the colour of a figure: blue for the dimension drawn upwards (capability), ochre for the other."""
    instrument = facts.instrument
    dimension = key
    if level in ("point", "category"):
        category = next((p.category for p in instrument.points if p.id == key), key)
        dimension = next(c.dimension for c in instrument.categories if c.id == category)
    upwards = instrument.quadrants.upwards if instrument.quadrants else instrument.dimensions[0].id
    return CAPABILITY if dimension == upwards else HERITAGE


def cut_of_scale(facts: Facts, level: str) -> tuple[float, float]:
    """Return the cut of the 0-100 scale that shows every interval and benchmark of a level, in whole tens."""
    values = [v for f in facts.of_level(level) for v in (f.low, f.high, f.score) if v is not None]
    values += [
        g.reference for (name, _), g in facts.gaps.items() if name == level and g.reference is not None
    ]
    if not values:
        return 0.0, 100.0
    low = STEP_PP * math.floor((min(values) - PAD_PP) / STEP_PP)
    high = STEP_PP * math.ceil((max(values) + PAD_PP) / STEP_PP)
    return float(max(0, low)), float(min(100, high))


def draw_rows(narrator: Narrator, figures: list[Figure], *, narrow: bool) -> dict[str, Any]:
    """Build interval rows: name, band, own result, the peers' mean, difference.

    Wide: the name stands left of its row. Narrow: above it.
    """
    facts, say, number = narrator.facts, narrator.say, narrator.number
    level = figures[0].level
    low, high = cut_of_scale(facts, level)
    row_px, width = (46, 360) if narrow else (30, 760)
    margin = {"l": 8, "r": 8, "t": 26, "b": 4} if narrow else {"l": 250, "r": 78, "t": 26, "b": 4}
    size = 13
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    own: dict[str, list] = {"x": [], "y": [], "color": []}
    peers: dict[str, list] = {"x": [], "y": []}
    for i, figure in enumerate(figures):
        y, color = -float(i), accent_of(facts, level, figure.key)
        name = narrator.name(level, figure.key)
        gap = facts.gaps.get((level, figure.key))
        if narrow:
            annotations.append(_label(name, 0, y + 0.28, "left", size, INK, xref="paper"))
        else:
            annotations.append(_label(name, 0, y, "right", size, INK, xref="paper", xshift=-14))
        at = y - 0.14 if narrow else y
        if not figure.published:
            words = say(f"status.{figure.status}")
            annotations.append(
                _label(words, 0.0, at, "left", size - 1, MUTED, xref="paper", xshift=0 if narrow else 4)
            )
            continue
        assert figure.score is not None and figure.low is not None and figure.high is not None
        half = 5 / row_px
        shapes.append(
            {
                "type": "rect", "layer": "below", "x0": figure.low, "x1": figure.high, "y0": at - half, "y1": at + half,
                "fillcolor": BAND[color], "line": {"width": 0, "color": "none"},
            }
        )  # fmt: skip
        own["x"].append(figure.score)
        own["y"].append(at)
        own["color"].append(color)
        if gap and gap.reference is not None:
            peers["x"].append(gap.reference)
            peers["y"].append(at)
        shown = number.score(figure.score)
        if gap and gap.published and gap.value is not None:
            words = number.signed(gap.value)
            shown = f"{shown} ({words})" if narrow else words
            shown = f"<b>{shown}</b>" if gap.certain else shown
        bold = shown.startswith("<b>")
        right = {"x": 1, "y": y + 0.28} if narrow else {"x": 1, "y": y}
        shift = 0 if narrow else margin["r"] - 8
        annotations.append(
            _label(
                shown,
                right["x"],
                right["y"],
                "right",
                size,
                INK if bold else MUTED,
                xref="paper",
                xshift=shift,
            )
        )
    ticks = list(range(int(low), int(high) + 1, STEP_PP))
    return {
        "data": [
            {
                "type": "scatter", "mode": "markers", "x": peers["x"], "y": peers["y"], "hoverinfo": "x", "showlegend": False,
                "marker": {"symbol": "line-ns", "size": 11, "color": MARK, "line": {"color": MARK, "width": 2}},
            },
            {
                "type": "scatter", "mode": "markers", "x": own["x"], "y": own["y"], "hoverinfo": "x", "showlegend": False,
                "marker": {"symbol": "circle", "size": 10, "color": own["color"]},
            },
        ],
        "layout": {
            "width": width, "height": int(margin["t"] + margin["b"] + row_px * len(figures)), "margin": margin,
            "xaxis": {
                "range": [low, high], "tickvals": ticks, "ticktext": [str(t) for t in ticks], "side": "top",
                "gridcolor": GRID, "zeroline": False, "tickfont": {"size": 12, "color": MUTED}, "fixedrange": True,
            },
            "yaxis": {
                "range": [-len(figures) + 0.5, 0.5], "tickvals": [], "showgrid": False, "zeroline": False,
                "fixedrange": True, "showticklabels": False,
            },
            "shapes": shapes, "annotations": annotations, "plot_bgcolor": "#fff", "paper_bgcolor": "#fff",
            "font": {"family": FONT, "size": size, "color": INK}, "showlegend": False,
        },
    }  # fmt: skip


def _label(
    text: str, x: float, y: float, anchor: str, size: int, color: str, xref: str = "x", xshift: float = 0
) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": y, "xref": xref, "yref": "y", "xanchor": anchor, "yanchor": "middle",
        "showarrow": False, "xshift": xshift, "font": {"size": size, "color": color},
    }  # fmt: skip

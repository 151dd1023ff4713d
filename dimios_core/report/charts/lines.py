"""Lines over periods, as small multiples: one panel a figure, all on the same scale."""

from __future__ import annotations

import math
from typing import Any

from dimios_core.report.charts.parts import (
    BAND,
    CLEAR,
    GRID,
    INK,
    MUTED,
    NEUTRAL_BAND,
    accent_of,
    cut_scale,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.figures import Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import History

PANEL_PX, PANEL_HEIGHT_PX = 240, 190
#: a panel's plot within its cell, as shares: left and right edge, bottom and top
LEFT, RIGHT, BOTTOM, TOP = 0.13, 0.86, 0.14, 0.78


def draw_lines(
    narrator: FactsNarrator, history: History, keys: list[tuple[str, str]], *, narrow: bool
) -> dict[str, Any]:
    """Build a panel for each (level, key): its published scores over the periods, with 95 % bands.

    Periods without a published score are left open. The last score stands at its mark; bold where the change
    since the period before is certain.
    """
    facts = narrator.facts
    periods = history.until(facts.period)
    figures = {k: [history.figures.get((p, *k)) for p in periods] for k in keys}
    shown = [f for row in figures.values() for f in row if f is not None and f.published]
    low, high = cut_scale([v for f in shown for v in (f.low, f.high) if v is not None])
    columns = min(2 if narrow else 3, len(keys))
    rows_n = math.ceil(len(keys) / columns)
    panel_px = 175 if narrow else PANEL_PX
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    data: list[dict[str, Any]] = []
    for i, key in enumerate(keys):
        column, row = i % columns, rows_n - 1 - i // columns
        panel = _Panel(column, row, len(periods), low, high)
        parts = _draw_panel(narrator, panel, key, figures[key], periods)
        data, shapes, annotations = data + parts[0], shapes + parts[1], annotations + parts[2]
    return frame(
        panel_px * columns, PANEL_HEIGHT_PX * rows_n, {"l": 0, "r": 0, "t": 0, "b": 0},
        {"range": [0, columns]}, {"range": [0, rows_n]}, data, shapes, annotations,
    )  # fmt: skip


class _Panel:
    """One cell of the grid: periods and scores to the figure's coordinates."""

    def __init__(self, column: int, row: int, periods_n: int, low: float, high: float) -> None:
        self.column, self.row, self.periods_n, self.low, self.high = column, row, periods_n, low, high

    def x(self, i: float) -> float:
        share = 0.5 if self.periods_n == 1 else i / (self.periods_n - 1)
        return self.column + LEFT + 0.03 + share * (RIGHT - LEFT - 0.06)

    def y(self, score: float) -> float:
        return self.row + BOTTOM + (score - self.low) / (self.high - self.low) * (TOP - BOTTOM)


def _draw_panel(
    narrator: FactsNarrator,
    panel: _Panel,
    key: tuple[str, str],
    figures: list[Figure | None],
    periods: tuple[str, ...],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    number = narrator.number
    color = INK if key[0] == "maturity" else accent_of(narrator.facts, *key)
    band = BAND.get(color, NEUTRAL_BAND)
    left, right = panel.column + LEFT, panel.column + RIGHT
    shapes = [stroke(left, right, panel.y(v), panel.y(v), GRID) for v in (panel.low, panel.high)]
    annotations = [
        label(f"<b>{narrator.name(*key)}</b>", left, panel.row + 0.92, "left", 13, INK),
        *(
            label(f"{v:.0f}", left, panel.y(v), "right", 12, MUTED, xshift=-4)
            for v in (panel.low, panel.high)
        ),
    ]
    ends = {0, len(periods) - 1}
    annotations += [
        label(periods[i], panel.x(i), panel.row + 0.05, "center", 12, MUTED) for i in sorted(ends)
    ]
    data = []
    for run in _runs(figures):
        points = [(panel.x(i), f) for i, f in run]
        upper = [f"{x:.3f},{panel.y(f.high):.3f}" for x, f in points]  # type: ignore[arg-type]
        lower = [f"{x:.3f},{panel.y(f.low):.3f}" for x, f in reversed(points)]  # type: ignore[arg-type]
        if len(points) > 1:
            path = "M" + " L".join([*upper, *lower]) + " Z"
            shapes.append(
                {
                    "type": "path",
                    "layer": "below",
                    "path": path,
                    "fillcolor": band,
                    "line": {"width": 0, "color": CLEAR},
                }
            )
        else:
            x, f = points[0]
            shapes.append(stroke(x, x, panel.y(f.low), panel.y(f.high), band, 8))  # type: ignore[arg-type]
        xs, ys = [x for x, _ in points], [panel.y(f.score) for _, f in points]  # type: ignore[arg-type]
        line = {"color": color, "width": 1.5}
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "hoverinfo": "skip",
                "showlegend": False,
                "line": line,
            }
        )
        texts = [f"{periods[i]}: {number.score(f.score)}" for i, f in run]  # type: ignore[arg-type]
        data.append(marks(xs, ys, "circle", 7, color, texts))
    last = figures[-1]
    if last is not None and last.score is not None:
        change = narrator.facts.changes.get(key)
        words = number.score(last.score)
        bold = change is not None and change.certain
        words = f"<b>{words}</b>" if bold else words
        annotations.append(
            label(words, panel.x(len(periods) - 1), panel.y(last.score), "left", 12, INK, xshift=6)
        )
    return data, shapes, annotations


def _runs(figures: list[Figure | None]) -> list[list[tuple[int, Figure]]]:
    """Unbroken runs of published figures, with their place."""
    runs: list[list[tuple[int, Figure]]] = []
    open_run = False
    for i, figure in enumerate(figures):
        if figure is None or not figure.published:
            open_run = False
            continue
        if not open_run:
            runs.append([])
        runs[-1].append((i, figure))
        open_run = True
    return runs

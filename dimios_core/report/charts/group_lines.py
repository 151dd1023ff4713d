"""Groups over periods, as small multiples on one scale: one panel a group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.report.charts.parts import (
    CLEAR,
    GRID,
    INK,
    MUTED,
    NEUTRAL_BAND,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.charts.wrapping import wrap_words

WIDE_PX, NARROW_PX, PLOT_PX, FOOT_PX, LINE_PX, LETTER_PX = 760, 350, 110, 34, 16, 7.2
#: a panel that has the whole width is lower
ALONE_PLOT_PX = 70
COLUMNS, NARROW_COLUMNS = 3, 2
LEFT_PX, RIGHT_PX, GAP_PX = 26, 40, 10


@dataclass(frozen=True)
class GroupLine:
    """A panel: published scores of a group by period, (score, low, high) in percent.

    Attributes
    ----------
    certain : bool
        The last change is certain; the last score is bold.
    """

    name: str
    scores: Mapping[str, tuple[float, float, float]]
    certain: bool = False


def draw_group_lines(
    lines: Sequence[GroupLine],
    periods: Sequence[str],
    scale: tuple[float, float],
    write: Any,
    *,
    narrow: bool,
) -> dict[str, Any]:
    """Build a panel for each group; periods without a published score are left open.

    Parameters
    ----------
    lines : sequence of GroupLine
    periods : sequence of str
        Oldest first; at least one.
    scale : (low, high)
        Percent.
    write : callable
        A score as text.
    narrow : bool
    """
    width = NARROW_PX if narrow else WIDE_PX
    longest = max((len(word) for line in lines for word in line.name.split()), default=0)
    columns = NARROW_COLUMNS if narrow else COLUMNS
    while columns > 1 and longest * LETTER_PX > width / columns - GAP_PX:
        columns -= 1
    panel_px = width / columns
    plot_px = PLOT_PX if columns > 1 else ALONE_PLOT_PX
    names = [wrap_words(line.name, panel_px - GAP_PX, LETTER_PX) for line in lines]
    head_px = LINE_PX * max((len(n) for n in names), default=1) + 14
    row_px = head_px + plot_px + FOOT_PX
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    data: list[dict[str, Any]] = []
    for i, (line, name) in enumerate(zip(lines, names, strict=True)):
        left, top = (i % columns) * panel_px, (i // columns) * row_px
        for j, words in enumerate(name):
            annotations.append(label(f"<b>{words}</b>", left, -(top + 9 + j * LINE_PX), "left", 13, INK))
        panel = _Panel(
            left + LEFT_PX, left + panel_px - RIGHT_PX, top + head_px, plot_px, len(periods), scale
        )
        shapes += [stroke(panel.left, panel.right, panel.y(v), panel.y(v), GRID) for v in scale]
        annotations += [
            label(f"{v:.0f}", panel.left, panel.y(v), "right", 12, MUTED, xshift=-5) for v in scale
        ]
        for at in sorted({0, len(periods) - 1}):
            annotations.append(
                label(periods[at], panel.x(at), -(top + head_px + plot_px + 14), "center", 12, MUTED)
            )
        marked = _draw_line(line, periods, panel, write)
        data, shapes, annotations = data + marked[0], shapes + marked[1], annotations + marked[2]
    height = max(1, math.ceil(math.ceil(len(lines) / columns) * row_px))
    none = {"l": 0, "r": 0, "t": 0, "b": 0}
    xaxis, yaxis = {"range": [0, width]}, {"range": [-height, 0]}
    return frame(width, height, none, xaxis, yaxis, data, shapes, annotations)


@dataclass(frozen=True)
class _Panel:
    """From periods and scores to pixels of the figure."""

    left: float
    right: float
    top: float
    height: float
    periods_n: int
    scale: tuple[float, float]

    def x(self, i: int) -> float:
        share = 0.5 if self.periods_n == 1 else i / (self.periods_n - 1)
        return self.left + 10 + share * (self.right - self.left - 20)

    def y(self, score: float) -> float:
        low, high = self.scale
        return -(self.top + self.height * (1 - (score - low) / (high - low)))


def _draw_line(
    line: GroupLine, periods: Sequence[str], panel: _Panel, write: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    data: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for run in _runs(line, periods):
        places = [(panel.x(i), *line.scores[periods[i]]) for i in run]
        if len(places) == 1:
            x, _, low, high = places[0]
            shapes.append(stroke(x, x, panel.y(low), panel.y(high), NEUTRAL_BAND, 8))
        else:
            edge = [f"{x:.1f},{panel.y(high):.1f}" for x, _, _, high in places]
            edge += [f"{x:.1f},{panel.y(low):.1f}" for x, _, low, _ in reversed(places)]
            shapes.append(
                {
                    "type": "path",
                    "layer": "below",
                    "path": "M" + " L".join(edge) + " Z",
                    "fillcolor": NEUTRAL_BAND,
                    "line": {"width": 0, "color": CLEAR},
                }
            )
        xs, ys = [p[0] for p in places], [panel.y(p[1]) for p in places]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "hoverinfo": "skip",
                "showlegend": False,
                "line": {"color": INK, "width": 1.5},
            }
        )
        texts = [f"{line.name}, {periods[i]}: {write(line.scores[periods[i]][0])}" for i in run]
        data.append(marks(xs, ys, "circle", 7, INK, texts))
    last = line.scores.get(periods[-1])
    annotations = []
    if last is not None:
        words = f"<b>{write(last[0])}</b>" if line.certain else write(last[0])
        at = panel.x(len(periods) - 1)
        annotations.append(label(words, at, panel.y(last[0]), "left", 13, INK, xshift=8))
    return data, shapes, annotations


def _runs(line: GroupLine, periods: Sequence[str]) -> list[list[int]]:
    """Unbroken runs of periods with a score."""
    runs: list[list[int]] = []
    for i, period in enumerate(periods):
        if period not in line.scores:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs

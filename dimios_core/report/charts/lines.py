"""Lines over periods as small multiples: one panel a figure or a group, all on the same scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import BAND, GRID, INK, MUTED, NEUTRAL_BAND
from dimios_core.report.charts.parts import (
    NARROW_PX,
    WIDE_PX,
    Drawing,
    Part,
    area,
    frame,
    label,
    line,
    marks,
    outline,
    sheet,
    stroke,
)
from dimios_core.report.charts.placing import wrap_words
from dimios_core.report.charts.scales import Scale, cut_scale
from dimios_core.report.drawable import bold

LINE_PX, MARK_PX, ALONE_PX = 1.5, 7, 8
#: figures: a panel's size, and its plot within it as shares: bottom and top
PANEL_PX, NARROW_PANEL_PX, PANEL_HEIGHT_PX = 240, 175, 190
BOTTOM, TOP = 0.14, 0.78
#: between a plot's edges and the first and the last period, a share of the panel, and pixels
PAD, PAD_PX = 0.03, 10
#: left and right of a plot, for the ends of the scale and the last score, and between panels
LEFT_PX, RIGHT_PX, GAP_PX = 28, 42, 10
#: groups: heights of the plot, of the one in a panel that has the whole width, and of what stands under it
PLOT_PX, ALONE_PLOT_PX, FOOT_PX, NAME_LINE_PX, LETTER_PX = 110, 70, 34, 16, 7.2
COLUMNS, NARROW_COLUMNS = 3, 2


@dataclass(frozen=True)
class Score:
    """A published score with its 95 % interval, percent, as it is written and as plotly tells it."""

    value: float
    low: float
    high: float
    words: str
    told: str


@dataclass(frozen=True)
class Line:
    """A panel: the published scores of a figure or a group by period.

    Attributes
    ----------
    certain : bool
        The last change is certain; the last score is bold.
    """

    name: str
    scores: Mapping[str, Score]
    certain: bool = False
    colour: str = INK


def cut_lines(lines: Sequence[Line]) -> Scale:
    """Return the cut of the 0-100 scale that shows all scores of some lines with their intervals."""
    return cut_scale([v for one in lines for s in one.scores.values() for v in (s.low, s.high)])


def draw_lines(lines: Sequence[Line], periods: Sequence[str], scale: Scale, *, narrow: bool) -> Drawing:
    """Build a panel for each figure: its scores over the periods, with 95 % bands.

    Parameters
    ----------
    lines : sequence of Line
        Names are short.
    periods : sequence of str
        Oldest first; at least one. Those without a published score are left open.
    scale : (low, high)
        Percent.
    narrow : bool

    Returns
    -------
    dict
        A plotly figure.
    """
    columns = min(2 if narrow else 3, len(lines))
    rows_n = math.ceil(len(lines) / columns)
    panel_px = NARROW_PANEL_PX if narrow else PANEL_PX
    left, right = LEFT_PX / panel_px, 1 - RIGHT_PX / panel_px
    data: list[Part] = []
    shapes: list[Part] = []
    annotations: list[Part] = []
    for i, one in enumerate(lines):
        column, row = i % columns, rows_n - 1 - i // columns
        panel = _Panel(
            column + left, column + right, PAD, row + TOP, TOP - BOTTOM, len(periods), scale, digits=3
        )
        shapes += panel.rules()
        annotations.append(label(bold(one.name), panel.left, row + 0.92, "left", 13, INK))
        annotations += panel.labels(periods, row + 0.05, -4)
        panel.draw(one, periods, data, shapes)
        annotations += panel.tell_last(one, periods, 12, 6)
    return frame(
        panel_px * columns, PANEL_HEIGHT_PX * rows_n, {"l": 0, "r": 0, "t": 0, "b": 0},
        {"range": [0, columns]}, {"range": [0, rows_n]}, data, shapes, annotations,
    )  # fmt: skip


def draw_group_lines(lines: Sequence[Line], periods: Sequence[str], scale: Scale, *, narrow: bool) -> Drawing:
    """Build a panel for each group, whose name may be long; as `draw_lines` else."""
    width = NARROW_PX if narrow else WIDE_PX
    longest = max((len(word) for one in lines for word in one.name.split()), default=0)
    columns = NARROW_COLUMNS if narrow else COLUMNS
    while columns > 1 and longest * LETTER_PX > width / columns - GAP_PX:
        columns -= 1
    panel_px = width / columns
    plot_px = PLOT_PX if columns > 1 else ALONE_PLOT_PX
    names = [wrap_words(one.name, panel_px - GAP_PX, LETTER_PX) for one in lines]
    head_px = NAME_LINE_PX * max((len(n) for n in names), default=1) + 14
    row_px = head_px + plot_px + FOOT_PX
    data: list[Part] = []
    shapes: list[Part] = []
    annotations: list[Part] = []
    for i, (one, name) in enumerate(zip(lines, names, strict=True)):
        left, top = (i % columns) * panel_px, (i // columns) * row_px
        for j, words in enumerate(name):
            y = -(top + 9 + j * NAME_LINE_PX)
            annotations.append(label(bold(words), left, y, "left", 13, INK))
        edges = left + LEFT_PX, left + panel_px - RIGHT_PX
        panel = _Panel(*edges, PAD_PX, -(top + head_px), plot_px, len(periods), scale, digits=1)
        shapes += panel.rules()
        annotations += panel.labels(periods, -(top + head_px + plot_px + 14), -5)
        panel.draw(one, periods, data, shapes)
        annotations += panel.tell_last(one, periods, 13, 8)
    height = max(1, math.ceil(math.ceil(len(lines) / columns) * row_px))
    return sheet(width, height, -height, data, shapes, annotations)


@dataclass(frozen=True)
class _Panel:
    """From periods and scores to the figure's coordinates, whatever these are; `digits` are those of paths in them."""

    left: float
    right: float
    pad: float
    top: float
    height: float
    periods_n: int
    scale: Scale
    digits: int

    def x(self, i: int) -> float:
        share = 0.5 if self.periods_n == 1 else i / (self.periods_n - 1)
        return self.left + self.pad + share * (self.right - self.left - 2 * self.pad)

    def y(self, score: float) -> float:
        low, high = self.scale
        return self.top - self.height * (1 - (score - low) / (high - low))

    def rules(self) -> list[Part]:
        """Lines at the ends of the scale."""
        return [stroke(self.left, self.right, self.y(v), self.y(v), GRID) for v in self.scale]

    def labels(self, periods: Sequence[str], at: float, shift: float) -> list[Part]:
        """The ends of the scale, and the first and the last period."""
        found = [
            label(f"{v:.0f}", self.left, self.y(v), "right", 12, MUTED, xshift=shift) for v in self.scale
        ]
        ends = sorted({0, len(periods) - 1})
        return found + [label(periods[i], self.x(i), at, "center", 12, MUTED) for i in ends]

    def draw(self, one: Line, periods: Sequence[str], data: list[Part], shapes: list[Part]) -> None:
        """Add line, marks and band of each unbroken run of periods."""
        fill = BAND.get(one.colour, NEUTRAL_BAND)
        for run in _list_runs(one, periods):
            scores = [one.scores[periods[i]] for i in run]
            xs = [self.x(i) for i in run]
            if len(run) == 1:
                (x,), (score,) = xs, scores
                shapes.append(stroke(x, x, self.y(score.low), self.y(score.high), fill, ALONE_PX))
            else:
                around = list(zip(xs, scores, strict=True))
                corners = [(x, self.y(s.high)) for x, s in around]
                corners += [(x, self.y(s.low)) for x, s in reversed(around)]
                shapes.append(area(outline(corners, self.digits), fill))
            ys = [self.y(s.value) for s in scores]
            data.append(line(xs, ys, one.colour, LINE_PX))
            data.append(marks(xs, ys, "circle", MARK_PX, one.colour, [s.told for s in scores]))

    def tell_last(self, one: Line, periods: Sequence[str], size: int, shift: float) -> list[Part]:
        """The last score at its mark."""
        last = one.scores.get(periods[-1])
        if last is None:
            return []
        words = bold(last.words) if one.certain else last.words
        return [label(words, self.x(len(periods) - 1), self.y(last.value), "left", size, INK, xshift=shift)]


def _list_runs(one: Line, periods: Sequence[str]) -> list[list[int]]:
    """Unbroken runs of periods with a score."""
    runs: list[list[int]] = []
    for i, period in enumerate(periods):
        if period not in one.scores:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs

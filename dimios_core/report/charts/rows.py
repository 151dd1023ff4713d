"""Interval rows against the peers, and the shares of don't-know."""

from __future__ import annotations

from typing import Any

from dimios_core.report.charts.parts import (
    BAND,
    GRID,
    INK,
    MARK,
    MUTED,
    STEP_PP,
    accent_of,
    box,
    cut_of_scale,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.data_tables import say_score
from dimios_core.report.figures import Figure
from dimios_core.report.finding import is_flagged
from dimios_core.report.narrative import FactsNarrator

ROW_PX, NARROW_ROW_PX = 30, 48
WIDE_PX, NARROW_PX = 760, 350
TOP_PX = 26


def _form(narrow: bool, rows_n: int) -> tuple[int, int, dict[str, int]]:
    """Width, height and margins: wide has the names at the left and the figures at the right."""
    margin = {"l": 10, "r": 10, "t": TOP_PX, "b": 4} if narrow else {"l": 238, "r": 72, "t": TOP_PX, "b": 4}
    height = TOP_PX + 4 + (NARROW_ROW_PX if narrow else ROW_PX) * rows_n
    return (NARROW_PX if narrow else WIDE_PX), height, margin


def _name_and_figure(
    name: str, figure: str, bold: bool, y: float, narrow: bool, right_px: int
) -> list[dict[str, Any]]:
    """The name left of its row and the figure right of it; on a phone both above the row."""
    words = f"<b>{figure}</b>" if bold else figure
    color = INK if bold else MUTED
    if narrow:
        return [
            label(name, 0, y + 0.27, "left", 13, INK, xref="paper"),
            label(words, 1, y + 0.27, "right", 13, color, xref="paper"),
        ]
    return [
        label(name, 0, y, "right", 13, INK, xref="paper", xshift=-12),
        label(words, 1, y, "right", 13, color, xref="paper", xshift=right_px - 4),
    ]


def draw_rows(narrator: FactsNarrator, figures: list[Figure], *, narrow: bool) -> dict[str, Any]:
    """Build interval rows: name, band, own result, the peers' mean, difference.

    Parameters
    ----------
    narrator : FactsNarrator
    figures : list of Figure
        One level, in the order to show; at least one.
    narrow : bool
        For a phone: the name stands above its row, with the result and the difference.

    Returns
    -------
    dict
        A plotly figure.
    """
    facts, number = narrator.facts, narrator.number
    level = figures[0].level
    low, high = cut_of_scale(facts, level)
    width, height, margin = _form(narrow, len(figures))
    half = 5 / (NARROW_ROW_PX if narrow else ROW_PX)
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    own: list[tuple[float, float, str, str]] = []
    peers: list[tuple[float, float, str]] = []
    for i, figure in enumerate(figures):
        y, at = -float(i), -float(i) - (0.17 if narrow else 0)
        name, color = narrator.name(level, figure.key), accent_of(facts, level, figure.key)
        gap = facts.gaps.get((level, figure.key))
        if not figure.published:
            annotations += _name_and_figure(name, "", False, y, narrow, margin["r"])
            reason = narrator.say(f"status.{figure.status}")
            annotations.append(
                label(reason, 0, at, "left", 12, MUTED, xref="paper", xshift=0 if narrow else 4)
            )
            continue
        assert figure.score is not None and figure.low is not None and figure.high is not None
        shown = say_score(narrator, figure) if narrow or gap is None or not gap.published else ""
        certain = False
        if gap is not None and gap.value is not None:
            certain = gap.certain
            shown = f"{shown} ({number.signed(gap.value)})" if narrow else number.signed(gap.value)
        annotations += _name_and_figure(name, shown, certain, y, narrow, margin["r"])
        shapes.append(box(figure.low, figure.high, at - half, at + half, BAND[color]))
        own.append((figure.score, at, color, f"{name}: {number.score(figure.score)}"))
        if gap is not None and gap.reference is not None:
            peers.append((gap.reference, at, f"{name}: {number.score(gap.reference)}"))
    step = STEP_PP * (2 if narrow and high - low > 60 else 1)
    ticks = list(range(int(low), int(high) + 1, step))
    data = [
        marks([p[0] for p in peers], [p[1] for p in peers], "line-ns", 11, MARK, [p[2] for p in peers]),
        marks(
            [o[0] for o in own], [o[1] for o in own], "circle", 10, [o[2] for o in own], [o[3] for o in own]
        ),
    ]
    xaxis = {
        "range": [low, high], "tickvals": ticks, "ticktext": [str(t) for t in ticks], "side": "top", "showgrid": True,
    }  # fmt: skip
    return frame(
        width, height, margin, xaxis, {"range": [0.5 - len(figures), 0.5]}, data, shapes, annotations
    )


def draw_dont_know(narrator: FactsNarrator, figures: list[Figure], *, narrow: bool) -> dict[str, Any]:
    """Build stacked bars: the share of don't-know (dark) and of those who answered (light), one row a point.

    `figures` are published points with a share, in the order to show. A bold share is above the flag.
    """
    number = narrator.number
    width, height, margin = _form(narrow, len(figures))
    half = (6 if narrow else 8) / (NARROW_ROW_PX if narrow else ROW_PX)
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    ends: list[tuple[float, float, str]] = []
    for i, figure in enumerate(figures):
        y, at = -float(i), -float(i) - (0.17 if narrow else 0)
        assert figure.dont_know_share is not None
        share_pct = 100 * figure.dont_know_share
        name = narrator.name(figure.level, figure.key)
        words = number.share(figure.dont_know_share)
        annotations += _name_and_figure(name, words, is_flagged(figure), y, narrow, margin["r"])
        shapes.append(box(share_pct, 100, at - half, at + half, GRID))
        shapes.append(box(0, share_pct, at - half, at + half, MARK))
        ends.append((share_pct, at, f"{name}: {words}"))
    shapes.append(stroke(0, 0, 0.5 - len(figures), 0.5, MARK))
    ticks = [0, 25, 50, 75, 100]
    xaxis = {
        "range": [0, 100], "tickvals": ticks, "ticktext": [f"{t}" for t in ticks], "side": "top", "showgrid": False,
    }  # fmt: skip
    data = [marks([e[0] for e in ends], [e[1] for e in ends], "line-ns", 2, MARK, [e[2] for e in ends])]
    return frame(
        width, height, margin, xaxis, {"range": [0.5 - len(figures), 0.5]}, data, shapes, annotations
    )

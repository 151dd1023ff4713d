"""Rows with an interval each: a group's means, its changes, and where single organisations lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.report.charts.parts import (
    BAND,
    GRID,
    INK,
    MARK,
    MUTED,
    NEUTRAL_BAND,
    PAD_PP,
    STEP_PP,
    box,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.numbers import MINUS

ROW_PX, NARROW_ROW_PX = 30, 48
WIDE_PX, NARROW_PX = 760, 350
TOP_PX, BOTTOM_PX = 26, 4
NAMES_PX, FIGURES_PX, NARROW_SIDE_PX = 238, 112, 14
BAND_PX = 10
#: steps that the scale of changes may have, percentage points
CHANGE_STEPS_PP = (1, 2, 5, 10, 20)
#: a scale of changes has at most so many steps to a side
CHANGE_STEPS_MAX = 4
OTHERS = "#7d8791"


@dataclass(frozen=True)
class IntervalRow:
    """One row.

    Attributes
    ----------
    name : str
    value, low, high : float or None
        The mark and its band; None where there is no figure.
    words : str
        The figure at the right, or the reason in the row's place where there is none.
    bold : bool
        The words are bold: certain.
    color : str
    reference : float or None
        A tick to compare with.
    others : tuple of (value, hover text)
        Small open circles.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    bold: bool = False
    color: str = INK
    reference: float | None = None
    others: tuple[tuple[float, str], ...] = ()


def lay_rows(rows_n: int, narrow: bool) -> tuple[int, int, dict[str, int]]:
    """Return width, height and margins: wide has names at the left and figures at the right."""
    side = (NARROW_SIDE_PX, NARROW_SIDE_PX) if narrow else (NAMES_PX, FIGURES_PX)
    margin = {"l": side[0], "r": side[1], "t": TOP_PX, "b": BOTTOM_PX}
    height = TOP_PX + BOTTOM_PX + (NARROW_ROW_PX if narrow else ROW_PX) * rows_n
    return (NARROW_PX if narrow else WIDE_PX), height, margin


def row_at(i: int, narrow: bool) -> float:
    """Return where a row's marks lie; on a phone the name takes the upper half of the row."""
    return -float(i) - (0.17 if narrow else 0)


def half_height(band_px: float, narrow: bool) -> float:
    """Return half the height of a band in rows."""
    return band_px / 2 / (NARROW_ROW_PX if narrow else ROW_PX)


def write_row(name: str, words: str, bold: bool, i: int, narrow: bool) -> list[dict[str, Any]]:
    """Return the labels of a row: name at the left and words at the right; on a phone both above the marks."""
    shown, color = (f"<b>{words}</b>", INK) if bold else (words, MUTED)
    if narrow:
        y = -float(i) + 0.27
        left, right = (
            label(name, 0, y, "left", 13, INK, xref="paper"),
            label(shown, 1, y, "right", 13, color, xref="paper"),
        )
    else:
        y = -float(i)
        left = label(name, 0, y, "right", 13, INK, xref="paper", xshift=-12)
        right = label(shown, 1, y, "right", 13, color, xref="paper", xshift=FIGURES_PX - 4)
    return [left, right] if words else [left]


def write_reason(name: str, reason: str, i: int, narrow: bool) -> list[dict[str, Any]]:
    """Return the labels of a row without a figure: its name, and why, in the figure's place."""
    told = label(reason, 0, row_at(i, narrow), "left", 12, MUTED, xref="paper", xshift=0 if narrow else 4)
    return [*write_row(name, "", False, i, narrow), told]


def draw_interval_rows(
    rows: Sequence[IntervalRow], scale: tuple[float, float], *, narrow: bool, changes: bool = False
) -> dict[str, Any]:
    """Build the rows.

    Parameters
    ----------
    rows : sequence of IntervalRow
        In the order to show; at least one.
    scale : (low, high)
        As `scale_of_rows` or `scale_of_changes` cuts it.
    narrow : bool
        For a phone.
    changes : bool
        The rows are changes: signed ticks and a line at zero.

    Returns
    -------
    dict
        A plotly figure.
    """
    width, height, margin = lay_rows(len(rows), narrow)
    half = half_height(BAND_PX, narrow)
    low, high = scale
    bottom, top = 0.5 - len(rows), 0.5
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    own: list[tuple[float, float, str, str]] = []
    ticks: list[tuple[float, float, str]] = []
    others: list[tuple[float, float, str]] = []
    for i, row in enumerate(rows):
        at = row_at(i, narrow)
        if row.value is None:
            annotations += write_reason(row.name, row.words, i, narrow)
            continue
        annotations += write_row(row.name, row.words, row.bold, i, narrow)
        if row.low is not None and row.high is not None:
            band = BAND.get(row.color, NEUTRAL_BAND)
            shapes.append(box(max(row.low, low), min(row.high, high), at - half, at + half, band))
        own.append((row.value, at, row.color, f"{row.name}: {row.words}"))
        others += [(v, at, text) for v, text in row.others]
        if row.reference is not None:
            ticks.append((row.reference, at, row.name))
    if changes:
        shapes.append(stroke(0, 0, bottom, top, MARK))
        at_ticks, words = _change_ticks(high)
    else:
        step = STEP_PP * (2 if narrow and high - low > 60 else 1)
        at_ticks = [float(t) for t in range(int(low), int(high) + 1, step)]
        words = [f"{t:.0f}" for t in at_ticks]
    data = [
        marks(
            [o[0] for o in others], [o[1] for o in others], "circle-open", 6, OTHERS, [o[2] for o in others]
        ),
        marks([t[0] for t in ticks], [t[1] for t in ticks], "line-ns", 11, MARK, [t[2] for t in ticks]),
        marks(
            [o[0] for o in own], [o[1] for o in own], "circle", 10, [o[2] for o in own], [o[3] for o in own]
        ),
    ]
    xaxis = {
        "range": [low, high], "tickvals": at_ticks, "ticktext": words, "side": "top", "showgrid": True, "gridcolor": GRID,
    }  # fmt: skip
    return frame(width, height, margin, xaxis, {"range": [bottom, top]}, data, shapes, annotations)


def scale_of_rows(rows: Sequence[IntervalRow]) -> tuple[float, float]:
    """Return the cut of the 0-100 scale that shows every mark and band, in whole tens; all of it for no rows."""
    values = [
        v
        for r in rows
        for v in (r.value, r.low, r.high, r.reference, *(o[0] for o in r.others))
        if v is not None
    ]
    if not values:
        return 0.0, 100.0
    low = STEP_PP * math.floor((min(values) - PAD_PP) / STEP_PP)
    high = STEP_PP * math.ceil((max(values) + PAD_PP) / STEP_PP)
    return float(max(0, low)), float(min(100, high))


def scale_of_changes(rows: Sequence[IntervalRow]) -> tuple[float, float]:
    """Return a scale with zero in the middle that shows every change and band."""
    reach = max([1.0, *(abs(v) for r in rows for v in (r.value, r.low, r.high) if v is not None)])
    step = _change_step(reach)
    end = step * math.ceil(reach / step)
    return -float(end), float(end)


def _change_step(reach: float) -> int:
    return next((s for s in CHANGE_STEPS_PP if s * CHANGE_STEPS_MAX >= reach), CHANGE_STEPS_PP[-1])


def _change_ticks(reach: float) -> tuple[list[float], list[str]]:
    step = _change_step(reach)
    steps_n = int(reach / step)
    values = [float(i * step) for i in range(-steps_n, steps_n + 1)]
    return values, [f"{MINUS if v < 0 else '+' if v > 0 else ''}{abs(v):.0f}" for v in values]

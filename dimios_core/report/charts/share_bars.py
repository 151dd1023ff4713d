"""Bars of shares: how many of a whole, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.report.charts.interval_rows import half_height, lay_rows, row_at, write_reason, write_row
from dimios_core.report.charts.parts import GRID, MARK, box, frame, marks, stroke

BAR_PX, NARROW_BAR_PX, INTERVAL_PX = 16, 12, 6
#: a bar under its interval
PALE = "#b3bbc4"
MARK_PCT = 1
TICKS_PCT = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class ShareBar:
    """One bar.

    Attributes
    ----------
    name : str
    share : float or None
        0-1; None where the whole is not known: then only the words stand in the row.
    words : str
    bold : bool
    low, high : float or None
        The share's interval, drawn as a thin line over the bar's end.
    """

    name: str
    share: float | None
    words: str
    bold: bool = False
    low: float | None = None
    high: float | None = None


def draw_share_bars(bars: Sequence[ShareBar], *, narrow: bool) -> dict[str, Any]:
    """Build the bars on a scale of 0-100 %, dark on light; in the order to show, at least one.

    Returns
    -------
    dict
        A plotly figure.
    """
    width, height, margin = lay_rows(len(bars), narrow)
    half = half_height(NARROW_BAR_PX if narrow else BAR_PX, narrow)
    shapes: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    ends: list[tuple[float, float, str]] = []
    for i, bar in enumerate(bars):
        at = row_at(i, narrow)
        if bar.share is None:
            annotations += write_reason(bar.name, bar.words, i, narrow)
            continue
        annotations += write_row(bar.name, bar.words, bar.bold, i, narrow)
        share_pct = round(100 * bar.share)  # as the words say it: nothing finer lies in the figure
        shapes.append(box(share_pct, 100, at - half, at + half, GRID))
        shapes.append(box(0, share_pct, at - half, at + half, MARK if bar.low is None else PALE))
        if bar.low is not None and bar.high is not None:
            thin = half_height(INTERVAL_PX, narrow)
            shapes.append(box(round(100 * bar.low), round(100 * bar.high), at - thin, at + thin, MARK))
        # the mark that plotly shows words at stays inside its bar
        ends.append((max(0, share_pct - MARK_PCT), at, f"{bar.name}: {bar.words}"))
    bottom, top = 0.5 - len(bars), 0.5
    if not narrow:  # on a phone the names stand where the line would run
        shapes.append(stroke(0, 0, bottom, top, MARK))
    xaxis = {
        "range": [0, 100], "tickvals": list(TICKS_PCT), "ticktext": [str(t) for t in TICKS_PCT], "side": "top",
    }  # fmt: skip
    data = [marks([e[0] for e in ends], [e[1] for e in ends], "line-ns", 2, MARK, [e[2] for e in ends])]
    return frame(width, height, margin, xaxis, {"range": [bottom, top]}, data, shapes, annotations)

"""Bars of shares: how much of a whole, one row each."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.charts.colours import GRID, MARK, PALE
from dimios_core.report.charts.intervals import FIGURES
from dimios_core.report.charts.parts import Drawing
from dimios_core.report.charts.rows import Bar, Mark, Room, Row, RowLayout

BAR_PX, NARROW_BAR_PX, INTERVAL_PX, END_PX = 16, 12, 6, 2
#: the mark that plotly shows words at stays inside its bar
INSIDE_PCT = 1
TICKS_PCT = (0, 25, 50, 75, 100)


def make_share(
    name: str,
    share: float,
    words: str,
    *,
    bold: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> Row:
    """Make the bar of a share, 0-1, dark on light, in whole percent as the words say it: nothing finer lies in the figure.

    `low` and `high` are the share's interval, drawn as a thin line over the bar's end.
    """
    end = round(100 * share)
    bars = _bar(end, MARK if low is None else PALE)
    if low is not None and high is not None:
        bars += (Bar(round(100 * low), round(100 * high), MARK, INTERVAL_PX),)
    return Row(name, words, bold, _mark_end(name, max(0, end - INSIDE_PCT), words), bars)


def make_fine_share(name: str, share: float, words: str, *, bold: bool = False) -> Row:
    """Make the bar of a share, 0-1, as long as the figure is published."""
    return Row(name, words, bold, _mark_end(name, 100 * share, words), _bar(100 * share, MARK))


def _bar(end: float, colour: str) -> tuple[Bar, ...]:
    return Bar(end, 100, GRID, BAR_PX, NARROW_BAR_PX), Bar(0, end, colour, BAR_PX, NARROW_BAR_PX)


def _mark_end(name: str, at: float, words: str) -> tuple[Mark, ...]:
    return (Mark(at, f"{name}: {words}", "line-ns", END_PX, MARK),)


def draw_shares(
    rows: Sequence[Row], room: Room = FIGURES, *, narrow: bool, base_on_phones: bool = False
) -> Drawing:
    """Build bars on a scale of 0-100 %, in the order to show; returns a plotly figure.

    On a phone the names stand where the line at 0 would run: it is left out there unless it is asked for.
    """
    layout = RowLayout(rows, (0, 100), room, narrow)
    shapes = layout.bars()
    if base_on_phones or not narrow:
        shapes.append(layout.upright(0, MARK))
    return layout.frame([(t, f"{t}") for t in TICKS_PCT], layout.traces(("line-ns",)), shapes, grid=False)

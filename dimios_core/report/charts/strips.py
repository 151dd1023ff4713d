"""The figures of a level as small strips: own interval before the middle half of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import GRID, INK, MARK
from dimios_core.report.charts.parts import Drawing, Part, box, stroke
from dimios_core.report.charts.rows import Bar, Mark, Room, Row, RowLayout
from dimios_core.report.charts.scales import Scale, tick_tens
from dimios_core.report.charts.strip import OwnFigure, Spread

STRIPS = Room(238, 60, row_px=32, narrow_row_px=54, narrow_name_px=11, narrow_mark_px=38)
#: half the height of the middle half, and how far its median reaches beyond
HALF_PX, MEDIAN_PX = 9, 2


@dataclass(frozen=True)
class Strip:
    """A strip: one's own figure in a group, None where the group is not published; `certain` words are bold."""

    name: str
    own: OwnFigure
    spread: Spread | None
    certain: bool = False


def draw_strips(strips: Sequence[Strip], scale: Scale, *, narrow: bool) -> Drawing:
    """Build a small strip for each figure of a level: own interval, and the middle half with its median.

    Parameters
    ----------
    strips : sequence of Strip
    scale : (low, high)
        Percent.
    narrow : bool

    Returns
    -------
    dict
        A plotly figure.
    """
    layout = RowLayout([_row_of(s) for s in strips], scale, STRIPS, narrow)
    shapes = [
        part
        for i, strip in enumerate(strips)
        if strip.spread is not None
        for part in _draw_spread(strip.spread, layout.marks_at[i])
    ]
    return layout.frame(tick_tens(scale, narrow), layout.traces(("circle",)), shapes + layout.bars())


def _row_of(strip: Strip) -> Row:
    own = strip.own
    if own.low is None or own.high is None:
        return Row(strip.name, "–", strip.certain, reason=own.words)
    mark = () if own.value is None else (Mark(own.value, f"{strip.name}: {own.words}", colour=own.colour),)
    return Row(strip.name, own.words, strip.certain, mark, (Bar(own.low, own.high, own.band),))


def _draw_spread(spread: Spread, at: float) -> list[Part]:
    """The middle half with its median; the mean alone where that is all that is published."""
    reach = HALF_PX + MEDIAN_PX
    if spread.q1 is not None and spread.q3 is not None and spread.median is not None:
        return [
            box(spread.q1, spread.q3, at - HALF_PX, at + HALF_PX, GRID),
            stroke(spread.median, spread.median, at - reach, at + reach, INK, 2),
        ]
    if spread.mean is not None:
        return [stroke(spread.mean, spread.mean, at - reach, at + reach, MARK, 2)]
    return []

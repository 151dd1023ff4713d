"""The figures of a level as small strips: own interval, middle half, and boxes with counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.charts.colours import GRID, GROUP_BAND, INK, MARK, MUTED
from dimios_core.report.charts.parts import Drawing, Part, box, label, stroke
from dimios_core.report.charts.rows import Bar, Mark, Room, Row, RowLayout
from dimios_core.report.charts.scales import Scale, tick_tens
from dimios_core.report.charts.strip import OwnFigure, Spread, stack_boxes, tallest_of

#: with boxes and without; a name stands 22 px above on a phone
BOXED = Room(238, 60, row_px=74, narrow_row_px=96, narrow_name_px=11, narrow_mark_px=59)
SLIM = Room(238, 60, row_px=32, narrow_row_px=54, narrow_name_px=11, narrow_mark_px=38)
BOX_PX = 22
#: where one's own lies above the boxes, and their base, the middle half and their counts, from the middle of a row
OWN_PX, BASE_PX, UNDER_PX, COUNT_PX = 24, -22, -5, 8


@dataclass(frozen=True)
class Strip:
    """A strip: one's own figure in a group, None where the group is not published; `certain` words are bold."""

    name: str
    own: OwnFigure
    spread: Spread | None
    certain: bool = False


def draw_strips(strips: Sequence[Strip], scale: Scale, *, boxes: bool, narrow: bool) -> Drawing:
    """Build a small strip for each figure of a level: own interval, middle half, and boxes with counts.

    Parameters
    ----------
    strips : sequence of Strip
    scale : (low, high)
        Percent.
    boxes : bool
        Whether to draw the boxes.
    narrow : bool

    Returns
    -------
    dict
        A plotly figure.
    """
    spreads = [s.spread for s in strips if s.spread is not None]
    boxed = boxes and any(s.boxes for s in spreads)
    tallest_n = tallest_of(spreads)
    above_px = OWN_PX if boxed else 0
    layout = RowLayout([_row_of(s, above_px) for s in strips], scale, BOXED if boxed else SLIM, narrow)
    shapes: list[Part] = []
    labels: list[Part] = []
    bands = iter(layout.bars())
    for i, (strip, row) in enumerate(zip(strips, layout.rows, strict=True)):
        if strip.spread is not None:
            shapes += _draw_spread(strip.spread, layout.mark_at(i), boxed, scale, tallest_n, labels)
        if row.bars:
            shapes.append(next(bands))
        else:
            labels.append(layout.write_reason(i))
        labels += [layout.write_name(i), layout.write_words(i, row.told, INK)]
    return layout.frame(tick_tens(scale, narrow), layout.traces(("circle",)), shapes, labels)


def _row_of(strip: Strip, above_px: float) -> Row:
    own = strip.own
    if own.low is None or own.high is None:
        return Row(strip.name, "–", strip.certain, reason=own.words, above_px=above_px)
    mark = () if own.value is None else (Mark(own.value, f"{strip.name}: {own.words}", colour=own.colour),)
    band = (Bar(own.low, own.high, own.band),)
    return Row(strip.name, own.words, strip.certain, mark, band, above_px=above_px)


def _draw_spread(
    spread: Spread, at: float, boxed: bool, scale: Scale, tallest_n: int, labels: list[Part]
) -> list[Part]:
    """Boxes, and the middle half beneath them or in their place; adds the counts to the labels."""
    shapes = []
    base = at + BASE_PX
    if boxed:
        shapes = stack_boxes(spread.boxes, base, BOX_PX, scale, tallest_n)
        for one, drawn in zip(spread.boxes, shapes, strict=True):
            middle = (drawn["x0"] + drawn["x1"]) / 2
            labels.append(
                label(str(one.organisations_n), middle, drawn["y1"] + COUNT_PX, "center", 12, MUTED)
            )
    middle, half = (base + UNDER_PX, 3) if boxed else (at, 9)
    if spread.q1 is not None and spread.q3 is not None and spread.median is not None:
        shapes.append(box(spread.q1, spread.q3, middle - half, middle + half, GROUP_BAND if boxed else GRID))
        shapes.append(stroke(spread.median, spread.median, middle - half - 2, middle + half + 2, INK, 2))
    elif spread.mean is not None:
        shapes.append(stroke(spread.mean, spread.mean, middle - half - 2, middle + half + 2, MARK, 2))
    return shapes

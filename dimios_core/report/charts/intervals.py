"""Rows with an interval each: levels against a reference, changes, and several readings of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dimios_core.report.charts.colours import BAND, INK, MARK, NEUTRAL_BAND, OTHERS
from dimios_core.report.charts.parts import Drawing
from dimios_core.report.charts.rows import Bar, Mark, Room, Row, RowLayout
from dimios_core.report.charts.scales import Scale, Tick, tick_changes, tick_tens

#: rows that say their figure, and rows that say a difference
FIGURES = Room(
    238, 112, 14, row_px=30, narrow_row_px=48, narrow_name_px=11.04, narrow_mark_px=32.16,
    narrow_reason_px=0, quiet=True,
)  # fmt: skip
DIFFERENCES = replace(FIGURES, words_px=72)
OTHER_PX, REFERENCE_PX = 6, 11
#: forms of readings with their size: the plain one comes last and lies on top
READINGS = {"line-ns": 13, "diamond": 9, "circle-open": 12, "circle": 7}


def band(low: float | None, high: float | None, colour: str) -> tuple[Bar, ...]:
    """Return the band of an interval in a figure's colour; none where there is no interval."""
    if low is None or high is None:
        return ()
    return (Bar(low, high, BAND.get(colour, NEUTRAL_BAND)),)


def make_interval(
    name: str,
    value: float,
    low: float | None,
    high: float | None,
    words: str,
    *,
    bold: bool = False,
    colour: str = INK,
    text: str = "",
    reference: Mark | None = None,
    others: Iterable[tuple[float, str]] = (),
) -> Row:
    """Make a row of a value with its interval.

    Parameters
    ----------
    value, low, high : float
        The mark and its band.
    words : str
        The figure at the right; also what plotly says of the mark, unless `text` is given.
    bold : bool
        The words are bold: certain.
    reference : Mark, optional
        What to compare with, as `mark_reference` makes it.
    others : iterable of (value, text)
        Single organisations, as small open circles.
    """
    found = [Mark(v, told, "circle-open", OTHER_PX, OTHERS) for v, told in others]
    found += [reference] if reference is not None else []
    found.append(Mark(value, f"{name}: {text or words}", colour=colour))
    return Row(name, words, bold, tuple(found), band(low, high, colour))


def mark_reference(value: float, text: str) -> Mark:
    """Return the upright mark of what a row is compared with."""
    return Mark(value, text, "line-ns", REFERENCE_PX, MARK)


def draw_levels(rows: Sequence[Row], scale: Scale, room: Room = FIGURES, *, narrow: bool) -> Drawing:
    """Build rows of levels on a cut of the 0-100 scale; returns a plotly figure."""
    layout = RowLayout(rows, scale, room, narrow)
    return layout.frame(tick_tens(scale, narrow), _layer(layout), layout.bars())


def draw_changes(rows: Sequence[Row], scale: Scale, *, narrow: bool) -> Drawing:
    """Build rows of changes on a scale of `cut_changes`, with a line at zero; returns a plotly figure."""
    layout = RowLayout(rows, scale, FIGURES, narrow)
    return layout.frame(tick_changes(scale), _layer(layout), [*layout.bars(), layout.upright(0, MARK)])


def _layer(layout: RowLayout) -> list[dict]:
    return layout.traces(("circle-open", "line-ns", "circle"))


def make_readings(
    name: str,
    words: str,
    readings: Iterable[tuple[str, float, str]],
    low: float | None,
    high: float | None,
    colour: str,
) -> Row:
    """Make a row of several readings, each (form, value, text), before the band of an interval.

    Forms are those of `READINGS`; a filled circle has the row's colour.
    """
    found = [
        Mark(value, f"{name}: {text}", form, READINGS[form], colour if form == "circle" else MARK)
        for form, value, text in readings
    ]
    return Row(name, words, marks=tuple(found), bars=band(low, high, colour))


def draw_readings(
    rows: Sequence[Row], scale: Scale, ticks: Sequence[Tick], *, narrow: bool, zero: bool = False
) -> Drawing:
    """Build rows of readings told apart by form, with a line at zero under changes; returns a plotly figure."""
    layout = RowLayout(rows, scale, FIGURES, narrow)
    shapes = [layout.upright(0, MARK)] if zero else []
    return layout.frame(ticks, layout.traces(tuple(READINGS)), shapes + layout.bars())

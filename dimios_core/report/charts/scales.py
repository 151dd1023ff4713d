"""Scales: which part of one is shown, and the ticks on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dimios_core.report.charts.colours import STEPS_N
from dimios_core.report.numbers import MINUS

#: (low, high), percent or percentage points
Scale = tuple[float, float]
#: (value, name)
Tick = tuple[float, str]

#: of rows of levels: the same on every page of a report, whatever its reader chooses
WHOLE_SCALE: Scale = (0.0, 100.0)
STEP_PP = 10
#: room between the figures and the ends of the scale shown
PAD_PP = 2.0
#: more ticks than this do not fit
TICKS_MAX, NARROW_TICKS_MAX = 12, 7
#: steps that a scale of changes may have, and how many of them it has at most to a side
CHANGE_STEPS_PP = (1, 2, 5, 10, 20)
CHANGE_STEPS_MAX = 4
#: steps of a scale of any numbers
PLAIN_STEPS_MAX = 6
#: least distance that is shown to both sides of a border
REACH_MIN_PP = 20
#: widths of a step of the map, the smallest that shows all means in as many as there are colours
WIDTHS_PP = (1, 2, 5, 10, 20)


def cut_scale(values: Sequence[float], pad_pp: float = PAD_PP) -> Scale:
    """Return the cut of the 0-100 scale that shows all values, in whole tens; all of it where there are none."""
    if not values:
        return 0.0, 100.0
    low = STEP_PP * math.floor((min(values) - pad_pp) / STEP_PP)
    high = STEP_PP * math.ceil((max(values) + pad_pp) / STEP_PP)
    return float(max(0, low)), float(min(100, high))


def cut_changes(values: Iterable[float]) -> Scale:
    """Return a scale of few steps with zero in the middle that shows every change."""
    reach = max([1.0, *map(abs, values)])
    step = _step_changes(reach)
    end = float(step * math.ceil(reach / step))
    return -end, end


def cut_differences(values: Iterable[float]) -> Scale:
    """Return the cut of differences, in whole tens and as far to both sides of 0, that shows all values."""
    reach = max([float(STEP_PP), *(abs(v) + 1 for v in values)])
    reach = STEP_PP * -(-reach // STEP_PP)
    return -reach, reach


def cut_around(border: float, values: Iterable[float]) -> Scale:
    """Return the part of 0-100 that is shown: as far to both sides of a border, in whole tens, with all values."""
    reach = max([float(REACH_MIN_PP), *(abs(v - border) for v in values)])
    reach = STEP_PP * math.ceil((reach + 1) / STEP_PP)
    return max(0.0, border - reach), min(100.0, border + reach)


def cut_plain(values: Sequence[float]) -> Scale:
    """Return a scale of any numbers that begins or ends at 0 where it can, in whole steps of `tick_plain`."""
    low, high = min([0.0, *values]), max([0.0, *values])
    step = _step_plain(low, high)
    return step * math.floor(low / step), step * max(math.ceil(high / step), 1 + math.floor(low / step))


def tick_plain(scale: Scale) -> list[Tick]:
    """Return ticks at whole multiples of 1, 2 or 5 of a power of ten, at most six steps."""
    step = _step_plain(*scale)
    return [
        (step * i, f"{step * i:,.0f}".replace(",", "\u00a0").replace("-", MINUS))
        for i in range(round(scale[0] / step), round(scale[1] / step) + 1)
    ]


def write_ends(scale: Scale) -> dict[str, str]:
    """Return the ends of a scale as a chart's key tells them: `low` and `high`."""
    low, high = scale
    return {"low": f"{low:.0f}", "high": f"{high:.0f}"}


def tick_tens(scale: Scale, narrow: bool) -> list[Tick]:
    """Return ticks from the low end, ten or a whole number of tens apart."""
    low, high = round(scale[0]), round(scale[1])
    return [(t, f"{t}") for t in range(low, high + 1, _step_tens(scale, narrow))]


def tick_whole(scale: Scale, narrow: bool) -> list[Tick]:
    """Return ticks at whole multiples of their step; signed where the scale goes below 0."""
    low, high, step = round(scale[0]), round(scale[1]), _step_tens(scale, narrow)
    ticks = [t for t in range(-100, 101) if low <= t <= high and t % step == 0]
    return [(t, sign(t) if low < 0 else f"{t}") for t in ticks]


def tick_changes(scale: Scale) -> list[Tick]:
    """Return the signed ticks of a scale of changes."""
    step = _step_changes(scale[1])
    steps_n = round(scale[1] / step)
    return [(step * i, sign(step * i)) for i in range(-steps_n, steps_n + 1)]


def sign(value: int) -> str:
    """Write a whole number with its sign; 0 has none.

    Examples
    --------
    >>> sign(5), sign(0)
    ('+5', '0')
    """
    return f"{MINUS if value < 0 else '+' if value > 0 else ''}{abs(value)}"


def step_means(means_pct: Sequence[float]) -> tuple[float, int]:
    """Return where the lowest step begins and how wide steps are: whole multiples of 1, 2, 5, 10 or 20.

    Examples
    --------
    >>> step_means([51.6, 51.8, 55.6, 56.1])
    (51.0, 2)
    """
    start, width = 0.0, WIDTHS_PP[-1]
    for width in WIDTHS_PP:
        whole = width if width > 2 else 1
        start = float(whole * math.floor(min(means_pct) / whole))
        if max(means_pct) < start + width * STEPS_N:
            break
    return start, width


def _step_tens(scale: Scale, narrow: bool) -> int:
    step = STEP_PP
    while (scale[1] - scale[0]) / step + 1 > (NARROW_TICKS_MAX if narrow else TICKS_MAX):
        step += STEP_PP
    return step


def _step_plain(low: float, high: float) -> float:
    """Return the smallest step that gives at most six; none is smaller than 1."""
    reach = max(high - low, 1.0) / PLAIN_STEPS_MAX
    power = 10.0 ** math.floor(math.log10(reach))
    return max(1.0, next(power * times for times in (1, 2, 5, 10) if power * times >= reach - 1e-9))


def _step_changes(reach: float) -> int:
    return next((s for s in CHANGE_STEPS_PP if s * CHANGE_STEPS_MAX >= reach), CHANGE_STEPS_PP[-1])

"""Rows of groups: scores or differences with their intervals, response rates, and parts of the spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dimios_core.report.charts.parts import INK, MARK, MUTED, NEUTRAL_BAND, STEP_PP, box, marks, stroke
from dimios_core.report.charts.row_layout import GroupRow, RowLayout

#: room right of the rows for a number, and for counts with their share
RIGHT_PX, RIGHT_BAR_PX = 72, 150
#: lower limits of the bands of response rates, percent
BAND_LIMITS = (0, 40, 60, 80, 100)
SHARE_TICKS = (0, 25, 50, 75, 100)
#: more tick marks than this do not fit
TICKS_MAX, NARROW_TICKS_MAX = 12, 7


def draw_group_rows(
    rows: Sequence[GroupRow], scale: tuple[float, float], *, differences: bool, narrow: bool
) -> dict[str, Any]:
    """Build interval rows of groups.

    Parameters
    ----------
    rows : sequence of GroupRow
    scale : (low, high)
        What is shown: percent, or percentage points around 0.
    differences : bool
        Around a line at 0, marks filled where certain; else scores, all marks filled.
    narrow : bool

    Returns
    -------
    dict
        A plotly figure.
    """
    layout = RowLayout(rows, scale, narrow, RIGHT_PX)
    shapes = [stroke(0, 0, layout.bottom, 0, MUTED, 1.5)] if differences else []
    shapes += layout.plates()
    dots: list[tuple[float, float, str, str]] = []
    for y, row in layout.places():
        if row.value is None or row.low is None or row.high is None:
            continue
        low, high = max(row.low, scale[0]), min(row.high, scale[1])
        shapes.append(box(low, high, y - layout.half, y + layout.half, NEUTRAL_BAND))
        symbol = "circle" if row.certain or not differences else "circle-open"
        dots.append((row.value, y, symbol, f"{row.name}: {row.words}"))
    data = []
    for symbol in ("circle", "circle-open"):
        chosen = [d for d in dots if d[2] == symbol]
        if chosen:
            x, y_of, _, texts = zip(*chosen, strict=True)
            data.append(marks(list(x), list(y_of), symbol, 10, INK, list(texts)))
    signs = [
        ("+" if differences and t > 0 else "") + f"{t}".replace("-", "\u2212") for t in _ticks(scale, narrow)
    ]
    return layout.frame(list(zip(_ticks(scale, narrow), signs, strict=True)), data, shapes)


def draw_bars(rows: Sequence[GroupRow], ticks: Sequence[int], *, narrow: bool) -> dict[str, Any]:
    """Build bars of percent from 0, with lines at the ticks: `BAND_LIMITS` for rates, `SHARE_TICKS` for shares."""
    layout = RowLayout(rows, (0.0, 100.0), narrow, RIGHT_BAR_PX)
    shapes, ends = [stroke(0, 0, layout.bottom, 0, MARK), *layout.plates()], []
    for y, row in layout.places():
        if row.value is None:
            continue
        whole = round(row.value)  # as the words say it: nothing finer lies in the figure
        shapes.append(box(0, whole, y - layout.half, y + layout.half, MARK))
        ends.append((whole, y, f"{row.name}: {row.words}"))
    # as high as the bar, so that it ends square
    size = 2 * layout.half / 1.4
    data = [marks([e[0] for e in ends], [e[1] for e in ends], "line-ns", size, MARK, [e[2] for e in ends])]
    return layout.frame([(t, f"{t}") for t in ticks], data, shapes)


def cut_differences(values: Sequence[float]) -> tuple[float, float]:
    """Return the cut of differences, in whole tens and as far to both sides of 0, that shows all values."""
    reach = max([float(STEP_PP), *(abs(v) + 1 for v in values)])
    reach = STEP_PP * -(-reach // STEP_PP)
    return -reach, reach


def _ticks(scale: tuple[float, float], narrow: bool) -> list[int]:
    low, high = round(scale[0]), round(scale[1])
    step = STEP_PP
    while (high - low) / step + 1 > (NARROW_TICKS_MAX if narrow else TICKS_MAX):
        step += STEP_PP
    return [t for t in range(-100, 101) if low <= t <= high and t % step == 0]

"""Rows of anything: a bar, a mark with its interval, or several marks told apart by form, on whatever scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dimios_core.report.charts.colours import MARK, PALE
from dimios_core.report.charts.group_rows import COUNTS, UPRIGHT, GroupLayout
from dimios_core.report.charts.intervals import READINGS
from dimios_core.report.charts.parts import Drawing
from dimios_core.report.charts.rows import Bar, Mark, Row
from dimios_core.report.charts.scales import Scale, Tick

BAR_PX, NARROW_BAR_PX, INTERVAL_PX = 16, 12, 6
ROOM = replace(COUNTS, words_px=120)


def make_bar(name: str, value: float, words: str, low: float | None = None, high: float | None = None) -> Row:
    """Make a bar from 0 to a value; its interval is a thin line over the bar's end."""
    ends = (0.0, value) if value >= 0 else (value, 0.0)
    bars = [Bar(*ends, MARK if low is None else PALE, BAR_PX, NARROW_BAR_PX)]
    if low is not None and high is not None:
        bars.append(Bar(low, high, MARK, INTERVAL_PX))
    # as high as the bar, so that it ends square
    px = BAR_PX / UPRIGHT, NARROW_BAR_PX / UPRIGHT
    end = Mark(value, f"{name}: {words}", "line-ns", px[0], bars[0].colour, px[1])
    return Row(name, words, marks=(end,), bars=tuple(bars))


def draw_plain_rows(rows: Sequence[Row], scale: Scale, ticks: Sequence[Tick], *, narrow: bool) -> Drawing:
    """Build rows with a line at zero where the scale shows it; returns a plotly figure."""
    layout = GroupLayout(rows, scale, ROOM, narrow)
    # on a phone names stand where the line at the end of a scale would run
    zero = [layout.upright(0, MARK)] if scale[0] < 0 or (scale[0] == 0 and not narrow) else []
    shapes = [*zero, *layout.plates(), *layout.bars()]
    return layout.frame(ticks, layout.traces(tuple(READINGS)), shapes)

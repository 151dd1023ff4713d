"""Draws what an own figure shows as a chart like all others: rows or lines, wide and narrow, with key and data table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dimios_core.errors import InputError, Problem
from dimios_core.markup import Markup
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import INK
from dimios_core.report.charts.intervals import READINGS, make_interval, make_readings
from dimios_core.report.charts.lines import Line, Score, cut_lines, draw_group_lines
from dimios_core.report.charts.plain_rows import draw_plain_rows, make_bar
from dimios_core.report.charts.rows import Row
from dimios_core.report.charts.scales import (
    WHOLE_SCALE,
    Scale,
    Tick,
    cut_plain,
    cut_scale,
    tick_plain,
    tick_tens,
    write_ends,
)
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING, NumberFormat
from dimios_core.report.own.plot import Plot, Series, Value

#: forms that tell series apart, the plain one first
FORMS = tuple(reversed(READINGS))
#: series whose values are written beside their row
WRITTEN_MAX = 2
#: unit of what is written as percent
SHARE = "share"
#: what additions of floats leave is no decimal
ALMOST = 1e-6


def draw_plot(
    plot: Plot, narrator: Narrator, chart_id: str, name: str, conclusion: str, place: str, unit: str = ""
) -> Chart:
    """Draw a plot.

    Parameters
    ----------
    plot : Plot
    narrator : Narrator
    chart_id, name, conclusion : str
        As `Chart` has them.
    place : str
        Where it stands, for what is refused.
    unit : str
        Of its values, as the schema has it; "" where it is not known.

    Raises
    ------
    InputError
        Series, intervals or values that such a chart cannot show.
    """
    if faults := list(_find_faults(plot)):
        raise InputError([Problem(place, *fault) for fault in faults])
    shares = unit == SHARE and all(-1 <= v <= 1 for v in plot.numbers)
    told = _Telling(plot.in_percent() if shares else plot, narrator.number, shares)
    drawn, key = _draw_lines(told, narrator) if plot.kind == "lines" else _draw_rows(told, narrator)
    if unit and unit in narrator.texts["own"]["unit"]:
        key = f"{key} {narrator.say('own.key.unit', unit=narrator.texts['own']['unit'][unit])}"
    return Chart(chart_id, name, conclusion, *drawn, key, tabulate(told, narrator, name))


def _find_faults(plot: Plot) -> list[tuple[str, str]]:
    faults = []
    several, intervals = len(plot.series) > 1, any(s.low for s in plot.series)
    if not plot.numbers:
        faults.append(("there is no number to draw", "check what the figure was made of"))
    if plot.kind != "lines":
        if len(plot.series) > len(FORMS):
            faults.append(
                (f"more than {len(FORMS)} series in a row are not drawn", "make a figure of some of them")
            )
        if several and intervals:
            faults.append(
                ("intervals of several series in a row are not drawn", "make a figure of each series")
            )
    elif any(not 0 <= v <= 100 for v in plot.numbers):
        faults.append(("lines are drawn of percent, 0-100, and shares alone", "draw other values as bars"))
    return faults


@dataclass(frozen=True)
class _Telling:
    """A plot whose values are written in one way: whole numbers, shares as whole percent, others with the decimals they have."""

    plot: Plot
    number: NumberFormat
    shares: bool

    @property
    def whole(self) -> bool:
        return all(v == int(v) for v in self.plot.numbers)

    @cached_property
    def decimals(self) -> int:
        """As many as the values need: one at least, three at most."""
        return next((d for d in (1, 2) if all(abs(v - round(v, d)) < ALMOST for v in self.plot.numbers)), 3)

    def write(self, value: Value) -> str:
        if value is None:
            return NOTHING
        if self.shares:
            return self.number.share(value / 100)
        if self.whole and value >= 0:
            return self.number.count(round(value))
        return self.number.coefficient(value, self.decimals)


def _draw_rows(told: _Telling, narrator: Narrator) -> tuple[tuple[dict, dict], str]:
    plot, say = told.plot, narrator.say
    single = len(plot.series) == 1
    rows = [_make_row(told, i, name) for i, name in enumerate(plot.names)]
    scale, ticks = _find_scale(told)
    drawn = tuple(draw_plain_rows(rows, scale, ticks(narrow), narrow=narrow) for narrow in (False, True))
    interval = any(s.low for s in plot.series)
    cut = "" if scale[0] <= 0 <= scale[1] else say("own.key.scale", **write_ends(scale))
    if single:
        return drawn, say(f"own.key.{plot.kind}", interval=interval, scale=cut)  # type: ignore[return-value]
    forms = [
        say("own.key.form", form=say(f"own.form.{form}"), name=s.name)
        for form, s in zip(FORMS, plot.series, strict=False)
    ]
    return drawn, say("own.key.series", forms=forms, scale=cut)  # type: ignore[return-value]


def _make_row(told: _Telling, i: int, name: str) -> Row:
    series = told.plot.series
    if len(series) > 1:
        words = " · ".join(told.write(s.values[i]) for s in series) if len(series) <= WRITTEN_MAX else ""
        readings = [
            (form, s.values[i], f"{s.name} {told.write(s.values[i])}")
            for form, s in zip(FORMS, series, strict=False)
            if s.values[i] is not None
        ]
        return make_readings(name, words, readings, None, None, INK)  # type: ignore[arg-type]
    (one,) = series
    value, low, high = one.values[i], *((one.low[i], one.high[i]) if one.low else (None, None))
    if value is None:
        return Row(name, reason=NOTHING)
    words = told.write(value)
    if told.plot.kind == "bars":
        return make_bar(name, value, words, low, high)
    return make_interval(name, value, low, high, words)


def _find_scale(told: _Telling) -> tuple[Scale, Callable[[bool], Sequence[Tick]]]:
    """Return the scale, and its ticks for a wide screen or a narrow one: 0-100 or a cut of it for percent."""
    values = told.plot.numbers
    fractions = not told.whole and not told.shares and all(-1 <= v <= 1 for v in values)
    percent = told.shares or (not told.whole and not fractions and all(0 <= v <= 100 for v in values))
    if not percent:
        scale = cut_plain(values)
        return scale, lambda narrow: tick_plain(scale)
    scale = WHOLE_SCALE if told.plot.kind == "bars" else cut_scale(values)
    return scale, lambda narrow: tick_tens(scale, narrow)


def _draw_lines(told: _Telling, narrator: Narrator) -> tuple[tuple[dict, dict], str]:
    plot = told.plot
    lines = [Line(s.name, _list_scores(told, s)) for s in plot.series]
    scale = cut_lines(lines)
    cut = narrator.say("own.key.scale", **write_ends(scale))
    interval = any(s.low for s in plot.series)
    return draw_both(draw_group_lines, lines, plot.names, scale), narrator.say(
        "own.key.lines", interval=interval, scale=cut
    )


def _list_scores(told: _Telling, series: Series) -> dict[str, Score]:
    low, high = (series.low, series.high) if series.low else (series.values, series.values)
    rows = zip(told.plot.names, series.values, low, high, strict=True)
    return {n: Score(v, a, b, told.write(v), told.write(v)) for n, v, a, b in rows if None not in (v, a, b)}  # type: ignore[arg-type]


def tabulate(told: _Telling, narrator: Narrator, caption: str) -> Markup:
    """Write a plot's data: a row a name, a column a series, and one for its intervals."""
    plot, say = told.plot, narrator.say
    columns = [Column(plot.names_title, plot.names, numeric=False)]
    for s in plot.series:
        columns.append(Column(s.name or plot.values_title, [told.write(v) for v in s.values]))
        if s.low:
            ends = [
                NOTHING if None in pair else f"{told.write(pair[0])}–{told.write(pair[1])}"
                for pair in zip(s.low, s.high, strict=True)
            ]
            columns.append(Column(say("table.interval"), ends))
    return write_table(caption, columns)

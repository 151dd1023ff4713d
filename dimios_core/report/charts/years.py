"""One line over the years, with published figures, targets and single organisations beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.report.charts.colours import (
    ACROSS,
    BAND,
    INK,
    MUTED,
    NEUTRAL_BAND,
    OTHER_LINE,
    UPWARDS,
)
from dimios_core.report.charts.parts import (
    NARROW_PX,
    WIDE_PX,
    Drawing,
    Part,
    area,
    frame,
    label,
    line,
    marks,
    outline,
    stroke,
)
from dimios_core.report.charts.scales import Scale, cut_scale, tick_tens
from dimios_core.report.drawable import bold, read_weight
from dimios_core.report.numbers import NumberFormat

HEIGHT_PX, NARROW_HEIGHT_PX = 360, 320
MARGIN = {"l": 40, "r": 64, "t": 16, "b": 30}
NARROW_MARGIN = {"l": 30, "r": 46, "t": 16, "b": 30}
#: room at the right for names of single organisations
NAMES_PX, NARROW_NAMES_PX = 190, 158
#: least distance between labels in a column
LABEL_PX = 16
#: more years than this, and a phone shows every other
NARROW_YEARS_MAX = 8
#: room between the figures and the ends of the scale
ROOM_PP = 1.0


@dataclass(frozen=True)
class Mean:
    """The mean of a period: where it lies on the axis, its value and 95 % interval, percent."""

    at: float
    period: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class YearLines:
    """What the chart shows.

    Attributes
    ----------
    means : sequence of Mean
        Oldest first.
    published : sequence of (year, percent)
        Diamonds: figures published elsewhere.
    targets : sequence of (from year, percent, to year, percent, words)
        Dashed lines; the words stand at their end.
    members : mapping of name -> sequence of (time, percent)
        Thin lines with their names at the right.
    name : str
        What the means are called: among the names at the right where there are members, else under the first.
    published_name : str
        What the published figures are called, beside the first.
    colour : str
    """

    means: Sequence[Mean]
    published: Sequence[tuple[float, float]] = ()
    targets: Sequence[tuple[float, float, float, float, str]] = ()
    members: Mapping[str, Sequence[tuple[float, float]]] | None = None
    name: str = ""
    published_name: str = ""
    colour: str = INK

    def scale(self) -> Scale:
        """Cut of the 0-100 scale that shows everything, in whole tens."""
        values = [v for m in self.means for v in (m.value, m.low, m.high) if v is not None]
        values += [v for _, v in self.published] + [v for t in self.targets for v in (t[1], t[3])]
        return cut_scale(values + [v for one in (self.members or {}).values() for _, v in one], ROOM_PP)

    def span(self) -> tuple[int, int]:
        """First and last year."""
        times = [m.at for m in self.means] + [y for y, _ in self.published]
        times += [y for t in self.targets for y in (t[0], t[2])]
        times += [t for one in (self.members or {}).values() for t, _ in one]
        return math.floor(min(times)), math.ceil(max(times))


def draw_years(lines: YearLines, number: NumberFormat, *, narrow: bool) -> Drawing:
    """Build the chart: the mean with its band and values, and what there is beside it.

    Parameters
    ----------
    lines : YearLines
        With at least one mean.
    number : NumberFormat
    narrow : bool
        For a phone.

    Returns
    -------
    dict
        A plotly figure.
    """
    low, high = lines.scale()
    first, last = lines.span()
    margin = dict(NARROW_MARGIN if narrow else MARGIN)
    members = lines.members or {}
    if members:
        margin["r"] = NARROW_NAMES_PX if narrow else NAMES_PX
    width = NARROW_PX if narrow else WIDE_PX
    height = max(NARROW_HEIGHT_PX if narrow else HEIGHT_PX, LABEL_PX * (len(members) + 5))
    pad = 0.35
    xaxis: dict[str, Any] = {"range": [first - pad, last + pad], "side": "bottom"}
    every = 2 if narrow and last - first >= NARROW_YEARS_MAX else 1
    years = list(range(last, first - 1, -every))[::-1]
    xaxis |= {"tickvals": years, "ticktext": [str(y) for y in years]}
    ticks = tick_tens((low, high), narrow=False)
    yaxis = {
        "range": [low, high], "tickvals": [v for v, _ in ticks], "ticktext": [t for _, t in ticks], "showgrid": True,
    }  # fmt: skip
    shapes, annotations = _band(lines), []
    for from_year, from_score, to_year, to_score, words in lines.targets:
        shapes.append(stroke(from_year, to_year, from_score, to_score, ACROSS, 2, "dash"))
        annotations.append(label(words, to_year, to_score, "center", 12, ACROSS, yshift=12))
    data = [line([t for t, _ in one], [v for _, v in one], OTHER_LINE, 1) for one in members.values()]
    for name, one in members.items():
        told = [f"{name}: {number.score(v)}" for _, v in one]
        data.append(marks([t for t, _ in one], [v for _, v in one], "circle", 4, OTHER_LINE, told))
    times, values = [m.at for m in lines.means], [m.value for m in lines.means]
    told = [f"{m.period}: {number.percent(m.value)}" for m in lines.means]
    data += [
        line(times, values, lines.colour, 2.5),
        marks(times, values, "circle", 9, lines.colour, told),
    ]
    if lines.published:
        years_of, values = [y for y, _ in lines.published], [v for _, v in lines.published]
        data.append(marks(years_of, values, "diamond", 10, UPWARDS, [number.percent(v) for v in values]))
    annotations += _write_values(lines, number)
    if members:
        newest = lines.means[-1]
        ends = [(one[-1][1], one[-1][0], name) for name, one in members.items()]
        # on a phone there is no room for both on one line
        own = [lines.name, number.score(newest.value)]
        ends += [(newest.value, newest.at, bold(told)) for told in (own if narrow else [" ".join(own)])]
        names, leaders = _name_lines(ends, (low, high), height - margin["t"] - margin["b"], last + pad)
        annotations, shapes = annotations + names, shapes + leaders
    return frame(width, height, margin, xaxis, yaxis, data, shapes, annotations)


def _band(lines: YearLines) -> list[Part]:
    known = [m for m in lines.means if m.low is not None and m.high is not None]
    fill = BAND.get(lines.colour, NEUTRAL_BAND)
    if len(known) == 1:
        return [stroke(known[0].at, known[0].at, known[0].low, known[0].high, fill, 10)]  # type: ignore[arg-type]
    if not known:
        return []
    corners = [(m.at, m.high) for m in known] + [(m.at, m.low) for m in reversed(known)]
    return [area(outline(corners, 2), fill)]  # type: ignore[arg-type]


def _write_values(lines: YearLines, number: NumberFormat) -> list[Part]:
    """Published values above their marks, means under their band; among single organisations no means."""
    found = [
        label(f"{v:g}" if v % 1 == 0 else number.score(v), y, v, "center", 12, UPWARDS, yshift=15)
        for y, v in lines.published
    ]
    if lines.published and lines.published_name:
        year, value = lines.published[0]
        found.append(label(lines.published_name, year, value, "left", 12, UPWARDS, xshift=10))
    if lines.name and not lines.members:
        first = lines.means[0]
        under = first.low if first.low is not None else first.value
        found.append(label(lines.name, first.at, under, "center", 12, INK, yshift=-27))
    for i, m in enumerate(lines.means if not lines.members else ()):
        words, newest = number.score(m.value), i == len(lines.means) - 1
        words, size = (bold(words), 13) if newest else (words, 12)
        found.append(
            label(words, m.at, m.low if m.low is not None else m.value, "center", size, INK, yshift=-12)
        )
    return found


def _name_lines(
    ends: Sequence[tuple[float, float, str]], scale: Scale, height_px: float, edge: float
) -> tuple[list[Part], list[Part]]:
    """Names of lines that end at (value, time), in a column at the right and kept apart, and thin lines to them."""
    low, high = scale
    least = LABEL_PX / height_px * (high - low)
    ordered = sorted(ends, reverse=True)
    places = [min(value, high) for value, _, _ in ordered]
    for i in range(1, len(places)):
        places[i] = min(places[i], places[i - 1] - least)
    if places[-1] < low:  # pushed out below: move up from the last
        places[-1] = low
        for i in range(len(places) - 2, -1, -1):
            places[i] = max(places[i], places[i + 1] + least)
    names, leaders = [], []
    for y, (value, time, name) in zip(places, ordered, strict=True):
        colour = INK if read_weight(name)[1] else MUTED
        names.append(label(name, 1, y, "left", 12, colour, xref="paper", xshift=6))
        leaders.append(stroke(time, edge, value, y, NEUTRAL_BAND))
    return names, leaders

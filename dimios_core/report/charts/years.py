"""One line over the years, with published figures, targets and single organisations beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dimios_core.report.charts.parts import (
    BAND,
    CAPABILITY,
    CLEAR,
    HERITAGE,
    INK,
    MUTED,
    NEUTRAL_BAND,
    STEP_PP,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.numbers import NumberFormat

WIDE_PX, NARROW_PX, HEIGHT_PX, NARROW_HEIGHT_PX = 760, 350, 360, 320
MARGIN = {"l": 40, "r": 64, "t": 16, "b": 30}
NARROW_MARGIN = {"l": 30, "r": 46, "t": 16, "b": 30}
#: room at the right for names of single organisations
NAMES_PX, NARROW_NAMES_PX = 190, 142
#: least distance between labels in a column
LABEL_PX = 16
#: more years than this, and a phone shows every other
NARROW_YEARS_MAX = 8
OTHER = "#8b949d"
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
    color : str
    """

    means: Sequence[Mean]
    published: Sequence[tuple[float, float]] = ()
    targets: Sequence[tuple[float, float, float, float, str]] = ()
    members: Mapping[str, Sequence[tuple[float, float]]] | None = None
    name: str = ""
    published_name: str = ""
    color: str = INK

    def scale(self) -> tuple[float, float]:
        """Cut of the 0-100 scale that shows everything, in whole tens."""
        values = [v for m in self.means for v in (m.value, m.low, m.high) if v is not None]
        values += [v for _, v in self.published] + [v for t in self.targets for v in (t[1], t[3])]
        values += [v for line in (self.members or {}).values() for _, v in line]
        low = STEP_PP * math.floor((min(values) - ROOM_PP) / STEP_PP)
        return float(max(0, low)), float(min(100, STEP_PP * math.ceil((max(values) + ROOM_PP) / STEP_PP)))

    def span(self) -> tuple[int, int]:
        """First and last year."""
        times = [m.at for m in self.means] + [y for y, _ in self.published]
        times += [y for t in self.targets for y in (t[0], t[2])]
        times += [t for line in (self.members or {}).values() for t, _ in line]
        return math.floor(min(times)), math.ceil(max(times))


def draw_years(lines: YearLines, number: NumberFormat, *, narrow: bool) -> dict[str, Any]:
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
    ticks = list(range(int(low), int(high) + 1, 10))
    yaxis = {"range": [low, high], "tickvals": ticks, "ticktext": [str(t) for t in ticks], "showgrid": True}
    shapes, annotations = _band(lines), []
    for from_year, from_score, to_year, to_score, words in lines.targets:
        shapes.append(stroke(from_year, to_year, from_score, to_score, HERITAGE, 2, "dash"))
        annotations.append(label(words, to_year, to_score, "center", 12, HERITAGE, yshift=12))
    data = [_line([t for t, _ in line], [v for _, v in line], OTHER, 1) for line in members.values()]
    data += [
        marks(
            [t for t, _ in line],
            [v for _, v in line],
            "circle",
            4,
            OTHER,
            [f"{name}: {number.score(v)}" for _, v in line],
        )
        for name, line in members.items()
    ]
    data.append(_line([m.at for m in lines.means], [m.value for m in lines.means], lines.color, 2.5))
    data.append(
        marks(
            [m.at for m in lines.means], [m.value for m in lines.means], "circle", 9, lines.color,
            [f"{m.period}: {number.percent(m.value)}" for m in lines.means],
        )
    )  # fmt: skip
    if lines.published:
        years_of, values = [y for y, _ in lines.published], [v for _, v in lines.published]
        data.append(marks(years_of, values, "diamond", 10, CAPABILITY, [number.percent(v) for v in values]))
    annotations += _write_values(lines, number)
    if members:
        newest = lines.means[-1]
        ends = [(line[-1][1], line[-1][0], name) for name, line in members.items()]
        ends.append((newest.value, newest.at, f"<b>{lines.name} {number.score(newest.value)}</b>"))
        names, leaders = _name_lines(ends, (low, high), height - margin["t"] - margin["b"], last + pad)
        annotations, shapes = annotations + names, shapes + leaders
    return frame(width, height, margin, xaxis, yaxis, data, shapes, annotations)


def _line(x: list[float], y: list[float], color: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "showlegend": False,
        "line": {"color": color, "width": width},
    }  # fmt: skip


def _band(lines: YearLines) -> list[dict[str, Any]]:
    known = [m for m in lines.means if m.low is not None and m.high is not None]
    fill = BAND.get(lines.color, NEUTRAL_BAND)
    if len(known) == 1:
        return [stroke(known[0].at, known[0].at, known[0].low, known[0].high, fill, 10)]  # type: ignore[arg-type]
    if not known:
        return []
    corners = [f"{m.at:.2f},{m.high:.2f}" for m in known] + [
        f"{m.at:.2f},{m.low:.2f}" for m in reversed(known)
    ]
    path = "M" + " L".join(corners) + " Z"
    return [
        {
            "type": "path",
            "layer": "below",
            "path": path,
            "fillcolor": fill,
            "line": {"width": 0, "color": CLEAR},
        }
    ]


def _write_values(lines: YearLines, number: NumberFormat) -> list[dict[str, Any]]:
    """Published values above their marks, means under their band; among single organisations no means."""
    found = [
        label(f"{v:g}" if v % 1 == 0 else number.score(v), y, v, "center", 12, CAPABILITY, yshift=15)
        for y, v in lines.published
    ]
    if lines.published and lines.published_name:
        year, value = lines.published[0]
        found.append(label(lines.published_name, year, value, "left", 12, CAPABILITY, xshift=10))
    if lines.name and not lines.members:
        first = lines.means[0]
        under = first.low if first.low is not None else first.value
        found.append(label(lines.name, first.at, under, "center", 12, INK, yshift=-27))
    for i, m in enumerate(lines.means if not lines.members else ()):
        words, newest = number.score(m.value), i == len(lines.means) - 1
        words, size = (f"<b>{words}</b>", 13) if newest else (words, 12)
        found.append(
            label(words, m.at, m.low if m.low is not None else m.value, "center", size, INK, yshift=-12)
        )
    return found


def _name_lines(
    ends: Sequence[tuple[float, float, str]], scale: tuple[float, float], height_px: float, edge: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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
        color = INK if name.startswith("<b>") else MUTED
        names.append(label(name, 1, y, "left", 12, color, xref="paper", xshift=6))
        leaders.append(stroke(time, edge, value, y, NEUTRAL_BAND))
    return names, leaders

"""The map of counties: means in steps of one hue, and the list that says them in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dimios_core.report.charts.colours import (
    BAND,
    BORDER,
    DARK_FROM,
    GRID,
    INK,
    MUTED,
    OWN_BAND,
    STEPS,
    STEPS_N,
    WHITE,
)
from dimios_core.report.charts.county_shapes import CountyMap, load_county_map
from dimios_core.report.charts.parts import (
    NARROW_PX,
    WIDE_PX,
    Drawing,
    Part,
    area,
    box,
    label,
    marks,
    sheet,
    stroke,
)
from dimios_core.report.charts.scales import STEP_PP, cut_scale, step_means
from dimios_core.report.drawable import bold
from dimios_core.report.svg_marks import PATHS_N, Axis, scale_path

MAP_PX = {False: 600, True: 500}
ROW_PX = 27


@dataclass(frozen=True)
class CountyMean:
    """The mean of a county with its interval, percent, and in words; or, shortly, why there is none.

    `code` has two digits.
    """

    code: str
    name: str
    mean: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""
    reason: str = ""


def draw_counties(counties: Sequence[CountyMean], own: str, colour: str, *, narrow: bool) -> Drawing:
    """Build the map with means on it, and the list beside it (beneath it on a phone), north to south.

    Parameters
    ----------
    counties : sequence of CountyMean
        Those that have participants, published or not.
    own : str
        Code of one's own county, "" for none.
    colour : str
        One of those that have `STEPS`.
    narrow : bool

    Returns
    -------
    dict
        A plotly figure.
    """
    atlas = load_county_map()
    of_county = {c.code: c for c in counties}
    means = [c.mean for c in counties if c.mean is not None]
    start, width_pp = step_means(means) if means else (0.0, 1)
    listed = sorted(counties, key=lambda c: -_north(atlas, c.code))
    paper = _lay_sheet(atlas, narrow, len(listed))
    shapes, labels = [], []
    for shape in sorted(atlas.shapes, key=lambda s: s.code == own):
        county = of_county.get(shape.code)
        mean = county.mean if county is not None else None
        step = -1 if mean is None else min(int((mean - start) // width_pp), STEPS_N - 1)
        edge, edge_px = (INK, 2) if shape.code == own else (BORDER, 0.75)
        fill = WHITE if step < 0 else STEPS[colour][step]
        shapes.append(area(_place(paper, shape.path), fill, edge, edge_px))
        if county is not None:
            words = "–" if mean is None else bold(f"{mean:.0f}")
            ink = WHITE if step >= DARK_FROM else INK
            labels.append(label(words, paper.x(shape.x), paper.y(shape.y), "center", 12, ink))
    data: list[Part] = []
    if listed:
        more, data, names = _draw_list(listed, own, paper, colour)
        shapes, labels = shapes + more, labels + names
    return sheet(NARROW_PX if narrow else WIDE_PX, paper.height, 0, data, shapes, labels)


@dataclass(frozen=True)
class _Sheet:
    """Kilometres of the map to the figure's pixels, and where the list stands."""

    narrow: bool
    height: int
    per_km: float
    left: float
    bottom: float

    def x(self, km: float) -> float:
        return round(self.left + km * self.per_km, 1)

    def y(self, km: float) -> float:
        return round(self.bottom + km * self.per_km, 1)


def _lay_sheet(atlas: CountyMap, narrow: bool, listed_n: int) -> _Sheet:
    height = MAP_PX[narrow] + (ROW_PX * listed_n + 44 if narrow else 0)
    per_km = (MAP_PX[narrow] - 16) / atlas.height_km
    left = (NARROW_PX - atlas.width_km * per_km) / 2 if narrow else 12
    return _Sheet(narrow, height, per_km, left, height - MAP_PX[narrow] + 8)


@lru_cache(maxsize=PATHS_N)
def _place(paper: _Sheet, path: str) -> str:
    """Return a path of kilometres in pixels."""
    words = []
    for word in path.split(" "):
        if word == "Z":
            words.append(word)
            continue
        a, b = word[1:].split(",")
        words.append(f"{word[0]}{paper.x(float(a)):g},{paper.y(float(b)):g}")
    return " ".join(words)


def place_counties(listed_n: int) -> None:
    """Place the counties' shapes as maps need them that so many counties are listed beside, so that maps drawn later find them placed.

    On a phone the list stands beneath the map, which lies higher the more there are.
    """
    atlas = load_county_map()
    for narrow in (False, True):
        paper, width = _lay_sheet(atlas, narrow, listed_n), NARROW_PX if narrow else WIDE_PX
        for shape in atlas.shapes:
            scale_path(
                _place(paper, shape.path), Axis(0, width, 0, width), Axis(0, paper.height, paper.height, 0)
            )


def _north(atlas: CountyMap, code: str) -> float:
    """How far north a county's middle lies, km; 0 for one that the map does not know."""
    return next((s.y for s in atlas.shapes if s.code == code), 0.0)


def _draw_list(
    listed: Sequence[CountyMean], own: str, paper: _Sheet, colour: str
) -> tuple[list[Part], list[Part], list[Part]]:
    """Names, means and intervals of the counties: shapes, traces and labels."""
    names_at, figure_at, left, right = (0, 350, 158, 300) if paper.narrow else (322, 750, 500, 690)
    top = paper.height - (MAP_PX[True] + 40 if paper.narrow else 70)
    low, high = cut_scale([v for c in listed for v in (c.low, c.high, c.mean) if v is not None])

    def across(value: float) -> float:
        return round(left + (value - low) / (high - low) * (right - left), 1)

    shapes: list[Part] = []
    labels: list[Part] = []
    dots: list[tuple[float, float, str]] = []
    end = top - ROW_PX * (len(listed) - 0.5)
    step = STEP_PP if high - low <= 3 * STEP_PP else int(high - low)
    for value in map(float, range(int(low), int(high) + 1, step)):
        shapes.append(stroke(across(value), across(value), end, top + 14, GRID))
        labels.append(label(f"{value:.0f}", across(value), top + 24, "center", 12, MUTED))
    for i, county in enumerate(listed):
        at = top - ROW_PX * i
        name = bold(county.name) if county.code == own else county.name
        labels.append(label(name, names_at, at, "left", 13, INK))
        if county.mean is None:
            labels.append(label(f"– {county.reason}", figure_at, at, "right", 13, MUTED))
            continue
        if county.low is not None and county.high is not None:
            fill = BAND.get(colour, OWN_BAND)
            shapes.append(box(across(county.low), across(county.high), at - 5, at + 5, fill))
        dots.append((across(county.mean), at, f"{county.name}: {county.words}"))
        labels.append(label(county.words, figure_at, at, "right", 13, INK))
    x, y, texts = [d[0] for d in dots], [d[1] for d in dots], [d[2] for d in dots]
    return shapes, [marks(x, y, "circle", 9, colour, texts)], labels

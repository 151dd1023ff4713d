"""The map of counties: means in steps of one hue, and the list that says them in figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dimios_core.report.charts.county_shapes import CountyMap, load_county_map
from dimios_core.report.charts.parts import (
    BAND,
    CAPABILITY,
    HERITAGE,
    INK,
    MUTED,
    STEP_PP,
    accent_of,
    box,
    cut_scale,
    frame,
    label,
    marks,
    stroke,
)
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.pages.everyones_result.facts import GroupFigure
from dimios_core.report.svg import PATHS_N, Axis, scale_path

#: from light to dark; letters are dark on the first three and white on the others
STEPS = {
    CAPABILITY: ("#dbe5f0", "#b4c8dd", "#8facca", "#3f6c9c", "#1d4f86"),
    HERITAGE: ("#f3e6d5", "#e2c7a3", "#cfa56d", "#a5641a", "#8f4e00"),
    INK: ("#d3d8de", "#bcc3ca", "#a3acb5", "#5b656f", "#343c44"),
}
DARK_FROM = 3
#: widths of a step, percentage points, the smallest that shows all means in five
WIDTHS_PP = (1, 2, 5, 10, 20)
BORDER = "#8a949e"
MAP_PX = {False: 600, True: 500}
WIDE_PX, NARROW_PX, ROW_PX = 760, 350, 27


def step_means(means_pct: list[float]) -> tuple[float, int]:
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
        if max(means_pct) < start + width * len(STEPS[INK]):
            break
    return start, width


def draw_counties(
    narrator: FactsNarrator, figures: list[GroupFigure], own: str, *, narrow: bool
) -> dict[str, Any]:
    """Build the map with means on it, and the list beside it (beneath it on a phone), north to south.

    Parameters
    ----------
    figures : list of GroupFigure
        Counties that have participants, published or not.
    own : str
        Two-digit code of one's own county, "" for none.
    """
    atlas = load_county_map()
    level, key = (figures[0].level, figures[0].key) if figures else ("maturity", "maturity")
    color = INK if level == "maturity" else accent_of(narrator.facts, level, key)
    of_county = {f.group.id.partition(":")[2]: f for f in figures}
    means = [f.mean for f in figures if f.mean is not None]
    start, width_pp = step_means(means) if means else (0.0, 1)
    listed = sorted(figures, key=lambda f: -_north(atlas, f))
    sheet = _lay_sheet(atlas, narrow, len(listed))
    shapes, annotations = [], []
    for shape in sorted(atlas.shapes, key=lambda s: s.code == own):
        figure = of_county.get(shape.code)
        mean = figure.mean if figure is not None else None
        step = -1 if mean is None else min(int((mean - start) // width_pp), len(STEPS[color]) - 1)
        edge = {"color": INK, "width": 2} if shape.code == own else {"color": BORDER, "width": 0.75}
        fill = "#ffffff" if step < 0 else STEPS[color][step]
        shapes.append(
            {
                "type": "path",
                "layer": "below",
                "path": _place(sheet, shape.path),
                "fillcolor": fill,
                "line": edge,
            }
        )
        if figure is not None:
            words = "–" if mean is None else f"<b>{mean:.0f}</b>"
            ink = "#ffffff" if step >= DARK_FROM else INK
            annotations.append(label(words, sheet.x(shape.x), sheet.y(shape.y), "center", 12, ink))
    more, data = _draw_list(narrator, listed, own, sheet, annotations, color)
    return frame(
        NARROW_PX if narrow else WIDE_PX, sheet.height, {"l": 0, "r": 0, "t": 0, "b": 0},
        {"range": [0, NARROW_PX if narrow else WIDE_PX]}, {"range": [0, sheet.height]}, data, shapes + more, annotations,
    )  # fmt: skip


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
def _place(sheet: _Sheet, path: str) -> str:
    """Return a path of kilometres in pixels."""
    words = []
    for word in path.split(" "):
        if word == "Z":
            words.append(word)
            continue
        a, b = word[1:].split(",")
        words.append(f"{word[0]}{sheet.x(float(a)):g},{sheet.y(float(b)):g}")
    return " ".join(words)


def place_counties() -> None:
    """Place the counties' shapes as every map of a page needs them, so that maps drawn later find them placed.

    Beneath the map on a phone stands a list of counties: the map lies higher the more there are.
    """
    atlas = load_county_map()
    for narrow, listed_n in ((False, 0), *((True, n) for n in range(len(atlas.shapes) + 1))):
        sheet, width = _lay_sheet(atlas, narrow, listed_n), NARROW_PX if narrow else WIDE_PX
        for shape in atlas.shapes:
            scale_path(
                _place(sheet, shape.path), Axis(0, width, 0, width), Axis(0, sheet.height, sheet.height, 0)
            )


def _north(atlas: CountyMap, figure: GroupFigure) -> float:
    """How far north a county's middle lies, km; 0 for one that the map does not know."""
    return next((s.y for s in atlas.shapes if f"county:{s.code}" == figure.group.id), 0.0)


def _draw_list(
    narrator: FactsNarrator, listed: list[GroupFigure], own: str, sheet: _Sheet,
    annotations: list[dict[str, Any]], color: str,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """Names, means and intervals of the counties; returns shapes and traces, adds to the labels."""
    if not listed:
        return [], []
    names_at, figure_at, left, right = (0, 350, 158, 300) if sheet.narrow else (322, 750, 500, 690)
    top = sheet.height - (MAP_PX[True] + 40 if sheet.narrow else 70)
    low, high = cut_scale([v for f in listed for v in (f.low, f.high, f.mean) if v is not None])

    def across(value: float) -> float:
        return round(left + (value - low) / (high - low) * (right - left), 1)

    shapes: list[dict[str, Any]] = []
    dots: list[tuple[float, float, str]] = []
    band = BAND.get(color, "#cfd4da")
    end = top - ROW_PX * (len(listed) - 0.5)
    step = STEP_PP if high - low <= 3 * STEP_PP else int(high - low)
    for value in map(float, range(int(low), int(high) + 1, step)):
        shapes.append(stroke(across(value), across(value), end, top + 14, "#e6e9ed"))
        annotations.append(label(f"{value:.0f}", across(value), top + 24, "center", 12, MUTED))
    for i, figure in enumerate(listed):
        at = top - ROW_PX * i
        code = figure.group.id.partition(":")[2]
        counties = narrator.texts["peers"]["counties"]
        name = counties.get(code, code)
        annotations.append(label(f"<b>{name}</b>" if code == own else name, names_at, at, "left", 13, INK))
        if figure.mean is None:
            reason = narrator.say(f"everyones.group_status_short.{figure.status}")
            annotations.append(label(f"– {reason}", figure_at, at, "right", 13, MUTED))
            continue
        if figure.low is not None and figure.high is not None:
            shapes.append(box(across(figure.low), across(figure.high), at - 5, at + 5, band))
        words = narrator.number.score(figure.mean)
        dots.append((across(figure.mean), at, f"{name}: {words}"))
        annotations.append(label(words, figure_at, at, "right", 13, INK))
    data = [marks([d[0] for d in dots], [d[1] for d in dots], "circle", 9, color, [d[2] for d in dots])]
    return shapes, data

"""Audit of places in the plane: a region's centre, radii, quadrant and status are what the two dimensions give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dimios_core.instrument import Quadrants
from dimios_core.published.conventions import CERTAINTY_N_MIN
from dimios_core.results.audit.grid import GROUP, HALF_UNIT, PUBLISHED, Fault, Grid
from dimios_core.results.audit.level_intervals import implied_se
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.scoring.intervals import region_radius

RADII = ("half_across", "half_upwards", "radius_major", "radius_minor")
UNPLACED = "unplaced"
#: a turn of a nearly round region is not told by its radii, degrees
SLACK_PP = 0.25


def check_regions(regions: Sheet, grid: Grid, answers: np.ndarray) -> Iterator[Fault]:
    """Yield what is wrong with an organisation's regions: period, what it is about, what is wrong; `answers` as from `implied_answers`."""
    plane = grid.columns.instrument.quadrants
    if not len(regions) or plane is None:
        return
    rows = grid.columns.level_rows
    at = [rows.index(("dimension", d)) for d in (plane.across, plane.upwards)]
    names, group = list(regions.rows(*GROUP)), grid.find(regions, *GROUP)
    shown = regions.are("status", PUBLISHED)
    figure = {n: regions.number(n) for n in ("across", "upwards", *RADII, "angle")}

    def tell(wrong: np.ndarray, what: str) -> Iterator[Fault]:
        for i in np.flatnonzero(wrong):
            yield str(names[i][0]), f"region ({names[i][1]}, {names[i][2]})", what

    both = (group >= 0) & grid.shown[group][:, at].all(axis=1)
    yield from tell(shown & ~both, "a region without both its dimensions")
    top = grid.n[group][:, [*at, *range(len(rows) - grid.columns.composites_n, len(rows))]].max(axis=1)
    yield from tell(shown & both & (top < CERTAINTY_N_MIN), "a region of few answers")
    with np.errstate(invalid="ignore"):
        for name, column in zip(("across", "upwards"), at, strict=True):
            off = ~(np.abs(figure[name] - grid.score[group, column]) < 1e-6)
            yield from tell(shown & both & off, "a centre that its dimensions do not give")
        yield from tell(
            shown & both & _off_radii(figure), "radii and half widths that do not belong together"
        )
        yield from tell(
            shown & both & _off_widths(figure, grid, answers, group, at, top),
            "half widths that the dimensions' intervals do not give",
        )
    placement = regions.text("placement")
    for i in np.flatnonzero(shown & both):
        a, u, half_a, half_u = (float(figure[n][i]) for n in ("across", "upwards", *RADII[:2]))
        plain = _place(plane, a, u, abs(a - plane.border) < half_a, abs(u - plane.border) < half_u)
        if placement[i] != plain and placement[i] not in _possible(plane, a, u, half_a, half_u):
            yield from tell(np.arange(len(regions)) == i, "a quadrant that its region does not give")


def _off_radii(figure: dict[str, np.ndarray]) -> np.ndarray:
    """The ellipse of k²·S has the half widths k·√S_dd: trace and first diagonal element."""
    a, b, major, minor = (figure[n] for n in RADII)
    t = np.radians(figure["angle"])
    reach = 2 * HALF_UNIT * (a + b + major + minor + HALF_UNIT)
    trace = np.abs(a**2 + b**2 - major**2 - minor**2) > reach
    turned = HALF_UNIT * np.pi / 180 * np.abs(major**2 - minor**2) * 2 + reach
    first = np.abs(a**2 - (major * np.cos(t)) ** 2 - (minor * np.sin(t)) ** 2) > turned
    return (
        trace
        | first
        | (minor > major)
        | (figure["angle"] < 0)
        | (figure["angle"] > 180)
        | np.isnan(a + b + major + minor)
    )


def _off_widths(
    figure: dict[str, np.ndarray],
    grid: Grid,
    answers: np.ndarray,
    group: np.ndarray,
    at: list[int],
    n: np.ndarray,
) -> np.ndarray:
    """k·se with the se of the dimension's interval."""
    strata_n = (grid.n - grid.df)[group][:, at].max(axis=1)
    k = region_radius(n - strata_n)
    implied = implied_se(grid, answers)
    wrong = np.zeros(len(group), bool)
    for name, column in zip(RADII[:2], at, strict=True):
        se, reach, at_least = (x[group, column] for x in implied)
        off = np.where(at_least, k * se - figure[name], np.abs(figure[name] - k * se))
        wrong |= off > k * reach + SLACK_PP
    return wrong


def _possible(plane: Quadrants, across: float, upwards: float, half_a: float, half_u: float) -> set[str]:
    """Placements that figures may have, before they were rounded."""
    found: set[str] = set()
    steps = (-2 * HALF_UNIT, 0.0, 2 * HALF_UNIT)
    for a, u in ((across + da, upwards + du) for da in steps for du in steps):
        for crossed_a in {abs(a - plane.border) < half_a + d for d in steps}:
            for crossed_u in {abs(u - plane.border) < half_u + d for d in steps}:
                found.add(_place(plane, a, u, crossed_a, crossed_u))
    return found


def _place(plane: Quadrants, across: float, upwards: float, crossed_a: bool, crossed_u: bool) -> str:
    if crossed_a and crossed_u:
        return UNPLACED
    high = (across >= plane.border, upwards >= plane.border)
    sides = {(not high[0], high[1])} if crossed_a else {(high[0], not high[1])} if crossed_u else set()
    cells = {(c.across == "high", c.upwards == "high"): c.id for c in plane.cells}
    return "-".join(sorted(cells[s] for s in {high, *sides}))

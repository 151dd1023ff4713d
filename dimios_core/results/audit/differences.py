"""Audit of differences: changes, trends, contrasts and standardised changes are what the levels they rest on give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dimios_core.published.conventions import ALL, MIX_EFFECT_MIN_PP, TREND_YEARS_MIN
from dimios_core.results.audit.grid import HALF_UNIT, Fault, Grid, carry_up, shares_of_points
from dimios_core.results.audit.sheets import Sheet

#: what is compared with what in contrasts
ROLE_PAIR = "role_pair"


class Rows:
    """Rows of a table of differences that are published, beside the levels of a grid.

    Parameters
    ----------
    table : Sheet
    grid : Grid
    value : str
        Name of the difference.
    about : list of str
        Columns that a fault names.
    """

    def __init__(self, table: Sheet, grid: Grid, value: str, about: list[str]) -> None:
        self.sheet, self.grid, self.about = table.shown, grid, about
        self.value = self.sheet.number(value)
        number, first = self.sheet.group("level", "key")
        named = self.sheet.take(first).rows("level", "key")
        self.row = np.array([grid.level_row.get(row, -1) for row in named], int)[number]

    def __len__(self) -> int:
        """How many rows are published."""
        return len(self.sheet)

    def at(self, period: str, unit: str, role: str) -> np.ndarray:
        """Return the groups of the grid that columns name; −1 where there is no such group."""
        return self.grid.find(self.sheet, period, unit, role)

    def known(self, *sides: np.ndarray) -> np.ndarray:
        """Tell which rows are of a level, and of groups, that there are; `sides` as from `at`."""
        return np.logical_and.reduce([self.row >= 0, *(at >= 0 for at in sides)])

    def tell(self, wrong: np.ndarray, what: str) -> Iterator[Fault]:
        """Yield a fault for each row that is true in `wrong`."""
        for period, about in self.sheet.told(wrong, self.about):
            yield period, " ".join(map(str, about)), what


def weigh(grid: Grid, sides: list[tuple[np.ndarray, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Σ c θ over sides on the points that all of them have, what it may be off by, and how many points these are.

    Arrays (pairs, level rows). NaN where a side is not published, is told as a bound only, or the common points do not suffice.
    """
    columns = grid.columns
    both = np.logical_and.reduce([grid.points[at] for at, _ in sides])
    points = _total(c * np.where(both, grid.told[at][:, columns.points], 0.0) for at, c in sides)
    own = _total(c * np.where(grid.shown[at], grid.score[at], np.nan) for at, c in sides)
    above = carry_up(columns, both, points)
    n_points = (shares_of_points(columns, both)[0] > 0).sum(axis=1)
    value = np.hstack([own[:, : columns.columns_n], above])
    loose = _total(abs(c) * np.where(both, grid.loose[at][:, columns.points], 0.0) for at, c in sides)
    slack = np.hstack([np.zeros((len(value), columns.columns_n)), carry_up(columns, both, loose)])
    exact = np.logical_and.reduce([grid.shown[at] & (grid.bound[at] == 0) for at, _ in sides])
    counted = np.hstack([np.ones((len(value), columns.columns_n)), n_points])
    return np.where(exact, value, np.nan), slack, counted


def _total(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.sum(list(parts), axis=0)


def check_changes(changes: Sheet, grid: Grid) -> Iterator[Fault]:
    """Changes are later minus earlier, on the points of both."""
    rows = Rows(changes, grid, "change", ["period_from", "unit", "role", "level", "key"])
    if not len(rows):
        return
    before, after = rows.at("period_from", "unit", "role"), rows.at("period", "unit", "role")
    known = rows.known(before, after)
    yield from rows.tell(~known, "a change of a group or level that there is not")
    if not known.any():
        return
    value, slack, points_n = _of_rows(grid, rows, known, [(before, -1.0), (after, 1.0)])
    yield from rows.tell(
        known & ~(np.abs(rows.value - value) <= 3 * HALF_UNIT + slack), "a change that its levels do not give"
    )
    yield from rows.tell(
        known & (rows.sheet.number("n_points") != points_n), "a change on points that are not published"
    )
    yield from _check_smaller(grid, rows, known, before, after)


def _check_smaller(
    grid: Grid, rows: Rows, known: np.ndarray, first: np.ndarray, second: np.ndarray
) -> Iterator[Fault]:
    """Of the smaller side answered no fewer than answered one of the common points, and no more than its level has."""
    columns = grid.columns
    least = np.zeros(len(rows))
    pairs, again = list_sets([np.where(known, at, 0) for at in (first, second)])
    both = grid.points[pairs[0]] & grid.points[pairs[1]]
    inside = shares_of_points(columns, both)[0] > 0
    of_points = [
        (np.where(both, np.nan_to_num(grid.n[at][:, columns.points]), 0.0)[:, :, None] * inside).max(axis=1)
        for at in pairs
    ]
    own = [np.nan_to_num(grid.n[at][:, : columns.columns_n]) for at in pairs]
    least = np.fmin(*(np.hstack(part) for part in zip(own, of_points, strict=True)))[again, rows.row]
    most = np.fmin(grid.n[first, rows.row], grid.n[second, rows.row])
    with np.errstate(invalid="ignore"):
        wrong = (rows.sheet.number("n") < least) | (rows.sheet.number("n") > most)
    yield from rows.tell(known & wrong, "a number of respondents that its levels do not give")


def _of_rows(
    grid: Grid, rows: Rows, known: np.ndarray, sides: list[tuple[np.ndarray, float]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weigh sides once for each set of groups, and pick the level of each row."""
    pairs, again = list_sets([np.where(known, at, 0) for at, _ in sides])
    value, slack, points_n = weigh(grid, [(at, c) for at, (_, c) in zip(pairs, sides, strict=True)])
    return value[again, rows.row], slack[again, rows.row], points_n[again, rows.row]


def check_trends(trends: Sheet, grid: Grid, periods: list[str]) -> Iterator[Fault]:
    """Slopes are Σ c_t θ_t, on the points of all the years."""
    rows = Rows(trends, grid, "slope", ["period_from", "unit", "role", "level", "key"])
    for mine, used, sides in list_windows(rows, periods):
        whole = (rows.sheet.number("periods_n") == len(used)) & (len(used) >= TREND_YEARS_MIN)
        yield from rows.tell(mine & ~whole, "a trend of other years")
        known = mine & rows.known(*sides)
        yield from rows.tell(mine & ~known, "a trend without all its levels")
        if len(used) < TREND_YEARS_MIN or not known.any():
            continue
        c = slope_weights(used)
        value, slack, _ = _of_rows(grid, rows, known, list(zip(sides, c.tolist(), strict=True)))
        reach = HALF_UNIT * (1 + np.abs(c).sum())
        yield from rows.tell(
            known & ~(np.abs(rows.value - value) <= reach + slack), "a trend that its levels do not give"
        )
    directed = rows.sheet.are("line", "uneven") & ~rows.sheet.are("certainty", "unknown")
    yield from rows.tell(directed, "a direction of levels that lie on no line")


def list_sets(sides: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the sets of groups that rows are between, each once, and which one each row is of: (sides, sets), (rows,)."""
    sets, again = np.unique(np.array(sides), axis=1, return_inverse=True)
    return sets, again.reshape(-1)


def list_windows(rows: Rows, periods: list[str]) -> Iterator[tuple[np.ndarray, list[str], list[np.ndarray]]]:
    """Yield the windows of years that trends are of: whether a row is of it, its years' periods, and each row's group in them."""
    number, first = rows.sheet.group("period_from", "period")
    for i, window in enumerate(rows.sheet.take(first).rows("period_from", "period")):
        used = years_between(periods, *window)
        yield number == i, used, [rows.at(p, "unit", "role") for p in used]


def years_between(periods: list[str], first: str, last: str) -> list[str]:
    """Return the last period of each year, of those from one period to another."""
    return [p for p in {p[:4]: p for p in sorted(periods)}.values() if first <= p <= last]


def slope_weights(periods: list[str]) -> np.ndarray:
    """Return c_t of a slope Σ c_t θ_t over the years of some periods, by least squares."""
    t = np.array([float(p[:4]) for p in periods])
    return (t - t.mean()) / ((t - t.mean()) ** 2).sum()


def check_contrasts(contrasts: Sheet, grid: Grid) -> Iterator[Fault]:
    """Contrasts of roles are differences of their levels; contrasts with the rest follow from group and whole."""
    rows = Rows(contrasts, grid, "difference", ["kind", "unit", "role", "other", "level", "key"])
    if not len(rows):
        return
    pair, mine, theirs = find_sides(rows)
    known = rows.known(mine, theirs)
    yield from rows.tell(~known, "a contrast of a group or level that there is not")
    if (known & pair).any():
        value, slack, _ = _of_rows(grid, rows, known, [(theirs, -1.0), (mine, 1.0)])
        off = ~(np.abs(rows.value - value) <= 3 * HALF_UNIT + slack)
        yield from rows.tell(known & pair & off, "a contrast that its levels do not give")
    own = known & (rows.row < grid.columns.columns_n)
    n, whole_n = grid.n[mine, rows.row], grid.n[theirs, rows.row]
    smaller = np.where(pair, np.fmin(n, whole_n), np.fmin(n, whole_n - n))
    yield from rows.tell(
        own & (rows.sheet.number("n") != smaller), "a number of respondents that its levels do not give"
    )
    if (known & pair).any():
        yield from _check_smaller(grid, rows, known & pair, mine, theirs)
    both = ~((grid.bound[mine, rows.row] == 0) & (grid.bound[theirs, rows.row] == 0))
    yield from rows.tell(known & both, "a contrast from the end of the scale")
    yield from _check_rests(grid, rows, known & ~pair, mine, theirs)


def find_sides(rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which contrasts are of two roles, and both groups that each is between: the second is a role, or the whole."""
    pair = rows.sheet.are("kind", ROLE_PAIR)
    return (
        pair,
        rows.at("period", "unit", "role"),
        np.where(pair, rows.at("period", ALL, "other"), rows.at("period", ALL, ALL)),
    )


def _check_rests(
    grid: Grid, rows: Rows, known: np.ndarray, mine: np.ndarray, whole: np.ndarray
) -> Iterator[Fault]:
    """Group minus rest is N/(N − n) times group minus whole, point by point, where everybody counts alike."""
    if grid.weighted or not known.any():
        return
    columns = grid.columns
    pairs, again = np.unique(
        np.array([np.where(known, at, 0) for at in (mine, whole)]), axis=1, return_inverse=True
    )
    again = again.reshape(-1)
    a, b = pairs
    n, total = (np.nan_to_num(grid.n[at][:, columns.points]) for at in (a, b))
    rest = total - n
    both = grid.points[a] & grid.points[b] & (rest >= grid.threshold)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(both, total / rest, 0.0)
    apart = np.where(both, grid.told[a][:, columns.points] - grid.told[b][:, columns.points], 0.0)
    bounded = both & ((grid.bound[a] != 0) | (grid.bound[b] != 0))[:, columns.points]
    reach = 2 * HALF_UNIT + np.where(bounded, 5.0, 0.0)
    value, slack = (
        np.hstack([x, np.zeros((len(x), len(columns.split_items))), carry_up(columns, both, x)])
        for x in (apart * factor, reach * factor)
    )
    off = ~(np.abs(rows.value - value[again, rows.row]) <= slack[again, rows.row] + HALF_UNIT)
    yield from rows.tell(known & off, "a contrast that its levels do not give")


def check_gaps(gaps: Sheet, grid: Grid) -> Iterator[Fault]:
    """Gaps are the whole's own level minus the mean of others."""
    rows = Rows(gaps, grid, "gap", ["group", "level", "key"])
    if not len(rows):
        return
    at = rows.at("period", ALL, ALL)
    known = rows.known(at)
    own = np.where(grid.bound[at, rows.row] == 0, grid.score[at, rows.row], np.nan)
    off = ~(np.abs(own - rows.sheet.number("benchmark") - rows.value) <= 3 * HALF_UNIT)
    yield from rows.tell(~known | off, "a gap that its level and benchmark do not give")


def check_standardised(standardised: Sheet) -> Iterator[Fault]:
    """The mix has the effect that is between both changes, and is said to be needed where that is neither small nor chance.

    What the changes themselves follow from is checked in `derived`.
    """
    shown = standardised.shown
    if not len(shown):
        return
    names = ("mix_effect", "mix_low", "mix_high", "plain", "change", "mix_shift", "kept_share", "needed")
    effect, low, high, plain, change, shift, kept, needed = map(shown.number, names)
    size = np.abs(effect)
    wide = size - (high - low) / 2
    sure = (size >= MIX_EFFECT_MIN_PP + HALF_UNIT) & (wide > 2 * HALF_UNIT)
    chance = (size < MIX_EFFECT_MIN_PP - HALF_UNIT) | (wide < -2 * HALF_UNIT)
    shares = np.stack([shift, kept])
    off = np.abs(effect - (plain - change)) > 3 * HALF_UNIT + 1e-6
    for wrong, what in (
        (off, "an effect of the mix that is not between both changes"),
        (
            np.abs(low + high - 2 * effect) > 4 * HALF_UNIT,
            "limits that do not belong to the effect of the mix",
        ),
        ((sure & (needed != 1)) | (chance & (needed == 1)), "says otherwise of its need than the effect"),
        (np.any((shares < 0) | (shares > 1), axis=0), "a share beyond 0 and 1"),
    ):
        for period, (level, key) in shown.told(wrong, ("level", "key")):
            yield period, f"standardised change {level} {key}", what

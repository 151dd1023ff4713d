"""Audit of what is built on published levels: trends, contrasts, standardised changes, other weightings, small units.

None of these adds a row to what the row-space check sees. Each is a weighted sum of published levels, with
weights that follow from numbers of people, years and the model, all of which the reader is taken to know:

- a contrast with the rest is θ_u − (W θ − w_u θ_u)/(W − w_u), built on the unit's and the whole's points;
- a contrast of two roles is the difference of their points;
- a trend is Σ c_t θ_t, built on the points of every year used;
- a standardised change is Σ p_r (θ_r2 − θ_r1) over roles whose changes are published;
- another weighting is a function of the published points (the frame's: of published numbers invited too);
- an estimate for a small unit is a function of the units' published scores and their intervals.

Levels above the points are sums of points that both sides have published. A sum of rows in the row space is in
the row space, so nothing follows that did not follow before. That holds only as long as the rows are there,
and that is what is checked here, on the files alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from dimios_core.published.conventions import ALL, TREND_YEARS_MIN
from dimios_core.results.audit.differences import Rows, find_sides, list_sets, list_windows, slope_weights
from dimios_core.results.audit.grid import GROUP, HALF_UNIT, Fault, Grid, shares_of_points
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.organisation.sensitivity import (
    NO_ANSWERS,
    WEIGHTINGS,
    PublishedPoints,
    find_partitions,
    weigh_points,
)
from dimios_core.results.organisation.small_units import estimate_sets
from dimios_core.results.organisation.standardise import KEPT_SHARE_MIN
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.scoring.intervals import FEW_N

#: figure of a small unit -> what rounding may move it by
OF_SMALL_UNITS = {
    **dict.fromkeys(("own", "estimate", "se", "ci_low", "ci_high"), 2 * HALF_UNIT), "weight": 0.01 + 1e-6,
}  # fmt: skip
#: coarsest rounding of a share
SHARE_ROUNDING = 0.025 + 1e-9


def check_derived(
    sheets: Mapping[str, Sheet], periods: list[str], tree: UnitTree, grid: Grid, wide: Grid
) -> Iterator[Fault]:
    """Check an organisation's trends, contrasts, standardised changes, weightings and small units against published levels.

    Parameters
    ----------
    sheets : mapping
        Its tables.
    periods : list of str
        Those in which it took part.
    tree : UnitTree
    grid : Grid
        Its levels.
    wide : Grid
        These, and beside them what follows from levels of periods that were asked with earlier versions of the model.

    Yields
    ------
    (period, key, what)
    """
    yield from _check_contrasts(sheets["contrasts"], grid)
    for period, about, what in _check_trends(sheets["trends"], wide, periods):
        yield period, f"trend {about}", what
    yield from _check_standardised(sheets["standardised"], sheets["changes"])
    yield from _check_sensitivity(sheets["sensitivity"].shown, sheets["response_rates"].shown, tree, grid)
    yield from _check_small_units(sheets["small_units"].shown, tree, grid)


def _check_contrasts(contrasts: Sheet, grid: Grid) -> Iterator[Fault]:
    rows = Rows(contrasts, grid, "difference", ["kind", "unit", "role", "other", "level", "key"])
    if not len(rows):
        return
    pair, mine, theirs = find_sides(rows)
    both = rows.known(mine, theirs)
    both &= grid.shown[mine, rows.row] & grid.shown[theirs, rows.row]
    yield from rows.tell(~both, "a contrast without both its levels")
    (first, second, of_roles), again = list_sets([mine, theirs, pair])
    n = grid.n[:, grid.columns.points]
    common = grid.points[first] & grid.points[second]
    common &= (of_roles == 1)[:, None] | (n[second] - n[first] >= grid.threshold)
    suffices = levels_of(grid.columns, common)[again, rows.row]
    yield from rows.tell(both & ~suffices, "a contrast on points that are not published")
    plain = grid.score[mine, rows.row] - grid.score[theirs, rows.row]
    point = rows.row < grid.columns.points_n
    off = both & suffices & point & ~_follow(rows.value, plain, pair)
    yield from rows.tell(off, "a contrast that its levels do not give")
    few = (rows.sheet.number("n") < FEW_N) & ~np.isnan(rows.sheet.number("se"))
    yield from rows.tell(few, "a standard error behind few answers")


def levels_of(columns: Columns, usable: np.ndarray) -> np.ndarray:
    """Tell which levels points suffice for, bool array (groups, level rows); `usable` is one (groups, points). Items are none."""
    items = np.zeros((len(usable), columns.columns_n - columns.points_n), bool)
    return np.hstack([usable, items, shares_of_points(columns, usable)[1]])


def _follow(difference: np.ndarray, plain: np.ndarray, pair: np.ndarray) -> np.ndarray:
    """Tell whether points' contrasts agree with the group's published point minus the other's, or the whole's.

    The whole lies between the group and its rest, whatever the weights: the difference from the rest has the
    sign of that from the whole, and is no smaller.
    """
    apart = 3 * HALF_UNIT
    size, least = np.abs(difference), np.abs(plain)
    same_side = (difference * plain >= 0) | (np.minimum(size, least) <= apart)
    return np.where(pair, np.abs(difference - plain) <= apart, same_side & (size >= least - apart))


def _check_trends(trends: Sheet, grid: Grid, periods: list[str]) -> Iterator[Fault]:
    rows = Rows(trends, grid, "slope", ["unit", "role", "level", "key"])
    for mine, used, sides in list_windows(rows, periods):
        has = mine & (rows.sheet.number("periods_n") == len(used)) & rows.known(*sides)
        has &= len(used) >= TREND_YEARS_MIN
        has &= np.logical_and.reduce([grid.shown[at, rows.row] for at in sides])
        yield from rows.tell(mine & ~has, "a trend without all its levels")
        if not has.any():
            continue
        groups, again = list_sets([at[has] for at in sides])
        row, c = rows.row[has], slope_weights(used)
        suffices, off = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        suffices[has] = levels_of(grid.columns, grid.points[groups].all(axis=0))[again, row]
        yield from rows.tell(has & ~suffices, "a trend on points that are not published")
        plain = c @ grid.score[groups[:, again], row]
        off[has] = (row < grid.columns.points_n) & (
            np.abs(rows.value[has] - plain) > HALF_UNIT * (1 + np.abs(c).sum())
        )
        yield from rows.tell(suffices & off, "a trend that its levels do not give")


def _check_standardised(standardised: Sheet, changes: Sheet) -> Iterator[Fault]:
    if not len(standardised.shown):
        return
    names = ("period", "period_from", "level", "key")
    overall: dict[tuple, tuple[list[float], list[float]]] = {}
    of_all_units = changes.shown.take(changes.shown.are("unit", ALL))
    for *key, role, change in of_all_units.rows(*names, "role", "change"):
        overall.setdefault(tuple(key), ([], []))[role == ALL].append(change)
    for *key, kept_share, change, plain in standardised.shown.rows(*names, "kept_share", "change", "plain"):
        where = key[0], f"standardised change {key[2]} {key[3]}"
        roles, whole = overall.get(tuple(key), ((), ()))
        if not whole or not roles or kept_share < KEPT_SHARE_MIN - SHARE_ROUNDING:
            yield *where, "a standardised change without its levels"
        elif not min(roles) - 2 * HALF_UNIT <= change <= max(roles) + 2 * HALF_UNIT:
            yield *where, "a standardised change that published roles do not give"
        elif abs(plain - whole[0]) > HALF_UNIT:
            yield *where, "a plain change that is not the published one"


def _check_sensitivity(given: Sheet, rates: Sheet, tree: UnitTree, grid: Grid) -> Iterator[Fault]:
    asked: dict[str, list[tuple]] = {}
    for period, *row in rates.rows(*GROUP, "invited"):
        asked.setdefault(period, []).append(tuple(row))
    told: dict[str, np.ndarray] = {}
    for period, key, level, weighting, score in given.rows("period", "key", "level", "weighting", "score"):
        if period not in told:
            told[period] = _weigh_otherwise(grid, period, asked.get(period, []), tree)
        at = grid.level_row.get((level, key), -1) - grid.columns.columns_n
        if at < 0 or not abs(score - told[period][at, WEIGHTINGS.index(weighting)]) <= 2 * HALF_UNIT:
            yield period, f"{weighting} {level} {key}", "a weighting that published figures do not give"


def _weigh_otherwise(grid: Grid, period: str, asked: list[tuple], tree: UnitTree) -> np.ndarray:
    """Levels above the points of the whole under each weighting, float array (level rows above, weightings); NaN where not published."""
    columns, whole = grid.columns, grid.number.get((period, ALL, ALL))
    above = slice(columns.columns_n, None)
    if whole is None:
        return np.full((len(columns.level_rows) - columns.columns_n, len(WEIGHTINGS)), np.nan)
    told = ~grid.status.are([None])[:, columns.points]
    at = [i for i in grid.of_period[period] if told[i].any() or i == whole]
    score = np.where(grid.points[at], grid.score[at][:, columns.points], np.nan)
    empty = grid.status.are([NO_ANSWERS])[at][:, columns.points]
    points = PublishedPoints({grid.groups[g][1:]: i for i, g in enumerate(at)}, score, empty)
    others, _ = weigh_points(points, find_partitions(points, asked, tree), columns)
    weighed = np.column_stack([grid.score[whole, above], others])
    return np.where(grid.shown[whole, above, None], weighed, np.nan)


def _check_small_units(given: Sheet, tree: UnitTree, grid: Grid) -> Iterator[Fault]:
    if not len(given):
        return
    leaves = tree.leaves_of(u for _, u, _ in grid.groups)
    of_leaf = [
        [g for g in groups if grid.groups[g][1] in leaves and grid.groups[g][2] == ALL]
        for groups in grid.of_period.values()
    ]
    place = {g: (p, j) for p, groups in enumerate(of_leaf) for j, g in enumerate(groups)}
    used = grid.shown & (grid.bound == 0)
    used[:, grid.columns.items] = False

    def laid(figure: np.ndarray) -> np.ndarray:
        """By period and level, then by unit."""
        out = np.full((len(of_leaf), figure.shape[1], max(map(len, of_leaf))), np.nan)
        for p, groups in enumerate(of_leaf):
            out[p, :, : len(groups)] = np.where(used[groups], figure[groups], np.nan).T
        return out.reshape(-1, out.shape[2])

    found = estimate_sets(*map(laid, (grid.score, grid.ci_low, grid.ci_high, grid.df, grid.n)))
    rows = Rows(given, grid, "own", ["unit", "level", "key"])
    group = rows.at("period", "unit", ALL)
    p, j = np.array([place.get(g, (0, 0)) for g in group.tolist()]).T
    at = p * len(grid.columns.level_rows) + rows.row, j
    off = ~np.isin(group, [*place]) | (rows.row < 0) | ~found.wide[at]
    for name, reach in OF_SMALL_UNITS.items():
        off |= ~(np.abs(given.number(name) - getattr(found, name)[at]) <= reach)
    for period, about, what in rows.tell(off, "an estimate that published figures do not give"):
        yield period, f"small unit {about}", what

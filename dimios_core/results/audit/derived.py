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

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL
from dimios_core.published.store import PublishedResults
from dimios_core.results.audit.grid import HALF_UNIT, PUBLISHED, Fault
from dimios_core.results.organisation.contrasts import ROLE_PAIR
from dimios_core.results.organisation.sensitivity import weigh_otherwise
from dimios_core.results.organisation.small_units import estimate_small_units
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


def check_derived(published: PublishedResults, tree: UnitTree, wide: pd.DataFrame) -> Iterator[Fault]:
    """Check an organisation's trends, contrasts, standardised changes, weightings and small units against published levels.

    Parameters
    ----------
    published : PublishedResults
    tree : UnitTree
    wide : DataFrame
        Its levels, and beside them what follows from levels of periods that were asked with earlier versions of the model.

    Yields
    ------
    (period, key, what)
    """
    columns = Columns(published.instrument)
    levels = _Levels(published.scores, columns)
    yield from _check_contrasts(published.contrasts, levels, int(published.profile["threshold"]))
    beside = levels if wide is published.scores else _Levels(wide, columns)
    yield from _check_trends(published.trends, beside, published.profile["periods"])
    yield from _check_standardised(published.standardised, published.changes)
    yield from _check_sensitivity(published, tree, columns)
    yield from _check_small_units(published, tree)


class _Levels:
    """Published levels of an organisation, to look up."""

    def __init__(self, scores: pd.DataFrame, columns: Columns) -> None:
        self.columns = columns
        shown = scores[scores["status"] == PUBLISHED]
        names = ("period", "unit", "role", "level", "key")
        keys = zip(*(shown[n].astype(str) for n in names), strict=True)
        figures = zip(shown["score"].astype(float), shown["n"].astype(int), strict=True)
        self.row = dict(zip(keys, figures, strict=True))
        self._complete: dict[tuple[bool, ...], set[tuple[str, str]]] = {}

    def has(self, period: str, unit: str, role: str, level: str, key: str) -> bool:
        """Tell whether a level is published."""
        return (period, unit, role, level, key) in self.row

    def points(self, period: str, unit: str, role: str) -> dict[str, tuple[float, int]]:
        """Score and n of the published points of a group."""
        found = {k: self.row.get((period, unit, role, "point", k)) for k in self.columns.point_ids}
        return {k: row for k, row in found.items() if row is not None}

    def complete(self, points: set[str]) -> set[tuple[str, str]]:
        """Return the levels that the points suffice for."""
        key = tuple(k in points for k in self.columns.point_ids)
        if key not in self._complete:
            c = self.columns
            category = c.point_weights_within(np.array([key]))[1][0]
            dimension = [bool(category[w > 0].all()) for w in c.category_weight.T]
            done = [*category, *dimension, *[all(dimension)] * c.composites_n]
            self._complete[key] = {("point", k) for k in points} | {
                row for row, ok in zip(c.level_rows[c.columns_n :], done, strict=True) if ok
            }
        return self._complete[key]


def _shown_by(table: pd.DataFrame, group: list[str], rest: list[str]) -> dict[tuple, list[tuple]]:
    """Published rows as plain values, gathered by `group`: small tables are read row by row below."""
    shown = table[(table["status"] == PUBLISHED).to_numpy()]
    gathered: dict[tuple, list[tuple]] = {}
    plain = [shown[n].astype(object).tolist() for n in (*group, *rest)]
    for row in zip(*plain, strict=True):
        gathered.setdefault(row[: len(group)], []).append(row[len(group) :])
    return gathered


def _check_contrasts(contrasts: pd.DataFrame, levels: _Levels, threshold: int) -> Iterator[Fault]:
    groups = ["period", "kind", "unit", "role", "other"]
    shown = _shown_by(contrasts, groups, ["level", "key", "difference", "se", "n"])
    for (period, kind, unit, role, other), rows in shown.items():
        second = other if kind == ROLE_PAIR else ALL
        mine, theirs = levels.points(period, unit, role), levels.points(period, ALL, second)
        common = set(mine) & set(theirs)
        if kind != ROLE_PAIR:
            common = {k for k in common if theirs[k][1] - mine[k][1] >= threshold}
        suffices = levels.complete(common)
        for level, key, difference, se, n in rows:
            where = period, f"{kind} ({unit}, {role}{f', {other}' if other else ''}) {level} {key}"
            both = levels.has(period, unit, role, level, key)
            if not both or not levels.has(period, ALL, second, level, key):
                yield *where, "a contrast without both its levels"
            elif (level, key) not in suffices:
                yield *where, "a contrast on points that are not published"
            elif level == "point" and not _follows(difference, mine[key][0] - theirs[key][0], kind):
                yield *where, "a contrast that its levels do not give"
            if n < FEW_N and not np.isnan(se):
                yield *where, "a standard error behind few answers"


def _follows(difference: float, plain: float, kind: str) -> bool:
    """Tell whether a point's contrast agrees with the group's published point minus the other's, or the whole's.

    The whole lies between the group and its rest, whatever the weights: the difference from the rest has the
    sign of that from the whole, and is no smaller.
    """
    apart = 3 * HALF_UNIT
    if kind == ROLE_PAIR:
        return abs(difference - plain) <= apart
    same_side = difference * plain >= 0 or min(abs(difference), abs(plain)) <= apart
    return same_side and abs(difference) >= abs(plain) - apart


def _check_trends(trends: pd.DataFrame, levels: _Levels, periods: list[str]) -> Iterator[Fault]:
    last = {p[:4]: p for p in sorted(periods)}
    shown = _shown_by(
        trends, ["period", "period_from", "unit", "role"], ["level", "key", "periods_n", "slope"]
    )
    for (period, first, unit, role), rows in shown.items():
        used = [p for p in last.values() if first <= p <= period]
        t = np.array([float(p[:4]) for p in used])
        c = ((t - t.mean()) / ((t - t.mean()) ** 2).sum()).tolist()
        reach = HALF_UNIT * (1 + sum(abs(x) for x in c))
        points = [levels.points(p, unit, role) for p in used]
        suffices = levels.complete(set.intersection(*(set(p) for p in points)))
        for level, key, periods_n, slope in rows:
            where = period, f"trend ({unit}, {role}) {level} {key}"
            if periods_n != len(used) or not all(levels.has(p, unit, role, level, key) for p in used):
                yield *where, "a trend without all its levels"
            elif (level, key) not in suffices:
                yield *where, "a trend on points that are not published"
            elif level == "point":
                plain = sum(x * p[key][0] for x, p in zip(c, points, strict=True))
                if abs(slope - plain) > reach:
                    yield *where, "a trend that its levels do not give"


def _check_standardised(standardised: pd.DataFrame, changes: pd.DataFrame) -> Iterator[Fault]:
    names = ["period", "period_from", "level", "key"]
    shown = _shown_by(standardised, names, ["kept_share", "change", "plain"])
    if not shown:
        return
    overall = _shown_by(changes[(changes["unit"] == ALL).to_numpy()], names, ["role", "change"])
    for key, rows in shown.items():
        where = key[0], f"standardised change {key[2]} {key[3]}"
        roles = [change for role, change in overall.get(key, []) if role != ALL]
        whole = [change for role, change in overall.get(key, []) if role == ALL]
        for kept_share, change, plain in rows:
            if not whole or not roles or kept_share < KEPT_SHARE_MIN - SHARE_ROUNDING:
                yield *where, "a standardised change without its levels"
            elif not min(roles) - 2 * HALF_UNIT <= change <= max(roles) + 2 * HALF_UNIT:
                yield *where, "a standardised change that published roles do not give"
            elif abs(plain - whole[0]) > HALF_UNIT:
                yield *where, "a plain change that is not the published one"


def _check_sensitivity(published: PublishedResults, tree: UnitTree, columns: Columns) -> Iterator[Fault]:
    given = published.sensitivity
    if given.empty:
        return
    names = ["period", "level", "key", "weighting"]
    again = weigh_otherwise(published.scores, published.response_rates, tree, columns)
    known = {key: rows[0][0] for key, rows in _shown_by(again, names, ["score"]).items()}
    for key, rows in _shown_by(given, names, ["score"]).items():
        if not abs(rows[0][0] - known.get(key, np.nan)) <= 2 * HALF_UNIT:
            what = "a weighting that published figures do not give"
            yield key[0], f"{key[3]} {key[1]} {key[2]}", what


def _check_small_units(published: PublishedResults, tree: UnitTree) -> Iterator[Fault]:
    given = published.small_units
    if given.empty:
        return
    names = ["period", "unit", "level", "key"]
    again = _shown_by(estimate_small_units(published.scores, tree), names, list(OF_SMALL_UNITS))
    nothing, reach = [np.nan] * len(OF_SMALL_UNITS), np.array(list(OF_SMALL_UNITS.values()))
    for key, (figures, *_) in _shown_by(given, names, list(OF_SMALL_UNITS)).items():
        expected = again[key][0] if key in again else nothing
        if not (np.abs(np.array(figures, float) - np.array(expected, float)) <= reach).all():
            yield key[0], f"small unit {' '.join(key[1:])}", "an estimate that published figures do not give"

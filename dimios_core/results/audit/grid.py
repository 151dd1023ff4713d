"""Published levels of an organisation as matrices, group by level row, for checks of all of them at once.

The audit works out again what follows from what is published. It has rules of its own for that, so that whoever makes
figures does not vouch for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dimios_core.published.status import Status
from dimios_core.results.audit.sheets import Sheet, Texts
from dimios_core.results.scoring.columns import Columns

PUBLISHED = Status.PUBLISHED.label
#: half a unit of what is published with one decimal, and a little for sums of floats
HALF_UNIT = 0.05 + 1e-6
#: scores of a room this wide at an end of the scale are told as a bound, percentage points (docs/method.md, 5)
ROOM_PP = 5.0
GROUP = ("period", "unit", "role")
FIGURES = ("score", "ci_low", "ci_high", "se", "df", "n", "n_points", "dont_know_share")

#: period, what it is about, what is wrong
Fault = tuple[str, str, str]


@dataclass(frozen=True)
class Grid:
    """Levels of all groups of an organisation; arrays (groups, level rows), NaN where nothing is published.

    Attributes
    ----------
    columns : Columns
    groups : list of (period, unit, role)
    status : Texts
        Codes (groups, level rows); None where the row is missing.
    score, ci_low, ci_high, se, df, n, n_points, dont_know_share : float arrays
        As published.
    bound : int array
        −1 "at most", 1 "at least", else 0.
    threshold : int
    weighted : bool
        Respondents have different weights.
    """

    columns: Columns
    groups: list[tuple[str, str, str]]
    status: Texts
    bound: np.ndarray
    figures: dict[str, np.ndarray]
    threshold: int
    weighted: bool

    @classmethod
    def of(cls, scores: Sheet, columns: Columns, threshold: int, weighted: bool) -> Grid:
        """Lay out a table of scores; rows of levels that there are not are left out, of rows that stand twice the last counts."""
        level = {row: i for i, row in enumerate(columns.level_rows)}
        named, first_named = scores.group("level", "key")
        at = np.array([level.get(r, -1) for r in scores.take(first_named).rows("level", "key")], int)[named]
        group, first = scores.group(*GROUP)
        known, shape = at >= 0, (len(first), len(level))
        cells = (group * len(level) + at)[known]

        def laid(values: np.ndarray, empty: float, dtype: type) -> np.ndarray:
            out: np.ndarray = np.full(shape, empty, dtype)
            out.ravel()[cells] = values[known]
            return out

        status = scores.texts("status")
        return cls(
            columns,
            list(scores.take(first).rows(*GROUP)),
            Texts(laid(status.codes, len(status.words) - 1, int), status.words),
            laid(scores.are("bound", "at_least").astype(int) - scores.are("bound", "at_most"), 0, int),
            {n: laid(scores.number(n), np.nan, float) for n in FIGURES},
            threshold,
            weighted,
        )

    def __getattr__(self, name: str) -> np.ndarray:
        """Return one of the figures by its name."""
        if name in FIGURES:
            return self.figures[name]
        raise AttributeError(name)

    def find(self, table: Sheet, period: str, unit: str, role: str) -> np.ndarray:
        """Return the groups that rows of a table are about, int array (rows,); −1 where there is no such group.

        Each of `period`, `unit` and `role` is the name of a column, or what holds for all rows.
        """
        number, first = table.group(*(n for n in (period, unit, role) if n in table))
        one = table.take(first)
        named = [one.text(n).tolist() if n in table else [n] * len(first) for n in (period, unit, role)]
        return np.array([self.number.get(g, -1) for g in zip(*named, strict=True)], int)[number]

    @cached_property
    def number(self) -> dict[tuple[str, str, str], int]:
        """Group -> its row."""
        return {group: i for i, group in enumerate(self.groups)}

    @cached_property
    def of_period(self) -> dict[str, list[int]]:
        """Period -> rows of its groups."""
        found: dict[str, list[int]] = {}
        for i, (period, _, _) in enumerate(self.groups):
            found.setdefault(period, []).append(i)
        return found

    @cached_property
    def level_row(self) -> dict[tuple[str, str], int]:
        """(level, key) -> its column."""
        return {row: i for i, row in enumerate(self.columns.level_rows)}

    @cached_property
    def shown(self) -> np.ndarray:
        """Whether a row is published."""
        return self.status.are([PUBLISHED])

    @cached_property
    def points(self) -> np.ndarray:
        """Whether a point is published, bool array (groups, points)."""
        return self.shown[:, self.columns.points]

    @cached_property
    def room(self) -> np.ndarray:
        """How near an end a score is told as a bound, percentage points."""
        if self.weighted:
            return np.full(self.score.shape, ROOM_PP)
        return np.fmin(ROOM_PP, 100 * (self.threshold - 1) / np.fmax(self.n, 1))

    @cached_property
    def told(self) -> np.ndarray:
        """Scores as levels above and differences rest on them: the middle of the room where only a bound is told."""
        low, high = self.bound < 0, self.bound > 0
        return np.where(low, self.room / 2, np.where(high, 100 - self.room / 2, self.score))

    @cached_property
    def loose(self) -> np.ndarray:
        """What `told` may be off by: an organisation may have weights in one period and none in another."""
        return np.where((self.bound != 0) & self.weighted, ROOM_PP / 2, 0.0)

    def where(self, group: int, row: int) -> tuple[str, str]:
        """Name a row: period, and level, key and group."""
        period, unit, role = self.groups[group]
        level, key = self.columns.level_rows[row]
        return period, f"{level} {key} ({unit}, {role})"

    def tell(self, wrong: np.ndarray, what: str) -> Iterator[Fault]:
        """Yield a fault for every row that is true in `wrong` (groups, level rows)."""
        for group, row in zip(*np.nonzero(wrong), strict=True):
            yield *self.where(int(group), int(row)), what


def shares_of_points(columns: Columns, usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how levels rest on points, and which of them the points suffice for.

    Parameters
    ----------
    usable : bool array (groups, points)

    Returns
    -------
    shares : float array (groups, points, level rows above the points and items)
        a_k; sum to 1 where the level has points in every category.
    complete : bool array (groups, level rows above)
    """
    weights, category = columns.point_weights_within(usable)
    shares = weights[:, :, None] * columns.in_category
    dimension = shares @ columns.category_weight
    shares = np.concatenate([shares, dimension, dimension @ columns.dimension_weight], axis=2)
    within = columns.category_weight > 0
    of_dimension = np.array([category[:, w].all(axis=1) for w in within.T]).T
    top = np.repeat(of_dimension.all(axis=1, keepdims=True), columns.composites_n, axis=1)
    return shares, np.hstack([category, of_dimension, top])


def carry_up(columns: Columns, usable: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return Σ a_k x_k over usable points for every level above them; NaN where the points do not suffice."""
    shares, complete = shares_of_points(columns, usable)
    total = np.einsum("gp,gpl->gl", np.where(usable, points, 0.0), shares)
    return np.where(complete, total, np.nan)

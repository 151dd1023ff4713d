"""Scores and their variance for many groups at once, by linearisation (method 2 and 3).

Every score is θ = Σ a_k θ_k over a group's point scores θ_k = Σ w y r / Σ w r. A respondent's influence is
z_i = Σ_k a_k w_i r_ik (y_ik − θ_k) / Σ_j w_j r_jk, and the variance of θ is
Σ_h n_h/(n_h − 1) Σ_i (z_hi − z̄_h)² over strata h (Särndal, Swensson & Wretman 1992, ch. 5). The same
figures as R `survey`'s `svydesign` + `svymean` on the group's rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.matrix import Respondents
from dimios_core.results.scoring.shared_spread import FEW_POINTS_N, share_spread


@dataclass(frozen=True)
class Members:
    """Which respondents belong to which group: index pairs, sorted by group."""

    group: np.ndarray
    respondent: np.ndarray
    groups_n: int

    def take(self, groups: np.ndarray) -> Members:
        """Return the members of some groups, renumbered 0, 1, … in the order given (repeats allowed)."""
        start = np.searchsorted(self.group, np.arange(self.groups_n + 1))
        size = (start[1:] - start[:-1])[groups]
        offset = np.repeat(start[:-1][groups] - np.r_[0, np.cumsum(size)[:-1]], size)
        return Members(
            np.repeat(np.arange(len(groups)), size),
            self.respondent[np.arange(size.sum()) + offset],
            len(groups),
        )

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum member values (members, …) by group: shape (groups, …)."""
        n = len(self.group)
        by_group = sparse.csr_matrix((np.ones(n), (self.group, np.arange(n))), shape=(self.groups_n, n))
        return by_group @ values


@dataclass(frozen=True)
class Scores:
    """Scores of groups, one row a group and one column a level row (see `Columns.level_rows`).

    Attributes
    ----------
    score_pct, variance, floor : float arrays (groups, level rows)
        θ in percent; its variance; the rounding floor of its standard error. NaN where there is none:
        no answers, an incomplete category, or (variance) a stratum of one.
    n : int array (groups, level rows)
        Respondents with at least one answer among θ's points.
    df : int array (groups, level rows)
        n − number of strata.
    units_n : float array (groups, level rows)
        Σ r_k (answer categories − 1): how far from 0 and 100 a proportion is kept.
    points_n : int array (groups, level rows)
        Points that entered.
    influence : float array (members, level rows)
        z of each member, in the order of the members.
    in_use : bool array (members, level rows)
        Member has an answer among θ's points.
    shared : bool array (groups, level rows)
        The variance is that of `shared_spread`.
    """

    score_pct: np.ndarray
    variance: np.ndarray
    floor: np.ndarray
    n: np.ndarray
    df: np.ndarray
    units_n: np.ndarray
    points_n: np.ndarray
    influence: np.ndarray
    in_use: np.ndarray
    shared: np.ndarray

    @property
    def se(self) -> np.ndarray:
        """Standard error √V in percentage points, not floored."""
        return np.sqrt(self.variance)


def score_groups(respondents: Respondents, members: Members, usable: np.ndarray, columns: Columns) -> Scores:
    """Score every group on every level row, with variance.

    Parameters
    ----------
    respondents : Respondents
    members : Members
    usable : bool array (groups, columns)
        Columns that may enter categories and above; the score of a column itself is computed anyway.
    columns : Columns

    Returns
    -------
    Scores
    """
    r = respondents.answered[members.respondent]
    w = respondents.weight[members.respondent][:, None] * r
    y = np.where(r, respondents.score_pct[members.respondent], 0.0)
    total_weight = members.sums(w)
    up = _Upwards(columns, (usable & (total_weight > 0))[:, : columns.points_n])
    theta = _divide(members.sums(w * y), total_weight)
    u = w * (y - np.nan_to_num(theta)[members.group]) * _divide(1.0, total_weight, fill=0.0)[members.group]
    answers = members.sums(r.astype(float))

    z = up.carry(u, members.group)
    in_use = up.reach(r, members.group)
    n = members.sums(in_use.astype(float)).astype(int)
    variance, strata_n = _variance(z, in_use, respondents, members)
    floor = np.sqrt(up.carry_squares(_divide(columns.step_pct**2 / 12, answers)))
    score = up.carry(np.nan_to_num(theta), np.arange(members.groups_n))
    points_n = up.count(np.ones_like(answers), only_points=True).astype(int)
    weight = respondents.weight[members.respondent][:, None] * in_use
    effective_n = _divide(members.sums(weight) ** 2, members.sums(weight**2))
    variance, shared = share_spread(
        variance, score, n, effective_n, _spread_of(respondents, members, columns, points_n)
    )
    absent = ~up.complete(n)
    absent[:, : columns.columns_n] |= ~(total_weight > 0)
    return Scores(
        score_pct=np.where(absent, np.nan, score),
        variance=np.where(absent, np.nan, variance),
        floor=np.where(absent, np.nan, floor),
        n=n,
        df=n - strata_n,
        units_n=up.count(answers * (100 / columns.step_pct)),
        points_n=points_n,
        influence=z,
        in_use=in_use,
        shared=shared,
    )


def _spread_of(
    respondents: Respondents, members: Members, columns: Columns, points_n: np.ndarray
) -> np.ndarray:
    """φ of every group and level row: that of its members' organisation and period; NaN where many points enter."""
    spread = np.full((members.groups_n, respondents.spread.shape[1]), np.nan)
    spread[members.group] = respondents.spread[members.respondent]
    above_n = points_n.shape[1] - columns.columns_n
    rows = np.repeat(spread, [columns.points_n, columns.columns_n - columns.points_n, above_n], axis=1)
    many = points_n > FEW_POINTS_N
    many[:, : columns.columns_n] = False
    return np.where(many, np.nan, rows)


class _Upwards:
    """Carries values of columns up to categories, dimensions and maturity, with each group's weights."""

    def __init__(self, columns: Columns, usable: np.ndarray) -> None:
        self.columns = columns
        self.weights, self.category_complete = columns.point_weights_within(usable)
        self.entered = self.weights > 0
        self.above = (columns.category_weight > 0).astype(float)

    def _stack(
        self, own: np.ndarray, category: np.ndarray, combine_c: np.ndarray, combine_d: np.ndarray
    ) -> np.ndarray:
        dimension = category @ combine_c
        return np.hstack([own, category, dimension, dimension @ combine_d])

    def carry(self, own: np.ndarray, group: np.ndarray) -> np.ndarray:
        """Σ a_k x_k for every level row; `own` is (rows, columns), `group` the group of each row."""
        c = self.columns
        category = (own[:, : c.points_n] * self.weights[group]) @ c.in_category
        return self._stack(own, category, c.category_weight, c.dimension_weight)

    def carry_squares(self, own: np.ndarray) -> np.ndarray:
        """Σ a_k² x_k for every level row; `own` is (groups, columns), NaN where there are no answers."""
        c = self.columns
        category = (np.nan_to_num(own[:, : c.points_n]) * self.weights**2) @ c.in_category
        return self._stack(own, category, c.category_weight**2, c.dimension_weight**2)

    def count(self, own: np.ndarray, only_points: bool = False) -> np.ndarray:
        """Σ x_k over the points that entered each level row; `own` is (groups, columns)."""
        c = self.columns
        category = (own[:, : c.points_n] * self.entered) @ c.in_category
        return self._stack(own, category, self.above, np.ones_like(c.dimension_weight))

    def reach(self, r: np.ndarray, group: np.ndarray) -> np.ndarray:
        """Tell whether a member has an answer among the points of each level row."""
        c = self.columns
        category = (r[:, : c.points_n] & self.entered[group]) @ c.in_category
        return self._stack(r.astype(float), category, self.above, np.ones_like(c.dimension_weight)) > 0

    def complete(self, n: np.ndarray) -> np.ndarray:
        """Tell which level rows have a score: answers, two thirds of a category, all categories above."""
        c = self.columns
        category = self.category_complete
        dimension = (category @ self.above) == self.above.sum(axis=0)
        own = np.ones((len(category), c.columns_n), bool)
        return np.hstack([own, category, dimension, dimension.all(axis=1, keepdims=True)]) & (n > 0)


def _variance(
    z: np.ndarray, in_use: np.ndarray, respondents: Respondents, members: Members
) -> tuple[np.ndarray, np.ndarray]:
    """Σ_h n_h/(n_h − 1) Σ (z − z̄_h)² and the number of strata, per group and level row."""
    names, h = np.unique(respondents.stratum[members.respondent].astype(str), return_inverse=True)
    strata = max(len(names), 1)
    key, first, cell = np.unique(members.group * strata + h, return_index=True, return_inverse=True)
    cells = Members(np.sort(cell), np.argsort(cell, kind="stable"), len(key))
    order = cells.respondent
    n = cells.sums(in_use[order].astype(float))
    s1, s2 = cells.sums(z[order]), cells.sums(z[order] ** 2)
    neighbour = respondents.neighbour[members.respondent[first]].astype(str)
    if (neighbour != "").any():
        _merge_lone_strata((n, s1, s2), key, names, neighbour)
    centred = np.maximum(s2 - _divide(s1**2, n, fill=0.0), 0.0)
    one = np.where(n == 1, np.nan, np.where(n > 1, _divide(n, n - 1, fill=0.0) * centred, 0.0))
    by_group = Members(key // strata, np.arange(len(key)), members.groups_n)
    return by_group.sums(one), by_group.sums((n > 0).astype(float)).astype(int)


def centre_within_strata(respondents: Respondents, members: Members, scores: Scores) -> np.ndarray:
    """Return influence less its mean in the member's stratum, for covariances that go with stratified variances.

    Shape (members, level rows); 0 for members not in use. With one stratum the mean is 0 already.
    """
    names, h = np.unique(respondents.stratum[members.respondent].astype(str), return_inverse=True)
    if len(names) < 2:
        return scores.influence
    _, cell = np.unique(members.group * len(names) + h, return_inverse=True)
    order = np.argsort(cell, kind="stable")
    cells = Members(cell[order], order, int(cell.max()) + 1)
    mean = _divide(
        cells.sums(scores.influence[order]), cells.sums(scores.in_use[order].astype(float)), fill=0.0
    )
    return np.where(scores.in_use, scores.influence - mean[cell], 0.0)


def _merge_lone_strata(
    sums: tuple[np.ndarray, np.ndarray, np.ndarray], key: np.ndarray, names: np.ndarray, neighbour: np.ndarray
) -> None:
    """Add a stratum of one to the neighbour that the mapping names, row by row, in place.

    Whether a stratum holds only one respondent differs between level rows. Strata are taken in the order of
    their names, so two that name each other become one.
    """
    n = sums[0]
    wanted = np.minimum(np.searchsorted(names, neighbour), len(names) - 1)
    beside_key = key // len(names) * len(names) + wanted
    beside = np.minimum(np.searchsorted(key, beside_key), len(key) - 1)
    named = (names[wanted] == neighbour) & (key[beside] == beside_key) & (beside != np.arange(len(key)))
    for h in range(len(names)):
        here = np.flatnonzero(named & (key % len(names) == h))
        lone = (n[here] == 1) & (n[beside[here]] > 0)
        for values in sums:
            values[beside[here]] += np.where(lone, values[here], 0.0)
            values[here] = np.where(lone, 0.0, values[here])


def _divide(a: np.ndarray | float, b: np.ndarray, fill: float = np.nan) -> np.ndarray:
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    return np.divide(a, b, out=np.full(b.shape, fill), where=b > 0)

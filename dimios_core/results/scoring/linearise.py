"""Scores and their variance for many groups at once, by linearisation (method 2 and 3).

Every score is θ = Σ a_k θ_k over a group's point scores θ_k = Σ w y r / Σ w r. A respondent's influence is
z_i = Σ_k a_k w_i r_ik (y_ik − θ_k) / Σ_j w_j r_jk, and the variance of θ is
Σ_h n_h/(n_h − 1) Σ_i (z_hi − z̄_h)² over strata h (Särndal, Swensson & Wretman 1992, ch. 5). The same
figures as R `survey`'s `svydesign` + `svymean` on the group's rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.ends import end_room, find_ends, told_value
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.intervals import effective_answers, level_interval
from dimios_core.results.scoring.matrix import MIDDLE_PCT, Respondents
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N, share_spread
from dimios_core.results.scoring.strata import Cells, design_deviations, divide, stratified_variance
from dimios_core.results.scoring.upwards import Upwards

#: what is left of a sum of squares, as a share of it, where all answered alike
ROUND_OFF_SHARE = 1e-11


@dataclass(frozen=True)
class Scores:
    """Scores of groups, one row a group and one column a level row (see `Columns.level_rows`).

    Attributes
    ----------
    score_pct, variance, floor : float arrays (groups, level rows)
        θ in percent, as told: near an end of the scale the middle of the room there (see `ends`), and levels
        above rest on that; its variance; what its standard error is not told below. NaN where there is none:
        no answers, an incomplete category, or (variance) a stratum of one.
    end : int array (groups, level rows)
        −1 where only "at most" may be told, 1 where only "at least"; above the points where that holds for all
        points that entered. Else 0.
    n : int array (groups, level rows)
        Respondents with at least one answer among θ's points.
    df : int array (groups, level rows)
        n − number of strata.
    effective_n : float array (groups, level rows)
        (Σw)²/Σw² of those respondents: n where all weights are the same.
    points_n : int array (groups, level rows)
        Points that entered.
    shared : bool array (groups, level rows)
        The variance is that of `shared_spread`.
    """

    score_pct: np.ndarray
    variance: np.ndarray
    floor: np.ndarray
    end: np.ndarray
    n: np.ndarray
    df: np.ndarray
    effective_n: np.ndarray
    points_n: np.ndarray
    shared: np.ndarray
    _deviations: _Deviations

    @property
    def se(self) -> np.ndarray:
        """Standard error √V in percentage points, not floored."""
        return np.sqrt(self.variance)

    @property
    def floored_se(self) -> np.ndarray:
        """Standard error for intervals and tests, percentage points: never below the floor."""
        return np.maximum(self.se, self.floor)

    @cached_property
    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """95 % interval in percent, two arrays (groups, level rows); that of a bound is one for all scores of its room.

        It goes from the end of the scale to the limit of a score at the inner edge of the room, so that neither the
        score nor the interval tells where in the room it lies.
        """
        end, score = self.end, self.score_pct
        edge = np.where(end > 0, 2 * score - 100, np.where(end < 0, 2 * score, score))
        sure = effective_answers(score, self.floored_se, self.df, self.effective_n, self.shared)
        low, high = level_interval(edge, sure)
        return np.where((end < 0) & ~np.isnan(low), 0.0, low), np.where(
            (end > 0) & ~np.isnan(high), 100.0, high
        )

    @cached_property
    def influence(self) -> np.ndarray:
        """z of each member, in the order of the members; float array (members, level rows)."""
        return np.hstack([self._deviations.own(), self._deviations.above()])

    def design_deviations(self, rows: Sequence[int] | slice = slice(None)) -> np.ndarray:
        """√(n_h/(n_h − 1))·(z − z̄_h) of each member, for covariances that go with the variances (see `strata`).

        Float array (members, rows), of some level rows or all.
        """
        d = self._deviations
        return design_deviations(d.respondents, d.members, self.influence[:, rows], self.in_use[:, rows])

    @cached_property
    def in_use(self) -> np.ndarray:
        """Member has an answer among θ's points; bool array (members, level rows)."""
        d = self._deviations
        return np.hstack([d.respondents.answered[d.members.respondent], d.above_in_use()])


def score_groups(
    respondents: Respondents,
    members: Members,
    usable: np.ndarray,
    columns: Columns,
    *,
    as_answered: bool = False,
) -> Scores:
    """Score every group on every level row, with variance.

    Parameters
    ----------
    respondents : Respondents
    members : Members
    usable : bool array (groups, columns)
        Columns that may enter categories and above; the score of a column itself is computed anyway.
    columns : Columns
    as_answered : bool
        Scores and variances are those of the answers and their design, whoever may be told apart: not for publishing.

    Returns
    -------
    Scores

    Notes
    -----
    Sums of w, wy, w², w²y and w²y² give the columns' variances without a deviation for every member; levels
    above take each member's deviation, of which there are few columns.
    """
    cells = Cells.of(respondents, members)
    sums = _Sums.over(respondents, cells.members)
    weight, answers = cells.add_up(sums.w), cells.add_up(sums.n)
    up = Upwards(columns, (usable & (weight > 0))[:, : columns.points_n])
    centred = divide(cells.add_up(sums.wy), weight, fill=0.0)
    theta = np.where(weight > 0, centred + MIDDLE_PCT, np.nan)
    told = _Shared.of(respondents, members)
    room = end_room(answers, told.few, told.weighted)
    end = _carry_ends(find_ends(theta, room) * (not as_answered), up)
    bounded = end[:, : columns.columns_n] != 0
    deviations = _Deviations(respondents, members, up, centred, np.where(bounded, 0.0, weight))

    z, in_use = deviations.above(), deviations.above_in_use()
    own = sums.deviations(centred[cells.group], weight[cells.group])
    above = [cells.members.sums(x[cells.order]) for x in (in_use.astype(float), z, z**2)]
    variance, n, strata_n = stratified_variance(
        cells, tuple(np.hstack(pair) for pair in zip((sums.n, *own), above, strict=True))
    )
    own_score = np.nan_to_num(theta if as_answered else told_value(theta, room))
    own_n = divide(weight**2, cells.add_up(sums.ww))
    floor = np.sqrt(up.carry_squares(_floor_squared(own_score, answers, own_n, told.few, columns)))
    score = up.carry(own_score)
    points_n = up.count(np.ones_like(answers)).astype(int)
    effective_n = np.hstack([own_n, _effective_n(deviations, in_use, n)])
    too_few = ((n < OWN_SPREAD_N) | (end != 0)) & (not as_answered)
    variance, shared = share_spread(variance, score, too_few, effective_n, told.spread)
    # points of which only a bound is told have no part in the deviations: their shared variance stands beside them
    beside = up.carry_squares(np.where(bounded, variance[:, : columns.columns_n], 0.0))
    beside[:, : columns.columns_n] = 0.0
    variance = variance + np.where(shared, 0.0, beside)
    absent = ~up.complete(n)
    absent[:, : columns.columns_n] |= ~(weight > 0)
    return Scores(
        score_pct=np.where(absent, np.nan, score),
        variance=np.where(absent, np.nan, variance),
        floor=np.where(absent, np.nan, floor),
        end=np.where(absent, 0, end),
        n=n,
        df=n - strata_n,
        effective_n=effective_n,
        points_n=points_n,
        shared=shared,
        _deviations=deviations,
    )


@dataclass(frozen=True)
class _Sums:
    """Sums of each column over the members of groups that answered it; y is taken from the scale's middle."""

    n: np.ndarray
    w: np.ndarray
    wy: np.ndarray
    ww: np.ndarray
    wwy: np.ndarray
    wwyy: np.ndarray

    @classmethod
    def over(cls, respondents: Respondents, members: Members) -> _Sums:
        r, y = respondents.answered.astype(float), respondents.from_middle
        n = members.sums_of(r)
        if respondents.unweighted:
            wy = members.sums_of(y)
            return cls(n, n, wy, n, wy, members.sums_of(y**2))
        w = respondents.weight[:, None]
        return cls(n, *(members.sums_of(x) for x in (w * r, w * y, w**2 * r, w**2 * y, (w * y) ** 2)))

    def deviations(self, centred: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Σ z and Σ z², z = w(y − θ)/Σw, for θ and Σw of the groups that the sums belong to."""
        first = self.wy - centred * self.w
        second = self.wwyy - 2 * centred * self.wwy + centred**2 * self.ww
        second[second < ROUND_OFF_SHARE * self.wwyy] = 0.0
        inverse = divide(1.0, weight, fill=0.0)
        return first * inverse, second * inverse**2


@dataclass(frozen=True)
class _Deviations:
    """Deviations of every member, from what the groups' scores are; computed where they are asked for.

    Columns whose `weight` is 0 have none: nobody answered, or only a bound is told.
    """

    respondents: Respondents
    members: Members
    up: Upwards
    centred: np.ndarray
    weight: np.ndarray

    def own(self) -> np.ndarray:
        """w(y − θ)/Σw of the columns, shape (members, columns)."""
        m, people = self.members, self.respondents
        y = people.from_middle[m.respondent]
        residual = y - self.centred[m.group] * people.answered[m.respondent]
        return people.weight[m.respondent, None] * residual * divide(1.0, self.weight, fill=0.0)[m.group]

    def above(self) -> np.ndarray:
        """z of categories, dimensions and the composite, shape (members, level rows above).

        z = Σ_k a_k/W_k · (w y − θ_k w r): a product with a matrix of the group.
        """
        m, people, points_n = self.members, self.respondents, self.up.columns.points_n
        share = self.up.shares() * divide(1.0, self.weight[:, :points_n], fill=0.0)[:, :, None]
        factors = np.concatenate([share, -self.centred[:, :points_n, None] * share], axis=1)
        y, r = people.from_middle[:, :points_n], people.answered[:, :points_n]
        values = np.hstack([y, r]) * people.weight[:, None]
        z = np.empty((len(m.group), factors.shape[2]))
        for g, (first, last) in enumerate(pairwise(m.start.tolist())):
            np.matmul(values[m.respondent[first:last]], factors[g], out=z[first:last])
        return z

    def above_in_use(self) -> np.ndarray:
        """Tell whether a member has an answer among the points of each level above the points."""
        return self.up.reach(self.respondents.answered, self.members)


def _effective_n(deviations: _Deviations, in_use: np.ndarray, n: np.ndarray) -> np.ndarray:
    """(Σw)²/Σw² of the levels above the points."""
    people, members = deviations.respondents, deviations.members
    if people.unweighted:
        return n[:, n.shape[1] - in_use.shape[1] :].astype(float)
    weight = people.weight[members.respondent, None] * in_use
    return divide(members.sums(weight) ** 2, members.sums(weight**2))


@dataclass(frozen=True)
class _Shared:
    """What groups share with their organisation and period; a row a group.

    Attributes
    ----------
    few : int array (groups, 1)
    weighted : bool array (groups, 1)
    spread : float array (groups, level rows)
        NaN for groups without members.
    """

    few: np.ndarray
    weighted: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, respondents: Respondents, members: Members) -> _Shared:
        some = np.diff(members.start) > 0
        block = respondents.block[members.respondent[members.start[:-1][some]]]
        held = []
        for values, otherwise in (
            (respondents.few[:, None], 0),
            (respondents.weighted[:, None], False),
            (respondents.spread, np.nan),
        ):
            rows = np.full((members.groups_n, values.shape[1]), otherwise, values.dtype)
            rows[some] = values[block]
            held.append(rows)
        return cls(*held)


def _carry_ends(own: np.ndarray, up: Upwards) -> np.ndarray:
    """Ends of columns, and of the levels all of whose points are at the same end."""
    entered = up.count(np.ones_like(own, float))
    above = (entered > 0) & np.array([up.count((own == side).astype(float)) == entered for side in (-1, 1)])
    above[:, :, : own.shape[1]] = [own == side for side in (-1, 1)]
    return above[1].astype(int) - above[0]


def _floor_squared(
    score_pct: np.ndarray, answers: np.ndarray, effective_n: np.ndarray, few: np.ndarray, columns: Columns
) -> np.ndarray:
    """What a variance of columns is not told below, squared percentage points, shape (groups, columns); NaN without answers.

    Answers are rounded to the scale (step²/12). Where a group has a spread of its own, one of so few as `few`
    respondents that are a step off the others (step²·few/(n − 1)) is not told from none at all. But no answers between 0
    and 100 vary more than m(100 − m)/(n − 1), as yes and no do (m at least half an answer from the ends).
    """
    off = np.where(answers >= OWN_SPREAD_N, divide(few, answers - 1, fill=0.0), 0.0)
    half = divide(50.0, answers)
    inner = np.clip(score_pct, half, 100 - half)
    most = divide(inner * (100 - inner), effective_n - 1, fill=np.inf)
    return np.minimum(divide(columns.step_pct**2 * np.maximum(1 / 12, off), answers), most)

"""The spread that small groups share: no group's own variance is told of few answers (method 3 and 5).

Answers lie on a grid. Whoever knows how many answered, their mean and their variance knows the sum of squares
too, and with few answers little doubt is left about the answers themselves, or about those of a few people
within the group. So what fewer than twenty have answered gets its variance from a generalised variance function of
its organisation and period, Var(y) = φ·m(100 − m) with m its mean, which tells nothing that n and the mean do not
(Wolter 2007, Introduction to Variance Estimation, ch. 7, for variance functions). φ is pooled over the measure
points of the same scale; each level above them has one of its own, and the plane of two dimensions a correlation. Where the whole
organisation has fewer than twenty answers, its own spread would tell as much, and values of this module stand for
it. See docs/decisions/0027 and 0040.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.ends import end_room, find_ends, told_value

#: from this many answers a variance is the group's own
OWN_SPREAD_N = 20
#: φ of a measure point, and the correlation of points with each other, where the organisation's own may not be used
POINT_SPREAD, POINT_CORRELATION = 0.3, 0.3
#: correlation of the two dimensions of the plane, likewise
PLANE_CORRELATION = 0.7


@dataclass(frozen=True)
class Spread:
    """What groups of one organisation and period share.

    Attributes
    ----------
    phi : float array (level rows,)
        φ, 0 or more.
    correlation : float
        Of people's scores in the two dimensions of the plane, −1 to 1; NaN for an instrument without one.
    """

    phi: np.ndarray
    correlation: float


def pool_spread(score_pct: np.ndarray) -> float:
    """Return φ: the variance as a share of m(100 − m), pooled over columns.

    φ = Σ n_k s_k² / Σ n_k m_k (100 − m_k), over columns with twenty answers or more that are not all at an end.

    Parameters
    ----------
    score_pct : float array (respondents, columns)
        Percent, NaN where there is no answer.

    Returns
    -------
    float
        0-1 or a little above; NaN where no column can tell.
    """
    answered = ~np.isnan(score_pct)
    n = answered.sum(axis=0)
    told = n >= OWN_SPREAD_N
    y, r, n = score_pct[:, told], answered[:, told], n[told]
    mean = np.divide(np.where(r, y, 0.0).sum(axis=0), n)
    own = (np.where(r, y - mean, 0.0) ** 2).sum(axis=0) / (n - 1)
    largest = mean * (100 - mean)
    open_ended = largest > 0
    if not open_ended.any():
        return float("nan")
    return float((n * own)[open_ended].sum() / (n * largest)[open_ended].sum())


def usual_spread(columns: Columns) -> np.ndarray:
    """Return φ of each level row where an organisation has too few people for one of its own, shape (level rows,).

    Of a point 0.3 (rounded from surveys of many; decision 0040), or 1/k with fewer than four steps k: that of the sum of k
    answers by yes and no, and all there is for one. Of a mean of k points `φ·(0.3 + 0.7/k)`, φ the mean of theirs: points
    that correlate by 0.3.
    """
    own = np.maximum(POINT_SPREAD, columns.step_pct / 100)
    category = columns.in_category
    dimension = category @ (columns.category_weight > 0)
    above = np.hstack([category, dimension, np.ones((columns.points_n, columns.composites_n))])
    points_n = columns.points_within[columns.columns_n :]
    mean = own[: columns.points_n] @ above / points_n
    return np.concatenate([own, mean * (POINT_CORRELATION + (1 - POINT_CORRELATION) / points_n)])


def measure_spread(score_pct: np.ndarray, columns: Columns, few: int, weighted: bool = False) -> Spread:
    """Return what the groups of an organisation and period share, from the answers of all its respondents.

    Columns of which only a bound is told have no spread, and count as what is told of them (see `ends`).

    Parameters
    ----------
    score_pct : float array (respondents, columns)
        Percent, NaN where there is no answer.
    columns : Columns
    few : int
        One less than the threshold.
    weighted : bool
        Respondents carry different weights.
    """
    answered = ~np.isnan(score_pct)
    answers = answered.sum(axis=0)
    mean = np.divide(
        np.nansum(score_pct, axis=0), answers, out=np.full(len(answers), np.nan), where=answers > 0
    )
    room = end_room(answers, np.array(few), weighted)
    bounded = find_ends(mean, room) != 0
    told = np.where(bounded & answered, told_value(mean, room), score_pct)
    above = _levels_of_people(told[:, columns.points], columns)
    own = _pool_by_scale(np.where(bounded, np.nan, score_pct), columns)
    phi = np.concatenate([own, [pool_spread(level[:, None]) for level in above.T]])
    return Spread(np.where(np.isnan(phi), usual_spread(columns), phi), _correlate(above, columns))


def _pool_by_scale(score_pct: np.ndarray, columns: Columns) -> np.ndarray:
    """φ of each column, pooled over the points (or the items) of the same scale: yes and no vary more than seven steps."""
    phi = np.empty(columns.columns_n)
    is_point = np.arange(columns.columns_n) < columns.points_n
    for kind in (is_point, ~is_point):
        for step in np.unique(columns.step_pct[kind]):
            alike = kind & (columns.step_pct == step)
            phi[alike] = pool_spread(score_pct[:, alike])
    return phi


def _levels_of_people(score_pct: np.ndarray, columns: Columns) -> np.ndarray:
    """Everybody's own scores above the points, of what she answered, shape (respondents, level rows above)."""
    weight = ~np.isnan(score_pct) * columns.point_weight
    category = _mean(np.nan_to_num(score_pct) * weight, weight, columns.in_category)
    dimension = _combine(category, columns.category_weight)
    return np.hstack([category, dimension, _combine(dimension, columns.dimension_weight)])


def _combine(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    held = ~np.isnan(scores)
    return _mean(np.nan_to_num(scores), held.astype(float), weights)


def _mean(values: np.ndarray, weight: np.ndarray, into: np.ndarray) -> np.ndarray:
    total = weight @ into
    return np.divide(values @ into, total, out=np.full(total.shape, np.nan), where=total > 0)


def _correlate(above: np.ndarray, columns: Columns) -> float:
    plane = columns.instrument.quadrants
    if plane is None:
        return float("nan")
    rows = columns.level_rows[columns.columns_n :]
    pair = above[:, [rows.index(("dimension", d)) for d in (plane.across, plane.upwards)]]
    pair = pair[~np.isnan(pair).any(axis=1)]
    if len(pair) < OWN_SPREAD_N or (pair.std(axis=0) == 0).any():
        return PLANE_CORRELATION
    return float(np.corrcoef(pair.T)[0, 1])


def share_spread(
    variance: np.ndarray,
    score_pct: np.ndarray,
    too_few: np.ndarray,
    effective_n: np.ndarray,
    spread: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Replace the variance behind few answers by φ·m(100 − m)/n.

    Parameters
    ----------
    variance, score_pct : float arrays (groups, level rows)
        The groups' own variances, and means in percent.
    too_few : bool array (groups, level rows)
        Fewer than twenty answers, or a score of which only a bound is told.
    effective_n : float array (groups, level rows)
        (Σw)²/Σw², which is the number of answers where weights are equal.
    spread : float array (groups, level rows)
        φ; NaN where a group keeps its own variance whatever its size.

    Returns
    -------
    variance : float array (groups, level rows)
    shared : bool array (groups, level rows)
        Where it is the shared one.
    """
    shared = too_few & np.isfinite(spread) & np.isfinite(variance)
    mean = np.clip(
        score_pct, 0, 100
    )  # weighted means of equal answers may be a rounding error beyond the ends
    with np.errstate(divide="ignore", invalid="ignore"):
        common = spread * mean * (100 - mean) / effective_n
    return np.where(shared, common, variance), shared

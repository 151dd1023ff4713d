"""The spread that small groups share: no group's own variance is told of few answers (method 3 and 5).

Answers lie on a grid. Whoever knows how many answered, their mean and their variance knows the sum of squares
too, and with few answers little doubt is left about the answers themselves, or about those of a few people
within the group. So a measure point with fewer than twenty answers gets its variance from a generalised
variance function of its organisation and period, Var(y) = φ·m(100 − m) with m its mean: φ is pooled over all
points, and the variance then tells nothing that n and the mean do not (Wolter 2007, Introduction to Variance
Estimation, ch. 7, for variance functions). The same holds for categories that rest on few points, with a φ of
their own. See docs/decisions/0027.
"""

from __future__ import annotations

import numpy as np

from dimios_core.results.scoring.columns import Columns

#: levels that rest on more points than this have so many possible sums that their own variance tells little
FEW_POINTS_N = 3
#: from this many answers a point's variance is the group's own
OWN_SPREAD_N = 20


def pool_spread(score_pct: np.ndarray) -> float:
    """Return φ: the variance as a share of m(100 − m), pooled over columns.

    φ = Σ n_k s_k² / Σ n_k m_k (100 − m_k), over columns with two answers or more that are not all at an end.

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
    told = n >= 2
    if not told.any():
        return float("nan")
    y, r, n = score_pct[:, told], answered[:, told], n[told]
    mean = np.where(r, y, 0.0).sum(axis=0) / n
    own = (np.where(r, y - mean, 0.0) ** 2).sum(axis=0) / (n - 1)
    largest = mean * (100 - mean)
    open_ended = largest > 0
    if not open_ended.any():
        return float("nan")
    return float((n * own)[open_ended].sum() / (n * largest)[open_ended].sum())


def pool_spreads(score_pct: np.ndarray, columns: Columns) -> np.ndarray:
    """Return φ of points, of split items, and of people's means over categories of few points, shape (3,).

    Parameters
    ----------
    score_pct : float array (respondents, columns)
    """
    means = []
    for category in range(columns.in_category.shape[1]):
        inside = np.flatnonzero(columns.in_category[:, category])
        if len(inside) <= FEW_POINTS_N:
            weight = ~np.isnan(score_pct[:, inside]) * columns.point_weight[inside]
            total = weight.sum(axis=1)
            sums = (np.nan_to_num(score_pct[:, inside]) * weight).sum(axis=1)
            means.append(np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0))
    few = np.array(means).reshape(len(means), len(score_pct)).T
    points, items = score_pct[:, columns.points], score_pct[:, columns.items]
    return np.array([pool_spread(part) for part in (points, items, few)])


def share_spread(
    variance: np.ndarray,
    score_pct: np.ndarray,
    answers: np.ndarray,
    effective_n: np.ndarray,
    spread: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Replace the variance behind few answers by φ·m(100 − m)/n.

    Parameters
    ----------
    variance, score_pct, answers : arrays (groups, level rows)
        The groups' own variances, means in percent, and numbers of respondents with an answer.
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
    shared = (answers < OWN_SPREAD_N) & np.isfinite(spread) & np.isfinite(variance)
    mean = np.clip(
        score_pct, 0, 100
    )  # weighted means of equal answers may be a rounding error beyond the ends
    with np.errstate(divide="ignore", invalid="ignore"):
        common = spread * mean * (100 - mean) / effective_n
    return np.where(shared, common, variance), shared

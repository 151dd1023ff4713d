"""Intervals, the quadrant region and the words of certainty (method 3)."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit, logit

from dimios_core.results.scoring.linearise import Scores

CONFIDENCE = 0.95
POWER = 0.80
#: fewer respondents: "few answers", no standard error is published
FEW_N = 12


def floored_se(scores: Scores) -> np.ndarray:
    """Return the standard error for intervals and tests: never below the rounding floor √(Σ a_k² step_k²/12/r_k)."""
    return np.maximum(scores.se, scores.floor)


def t_quantile(df: np.ndarray, level: float = 0.5 + CONFIDENCE / 2) -> np.ndarray:
    """Return Student's t quantile; NaN where df < 1."""
    # the quantile is slow, and many groups have the same degrees of freedom
    each, again = np.unique(np.asarray(df, float), return_inverse=True)
    quantile = np.where(each >= 1, stats.t.ppf(level, np.maximum(each, 1.0)), np.nan)
    return quantile[again].reshape(np.shape(df))


def logit_interval(
    score_pct: np.ndarray, se: np.ndarray, df: np.ndarray, units_n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval `expit(logit p ± t·se/(100·p(1−p)))`, p = θ/100, as R's `svyciprop(method="logit")`.

    Parameters
    ----------
    score_pct : float array
        θ, 0-100; kept `0.5/units_n` (as a share) away from 0 and 1.
    se : float array
        Floored standard error in percentage points.
    df : array
        Degrees of freedom; below 1 there is no interval (NaN).
    units_n : array
        Σ r_k·(answer categories − 1).

    Returns
    -------
    low, high : float arrays
        In percent, 0-100.
    """
    edge = 0.5 / np.maximum(units_n, 1)
    p = np.clip(np.asarray(score_pct) / 100, edge, 1 - edge)
    half = t_quantile(df) * se / (100 * p * (1 - p))
    return 100 * expit(logit(p) - half), 100 * expit(logit(p) + half)


def region_radius(n: np.ndarray) -> np.ndarray:
    """Return k of the joint 95 % region of two means: `k² = 2(n−1)/(n−2)·F(2, n−2; .95)`; NaN where n < 3."""
    n = np.asarray(n, float)
    safe = np.maximum(n, 3)
    return np.where(
        n >= 3, np.sqrt(2 * (safe - 1) / (safe - 2) * stats.f.ppf(CONFIDENCE, 2, safe - 2)), np.nan
    )


def adjust_holm(p: np.ndarray) -> np.ndarray:
    """Return p-values adjusted by Holm (1979) for one family; NaN is left out of the family and stays NaN."""
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def two_sided_p(difference: np.ndarray, se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the two-sided p of a difference against Student's t; NaN where df < 1 or se is 0 or missing."""
    df = np.asarray(df, float)
    usable = (df >= 1) & (se > 0)
    t = np.abs(difference) / np.where(usable, se, 1.0)
    return np.where(usable, 2 * stats.t.sf(t, np.maximum(df, 1.0)), np.nan)


def smallest_detectable(se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the smallest difference that would have shown: `(t.975 + t.80)·se`, in percentage points."""
    return (t_quantile(df) + t_quantile(df, POWER)) * se

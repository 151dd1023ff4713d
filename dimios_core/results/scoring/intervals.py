"""Intervals, the quadrant region and the words of certainty (method 3)."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, fdtri, ndtri, stdtr, stdtrit

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2
NORMAL = float(ndtri(1 - TAIL))
#: c of `level_interval`
SHIFT = 1 / 3
POWER = 0.80
#: fewer respondents: "few answers", no standard error is published
FEW_N = 12


def t_quantile(df: np.ndarray, level: float = 0.5 + CONFIDENCE / 2) -> np.ndarray:
    """Return Student's t quantile; NaN where df < 1."""
    # the quantile is slow, and many groups have the same degrees of freedom
    each, again = np.unique(np.asarray(df, float), return_inverse=True)
    quantile = np.where(each >= 1, stdtrit(np.maximum(each, 1.0), level), np.nan)
    return quantile[again].reshape(np.shape(df))


def effective_answers(
    score_pct: np.ndarray, se: np.ndarray, df: np.ndarray, n: np.ndarray, known: np.ndarray | bool = False
) -> np.ndarray:
    """Return n*: how many yes/no answers would tell a mean as surely.

    `n* = p(1 − p)/se² · (1 + 1/df) · (z/t(df))²`, z and t the .975 quantiles, and at least n: no answers between 0 and 100
    vary more than yes and no. So it is n where answers are yes or no. Korn and Graubard (1998) take the first and the last
    factor for proportions from a sample; the second undoes n − 1.

    Parameters
    ----------
    score_pct, se : float arrays
        Percent and percentage points, floored.
    df : array
        Degrees of freedom; below 1 there is no interval (NaN).
    n : array
        Answers, (Σw)²/Σw² where they carry weights.
    known : bool array
        The variance is not the answers' own (`shared_spread`), but as good as known: the first factor alone.
    """
    p = score_pct / 100
    own = np.asarray(df, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        surely = np.where(known, 1.0, (1 + 1 / own) * (NORMAL / t_quantile(own)) ** 2)
        told = p * (1 - p) / (se / 100) ** 2 * surely
    at_end = (p <= 0) | (p >= 1)
    return np.where(own >= 1, np.maximum(np.where(at_end & (se <= 0), 0.0, told), n), np.nan)


def level_interval(score_pct: np.ndarray, effective_n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of a mean between 0 and 100, from quantiles of beta distributions.

    With x = n*·p it is `B(.025; x + c, n* − x + 1 − c)` to `B(.975; x + 1 − c, n* − x + c)`, and it ends where the scale does
    if all answers lie there. c = 0 is the interval of Clopper and Pearson (1934), ½ that of Jeffreys; c = ⅓ stands between
    them, and covers 95 % on the average and not much less anywhere (docs/decisions/0043).

    Parameters
    ----------
    score_pct : float array
        100·p, 0-100.
    effective_n : float array
        n*, see `effective_answers`; NaN gives NaN.

    Returns
    -------
    low, high : float arrays
        In percent, 0-100.
    """
    x = effective_n * np.clip(np.asarray(score_pct) / 100, 0, 1)
    rest = effective_n - x
    low = np.where(x > 0, betaincinv(x + SHIFT, rest + 1 - SHIFT, TAIL), 0.0)
    high = np.where(rest > 0, betaincinv(x + 1 - SHIFT, rest + SHIFT, 1 - TAIL), 1.0)
    missing = np.isnan(effective_n) | np.isnan(score_pct)
    return np.where(missing, np.nan, 100 * low), np.where(missing, np.nan, 100 * high)


def region_radius(df: np.ndarray) -> np.ndarray:
    """Return k of the joint 95 % region of two means: `k² = 2·df/(df − 1)·F(2, df − 1; .95)`; NaN where df < 2."""
    df = np.asarray(df, float)
    safe = np.maximum(df, 2)
    return np.where(df >= 2, np.sqrt(2 * safe / (safe - 1) * fdtri(2, safe - 1, CONFIDENCE)), np.nan)


def two_sided_p(difference: np.ndarray, se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the two-sided p of a difference against Student's t; NaN where df < 1 or se is 0 or missing."""
    df = np.asarray(df, float)
    usable = (df >= 1) & (se > 0)
    t = np.abs(difference) / np.where(usable, se, 1.0)
    return np.where(usable, 2 * stdtr(np.maximum(df, 1.0), -t), np.nan)


def smallest_detectable(se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the smallest difference found with 80 % power: `(t.975 + t.80)·se`, in percentage points."""
    return (t_quantile(df) + t_quantile(df, POWER)) * se

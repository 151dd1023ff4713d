"""How well a model fits: χ², CFI, TLI, RMSEA with its interval, SRMR."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import optimize, stats

from dimios_core.research.factor_model import FactorModel
from dimios_core.research.fitting import Target
from dimios_core.research.moments import Moments

#: confidence of RMSEA's interval
RMSEA_CONFIDENCE = 0.90


def baseline_chi2(target: Target) -> float:
    """Likelihood-ratio statistic of the model in which no points vary together."""
    own = target.moments
    if target.full_information and own.patterns is not None:
        return 2 * (own.log_likelihood - _alone(own))
    return float(own.n * (np.log(np.diag(own.covariance)).sum() - np.linalg.slogdet(own.covariance)[1]))


def _alone(moments: Moments) -> float:
    """Log-likelihood of each point by itself."""
    patterns = moments.patterns
    assert patterns is not None
    return float(-0.5 * (patterns.answered * (np.log(2 * np.pi * patterns.variances()) + 1)).sum())


def index_fit(
    chi2: float,
    df: int,
    base: float,
    base_df: int,
    n: int,
    groups_n: int = 1,
    scale: float = 1.0,
    base_scale: float = 1.0,
) -> dict[str, float]:
    """Fit indices of a statistic and its baseline's.

    `CFI = 1 − max(χ² − df, 0)/max(χ²₀ − df₀, 0)` (Bentler 1990); `TLI = (χ²₀/df₀ − χ²/df)/(χ²₀/df₀ − 1)`;
    `RMSEA = √(G max(χ² − df, 0)/(n df))` (Steiger 1990) with the interval of noncentral χ². Where a statistic is scaled, so
    are those that rest on it: `chi2_scaled` and so on.
    """
    found = {"n": float(n), "df": float(df)}
    kinds = [("", chi2, base)] + ([("_scaled", chi2 / scale, base / base_scale)] if scale != 1.0 else [])
    for kind, own, other in kinds:
        found |= {f"chi2{kind}": own, f"p{kind}": float(stats.chi2.sf(own, df)) if df else 1.0}
        gone, most = max(own - df, 0.0), max(other - base_df, own - df, 1e-12)
        found[f"cfi{kind}"] = 1 - gone / most
        ratio = other / base_df
        found[f"tli{kind}"] = (ratio - own / df) / (ratio - 1) if df and ratio > 1 else np.nan
        found[f"rmsea{kind}"] = float(np.sqrt(groups_n * gone / (n * df))) if df else 0.0
        if not kind:
            low, high = _rmsea_limits(own, df, n, groups_n)
            found |= {"rmsea_low": low, "rmsea_high": high}
    return found | {"baseline_chi2": base, "baseline_df": float(base_df)}


def _rmsea_limits(chi2: float, df: int, n: int, groups_n: int) -> tuple[float, float]:
    if not df:
        return 0.0, 0.0
    tail = (1 - RMSEA_CONFIDENCE) / 2

    def find(level: float) -> float:
        if stats.chi2.cdf(chi2, df) < level:
            return 0.0
        high = chi2 + 10 * np.sqrt(2 * chi2) + 50
        return float(optimize.brentq(lambda nc: stats.ncx2.cdf(chi2, df, nc) - level, 1e-9, high))

    low, high = find(1 - tail), find(tail)
    return float(np.sqrt(groups_n * low / (n * df))), float(np.sqrt(groups_n * high / (n * df)))


def srmr(model: FactorModel, theta: np.ndarray, moments: Sequence[Moments], means: bool) -> float:
    """Root mean square of standardised residuals (Bentler 1995), groups by their size.

    Parameters
    ----------
    means : bool
        Residuals of means count too, as in lavaan where a model has means.
    """
    total, people = 0.0, sum(m.n for m in moments)
    for group, own in enumerate(moments):
        mean, covariance = model.implied(theta, group)
        spread = np.sqrt(np.diag(own.covariance))
        off = ((own.covariance - covariance) / np.outer(spread, spread))[np.tril_indices(len(spread))]
        squares = np.concatenate([off**2, ((own.mean - mean) / spread) ** 2]) if means else off**2
        total += own.n / people * float(np.sqrt(squares.mean()))
    return total

"""How well the points of a category hang together, and how well means tell organisations apart (method 3).

Categories are indices: a low alpha is information, no fault. Everything rests on complete cases (people with an
answer to every point of the category), and on point scores centred in their organisation where organisations
are pooled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import fdtri

from dimios_core.published.conventions import ALL, GROUP_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.estimate import Batch
from dimios_core.results.gate import row_status
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.intervals import CONFIDENCE
from dimios_core.results.scoring.matrix import Respondents

#: complete cases behind an organisation's own figures
OWN_N_MIN = 50
#: points that a factor model needs
FACTOR_POINTS_MIN = 3
#: a unique variance this near nothing, as a share of the point's variance, is a Heywood case
HEYWOOD_SHARE = 0.005
#: smallest eigenvalue of correlations that can be fitted
SINGULAR = 1e-8
#: decimals of what is published
DECIMALS = 2


@dataclass(frozen=True)
class CategorySums:
    """Complete cases of one category in one organisation and period.

    Attributes
    ----------
    n : int
    cross : float array (points, points)
        Σ (y − ȳ)(y − ȳ)' of point scores, ȳ the organisation's mean.
    mean, within : float
        Mean of the respondents' category scores, and the sum of squares around it.
    published : bool
        All points of the category are published for the organisation as a whole.
    """

    n: int
    cross: np.ndarray
    mean: float
    within: float
    published: bool


def collect_categories(
    batch: Batch, respondents: Respondents, columns: Columns
) -> dict[tuple[str, str], dict[str, CategorySums]]:
    """Sum up each category of every organisation and period: (organisation, period) -> category -> sums."""
    whole = [(u, r) == (ALL, ALL) for u, r in zip(batch.unit, batch.role, strict=True)]
    usable = (row_status(batch, columns) == Status.PUBLISHED)[whole]
    start = np.searchsorted(respondents.block, np.arange(len(batch.blocks) + 1))
    points = [np.flatnonzero(inside) for inside in columns.in_category.T]
    found = {}
    for b, block in enumerate(batch.blocks):
        y = respondents.score_pct[start[b] : start[b + 1]]
        own = {}
        for category, at in zip(columns.instrument.categories, points, strict=True):
            cases = y[:, at][~np.isnan(y[:, at]).any(axis=1)]
            centred = cases - cases.mean(axis=0) if len(cases) else cases
            weight = columns.point_weight[at] / columns.point_weight[at].sum()
            own[category.id] = CategorySums(
                len(cases), centred.T @ centred, float((cases @ weight).mean()) if len(cases) else np.nan,
                float(((centred @ weight) ** 2).sum()), bool(usable[b, at].all()),
            )  # fmt: skip
        found[block.organisation, block.period] = own
    return found


def cronbach_alpha(covariance: np.ndarray, df: int) -> tuple[float, float, float]:
    """Cronbach's alpha with Feldt's (1965) 95 % interval.

    `α = k/(k − 1)·(1 − Σ s_kk/Σ s_kl)`; `1 − (1 − α)·F(.975 and .025; df, df·(k − 1))`.

    Parameters
    ----------
    covariance : float array (points, points)
    df : int
        Degrees of freedom of the covariance: n − 1, or n less the number of organisations.

    Returns
    -------
    alpha, low, high : float
        NaN where the sum has no variance.
    """
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or df < 1 or total <= 0:
        return np.nan, np.nan, np.nan
    alpha = k / (k - 1) * (1 - float(np.trace(covariance)) / total)
    tail = (1 - CONFIDENCE) / 2
    upper, lower = fdtri(df, df * (k - 1), [tail, 1 - tail])
    return alpha, 1 - (1 - alpha) * lower, 1 - (1 - alpha) * upper


def spearman_brown(covariance: np.ndarray) -> float:
    """Reliability of the sum of two points: `2r/(1 + r)`; NaN where a point has no variance, or r ≤ −1."""
    spread = float(np.sqrt(covariance[0, 0] * covariance[1, 1]))
    r = float(covariance[0, 1]) / spread if spread > 0 else np.nan
    return 2 * r / (1 + r) if r > -1 else np.nan


def fit_one_factor(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Loadings λ and unique variances ψ of a one-factor model by maximum likelihood; None where a ψ ≤ 0.

    Minimises Jöreskog's (1967) function of ψ alone, as R's `factanal`. Three points are fitted exactly:
    `λ₁² = s₁₂ s₁₃/s₂₃`. A ψ that ends at half a per cent of its point's variance is a Heywood case.

    Parameters
    ----------
    covariance : float array (points, points)
        Of at least three points.
    """
    spread = np.sqrt(np.diag(covariance))
    if len(covariance) < FACTOR_POINTS_MIN or (spread <= 0).any():
        return None
    r = covariance / np.outer(spread, spread)
    if len(r) == FACTOR_POINTS_MIN:
        with np.errstate(divide="ignore", invalid="ignore"):
            squared = np.array(
                [r[0, 1] * r[0, 2] / r[1, 2], r[0, 1] * r[1, 2] / r[0, 2], r[0, 2] * r[1, 2] / r[0, 1]]
            )
        if not np.isfinite(squared).all() or (squared < 0).any() or (squared >= 1).any():
            return None
        first = np.sqrt(squared) * np.where(r[0] < 0, -1, 1)
        first[0] = abs(first[0])
        return first * spread, (1 - squared) * spread**2
    if np.linalg.eigvalsh(r)[0] < SINGULAR:  # a point follows from the others
        return None
    start = 0.5 / np.diag(np.linalg.inv(r))
    bounds = [(HEYWOOD_SHARE, 1.0)] * len(r)
    done = optimize.minimize(_misfit, np.clip(start, 0.05, 0.95), (r,), "L-BFGS-B", jac=True, bounds=bounds)
    psi = done.x
    if (psi <= HEYWOOD_SHARE * 1.001).any():
        return None
    values, vectors = np.linalg.eigh(r / np.sqrt(np.outer(psi, psi)))
    loading = np.sqrt(psi) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return loading * np.sign(loading.sum() or 1.0) * spread, psi * spread**2


def _misfit(psi: np.ndarray, r: np.ndarray) -> tuple[float, np.ndarray]:
    """Jöreskog's function and its gradient: Σ over all eigenvalues but the largest of (θ − log θ − 1)."""
    values, vectors = np.linalg.eigh(r / np.sqrt(np.outer(psi, psi)))
    small = np.maximum(values[:-1], 1e-12)
    gradient = -((vectors[:, :-1] ** 2) @ (small - 1)) / psi
    return float((small - np.log(small) - 1).sum()), gradient


def omega_total(covariance: np.ndarray) -> float:
    """Return `(Σλ)²/((Σλ)² + Σψ)` of a one-factor model (McDonald 1999); NaN where there is none."""
    fitted = fit_one_factor(covariance)
    if fitted is None:
        return np.nan
    common = float(fitted[0].sum()) ** 2
    return common / (common + float(fitted[1].sum()))


def intraclass(n: np.ndarray, mean: np.ndarray, within: np.ndarray) -> tuple[float, float]:
    """ICC(1) and ICC(2) of organisations' means, from a one-way analysis of variance (Bliese 2000).

    `ICC(1) = τ²/(τ² + MSW)` with `τ² = (MSB − MSW)/n₀` (not below 0), `n₀ = (N − Σ n_j²/N)/(J − 1)`;
    `ICC(2) = (MSB − MSW)/MSB` (not below 0), the reliability of a mean of n₀ people.

    Parameters
    ----------
    n, mean, within : arrays (organisations,)
        People, mean and sum of squares around it.
    """
    total, groups_n = n.sum(), len(n)
    if groups_n < 2 or total <= groups_n:
        return np.nan, np.nan
    n0 = (total - (n**2).sum() / total) / (groups_n - 1)
    between = (n * (mean - (n @ mean) / total) ** 2).sum() / (groups_n - 1)
    error = within.sum() / (total - groups_n)
    if between <= 0:
        return np.nan, np.nan
    tau2 = max(float(between - error) / n0, 0.0)
    one = tau2 / (tau2 + error) if tau2 + error > 0 else np.nan
    return float(one), max(float((between - error) / between), 0.0)


def _measures(covariance: np.ndarray, df: int, needed: bool) -> dict[str, tuple[float, float, float]]:
    """Value, low and high of the measures that a category with so many points has; NaN where not needed."""
    if not needed:
        names = ("spearman_brown",) if len(covariance) == 2 else ("alpha", "omega")
        return dict.fromkeys(names if len(covariance) >= 2 else (), (np.nan,) * 3)
    if len(covariance) == 2:
        return {"spearman_brown": (spearman_brown(covariance), np.nan, np.nan)}
    if len(covariance) < FACTOR_POINTS_MIN:
        return {}
    return {"alpha": cronbach_alpha(covariance, df), "omega": (omega_total(covariance), np.nan, np.nan)}


def _row(
    period: str, key: str, measure: str, status: Status, figures: tuple[float, float, float], n: int
) -> dict:
    shown = status == Status.PUBLISHED
    if shown and np.isnan(figures[0]):
        status, shown = Status.INCOMPLETE, False
    value, low, high = figures if shown else (np.nan,) * 3
    return {
        "period": period, "key": key, "measure": measure, "status": status.label, "value": round(value, DECIMALS),
        "ci_low": round(low, DECIMALS), "ci_high": round(high, DECIMALS), "n": n if shown else None,
    }  # fmt: skip


def publish_quality(sums: dict[tuple[str, str], dict[str, CategorySums]], columns: Columns) -> pd.DataFrame:
    """An organisation's own reliability, from fifty complete cases.

    Returns
    -------
    DataFrame
        organisation, period, key (category), measure ("alpha" and "omega" from three points, "spearman_brown" of
        two), status (published; suppressed_small: fewer than fifty; incomplete: a point is not published, or
        the model has no solution), value, ci_low, ci_high (alpha's; two decimals), n, points_n (Int64).
    """
    rows = []
    for (organisation, period), own in sums.items():
        for key, one in own.items():
            covariance = one.cross / max(one.n - 1, 1)
            status = Status.SUPPRESSED_SMALL if one.n < OWN_N_MIN else Status.PUBLISHED
            status = status if one.published else Status.INCOMPLETE
            for measure, figures in _measures(covariance, one.n - 1, status == Status.PUBLISHED).items():
                row = _row(period, key, measure, status, figures, one.n)
                rows.append({"organisation": organisation, **row, "points_n": len(covariance)})
    return shape_table("quality", rows, per_organisation=True)


def publish_reliability(
    sums: dict[tuple[str, str], dict[str, CategorySums]], complete: set[tuple[str, str]], columns: Columns
) -> pd.DataFrame:
    """Reliability pooled over organisations with a complete result, period by period.

    The covariance is that within organisations: Σ cross/(N − J). Alpha's interval has N − J degrees of freedom.

    Parameters
    ----------
    sums : dict
        (organisation, period) -> category -> sums.
    complete : set
        (organisation, period) with a complete result.

    Returns
    -------
    DataFrame
        period, key (category), measure ("alpha", "omega", "spearman_brown", "icc1", "icc2"), status, value, ci_low,
        ci_high (alpha's; two decimals), n (complete cases), organisations_n, points_n (Int64).
    """
    rows = []
    for period in sorted({p for _, p in sums}):
        own = [s for key, s in sorted(sums.items()) if key[1] == period and key in complete]
        for category in columns.instrument.categories:
            parts = [s[category.id] for s in own if s[category.id].n > 0]
            n = np.array([s.n for s in parts], float)
            points_n = int(
                columns.in_category[:, [c.id for c in columns.instrument.categories].index(category.id)].sum()
            )
            df = int(n.sum()) - len(parts)
            status = Status.PUBLISHED if len(parts) >= GROUP_MIN and df >= 1 else Status.SUPPRESSED_SMALL
            cross = sum((s.cross for s in parts), np.zeros((points_n, points_n)))
            measures = _measures(cross / max(df, 1), df, status == Status.PUBLISHED)
            icc = intraclass(n, np.array([s.mean for s in parts]), np.array([s.within for s in parts]))
            measures |= {
                name: (value, np.nan, np.nan) for name, value in zip(("icc1", "icc2"), icc, strict=True)
            }
            for measure, figures in measures.items():
                row = _row(period, category.id, measure, status, figures, int(n.sum()))
                count = len(parts) if row["n"] is not None else None
                rows.append({**row, "organisations_n": count, "points_n": points_n})
    return shape_table("reliability", rows)

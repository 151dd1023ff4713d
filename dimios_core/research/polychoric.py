"""Correlations of what lies behind ordered answers, and how sure each is (Olsson 1979, Muthén 1984)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from dimios_core.errors import InputError, Problem
from dimios_core.research.sums import PEOPLE_MIN, Sums

#: different answers that an ordered item may have
ANSWERS_MAX = 10
#: correlations are sought within this, and scoring stops at a step below that
LARGEST, STEP_MIN, STEPS_MAX = 0.999, 1e-10, 100
#: nodes of the quadrature over the angle of a correlation
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
#: where thresholds beyond the first and last lie: 9 standard deviations is nobody
FAR = 9.0


@dataclass(frozen=True)
class Polychoric:
    """Polychoric correlations.

    Attributes
    ----------
    names : list of str
    n : int
    thresholds : list of float array
        By item, of a standard normal.
    correlations : float array (items, items)
    covariance : float array (pairs, pairs)
        Of the correlations (lower triangle, row by row), times n; sandwich from each person's influence, thresholds' included.
    """

    names: list[str]
    n: int
    thresholds: list[np.ndarray]
    correlations: np.ndarray
    covariance: np.ndarray


def polychoric(frame: pd.DataFrame, missing: str = "pairwise") -> Polychoric:
    """Estimate polychoric correlations in two steps: thresholds from each item, correlations from each pair.

    Parameters
    ----------
    frame : DataFrame
        A column an item, few different ordered values each; NaN unanswered.
    missing : {"pairwise", "listwise"}
        Everybody who answered both items of a pair (answers missing completely at random, given the pair); or everything.

    Raises
    ------
    InputError
        Columns that do not vary, or have more than ten different answers; too few people.

    Notes
    -----
    `Φ₂(h, k; ρ) = Φ(h)Φ(k) + (1/2π) ∫₀^{asin ρ} exp(−(h² + k² − 2hk sin t)/(2cos²t)) dt` by Gauss-Legendre quadrature.
    """
    if missing not in ("pairwise", "listwise"):
        raise InputError(Problem("missing", f"“{missing}” is not known", 'use "pairwise" or "listwise"'))
    y = frame.to_numpy(float)
    y = y[~np.isnan(y).any(axis=1)] if missing == "listwise" else y[~np.isnan(y).all(axis=1)]
    Sums.of(y).check(list(frame.columns))
    codes, thresholds, problems = np.full(y.shape, -1), [], []
    influence = []
    for j, name in enumerate(frame.columns):
        seen = ~np.isnan(y[:, j])
        values, codes[seen, j] = np.unique(y[seen, j], return_inverse=True)
        if len(values) > ANSWERS_MAX:
            problems.append(
                Problem(f"column {name}", f"it has {len(values)} different answers", "use cfa() for it")
            )
            continue
        shares = np.cumsum(np.bincount(codes[seen, j]) / seen.sum())[:-1]
        cuts = ndtri(shares)
        thresholds.append(cuts)
        off = (codes[:, j, None] <= np.arange(len(cuts))) - shares
        influence.append(np.where(seen[:, None], off, 0.0) / _density(cuts) * (len(y) / seen.sum()))
    if problems:
        raise InputError(problems)
    p = y.shape[1]
    r, parts = np.eye(p), []
    for j in range(p):
        for k in range(j):
            r[j, k], own = _pair(codes[:, [j, k]], thresholds[j], thresholds[k], influence[j], influence[k])
            r[k, j] = r[j, k]
            parts.append(own)
    scores = np.column_stack(parts)
    return Polychoric([str(c) for c in frame.columns], len(y), thresholds, r, scores.T @ scores / len(y))


def _density(x: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)


def _pair(
    codes: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    row_influence: np.ndarray,
    column_influence: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Correlation of two items, and each person's influence on it."""
    seen = (codes >= 0).all(axis=1)
    n = int(seen.sum())
    if n < PEOPLE_MIN:
        raise InputError(
            Problem("answers", f"only {n} people answered two of the items", "leave one of them out")
        )
    shape = (len(rows) + 1, len(columns) + 1)
    cell = codes[seen, 0] * shape[1] + codes[seen, 1]
    counts = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    rho = float(np.clip(np.corrcoef(codes[seen].T)[0, 1], -0.95, 0.95))
    for _ in range(STEPS_MAX):
        chance, slope = _cells(rows, columns, rho)
        ratio = slope / chance
        step = float((counts * ratio).sum() / (n * (slope * ratio).sum()))
        new = float(np.clip(rho + step, -LARGEST, LARGEST))
        moved, rho = abs(new - rho), new
        if moved < STEP_MIN:
            break
    chance, slope = _cells(rows, columns, rho)
    ratio = slope / chance
    # information by the answers that there are, as Muthén (1984): under misfit it differs from the model's own
    share = counts / n
    information = float((share * ratio**2).sum())
    score = np.zeros(len(codes))
    score[seen] = ratio.ravel()[cell] * (len(codes) / n)
    met = share * ratio / chance
    pull_rows = _pull(rows, columns, rho, met)
    pull_columns = _pull(columns, rows, rho, met.T)
    return rho, (score - row_influence @ pull_rows - column_influence @ pull_columns) / information


def _cells(rows: np.ndarray, columns: np.ndarray, rho: float) -> tuple[np.ndarray, np.ndarray]:
    """Chance of each combination of answers, and how it moves with ρ."""
    h, k = (np.concatenate([[-FAR], cuts, [FAR]]) for cuts in (rows, columns))
    h, k = h[:, None], k[None, :]
    half = np.arcsin(rho) / 2
    angle = half * (NODES + 1)
    sine, cosine = np.sin(angle), np.cos(angle)
    inner = np.exp(-(h**2 + k**2)[..., None] / (2 * cosine**2) + (h * k)[..., None] * sine / cosine**2)
    both = ndtr(h) * ndtr(k) + half * (inner @ WEIGHTS) / (2 * np.pi)
    left = 1 - rho**2
    density = np.exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    chance = np.diff(np.diff(both, axis=0), axis=1)
    return np.maximum(chance, 1e-12), np.diff(np.diff(density, axis=0), axis=1)


def _pull(rows: np.ndarray, columns: np.ndarray, rho: float, met: np.ndarray) -> np.ndarray:
    """Information between ρ and each threshold of the first item; `met` is share of answers × slope/chance²."""
    k = np.concatenate([[-FAR], columns, [FAR]])
    flow = _density(rows)[:, None] * np.diff(
        ndtr((k[None, :] - rho * rows[:, None]) / np.sqrt(1 - rho**2)), axis=1
    )
    return (flow * (met[:-1] - met[1:])).sum(axis=1)

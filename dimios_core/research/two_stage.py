"""Corrected errors and statistics of two-stage estimation with missing answers (Savalei and Bentler 2009).

First means and covariances by EM from all that was answered, then the model by maximum likelihood as if they were of
complete data. That leaves estimates right, and their errors and the statistic too small or large by what is missing.
"""

from __future__ import annotations

import numpy as np

from dimios_core.research.factor_model import FactorModel
from dimios_core.research.moments import Moments


def saturated_covariance(moments: Moments) -> np.ndarray:
    """Covariance of means and covariances that EM found: the inverse of the observed information.

    Returns
    -------
    float array (items + items(items + 1)/2, …)
        Means first, then the lower triangle row by row.
    """
    if moments.patterns is None:  # nothing is missing
        return np.linalg.inv(complete_information(moments.covariance, moments.n))
    return np.linalg.inv(moments.patterns.information(moments.mean, moments.covariance))


def complete_information(covariance: np.ndarray, n: int) -> np.ndarray:
    """Information that n complete answers hold on means and on the lower triangle of the covariances."""
    p = len(covariance)
    row, column = np.tril_indices(p)
    precision = np.linalg.inv(covariance)
    a, b = precision[np.ix_(row, row)], precision[np.ix_(column, column)]
    c, d = precision[np.ix_(row, column)], precision[np.ix_(column, row)]
    weight = np.where(row == column, 1.0, 2.0)
    inner = 0.25 * n * (a * b + c * d) * np.outer(weight, weight)
    found = np.zeros((p + len(row), p + len(row)))
    found[:p, :p], found[p:, p:] = n * precision, inner
    return found


def correct(
    slopes: np.ndarray, weight: np.ndarray, covariance: np.ndarray, df: int
) -> tuple[np.ndarray, float]:
    """Covariance of the model's parameters, and what the statistic is to be divided by.

    Parameters
    ----------
    slopes : float array (moments, parameters)
        Δ: how means and covariances move with each parameter.
    weight : float array (moments, moments)
        V: complete data's information, by which the model was fitted.
    covariance : float array (moments, moments)
        Γ/n: of the moments.

    Returns
    -------
    covariance : float array (parameters, parameters)
        `(Δ'VΔ)⁻¹ Δ'V (Γ/n) VΔ (Δ'VΔ)⁻¹`.
    scale : float
        `tr(U Γ/n)/df`, `U = V − VΔ(Δ'VΔ)⁻¹Δ'V` (Satorra and Bentler 1994); 1 where df is 0.
    """
    weighted = weight @ slopes
    bread = np.linalg.inv(slopes.T @ weighted)
    inner = weighted.T @ covariance @ weighted
    scale = (np.sum(weight * covariance) - np.sum(bread * inner)) / df if df else 1.0
    return bread @ inner @ bread, float(scale)


def stack_slopes(model: FactorModel, theta: np.ndarray, group: int) -> np.ndarray:
    """Δ of a group: float array (moments, parameters)."""
    d_mean, d_cov = model.slopes(theta, group)
    low = np.tril_indices(d_mean.shape[1])
    return np.hstack([d_mean, d_cov[:, low[0], low[1]]]).T


def independence_slopes(p: int) -> np.ndarray:
    """Δ of the model in which no points vary together: means and variances are free."""
    low = np.tril_indices(p)
    moments_n = p + len(low[0])
    slopes = np.zeros((moments_n, 2 * p))
    slopes[:p, :p] = np.eye(p)
    slopes[p + np.flatnonzero(low[0] == low[1]), p + np.arange(p)] = 1.0
    return slopes

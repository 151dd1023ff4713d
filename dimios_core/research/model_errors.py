"""Errors of a fitted measurement model, and its loadings in standard deviations."""

from __future__ import annotations

import numpy as np

from dimios_core.research.factor_model import FactorModel
from dimios_core.research.fitting import Fitted, Target
from dimios_core.research.two_stage import (
    complete_information,
    correct,
    independence_slopes,
    saturated_covariance,
    stack_slopes,
)

#: step of the numerical slopes of the delta method
STEP = 1e-5


def find_errors(
    model: FactorModel, fitted: Fitted, targets: list[Target], missing: str, df: int, base_df: int
) -> tuple[np.ndarray, float, float]:
    """Covariance of the parameters, and what to divide the statistic and the baseline's by (1 but for two stages)."""
    if missing != "two_stage" or all(t.moments.patterns is None for t in targets):
        return np.linalg.inv(fitted.information), 1.0, 1.0
    slopes, weights, covariances, base = [], [], [], []
    for g, target in enumerate(targets):
        slopes.append(stack_slopes(model, fitted.theta, g))
        weights.append(complete_information(target.moments.covariance, target.moments.n))
        covariances.append(saturated_covariance(target.moments))
        base.append(
            correct(independence_slopes(len(target.moments.mean)), weights[-1], covariances[-1], base_df)[1]
        )
    weight, covariance = _block(weights), _block(covariances)
    found, factor = correct(np.vstack(slopes), weight, covariance, df)
    return found, factor, float(sum(base))


def _block(parts: list[np.ndarray]) -> np.ndarray:
    size = len(parts[0])
    whole = np.zeros((size * len(parts), size * len(parts)))
    for g, part in enumerate(parts):
        whole[g * size : (g + 1) * size, g * size : (g + 1) * size] = part
    return whole


def standardise(model: FactorModel, theta: np.ndarray) -> np.ndarray:
    """Loadings in standard deviations of factor and point; the other parameters as they are."""
    found = theta.copy()
    for g in range(model.groups_n):
        _, covariance = model.implied(theta, g)
        between = model.factor_covariance(theta, g)
        for at, one in enumerate(model.parameters):
            if one.groups[0] == g and one.matrix == "loading":
                found[at] *= np.sqrt(max(between[one.column, one.column], 0.0) / covariance[one.row, one.row])
            elif one.groups[0] == g and one.matrix == "above":
                found[at] *= np.sqrt(between[one.column, one.column] / between[one.row, one.row])
    return found


def find_standard_errors(model: FactorModel, theta: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """By the delta method, with numerical slopes."""
    slopes = np.empty((len(theta), len(theta)))
    for k in range(len(theta)):
        step = np.zeros(len(theta))
        step[k] = STEP
        slopes[k] = (standardise(model, theta + step) - standardise(model, theta - step)) / (2 * STEP)
    return np.sqrt(np.maximum(np.einsum("ki,kl,li->i", slopes, covariance, slopes), 0.0))

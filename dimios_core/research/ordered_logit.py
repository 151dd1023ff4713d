"""Proportional-odds regression of ordered answers (McCullagh 1980), by Fisher scoring; fast enough for a search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from dimios_core.errors import InputError, Problem

#: scoring stops at a gain of log-likelihood below this
GAIN_MIN = 1e-9
STEPS_MAX = 100


@dataclass(frozen=True)
class OrderedLogit:
    """A fitted regression.

    Attributes
    ----------
    log_likelihood : float
    coefficients : float array (predictors,)
        Of `logit P(y ≤ j) = ζ_j − x'β`: positive is a higher answer.
    thresholds : float array (answers − 1,)
    """

    log_likelihood: float
    coefficients: np.ndarray
    thresholds: np.ndarray


def fit_ordered_logit(y: np.ndarray, x: np.ndarray) -> OrderedLogit:
    """Fit by maximum likelihood.

    Parameters
    ----------
    y : array (people,)
        Ordered answers, none missing; those that nobody gave do not count.
    x : float array (people, predictors)

    Raises
    ------
    InputError
        Fewer than two different answers, predictors that cannot be told apart, or answers that they predict perfectly.
    """
    values, code = np.unique(y, return_inverse=True)
    if len(values) < 2:
        raise InputError(Problem("answers", "all answers are alike", "leave the item out"))
    middle, spread = x.mean(axis=0), x.std(axis=0)
    if not (spread > 0).all():
        raise InputError(
            Problem("predictors", "one of them does not vary", "compare groups that both have answers")
        )
    z = (x - middle) / spread
    shares = np.cumsum(np.bincount(code))[:-1] / len(code)
    theta = np.concatenate([np.log(shares / (1 - shares)), np.zeros(z.shape[1])])
    value, score, information = _likelihood(theta, code, z, len(values))
    for _ in range(STEPS_MAX):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            break
        size = 1.0
        new = _likelihood(theta + step, code, z, len(values))
        while not new[0] > value - GAIN_MIN and size > 1e-4:
            size /= 2
            new = _likelihood(theta + size * step, code, z, len(values))
        gain, theta = new[0] - value, theta + size * step
        value, score, information = new
        if gain < GAIN_MIN:
            slopes = theta[len(values) - 1 :] / spread
            return OrderedLogit(value, slopes, theta[: len(values) - 1] + middle @ slopes)
    what = "no solution was found: predictors cannot be told apart, or predict answers perfectly"
    raise InputError(Problem("predictors", what, "leave one out, or merge rare answers"))


def _likelihood(
    theta: np.ndarray, code: np.ndarray, x: np.ndarray, answers_n: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood, its slope, and expected information."""
    cuts, beta = theta[: answers_n - 1], theta[answers_n - 1 :]
    if (np.diff(cuts) <= 0).any():
        return -np.inf, theta, np.eye(len(theta))
    below = expit(cuts[None, :] - (x @ beta)[:, None])
    density = below * (1 - below)
    n = len(code)
    full = np.column_stack([np.zeros(n), below, np.ones(n)])
    flow = np.column_stack([np.zeros(n), density, np.zeros(n)])
    chance = np.maximum(np.diff(full, axis=1), 1e-300)
    rows = np.arange(n)
    own = chance[rows, code]
    upper, lower = flow[rows, code + 1], flow[rows, code]
    score_cuts = (
        np.bincount(code, upper / own, answers_n)[:-1] - np.bincount(code, lower / own, answers_n)[1:]
    )
    score = np.concatenate([score_cuts, x.T @ ((lower - upper) / own)])
    # expected information: over all answers j, slope of log P_j times itself times P_j
    weight = 1 / chance
    diagonal = density**2 * (weight[:, :-1] + weight[:, 1:])
    beside = -density[:, :-1] * density[:, 1:] * weight[:, 1:-1]
    turn = -np.diff(flow, axis=1)  # slope of P_j with x'β
    mixed = density * (turn[:, :-1] * weight[:, :-1] - turn[:, 1:] * weight[:, 1:])
    k = answers_n - 1
    information = np.zeros((len(theta), len(theta)))
    information[:k, :k] = np.diag(diagonal.sum(axis=0))
    if k > 1:
        at = np.arange(k - 1)
        information[at, at + 1] = information[at + 1, at] = beside.sum(axis=0)
    information[:k, k:] = mixed.T @ x
    information[k:, :k] = information[:k, k:].T
    information[k:, k:] = x.T @ (x * (turn**2 * weight).sum(axis=1)[:, None])
    return float(np.log(own).sum()), score, information

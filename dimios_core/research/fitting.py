"""Maximum likelihood of measurement models, from complete moments or from all that was answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.errors import InputError, Problem
from dimios_core.research.factor_model import FactorModel
from dimios_core.research.moments import Moments

#: scoring stops where a step would raise the likelihood by less than this, and gives up after so many steps
GAIN_MIN = 1e-10
STEPS_MAX = 500
HALVINGS_MAX = 25


@dataclass(frozen=True)
class Target:
    """What a model is fitted to in one group; all in units in which points have about unit variance."""

    moments: Moments
    full_information: bool

    def misfit(self, mean: np.ndarray, covariance: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Half of the likelihood-ratio statistic against the saturated model, and expected moments about `mean`.

        Returns
        -------
        half : float
            Infinite where the covariance is not positive definite.
        first : float array (points,)
        second : float array (points, points)
        """
        try:
            np.linalg.cholesky(covariance)
        except np.linalg.LinAlgError:
            return np.inf, mean, covariance
        own = self.moments
        if self.full_information and own.patterns is not None:
            likelihood, first, second = own.patterns.expect(mean, covariance)
            return own.log_likelihood - likelihood, first, second
        first = own.mean - mean
        second = own.covariance + np.outer(first, first)
        log_ratio = np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(own.covariance)[1]
        square = float(np.trace(np.linalg.solve(covariance, second)))
        return 0.5 * own.n * (log_ratio + square - len(mean)), first, second


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    Attributes
    ----------
    theta : float array (parameters,)
    chi2 : float
        Likelihood-ratio statistic against the saturated model.
    information : float array (parameters, parameters)
        Expected information.
    steps_n : int
    """

    theta: np.ndarray
    chi2: float
    information: np.ndarray
    steps_n: int


def fit(model: FactorModel, targets: list[Target], start: np.ndarray) -> Fitted:
    """Fisher scoring with halved steps.

    The score of a group is `−n/2 tr[(Σ⁻¹ − Σ⁻¹ T Σ⁻¹) ∂Σ] + n ∂μ' Σ⁻¹ d`, d and T the expected first and second moments
    about μ; the information `n/2 tr(Σ⁻¹ ∂Σ_i Σ⁻¹ ∂Σ_j) + n ∂μ_i' Σ⁻¹ ∂μ_j`.

    Raises
    ------
    InputError
        The model is not identified, or no solution is found.
    """
    theta = start
    value = _misfit(model, targets, theta)
    for steps_n in range(1, STEPS_MAX + 1):
        score, information = score_and_information(model, targets, theta)
        step = _solve(information, score)
        expected = float(step @ score)
        if expected < GAIN_MIN * max(value, 1.0):
            return Fitted(theta, 2 * value, information, steps_n)
        size, moved = 1.0, False
        for _ in range(HALVINGS_MAX):
            trial = theta + size * step
            new = _misfit(model, targets, trial)
            if new < value:
                moved = True
                break
            size /= 2
        if not moved:
            if expected < 1e-6 * max(value, 1.0):  # at the limit of what numbers can tell
                return Fitted(theta, 2 * value, information, steps_n)
            break
        theta, value = trial, new
    raise InputError(
        Problem(
            "model",
            "no solution was found",
            "simplify it: fewer factors, or factors with three points or more",
        )
    )


def _misfit(model: FactorModel, targets: list[Target], theta: np.ndarray) -> float:
    return sum(t.misfit(*model.implied(theta, g))[0] for g, t in enumerate(targets))


def score_and_information(
    model: FactorModel, targets: list[Target], theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The likelihood's slope, and expected information, over all groups."""
    score, information = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    for group, target in enumerate(targets):
        mean, covariance = model.implied(theta, group)
        _, first, second = target.misfit(mean, covariance)
        d_mean, d_cov = model.slopes(theta, group)
        inverse = np.linalg.inv(covariance)
        n = target.moments.n
        off = inverse - inverse @ second @ inverse
        score += n * (d_mean @ (inverse @ first)) - 0.5 * n * np.einsum("iab,ab->i", d_cov, off)
        turned = (inverse @ d_cov).reshape(len(theta), -1)
        other = (d_cov @ inverse).reshape(len(theta), -1)
        information += 0.5 * n * (turned @ other.T) + n * d_mean @ inverse @ d_mean.T
    return score, information


def _solve(information: np.ndarray, score: np.ndarray) -> np.ndarray:
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    scaled = information / np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < 1e-10:
        what = "its parameters cannot be told apart by these points"
        remedy = (
            "give every factor two points or more, and let factors of two points vary together with others"
        )
        raise InputError(Problem("model", what, remedy))
    return np.linalg.solve(scaled, score / scale) / scale

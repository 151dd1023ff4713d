"""Rotations of loadings: varimax, promax, oblimin; the same loadings told in axes that are easier to name."""

from __future__ import annotations

import numpy as np

ROTATIONS = ("oblimin", "promax", "varimax", "none")
STEPS_MAX = 1000
TOLERANCE = 1e-7
#: power of promax (Hendrickson and White 1964; R's default)
PROMAX_POWER = 4


def rotate(loadings: np.ndarray, how: str) -> tuple[np.ndarray, np.ndarray]:
    """Rotate loadings, float (items, factors).

    Returns
    -------
    loadings : float array (items, factors)
        Pattern; each factor's sum is positive, the one that explains most comes first.
    correlations : float array (factors, factors)
    """
    n = loadings.shape[1]
    rotated, between = loadings, np.eye(n)
    if n > 1 and how != "none":
        rotated, between = {"varimax": _varimax, "promax": _promax, "oblimin": _oblimin}[how](loadings)
    order = np.argsort(-(rotated**2).sum(axis=0), kind="stable")
    sign = np.where(rotated.sum(axis=0) < 0, -1.0, 1.0)
    return (rotated * sign)[:, order], (between * np.outer(sign, sign))[np.ix_(order, order)]


def _varimax(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kaiser's (1958) varimax with his row normalisation, by singular values as R does."""
    length = np.sqrt((a**2).sum(axis=1, keepdims=True))
    x = a / length
    turn, before = np.eye(a.shape[1]), 0.0
    for _ in range(STEPS_MAX):
        z = x @ turn
        left, size, right = np.linalg.svd(x.T @ (z**3 - z * (z**2).mean(axis=0)))
        turn = left @ right
        if size.sum() < before * (1 + TOLERANCE**2):
            break
        before = size.sum()
    return a @ turn, np.eye(a.shape[1])


def _promax(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Oblique axes that fit the varimax loadings raised to the fourth power."""
    x, _ = _varimax(a)
    target = x * np.abs(x) ** (PROMAX_POWER - 1)
    turn = np.linalg.lstsq(x, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    inverse = np.linalg.inv(turn)
    return x @ turn, inverse @ inverse.T


def _oblimin(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quartimin (direct oblimin, γ = 0) by gradient projection (Bernaards and Jennrich 2005), from varimax."""
    start, _ = _varimax(a)
    turn, step = np.eye(a.shape[1]), 1.0
    others = 1.0 - np.eye(a.shape[1])

    def criterion(t: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        loadings = start @ np.linalg.inv(t).T
        squares = loadings**2
        slope = loadings * (squares @ others)
        gradient = -(loadings.T @ slope @ np.linalg.inv(t)).T
        return float((squares * (squares @ others)).sum() / 4), gradient, loadings

    value, gradient, loadings = criterion(turn)
    for _ in range(STEPS_MAX):
        projected = gradient - turn * (turn * gradient).sum(axis=0)
        slope = float((projected**2).sum())
        if np.sqrt(slope) < TOLERANCE:
            break
        step *= 2
        for _ in range(20):
            trial = turn - step * projected
            trial = trial / np.sqrt((trial**2).sum(axis=0))
            new = criterion(trial)
            if new[0] < value - 0.5 * slope * step:
                break
            step /= 2
        turn, (value, gradient, loadings) = trial, new
    return loadings, turn.T @ turn

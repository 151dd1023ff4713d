"""Variance components by restricted maximum likelihood, from sums alone (Patterson & Thompson 1971).

Both models profile the mean and the error variance out, and search over variances relative to the error's, as
R's `lme4` does over their roots (Bates et al. 2015): −2·log REML = (N − 1)·log Q + log|V| + log 1'V⁻¹1, where V
is relative to the error variance and Q = y'V⁻¹y − (1'V⁻¹y)²/1'V⁻¹1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

#: relative variances that the search starts from, and how far it may go
STARTS, LARGEST = (0.05, 0.5), 1e4
#: relative gain that ends the search
PRECISION = 1e-11
#: points of the bootstrap's grid in either direction; how far it goes: times the estimate, and a margin
GRID_N, GRID_WIDTH, GRID_MARGIN = 41, 2.0, 0.3
#: sums of squares below this are no variance
NOTHING = 1e-12


@dataclass(frozen=True)
class UnitSums:
    """People in units in organisations, summed up by unit.

    Attributes
    ----------
    organisation : int array (units,)
        0, 1, …: the organisation of each unit, rising.
    n, mean : float arrays (units,)
    within : float array (organisations,)
        Sum of squares around the units' means.
    """

    organisation: np.ndarray
    n: np.ndarray
    mean: np.ndarray
    within: np.ndarray

    def by_organisation(self, values: np.ndarray) -> np.ndarray:
        """Sum values (…, units) over the units of each organisation; units of one stand together."""
        first = np.searchsorted(self.organisation, np.arange(len(self.within)))
        return np.add.reduceat(values, first, axis=-1)

    @property
    def has_units(self) -> bool:
        """Some organisation has two units or more."""
        return len(self.n) > len(self.within)


def nested_components(sums: UnitSums) -> np.ndarray:
    """Variances between organisations, between units in them, and between people in units.

    Returns
    -------
    float array (3,)
        organisations, units, people; the middle one is 0 where every organisation has one unit. NaN where
        there is no variance at all, or fewer than two organisations.
    """
    people_n = float(sums.n.sum())
    if len(sums.within) < 2 or people_n <= 2:
        return np.full(3, np.nan)
    once = np.ones((1, len(sums.within)))

    def parts(relative: np.ndarray) -> tuple[float, float]:
        q, rest = _nested_parts(sums, once, relative[:1], relative[1:] if sums.has_units else np.zeros(1))
        return float(q.item()), float(rest.item())

    found = _maximise(parts, 2 if sums.has_units else 1, people_n)
    if found is None:
        return np.full(3, np.nan)
    relative, variance = found
    return variance * np.array([relative[0] ** 2, relative[1] ** 2 if sums.has_units else 0.0, 1.0])


def _nested_parts(
    sums: UnitSums, times: np.ndarray, top: np.ndarray, unit: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Q, and log|V| + log 1'V⁻¹1, for samples × relative deviations of organisations × of units.

    What one organisation adds is the same in every sample that it is in, so it is computed once.

    Parameters
    ----------
    times : float array (samples, organisations)
        How often each organisation counts.
    top, unit : float arrays
        Standard deviations between organisations and between units, relative to the people's.

    Returns
    -------
    q, rest : float arrays (samples, top, unit)
    """
    centred = sums.mean - (sums.n @ sums.mean) / sums.n.sum()
    scale = 1 + np.multiply.outer(unit**2, sums.n)
    weight = sums.n / scale
    d, y = sums.by_organisation(weight), sums.by_organisation(weight * centred)
    own = sums.by_organisation(weight * centred**2) + sums.within
    logs = sums.by_organisation(np.log(scale))
    shrink = 1 + np.multiply.outer(top**2, d)  # top × unit × organisations
    ones, cross = np.matmul(d / shrink, times.T), np.matmul(y / shrink, times.T)
    squares = np.matmul(own - (top**2)[:, None, None] * y**2 / shrink, times.T)
    rest = np.matmul(logs + np.log(shrink), times.T) + np.log(ones)
    return np.moveaxis(squares - cross**2 / ones, -1, 0), np.moveaxis(rest, -1, 0)


def bootstrap_shares(sums: UnitSums, variance: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Shares of the variance in bootstrap samples of organisations.

    The likelihood of all samples is computed on one grid around the estimate, and the best point of each sample is
    moved to the top of the parabola through its neighbours, in either direction.

    Parameters
    ----------
    sums : UnitSums
    variance : float array (3,)
        The estimate from all organisations (`nested_components`).
    times : int array (samples, organisations)
        How often each organisation was drawn.

    Returns
    -------
    float array (samples, 3)
        organisations, units, people; samples with fewer than two different organisations are left out.
    """
    times = times[(times > 0).sum(axis=1) >= 2].astype(float)
    widest = GRID_WIDTH * np.sqrt(variance[:2] / variance[2]) + GRID_MARGIN
    grids = [np.linspace(0, w, GRID_N) for w in widest]
    if not sums.has_units:
        grids[1] = np.zeros(1)
    q, rest = _nested_parts(sums, times, *grids)
    people_n = times @ sums.by_organisation(sums.n)
    deviance = (people_n - 1)[:, None, None] * np.log(np.maximum(q, NOTHING)) + rest
    best = np.unravel_index(deviance.reshape(len(times), -1).argmin(axis=1), deviance.shape[1:])
    every = np.arange(len(times))
    along = [deviance[every, :, best[1]], deviance[every, best[0], :]]
    relative = [_top_of_parabola(*pair) for pair in zip(grids, along, best, strict=True)]
    shares = np.column_stack([relative[0] ** 2, relative[1] ** 2, np.ones(len(times))])
    return shares / shares.sum(axis=1, keepdims=True)


def _top_of_parabola(grid: np.ndarray, deviance: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Move each sample's best grid point to where the parabola through it and its neighbours is lowest."""
    inside = (best > 0) & (best < len(grid) - 1)
    if not inside.any():
        return grid[best]
    every, at = np.arange(len(best)), np.clip(best, 1, max(len(grid) - 2, 1))
    left, here, right = (deviance[every, at + step] for step in (-1, 0, 1))
    bend = left - 2 * here + right
    shift = np.where(inside & (bend > 0), (left - right) / (2 * np.where(bend > 0, bend, 1)), 0.0)
    return grid[best] + np.clip(shift, -1, 1) * (grid[1] - grid[0])


def crossed_components(y: np.ndarray, factors: list[np.ndarray]) -> np.ndarray:
    """Variances of crossed random effects, and of what is left.

    Parameters
    ----------
    y : float array (people,)
    factors : list of int arrays (people,)
        Level of each person in each factor, 0, 1, …

    Returns
    -------
    float array (factors + 1,)
        The last is the variance between people. NaN where there is no variance at all.
    """
    people_n = len(y)
    sizes = [int(f.max(initial=-1)) + 1 for f in factors]
    owner = np.repeat(np.arange(len(factors)), sizes)
    centred = y - y.mean()
    # numbers of people in every pair of levels, in every level, and their sums: all that the model asks for
    gram = np.block(
        [
            [
                np.bincount(f * m + g, minlength=k * m).reshape(k, m)
                for g, m in zip(factors, sizes, strict=True)
            ]
            for f, k in zip(factors, sizes, strict=True)
        ]
    ).astype(float)
    count = np.concatenate([np.bincount(f, minlength=k) for f, k in zip(factors, sizes, strict=True)])
    total = np.concatenate([np.bincount(f, centred, k) for f, k in zip(factors, sizes, strict=True)])
    sums, alone = np.column_stack([count, total]), np.eye(len(owner))
    squares = float(centred @ centred)

    def parts(relative: np.ndarray) -> tuple[float, float]:
        scale = relative[owner]
        lower = np.linalg.cholesky(alone + scale[:, None] * gram * scale)
        a, b = np.linalg.solve(lower, scale[:, None] * sums).T
        ones, cross = people_n - a @ a, -(a @ b)
        q = squares - b @ b - cross**2 / ones
        return q, 2 * float(np.log(np.diag(lower)).sum()) + np.log(ones)

    found = _maximise(parts, len(factors), people_n)
    if found is None:
        return np.full(len(factors) + 1, np.nan)
    relative, variance = found
    return variance * np.r_[relative**2, 1.0]


def _maximise(
    parts: Callable[[np.ndarray], tuple[float, float]], components_n: int, people_n: float
) -> tuple[np.ndarray, float] | None:
    """Relative standard deviations with the largest restricted likelihood, and the error variance.

    The search runs over relative variances: over deviations the likelihood is level at nil, and a search that
    has come there stays. It starts from two places, and the better end counts.
    """
    if parts(np.full(components_n, STARTS[0]))[0] < NOTHING:
        return None

    def deviance(relative_variance: np.ndarray) -> float:
        q, rest = parts(np.sqrt(relative_variance))
        return (people_n - 1) * float(np.log(max(q, NOTHING))) + rest

    bounds = [(0.0, LARGEST)] * components_n
    ends = [
        optimize.minimize(
            deviance,
            np.full(components_n, start),
            method="L-BFGS-B",
            bounds=bounds,
            options={"ftol": PRECISION},
        )
        for start in STARTS
    ]
    best = np.sqrt(min(ends, key=lambda end: float(end.fun)).x)
    return best, parts(best)[0] / (people_n - 1)

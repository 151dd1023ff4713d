"""Fay and Herriot's area-level model: estimates of many areas that lend each other strength (method 3).

θ̂_i = θ_i + e_i, e_i ~ (0, ψ_i) known; θ_i = x_i'β + u_i, u_i ~ (0, τ²). Fay & Herriot (1979); Rao & Molina (2015),
*Small Area Estimation*, ch. 5 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: points of the grid that the search starts from, and the lowest above 0, relative to the highest
GRID_N, GRID_LEAST = 40, 1e-6
#: halvings of what lies between two points of the grid
HALVINGS_N = 50
#: areas that it takes beyond the coefficients
SPARE_AREAS_N = 2
#: least τ² that estimates rest on, in standard errors that its estimate has where τ² is 0
FLOOR_SE = 0.5


@dataclass(frozen=True)
class AreaEstimates:
    """What the model makes of sets of areas; all shapes without `sets` where one set was given.

    Attributes
    ----------
    reml_variance : float array (sets,)
        τ² by restricted maximum likelihood, 0 or more.
    variance : float array (sets,)
        τ² that the estimates rest on: the same, but not below its floor.
    coefficients : float array (sets, 1 + covariates)
        β by generalised least squares; the constant first, which without covariates is the mean μ̂.
    estimate, se : float arrays (sets, units)
        Empirical best linear unbiased predictor, and the root of its mean squared error.
    weight : float array (sets, units)
        γ, how much the area's own figure counts, 0-1.
    """

    reml_variance: np.ndarray
    variance: np.ndarray
    coefficients: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    weight: np.ndarray


def fay_herriot(own: np.ndarray, variance: np.ndarray, covariates: np.ndarray | None = None) -> AreaEstimates:
    """Estimate areas from their own figures and what all of them have in common.

    With γ_i = τ²/(τ² + ψ_i), w_i = 1/(τ² + ψ_i) and β̂ = (X'WX)⁻¹X'Wθ̂ the estimate is γ_i·θ̂_i + (1 − γ_i)·x_i'β̂, and its
    mean squared error g1 + g2 + 2·g3 (Prasad & Rao 1990; for REML Datta & Lahiri 2000):

    - g1 = γ_i·ψ_i, what is left where all else is known;
    - g2 = (1 − γ_i)²·x_i'(X'WX)⁻¹x_i, for β̂;
    - g3 = ψ_i²·w_i³·2/Σ w², for τ².

    τ² maximises the restricted likelihood, −½·(Σ log(τ² + ψ_i) + log|X'WX| + Σ w_i·r_i²), as `rma(method = "REML")` of R's
    `metafor` does. It is 0 where areas lie no further apart than chance alone would have them. Then no area's own figure would
    count, for which few areas are no evidence: estimates rest on ½·√(2/Σ ψ_i⁻²) at least, half the standard error of τ² at 0.

    Parameters
    ----------
    own : float array (units,) or (sets, units)
        θ̂. NaN is left out, and has no estimate.
    variance : float array as `own`
        ψ, the sampling variance in the square of the unit of `own`. NaN, 0 and less are left out.
    covariates : float array (units, covariates), optional
        Beside a constant; the same in all sets, no NaN.

    Returns
    -------
    AreaEstimates
        In the unit of `own`, its square for variances. All NaN for a set with fewer than two areas more than there are
        coefficients.

    Raises
    ------
    numpy.linalg.LinAlgError
        Covariates that do not differ from each other.
    """
    many, psi = np.atleast_2d(np.asarray(own, float)), np.atleast_2d(np.asarray(variance, float))
    known = ~np.isnan(many) & (psi > 0)
    units_n = many.shape[1]
    x = np.column_stack([np.ones(units_n), *([] if covariates is None else [covariates])])
    enough = known.sum(axis=1) >= x.shape[1] + SPARE_AREAS_N
    held = known[enough]
    likelihood = _Restricted(
        np.where(held, many[enough], 0.0), np.where(held, psi[enough], 1.0), held.astype(float), x
    )
    reml = likelihood.highest()
    used = np.maximum(reml, FLOOR_SE * np.sqrt(2 / (held / likelihood.psi**2).sum(axis=1)))
    found = [reml, used, *likelihood.predict(used)]
    shown = np.where(held, 0.0, np.nan)
    filled = []
    for figures in [*found[:3], *(f + shown for f in found[3:])]:
        out = np.full((len(many), *figures.shape[1:]), np.nan)
        out[enough] = figures
        filled.append(out if np.ndim(own) == 2 else out[0])
    return AreaEstimates(*filled)


@dataclass(frozen=True)
class _Restricted:
    """The restricted likelihood of τ² of sets of areas; areas left out have `held` 0.

    Attributes
    ----------
    own, psi, held : float arrays (sets, units)
    x : float array (units, coefficients)
    """

    own: np.ndarray
    psi: np.ndarray
    held: np.ndarray
    x: np.ndarray

    def fit(self, tau2: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return w, X'WX, β̂ and residuals at τ² (sets,)."""
        w = self.held / (tau2[:, None] + self.psi)
        information = np.einsum("su,up,uq->spq", w, self.x, self.x)
        beta = np.linalg.solve(information, ((w * self.own) @ self.x)[:, :, None])[:, :, 0]
        return w, information, beta, self.own - beta @ self.x.T

    def value(self, tau2: np.ndarray) -> np.ndarray:
        """Return the logarithm at τ² (sets,), up to a constant."""
        w, information, _, residual = self.fit(tau2)
        logs = (self.held * np.log(tau2[:, None] + self.psi)).sum(axis=1) + np.linalg.slogdet(information)[1]
        return -0.5 * (logs + (w * residual**2).sum(axis=1))

    def slope(self, tau2: np.ndarray) -> np.ndarray:
        """Return the derivative of `value`."""
        w, information, _, residual = self.fit(tau2)
        squared = np.einsum("su,up,uq->spq", w**2, self.x, self.x)
        trace = np.trace(np.linalg.solve(information, squared), axis1=1, axis2=2)
        return 0.5 * (((w * residual) ** 2).sum(axis=1) - w.sum(axis=1) + trace)

    def highest(self) -> np.ndarray:
        """Return the τ² (sets,) of the highest value: the best point of a grid, then halving between its neighbours."""
        sets_n = len(self.own)
        if not sets_n:
            return np.zeros(0)
        mean = (self.held * self.own).sum(axis=1, keepdims=True) / self.held.sum(axis=1, keepdims=True)
        # no variance beyond the sum of squares can be the highest; twice that leaves room
        most = 2 * (self.held * (self.own - mean) ** 2).sum(axis=1) + self.psi.min(axis=1)
        grid = np.concatenate([[0.0], np.geomspace(GRID_LEAST, 1, GRID_N)])[:, None] * most
        best = np.argmax([self.value(tau2) for tau2 in grid], axis=0)
        every = np.arange(sets_n)
        low, high = grid[np.maximum(best - 1, 0), every], grid[np.minimum(best + 1, GRID_N), every]
        for _ in range(HALVINGS_N):
            middle = (low + high) / 2
            rises = self.slope(middle) > 0
            low, high = np.where(rises, middle, low), np.where(rises, high, middle)
        falls = self.slope(np.zeros(sets_n)) <= 0
        return np.where((best == 0) & falls, 0.0, (low + high) / 2)

    def predict(self, tau2: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return β̂, the estimate, the root of its mean squared error, and γ."""
        w, information, beta, residual = self.fit(tau2)
        gamma = tau2[:, None] / (tau2[:, None] + self.psi)
        spread = np.einsum("up,spq,uq->su", self.x, np.linalg.inv(information), self.x)
        of_variance = 2 / (w**2).sum(axis=1, keepdims=True)
        mse = gamma * self.psi + (1 - gamma) ** 2 * spread + 2 * self.psi**2 * w**3 * of_variance
        return beta, self.own - (1 - gamma) * residual, np.sqrt(mse), gamma

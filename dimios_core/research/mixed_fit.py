"""Restricted maximum likelihood of linear mixed models (Bates, Mächler, Bolker and Walker 2015), for crossed and nested groups.

`y = Xβ + Zb + e`, `b = Λu`, `u ~ N(0, σ²I)`. With `A = Λ'Z'ZΛ + I` the deviance profiled over β and σ is
`log|A| + log|X'V⁻¹X| + (n − p)(1 + log(2πr²/(n − p)))`. The factor with most groups has a block-diagonal part of A, which is
eliminated exactly; what is left is small and dense.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, optimize, sparse

from dimios_core.errors import InputError, Problem

#: rows and columns of what is left when the largest factor is eliminated: a gigabyte of memory at most
LEFT_MAX = 8000
#: relative change of the deviance at which it has settled, and step of its numerical slope
TOLERANCE, STEP = 1e-12, 1e-5


@dataclass(frozen=True)
class Factor:
    """A grouping with random effects.

    Attributes
    ----------
    name : str
    terms : list of str
        "(Intercept)", and names of slopes.
    levels : list of str
    code : int array (rows,)
        Index into `levels`.
    values : float array (rows, terms)
        What each effect is multiplied by: 1 for the intercept.
    """

    name: str
    terms: list[str]
    levels: list[str]
    code: np.ndarray
    values: np.ndarray

    @property
    def theta_n(self) -> int:
        """Parameters of its relative covariance: a lower triangle."""
        return len(self.terms) * (len(self.terms) + 1) // 2

    def matrix(self) -> sparse.csr_matrix:
        """Z, (rows, levels × terms)."""
        n, q = self.values.shape
        columns = (self.code[:, None] * q + np.arange(q)).ravel()
        return sparse.csr_matrix(
            (self.values.ravel(), columns, np.arange(n + 1) * q), (n, len(self.levels) * q)
        )

    def triangle(self, theta: np.ndarray) -> np.ndarray:
        """Relative covariance's Cholesky factor, (terms, terms)."""
        q = len(self.terms)
        found = np.zeros((q, q))
        found[np.tril_indices(q)] = theta
        return found


@dataclass(frozen=True)
class Solved:
    """Everything at some θ.

    Attributes
    ----------
    deviance : float
        −2 times the restricted log-likelihood.
    beta : float array (columns,)
    beta_root : float array (columns, columns)
        R with `R'R = X'V⁻¹X` in units of σ².
    sigma : float
    effects : list of float array (levels, terms)
        b, by factor.
    variances : list of float array (levels, terms, terms)
        Conditional covariances of b given θ and β, by factor; empty unless asked for.
    """

    deviance: float
    beta: np.ndarray
    beta_root: np.ndarray
    sigma: float
    effects: list[np.ndarray]
    variances: list[np.ndarray]


class MixedProblem:
    """A model's cross-products: made once, solved at many θ.

    Parameters
    ----------
    y : float array (rows,)
    x : float array (rows, columns)
        Full rank.
    factors : list of Factor
        At least one.

    Raises
    ------
    InputError
        Too much would be left when the largest factor is eliminated.
    """

    def __init__(self, y: np.ndarray, x: np.ndarray, factors: list[Factor]) -> None:
        self.n, self.p = x.shape
        self.order = sorted(range(len(factors)), key=lambda k: -len(factors[k].levels))
        self.factors = [factors[k] for k in self.order]
        first, rest = self.factors[0], self.factors[1:]
        left = sum(len(f.levels) * len(f.terms) for f in rest)
        if left > LEFT_MAX:
            what = f"the factors beside {first.name} have {left} effects together"
            raise InputError(
                Problem("random", what, f"at most {LEFT_MAX} can be fitted; leave a factor or a slope out")
            )
        m, q = len(first.levels), len(first.terms)
        z1 = first.matrix()
        z2 = (
            sparse.hstack([f.matrix() for f in rest], format="csr")
            if rest
            else sparse.csr_matrix((self.n, 0))
        )
        other = np.column_stack([x, y])
        # the first factor's own block-diagonal part, (levels, terms, terms)
        own = np.zeros((m, q, q))
        np.add.at(own, first.code, first.values[:, :, None] * first.values[:, None, :])
        self.own = own
        self.across = (z1.T @ z2).tocsr()
        self.first_other = (z1.T @ other).reshape(m, q, -1)
        self.rest = (z2.T @ z2).toarray()
        self.rest_other = np.asarray(z2.T @ other)
        self.other = other.T @ other

    @cached_property
    def theta_start(self) -> np.ndarray:
        """Identity triangles."""
        return np.concatenate([np.eye(len(f.terms))[np.tril_indices(len(f.terms))] for f in self.factors])

    @cached_property
    def bounds(self) -> list[tuple[float | None, float | None]]:
        """Diagonals are not negative."""
        found: list[tuple[float | None, float | None]] = []
        for f in self.factors:
            row, column = np.tril_indices(len(f.terms))
            found += [(0.0, None) if i == j else (None, None) for i, j in zip(row, column, strict=True)]
        return found

    def solve(self, theta: np.ndarray, variances: bool = False) -> Solved:
        """Solve for β, σ and the effects at a θ."""
        triangles = self.triangles(theta)
        one = triangles[0]
        m, q = self.own.shape[:2]
        a = one.T @ self.own @ one + np.eye(q)
        root = np.linalg.cholesky(a)
        log_det = 2 * float(np.log(np.diagonal(root, axis1=1, axis2=2)).sum())
        scale = self._scale_rest(triangles)
        inverse = np.linalg.inv(a)
        # B = Λ₁' Z₁'Z₂ Λ₂, and A₁⁻¹ B, both sparse
        lift = sparse.kron(sparse.eye_array(m, format="csr"), one.T, format="csr")
        b = (lift @ self.across @ scale).tocsr()
        block = sparse.bsr_array((inverse, np.arange(m), np.arange(m + 1)), shape=(m * q, m * q)).tocsr()
        solved_b = (block @ b).tocsr()
        c_first = np.einsum("ij,mjk->mik", one.T, self.first_other).reshape(m * q, -1)
        c_rest = scale.T @ self.rest_other
        schur = scale.T @ (scale.T @ self.rest).T + np.eye(self.rest.shape[0]) - (b.T @ solved_b).toarray()
        d = c_rest - solved_b.T @ c_first
        lower = linalg.cholesky(schur, lower=True, check_finite=False) if len(schur) else schur
        log_det += 2 * float(np.log(np.diag(lower)).sum())
        half = linalg.solve_triangular(lower, d, lower=True, check_finite=False) if len(schur) else d
        first = np.einsum("mij,mjk->mik", inverse, c_first.reshape(m, q, -1)).reshape(m * q, -1)
        inner = self.other - c_first.T @ first - half.T @ half
        p = self.p
        beta_root = np.linalg.cholesky(inner[:p, :p]).T
        beta = linalg.cho_solve((beta_root, False), inner[:p, p])
        left = float(inner[p, p] - inner[p, :p] @ beta)
        df = self.n - p
        deviance = (
            log_det + 2 * float(np.log(np.diag(beta_root)).sum()) + df * (1 + np.log(2 * np.pi * left / df))
        )
        sigma = float(np.sqrt(left / df))
        weights = np.append(-beta, 1.0)
        u_rest = linalg.solve_triangular(lower.T, half @ weights, lower=False) if len(schur) else np.zeros(0)
        u_first = first @ weights - solved_b @ u_rest
        parts = [u_first.reshape(m, q), *self._split(u_rest)]
        effects = [u @ t.T for u, t in zip(parts, triangles, strict=True)]
        spread = self._variances(triangles, inverse, solved_b, lower, sigma) if variances else []
        return Solved(deviance, beta, beta_root, sigma, effects, spread)

    def fit(self) -> tuple[np.ndarray, Solved]:
        """Find the θ with the smallest deviance.

        Returns
        -------
        theta : float array
        solved : Solved
            With conditional variances.
        """
        done = optimize.minimize(
            lambda theta: self.solve(theta).deviance, self.theta_start, method="L-BFGS-B", bounds=self.bounds,
            options={"ftol": TOLERANCE, "gtol": 1e-4, "eps": STEP},
        )  # fmt: skip
        return done.x, self.solve(done.x, variances=True)

    def triangles(self, theta: np.ndarray) -> list[np.ndarray]:
        """Relative covariances' Cholesky factors, by factor."""
        ends = np.cumsum([f.theta_n for f in self.factors])
        return [f.triangle(part) for f, part in zip(self.factors, np.split(theta, ends[:-1]), strict=True)]

    def _scale_rest(self, triangles: list[np.ndarray]) -> sparse.csr_array:
        parts = [
            sparse.kron(sparse.eye_array(len(f.levels)), t)
            for f, t in zip(self.factors[1:], triangles[1:], strict=True)
        ]
        return sparse.csr_array(sparse.block_diag(parts)) if parts else sparse.csr_array((0, 0))

    def _split(self, u: np.ndarray) -> list[np.ndarray]:
        sizes = [len(f.levels) * len(f.terms) for f in self.factors[1:]]
        parts = np.split(u, np.cumsum(sizes)[:-1]) if sizes else []
        return [part.reshape(len(f.levels), -1) for f, part in zip(self.factors[1:], parts, strict=True)]

    def _variances(
        self,
        triangles: list[np.ndarray],
        inverse: np.ndarray,
        solved_b: sparse.csr_array,
        lower: np.ndarray,
        sigma: float,
    ) -> list[np.ndarray]:
        """Blocks of σ² Λ A⁻¹ Λ' on the diagonal, by factor."""
        m, q = inverse.shape[:2]
        rest = linalg.cho_solve((lower, True), np.eye(len(lower))) if len(lower) else lower
        spread = solved_b @ rest if len(lower) else np.zeros((m * q, 0))
        dense = np.asarray(spread).reshape(m, q, -1)
        back = solved_b.toarray().reshape(m, q, -1)
        blocks = [inverse + np.einsum("mik,mjk->mij", dense, back)]
        at = 0
        for f in self.factors[1:]:
            size = len(f.terms)
            index = at + np.arange(len(f.levels) * size).reshape(len(f.levels), size)
            blocks.append(rest[index[:, :, None], index[:, None, :]])
            at += len(f.levels) * size
        return [sigma**2 * t @ b @ t.T for b, t in zip(blocks, triangles, strict=True)]

"""Whether levels over years lie on a straight line, so far as their uncertainty tells (method 3)."""

from __future__ import annotations

import numpy as np
from scipy.special import fdtrc


def straight_p(
    score_pct: np.ndarray, covariance: np.ndarray, floor: np.ndarray, years: np.ndarray, df: np.ndarray
) -> np.ndarray:
    """Return the p of a straight line through T levels, by generalised least squares.

    `Q = (L'θ)'(L'VL)⁻¹(L'θ)`, L an orthonormal basis of what is at right angles to 1 and t: the residual sum of squares of θ
    on 1 and t with V as their covariance. V is estimated, so Q is Hotelling's T² (Anderson 2003, ch. 5):
    `Q·(df − T + 3)/(df·(T − 2))` against F(T − 2, df − T + 3). In no direction is L'VL less than what the floors of the
    levels give, as for their slope.

    Parameters
    ----------
    score_pct, floor : float arrays (T, trends, level rows)
        Levels, and what their standard errors are not told below, percentage points.
    covariance : float array (T, T, trends, level rows)
        V, floored on its diagonal.
    years : float array (trends, T)
        t, three or more different ones.
    df : float array (trends, level rows)
        Degrees of freedom of V.

    Returns
    -------
    float array (trends, level rows)
        NaN where a level, a variance or degrees of freedom are missing, or df < T − 2.
    """
    t_n = len(score_pct)
    basis = np.linalg.qr(np.stack([np.ones_like(years), years], axis=-1), mode="complete")[0][:, :, 2:]
    known = np.isfinite(covariance).all(axis=(0, 1)) & np.isfinite(score_pct).all(axis=0)
    known &= df >= t_n - 2
    known &= (floor > 0).all(axis=0)
    residual = np.einsum("gtk,tgr->grk", basis, np.where(known, score_pct, 0.0))
    told = np.einsum("gtk,tsgr,gsl->grkl", basis, np.where(known, covariance, 0.0), basis)
    least = np.einsum("gtk,tgr,gtl->grkl", basis, np.where(known, floor, 1.0) ** 2, basis)
    root = np.linalg.inv(np.linalg.cholesky(least))
    values, vectors = np.linalg.eigh(root @ told @ np.swapaxes(root, -1, -2))
    along = np.einsum("grkl,grk->grl", vectors, np.einsum("grkl,grl->grk", root, residual))
    q = (along**2 / np.maximum(values, 1.0)).sum(axis=-1)
    own = np.where(known, df, t_n)
    left = own - t_n + 3
    return np.where(known, fdtrc(t_n - 2, left, q * left / (own * (t_n - 2))), np.nan)

"""Measurement models of ordered answers: polychoric correlations and diagonally weighted least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.cfa import Confirmatory, tell
from dimios_core.research.factor_model import FactorModel, build_model, start_values
from dimios_core.research.fitting import Fitted, Target
from dimios_core.research.moments import Moments
from dimios_core.research.polychoric import Polychoric, polychoric
from dimios_core.research.reading import take_points
from dimios_core.research.structure import name_structure

STEPS_MAX = 500
TOLERANCE = 1e-12


@dataclass(frozen=True, repr=False)
class Ordinal(Confirmatory):
    """A measurement model of what lies behind ordered answers; as `Confirmatory`.

    `fit` has chi2, cfi, tli, rmsea of least squares, which follow no χ²; chi2_scaled and so on are scaled and shifted
    (Asparouhov and Muthén 2010), and are the ones to tell.
    """

    @property
    def r_call(self) -> str:
        """The call of lavaan's cfa."""
        return f'lavaan::cfa(model, items, std.lv = TRUE, ordered = TRUE, missing = "{self.missing}")'


def cfa_ordinal(
    data: Answers | pd.DataFrame, model: str = "categories", missing: str = "pairwise"
) -> Ordinal:
    """Fit a measurement model to polychoric correlations by diagonally weighted least squares.

    `F = Σ (r − ρ(θ))²/Γ_rr` over pairs, Γ the covariance of correlations; errors and statistic from all of Γ (Muthén, du Toit
    and Spisic 1997). Answers of five kinds are far from normal where most lie at an end of the scale; else `cfa` tells
    nearly the same.

    Parameters
    ----------
    model : str
        As in `cfa`.
    missing : {"pairwise", "listwise"}
        See `polychoric`. Neither uses somebody's other answers, as `cfa(missing="two_stage")` does.

    Raises
    ------
    InputError
        As in `cfa` and `polychoric`; points of several items, whose means are not ordered answers, have too many values.
    """
    frame = take_points(data)
    structure = name_structure(
        model, data.instrument if isinstance(data, Answers) else None, list(frame.columns)
    )
    built = build_model(structure)
    found = polychoric(frame[structure.points], missing)
    theta, own = _minimise(built, found)
    slopes = _slopes(built, theta)[:, own]
    weight = 1 / np.diag(found.covariance)
    bread = np.linalg.inv(slopes.T @ (weight[:, None] * slopes))
    middle = slopes.T @ ((weight[:, None] * found.covariance) * weight) @ slopes
    covariance = np.zeros((len(theta), len(theta)))
    covariance[np.ix_(own, own)] = bread @ middle @ bread / (found.n - 1)
    fit = _index(built, theta, found, slopes, weight)
    moments = Moments(found.names, found.n, np.zeros(len(found.names)), found.correlations)
    fitted = Fitted(theta, float(fit["chi2"]), covariance, 0)
    one, none = np.ones(len(found.names)), np.zeros(len(found.names))
    told = tell(built, fitted, covariance, [""], one, none, fit, ([Target(moments, False)], missing, (), ""))
    # what lies behind an answer has variance 1 whatever its loading: standardised it is as it stands
    table = told.table.assign(
        standardised_se=told.table["standardised_se"].where(
            ~told.table.index.isin(_of(built)), told.table["se"]
        )
    )
    return Ordinal(**vars(told) | {"table": table})


def _of(model: FactorModel) -> list[tuple[str, str]]:
    return [(factor, point) for factor, points in model.structure.factors.items() for point in points]


def _minimise(model: FactorModel, found: Polychoric) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Newton with halved steps. Returns all parameters (residuals are what is left of 1) and which are free."""
    own = np.array(
        [p.matrix in ("loading", "above", "latent") or p.row != p.column for p in model.parameters]
    )
    own &= np.array([p.matrix not in ("intercept", "mean") for p in model.parameters])
    at = np.tril_indices(len(found.names), -1)
    target, weight = found.correlations[at], 1 / np.diag(found.covariance)
    theta = start_values(model, [np.zeros(len(found.names))], [found.correlations])
    theta[[p.matrix == "intercept" for p in model.parameters]] = 0.0

    def misfit(values: np.ndarray) -> float:
        return float(weight @ (target - model.implied(values, 0)[1][at]) ** 2)

    value = misfit(theta)
    for _ in range(STEPS_MAX):
        slopes = _slopes(model, theta)[:, own]
        off = target - model.implied(theta, 0)[1][at]
        normal = slopes.T @ (weight[:, None] * slopes)
        if np.linalg.matrix_rank(normal, hermitian=True) < own.sum():
            remedy = "give every factor two points or more, and let factors of two points vary together with others"
            raise InputError(Problem("model", "its parameters cannot be told apart by these points", remedy))
        step = np.linalg.solve(normal, slopes.T @ (weight * off))
        size = 1.0
        while True:
            trial = theta.copy()
            trial[own] += size * step
            new = misfit(trial)
            if new < value or size < 1e-6:
                break
            size /= 2
        gain, value, theta = value - new, min(new, value), trial if new < value else theta
        if gain < TOLERANCE * max(value, 1e-6):
            break
    common = np.diag(model.implied(theta, 0)[1])
    for k, one in enumerate(model.parameters):
        if one.matrix == "residual" and one.row == one.column:
            theta[k] = 1 - (common[one.row] - theta[k])
    return theta, own


def _slopes(model: FactorModel, theta: np.ndarray) -> np.ndarray:
    _, d_cov = model.slopes(theta, 0)
    at = np.tril_indices(d_cov.shape[1], -1)
    return d_cov[:, at[0], at[1]].T


def _index(
    model: FactorModel, theta: np.ndarray, found: Polychoric, slopes: np.ndarray, weight: np.ndarray
) -> pd.Series:
    at = np.tril_indices(len(found.names), -1)
    off = found.correlations[at] - model.implied(theta, 0)[1][at]
    statistic, base = (float((found.n - 1) * (weight @ v**2)) for v in (off, found.correlations[at]))
    df, base_df = len(off) - slopes.shape[1], len(off)
    scaled = _shift(statistic, df, found.covariance, weight, slopes)
    base_scaled = _shift(base, base_df, found.covariance, weight, np.zeros((len(off), 0)))
    index = {"n": float(found.n), "df": float(df)}
    for kind, own, other in (("", statistic, base), ("_scaled", scaled, base_scaled)):
        gone, most = max(own - df, 0.0), max(other - base_df, own - df, 1e-12)
        index |= {
            f"chi2{kind}": own, f"p{kind}": float(stats.chi2.sf(own, df)), f"cfi{kind}": 1 - gone / most,
            f"tli{kind}": (other / base_df - own / df) / (other / base_df - 1) if df else np.nan,
            f"rmsea{kind}": float(np.sqrt(gone / ((found.n - 1) * df))) if df else 0.0,
        }  # fmt: skip
    p = len(found.names)
    return pd.Series(index | {"srmr": float(np.sqrt((off**2).sum() / (p * (p + 1) / 2)))})


def _shift(
    statistic: float, df: int, covariance: np.ndarray, weight: np.ndarray, slopes: np.ndarray
) -> float:
    """`a·T + df − a·tr(UΓ)`, `a = √(df/tr(UΓUΓ))`."""
    if not df:
        return statistic
    weighted = weight[:, None] * slopes
    u = np.diag(weight)
    if slopes.shape[1]:
        u = u - weighted @ np.linalg.solve(slopes.T @ weighted, weighted.T)
    product = u @ covariance
    a = float(np.sqrt(df / np.sum(product * product.T)))
    return a * statistic + df - a * float(np.trace(product))

"""How many things the points measure, and which: parallel analysis and exploratory factor analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import optimize, stats

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.moments import correlate, gather_moments
from dimios_core.research.reading import take_points
from dimios_core.research.result import Result, check_language, draw_matrix, finish_figure, say, say_p
from dimios_core.research.rotation import ROTATIONS, rotate
from dimios_core.research.sums import Sums

#: an eigenvalue counts above this quantile of those of noise
QUANTILE = 0.95
#: factanal's lowest uniqueness
LOWEST = 0.005
#: steps and tolerance of the one-factor solution behind eigenvalues of factors
AXIS_STEPS_MAX, AXIS_TOLERANCE = 200, 1e-6


@dataclass(frozen=True, repr=False)
class ParallelAnalysis(Result):
    """Eigenvalues beside those of noise.

    `table`: index 1…, columns factor, factor_noise, component, component_noise (95th percentiles of noise).

    Attributes
    ----------
    factors_n, components_n : int
        How many lie above noise, from the first on.
    """

    factors_n: int
    components_n: int

    def words(self, language: str = "sv") -> str:
        """How many factors stand out from noise."""
        texts = {
            "sv": f"{self.factors_n} faktorer sticker upp över slumpen ({self.components_n} komponenter)."
            "\nRegeln hittar hellre en faktor för mycket när många har svarat; det avgörs av om faktorn betyder något.",
            "en": f"{self.factors_n} factors stand out from noise ({self.components_n} components)."
            "\nWith many people the rule would rather find one factor too many; whether it means anything decides.",
        }
        return texts[check_language(language)]

    def figure(self, language: str = "sv") -> go.Figure:
        """Eigenvalues of factors, and the noise that they have to exceed."""
        sv = check_language(language) == "sv"
        title = "Egenvärden mot slumpens" if sv else "Eigenvalues against those of noise"
        figure = go.Figure(
            [
                go.Scatter(x=self.table.index, y=self.table["factor"], name="Faktorer" if sv else "Factors"),
                go.Scatter(x=self.table.index, y=self.table["factor_noise"], name="Slump" if sv else "Noise", line={"dash": "dot"}),
            ]
        )  # fmt: skip
        return finish_figure(figure, title, "Nummer" if sv else "Number", "Egenvärde" if sv else "Eigenvalue")

    @property
    def r_call(self) -> str:
        """psych's parallel analysis."""
        return 'psych::fa.parallel(points, fm = "minres")'


def parallel_analysis(
    data: Answers | pd.DataFrame, seed: int, centre: str | None = None, rounds: int = 50
) -> ParallelAnalysis:
    """Horn's (1965) parallel analysis of correlations, as psych does it.

    Factors are compared by the eigenvalues of the correlations with a one-factor solution's communalities on their
    diagonal; components by those of the correlations. Noise keeps everybody's missing answers in place.

    Parameters
    ----------
    seed : int
        Of the noise.
    centre : str, optional
        Index level whose groups' means are taken away first.
    rounds : int, optional
        Draws of noise.

    Notes
    -----
    Missing answers: correlations of two points rest on everybody who answered both.
    """
    frame = take_points(data, centre)
    y = frame.to_numpy(float)
    Sums.of(y).check(list(frame.columns))
    component, factor = _eigenvalues(frame.corr().to_numpy())
    rng = np.random.default_rng(seed)
    gaps = np.isnan(y)
    noise = []
    for _ in range(rounds):
        drawn = rng.standard_normal(y.shape)
        drawn[gaps] = np.nan
        noise.append(_eigenvalues(pd.DataFrame(drawn).corr().to_numpy()))
    above = [np.quantile([n[i] for n in noise], QUANTILE, axis=0) for i in (0, 1)]
    columns = {
        "factor": factor,
        "factor_noise": above[1],
        "component": component,
        "component_noise": above[0],
    }
    table = pd.DataFrame(columns, pd.RangeIndex(1, len(factor) + 1, name="number"))
    return ParallelAnalysis(table, _count_leading(factor > above[1]), _count_leading(component > above[0]))


def _count_leading(stands_out: np.ndarray) -> int:
    return int(np.logical_and.accumulate(stands_out).sum())


def _eigenvalues(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of correlations, and of correlations with a one-factor solution's communalities (least squares)."""
    reduced = r.copy()
    shared = np.abs(r - np.eye(len(r))).max(axis=1)
    for _ in range(AXIS_STEPS_MAX):
        np.fill_diagonal(reduced, shared)
        values, vectors = np.linalg.eigh(reduced)
        new = max(values[-1], 0.0) * vectors[:, -1] ** 2
        if np.abs(new - shared).max() < AXIS_TOLERANCE:
            break
        shared = new
    np.fill_diagonal(reduced, shared)
    return np.linalg.eigvalsh(r)[::-1], np.linalg.eigvalsh(reduced)[::-1]


@dataclass(frozen=True, repr=False)
class Exploratory(Result):
    """Factors without a model.

    `table`: a row an item, columns f1… (standardised loadings, pattern) and uniqueness (share of the variance, 0-1).

    Attributes
    ----------
    correlations : pandas.DataFrame
        Between the factors; the identity but for oblimin and promax.
    chi2, df, p : float, int, float
        Of the number of factors, with Bartlett's (1950) correction.
    n : int
    rotation : str
    heywood : list of str
        Items whose uniqueness lies at its lowest allowed value: the solution is not to be trusted.
    """

    correlations: pd.DataFrame
    chi2: float
    df: int
    p: float
    n: int
    rotation: str
    heywood: list[str]

    def words(self, language: str = "sv") -> str:
        """What the test says, and what not to make of it."""
        k = len(self.correlations)
        told = f"χ²({self.df}) = {say(self.chi2, 1, language)}, {say_p(self.p, language)}"
        bad = ", ".join(self.heywood)
        texts = {
            "sv": f"{k} faktorer, {self.n} personer: {told}."
            + (f"\nVarning: ingen egen varians kvar för {bad} (Heywood); ta färre faktorer." if bad else "")
            + "\nMed många svarande förkastas nästan varje modell; se på vad faktorerna betyder.",
            "en": f"{k} factors, {self.n} people: {told}."
            + (
                f"\nWarning: no variance of its own is left for {bad} (Heywood); take fewer factors."
                if bad
                else ""
            )
            + "\nWith many people nearly every model is rejected; look at what the factors mean.",
        }
        return texts[check_language(language)]

    def figure(self, language: str = "sv") -> go.Figure:
        """Loadings as a heat map."""
        title = {"sv": "Laddningar", "en": "Loadings"}[check_language(language)]
        return draw_matrix(self.table.drop(columns="uniqueness"), title, 1.0, 2, language)

    @property
    def r_call(self) -> str:
        """R's own factanal; oblimin by GPArotation."""
        rotation = {"oblimin": "GPArotation::oblimin"}.get(self.rotation, self.rotation)
        return f'factanal(points, factors = {len(self.correlations)}, rotation = "{rotation}")'


def efa(
    data: Answers | pd.DataFrame,
    n: int,
    rotation: str = "oblimin",
    missing: str = "em",
    centre: str | None = None,
) -> Exploratory:
    """Exploratory factor analysis by maximum likelihood (Jöreskog 1967).

    Minimises, over uniquenesses Ψ, `Σ (θ_j − log θ_j − 1)` of all but the n largest eigenvalues θ of `Ψ^-½ R Ψ^-½`.

    Parameters
    ----------
    n : int
        Factors.
    rotation : {"oblimin", "promax", "varimax", "none"}
    missing : {"em", "listwise"}
        Correlations from everybody who answered anything, by EM; or from complete answers alone. With EM the test takes
        everybody as complete, and so finds too much.

    Raises
    ------
    InputError
        More factors than the points can tell apart, or an unknown rotation or `missing`.
    """
    if rotation not in ROTATIONS:
        raise InputError(
            Problem("rotation", f"“{rotation}” is not known", f"use one of {', '.join(ROTATIONS)}")
        )
    if missing not in ("em", "listwise"):
        raise InputError(Problem("missing", f"“{missing}” is not known", 'use "em" or "listwise"'))
    (moments,) = gather_moments(data, missing, centre=centre).values()
    p = len(moments.names)
    df = ((p - n) ** 2 - p - n) // 2
    if n < 1 or df < 0:
        raise InputError(Problem("n", f"{n} factors cannot be told from {p} points", "take fewer"))
    r = correlate(moments.covariance)
    start = (1 - 0.5 * n / p) / np.diag(np.linalg.inv(r))
    done = optimize.minimize(
        _misfit, np.clip(start, LOWEST, 1), (r, n), "L-BFGS-B", jac=True, bounds=[(LOWEST, 1.0)] * p,
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 2000},
    )  # fmt: skip
    psi = done.x
    values, vectors = np.linalg.eigh(r / np.sqrt(np.outer(psi, psi)))
    size = np.sqrt(np.maximum(values[::-1][:n] - 1, 0.0))
    loadings, correlations = rotate(np.sqrt(psi)[:, None] * vectors[:, ::-1][:, :n] * size, rotation)
    chi2 = float((moments.n - 1 - (2 * p + 5) / 6 - 2 * n / 3) * done.fun)
    names = [f"f{k}" for k in range(1, n + 1)]
    table = pd.DataFrame(loadings, pd.Index(moments.names, name="point"), names).assign(uniqueness=psi)
    tail = float(stats.chi2.sf(chi2, df)) if df else 1.0
    bad = [name for name, u in zip(moments.names, psi, strict=True) if u <= LOWEST * 1.001]
    return Exploratory(
        table, pd.DataFrame(correlations, names, names), chi2, df, tail, moments.n, rotation, bad
    )


def _misfit(psi: np.ndarray, r: np.ndarray, n: int) -> tuple[float, np.ndarray]:
    """Jöreskog's function and its gradient."""
    values, vectors = np.linalg.eigh(r / np.sqrt(np.outer(psi, psi)))
    small, own = np.maximum(values[:-n], 1e-12), vectors[:, :-n]
    return float((small - np.log(small) - 1).sum()), -((own**2) @ (small - 1)) / psi

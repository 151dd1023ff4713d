"""How sure a result will be: the variance and the interval of reports, on answers that are expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.results.scoring.compare import welch_df
from dimios_core.results.scoring.intervals import (
    NORMAL,
    effective_answers,
    level_interval,
    smallest_detectable,
    t_quantile,
)
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N


@dataclass(frozen=True)
class Design:
    """Answers that are expected of cells, and what each stands for.

    Attributes
    ----------
    stratum : int array (cells,)
    population : int array (strata,)
        N_h.
    invited : int array (strata,)
        n_h.
    expected : float array (cells,)
        m_c, answers.
    spread : float array (strata,)
        S_h, standard deviation of people, percentage points.
    """

    stratum: np.ndarray
    population: np.ndarray
    invited: np.ndarray
    expected: np.ndarray
    spread: np.ndarray

    def answers(self, groups: np.ndarray) -> np.ndarray:
        """Return the answers expected of each stratum in groups; `groups` is bool (groups, cells), what comes (groups, strata)."""
        in_stratum = self.stratum[:, None] == np.arange(len(self.population))
        return (groups * self.expected) @ in_stratum.astype(float)


@dataclass(frozen=True)
class Precision:
    """How sure the result of groups will be, arrays (groups,); NaN where nothing can be said.

    Attributes
    ----------
    answers : float
        Expected.
    se : float
        Standard error as reports have it, percentage points.
    df : int
        Expected answers less strata that two or more of them are expected in, by Poisson's chances: of those of one alone each goes with
        another, and those of none do not count.
    half_width : float
        Half of the 95 % interval that reports will show, percentage points.
    own_now : float
        The same about the organisation's own people now, with the finite-population correction: never for comparison or change.
    """

    answers: np.ndarray
    se: np.ndarray
    df: np.ndarray
    half_width: np.ndarray
    own_now: np.ndarray


def plan_precision(design: Design, groups: np.ndarray, score_pct: float, phi: float) -> Precision:
    """Plan how sure the results of groups will be.

    `V = Σ_h w_h² m_h S_h² / (Σ_h w_h m_h)²` over the strata of a group, m_h its expected answers in them: what
    `dimios_core.results.scoring.strata` will find on the average. Below 20 expected answers `φ·p(100 − p)/n_eff`, as there. The interval is
    `dimios_core.results.scoring.intervals.level_interval`. With the finite-population correction each stratum's part is
    `(1 − m_h/N_h)` as large (Cochran 1977, 5.13), and the half width `t(df; .975)·√V`, or z·√V where the spread
    is shared, which is as good as known.

    Parameters
    ----------
    design : Design
    groups : bool array (groups, cells)
    score_pct : float
        The level that is expected, 0-100.
    phi : float
        Variance of people as a share of p(100 − p), for groups of few.

    Returns
    -------
    Precision
    """
    strata_n = len(design.population)
    answers_h = design.answers(groups)
    weight_h = np.divide(design.population, design.invited, out=np.zeros(strata_n), where=design.invited > 0)
    answers, total = answers_h.sum(axis=1), answers_h @ weight_h
    with np.errstate(divide="ignore", invalid="ignore"):
        part = answers_h * (weight_h * design.spread) ** 2
        own = part.sum(axis=1) / total**2
        effective = total**2 / (answers_h @ weight_h**2)
        answered = np.bincount(design.stratum, design.expected, strata_n)
        finite = (part * (1 - answered / design.population)).sum(axis=1) / total**2
        few = answers < OWN_SPREAD_N
        shared = phi * score_pct * (100 - score_pct) / effective
    se = np.sqrt(np.where(few, shared, own))
    df = np.round(answers - (1 - (1 + answers_h) * np.exp(-answers_h)).sum(axis=1))
    score = np.full(len(answers), score_pct)
    low, high = level_interval(score, effective_answers(score, se, df, effective, few))
    now = np.sqrt(
        np.where(few, shared * np.divide(finite, own, out=np.ones_like(own), where=own > 0), finite)
    )
    return Precision(answers, se, df, (high - low) / 2, np.where(few, NORMAL, t_quantile(df)) * now)


def detectable_change(precision: Precision, before_se: float | None, before_df: float | None) -> np.ndarray:
    """Return the smallest change that would be found with 80 % power, percentage points (groups,).

    `(t.975 + t.80)·√(V₁ + V₂)`, df by Welch and Satterthwaite, as reports have it without a panel; V₁ is that of the last measurement,
    and where there is none that of another survey of this plan: the change to the next one.
    """
    v2, df2 = precision.se**2, precision.df
    v1 = v2 if before_se is None else np.full_like(v2, before_se**2)
    df1 = df2 if before_df is None else np.full_like(df2, before_df)
    return smallest_detectable(np.sqrt(v1 + v2), welch_df(v1, df1, v2, df2))

"""What a mixed model tells: fixed effects, where the variance lies, and each group's effect, shrunken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.research.mixed_design import INTERCEPT
from dimios_core.research.mixed_fit import Factor
from dimios_core.research.result import Result, check_language, draw_intervals, say
from dimios_core.responses.labels import suggest

Z_95 = 1.959964
#: draws behind probabilities of ranks
DRAWS_N = 4000


@dataclass(frozen=True, repr=False)
class Shrunk(Result):
    """Effects of a factor's levels, drawn towards nought by what is not known of each.

    `table`: index level, sorted from the highest; columns effect, se (conditional, as lme4's condVar), low, high (95 %),
    rows_n, rank, rank_low, rank_high (95 % of draws), top_quarter_p (probability of lying among the highest quarter).

    Attributes
    ----------
    group : str
    term : str
    """

    group: str
    term: str

    def words(self, language: str = "sv") -> str:
        """How many differ from the mean, and why ranks are not told."""
        sv = check_language(language) == "sv"
        differ = int(((self.table["low"] > 0) | (self.table["high"] < 0)).sum())
        wide = float((self.table["rank_high"] - self.table["rank_low"]).median())
        if sv:
            return (
                f"{differ} av {len(self.table)} ({self.group}) skiljer sig från medel efter krympning. "
                f"En placering är osäker med {say(wide, 0, 'sv')} steg i median.\nDärför publiceras ingen rangordning: "
                "krympta värden är bäst i snitt, men för lågt räknade för den som verkligen sticker ut."
            )
        return (
            f"{differ} of {len(self.table)} ({self.group}) differ from the mean after shrinkage. A rank is uncertain by {say(wide, 0, 'en')} "
            "steps in the median.\nHence no ranking is published: shrunken values are best on average, and too small for whoever "
            "really stands out."
        )

    def figure(self, language: str = "sv") -> go.Figure:
        """Effects with their intervals."""
        title = {"sv": "Krympta effekter", "en": "Shrunken effects"}[check_language(language)]
        t = self.table
        return draw_intervals(
            [str(i) for i in t.index], t["effect"], t["low"], t["high"], f"{title}: {self.group}", self.term
        )

    @property
    def r_call(self) -> str:
        """lme4's random effects."""
        return "lme4::ranef(fit, condVar = TRUE)"


@dataclass(frozen=True, repr=False)
class Mixed(Result):
    """A fitted mixed model.

    `table`: fixed effects; index term, columns estimate, se, t, low, high (95 %, normal).

    Attributes
    ----------
    variances : pandas.DataFrame
        Index group, term ("Residual" last), columns variance, sd, share (of all variance of intercepts), correlation (with the
        group's intercept; NaN for it).
    log_likelihood : float
        Restricted.
    n : int
    groups_n : dict of str to int
    fewest_n : int
        People (rows, where no respondent is known) that the predictor of fewest tells from all others.
    singular : bool
        A variance is nought or a correlation 1: less is in the data than the model asks for.
    formula : str
    effects : dict of str to (Factor, effects, conditional covariances)
    """

    variances: pd.DataFrame
    log_likelihood: float
    n: int
    groups_n: dict[str, int]
    fewest_n: int
    singular: bool
    formula: str
    effects: dict[str, tuple[Factor, np.ndarray, np.ndarray]]

    def words(self, language: str = "sv") -> str:
        """Where the variance lies."""
        sv = check_language(language) == "sv"
        at_start = self.variances[self.variances.index.get_level_values("term").isin([INTERCEPT, ""])]
        shares = ", ".join(
            f"{group} {say(100 * share, 1, language)} %" for (group, _), share in at_start["share"].items()
        )
        if sv:
            told = f"{self.n} svar. Variansen fördelar sig: {shares}."
            told += (
                "\nVarning: någon varians är noll; modellen frågar efter mer än data har."
                if self.singular
                else ""
            )
            return told + "\nSvar som saknas antas saknas slumpmässigt, givet det som är med i modellen."
        told = f"{self.n} answers. The variance lies: {shares}."
        told += (
            "\nWarning: a variance is nought; the model asks for more than the data hold."
            if self.singular
            else ""
        )
        return told + "\nMissing answers are taken as missing at random, given what is in the model."

    def figure(self, language: str = "sv") -> go.Figure:
        """Fixed effects with their intervals."""
        title = {"sv": "Fasta effekter", "en": "Fixed effects"}[check_language(language)]
        t = self.table.drop(INTERCEPT, errors="ignore")
        return draw_intervals([str(i) for i in t.index], t["estimate"], t["low"], t["high"], title, "")

    @property
    def r_call(self) -> str:
        """lme4's lmer."""
        return f"lme4::lmer({self.formula}, data)"

    def shrunk(self, group: str, seed: int, term: str = INTERCEPT) -> Shrunk:
        """Estimates of a group's levels, shrunken by what is known of each.

        Parameters
        ----------
        group : str
            A group of the model, such as "organisation".
        seed : int
            Of the draws behind ranks.
        term : str, optional
            A slope instead of the intercept.

        Raises
        ------
        InputError
            The model has no such group or term.
        """
        if group not in self.effects:
            remedy = f"use one of {', '.join(self.effects)}"
            raise InputError(
                Problem("group", f"the model has no {group}{suggest(group, [*self.effects])}", remedy)
            )
        factor, effects, spread = self.effects[group]
        if term not in factor.terms:
            raise InputError(
                Problem("term", f"{group} has no {term}", f"use one of {', '.join(factor.terms)}")
            )
        k = factor.terms.index(term)
        effect, se = effects[:, k], np.sqrt(np.maximum(spread[:, k, k], 0.0))
        drawn = np.random.default_rng(seed).normal(effect, se, (DRAWS_N, len(effect)))
        ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
        low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
        table = pd.DataFrame(
            {
                "effect": effect, "se": se, "low": effect - Z_95 * se, "high": effect + Z_95 * se,
                "rows_n": np.bincount(factor.code, minlength=len(effect)), "rank": (-effect).argsort().argsort() + 1,
                "rank_low": low, "rank_high": high, "top_quarter_p": (ranks <= len(effect) / 4).mean(axis=0),
            },
            pd.Index(factor.levels, name=group),
        )  # fmt: skip
        return Shrunk(table.sort_values("effect", ascending=False), group, term)

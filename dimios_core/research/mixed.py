"""Multilevel models: how much lies between people, units and organisations, and shrunken estimates of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.mixed_fit import Factor, MixedProblem
from dimios_core.research.periods import add_year
from dimios_core.research.result import Result, check_language, draw_intervals, say
from dimios_core.responses.labels import suggest

#: identifiers that are unique only within an organisation
NESTED = ("unit", "respondent")
INTERCEPT = "(Intercept)"
Z_95 = 1.959964
#: draws behind probabilities of ranks
DRAWS_N = 4000
_RANDOM = re.compile(r"^(?:(.+)\|)?\s*(\w+)$")


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


def fit_mixed(data: Answers | pd.DataFrame, formula: str, random: Sequence[str]) -> Mixed:
    """Fit a linear mixed model by restricted maximum likelihood.

    Parameters
    ----------
    data : Answers or DataFrame
        Answers: a row a respondent, period and item, with `score_pct` (0-100), `year` (years since the first period) and the
        identifiers. A frame: outcome and numeric predictors in columns, groups in columns or index levels.
    formula : str
        "score_pct ~ item + role + year": text and index levels as groups against the first in order, numbers as they are; "1"
        for an intercept alone.
    random : sequence of str
        "organisation" for an intercept a group, "year | organisation" for a slope too. `unit` and `respondent` are taken within
        their organisation.

    Returns
    -------
    Mixed

    Raises
    ------
    InputError
        Names that are not there, all at once; predictors that cannot be told apart; too large a model.

    Notes
    -----
    Missing answers: rows that lack outcome or a predictor are left out; that is right where answers are missing at random
    given the model. As lme4's `lmer(…, REML = TRUE)`; the t values have no exact distribution, intervals are normal.
    """
    frame = add_year(data.long) if isinstance(data, Answers) else data
    outcome, terms = _read_formula(formula)
    groups = [_read_random(text) for text in random]
    columns = _find_columns(frame, outcome, terms, groups)
    used = pd.notna(columns[outcome])
    for name in {*terms, *(s for slopes, _ in groups for s in slopes)}:
        used &= pd.notna(columns[name])
    columns = {name: values[used] for name, values in columns.items()}
    x, names = _design(columns, terms, int(used.sum()))
    y = np.asarray(columns[outcome], float)
    factors = [_make_factor(columns, slopes, group) for slopes, group in groups]
    problem = MixedProblem(y, x, factors)
    theta, solved = problem.fit()
    se = solved.sigma * np.sqrt(np.diag(np.linalg.inv(solved.beta_root.T @ solved.beta_root)))
    table = pd.DataFrame(
        {
            "estimate": solved.beta, "se": se, "t": solved.beta / se, "low": solved.beta - Z_95 * se,
            "high": solved.beta + Z_95 * se,
        },
        pd.Index(names, name="term"),
    )  # fmt: skip
    variances, singular = _tell_variances(problem, theta, solved.sigma)
    effects = {
        f.name: (f, e, v) for f, e, v in zip(problem.factors, solved.effects, solved.variances, strict=True)
    }
    bars = [f"({' + '.join(['1', *slopes])} | {group})" for slopes, group in groups]
    written = " + ".join([f"{outcome} ~ {' + '.join(terms) or '1'}", *bars])
    counts = {f.name: len(f.levels) for f in factors}
    return Mixed(
        table,
        variances,
        -solved.deviance / 2,
        len(y),
        counts,
        _count_fewest(x, _name_people(frame)[used]),
        singular,
        written,
        effects,
    )


def _read_formula(formula: str) -> tuple[str, list[str]]:
    outcome, tilde, right = (part.strip() for part in formula.partition("~"))
    terms = [t.strip() for t in right.split("+") if t.strip() not in ("1", "")]
    odd = [t for t in [outcome, *terms] if not re.fullmatch(r"\w+", t)]
    if not tilde or odd:
        what = f"“{formula}” is not understood" + (f": {', '.join(odd)}" if tilde else "")
        raise InputError(
            Problem("formula", what, "write outcome ~ a + b; groups with random effects stand in random=")
        )
    return outcome, terms


def _read_random(text: str) -> tuple[list[str], str]:
    match = _RANDOM.match(text.strip())
    if match is None:
        raise InputError(Problem("random", f"“{text}” is not understood", "write a group, or slope | group"))
    return [t.strip() for t in (match[1] or "").split("+") if t.strip() not in ("", "1")], match[2]


def _find_columns(
    frame: pd.DataFrame, outcome: str, terms: list[str], groups: list[tuple[list[str], str]]
) -> dict[str, np.ndarray]:
    wanted = dict.fromkeys(
        [outcome, *terms, *(s for slopes, _ in groups for s in slopes), *(g for _, g in groups)]
    )
    known = [*map(str, frame.columns), *(str(n) for n in frame.index.names if n)]
    lacking = [name for name in wanted if name not in known]
    if lacking:
        raise InputError(
            [
                Problem("formula", f"there is no {n}{suggest(n, known)}", f"use some of {', '.join(known)}")
                for n in lacking
            ]
        )
    if not groups:
        raise InputError(Problem("random", "no group is named", 'name one, such as ["organisation"]'))
    found = {
        name: (frame[name] if name in frame.columns else frame.index.get_level_values(name)).to_numpy()
        for name in wanted
    }
    if "organisation" in known:
        within = (
            frame["organisation"]
            if "organisation" in frame.columns
            else frame.index.get_level_values("organisation")
        )
        for name in {g for _, g in groups} & set(NESTED):
            pairs = pd.MultiIndex.from_arrays([within, found[name]])
            code, levels = pd.factorize(pairs)
            found[name] = np.array([f"{o}/{v}" for o, v in levels], object)[code]
    return found


def _design(columns: dict[str, np.ndarray], terms: list[str], n: int) -> tuple[np.ndarray, list[str]]:
    parts, names = [np.ones(n)], [INTERCEPT]
    for term in terms:
        values = columns[term]
        if pd.api.types.is_numeric_dtype(values):
            parts.append(np.asarray(values, float))
            names.append(term)
            continue
        levels = sorted(set(values))
        parts += [np.asarray(values == level, float) for level in levels[1:]]
        names += [f"{term}{level}" for level in levels[1:]]
    x = np.column_stack(parts)
    if n <= len(names) or np.linalg.matrix_rank(x.T @ x / n, hermitian=True) < len(names):
        what = f"predictors cannot be told apart: {', '.join(names)}"
        raise InputError(Problem("formula", what, "leave one out"))
    return x, names


def _name_people(frame: pd.DataFrame) -> np.ndarray:
    """Who each row is of; every row is somebody where no respondent is known."""
    known = frame.reset_index() if "respondent" in frame.index.names else frame
    return known["respondent"].to_numpy() if "respondent" in known else np.arange(len(frame))


def _count_fewest(x: np.ndarray, who: np.ndarray) -> int:
    """Count the people by which the predictor of fewest differs from its commonest value."""
    counts = [len(np.unique(who))]
    for predictor in x.T[1:]:
        values, n = np.unique(predictor, return_counts=True)
        counts.append(len(np.unique(who[predictor != values[n.argmax()]])))
    return min(counts)


def _make_factor(columns: dict[str, np.ndarray], slopes: list[str], group: str) -> Factor:
    code, levels = pd.factorize(columns[group])
    if not 1 < len(levels) < len(code):
        raise InputError(
            Problem("random", f"{group} has {len(levels)} groups for {len(code)} rows", "leave it out")
        )
    values = np.column_stack([np.ones(len(code)), *(np.asarray(columns[s], float) for s in slopes)])
    return Factor(group, [INTERCEPT, *slopes], [str(v) for v in levels], code, values)


def _tell_variances(problem: MixedProblem, theta: np.ndarray, sigma: float) -> tuple[pd.DataFrame, bool]:
    rows, singular = [], False
    for factor, triangle in zip(problem.factors, problem.triangles(theta), strict=True):
        covariance = sigma**2 * triangle @ triangle.T
        singular |= bool((np.diag(triangle) < 1e-4).any())
        sd = np.sqrt(np.diag(covariance))
        for k, term in enumerate(factor.terms):
            r = covariance[0, k] / (sd[0] * sd[k]) if k and sd[0] * sd[k] > 0 else np.nan
            rows.append((factor.name, term, covariance[k, k], sd[k], r))
    rows.append(("Residual", "", sigma**2, sigma, np.nan))
    table = pd.DataFrame(rows, columns=["group", "term", "variance", "sd", "correlation"]).set_index(
        ["group", "term"]
    )
    whole = table["variance"][table.index.get_level_values("term").isin([INTERCEPT, ""])].sum()
    share = table["variance"] / whole
    table["share"] = share.where(table.index.get_level_values("term").isin([INTERCEPT, ""]))
    return table, singular

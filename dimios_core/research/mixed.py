"""Multilevel models: how much lies between people, units and organisations, and shrunken estimates of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dimios_core.research.answers import Answers
from dimios_core.research.mixed_design import (
    INTERCEPT,
    find_columns,
    lay_out_design,
    make_factor,
    read_formula,
    read_random,
)
from dimios_core.research.mixed_fit import MixedProblem
from dimios_core.research.mixed_results import Z_95, Mixed
from dimios_core.research.periods import add_year


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
    outcome, terms = read_formula(formula)
    groups = [read_random(text) for text in random]
    columns = find_columns(frame, outcome, terms, groups)
    used = pd.notna(columns[outcome])
    for name in {*terms, *(s for slopes, _ in groups for s in slopes)}:
        used &= pd.notna(columns[name])
    columns = {name: values[used] for name, values in columns.items()}
    x, names = lay_out_design(columns, terms, int(used.sum()))
    y = np.asarray(columns[outcome], float)
    factors = [make_factor(columns, slopes, group) for slopes, group in groups]
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
    fewest_n = _count_fewest(x, _name_people(frame)[used])
    likelihood = -solved.deviance / 2
    return Mixed(table, variances, likelihood, len(y), counts, fewest_n, singular, written, effects)


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

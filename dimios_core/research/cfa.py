"""Confirmatory factor analysis: does the model of categories fit how people answer?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy import stats

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.factor_model import EQUAL, FactorModel, build_model, start_values
from dimios_core.research.fit_indices import baseline_chi2, index_fit, srmr
from dimios_core.research.fitting import Fitted, Target, fit
from dimios_core.research.model_errors import find_errors, find_standard_errors, standardise
from dimios_core.research.moments import Moments, gather_moments
from dimios_core.research.result import Result, check_language, draw_matrix, say
from dimios_core.research.structure import name_structure

#: how missing answers may be met, and what lavaan calls it
MISSING = {"two_stage": "two.stage", "fiml": "fiml", "listwise": "listwise"}
#: conventional marks of good fit (Hu and Bentler 1999); marks, no limits
CFI_GOOD, RMSEA_GOOD, SRMR_GOOD = 0.95, 0.06, 0.08


@dataclass(frozen=True, repr=False)
class Confirmatory(Result):
    """A fitted measurement model.

    `table`: loadings; index factor, point (and group first), columns estimate (in the data's units per standard
    deviation of the factor), se, z, p, standardised, standardised_se.

    Attributes
    ----------
    fit : pandas.Series
        n, df, chi2, p, cfi, tli, rmsea with rmsea_low and rmsea_high (90 %), srmr; with two-stage estimation
        chi2_scaled and so on, corrected for what is missing: these are the ones to tell.
    parameters : pandas.DataFrame
        All free parameters: index name (lavaan's words), columns group, estimate, se.
    correlations : pandas.DataFrame
        Between the factors, of the first group.
    residuals : pandas.DataFrame
        Observed less implied correlations of points, of the first group.
    warnings : list of (str, str)
        What makes the solution improper: negative variances (Heywood), correlations beyond 1: kind, name.
    model : FactorModel
    missing : str
    equal : tuple of str
    group : str
    """

    fit: pd.Series
    parameters: pd.DataFrame
    correlations: pd.DataFrame
    residuals: pd.DataFrame
    warnings: list[tuple[str, str]]
    model: FactorModel
    missing: str
    equal: tuple[str, ...]
    group: str

    def words(self, language: str = "sv") -> str:
        """Fit, against conventional marks, warnings and cautions."""
        sv, kind = check_language(language) == "sv", "_scaled" if "chi2_scaled" in self.fit else ""
        values = {name: float(self.fit[name + kind]) for name in ("chi2", "cfi", "rmsea")}
        told = (
            f"χ²({self.fit['df']:.0f}) = {say(values['chi2'], 1, language)}, CFI {say(values['cfi'], 3, language)}, "
            f"RMSEA {say(values['rmsea'], 3, language)}, SRMR {say(self.fit['srmr'], 3, language)} (n = {self.fit['n']:.0f})."
        )
        good = values["cfi"] >= CFI_GOOD and values["rmsea"] <= RMSEA_GOOD and self.fit["srmr"] <= SRMR_GOOD
        marks = f"CFI ≥ {say(CFI_GOOD, 2, language)}, RMSEA ≤ {say(RMSEA_GOOD, 2, language)}, SRMR ≤ {say(SRMR_GOOD, 2, language)}"
        if sv:
            lines = [
                f"{told} Modellen {'passar' if good else 'passar inte'} efter vanliga riktmärken ({marks})."
            ]
        else:
            lines = [f"{told} By usual marks the model {'fits' if good else 'does not fit'} ({marks})."]
        kinds = {
            "heywood": ("negativ varians", "negative variance"),
            "correlation": ("korrelation utanför ±1", "correlation beyond ±1"),
        }
        lines += [
            f"{'Varning' if sv else 'Warning'}: {name}: {kinds[what][0 if sv else 1]}."
            for what, name in self.warnings
        ]
        lines.append(
            "Riktmärken är inga gränser. Medelfel förutsätter att personer svarar oberoende av varandra: den som svarat flera "
            "gånger räknas en gång med answers.once(), skillnader mellan organisationer tas bort med centre=."
            if sv
            else "Marks are no limits. Errors take people as independent: answers.once() counts everybody once, centre= takes "
            "differences between organisations away."
        )
        return "\n".join(lines)

    def figure(self, language: str = "sv") -> go.Figure:
        """Correlations between the factors."""
        title = {"sv": "Korrelationer mellan faktorerna", "en": "Correlations of the factors"}[
            check_language(language)
        ]
        return draw_matrix(self.correlations, title, 1.0, 2, language)

    @property
    def r_call(self) -> str:
        """The call of lavaan's cfa."""
        group = f', group = "{self.group}"' if self.group else ""
        parts = ", ".join(f'"{e}"' for e in self.equal)
        equal = f", group.equal = c({parts})" if parts else ""
        return f'lavaan::cfa(model, points, std.lv = TRUE, missing = "{MISSING[self.missing]}"{group}{equal})'


def cfa(
    data: Answers | pd.DataFrame,
    model: str = "categories",
    missing: str = "two_stage",
    group: str | None = None,
    equal: Collection[str] = (),
    centre: str | list[str] | None = None,
) -> Confirmatory:
    """Fit a measurement model by maximum likelihood.

    Parameters
    ----------
    data : Answers or DataFrame
        Point scores; a frame has a row a person, a column a point, identifiers in its index.
    model : str
        "categories", "dimensions", "second_order", or text in lavaan's language (see `name_structure`).
    missing : {"two_stage", "fiml", "listwise"}
        All that was answered, by EM and with corrected errors and statistics (Savalei and Bentler 2009); all that was
        answered, by full information (errors from expected information of complete data: too small); or people with every
        answer alone. Both of the first take answers as missing at random.
    group : str, optional
        Index level: the model is fitted in each of its groups.
    equal : collection of {"loadings", "intercepts", "residuals"}, optional
        What groups have in common.
    centre : str or list of str, optional
        Index levels whose groups' means are taken away first.

    Returns
    -------
    Confirmatory

    Raises
    ------
    InputError
        A name that is not there, a model that is not identified or has no solution, too few people.

    Notes
    -----
    `F = log|Σ| − log|S| + tr(SΣ⁻¹) − p + (m − μ)'Σ⁻¹(m − μ)`, S divided by n; χ² = Σ n F (Jöreskog 1969). As lavaan's
    `cfa(…, std.lv = TRUE, likelihood = "normal")`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=(400, 1))
    >>> frame = pd.DataFrame(trait + rng.normal(size=(400, 4)), columns=list("abcd"))
    >>> found = cfa(frame, "trait =~ a + b + c + d", missing="listwise")
    >>> int(found.fit["df"]), bool(found.table["standardised"].between(0.6, 0.8).all())
    (2, True)
    """
    _check(missing, group, equal)
    known = data.columns.point_ids if isinstance(data, Answers) else list(data.columns)
    structure = name_structure(model, data.instrument if isinstance(data, Answers) else None, known)
    if structure.above and group is not None:
        remedy = 'compare groups with model="categories"'
        raise InputError(Problem("model", "a factor of a higher order is fitted in one group only", remedy))
    how = "listwise" if missing == "listwise" else "em"
    moments = gather_moments(data, how, structure.points, group, centre)
    return fit_moments(
        build_model(structure, len(moments), equal), moments, missing, tuple(equal), group or ""
    )


def _check(missing: str, group: str | None, equal: Collection[str]) -> None:
    problems = []
    if missing not in MISSING:
        problems.append(Problem("missing", f"“{missing}” is not known", f"use one of {', '.join(MISSING)}"))
    problems += [
        Problem("equal", f"“{e}” is not known", f"use some of {', '.join(EQUAL)}")
        for e in equal
        if e not in EQUAL
    ]
    if equal and group is None:
        problems.append(Problem("equal", "there is but one group", 'say which with group="role"'))
    if problems:
        raise InputError(problems)


def fit_moments(
    model: FactorModel, moments: dict[str, Moments], missing: str, equal: tuple[str, ...], group: str
) -> Confirmatory:
    """Fit a model to the moments of groups, in units in which points have unit variance; results are in theirs."""
    own = list(moments.values())
    total = sum(m.n for m in own)
    scale = np.sqrt(sum(m.n * np.diag(m.covariance) for m in own) / total)
    middle = np.asarray(sum(m.n * m.mean for m in own) / total)
    targets = [Target(_rescale(m, middle, scale), missing == "fiml") for m in own]
    start = start_values(model, [t.moments.mean for t in targets], [t.moments.covariance for t in targets])
    fitted = fit(model, targets, start)
    p = len(scale)
    df = len(own) * (p + p * (p + 1) // 2) - len(fitted.theta)
    base_df = len(own) * p * (p - 1) // 2
    covariance, factor, base_factor = find_errors(model, fitted, targets, missing, df, base_df)
    base = sum(baseline_chi2(t) for t in targets)
    fit_found = index_fit(fitted.chi2, df, base, base_df, total, len(own), factor, base_factor)
    has_means = len(own) > 1 or missing != "listwise"
    fit_found["srmr"] = srmr(model, fitted.theta, [t.moments for t in targets], has_means)
    return tell(
        model,
        fitted,
        covariance,
        list(moments),
        scale,
        middle,
        pd.Series(fit_found),
        (targets, missing, equal, group),
    )


def _rescale(moments: Moments, middle: np.ndarray, scale: np.ndarray) -> Moments:
    patterns = moments.patterns
    likelihood = moments.log_likelihood
    if patterns is not None:
        patterns = patterns.rescale(middle, scale)
        likelihood += float(patterns.answered @ np.log(scale))
    covariance = moments.covariance / np.outer(scale, scale)
    mean = (moments.mean - middle) / scale
    return replace(moments, mean=mean, covariance=covariance, log_likelihood=likelihood, patterns=patterns)


def tell(
    model: FactorModel, fitted: Fitted, covariance: np.ndarray, groups: list[str], scale: np.ndarray, middle: np.ndarray,
    fit_found: pd.Series, asked: tuple[list[Target], str, tuple[str, ...], str],
) -> Confirmatory:  # fmt: skip
    """Lay out a fitted model: units of the points, names, warnings. `asked` is targets, missing, equal, group."""
    targets, missing, equal, group = asked
    theta, error = fitted.theta, np.sqrt(np.maximum(np.diag(covariance), 0.0))
    standard, standard_error = standardise(model, theta), find_standard_errors(model, theta, covariance)
    rows, every = [], []
    points, latent = model.structure.points, model.structure.latent
    for at, one in enumerate(model.parameters):
        unit, add = {
            "loading": (scale[one.row], 0.0),
            "residual": (scale[one.row] * scale[min(one.column, len(scale) - 1)], 0.0),
            "intercept": (scale[one.row], middle[one.row]),
        }.get(one.matrix, (1.0, 0.0))
        estimate, se = theta[at] * unit + add, error[at] * unit
        where = groups[one.groups[0]] if len(one.groups) == 1 else "*"
        every.append({"name": one.name, "group": where, "estimate": estimate, "se": se})
        if one.matrix in ("loading", "above"):
            name = points[one.row] if one.matrix == "loading" else latent[one.row]
            rows.append(
                {
                    "group": where, "factor": latent[one.column], "point": name, "estimate": estimate, "se": se,
                    "z": estimate / se, "p": float(2 * stats.norm.sf(abs(estimate / se))),
                    "standardised": standard[at], "standardised_se": standard_error[at],
                }
            )  # fmt: skip
    table = pd.DataFrame(rows).set_index(["group", "factor", "point"])
    if len(groups) == 1:
        table = table.droplevel("group")
    between = model.factor_covariance(theta, 0)
    size = np.sqrt(np.diag(between))
    correlations = pd.DataFrame(between / np.outer(size, size), latent, latent)
    _, implied = model.implied(theta, 0)
    observed = targets[0].moments.covariance
    spread = np.sqrt(np.diag(observed))
    residuals = pd.DataFrame((observed - implied) / np.outer(spread, spread), points, points)
    warnings = [
        ("heywood", one.name)
        for at, one in enumerate(model.parameters)
        if one.matrix in ("residual", "latent") and one.row == one.column and theta[at] < 0
    ]
    warnings += [
        ("correlation", f"{a}~~{b}")
        for i, a in enumerate(latent)
        for j, b in enumerate(latent)
        if i < j and not abs(correlations.iloc[i, j]) < 1
    ]
    parameters = pd.DataFrame(every).set_index("name")
    return Confirmatory(
        table, fit_found, parameters, correlations, residuals, warnings, model, missing, equal, group
    )

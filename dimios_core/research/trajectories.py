"""What kinds of development are there? Organisations sorted by how they moved over the periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.periods import year_of
from dimios_core.research.result import Result, check_language, finish_figure, say

#: answers behind an organisation's mean, and periods that it needs
ANSWERS_MIN, PERIODS_MIN = 5, 3
#: starts of the search, and its steps
STARTS_N, STEPS_MAX = 12, 200
KINDS_OF = ("levels", "changes")
#: gain of an information criterion that tells more kinds from fewer
BIC_GAIN_MIN = 6.0


@dataclass(frozen=True, repr=False)
class Trajectories(Result):
    """Kinds of development.

    `table`: a row a kind, the largest first; columns organisations_n, share (0-1), yearly (its line's slope,
    percentage points a year), first and last (mean of its organisations in the first and last period).

    Attributes
    ----------
    members : pandas.DataFrame
        By organisation: kind (1…), probability of it (0-1), start, yearly (its own line, least squares), periods_n.
    bic : pandas.Series
        Bayesian information criterion by number of kinds; smaller is better.
    k : int
    means : pandas.DataFrame
        Each kind's mean by year.
    """

    members: pd.DataFrame
    bic: pd.Series
    k: int
    means: pd.DataFrame

    def words(self, language: str = "sv") -> str:
        """How many kinds the data bear, and what kinds are not."""
        sv = check_language(language) == "sv"
        best = int(self.bic.idxmin())
        sure = float(self.members["probability"].mean())
        if sv:
            told = f"{self.k} slags utveckling bland {len(self.members)} organisationer; "
            told += f"måttet BIC föredrar {best}. En organisation hör i snitt till sitt slag med sannolikheten {say(sure, 2, 'sv')}."
            return told + (
                "\nSlagen är ett sätt att sammanfatta, inte naturliga sorter: metoden hittar slag även där alla ligger längs en "
                "jämn fördelning. Läs dem inte som betyg."
            )
        told = f"{self.k} kinds of development among {len(self.members)} organisations; BIC prefers {best}. "
        told += f"On average an organisation belongs to its kind with probability {say(sure, 2, 'en')}."
        return told + (
            "\nKinds are a way to sum up, no natural sorts: the method finds kinds even where all lie along an even distribution. "
            "Do not read them as grades."
        )

    def figure(self, language: str = "sv") -> go.Figure:
        """Each kind's mean over the years."""
        sv = check_language(language) == "sv"
        name = "Slag" if sv else "Kind"
        lines = [
            go.Scatter(x=self.means.index, y=self.means[c], name=f"{name} {c} ({n})", mode="lines+markers")
            for c, n in zip(self.means.columns, self.table["organisations_n"], strict=True)
        ]
        title = "Slags utveckling" if sv else "Kinds of development"
        return finish_figure(go.Figure(lines), title, "år" if sv else "year", "0-100")

    @property
    def r_call(self) -> str:
        """lcmm's growth mixtures without effects within kinds."""
        return f'lcmm::hlme(score ~ year, mixture = ~ year, subject = "organisation", ng = {self.k}, random = ~ -1)'


def trajectories(
    answers: Answers,
    seed: int,
    k: int | None = None,
    level: str | None = None,
    of: str = "levels",
    k_max: int = 5,
) -> Trajectories:
    """Sort organisations by lines of development: a mixture of straight lines (group-based trajectories, Nagin 1999).

    An organisation of kind c has `y_t ~ N(a_c + b_c t, σ² + v_t)`, v_t the sampling variance of its mean in that period; a_c, b_c, the
    kinds' shares and σ² by EM from many starts.

    Parameters
    ----------
    seed : int
        Of the starts.
    k : int, optional
        Kinds; default: the fewest that no larger number betters by six in BIC.
    level : str, optional
        A category or a point; default the mean of all points.
    of : {"levels", "changes"}
        Whether where an organisation lies counts, or only how it moves from its own mean (a_c is left out then).
    k_max : int, optional
        Largest number tried.

    Raises
    ------
    InputError
        An unknown level or `of`, or too few organisations with three periods.

    Notes
    -----
    Missing answers: an organisation's mean in a period is of those who answered anything of the level, five at least; periods
    without are left out of its line. Who measures in half years counts with its own periods.
    """
    if of not in KINDS_OF:
        raise InputError(Problem("of", f"“{of}” is not known", f"use one of {', '.join(KINDS_OF)}"))
    years, mean, variance, names = _lay_out(answers, level)
    most = k or min(k_max, len(names) // 2)
    if most < 1 or most > len(names) // 2:
        what = f"{len(names)} organisations have {PERIODS_MIN} periods or more"
        raise InputError(Problem("answers", what, "take more organisations or periods, or fewer kinds"))
    y, x = lay_lines(years, mean, of)
    tried = range(1, most + 1)
    fits = {c: fit_kinds(y, x, variance, c, np.random.default_rng([seed, c])) for c in tried}
    bic = pd.Series({c: f[4] for c, f in fits.items()}, name="bic").rename_axis("k")
    chosen = k or next(c for c in tried if not (bic[bic.index > c] < bic[c] - BIC_GAIN_MIN).any())
    lines, share, belongs, _, _ = fits[chosen]
    order = np.argsort(-share)
    lines, share, belongs = lines[order], share[order], belongs[:, order]
    kind = belongs.argmax(axis=1)
    shown = np.column_stack([_mean_of(mean[kind == c]) for c in range(chosen)])
    table = pd.DataFrame(
        {"organisations_n": np.bincount(kind, minlength=chosen), "share": share, "yearly": lines[:, -1],
         "first": shown[0], "last": shown[-1]},
        pd.RangeIndex(1, chosen + 1, name="kind"),
    )  # fmt: skip
    seen = ~np.isnan(mean)
    own = np.array([np.polyfit(years[s], row[s], 1)[::-1] for row, s in zip(mean, seen, strict=True)])
    members = pd.DataFrame(
        {"kind": kind + 1, "probability": belongs.max(axis=1), "start": own[:, 0], "yearly": own[:, 1],
         "periods_n": seen.sum(axis=1)},
        pd.Index(names, name="organisation"),
    )  # fmt: skip
    first = min(year_of(p) for p in set(answers.index.get_level_values("period")))
    means = pd.DataFrame(shown, pd.Index(first + years, name="year"), table.index)
    return Trajectories(table, members, bic, chosen, means)


def _mean_of(rows: np.ndarray) -> np.ndarray:
    n = (~np.isnan(rows)).sum(axis=0)
    return np.divide(np.nansum(rows, axis=0), n, out=np.full(rows.shape[1], np.nan), where=n > 0)


def _lay_out(answers: Answers, level: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Years since the first, organisations' means and their variances (organisations, years), names."""
    points, categories = answers.points(), answers.categories()
    if level is None:
        score = points.mean(axis=1)
    elif level in categories.columns or level in points.columns:
        score = categories[level] if level in categories.columns else points[level]
    else:
        remedy = f"use a category ({', '.join(categories.columns)}) or a point"
        raise InputError(Problem("level", f"there is no {level}", remedy))
    by = score.dropna().groupby(level=["organisation", "period"])
    told = pd.DataFrame({"mean": by.mean(), "variance": by.var() / by.size()})[
        by.size() >= ANSWERS_MIN
    ].reset_index()
    told["year"] = told["period"].map(year_of)
    told["year"] -= told["year"].min()
    wide = told.pivot_table(["mean", "variance"], "organisation", "year")
    enough = wide["mean"].notna().sum(axis=1) >= PERIODS_MIN
    wide = wide[enough]
    years = wide["mean"].columns.to_numpy(float)
    return years, wide["mean"].to_numpy(), wide["variance"].to_numpy(), [str(o) for o in wide.index]


def lay_lines(years: np.ndarray, mean: np.ndarray, of: str) -> tuple[np.ndarray, np.ndarray]:
    """What lines are laid through, float (organisations, years), and what of, float (organisations, years, 2 or 1)."""
    time = np.broadcast_to(years, mean.shape)
    if of == "levels":
        return mean, np.stack([np.ones(mean.shape), time], axis=2)
    seen = ~np.isnan(mean)
    middle = np.where(seen, time, 0.0).sum(axis=1, keepdims=True) / seen.sum(axis=1, keepdims=True)
    return mean - np.nanmean(mean, axis=1, keepdims=True), (time - middle)[:, :, None]


def fit_kinds(
    y: np.ndarray, x: np.ndarray, variance: np.ndarray, k: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float]:
    """Fit a mixture of lines, the best of many starts.

    Parameters
    ----------
    y, variance : float array (organisations, years)
        NaN where there is none.
    x : float array (organisations, years, columns)

    Returns
    -------
    lines : float array (kinds, columns)
    share : float array (kinds,)
    belongs : float array (organisations, kinds)
    spread : float
        σ².
    bic : float
    """
    starts_n = STARTS_N if k > 1 else 1
    found = [_climb(y, x, variance, rng.dirichlet(np.full(k, 0.3), len(y))) for _ in range(starts_n)]
    return min(found, key=lambda f: f[4])


def _climb(
    y: np.ndarray, x: np.ndarray, variance: np.ndarray, belongs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float]:
    seen = ~np.isnan(y)
    y, v = np.where(seen, y, 0.0), np.where(seen, variance, 0.0)
    k, columns_n = belongs.shape[1], x.shape[2]
    spread = max(float((y[seen] - y[seen].mean()).var()), 1e-6)
    before = -np.inf
    for _ in range(STEPS_MAX):
        weight = np.where(seen, 1 / (spread + v), 0.0)
        share = np.maximum(belongs.mean(axis=0), 1e-9)
        squared = np.einsum("nt,nta,ntb->nab", weight, x, x, optimize=True)
        normal = np.tensordot(belongs.T, squared, 1) + 1e-9 * np.eye(columns_n)
        pull = belongs.T @ np.einsum("nt,nta,nt->na", weight, x, y, optimize=True)
        lines = np.linalg.solve(normal, pull[:, :, None])[:, :, 0]
        off = np.where(seen[:, None, :], y[:, None, :] - np.moveaxis(x @ lines.T, 2, 1), 0.0)
        squares = (off**2 * weight[:, None, :]).sum(axis=2)
        logs = np.where(seen, np.log(2 * np.pi * (spread + v)), 0.0).sum(axis=1)
        log = np.log(share) - 0.5 * squares - 0.5 * logs[:, None]
        top = log.max(axis=1, keepdims=True)
        chance = np.exp(log - top)
        likelihood = float((top[:, 0] + np.log(chance.sum(axis=1))).sum())
        belongs = chance / chance.sum(axis=1, keepdims=True)
        # expected own variance, given what was seen and the sampling variance of each mean
        shrink = np.where(seen, spread / (spread + v), 0.0)
        kept = (belongs[:, :, None] * (off * shrink[:, None, :]) ** 2).sum(axis=(1, 2)) + (shrink * v).sum(
            axis=1
        )
        spread = max(float(kept.sum() / seen.sum()), 1e-6)
        if likelihood - before < 1e-4:
            break
        before = likelihood
    return lines, share, belongs, spread, -2 * likelihood + k * (columns_n + 1) * float(np.log(len(y)))

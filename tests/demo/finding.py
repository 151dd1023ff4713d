"""Finds what psychometrics can find in the demo's files, knowing nothing of how they were made.

numpy, scipy and statsmodels alone; nothing of dimios_core. Whoever gives one answer all through is found first and left
out of the rest, as an analyst does. Levels of organisations, periods, units and roles are taken out where they
would mix with what is looked for.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import mannwhitneyu
from statsmodels.multivariate.factor import Factor
from statsmodels.stats.multitest import multipletests

from .reading import POINTS_N, POINTS_OF_CATEGORY

ITEMS = list(range(POINTS_N))
CATEGORY = np.repeat(range(len(POINTS_OF_CATEGORY)), POINTS_OF_CATEGORY)
#: fewest answers of a row whose answers are all one
LONG_STRING = 20
#: significance level of every search, after Holm's method where it is many
ALPHA = 0.01
#: a model of correlations fits well below this root mean square error of approximation, and does not above it
CLOSE_FIT = 0.03
POLITICIANS = ("Politiker", "Förtroendevald", "Politiker eller styrelseledamot")


@dataclass(frozen=True)
class Found:
    """What was found in one consortium.

    Attributes
    ----------
    straight_share : float
        Rows with one answer all through, of all.
    rmsea_one, rmsea_six : float
        Root mean square error of approximation of one factor and of six correlated ones.
    correlations : numpy.ndarray
        float (6, 6), between the categories, rid of what random error takes away.
    item_effects : numpy.ndarray
        float (26,): how much higher politicians answer a question than their other answers in the category, in points.
    flagged : list of int
        Questions with such a difference, in the order in which they were found.
    late : tuple of float
        How much higher the later half of an organisation's respondents lies (points), and its p value.
    speed : tuple of float
        Median minutes of straight-liners over that of the others (NaN without any), and its p value.
    """

    straight_share: float
    rmsea_one: float
    rmsea_six: float
    correlations: np.ndarray
    item_effects: np.ndarray
    flagged: list[int]
    late: tuple[float, float]
    speed: tuple[float, float]

    @property
    def more_than_one_factor(self) -> bool:
        """Whether one factor is too few, and six are enough."""
        return self.rmsea_six < CLOSE_FIT < self.rmsea_one

    @property
    def late_differ(self) -> bool:
        """Whether who answers late answers otherwise."""
        return self.late[1] < ALPHA

    @property
    def straight_are_quick(self) -> bool:
        """Whether straight-liners are found, and quicker than others."""
        return self.straight_share > 0 and self.speed[0] < 1 and self.speed[1] < ALPHA


def find_all(rows: pd.DataFrame) -> Found:
    """Search rows as `tests.demo.reading.read_raw` gives them."""
    percent = rows[ITEMS].where(lambda a: a > 0).sub(1).mul(25)
    straight = (
        (percent.notna().sum(axis=1) >= LONG_STRING) & (percent.max(axis=1) == percent.min(axis=1))
    ).to_numpy()
    minutes = (rows["answered_at"] - rows["started_at"]).dt.total_seconds().to_numpy() / 60
    speed = (np.nan, 1.0)
    if straight.any():
        ratio = float(np.median(minutes[straight]) / np.median(minutes[~straight]))
        speed = ratio, float(mannwhitneyu(minutes[straight], minutes[~straight]).pvalue)
    rest, percent = rows[~straight].reset_index(drop=True), percent[~straight].reset_index(drop=True)
    rmsea_one, rmsea_six, correlations = _weigh_factors(rest, percent)
    effects, flagged = _search_items(rest, percent)
    return Found(
        float(straight.mean()),
        rmsea_one,
        rmsea_six,
        correlations,
        effects,
        flagged,
        _compare_late(rest, percent),
        speed,
    )


def _weigh_factors(rows: pd.DataFrame, percent: pd.DataFrame) -> tuple[float, float, np.ndarray]:
    """Fit one factor and six to each person's first answers; correlations come from all their answers."""
    within = percent - percent.groupby([rows["organisation"], rows["period"], rows["unit"]]).transform("mean")
    within -= within.groupby(rows["role"]).transform("mean")
    first = ~rows.duplicated(["organisation", "person"])
    n = int(first.sum())
    covariance = within[first].cov().to_numpy()
    spread = np.sqrt(np.diag(covariance))
    observed = covariance / np.outer(spread, spread)
    one = Factor(corr=observed, n_factor=1, method="ml", nobs=n).fit()
    freed = POINTS_N * (POINTS_N - 1) / 2 - POINTS_N
    rmsea_one = _rmsea(observed, np.outer(one.loadings[:, 0], one.loadings[:, 0]), n, freed)
    common = _share_out(covariance)
    rmsea_six = _rmsea(
        observed, common[np.ix_(CATEGORY, CATEGORY)] / np.outer(spread, spread), n, freed - 15 + 20
    )
    shared = _share_out(within.cov().to_numpy())
    size = np.sqrt(np.diag(shared))
    return rmsea_one, rmsea_six, shared / np.outer(size, size)


def _share_out(covariance: np.ndarray) -> np.ndarray:
    """Return the mean covariance of questions within each category and between each two, (6, 6)."""
    own = [np.flatnonzero(c == CATEGORY) for c in range(len(POINTS_OF_CATEGORY))]
    means = np.empty((len(own), len(own)))
    for a, b in itertools.product(range(len(own)), repeat=2):
        block = covariance[np.ix_(own[a], own[b])]
        means[a, b] = block[~np.eye(len(block), dtype=bool)].mean() if a == b else block.mean()
    return means


def _rmsea(observed: np.ndarray, common: np.ndarray, n: int, freed: float) -> float:
    """Return the root mean square error of approximation of a model from its maximum likelihood discrepancy."""
    implied = common.copy()
    np.fill_diagonal(implied, 1.0)
    discrepancy = (
        np.linalg.slogdet(implied)[1] - np.linalg.slogdet(observed)[1]
        + np.trace(observed @ np.linalg.inv(implied)) - len(observed)
    )  # fmt: skip
    return float(np.sqrt(max(discrepancy / freed - 1 / (n - 1), 0)))


def _search_items(rows: pd.DataFrame, percent: pd.DataFrame) -> tuple[np.ndarray, list[int]]:
    """Search for questions that politicians answer otherwise than the rest of the category.

    Each question is measured against the mean of the others in its category; a question that is found no longer
    counts among the others (purification), or what it does would show in them with the opposite sign.
    """
    cell = [rows["organisation"], rows["period"]]
    # each question from its own mean, or whoever leaves out the hard ones would seem to lie high on the others
    own = percent - percent.groupby(cell).transform("mean")
    is_politician = rows["role"].isin(POLITICIANS).astype(float).where(rows["role"] != "")
    cluster = pd.factorize(rows["organisation"])[0]
    flagged: list[int] = []
    first_effects: np.ndarray | None = None
    while True:
        effects, p = np.full(POINTS_N, np.nan), np.ones(POINTS_N)
        for item in set(ITEMS) - set(flagged):
            others = [i for i in ITEMS if CATEGORY[i] == CATEGORY[item] and i != item and i not in flagged]
            if not others:
                continue
            contrast = own[item] - own[others].mean(axis=1)
            used = contrast.notna() & is_politician.notna()
            keys = [k[used] for k in cell]
            y = contrast[used] - contrast[used].groupby(keys).transform("mean")
            x = is_politician[used] - is_politician[used].groupby(keys).transform("mean")
            fit = sm.OLS(y.to_numpy(), x.to_numpy()).fit(
                cov_type="cluster", cov_kwds={"groups": cluster[used]}, use_t=True
            )
            effects[item], p[item] = fit.params[0], fit.pvalues[0]
        if first_effects is None:
            first_effects = effects
        else:
            first_effects = np.where(np.isnan(effects), first_effects, effects)
        if not multipletests(p, ALPHA, method="holm")[0].any():
            return first_effects, flagged
        flagged.append(int(p.argmin()))


def _compare_late(rows: pd.DataFrame, percent: pd.DataFrame) -> tuple[float, float]:
    """Compare the half of an organisation's respondents that answered later in a period with the earlier half."""
    cell = [rows["organisation"], rows["period"]]
    score = (percent - percent.groupby(cell).transform("mean")).mean(axis=1)
    late = (rows["answered_at"] > rows["answered_at"].groupby(cell).transform("median")).astype(float)
    used = score.notna()
    keys = [k[used] for k in cell]
    y = score[used] - score[used].groupby(keys).transform("mean")
    x = late[used] - late[used].groupby(keys).transform("mean")
    cluster = pd.factorize(rows["organisation"])[0][used]
    fit = sm.OLS(y.to_numpy(), x.to_numpy()).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    return float(fit.params[0]), float(fit.pvalues[0])

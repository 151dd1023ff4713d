"""Means and covariances of questions that many did not answer: listwise, pairwise, or by EM from everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import IDENTIFIERS, Answers

#: EM stops when no mean or covariance of standardised answers moves more than this
EM_TOLERANCE = 1e-8
EM_STEPS_MAX = 2000
#: people behind any model of covariances
PEOPLE_MIN = 20


def take_points(data: Answers | pd.DataFrame, centre: str | list[str] | None = None) -> pd.DataFrame:
    """Return point scores of answers, or a frame as it is (a row a person, a column an item, NaN unanswered).

    Parameters
    ----------
    centre : str or list of str, optional
        Index levels ("organisation", or several); each group's mean is taken from each column, so that only how people
        within it differ is left.

    Raises
    ------
    InputError
        A column that is no number, or a level that the index lacks.
    """
    frame = data.points() if isinstance(data, Answers) else data
    text = [str(c) for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    if text:
        remedy = f"keep identifiers in the index, as {', '.join(IDENTIFIERS)}"
        raise InputError([Problem(f"column {c}", "it holds no numbers", remedy) for c in text])
    if centre is None:
        return frame
    levels = [centre] if isinstance(centre, str) else list(centre)
    for level in levels:
        group_of(frame, level)
    return frame - frame.groupby(level=levels).transform("mean")


def group_of(frame: pd.DataFrame, level: str) -> np.ndarray:
    """Return each row's value of an index level.

    Raises
    ------
    InputError
        There is no such level.
    """
    if level not in frame.index.names:
        known = ", ".join(str(n) for n in frame.index.names)
        raise InputError(
            Problem("by, centre or group", f"there is no identifier “{level}”", f"use one of {known}")
        )
    return frame.index.get_level_values(level).to_numpy()


class Patterns:
    """Answers sorted by what is missing, for the expectation step of EM.

    Given the precision `P = Σ⁻¹`, somebody's missing answers have covariance `P_mm⁻¹` and expectation
    `μ_m − P_mm⁻¹ P_mo (y_o − μ_o)`: small matrices, as most leave few questions out.

    Parameters
    ----------
    y : float array (people, items)
        NaN where not answered; who has answered nothing is left out, which `kept` tells.
    """

    def __init__(self, y: np.ndarray) -> None:
        self.kept = ~np.isnan(y).all(axis=1)
        y = y[self.kept]
        self.n, self.items_n = y.shape
        self.seen = ~np.isnan(y)
        self.y = np.where(self.seen, y, 0.0)
        found = np.unique(self.seen, axis=0, return_inverse=True, return_counts=True)
        self.patterns, self._pattern, self.counts = found
        lacking = (~self.patterns).sum(axis=1)
        self._groups = []
        for k in np.unique(lacking[lacking > 0]):
            own = np.flatnonzero(lacking == k)
            place = np.full(len(self.patterns), -1)
            place[own] = np.arange(len(own))
            rows = np.flatnonzero(place[self._pattern] >= 0)
            at = np.nonzero(~self.patterns[own])[1].reshape(len(own), k)
            self._groups.append((own, at, rows, place[self._pattern[rows]]))

    def expect(self, mean: np.ndarray, covariance: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return log-likelihood, expected means and expected second moments about `mean`, given what was answered.

        Returns
        -------
        log_likelihood : float
        first : float array (items,)
            Mean of E(y) − μ.
        second : float array (items, items)
            Mean of E((y − μ)(y − μ)').
        """
        precision = np.linalg.inv(covariance)
        _, log_det = np.linalg.slogdet(covariance)
        r = np.where(self.seen, self.y - mean, 0.0)
        pull = r @ precision
        square = float((pull * r).sum())
        logs, extra = self.n * log_det, np.zeros_like(covariance)
        for own, at, rows, place in self._groups:
            inner = precision[at[:, :, None], at[:, None, :]]
            spread = np.linalg.inv(inner)
            logs += float(self.counts[own] @ np.linalg.slogdet(inner)[1])
            g = np.take_along_axis(pull[rows], at[place], axis=1)
            fill = np.einsum("rij,rj->ri", spread[place], g)
            square -= float((fill * g).sum())
            r[rows[:, None], at[place]] = -fill
            np.add.at(extra, (at[:, :, None], at[:, None, :]), spread * self.counts[own][:, None, None])
        answered = int(self.seen.sum())
        likelihood = -0.5 * (answered * np.log(2 * np.pi) + logs + square)
        return likelihood, r.mean(axis=0), (r.T @ r + extra) / self.n

    def distances(self, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Squared Mahalanobis distance of what each of `kept` has answered, float (people,)."""
        r = np.where(self.seen, self.y - mean, 0.0)
        return np.einsum("ri,rij,rj->r", r, self._weights(covariance)[self._pattern], r, optimize=True)

    def _weights(self, covariance: np.ndarray) -> np.ndarray:
        """Inverse of the answered part of Σ, 0 elsewhere, by pattern."""
        precision = np.linalg.inv(covariance)
        weight = np.repeat(precision[None], len(self.patterns), axis=0)
        for own, at, _, _ in self._groups:
            across = precision[at]
            inner = np.linalg.inv(precision[at[:, :, None], at[:, None, :]])
            weight[own] -= np.einsum("rki,rkl,rlj->rij", across, inner, across, optimize=True)
        return weight

    def information(self, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Observed information on means and on the covariances' lower triangle, row by row.

        With W the inverse of the answered part of Σ and u = W(y − μ), both 0 where not answered, a pattern's people give
        `W` for two means, `W E u` for a mean and a covariance, and `½ tr(E_a W E_b (2uu' − W))` for two covariances.

        Returns
        -------
        float array (items + items(items + 1)/2, …)
        """
        p = self.items_n
        weight = self._weights(covariance)
        u = np.einsum("rij,rj->ri", weight[self._pattern], np.where(self.seen, self.y - mean, 0.0))
        order = np.argsort(self._pattern, kind="stable")
        first = np.r_[0, np.cumsum(self.counts)[:-1]]
        squares = np.add.reduceat((u[:, :, None] * u[:, None, :])[order], first)
        pulls = np.add.reduceat(u[order], first)
        flat = weight.reshape(len(weight), -1)
        pairs = (
            flat.T @ (2 * squares - self.counts[:, None, None] * weight).reshape(len(weight), -1)
        ).reshape(p, p, p, p)
        mixed = (flat.T @ pulls).reshape(p, p, p)
        i, j = np.tril_indices(p)
        share = np.where(i == j, 1.0, 2.0) / 2
        k, m, a, b = i[None], j[None], i[:, None], j[:, None]
        inner = pairs[b, k, m, a] + pairs[b, m, k, a] + pairs[a, k, m, b] + pairs[a, m, k, b]
        found = np.zeros((p + len(i), p + len(i)))
        found[:p, :p] = np.einsum("r,rij->ij", self.counts, weight)
        found[:p, p:] = share * (mixed[:, i, j] + mixed[:, j, i])
        found[p:, :p] = found[:p, p:].T
        found[p:, p:] = 0.25 * np.outer(share, share) * (inner + inner.T)
        return found


@dataclass(frozen=True)
class Moments:
    """Means and covariances of items.

    Attributes
    ----------
    names : list of str
    n : int
        People behind them.
    mean : float array (items,)
    covariance : float array (items, items)
        Divided by n (maximum likelihood).
    log_likelihood : float
        Of the saturated model; NaN where it was not needed.
    patterns : Patterns or None
        The answers, where some are missing.
    """

    names: list[str]
    n: int
    mean: np.ndarray
    covariance: np.ndarray
    log_likelihood: float = np.nan
    patterns: Patterns | None = None


def summarise(frame: pd.DataFrame, missing: str) -> Moments:
    """Means and covariances of a frame's columns.

    Parameters
    ----------
    missing : {"listwise", "em"}
        People with every answer alone; or everybody with any, by EM (maximum likelihood under normality, with answers
        missing at random: whether one is missing may hang on the other answers, not on itself).

    Raises
    ------
    InputError
        Too few people, or a column that does not vary.
    """
    y = frame.to_numpy(float)
    y = y[~np.isnan(y).any(axis=1)] if missing == "listwise" else y[~np.isnan(y).all(axis=1)]
    check_columns(frame.columns, y)
    names = [str(c) for c in frame.columns]
    if not np.isnan(y).any():
        return Moments(names, len(y), y.mean(axis=0), np.cov(y, rowvar=False, bias=True), _log_likelihood(y))
    return estimate_by_em(names, y)


def check_columns(columns: pd.Index, y: np.ndarray) -> None:
    """Refuse what no covariance can be had of; all faults at once."""
    if len(y) < PEOPLE_MIN:
        what = f"only {len(y)} people are left"
        remedy = 'take more periods or organisations, or missing="two_stage", which uses who answered in part'
        raise InputError(Problem("answers", what, remedy))
    flat = [
        Problem(f"column {c}", "all answers are alike, or there are none", "leave it out")
        for c, v in zip(columns, y.T, strict=True)
        if len(set(v[~np.isnan(v)])) < 2
    ]
    if flat:
        raise InputError(flat)


def _log_likelihood(y: np.ndarray) -> float:
    n, p = y.shape
    sign, log_det = np.linalg.slogdet(np.cov(y, rowvar=False, bias=True))
    return -0.5 * n * (p * np.log(2 * np.pi) + log_det + p) if sign > 0 else np.nan


def estimate_by_em(names: list[str], y: np.ndarray) -> Moments:
    """EM of Dempster, Laird and Rubin (1977), from the means and variances of what there is."""
    centre, scale = np.nanmean(y, axis=0), np.nanstd(y, axis=0)
    patterns = Patterns((y - centre) / scale)
    mean, covariance = np.zeros(len(centre)), np.eye(len(centre))
    for _ in range(EM_STEPS_MAX):
        _, first, second = patterns.expect(mean, covariance)
        new = second - np.outer(first, first)
        moved = max(np.abs(first).max(), np.abs(new - covariance).max())
        mean, covariance = mean + first, new
        if moved < EM_TOLERANCE:
            break
    else:
        what = f"means and covariances did not settle in {EM_STEPS_MAX} steps"
        raise InputError(Problem("answers", what, "leave out items that few answered together"))
    likelihood = patterns.expect(mean, covariance)[0] - float(patterns.seen.sum(axis=0) @ np.log(scale))
    patterns.y = np.where(patterns.seen, patterns.y * scale + centre, 0.0)
    whole = covariance * np.outer(scale, scale)
    return Moments(names, patterns.n, mean * scale + centre, whole, likelihood, patterns)


def correlate(covariance: np.ndarray) -> np.ndarray:
    """Return the correlations of a covariance matrix."""
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)

"""Means and covariances of questions that many did not answer: listwise, or by EM from everybody."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.patterns import Patterns, StoredPatterns
from dimios_core.research.reading import Reading, split, take_points
from dimios_core.research.sums import Sums, gather_sums

#: EM stops when no mean or covariance of standardised answers moves more than this
EM_TOLERANCE = 1e-8
EM_STEPS_MAX = 2000


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
    patterns : Patterns, StoredPatterns or None
        The answers, where some are missing.
    """

    names: list[str]
    n: int
    mean: np.ndarray
    covariance: np.ndarray
    log_likelihood: float = np.nan
    patterns: Patterns | StoredPatterns | None = None


def gather_moments(
    data: Answers | pd.DataFrame,
    missing: str,
    columns: list[str] | None = None,
    group: str | None = None,
    centre: str | list[str] | None = None,
) -> dict[str, Moments]:
    """Means and covariances of points, by group ("" without groups).

    Parameters
    ----------
    data : Answers or DataFrame
    missing : {"listwise", "em"}
        People with every answer alone; or everybody with any, by EM (maximum likelihood under normality, with answers
        missing at random: whether one is missing may hang on the other answers, not on itself).
    columns, group, centre
        As in `gather_sums`.

    Raises
    ------
    InputError
        Too few people, a column that does not vary or holds no numbers, a level that the index lacks.
    """
    known = data.columns.point_ids if isinstance(data, Answers) else [str(c) for c in data.columns]
    names = known if columns is None else columns
    sums = gather_sums(data, columns, group, centre, complete=missing == "listwise")
    for own in sums.values():
        own.check(names)
    gaps = {g for g, own in sums.items() if (own.n < own.people_n).any()}
    found = {str(g): _from_sums(names, own) for g, own in sums.items() if g not in gaps}
    patterns: dict[Hashable, Patterns | StoredPatterns] = {}
    if isinstance(data, Answers) and data.are_stored:
        reading = Reading.of(data, columns, group, centre)
        plain = np.zeros(len(names)), np.ones(len(names))
        patterns = {g: StoredPatterns(data, reading, g, sums[g], *plain) for g in gaps}
    elif gaps:
        frame = take_points(data, centre)
        parts = split(frame if columns is None else frame[columns], group)
        patterns = {g: Patterns(parts[g]) for g in gaps}
    found |= {
        str(g): estimate_by_em(names, p, sums[g].mean, np.sqrt(sums[g].variance)) for g, p in patterns.items()
    }
    return {str(g): found[str(g)] for g in sums}


def _from_sums(names: list[str], sums: Sums) -> Moments:
    n, covariance = sums.people_n, sums.covariance(0)
    sign, log_det = np.linalg.slogdet(covariance)
    p = len(names)
    likelihood = -0.5 * n * (p * np.log(2 * np.pi) + log_det + p) if sign > 0 else np.nan
    return Moments(names, n, sums.mean, covariance, likelihood)


def estimate_by_em(
    names: list[str], patterns: Patterns | StoredPatterns, centre: np.ndarray, scale: np.ndarray
) -> Moments:
    """EM of Dempster, Laird and Rubin (1977), from the means and standard deviations of what there is."""
    standard = patterns.rescale(centre, scale)
    mean, covariance = np.zeros(len(centre)), np.eye(len(centre))
    for _ in range(EM_STEPS_MAX):
        _, first, second = standard.expect(mean, covariance)
        new = second - np.outer(first, first)
        moved = max(np.abs(first).max(), np.abs(new - covariance).max())
        mean, covariance = mean + first, new
        if moved < EM_TOLERANCE:
            break
    else:
        what = f"means and covariances did not settle in {EM_STEPS_MAX} steps"
        raise InputError(Problem("answers", what, "leave out items that few answered together"))
    likelihood = standard.expect(mean, covariance)[0] - float(patterns.answered @ np.log(scale))
    whole = covariance * np.outer(scale, scale)
    return Moments(names, patterns.n, mean * scale + centre, whole, likelihood, patterns)


def correlate(covariance: np.ndarray) -> np.ndarray:
    """Return the correlations of a covariance matrix."""
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)

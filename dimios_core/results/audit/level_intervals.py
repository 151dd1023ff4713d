"""Audit of levels' intervals: one goes round its score as its standard error says, and is the scale's end beside a bound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import betainc, betaincinv, ndtri

from dimios_core.results.audit.grid import HALF_UNIT, Fault, Grid
from dimios_core.results.scoring.intervals import (
    FEW_N,
    NORMAL,
    SHIFT,
    TAIL,
    t_quantile,
)
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N

#: ends of an interval this near to an end of the scale are rounded too much to be compared, percent
NEAR_END_PCT = 0.5
#: turns of the approximation in `implied_answers`
TURNS = 4


def implied_answers(grid: Grid) -> np.ndarray:
    """Return n* of published intervals (see `effective_answers`), from the limit that is further from the end of the scale.

    A limit lies z·√(p(1 − p)/n*) from p, nearly: n* is mended by how much z of its tail is off, which settles at once.
    Float array (groups, level rows); NaN where a row is not published.
    """
    found = np.full(grid.shown.shape, np.nan)
    score_pct, low_pct, high_pct = (x[grid.shown] for x in (grid.score, grid.ci_low, grid.ci_high))
    upper = score_pct < 50
    p = np.where(upper, 100 - score_pct, score_pct) / 100
    limit = np.where(upper, 100 - high_pct, low_pct) / 100
    with np.errstate(divide="ignore", invalid="ignore"):
        answers = NORMAL**2 * limit * (1 - limit) / (p - limit) ** 2
        for _ in range(TURNS):
            tail = betainc(answers * p + SHIFT, answers * (1 - p) + 1 - SHIFT, limit)
            answers = answers * (NORMAL / -ndtri(tail)) ** 2
    found[grid.shown] = np.where(np.isfinite(answers), answers, np.nan)
    return found


def implied_se(grid: Grid, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the standard errors that intervals give, what rounding leaves open, and where they may be larger.

    Parameters
    ----------
    grid : Grid
    answers : float array (groups, level rows)
        From `implied_answers`.

    Returns
    -------
    se, reach : float arrays (groups, level rows)
        Percentage points; NaN where an interval is too near the end of the scale to tell.
    at_least : bool array (groups, level rows)
        No answers vary more: the interval is that of yes and no, whatever the standard error.
    """
    low, score, high, df, n = grid.ci_low, grid.score, grid.ci_high, grid.df, grid.n
    told = (low > NEAR_END_PCT) & (high < 100 - NEAR_END_PCT) & (grid.bound == 0)
    p = score / 100
    with np.errstate(divide="ignore", invalid="ignore"):
        known = n < OWN_SPREAD_N
        scale = np.where(known, 1.0, np.sqrt(1 + 1 / df) * NORMAL / t_quantile(df))
        se = 100 * scale * np.sqrt(p * (1 - p) / answers)
        width = np.where(score < 50, high - score, score - low)
        reach = se * (
            2 * HALF_UNIT / np.maximum(width, HALF_UNIT) + HALF_UNIT * np.abs(1 - 2 * p) / (p * (1 - p)) / 100
        )
        at_least = answers <= n * (1 + 4 * HALF_UNIT / np.maximum(width, HALF_UNIT))
    return np.where(told, se, np.nan), 1.05 * reach, at_least


def check_level_intervals(grid: Grid, answers: np.ndarray) -> Iterator[Fault]:
    """Yield what is wrong with intervals and standard errors of levels; `answers` as from `implied_answers`."""
    yield from _check_limits(grid, answers)
    yield from _check_errors(grid, answers)


def _check_limits(grid: Grid, answers: np.ndarray) -> Iterator[Fault]:
    """An interval holds its score, and has the other limit that the first gives; beside a bound it ends with the scale."""
    plain = grid.shown & (grid.bound == 0)
    low, score, high = grid.ci_low, grid.score, grid.ci_high
    with np.errstate(invalid="ignore", divide="ignore"):
        outside = (low > score + HALF_UNIT) | (high < score - HALF_UNIT)
        yield from grid.tell(plain & outside, "a score outside of its interval")
        yield from grid.tell(grid.shown & (np.isnan(low) != np.isnan(high)), "an interval of one end")
        open_ended = ((grid.bound < 0) & (low > HALF_UNIT)) | ((grid.bound > 0) & (high < 100 - HALF_UNIT))
        yield from grid.tell(grid.shown & open_ended, "an interval that does not reach the end that is told")
        inside = plain & (low > NEAR_END_PCT) & (high < 100 - NEAR_END_PCT)
        # the limit that the number of answers does not come from, in the half of the scale where it is the lower one
        upper = score >= 50
        p = np.where(upper, 100 - score, score) / 100
        given = np.where(upper, 100 - high, low)
        wanted = np.full(score.shape, np.nan)
        n, x = answers[inside], (answers * p)[inside]
        wanted[inside] = 100 * betaincinv(x + SHIFT, n - x + 1 - SHIFT, TAIL)
        off = np.abs(_logit(given) - _logit(wanted))
        reach = 2 * _slack(score) + _slack(low) + _slack(high)
        yield from grid.tell(inside & (off > reach), "an interval that does not belong to its score")


def _check_errors(grid: Grid, answers: np.ndarray) -> Iterator[Fault]:
    """A standard error is that of the interval; none stands beside a bound or behind few answers."""
    told = grid.shown & np.isfinite(grid.se)
    yield from grid.tell(told & (grid.bound != 0), "a standard error beside a bound")
    yield from grid.tell(
        grid.shown & (grid.n >= FEW_N) & np.isfinite(grid.ci_low) & (grid.bound == 0) & ~told,
        "a standard error is missing",
    )
    se, reach, at_least = implied_se(grid, answers)
    with np.errstate(invalid="ignore"):
        off = np.where(at_least, se - grid.se, np.abs(grid.se - se)) > reach + HALF_UNIT
    yield from grid.tell(told & off, "a standard error that its interval does not give")


def _logit(percent: np.ndarray) -> np.ndarray:
    p = percent / 100
    return np.log(p / (1 - p))


def _slack(percent: np.ndarray) -> np.ndarray:
    """Half a unit, in logits, and a quarter for what is not quite straight there."""
    p = percent / 100
    return 1.25 * HALF_UNIT / 100 / (p * (1 - p))

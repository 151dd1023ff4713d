"""Audit of levels: every published level is what its points give, and rests on nothing else.

What stands at one place follows from what stands at others: categories from points, parents from their parts, intervals
from standard errors, a mean of few answers from whole answers. A figure of something withheld, in whatever row or column
it is put, does not fit there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from dimios_core.results.audit.grid import HALF_UNIT, Fault, Grid, carry_up, shares_of_points
from dimios_core.results.gate import COARSE_SHARE_N

#: groups that are told to be small or empty as a whole
CLOSED = ("suppressed_small", "no_answers")
#: half a unit of a share
HALF_SHARE = 0.0005 + 1e-9
#: half a step of a share of few
HALF_STEP = 0.025 + 1e-9


def check_levels(grid: Grid) -> Iterator[Fault]:
    """Yield what is wrong with the levels of an organisation: period, what it is about, what is wrong."""
    for check in (_check_above, _check_numbers, _check_answers):
        yield from check(grid)


def _check_above(grid: Grid) -> Iterator[Fault]:
    """Categories, dimensions and the composite are what their published points give."""
    first, columns = grid.columns.columns_n, grid.columns
    above = slice(first, None)
    shares, complete = shares_of_points(columns, grid.points)
    entered = (shares > 0).sum(axis=1)
    shown = grid.shown[:, above]
    expected = carry_up(columns, grid.points, np.where(grid.points, grid.told[:, columns.points], 0.0))
    told = np.where(grid.bound[:, above] != 0, np.nan, grid.score[:, above])
    loose = carry_up(columns, grid.points, grid.loose[:, columns.points])
    off = np.abs(told - expected) > 2 * HALF_UNIT + loose
    bound = grid.bound[:, columns.points]
    sides = [(~(grid.points & (bound != side))[:, :, None] | (shares == 0)).all(axis=1) for side in (-1, 1)]
    end = sides[1].astype(int) - sides[0]
    tell = partial(_tell_from, grid, first)
    yield from tell(shown & ~complete, "rests on points that are not published")
    yield from tell(
        shown & complete & (grid.n_points[:, above] != entered), "rests on points that are not published"
    )
    yield from tell(shown & complete & off, "a level that its points do not give")
    yield from tell(shown & complete & (grid.bound[:, above] != end), "a bound that its points do not give")
    closed = np.any(grid.status.are(CLOSED)[:, above], axis=1, keepdims=True)
    yield from grid.tell(
        np.pad(closed & grid.points, ((0, 0), (0, grid.shown.shape[1] - columns.points_n))),
        "a point of a group that is told to be too small",
    )


def _tell_from(grid: Grid, first: int, wrong: np.ndarray, what: str) -> Iterator[Fault]:
    return grid.tell(np.pad(wrong, ((0, 0), (first, 0))), what)


def _check_numbers(grid: Grid) -> Iterator[Fault]:
    """Respondents: of a level at least those of any point, at most all of them; degrees of freedom follow."""
    columns, shown = grid.columns, grid.shown
    n = np.where(shown, grid.n, np.nan)
    own = np.arange(shown.shape[1]) < columns.columns_n
    yield from grid.tell(shown & own & (grid.n_points != 1), "a point that is said to be several")
    shares, complete = shares_of_points(columns, grid.points)
    of_points = np.where(grid.points, np.nan_to_num(n[:, columns.points]), 0.0)[:, :, None] * (shares > 0)
    above = n[:, columns.columns_n :]
    with np.errstate(invalid="ignore"):
        wrong = complete & ((above < of_points.max(axis=1)) | (above > of_points.sum(axis=1)))
    yield from _tell_from(
        grid,
        columns.columns_n,
        wrong & shown[:, columns.columns_n :],
        "a number of respondents that its points do not give",
    )
    strata = n - grid.df
    # a part of a group has no more strata than the organisation as a whole
    top = {
        period: float(np.nanmax(strata[i]))
        for (period, unit, role), i in grid.number.items()
        if (unit, role) == ("*", "*") and np.isfinite(strata[i]).any()
    }
    most = np.array([top.get(period, np.inf) for period, _, _ in grid.groups])
    one = most == 1
    with np.errstate(invalid="ignore"):
        yield from grid.tell(
            shown & ((strata < 1) | ((strata != 1) & one[:, None])),
            "degrees of freedom that its respondents do not give",
        )


def _check_answers(grid: Grid) -> Iterator[Fault]:
    """A mean of whole answers, and a share of people, are fractions with the published number below."""
    if grid.weighted:
        return
    columns = grid.columns
    single = np.array(
        [len(p.items) == 1 for p in columns.instrument.points] + [True] * len(columns.split_items)
    )
    own = slice(0, columns.columns_n)
    n, score, share = grid.n[:, own], grid.score[:, own], grid.dont_know_share[:, own]
    plain = grid.shown[:, own] & (grid.bound[:, own] == 0) & single
    rest = ((0, 0), (0, grid.shown.shape[1] - columns.columns_n))
    with np.errstate(invalid="ignore", divide="ignore"):
        step = columns.step_pct / n
        off = np.abs(np.round(score / step) * step - score)
        yield from grid.tell(np.pad(plain & (off > HALF_UNIT), rest), "a mean that no answers give")
        people = np.round(n * share / (1 - share))
        fine = grid.shown[:, own] & (n >= COARSE_SHARE_N) & (share < 1)
        off = np.abs(people / (n + people) - share)
        yield from grid.tell(
            np.pad(fine & (off > HALF_SHARE), rest), "a share of don't know that no people give"
        )


def check_sums(grid: Grid, parts: list[tuple[tuple, list[tuple]]]) -> Iterator[Fault]:
    """Numbers and sums of answers of groups whose parts are all published are those of their parts.

    Parameters
    ----------
    grid : Grid
    parts : list of (group, groups that divide it)
    """
    own = slice(0, grid.columns.columns_n)
    rest = ((0, 0), (0, grid.shown.shape[1] - grid.columns.columns_n))
    wrong_n, wrong_sum, wrong_share = (
        np.zeros((len(grid.groups), grid.columns.columns_n), bool) for _ in range(3)
    )
    fewest, most = _people_who_did_not_know(grid)
    low = np.where(grid.bound < 0, 0, np.where(grid.bound > 0, 100 - grid.room, grid.score - HALF_UNIT))[
        :, own
    ]
    high = np.where(grid.bound < 0, grid.room, np.where(grid.bound > 0, 100, grid.score + HALF_UNIT))[:, own]
    n = np.nan_to_num(grid.n[:, own])
    shown, empty = grid.shown[:, own], grid.status.are(["no_answers"])[:, own]
    low, high = (np.where(shown, n * x, 0.0) for x in (low, high))
    for group, of_group in parts:
        at, inside = grid.number[group], [grid.number[g] for g in of_group]
        whole = shown[at] & (shown[inside] | empty[inside]).all(axis=0)
        some = shown[at] & ~whole
        total = n[inside].sum(axis=0)
        wrong_n[at] |= (whole & (total != n[at])) | (some & (total > n[at]))
        if not grid.weighted:
            apart = (low[inside].sum(axis=0) > high[at] + 1e-6) | (high[inside].sum(axis=0) < low[at] - 1e-6)
            wrong_sum[at] |= whole & apart
            apart = (fewest[inside].sum(axis=0) > most[at]) | (most[inside].sum(axis=0) < fewest[at])
            wrong_share[at] |= whole & apart
    yield from grid.tell(np.pad(wrong_n, rest), "numbers of respondents that its parts do not give")
    yield from grid.tell(np.pad(wrong_sum, rest), "a mean that its parts do not give")
    yield from grid.tell(np.pad(wrong_share, rest), "a share of don't know that its parts do not give")


def _people_who_did_not_know(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Fewest and most people behind the don't-know share of each column; from nobody to no limit where it is not told."""
    own = slice(0, grid.columns.columns_n)
    n, share = grid.n[:, own], grid.dont_know_share[:, own]
    half = np.where(n < COARSE_SHARE_N, HALF_STEP, HALF_SHARE)
    low, high = np.clip(share - half, 0, 1), np.clip(share + half, 0, 1 - 1e-9)
    fewest, most = n * low / (1 - low) - 1e-6, n * high / (1 - high) + 1e-6
    empty = grid.status.are(["no_answers"])[:, own]
    told = np.isfinite(fewest)
    return np.where(told, fewest, 0.0), np.where(told, most, np.where(empty, 0.0, np.inf))

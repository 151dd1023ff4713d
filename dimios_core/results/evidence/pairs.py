"""Pairs of organisations: one that started something, and a similar one that did not (method 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scipy.optimize import linear_sum_assignment

#: how far apart the earlier levels of a pair may lie, percentage points
CALIPER_PP = 10.0
#: months from the start of an initiative to the beginning of the follow-up's field period, at least
MONTHS_TO_WORK = 6
#: first and last month of the field periods (method 2); a plain year does not say when in it was measured
FIELD_MONTHS = {"": (2, 11), "1": (2, 5), "2": (8, 11)}

#: organisation -> period -> score, percent
Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Pair:
    """A treated organisation and its match.

    Attributes
    ----------
    treated, control, type : str
        Organisations, and the type of both.
    baseline, followup : str
        Periods of both.
    change_treated, change_control : float
        Change of the score from baseline to follow-up, percentage points.
    start_treated, start_control : float
        Mean of the score over the periods up to the baseline, percent.
    points : tuple of str
        The measure points that the score is the mean of.
    """

    treated: str
    control: str
    type: str
    baseline: str
    followup: str
    change_treated: float
    change_control: float
    start_treated: float
    start_control: float
    points: tuple[str, ...] = ()


def field_months(period: str) -> tuple[int, int]:
    """Return first and last month of a period's field work, counted from year 0.

    A plain year is February to November: whenever in the year an organisation measured, it lies within.

    Examples
    --------
    >>> [divmod(m - 1, 12) for m in field_months("2025-1")]
    [(2025, 1), (2025, 4)]
    """
    year, _, half = period.partition("-")
    first, last = FIELD_MONTHS[half]
    return 12 * int(year) + first, 12 * int(year) + last


def month_number(month: str) -> int:
    """Return the month of a text YYYY-MM, counted as in `field_months`."""
    year, number = month.split("-")
    return 12 * int(year) + int(number)


def choose_window(start: str, periods: Sequence[str]) -> tuple[str, str] | None:
    """Choose the measurements before and after the start of an initiative.

    Parameters
    ----------
    start : str
        YYYY-MM.
    periods : sequence of str
        The organisation's measurements.

    Returns
    -------
    (baseline, follow-up) or None
        The last one whose field period ended before the start, and the first one whose field period began at
        least six months after it; None where either is missing.
    """
    month = month_number(start)
    before = [p for p in periods if field_months(p)[1] < month]
    after = [p for p in periods if field_months(p)[0] - month >= MONTHS_TO_WORK]
    return (max(before), min(after)) if before and after else None


def list_windows(
    treated: Mapping[str, str], started: Mapping[str, str], scores_of: Callable[[str], Scores]
) -> dict[str, tuple[str, str]]:
    """Return the window of every treated organisation that has one, and whose first initiative it is.

    Parameters
    ----------
    treated : mapping
        Organisation -> month its initiative started.
    started : mapping
        Organisation -> first month of *any* initiative alike, shown or not.
    scores_of : callable
        Treated organisation -> scores of what its initiative was for.
    """
    return {
        o: window
        for o, start in sorted(treated.items())
        if started.get(o, start) >= start
        and (window := choose_window(start, sorted(scores_of(o).get(o, {})))) is not None
    }


def pair_organisations(
    windows: Mapping[str, tuple[str, str]],
    types: Mapping[str, str],
    scores_of: Callable[[str], Scores],
    started_of: Callable[[str], Mapping[str, str]],
    points_of: Callable[[str], tuple[str, ...]],
) -> list[Pair]:
    """Match treated organisations 1:1, without replacement, to similar ones.

    Parameters
    ----------
    windows : mapping
        Treated organisation -> baseline and follow-up.
    types : mapping
        Organisation -> type.
    scores_of : callable
        Treated organisation -> organisation -> period -> score of what the treated one's initiative was for, percent;
        only what is published.
    started_of : callable
        Treated organisation -> organisation -> first month of what rules it out as a match: such an organisation is no
        control once it has started.
    points_of : callable
        Treated organisation -> the measure points behind its scores.

    Returns
    -------
    list of Pair
        As many pairs as there can be within `CALIPER_PP` and, among these, those that lie closest together in all
        (the assignment problem); by treated organisation. An organisation is in one pair at most.
    """
    controls = sorted({o for mine in windows for o in scores_of(mine)} - set(windows))
    if not windows or not controls:
        return []
    forbidden = CALIPER_PP * (len(windows) + 1)  # one pair more is worth any distance
    cost = np.full((len(windows), len(controls)), forbidden)
    for i, (mine, window) in enumerate(windows.items()):
        scores, started = scores_of(mine), started_of(mine)
        for j, other in enumerate(controls):
            if types[mine] != types[other] or not set(window) <= set(scores.get(other, {})):
                continue
            if other in started and month_number(started[other]) <= field_months(window[1])[1]:
                continue
            distance = abs(_level_until(scores[mine], window[0]) - _level_until(scores[other], window[0]))
            if distance <= CALIPER_PP:
                cost[i, j] = distance
    names = list(windows)
    rows, columns = linear_sum_assignment(cost)
    return [
        _make_pair(
            names[i],
            controls[j],
            types[names[i]],
            windows[names[i]],
            scores_of(names[i]),
            points_of(names[i]),
        )
        for i, j in zip(rows, columns, strict=True)
        if cost[i, j] < forbidden
    ]


def _level_until(scores: Mapping[str, float], baseline: str) -> float:
    return fmean(score for period, score in scores.items() if period <= baseline)


def _make_pair(
    treated: str, control: str, kind: str, window: tuple[str, str], scores: Scores, points: tuple[str, ...]
) -> Pair:
    baseline, followup = window
    mine, other = scores[treated], scores[control]
    return Pair(
        treated, control, kind, baseline, followup,
        mine[followup] - mine[baseline], other[followup] - other[baseline],
        _level_until(mine, baseline), _level_until(other, baseline), points,
    )  # fmt: skip

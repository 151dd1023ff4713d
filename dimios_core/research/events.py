"""Who did what when, as a panel: organisations' means by period, and the first period after each one's initiatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.periods import year_of
from dimios_core.research.tallies import sum_block
from dimios_core.responses.labels import suggest

#: answers behind an organisation's mean of a point in a period
ANSWERS_MIN = 5
#: organisations that did something, and that did not
ORGANISATIONS_MIN = 3


@dataclass(frozen=True)
class Panel:
    """Organisations over periods.

    Attributes
    ----------
    organisations, points : list of str
    years : float array (periods,)
    mean : float array (organisations, periods, points)
        Percent, 0-100; NaN below five answers.
    begun : float array (organisations,)
        Index of the first period that lies wholly after; infinite for who did nothing.
    own : list of int array
        By organisation, the points that its initiatives are for; empty for who did nothing.
    """

    organisations: list[str]
    points: list[str]
    years: np.ndarray
    mean: np.ndarray
    begun: np.ndarray
    own: list[np.ndarray]


@dataclass(frozen=True)
class Course:
    """What all studies of the same answers share: one pass through them.

    Attributes
    ----------
    organisations, periods : list of str
        Whole years alone.
    mean : float array (organisations, periods, points)
        Percent, 0-100; NaN below five answers.
    opened : dict of (organisation, period) to str
        Month (YYYY-MM) in which people began to answer; without those whose times are not known.
    """

    organisations: list[str]
    periods: list[str]
    mean: np.ndarray
    opened: dict[tuple[str, str], str]


def follow(answers: Answers) -> Course:
    """Follow organisations' means over periods. Who measures in half years is left out: a step between its periods is another."""
    parts = list(answers.map(_follow_block))
    found = pd.concat([sums for sums, _ in parts])
    n, total = found["n"], found["total"]
    means = (total / n.where(n > 0)).where(n >= ANSWERS_MIN)
    means = means[~means.index.get_level_values("period").str.contains("-")]
    periods, organisations = (
        sorted(set(means.index.get_level_values(n))) for n in ("period", "organisation")
    )
    grid = pd.MultiIndex.from_product([organisations, periods])
    array = means.reindex(grid).to_numpy().reshape(len(organisations), len(periods), -1)
    opened = {key: month for _, own in parts for key, month in own.items()}
    return Course(organisations, periods, array, opened)


def lay_out(answers: Answers, point: str | None, kind: str | None, course: Course | None = None) -> Panel:
    """Lay out initiatives for a point, or of a kind, over periods.

    An initiative counts from the first period in which people began to answer after the month it started in; an organisation's
    first initiatives are those of that period.

    Parameters
    ----------
    course : Course, optional
        Of these answers, where it is known already.

    Raises
    ------
    InputError
        Neither or both of point and kind, a name that is not there, or too few organisations that did it or did not.
    """
    if (point is None) == (kind is None):
        raise InputError(
            Problem("point, kind", "one of them is needed, and one only", 'say point="…" or kind="…"')
        )
    name = str(point if point is not None else kind)
    known = (
        answers.columns.point_ids if point is not None else sorted(set(answers.initiatives["kind"]) - {""})
    )
    if name not in known:
        remedy = f"use one of {', '.join(known)}"
        raise InputError(
            Problem("point" if point else "kind", f"there is no {name}{suggest(name, known)}", remedy)
        )
    course = course or follow(answers)
    asked = answers.initiatives.reset_index()
    asked = asked[(asked["point"] == name) if point is not None else (asked["kind"] == name)]
    theirs = dict(list(asked.groupby("organisation")))
    begun = np.full(len(course.organisations), np.inf)
    own = [np.zeros(0, int)] * len(begun)
    for i, organisation in enumerate(course.organisations):
        if (mine := theirs.get(organisation)) is None:
            continue
        at = np.array([_first_after(str(s), organisation, course) for s in mine["start"]])
        begun[i] = at.min()
        points = mine.loc[at == begun[i], "point"] if np.isfinite(begun[i]) else []
        own[i] = np.array([answers.columns.point_ids.index(p) for p in dict.fromkeys(points)], int)
    treated = int(np.isfinite(begun).sum())
    if treated < ORGANISATIONS_MIN or len(begun) - treated < ORGANISATIONS_MIN:
        what = f"{treated} of {len(begun)} organisations did it"
        raise InputError(
            Problem(name, what, f"{ORGANISATIONS_MIN} that did and as many that did not are needed")
        )
    years = np.array([year_of(p) for p in course.periods])
    return Panel(course.organisations, answers.columns.point_ids, years, course.mean, begun, own)


def _follow_block(block: Answers) -> tuple[pd.DataFrame, dict[tuple[str, str], str]]:
    """Sums of organisations and periods, which lie in one block each, and the months in which people began to answer."""
    sent = block.people["answered_at"].dropna()
    first = sent.groupby(level=["organisation", "period"]).min()
    opened = {key: f"{when:%Y-%m}" for key, when in first.items()}
    return sum_block(["organisation", "period"], block), opened


def _first_after(start: str, organisation: str, course: Course) -> float:
    """Index of the first period after a month; the period's year as a whole lies before where no times are known."""
    for k, period in enumerate(course.periods):
        if start < course.opened.get((organisation, period), f"{period}-01"):
            return float(k)
    return np.inf

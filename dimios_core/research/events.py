"""Who did what when, as a panel: organisations' means by period, and the first period after each one's initiatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.periods import year_of
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


def lay_out(answers: Answers, point: str | None, kind: str | None) -> Panel:
    """Lay out initiatives for a point, or of a kind, over periods.

    Who measures in half years is left out: a step between its periods is another. An initiative counts from the first period in
    which people began to answer after the month it started in; an organisation's first initiatives are those of that period.

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
    scores = answers.points()
    whole = np.array([p for p in dict.fromkeys(scores.index.get_level_values("period")) if "-" not in p])
    scores = scores[scores.index.get_level_values("period").isin(whole)]
    by = scores.groupby(level=["organisation", "period"])
    means = by.mean().where(by.count() >= ANSWERS_MIN)
    periods = sorted(whole)
    organisations = sorted(set(means.index.get_level_values("organisation")))
    grid = pd.MultiIndex.from_product([organisations, periods])
    array = means.reindex(grid).to_numpy().reshape(len(organisations), len(periods), -1)
    opened = _opened(answers)
    asked = answers.initiatives.reset_index()
    asked = asked[(asked["point"] == name) if point is not None else (asked["kind"] == name)]
    begun = np.full(len(organisations), np.inf)
    own: list[np.ndarray] = []
    for i, organisation in enumerate(organisations):
        mine = asked[asked["organisation"] == organisation]
        at = np.array([_first_after(str(s), organisation, periods, opened) for s in mine["start"]])
        first = at.min(initial=np.inf)
        begun[i] = first
        points = mine.loc[at == first, "point"] if len(mine) and np.isfinite(first) else []
        own.append(np.array([answers.columns.point_ids.index(p) for p in dict.fromkeys(points)], int))
    treated = int(np.isfinite(begun).sum())
    if treated < ORGANISATIONS_MIN or len(begun) - treated < ORGANISATIONS_MIN:
        what = f"{treated} of {len(begun)} organisations did it"
        raise InputError(
            Problem(name, what, f"{ORGANISATIONS_MIN} that did and as many that did not are needed")
        )
    years = np.array([year_of(p) for p in periods])
    return Panel(organisations, list(scores.columns), years, array, begun, own)


def _opened(answers: Answers) -> dict[tuple[str, str], str]:
    """Month (YYYY-MM) in which an organisation's people began to answer in a period."""
    sent = answers.people["answered_at"].dropna()
    first = sent.groupby(level=["organisation", "period"]).min()
    return {key: f"{when:%Y-%m}" for key, when in first.items()}


def _first_after(
    start: str, organisation: str, periods: list[str], opened: dict[tuple[str, str], str]
) -> float:
    """Index of the first period after a month; the period's year as a whole lies before where no times are known."""
    for k, period in enumerate(periods):
        if start < opened.get((organisation, period), f"{period}-01"):
            return float(k)
    return np.inf

"""Pairs by kind of initiative, over the measure points that initiatives were for (method 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean

import numpy as np
import pandas as pd

from dimios_core.published.schema import load_codes
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.evidence.by_point import find_counted, find_starts
from dimios_core.results.evidence.estimates import PAIRS_MIN, Matched
from dimios_core.results.evidence.pairs import Scores, list_windows, pair_organisations


def match_kinds(
    scores: Mapping[str, Scores], types: Mapping[str, str], initiatives: pd.DataFrame
) -> dict[str, Matched]:
    """Pair organisations for every kind of initiative.

    An organisation's score is the mean of the measure points that its first initiatives of the kind were for: those that
    began in the same month as the first. Its match is measured by the same points; it has started nothing of the kind,
    and nothing at all for these points, by the end of the follow-up's field period.

    Parameters
    ----------
    scores : mapping
        `dimios_core.results.evidence.by_point.gather_scores`.
    types : mapping
        Organisation -> type.
    initiatives : DataFrame
        All stored ones. One whose kind is not known is of no kind; it rules its organisation out for its point alone.

    Returns
    -------
    dict
        Kind -> its pairs, in the order of the list of kinds.
    """
    initiatives = initiatives[initiatives["point"].isin(list(scores))]
    counted = find_counted(initiatives)
    return {
        kind: _match_kind(
            scores,
            types,
            initiatives,
            counted[counted["kind"] == kind],
            initiatives[initiatives["kind"] == kind],
        )
        for kind in load_codes()["action_kind"]
    }


def _match_kind(
    scores: Mapping[str, Scores],
    types: Mapping[str, str],
    initiatives: pd.DataFrame,
    counted: pd.DataFrame,
    alike: pd.DataFrame,
) -> Matched:
    """Pair organisations for one kind: `counted` of those `alike`, of all initiatives."""
    treated, started = find_starts(counted), find_starts(alike)
    points = {o: _find_points(counted, o, month) for o, month in treated.items()}
    sets = sorted(set(points.values()))
    means = {own: average_points([scores[p] for p in own]) for own in sets}
    begun = {own: _first(started, find_starts(initiatives[initiatives["point"].isin(own)])) for own in sets}
    windows = list_windows(treated, started, lambda o: means[points[o]])
    pairs = pair_organisations(
        windows, types, lambda o: means[points[o]], lambda o: begun[points[o]], lambda o: points[o]
    )
    return Matched(pairs, len(treated))


def _find_points(counted: pd.DataFrame, organisation: str, month: str) -> tuple[str, ...]:
    own = counted[(counted["organisation"] == organisation) & (counted["start"] == month)]
    return tuple(sorted(set(own["point"])))


def _first(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """The earlier of two months of each organisation."""
    return {o: min(m for m in (one.get(o), other.get(o)) if m is not None) for o in {**one, **other}}


def average_points(scores: Iterable[Scores]) -> Scores:
    """Return organisation -> period -> mean over some points, where all of them have a score.

    Examples
    --------
    >>> average_points([{"a": {"2025": 40.0, "2026": 60.0}}, {"a": {"2026": 50.0}, "b": {"2026": 10.0}}])
    {'a': {'2026': 55.0}}
    """
    first, *others = scores
    found: dict[str, dict[str, float]] = {}
    for organisation, own in first.items():
        for period, score in own.items():
            rest = [o.get(organisation, {}).get(period) for o in others]
            if all(s is not None for s in rest):
                found.setdefault(organisation, {})[period] = fmean(
                    [score, *(s for s in rest if s is not None)]
                )
    return found


def find_telling(points: Mapping[str, Matched], kinds: Mapping[str, Matched]) -> list[str]:
    """Find the kinds whose mean would tell of fewer pairs than six, beside the means of points and of the kinds before it.

    A kind that is for one measure point only may share pairs with it: what one mean has and the other has not is then
    a difference of two sums. No union of one to five pairs may be worked out (`RowSpace`).
    """
    let_through = [_name_pairs(m) for m in points.values() if len(m.pairs) >= PAIRS_MIN]
    telling = []
    for kind, found in kinds.items():
        if len(found.pairs) < PAIRS_MIN:
            continue
        rows = [*let_through, _name_pairs(found)]
        if _tells_of_few(rows):
            telling.append(kind)
        else:
            let_through = rows
    return telling


def _name_pairs(found: Matched) -> set[tuple[object, ...]]:
    """What makes two pairs the same: the organisations, the periods, and the points by which they are measured."""
    return {(p.treated, p.control, p.baseline, p.followup, p.points) for p in found.pairs}


def _tells_of_few(rows: list[set[tuple[object, ...]]]) -> bool:
    pairs = sorted(set().union(*rows), key=str)
    published = np.array([[pair in row for pair in pairs] for row in rows], bool)
    space = RowSpace(published, np.ones(len(pairs), int))
    return next(space.small_unions(PAIRS_MIN), None) is not None

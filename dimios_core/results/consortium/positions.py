"""Organisations that other readers may see as dots in the plane, and what that would give away (method 5).

A dot tells every reader an organisation's two dimension scores. Group means are decided first, as if nobody
were shown; dots are then taken away until nobody can work out the sum of one to four others
(docs/decisions/0011-dots-after-means.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import PEERS_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.disclosure.recoverable import list_subsets
from dimios_core.results.scoring.columns import Columns

#: organisations that share type, county and size, of which an anonymous dot is one
CELL_MIN = 5
TOLERANCE = 1e-6
#: leaks mended together before all is looked at again
LEAKS_AT_A_TIME = 64
#: unions looked at together, and on how many columns first: few survive these
UNIONS_AT_A_TIME, COLUMNS_FIRST = 20_000, 16


@dataclass(frozen=True)
class Leak:
    """A sum of one to four hidden organisations that some reader can work out.

    Attributes
    ----------
    combination : float array (groups,)
        The sum is Σ combination · group sum, less what the reader knows.
    others_n : int
        Hidden organisations in the sum besides the reader (a sum of five leaves four to its members).
    needed_n : int
        Hidden organisations that would have to join the sum.
    """

    combination: np.ndarray
    others_n: int
    needed_n: int


def find_leaks(rows: np.ndarray, hidden: np.ndarray, at_most: int = LEAKS_AT_A_TIME) -> list[Leak]:
    """Find sums of one to four hidden organisations that some reader can work out from group means.

    Every reader knows the organisations that are not hidden. A hidden one knows herself besides. All readers
    are covered: those outside, those shown, and each hidden organisation.

    Parameters
    ----------
    rows : bool array (published groups, organisations)
    hidden : bool array (organisations,)
    at_most : int
        Stop after so many.

    Returns
    -------
    list of Leak
        Empty if and only if there are none.

    Notes
    -----
    Organisations of the same groups form one cell. In reduced echelon form every row of the row space is
    fixed by its values in the pivot cells. A sum of few organisations has few pivot cells, all small, so
    choosing large cells as pivots first leaves a short list to go through. A sum of five leaves four to
    each of its members; a reader alone in her cell cancels whatever stands there.
    """
    seen = hidden & rows.any(axis=0)
    if not seen.any():
        return []
    cells, size = np.unique(rows[:, seen], axis=1, return_counts=True)
    reduced, combination, pivots = _reduce(cells, size)
    found = _small_rows(reduced, combination, pivots, size, PEERS_MIN, True, at_most)
    for reader in pivots[size[pivots] == 1]:
        if len(found) >= at_most:
            break
        kept = np.arange(len(size)) != reader
        parts = _reduce(cells[:, kept], size[kept])
        found += _small_rows(*parts, size[kept], PEERS_MIN - 1, False, at_most - len(found))
    return found


def _reduce(cells: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reduced echelon form with large cells as pivots first, its rows as combinations of groups, the pivots."""
    groups_n, cells_n = cells.shape
    work = np.hstack([cells.astype(float), np.eye(groups_n)])
    pivots: list[int] = []
    for column in np.argsort(-size, kind="stable"):
        top = len(pivots)
        if top == groups_n:
            break
        best = top + int(np.abs(work[top:, column]).argmax())
        if abs(work[best, column]) < TOLERANCE:
            continue
        work[[top, best]] = work[[best, top]]
        work[top] /= work[top, column]
        factor = work[:, column].copy()
        factor[top] = 0
        work -= np.outer(factor, work[top])
        pivots.append(int(column))
    return work[: len(pivots), :cells_n], work[: len(pivots), cells_n:], np.array(pivots, int)


def _small_rows(
    reduced: np.ndarray, combination: np.ndarray, pivots: np.ndarray, size: np.ndarray,
    largest_n: int, lone_reader: bool, at_most: int,
) -> list[Leak]:  # fmt: skip
    """List rows of the row space that are unions of one to `largest_n` organisations.

    With `lone_reader`, one cell of a single organisation may hold any value: she is the reader then.
    """
    small = np.flatnonzero(size[pivots] <= largest_n)
    chosen = list_subsets(size[pivots][small], largest_n + 1, largest_n)
    rows = np.vstack([reduced[small], np.zeros((1, reduced.shape[1]))])
    first = np.argsort(-size, kind="stable")
    first = first[~np.isin(first, pivots)][:COLUMNS_FIRST]
    found: list[Leak] = []
    for start in range(0, len(chosen), UNIONS_AT_A_TIME):
        some = chosen[start : start + UNIONS_AT_A_TIME]
        some = some[_plausible(rows[:, first][some].sum(axis=1), size[first], largest_n, lone_reader)]
        values = rows[some].sum(axis=1)
        fits = _plausible(values, size, largest_n, lone_reader)
        for members, value in zip(some[fits], values[fits], strict=True):
            one = np.abs(value - 1) < TOLERANCE
            odd = ~one & (np.abs(value) > TOLERANCE)
            others_n = int(size[one].sum())
            limit = PEERS_MIN - 1 if odd.any() else largest_n
            if 0 < others_n <= limit:
                own = combination[small[members[members < len(small)]]].sum(axis=0)
                found.append(Leak(own, min(others_n, PEERS_MIN - 1), limit + 1 - others_n))
                if len(found) == at_most:
                    return found
    return found


def _plausible(values: np.ndarray, size: np.ndarray, largest_n: int, lone_reader: bool) -> np.ndarray:
    """Tell of each row (rows, cells) whether it is 0 or 1 in every cell, but perhaps in one lone reader's."""
    nothing = np.abs(values) < TOLERANCE
    fine = nothing | ((np.abs(values - 1) < TOLERANCE) & (size <= largest_n))
    odd_alone = (~fine & (size == 1)).sum(axis=1)
    return ~(~fine & (size > 1)).any(axis=1) & (odd_alone <= int(lone_reader))


def may_be_shown(people: pd.DataFrame) -> np.ndarray:
    """Tell which organisations' sharing choice lets them be a dot, before means are looked at.

    Parameters
    ----------
    people : DataFrame
        Columns type, county, size, sharing (str): organisations with a complete result in one period.

    Returns
    -------
    bool array (organisations,)
        `named`, and `anonymous` where at least five share type, county and size; never `closed`.
    """
    cell_n = people.groupby(["type", "county", "size"])["type"].transform("size").to_numpy(int)
    sharing = people["sharing"].to_numpy(str)
    return (sharing == "named") | ((sharing == "anonymous") & (cell_n >= CELL_MIN))


def choose_shown(
    rows: np.ndarray, people: pd.DataFrame, allowed: np.ndarray, before: Before | None = None
) -> np.ndarray:
    """Choose the organisations to show, so that published means beside them give nobody else away.

    Parameters
    ----------
    rows : bool array (published groups, organisations)
        Groups that may be published together where nobody is shown (`publishable_groups`).
    people : DataFrame
        Columns id, type, county, size, sharing, a row an organisation.
    allowed : bool array (organisations,)
    before : Before, optional
        What was told of the period before: who was shown then is known to every reader, and stays if allowed.

    Returns
    -------
    bool array (organisations,)
        Of those allowed, anonymous ones are given up before named ones, by identifier. Those given up in vain
        are shown after all.
    """
    before = Before.nothing(len(people)) if before is None else before
    shown = allowed & ~_undone_names(people, allowed, before) & ~before.moved
    while True:
        alone = _choose_alone(rows, people, shown, before)
        shown = _choose_beside(rows, people, alone, before)
        if (shown == alone).all():
            return shown


def _order(people: pd.DataFrame) -> np.ndarray:
    """Who is hidden first: anonymous ones before named ones, then by identifier."""
    return np.lexsort([people["id"].to_numpy(str), people["sharing"].to_numpy(str) != "anonymous"])


def _choose_alone(rows: np.ndarray, people: pd.DataFrame, allowed: np.ndarray, before: Before) -> np.ndarray:
    """Choose whom to show beside today's means, as if nothing had been told before but names."""
    shown, order = allowed.copy(), _order(people)
    while True:
        leaks = find_leaks(rows, ~shown)
        exposed = _exposed_anonymous(people, shown, before)
        if not leaks and not exposed.any():
            return _give_back(rows, people, allowed, shown, order[::-1], before)
        held = shown.copy()
        shown &= ~exposed
        for leak in leaks:
            _hide(shown, held, order, leak.combination @ rows, leak.needed_n)
        if (shown == held).all():  # cannot be while the groups are safe without dots; then show nobody
            return np.zeros_like(shown)


def _choose_beside(rows: np.ndarray, people: pd.DataFrame, allowed: np.ndarray, before: Before) -> np.ndarray:
    """Hide those who were not seen before, until all means and dots that ever were give nobody away."""
    if not len(before.rows):
        return allowed
    seen, order, shown = before.known[: len(people)], _order(people), allowed.copy()
    told = np.unique(np.vstack([before.widen(rows), before.rows]), axis=0)
    while leaks := find_leaks(told, before.hidden(shown)):
        held = shown & ~seen
        for leak in leaks:
            _hide(shown, held, order, (leak.combination @ told)[: len(people)], leak.needed_n)
        if (held == (shown & ~seen)).all():  # it follows from before alone: then nobody new is shown
            return shown & seen
    return shown if before.is_safe_with(rows, shown) else shown & seen


def _give_back(
    rows: np.ndarray,
    people: pd.DataFrame,
    allowed: np.ndarray,
    shown: np.ndarray,
    order: np.ndarray,
    before: Before,
) -> np.ndarray:
    """Show again, one by one, those who need not be hidden any longer now that others are."""
    for dot in order[(allowed & ~shown)[order]]:
        shown[dot] = True
        if find_leaks(rows, ~shown, at_most=1) or _exposed_anonymous(people, shown, before).any():
            shown[dot] = False
    return shown


def _hide(shown: np.ndarray, before: np.ndarray, order: np.ndarray, value: np.ndarray, needed_n: int) -> None:
    """Hide dots of one leak, in order, until it is a leak no more; those hidden in this round count first."""
    takes_part = order[before[order] & (np.abs(value[order]) > TOLERANCE)]
    for dot in sorted(takes_part, key=lambda d: bool(shown[d])):
        shown[dot] = False
        needed_n -= 1
        # a dot that enters other than once cannot be part of a plain sum, so the combination is of no use
        if needed_n == 0 or abs(value[dot] - 1) > TOLERANCE:
            return


def _undone_names(people: pd.DataFrame, allowed: np.ndarray, before: Before) -> np.ndarray:
    """Organisations that may not be named now: too few could be left behind dots that were shown without a name."""
    new = allowed & (people["sharing"] == "named").to_numpy() & ~before.named
    seen = before.anonymous & ~before.named & ~new
    frame = people[["type", "county", "size"]].assign(seen=seen, unnamed=~before.named & ~new)
    source = frame.groupby(["type", "county", "size"])["seen"].transform("any")
    left_n = (frame["unnamed"] & source).groupby(frame["type"]).transform("sum")
    return new & source.to_numpy() & (left_n < CELL_MIN).to_numpy()


def _exposed_anonymous(people: pd.DataFrame, shown: np.ndarray, before: Before) -> np.ndarray:
    """Anonymous dots of types where fewer than five organisations could be behind them.

    Counts of dots per combination of groups are published, and those shown by name are known: what is left
    are organisations not shown by name, in the cells where anonymous dots come from.
    """
    anonymous = shown & (people["sharing"] == "anonymous").to_numpy()
    frame = people[["type", "county", "size"]].assign(
        anonymous=anonymous, unnamed=(people["sharing"] != "named").to_numpy() & ~before.named
    )
    source = frame.groupby(["type", "county", "size"])["anonymous"].transform("any")
    candidates_n = (frame["unnamed"] & source).groupby(frame["type"]).transform("sum")
    return anonymous & (candidates_n < CELL_MIN).to_numpy()


def publish_positions(
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    people: pd.DataFrame,
    published: dict[str, set[str]],
    columns: Columns,
    before: Mapping[str, Before],
) -> tuple[pd.DataFrame, dict[str, set[str]]]:
    """Publish the dots of every period.

    Parameters
    ----------
    wholes : list of Whole
    groups : list of (PeerGroup, bool array (organisations,))
    people : DataFrame
        Register columns id, name, type, county, size, sharing, in the order of the membership arrays.
    published : dict
        Period -> groups whose means are published.
    columns : Columns
        Of an instrument with quadrants.
    before : mapping
        Period -> what was told of it before.

    Returns
    -------
    positions : DataFrame
        period, type (str), id, name (str, "" of anonymous ones), across, upwards (percent, one decimal). A row
        a dot, sorted by position. Only complete results, and none at an end of the scale.
    shown : dict
        Period -> identifiers of the organisations behind the dots. Not to be published.
    """
    plane = columns.instrument.quadrants
    assert plane is not None
    at = [columns.level_rows.index(("dimension", d)) for d in (plane.across, plane.upwards)]
    parts, shown_in = [], {}
    for period in sorted({w.period for w in wholes}):
        complete = {w.organisation: w for w in wholes if w.period == period and w.complete}
        inside = people["id"].isin(complete).to_numpy()
        own = people[inside].reset_index(drop=True)
        listed = [m[inside] for g, m in groups if g.id in published.get(period, ())]
        rows = np.array(listed, bool).reshape(len(listed), len(own))
        # a score at an end is published as a bound only, and a dot has none
        at_end = np.array([complete[o].at_end[at].any() for o in own["id"]], bool)
        shown = choose_shown(rows, own, may_be_shown(own) & ~at_end, before[period].among(inside))
        shown_in[period] = set(own["id"][shown])
        dots = own[shown]
        named = dots["sharing"] == "named"
        place = np.array([complete[o].score_pct[at] for o in dots["id"]]).reshape(-1, 2)
        parts.append(
            pd.DataFrame(
                {
                    "period": period,
                    "type": dots["type"].astype(str),
                    "id": dots["id"].astype(str).where(named, ""),
                    "name": dots["name"].astype(str).where(named, ""),
                    "across": place[:, 0],
                    "upwards": place[:, 1],
                }
            )
        )
    frame = shape_table("positions", parts)
    return frame.sort_values(["period", "across", "upwards", "type", "id"], ignore_index=True), shown_in

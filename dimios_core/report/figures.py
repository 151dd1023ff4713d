"""Published figures with their meaning, as every page picks them: a level, a difference, a place, a peer group.

A figure that is not published keeps its status and carries no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from dimios_core.instrument import COMPOSITE
from dimios_core.published.store import PublicResults

PUBLISHED = "published"
WHOLE = "*"
#: (level, key)
Key = tuple[str, str]
#: levels above the points: what is told before single points
BROAD_LEVELS = (COMPOSITE[0], "dimension", "category")
#: why there is no change between periods of which one has what the other lacks, and what stands instead between versions
LACKING, OTHER_VERSION = ("incomplete", "no_answers"), "other_version"
#: columns of the scores that tell a level, in the order of a `Figure`
_LEVEL = ("level", "key", "status", "score", "ci_low", "ci_high", "bound", "n", "n_points", "dont_know_share")
#: columns of each table that tell a difference, in the order of a `Comparison`
_DIFFERENCE = {
    "changes": ("status", "change", "ci_low", "ci_high", "certainty", "detectable"),
    "contrasts": ("status", "difference", "ci_low", "ci_high", "certainty", "detectable"),
    "gaps": ("status", "gap", "ci_low", "ci_high", "certainty", "detectable", "benchmark"),
    "standardised": ("status", "change", "ci_low", "ci_high"),
    "trends": ("status", "slope", "ci_low", "ci_high", "certainty"),
}


class Figure(NamedTuple):
    """One published level, or why there is none.

    Attributes
    ----------
    level, key, status : str
    score, low, high : float or None
        Percent 0-100 and its 95 % interval.
    bound : str
        "at_most" or "at_least" where only a bound is told, else "".
    n : int or None
        Respondents with an answer among the figure's points.
    n_points : int or None
    dont_know_share : float or None
        0-1; points only.
    """

    level: str
    key: str
    status: str
    score: float | None = None
    low: float | None = None
    high: float | None = None
    bound: str = ""
    n: int | None = None
    n_points: int | None = None
    dont_know_share: float | None = None

    @property
    def place(self) -> Key:
        """Its (level, key)."""
        return self.level, self.key

    @property
    def published(self) -> bool:
        """There is a number."""
        return self.status == PUBLISHED


class Comparison(NamedTuple):
    """A gap to peers or a change since an earlier period, or why there is none.

    Attributes
    ----------
    value, low, high : float or None
        Percentage points, with the 95 % interval (not adjusted for multiplicity).
    certainty : str
        "increase" (above), "decrease" (below), "none", or "unknown" (too few respondents).
    detectable : float or None
        The smallest difference that usually shows.
    reference : float or None
        Gaps: the peers' mean in percent.
    """

    status: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    certainty: str = "unknown"
    detectable: float | None = None
    reference: float | None = None

    @property
    def published(self) -> bool:
        """There is a number."""
        return self.status == PUBLISHED

    @property
    def certain(self) -> bool:
        """The difference is certain."""
        return self.certainty in ("increase", "decrease")


@dataclass(frozen=True)
class Position:
    """Where the organisation lies in the plane of the two dimensions; percent, half widths in points."""

    status: str
    placement: str = "unplaced"
    across: float | None = None
    upwards: float | None = None
    half_across: float | None = None
    half_upwards: float | None = None
    radius_major: float | None = None
    radius_minor: float | None = None
    angle: float | None = None


@dataclass(frozen=True)
class PeerGroupFact:
    """A peer group of the organisation whose means are published."""

    id: str
    kind: str
    peers_n: int


@dataclass(frozen=True)
class Bin:
    """One bar of a distribution: organisations whose score lies from `low` up to `high` percent.

    The outer bins reach 0 and 100.
    """

    low: float
    high: float
    organisations_n: int


def pick_figures(results: PublicResults, *by: str, **wanted: Any) -> dict[Any, Figure]:
    """Pick the levels of the scores that hold the given texts, in the table's order.

    Parameters
    ----------
    results : PublicResults
    *by : str
        The columns that the levels are told apart by.
    **wanted
        As of `dimios_core.published.rows.Table.pick`, with `either`.

    Returns
    -------
    dict of tuple of str -> Figure
        By the values of these columns.
    """
    n, told = len(by), results.pick("scores", *by, *_LEVEL, **wanted)
    return {row[:n]: Figure._make(row[n:]) for row in told}


def pick_differences(results: PublicResults, table: str, *by: str, **wanted: Any) -> dict[Any, Comparison]:
    """Pick the differences of a table (changes, contrasts, gaps, standardised, trends), as `pick_figures` does levels.

    What the table does not tell is left open.
    """
    n, told = len(by), results.pick(table, *by, *_DIFFERENCE[table], **wanted)
    return {row[:n]: Comparison(*row[n:]) for row in told}


def pick_changes(
    results: PublicResults,
    period: str,
    since: str,
    *by: str,
    table: str = "changes",
    **wanted: Any,
) -> dict[Any, Comparison]:
    """Pick the changes between two periods; where there is none as two versions of the model have too little in common, that is why."""
    changes = pick_differences(results, table, *by, period=period, period_from=since, **wanted)
    if results.version_of(period) == results.version_of(since):
        return changes
    return {
        place: c._replace(status=OTHER_VERSION) if c.status in LACKING else c for place, c in changes.items()
    }

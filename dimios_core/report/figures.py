"""Published figures with their meaning, as every page picks them: a level, a difference, a place, a peer group.

A figure that is not published keeps its status and carries no number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dimios_core.instrument import COMPOSITE
from dimios_core.published.rows import Row
from dimios_core.published.store import PublicResults

PUBLISHED = "published"
WHOLE = "*"
#: (level, key)
Key = tuple[str, str]
#: levels above the points: what is told before single points
BROAD_LEVELS = (COMPOSITE[0], "dimension", "category")
#: why there is no change between periods of which one has what the other lacks, and what stands instead between versions
LACKING, OTHER_VERSION = ("incomplete", "no_answers"), "other_version"


@dataclass(frozen=True)
class Figure:
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


@dataclass(frozen=True)
class Comparison:
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


def read_figure(r: Row) -> Figure:
    """Read a level from a row of the scores."""
    return Figure(
        r["level"], r["key"], r["status"], r["score"], r["ci_low"], r["ci_high"], r["bound"], r["n"], r["n_points"],
        r["dont_know_share"],
    )  # fmt: skip


def read_comparison(r: Row, value: str) -> Comparison:
    """Read a difference from a row; `value` is the column that holds it. What the table does not tell is left open."""
    return Comparison(
        r["status"], r[value], r["ci_low"], r["ci_high"], r.get("certainty", "unknown"), r.get("detectable"),
        r.get("benchmark"),
    )  # fmt: skip


def read_change(results: PublicResults, r: Row) -> Comparison:
    """Read a change from a row; where there is none as two versions of the model have too little in common, that is why."""
    change = read_comparison(r, "change")
    if change.status not in LACKING or results.version_of(r["period"]) == results.version_of(
        r["period_from"]
    ):
        return change
    return replace(change, status=OTHER_VERSION)

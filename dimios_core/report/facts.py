"""Facts: published numbers with their meaning, free of language.

Facts only pick among published figures; nothing is estimated here, and a figure that is not published
keeps its status and carries no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.results.store import PublishedResults

PUBLISHED = "published"
WHOLE = "*"
#: peer group shown first, where it is published; the next otherwise
GROUP_ORDER = ("type", "type-size", "size", "all", "county")


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
        The smallest difference that would have shown.
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
class Facts:
    """Everything a report on one organisation and period says, in numbers.

    Attributes
    ----------
    organisation : dict
        Profile: id, name, type, county, size, periods, units.
    period : str
    previous : str or None
        The period that changes are counted from.
    group : PeerGroupFact or None
        The peer group that gaps are counted to.
    groups : tuple of PeerGroupFact
        The groups to choose among.
    figures : dict of (level, key) -> Figure
    gaps, changes : dict of (level, key) -> Comparison
    position : Position or None
        None for instruments without quadrants.
    response : tuple (answered, invited, share, band) or None
    demo_label : dict of language -> text, or None
    """

    organisation: dict[str, Any]
    instrument: Instrument
    period: str
    previous: str | None
    group: PeerGroupFact | None
    groups: tuple[PeerGroupFact, ...]
    figures: dict[tuple[str, str], Figure]
    gaps: dict[tuple[str, str], Comparison]
    changes: dict[tuple[str, str], Comparison]
    position: Position | None
    response: tuple[int, int, float, str] | None
    demo_label: dict[str, str] | None
    results_version: str

    @property
    def maturity(self) -> Figure:
        """The figure of digital maturity."""
        return self.figures["maturity", "maturity"]

    def of_level(self, level: str) -> list[Figure]:
        """Figures of a level, in the instrument's order."""
        return [f for (name, _), f in self.figures.items() if name == level]


@dataclass(frozen=True)
class PeerPosition:
    """Where another organisation lies, as far as it shares that; the name is "" for anonymous ones."""

    name: str
    across: float
    upwards: float


@dataclass(frozen=True)
class History:
    """Published figures of every period of an organisation, oldest first.

    Attributes
    ----------
    periods : tuple of str
    figures : dict of (period, level, key) -> Figure
    positions : dict of period -> Position
    """

    periods: tuple[str, ...]
    figures: dict[tuple[str, str, str], Figure]
    positions: dict[str, Position]

    def until(self, period: str) -> tuple[str, ...]:
        """Return the periods up to and including one."""
        return tuple(p for p in self.periods if p <= period)


def gather_history(results: PublishedResults) -> History:
    """Gather maturity, dimensions and categories of every period."""
    periods = tuple(results.profile["periods"])
    scores = results.scores
    scores = scores[scores["level"].isin(["maturity", "dimension", "category"])]
    figures = {
        (period, r.level, r.key): _figure(r)
        for period in periods
        for r in _whole(scores, period).itertuples()
    }
    positions = {p: position for p in periods if (position := _position(results, p)) is not None}
    return History(periods, figures, positions)


def gather_peer_positions(
    results: PublishedResults, period: str, group: PeerGroupFact | None
) -> list[PeerPosition]:
    """Gather the positions that others show: of one's own type where that is the group, else of all."""
    shown = results.positions
    shown = shown[(shown["period"] == period) & (shown["id"] != results.organisation)]
    if group is not None and group.kind in ("type", "type-size"):
        shown = shown[shown["type"] == results.profile["type"]]
    return [
        PeerPosition(str(r.name), float(r.across), float(r.upwards)) for r in shown.itertuples(index=False)
    ]


def gather_facts(results: PublishedResults, period: str, group: str | None = None) -> Facts:
    """Gather the facts of one organisation and period from its published results.

    Parameters
    ----------
    results : PublishedResults
    period : str
        One of the organisation's periods.
    group : str, optional
        Peer group; default the first published one of type, type × size, size, all, county.

    Returns
    -------
    Facts
    """
    scores = _whole(results.scores, period)
    changes = _whole(results.changes, period)
    previous = max(changes["period_from"].astype(str), default=None)
    changes = changes[changes["period_from"] == previous]
    groups = _list_groups(results, period)
    chosen = next((g for g in groups if g.id == group), groups[0] if groups else None)
    gaps = results.gaps
    gaps = gaps[(gaps["period"] == period) & (gaps["group"] == chosen.id)] if chosen else gaps.iloc[:0]
    demo = results.stamp.get("demo")
    return Facts(
        organisation=results.profile,
        instrument=results.instrument,
        period=period,
        previous=previous,
        group=chosen,
        groups=groups,
        figures={(r.level, r.key): _figure(r) for r in scores.itertuples()},
        gaps={(r.level, r.key): _comparison(r, r.gap, r.benchmark) for r in gaps.itertuples()},
        changes={(r.level, r.key): _comparison(r, r.change) for r in changes.itertuples()},
        position=_position(results, period),
        response=_response(results, period),
        demo_label=demo["label"] if demo else None,
        results_version=results.stamp["results_version"],
    )


def _whole(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    return frame[(frame["unit"] == WHOLE) & (frame["role"] == WHOLE) & (frame["period"] == period)]


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _figure(r: Any) -> Figure:
    return Figure(
        r.level, r.key, r.status, _number(r.score), _number(r.ci_low), _number(r.ci_high), r.bound, _count(r.n),
        _count(r.n_points), _number(r.dont_know_share),
    )  # fmt: skip


def _comparison(r: Any, value: Any, reference: Any = None) -> Comparison:
    return Comparison(
        r.status, _number(value), _number(r.ci_low), _number(r.ci_high), r.certainty, _number(r.detectable),
        None if reference is None else _number(reference),
    )  # fmt: skip


def _list_groups(results: PublishedResults, period: str) -> tuple[PeerGroupFact, ...]:
    gaps = results.gaps
    gaps = gaps[(gaps["period"] == period) & (gaps["status"] == PUBLISHED)]
    found = [
        PeerGroupFact(str(name), str(name).partition(":")[0], int(rows["peers_n"].max()))
        for name, rows in gaps.groupby("group", observed=True)
    ]
    return tuple(sorted(found, key=lambda g: (GROUP_ORDER.index(g.kind), g.id)))


def _position(results: PublishedResults, period: str) -> Position | None:
    if results.instrument.quadrants is None:
        return None
    r = next(_whole(results.regions, period).itertuples())
    numbers = ("across", "upwards", "half_across", "half_upwards", "radius_major", "radius_minor", "angle")
    return Position(r.status, r.placement, *(_number(getattr(r, name)) for name in numbers))


def _response(results: PublishedResults, period: str) -> tuple[int, int, float, str] | None:
    rates = _whole(results.response_rates, period)
    for r in rates[rates["status"] == PUBLISHED].itertuples():
        return int(r.answered), int(r.invited), float(r.rate), str(r.band)
    return None

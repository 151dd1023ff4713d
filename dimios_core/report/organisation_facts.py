"""Facts: published numbers with their meaning, free of language.

Facts only pick among published figures; nothing is estimated here, and a figure that is not published
keeps its status and carries no number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dimios_core.instrument import Instrument
from dimios_core.published.rows import Row
from dimios_core.published.store import PublishedResults

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
    levels = ("maturity", "dimension", "category")
    figures = {
        (period, r["level"], r["key"]): read_figure(r)
        for period in periods
        for r in results.rows("scores", period=period, unit=WHOLE, role=WHOLE, level=levels)
    }
    positions = {p: position for p in periods if (position := _position(results, p)) is not None}
    return History(periods, figures, positions)


def gather_peer_positions(
    results: PublishedResults, period: str, group: PeerGroupFact | None
) -> list[PeerPosition]:
    """Gather the positions that others show: of one's own type where that is the group, else of all."""
    own_type = group is not None and group.kind in ("type", "type-size")
    wanted = {"type": results.profile["type"]} if own_type else {}
    return [
        PeerPosition(r["name"], r["across"], r["upwards"])
        for r in results.rows("positions", period=period, **wanted)
        if r["id"] != results.organisation
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
    scores = results.rows("scores", period=period, unit=WHOLE, role=WHOLE)
    changes = results.rows("changes", period=period, unit=WHOLE, role=WHOLE)
    previous = max((r["period_from"] for r in changes), default=None)
    groups = _list_groups(results, period)
    chosen = next((g for g in groups if g.id == group), groups[0] if groups else None)
    gaps = results.rows("gaps", period=period, group=chosen.id) if chosen else []
    demo = results.stamp.get("demo")
    return Facts(
        organisation=results.profile,
        instrument=results.instrument,
        period=period,
        previous=previous,
        group=chosen,
        groups=groups,
        figures={(r["level"], r["key"]): read_figure(r) for r in scores},
        gaps={(r["level"], r["key"]): read_comparison(r, "gap") for r in gaps},
        changes={
            (r["level"], r["key"]): read_comparison(r, "change")
            for r in changes
            if r["period_from"] == previous
        },
        position=_position(results, period),
        response=_response(results, period),
        demo_label=demo["label"] if demo else None,
    )


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


def _list_groups(results: PublishedResults, period: str) -> tuple[PeerGroupFact, ...]:
    peers_n: dict[str, int] = {}
    for r in results.rows("gaps", period=period, status=PUBLISHED):
        peers_n[r["group"]] = max(r["peers_n"], peers_n.get(r["group"], 0))
    found = [PeerGroupFact(name, name.partition(":")[0], n) for name, n in peers_n.items()]
    return tuple(sorted(found, key=lambda g: (GROUP_ORDER.index(g.kind), g.id)))


def _position(results: PublishedResults, period: str) -> Position | None:
    if results.instrument.quadrants is None:
        return None
    r = results.rows("regions", period=period, unit=WHOLE, role=WHOLE)[0]
    numbers = ("across", "upwards", "half_across", "half_upwards", "radius_major", "radius_minor", "angle")
    return Position(r["status"], r["placement"], *(r[name] for name in numbers))


def _response(results: PublishedResults, period: str) -> tuple[int, int, float, str] | None:
    rates = results.rows("response_rates", period=period, unit=WHOLE, role=WHOLE, status=PUBLISHED)
    return next(((r["answered"], r["invited"], r["rate"], r["band"]) for r in rates), None)

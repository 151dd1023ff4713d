"""Facts of one organisation: its published figures in a period, over all periods, and in rank order.

Facts only pick among published figures; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.instrument.lead import lead_of, tops_of
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import (
    BROAD_LEVELS,
    PUBLISHED,
    WHOLE,
    Comparison,
    Figure,
    PeerGroupFact,
    Position,
    pick_changes,
    pick_differences,
    pick_figures,
)

#: peer group shown first, where it is published; the next otherwise
GROUP_ORDER = ("type", "type-size", "size", "all", "county")


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
    def lead(self) -> Figure:
        """The figure that is told first: the composite, else the first dimension."""
        return self.figures[lead_of(self.instrument)]

    @property
    def tops(self) -> list[Figure]:
        """The figures that nothing stands above: the composite, else the dimensions."""
        return [self.figures[key] for key in tops_of(self.instrument)]

    @property
    def composite(self) -> Figure | None:
        """The composite; None where the instrument has none."""
        return self.figures.get(COMPOSITE)

    @property
    def respondents_n(self) -> int | None:
        """Respondents with an answer, as far as that is published."""
        return max((f.n for f in self.tops if f.n is not None), default=None)

    def of_level(self, level: str) -> list[Figure]:
        """Figures of a level, in the instrument's order."""
        return [f for (name, _), f in self.figures.items() if name == level]


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


def gather_history(results: PublishedResults, asked: str) -> History:
    """Gather the composite, dimensions and categories of every period, as the version of the model has them that one was asked with."""
    results = results.as_asked(asked)
    periods = tuple(results.profile["periods"])
    broad = {"unit": WHOLE, "role": WHOLE, "level": BROAD_LEVELS}
    figures = pick_figures(results, "period", "level", "key", period=periods, **broad)
    return History(periods, figures, _positions(results, periods))


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
    results = results.as_asked(period)
    whole, place = {"unit": WHOLE, "role": WHOLE}, ("level", "key")
    previous = max(
        (since for (since,) in results.pick("changes", "period_from", period=period, **whole)), default=None
    )
    groups = _list_groups(results, period)
    chosen = next((g for g in groups if g.id == group), groups[0] if groups else None)
    demo = results.stamp.get("demo")
    return Facts(
        organisation=results.profile,
        instrument=results.instrument,
        period=period,
        previous=previous,
        group=chosen,
        groups=groups,
        figures=pick_figures(results, *place, period=period, **whole),
        gaps=pick_differences(results, "gaps", *place, period=period, group=chosen.id) if chosen else {},
        changes=pick_changes(results, period, previous, *place, **whole) if previous else {},
        position=_positions(results, (period,)).get(period),
        response=_response(results, period),
        demo_label=demo["label"] if demo else None,
    )


def _list_groups(results: PublishedResults, period: str) -> tuple[PeerGroupFact, ...]:
    peers_n: dict[str, int] = {}
    for group, n in results.pick("gaps", "group", "peers_n", period=period, status=PUBLISHED):
        peers_n[group] = max(n, peers_n.get(group, 0))
    found = [PeerGroupFact(name, name.partition(":")[0], n) for name, n in peers_n.items()]
    return tuple(sorted(found, key=lambda g: (GROUP_ORDER.index(g.kind), g.id)))


def _positions(results: PublishedResults, periods: Collection[str]) -> dict[str, Position]:
    """Where the whole organisation lies in the model's plane, by period; none of a period whose version of the model has another."""
    plane = results.instrument.quadrants
    planes = {p: results.models[results.version_of(p)].quadrants for p in periods}
    told = [
        p for p, then in planes.items()
        if plane and then and (then.across, then.upwards) == (plane.across, plane.upwards)
    ]  # fmt: skip
    if not told:
        return {}
    columns = [f.name for f in fields(Position)]
    rows = results.pick("regions", "period", *columns, period=told, unit=WHOLE, role=WHOLE)
    found = {period: Position(*position) for period, *position in rows}
    return {period: found[period] for period in told}


def _response(results: PublishedResults, period: str) -> tuple[int, int, float, str] | None:
    whole = {"unit": WHOLE, "role": WHOLE, "status": PUBLISHED}
    rates = results.pick("response_rates", "answered", "invited", "rate", "band", period=period, **whole)
    return next(iter(rates), None)


def certain_points(facts: Facts, direction: str, level: str = "point") -> list[Figure]:
    """Figures of a level that are certainly above ("increase") or below the peers, largest gap first."""
    found = [
        f for f in facts.of_level(level) if (g := facts.gaps.get((level, f.key))) and g.certainty == direction
    ]
    return sorted(found, key=lambda f: -abs(facts.gaps[level, f.key].value or 0))


def rank_points(facts: Facts) -> list[Figure]:
    """Published points, highest score first; the instrument's order among equals."""
    return sorted((f for f in facts.of_level("point") if f.published), key=lambda f: -(f.score or 0))


def rank_unknowns(facts: Facts) -> list[Figure]:
    """Points whose share of don't-know is published, whether their score is or not; the largest share first."""
    known = [f for f in facts.of_level("point") if f.dont_know_share is not None]
    return sorted(known, key=lambda f: -(f.dont_know_share or 0))


def find_recommendations(facts: Facts) -> list[str]:
    """Return the quadrants whose general recommendation applies; none where no placing is possible."""
    if facts.position is None or facts.position.placement == "unplaced":
        return []
    return facts.position.placement.split("-")

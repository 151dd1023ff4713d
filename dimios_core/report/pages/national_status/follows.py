"""What follows for the sector: what is certain, each with its uncertainty, and what it asks of whom.

The figures say what is so, not why: what method support, the consortium or legislators could do stands as a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dimios_core.instrument.lead import lead_of
from dimios_core.published.rows import Row
from dimios_core.published.store import PublicResults
from dimios_core.report.figures import PUBLISHED, Comparison, Key
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE, NAMED_N
from dimios_core.report.messages.message import CHANGE, DOWN
from dimios_core.report.pages.national_status.facts import SpreadPart
from dimios_core.report.pages.national_status.findings import list_lagging, list_leading
from dimios_core.report.sector.messages import list_unknowns, rank_group
from dimios_core.report.sector.sector_facts import GroupLevel, SectorFacts

#: whom a question is for
SUPPORT, CONSORTIUM, LAW = "support", "consortium", "law"


@dataclass(frozen=True)
class Helped:
    """What organisations that did something changed more, or less, than similar ones that did not.

    Attributes
    ----------
    about, key : str
        "point" or "kind", and which.
    pairs_n : int
    difference : Comparison
        Percentage points.
    """

    about: str
    key: str
    pairs_n: int
    difference: Comparison


@dataclass(frozen=True)
class Conclusion:
    """One thing that is so, and what it asks.

    Attributes
    ----------
    kind : str
        `sector.follows.<kind>` of the texts has its heading, claim and question.
    asks : str
        Whom: "support", "consortium" or "law".
    numbers : dict
        What the words need, unformatted.
    """

    kind: str
    asks: str
    numbers: dict[str, Any] = field(default_factory=dict)


def gather_helped(results: PublicResults) -> list[Helped]:
    """Gather the published evidence on points and kinds of initiatives, in the tables' order."""
    tables = (("point", "evidence"), ("kind", "evidence_kinds"))
    return [
        _read_helped(about, r)
        for about, table in tables
        for r in results.rows(table)
        if r["status"] == PUBLISHED and r["difference"] is not None
    ]


def _read_helped(about: str, r: Row) -> Helped:
    difference = Comparison(PUBLISHED, r["difference"], r["ci_low"], r["ci_high"], r["certainty"])
    return Helped(about, r[about], r["pairs_n"], difference)


def list_conclusions(
    facts: SectorFacts, types: Sequence[SectorFacts], parts: Sequence[SpreadPart], helped: Sequence[Helped]
) -> list[Conclusion]:
    """List what follows: falls first, then what is weak, unknown, apart, helped, and what is strong.

    Parameters
    ----------
    facts : SectorFacts
        All organisations.
    types : sequence of SectorFacts
        Each type of organisation.
    parts : sequence of SpreadPart
    helped : sequence of Helped
    """
    if not facts.lead.published:
        return []
    return [
        *_find_falls(facts), *_find_ends(facts), *_find_unknown(facts), *_find_types(facts, types),
        *_find_spread(parts), *_find_helped(helped),
    ]  # fmt: skip


def _find_falls(facts: SectorFacts) -> Iterator[Conclusion]:
    falls = [m for m in rank_group(facts) if m.kind == CHANGE and m.certain and m.direction == DOWN]
    if falls:
        told = [(m.place, m.value, m.low, m.high) for m in falls[:NAMED_N]]
        numbers = {"told": told, "more": max(0, len(falls) - NAMED_N), "since": falls[0].since}
        yield Conclusion("falls", CONSORTIUM, numbers)


def _find_ends(facts: SectorFacts) -> Iterator[Conclusion]:
    for kind, asks, points in (("weak", LAW, list_lagging(facts)), ("strong", SUPPORT, list_leading(facts))):
        if points:
            yield Conclusion(kind, asks, {"told": [_level(p) for p in points[:NAMED_N]], "n": len(points)})


def _find_unknown(facts: SectorFacts) -> Iterator[Conclusion]:
    if many := list_unknowns(facts):
        shares = [(("point", p.key), p.dont_know_share) for p in many[:NAMED_N]]
        numbers = {"shares": shares, "n": len(many), "limit": DONT_KNOW_FLAG_SHARE}
        yield Conclusion("unknown", SUPPORT, numbers)


def _find_types(facts: SectorFacts, types: Sequence[SectorFacts]) -> Iterator[Conclusion]:
    """Types whose interval, as a claim about the sector, does not meet that of all, on what the report leads with."""
    lead, whole = lead_of(facts.instrument), facts.lead
    if whole.low is None or whole.high is None:
        return
    apart = [
        (t.name, own.mean, own.low, own.high)
        for t in types
        if (own := t.level(lead)).published
        and own.low is not None
        and own.high is not None
        and (own.low > whole.high or own.high < whole.low)
    ]
    if apart:
        yield Conclusion("types", LAW, {"groups": apart, "mean": whole.mean})


def _find_spread(parts: Sequence[SpreadPart]) -> Iterator[Conclusion]:
    """How much of the spread lies between units, beside that between organisations, where both have intervals."""
    by_part = {p.part: p for p in parts}
    units, between = by_part.get("units"), by_part.get("organisations")
    if units is None or between is None or None in (units.low, units.high, between.low, between.high):
        return
    assert units.low is not None and between.high is not None and between.low is not None
    assert units.high is not None
    apart = "more" if units.low > between.high else "less" if units.high < between.low else "alike"
    yield Conclusion(f"units_{apart}", CONSORTIUM, {"units": units, "between": between})


def _find_helped(helped: Sequence[Helped]) -> Iterator[Conclusion]:
    """What went with a larger change for certain, the surest first; that there is nothing yet, where there is not."""
    sure = [h for h in helped if h.difference.certainty == "increase"]
    sure.sort(key=lambda h: -(h.difference.low or 0.0))
    if sure:
        yield Conclusion("helped", SUPPORT, {"helped": sure[:NAMED_N], "n": len(sure)})
    else:
        yield Conclusion("helped_none", CONSORTIUM, {"n": len(helped)})


def _level(p: GroupLevel) -> tuple[Key, float | None, float | None, float | None]:
    return (p.level, p.key), p.mean, p.low, p.high

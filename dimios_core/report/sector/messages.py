"""What published figures of a group of organisations say, ranked once as an organisation's messages are (docs/messages.md).

A county's are claims about just these organisations, against the country; the country's are claims about the sector.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimios_core.instrument import COMPOSITE
from dimios_core.report.figures import PUBLISHED, Comparison, Key
from dimios_core.report.finding import DONT_KNOW_FLAG_SHARE
from dimios_core.report.messages.message import (
    BUILD,
    CERTAIN,
    CHANGE,
    DEAL,
    DONT_KNOW,
    DOWN,
    GAP,
    NEITHER,
    TALK,
    UP,
    Message,
    compare,
)
from dimios_core.report.messages.ranking import fold_messages, rank_of
from dimios_core.report.sector.sector_facts import EVERYBODY, GroupChange, GroupLevel, SectorFacts

_ASKS = {UP: BUILD, DOWN: DEAL}


def rank_group(facts: SectorFacts) -> tuple[Message, ...]:
    """Return all messages of a group, what asks most first; what says the same at several levels is one."""
    places = {key: n for n, key in enumerate(facts.levels)}
    found = [*_find_gaps(facts), *_find_changes(facts), *_find_unknowns(facts)]
    folded = fold_messages(found, facts.instrument)
    return tuple(sorted(folded, key=lambda m: (*rank_of(m), places.get(m.place, len(places)))))


def _find_gaps(facts: SectorFacts) -> Iterator[Message]:
    for key, gap in facts.gaps.items():
        if message := compare(GAP, key, gap, _ASKS):
            yield message


def _find_changes(facts: SectorFacts) -> Iterator[Message]:
    own = facts.group != EVERYBODY
    for key, change in facts.changes.items():
        told = own_change(change) if own else sector_change(change)
        numbers = {"n": change.organisations_n}
        if message := compare(CHANGE, key, told, _ASKS, since=change.period_from, numbers=numbers):
            yield message


def _find_unknowns(facts: SectorFacts) -> Iterator[Message]:
    for point in list_unknowns(facts):
        share = point.dont_know_share or 0.0
        numbers = {"share": share}
        yield Message(DONT_KNOW, point.level, point.key, CERTAIN, NEITHER, TALK, 100 * share, numbers=numbers)


def sector_change(change: GroupChange) -> Comparison:
    """Return a change as a claim about the sector, with the published word."""
    if not change.published:
        return Comparison(change.status)
    return Comparison(PUBLISHED, change.change, change.low, change.high, change.certainty)


def own_change(change: GroupChange) -> Comparison:
    """Return a change as a claim about just these organisations.

    Of the composite, a family of one, the word is that of the interval. Of others the published word, which is adjusted for
    many, and stands only where the interval leaves zero, too.
    """
    if not change.published:
        return Comparison(change.status)
    word = judge_own(change)
    if (change.level, change.key) != COMPOSITE and word != change.certainty:
        word = "none"
    return Comparison(PUBLISHED, change.change, change.own_low, change.own_high, word)


def judge_own(change: GroupChange) -> str:
    """Return "increase", "decrease" or "none" as the interval of these organisations leaves zero or not."""
    if change.own_low is None or change.own_high is None:
        return "none"
    return "increase" if change.own_low > 0 else "decrease" if change.own_high < 0 else "none"


def rank_unknowns(facts: SectorFacts) -> list[GroupLevel]:
    """Points with a don't-know share, largest first."""
    known = [p for p in facts.shown("point") if p.dont_know_share is not None]
    return sorted(known, key=lambda p: -(p.dont_know_share or 0))


def list_unknowns(facts: SectorFacts) -> list[GroupLevel]:
    """Points that so many do not know about that it is worth talking about, largest share first."""
    return [p for p in rank_unknowns(facts) if (p.dont_know_share or 0.0) > DONT_KNOW_FLAG_SHARE]


def certain_keys(facts: SectorFacts, level: str, certainty: str) -> list[Key]:
    """List what of a level lies above ("increase") or below ("decrease") the country for certain, the farthest first."""
    keys = [k for k, gap in facts.gaps.items() if k[0] == level and gap.certainty == certainty]
    return sorted(keys, key=lambda k: -abs(facts.gaps[k].value or 0.0))

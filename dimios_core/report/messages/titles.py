"""Messages as titles: one short clause for each thing that a slide is about."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.instrument.lead import begin_large
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.messages.choosing import FIRST_KINDS, NAMED_N, choose_card, list_said, pick
from dimios_core.report.messages.headline import tell_second
from dimios_core.report.messages.message import (
    CHANGE,
    CONTRAST,
    DONT_KNOW,
    GAP,
    UNCERTAIN,
    Message,
)

#: how many figures a title names
TITLE_NAMES_N = 2


def title_changes(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Return what has changed since the measurement before: the first certain change, or that none is."""
    changes = pick(messages, CHANGE)
    certain = [m for m in changes if m.certain]
    if certain:
        return begin_large(tell_second(narrator, certain[0]))
    since = narrator.facts.previous
    if since is None:
        return begin_large(narrator.say("messages.first"))
    return narrator.say(f"messages.title.changes_{'none' if changes else 'hidden'}", since=since)


def title_categories(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Return which categories lie above and below the peers; "" where nothing can be compared."""
    facts = narrator.facts
    shown = [f for f in facts.of_level("category") if f.place in facts.gaps and facts.gaps[f.place].published]
    if facts.group is None or not shown:
        return ""
    certain = [m for m in pick(messages, GAP) if m.certain]
    names = {}
    for side, says in (("above", "gap_up"), ("below", "gap_down")):
        found = [m for m in list_said(certain, says) if m.level == "category"]
        names[side] = _name(narrator, found)
    kind = "_".join(side for side, listed in names.items() if listed) or "none"
    return narrator.say(f"messages.title.categories_{kind}", group=facts.group, **names)


def title_card(narrator: GroupNarrator, messages: Sequence[Message], asks: str) -> str:
    """Return what to build on, or to deal with first, by name; that nothing is certain where nothing is."""
    facts = narrator.facts
    card = choose_card(messages, facts, asks)
    told = [m for m in card.certain if m.kind in FIRST_KINDS]
    if told:
        # what a leader can take hold of: the categories of a wide message, before itself
        near = [p for m in told for p in m.parts if p.level == "category"] or told
        return narrator.say(f"messages.title.{asks}", names=_name(narrator, near))
    if facts.group is None:
        return narrator.say(f"messages.title.{asks}_own")
    return narrator.say(f"messages.title.{asks}_none", group=facts.group)


def title_views(narrator: GroupNarrator, messages: Sequence[Message], compared: bool) -> str:
    """Return which group sees another organisation than the rest; that none does, or that it cannot be told."""
    contrasts = pick(messages, CONTRAST)
    if not contrasts:
        return narrator.say(f"messages.title.views_{'none' if compared else 'hidden'}")
    first = contrasts[0]
    who = narrator.name_who(first.numbers["contrast"], running=True)
    name = narrator.name(*first.place, running=True)
    return narrator.say(f"messages.title.{first.says}", who=who, name=name)


def title_unknowns(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Return what many do not know."""
    points = pick(messages, DONT_KNOW)
    if not points:
        return narrator.say("messages.title.unknown_hidden")
    kind = "most" if points[0].certainty == UNCERTAIN else "many"
    named = points[:1] if kind == "most" else points[:NAMED_N]
    return narrator.say(f"messages.title.unknown_{kind}", names=_name(narrator, named))


def _name(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Name the first, and say that there are more."""
    names = [narrator.name(*m.place) for m in messages[:TITLE_NAMES_N]]
    listed = narrator.number.listed(names)
    return narrator.say("messages.title.more", names=listed) if len(messages) > TITLE_NAMES_N else listed

"""The three cards in words: what to build on, what to deal with first, what to talk about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dimios_core.instrument import COMPOSITE
from dimios_core.report.data_tables import say_unknown
from dimios_core.report.figures import Figure
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.messages.choosing import FIRST_KINDS, NAMED_N, Card, choose_card, list_said, pick
from dimios_core.report.messages.message import (
    CHANGE,
    CONTRAST,
    DEAL,
    DONT_KNOW,
    GOAL,
    TALK,
    TARGET,
    UNCERTAIN,
    Message,
)
from dimios_core.report.messages.ranking import list_above
from dimios_core.report.messages.titles import title_card

#: shares of don't-know from which words tell how many they are
HALF, THIRD = 1 / 2, 1 / 3


def write_card(narrator: GroupNarrator, messages: Sequence[Message], asks: str) -> list[str]:
    """Write a card: a sentence a kind and direction, in the order of the messages."""
    card = choose_card(messages, narrator.facts, asks)
    return list(_talk(narrator, card) if asks == TALK else _deal_or_build(narrator, card))


def write_beginning(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Write where to begin: by name what is certain to deal with first, else the card's own words."""
    card = choose_card(messages, narrator.facts, DEAL)
    if any(m.kind in FIRST_KINDS for m in card.certain):
        return f"{title_card(narrator, messages, DEAL)}."
    return " ".join(write_card(narrator, messages, DEAL))


def _deal_or_build(narrator: GroupNarrator, card: Card) -> Iterator[str]:
    told = list(dict.fromkeys(m.says for m in card.certain if m.kind in FIRST_KINDS))
    for says in told:
        yield from tell_differences(narrator, card.certain, says)
    if not told:
        yield from _tell_ends(narrator, card)
    for message in card.certain:
        if message.kind == GOAL:
            yield _tell_goal(narrator, message)
        elif message.kind == TARGET:
            yield narrator.say(f"messages.card.{message.says}", value=message.numbers["target"].to_score)


def tell_differences(narrator: GroupNarrator, messages: Sequence[Message], says: str) -> Iterator[str]:
    """Tell all certain differences of a kind and direction: every broad figure, then the largest points."""
    said = list_said(messages, says)
    points = sorted((m for m in said if m.level == "point"), key=lambda m: -m.size)
    broad = [m for m in said if m.level != "point" and not _is_between(narrator, m, said)]
    about = {"group": said[0].numbers.get("group"), "since": said[0].since}
    if broad:
        yield narrator.say(f"messages.card.{says}", told=_amounts(narrator, broad), **about)
    if points:
        path = "messages.card.points" if broad else f"messages.card.{says}"
        yield narrator.say(path, told=_name_points(narrator, points), **about)


def tell_changes(narrator: GroupNarrator, messages: Sequence[Message]) -> list[str]:
    """Tell all certain changes since the measurement before, falls first; that there are none, or none before."""
    certain = [m for m in messages if m.certain and m.kind == CHANGE]
    told = list(dict.fromkeys(m.says for m in certain))
    if told:
        return [s for says in told for s in tell_differences(narrator, certain, says)]
    if narrator.facts.previous is None:
        return [narrator.say("findings.change_first")]
    kind = "none" if any(m.kind == CHANGE for m in messages) else "hidden"
    return [narrator.say(f"messages.changes_{kind}", since=narrator.facts.previous)]


def _is_between(narrator: GroupNarrator, message: Message, said: Sequence[Message]) -> bool:
    """Tell whether a dimension says nothing more than the composite above it and a category below it."""
    if message.level != "dimension" or not any(m.place == COMPOSITE for m in said):
        return False
    return any(
        message.place in list_above(narrator.instrument, *m.place) for m in said if m.level == "category"
    )


def _amounts(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    return narrator.number.listed([_amount(narrator, *m.place, m.value) for m in messages])


def _amount(narrator: GroupNarrator, level: str, key: str, value: float | None) -> str:
    name = narrator.name(level, key)
    return narrator.say("messages.amount", name=name, value=value) if value is not None else name


def _name_points(narrator: GroupNarrator, points: Sequence[Message]) -> str:
    """Name the largest, and count the others."""
    named = [_amount(narrator, *m.place, m.value) for m in points[:NAMED_N]]
    more_n = len(points) - len(named)
    if not more_n:
        return narrator.number.listed(named)
    return narrator.say("messages.points_more", points=", ".join(named), more_n=more_n)


def _tell_ends(narrator: GroupNarrator, card: Card) -> Iterator[str]:
    """Tell what comes nearest where no difference is certain: by the difference to peers, else by level."""
    facts = narrator.facts
    compared = facts.group is not None and any(g.published for g in facts.gaps.values())
    gaps = {f.key: facts.gaps[f.place].value for f in card.ends} if compared else {}
    points = narrator.number.listed([_name_end(narrator, f, gaps.get(f.key)) for f in card.ends])
    if compared:
        kind = "peers" if card.ends else "peers_none" if card.sees_all else "peers_some"
    else:
        kind = "own" if card.ends else "hidden" if not card.sees_all else "none"
    yield narrator.say(f"messages.card.{card.asks}_{kind}", points=points, group=facts.group)


def _name_end(narrator: GroupNarrator, figure: Figure, gap: float | None) -> str:
    if gap is not None:
        return _amount(narrator, figure.level, figure.key, gap)
    return narrator.name(figure.level, figure.key, running=True)


def _tell_goal(narrator: GroupNarrator, message: Message) -> str:
    goal, way = message.numbers["goal"], message.numbers["way"]
    name = narrator.name(*message.place, running=True)
    return narrator.say(f"messages.card.goal_{way}", name=name, value=goal.value, year=str(goal.year))


# -- what to talk about ----------------------------------------------------------------------------------


def _talk(narrator: GroupNarrator, card: Card) -> Iterator[str]:
    yield tell_unknowns(narrator, (*card.certain, *card.uncertain))
    contrasts = pick(card.certain, CONTRAST)
    sides = {m.numbers["contrast"].kind: m for m in reversed(contrasts)}
    shown = [m for m in contrasts if m in sides.values()]
    for message in shown:
        yield tell_contrast(narrator, message)
    more_n = sum(len(m.tells) for m in contrasts) - len(shown)
    if more_n:
        yield narrator.say(f"messages.card.contrast_more{'_one' if more_n == 1 else ''}", n=more_n)


def tell_contrast(narrator: GroupNarrator, message: Message) -> str:
    """Tell how a unit or a role differs from the rest."""
    contrast = message.numbers["contrast"]
    who = narrator.name_who(contrast, running=True)
    name = narrator.name(*message.place, running=True)
    return narrator.say(f"messages.card.{message.says}", who=who, name=name, value=message.value)


def tell_unknowns(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Tell what many do not know; else what most do not know; else that it cannot be shown."""
    points = pick(messages, DONT_KNOW)
    if not points:
        return narrator.say("messages.card.unknown_hidden")
    shares = [m.numbers["share"] for m in points[:NAMED_N]]
    words = [
        f"{narrator.name(*m.place, running=True)} ({say_unknown(narrator, m.numbers['figure'])})"
        for m in points[:NAMED_N]
    ]
    if points[0].certainty == UNCERTAIN:
        if not shares[0]:
            return narrator.say("messages.card.unknown_none")
        name = narrator.name(*points[0].place, running=True)
        return narrator.say("messages.card.unknown_most", name=name, share=shares[0])
    kind = "half" if min(shares) > HALF else "third" if min(shares) > THIRD else "near"
    return narrator.say(f"messages.card.unknown_{kind}", points=narrator.number.listed(words))

"""The headline in words: two sentences, at most thirty-five words, the richest wording that they allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dimios_core.instrument import COMPOSITE
from dimios_core.instrument.lead import begin_large
from dimios_core.report.figures import Figure
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.messages.choosing import Headline, choose_headline
from dimios_core.report.messages.message import CERTAIN, CHANGE, GAP, GOAL, Message

HEADLINE_WORDS = 35
#: narrower figures that a clause names with a wider one: of the lead, and of its other side
PARTS_N = ((2, 1), (1, 1), (1, 0), (0, 0))


def count_words(text: str) -> int:
    """Count the words of a text; what stands between spaces is one, whichever space it is.

    Examples
    --------
    >>> count_words("Teknik är 47,7\\u00a0% – nu.")
    4
    """
    return sum(any(c.isalnum() for c in word) for word in text.split())


def write_headline(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Write the first two sentences of a report."""
    headline = choose_headline(messages)
    told = [_write(narrator, sentences) for sentences in _list_wordings(narrator, headline, messages)]
    return next((text for text in told if count_words(text) <= HEADLINE_WORDS), told[-1])


def write_lead(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Write what leads, as a title: without its interval and without a full stop."""
    headline = choose_headline(messages)
    if headline.lead is None or headline.tells_level:
        return begin_large(tell_level(narrator, sure=False))
    but = tell_but(narrator, headline.but, 0) if headline.but is not None else ""
    return begin_large(tell_lead(narrator, headline.lead, 0 if but else 1, sure=False) + but)


def write_gaps(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Write how one lies against the peers, where that is certain, as one sentence; else ""."""
    certain = [m for m in messages if m.kind == GAP and m.certain]
    headline = choose_headline(certain)
    if headline.lead is None:
        return ""
    if headline.tells_level:
        return f"{begin_large(tell_second(narrator, headline.lead))}."
    return f"{write_lead(narrator, certain)}."


def _write(narrator: GroupNarrator, clauses: Sequence[str]) -> str:
    """Join clauses to at most two sentences: the first stands alone."""
    first, *rest = [c for c in clauses if c]
    second = narrator.say("messages.and", first=rest[0], second=rest[1]) if len(rest) > 1 else "".join(rest)
    return " ".join(f"{begin_large(s)}." for s in (first, second) if s)


def _list_wordings(
    narrator: GroupNarrator, headline: Headline, messages: Sequence[Message]
) -> Iterator[tuple[str, ...]]:
    """List what the sentences may be made of, the richest first: (first, second, place)."""
    place = tell_place(narrator, headline.position)
    if headline.lead is None or headline.tells_level:
        yield from _list_level_wordings(narrator, headline, messages, place)
        return
    second = tell_second(narrator, headline.second) if headline.second is not None else ""
    sized = tell_second(narrator, headline.second, sized=True) if headline.second is not None else ""
    for where in (place, ""):
        for parts_n, but_n in PARTS_N:
            lead = tell_lead(narrator, headline.lead, parts_n)
            but = tell_but(narrator, headline.but, but_n) if headline.but is not None else ""
            for words in dict.fromkeys((sized, second)):
                yield lead + but, words, where
    lead = tell_lead(narrator, headline.lead, 0)
    yield lead, second, ""
    yield lead, "", ""


def _list_level_wordings(
    narrator: GroupNarrator, headline: Headline, messages: Sequence[Message], place: str
) -> Iterator[tuple[str, ...]]:
    """List wordings where the level comes first; what is certain of points, and then of goals, is never left out."""
    say, facts = narrator.say, narrator.facts
    differences = [m for m in messages if m.kind in (CHANGE, GAP)]
    certain = [m for m in differences if m.certainty == CERTAIN]
    if headline.lead is not None:
        second = tell_second(narrator, headline.lead)
        more = tell_second(narrator, headline.second) if headline.second is not None else ""
        for level in (tell_level(narrator), tell_level(narrator, others=False)):
            yield level, second, place
            yield level, second, more
            yield level, second, ""
        return
    level = tell_level(narrator, not_apart=not certain)
    second = tell_second(narrator, headline.second) if headline.second is not None else ""
    tested = [m for m in differences if m.kind == CHANGE and m.certainty != "unknown"]
    if facts.previous is None:
        since = say("messages.first")
    else:
        since = say("messages.unchanged", since=facts.previous) if tested else ""
    if second:
        yield level, second, place
    yield level, since, place
    yield level, since, ""
    yield tell_level(narrator, others=False), since, ""


# -- clauses ---------------------------------------------------------------------------------------------


def tell_lead(narrator: GroupNarrator, message: Message, parts_n: int, sure: bool = True) -> str:
    """Return the clause of a difference, in full: figure, uncertainty (unless not `sure`), and where it is clearest."""
    parts = _clearest(message)[:parts_n]
    names = [narrator.name(*p.place, running=True) for p in parts]
    values = {
        "parts": _clearly(narrator, names),
        "uncertainty": _bracket(narrator, message.low, message.high) if sure else "",
    }
    return _tell(narrator, "lead", message, **values)


def tell_but(narrator: GroupNarrator, message: Message, parts_n: int) -> str:
    """Return the other side of a lead: where one is stronger, or what has risen."""
    names = [narrator.name(*p.place, running=True) for p in _clearest(message)[:parts_n]]
    return _tell(narrator, "but", message) + _clearly(narrator, names)


def tell_second(narrator: GroupNarrator, message: Message, sized: bool = False) -> str:
    """Return a message in short; `sized` with how large it is, where that is of the whole."""
    if message.kind == GOAL:
        goal = message.numbers["goal"]
        name = narrator.name(*message.place, running=True)
        return narrator.say(f"messages.second.goal_{message.numbers['way']}", name=name, year=str(goal.year))
    form = "second_sized" if sized and message.place == COMPOSITE else "second"
    return _tell(narrator, form, message)


def tell_place(narrator: GroupNarrator, message: Message | None) -> str:
    """Return the quadrant by name, or the two that the place lies between; nothing where it cannot be told."""
    if message is None or not message.numbers["cells"]:
        return ""
    cells = [narrator.instrument.text(c.name, narrator.language) for c in message.numbers["cells"]]
    return narrator.say(f"messages.place.{'single' if len(cells) == 1 else 'border'}", cells=cells)


def tell_level(
    narrator: GroupNarrator, sure: bool = True, others: bool = True, not_apart: bool = False
) -> str:
    """Return the level of what nothing stands above, beside the peers' where there is one of them.

    `not_apart` says that the difference from them is not certain; only where nothing is.
    """
    facts = narrator.facts
    told = [_level_of(narrator, f, sure) for f in facts.tops]
    words = narrator.number.listed(told)
    gap = facts.gaps.get(facts.tops[0].place) if len(told) == 1 else None
    if (
        not others
        or facts.group is None
        or gap is None
        or gap.reference is None
        or not facts.tops[0].published
    ):
        return words
    words += f", {narrator.say('messages.level.others', reference=gap.reference, group=facts.group)}"
    if not_apart and gap.published:
        kind = "too_few" if gap.certainty == "unknown" else "not_apart"
        words += f"; {narrator.say(f'messages.level.{kind}')}"
    return words


def _level_of(narrator: GroupNarrator, figure: Figure, sure: bool) -> str:
    name = narrator.name(figure.level, figure.key)
    if not figure.published:
        return narrator.say(
            "messages.level.hidden", name=name, reason=narrator.say(f"status.{figure.status}")
        )
    if figure.bound:
        return narrator.say(f"messages.level.bound_{figure.bound}", name=name, score=figure.score)
    kind = "top" if figure.place == COMPOSITE else "name"
    uncertainty = _bracket(narrator, figure.low, figure.high) if sure else ""
    return narrator.say(f"messages.level.{kind}", name=name, score=figure.score, uncertainty=uncertainty)


def _tell(narrator: GroupNarrator, form: str, message: Message, **values: str) -> str:
    top = message.place == COMPOSITE and f"{message.says}_top" in narrator.texts["messages"][form]
    words = narrator.say(
        f"messages.{form}.{message.says}{'_top' if top else ''}",
        name=narrator.name(*message.place, running=True),
        size=message.size,
        since=message.since,
        group=message.numbers.get("group"),
        **values,
    )
    return f", {words}" if form == "but" else words


def _clearly(narrator: GroupNarrator, names: Sequence[str]) -> str:
    return f", {narrator.say('messages.parts', names=names)}" if names else ""


def _clearest(message: Message) -> list[Message]:
    """The categories among the parts, the largest first: dimensions say little, single points too much."""
    return [p for p in message.parts if p.level == "category"]


def _bracket(narrator: GroupNarrator, low: float | None, high: float | None) -> str:
    """Return an interval in brackets; of a difference its size, whatever its direction."""
    if low is None or high is None:
        return ""
    if high <= 0:
        low, high = -high, -low
    return f" ({narrator.say('messages.uncertainty', low=low, high=high)})"

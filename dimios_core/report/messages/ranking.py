"""The one order of all messages: by what they ask of a leader (docs/messages.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.report.figures import Comparison, Key
from dimios_core.report.messages.finding import find_messages
from dimios_core.report.messages.message import (
    BUILD,
    CERTAIN,
    CHANGE,
    CONTRAST,
    DEAL,
    DONT_KNOW,
    GAP,
    GOAL,
    POSITION,
    RESPONSE,
    TALK,
    TARGET,
    UNCERTAIN,
    UNKNOWN,
    Message,
)
from dimios_core.report.messages.sources import Sources

CERTAINTIES = (CERTAIN, UNCERTAIN, UNKNOWN)
ASKS = (DEAL, BUILD, TALK)
LEVELS = (COMPOSITE[0], "dimension", "category", "point")
#: which kinds come first among those that ask the same; falls and gaps stand side by side, the wider level first
WEIGHT = {CHANGE: 0, GAP: 0, GOAL: 1, TARGET: 2, RESPONSE: 3, CONTRAST: 4, DONT_KNOW: 5, POSITION: 6}
#: where level and all before are the same
KINDS = tuple(WEIGHT)


def rank_messages(sources: Sources) -> tuple[Message, ...]:
    """Return all messages of an organisation and period, what asks most first; what says the same is one."""
    instrument = sources.facts.instrument
    places = {key: n for n, key in enumerate(sources.facts.figures)}
    folded = fold_messages(find_messages(sources), instrument)
    return tuple(sorted(folded, key=lambda m: (*rank_of(m), places.get(m.place, len(places)))))


def rank_of(message: Message) -> tuple[Any, ...]:
    """Return what a message is sorted by: certainty, what it asks, kind, level, size."""
    return (
        CERTAINTIES.index(message.certainty),
        ASKS.index(message.asks),
        WEIGHT[message.kind],
        LEVELS.index(message.level),
        KINDS.index(message.kind),
        -message.size,
    )


def rank_difference(key: Key, difference: Comparison) -> tuple[Any, ...]:
    """Return what certain differences of a kind are sorted by among themselves: level, then size."""
    return LEVELS.index(key[0]), -abs(difference.value or 0.0)


def fold_messages(messages: Iterable[Message], instrument: Instrument) -> list[Message]:
    """Make one of certain differences that say the same at several levels: the widest holds the others as parts.

    They say the same where kind, direction, what is compared and certainty are the same, and one's figure is a part of the
    other's.
    """
    found = list(messages)
    alike: dict[tuple[Any, ...], list[int]] = {}
    for n, message in enumerate(found):
        if message.certain and message.kind in (CHANGE, GAP, CONTRAST):
            alike.setdefault((message.says, message.since, *_who(message)), []).append(n)
    told: dict[int, list[Message]] = {}
    part_of: dict[int, int] = {}
    for numbers in alike.values():
        for n in numbers if len(numbers) > 1 else ():
            above = list_above(instrument, *found[n].place)
            wider = [i for i in numbers if found[i].place in above]
            if wider:
                part_of[n] = min(wider, key=lambda i: LEVELS.index(found[i].level))
                told.setdefault(part_of[n], []).append(found[n])
    return [
        message if n not in told else _with_parts(message, told[n])
        for n, message in enumerate(found)
        if n not in part_of
    ]


def _who(message: Message) -> tuple[str, str]:
    contrast = message.numbers.get("contrast")
    return (contrast.unit, contrast.role) if contrast is not None else ("", "")


def _with_parts(message: Message, parts: Sequence[Message]) -> Message:
    ordered = sorted(parts, key=lambda m: (LEVELS.index(m.level), -m.size))
    return replace(message, parts=tuple(ordered))


def list_above(instrument: Instrument, level: str, key: str) -> list[Key]:
    """List the figures that one is a part of, the nearest first.

    A point's category, its dimension, and the composite where there is one.
    """
    found: list[Key] = []
    if level == "point":
        found.append(("category", next(p.category for p in instrument.points if p.id == key)))
    if level in ("point", "category"):
        category = found[0][1] if found else key
        found.append(("dimension", next(c.dimension for c in instrument.categories if c.id == category)))
    if level in ("point", "category", "dimension") and instrument.composite is not None:
        found.append(COMPOSITE)
    return found

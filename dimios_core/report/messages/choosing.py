"""What the list gives to the headline and to the three cards: messages, not words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.figures import Figure
from dimios_core.report.messages.finding import can_see_all, list_ends
from dimios_core.report.messages.message import (
    BUILD,
    CERTAIN,
    CHANGE,
    DOWN,
    GAP,
    GOAL,
    POSITION,
    RESPONSE,
    TALK,
    UP,
    Message,
)
from dimios_core.report.organisation_facts import Facts

#: what a headline is made of
FIRST_KINDS = (CHANGE, GAP)
#: how many points a card names
NAMED_N = 3
#: what stands elsewhere than in a card: beside the figure, at the end of the headline
NOT_IN_CARDS = (RESPONSE, POSITION)


@dataclass(frozen=True)
class Headline:
    """What the first two sentences tell.

    Attributes
    ----------
    lead : Message or None
        Told first, with figure and uncertainty; None where nothing is certain.
    but : Message or None
        The other side of it, of the same kind.
    second : Message or None
        The first certain one of another kind.
    tells_level : bool
        The level stands first: nothing wider than a point is certain.
    position : Message or None
        The quadrant.
    """

    lead: Message | None
    but: Message | None
    second: Message | None
    tells_level: bool
    position: Message | None


@dataclass(frozen=True)
class Card:
    """What one of the three cards tells.

    Attributes
    ----------
    asks : str
        "build", "deal" or "talk".
    certain, uncertain : tuple of Message
        In their order.
    ends : tuple of Figure
        Where no difference is certain: the points farthest up or down.
    sees_all : bool
        Every category can be seen; else there are no ends.
    """

    asks: str
    certain: tuple[Message, ...]
    uncertain: tuple[Message, ...]
    ends: tuple[Figure, ...]
    sees_all: bool


def choose_headline(messages: Sequence[Message]) -> Headline:
    """Choose what the first two sentences tell.

    The first certain difference that is wider than a point leads; the first point where there is no wider one. A fall is
    always among those told: what asks to be dealt with comes first, of the other kind, too.
    """
    certain = [m for m in messages if m.certain and m.kind in FIRST_KINDS]
    lead = next((m for m in certain if m.level != "point"), certain[0] if certain else None)
    but = second = None
    if lead is not None:
        but = next((m for m in certain if m.kind == lead.kind and m.direction != lead.direction), None)
        second = next((m for m in certain if m.kind != lead.kind), None)
    if second is None:
        second = next((m for m in messages if m.certain and m.kind == GOAL), None)
    position = next((m for m in messages if m.kind == POSITION), None)
    narrow = lead is None or all(m.level == "point" for m in certain)
    return Headline(lead, but, second, narrow, position)


def choose_card(messages: Sequence[Message], facts: Facts, asks: str) -> Card:
    """Choose what a card tells: all that is certain of what it asks; where no difference is, what comes nearest."""
    own = [m for m in messages if m.asks == asks and m.kind not in NOT_IN_CARDS]
    certain = tuple(m for m in own if m.certainty == CERTAIN)
    uncertain = tuple(m for m in own if m.certainty != CERTAIN)
    sees_all = can_see_all(facts)
    ends: Sequence[Figure] = ()
    if asks != TALK and sees_all and not any(m.kind in FIRST_KINDS for m in certain):
        ends = list_ends(facts, UP if asks == BUILD else DOWN)[:NAMED_N]
    return Card(asks, certain, uncertain, tuple(ends), sees_all)


def list_said(messages: Sequence[Message], says: str) -> list[Message]:
    """List the messages of a kind and direction with their parts: wider before narrower, then by size."""
    return [part for m in messages if m.says == says for part in m.tells]


def pick(messages: Sequence[Message], kind: str) -> list[Message]:
    """Pick the messages of a kind, in their order."""
    return [m for m in messages if m.kind == kind]

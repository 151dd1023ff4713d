"""A message: one thing that published figures say of an organisation, and what it asks of those who lead it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dimios_core.report.figures import Comparison, Key

#: kinds of messages
CHANGE, GAP, GOAL, TARGET = "change", "gap", "goal", "target"
RESPONSE, CONTRAST, DONT_KNOW, POSITION = "response", "contrast", "dont_know", "position"
#: how sure it is: it holds after adjustment for many comparisons, it may be chance, there are too few answers to tell
CERTAIN, UNCERTAIN, UNKNOWN = "certain", "uncertain", "unknown"
#: what it asks: to deal with it first, to build on it, to talk about it
DEAL, BUILD, TALK = "deal", "build", "talk"
#: where it points: up is good; "" where there is no better and worse
UP, DOWN, NEITHER = "up", "down", ""

_CERTAINTY = {"increase": CERTAIN, "decrease": CERTAIN, "none": UNCERTAIN, "unknown": UNKNOWN}


@dataclass(frozen=True)
class Message:
    """One thing that is said.

    Attributes
    ----------
    kind : str
        "change" since the measurement before, "gap" to the peers, own "goal", national "target", low "response",
        "contrast" of a unit or a role with the rest, "dont_know", or "position" among the quadrants.
    level, key : str
        What it is about.
    certainty : str
        "certain", "uncertain" or "unknown".
    direction : str
        "up" or "down"; "" where there is no better and worse.
    asks : str
        "deal", "build" or "talk".
    size : float
        How large it is, among those of its kind: percentage points, or percent.
    value, low, high : float or None
        The difference in percentage points with its 95 % interval, where it is one.
    since : str
        The period compared with; "" where it is no comparison of periods.
    numbers : dict
        What else its sentences need, unformatted.
    parts : tuple of Message
        Narrower messages that say the same, the widest first: they are told with it.
    """

    kind: str
    level: str
    key: str
    certainty: str
    direction: str
    asks: str
    size: float
    value: float | None = None
    low: float | None = None
    high: float | None = None
    since: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Message, ...] = ()

    @property
    def place(self) -> Key:
        """Its (level, key)."""
        return self.level, self.key

    @property
    def certain(self) -> bool:
        """It is certain."""
        return self.certainty == CERTAIN

    @property
    def says(self) -> str:
        """Its kind and direction: "gap_down"."""
        return f"{self.kind}_{self.direction}"

    @property
    def tells(self) -> tuple[Message, ...]:
        """The message and its parts."""
        return (self, *self.parts)


def compare(kind: str, key: Key, c: Comparison, asks: Mapping[str, str], **more: Any) -> Message | None:
    """Return the message of a published difference; None where there is none, or it is no difference at all.

    Parameters
    ----------
    kind : str
    key : (level, key)
    c : Comparison
    asks : dict of direction -> what it asks
    **more
        `since` and `numbers` of the message.
    """
    if not c.published or c.value is None:
        return None
    direction = {"increase": UP, "decrease": DOWN}.get(c.certainty)
    if direction is None:
        direction = UP if c.value > 0 else DOWN if c.value < 0 else NEITHER
    if direction == NEITHER:
        return None
    certainty = _CERTAINTY[c.certainty]
    return Message(
        kind, *key, certainty, direction, asks[direction], abs(c.value), c.value, c.low, c.high, **more
    )

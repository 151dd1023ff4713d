"""What an organisation has to deal with: what the ranked messages say, then what lies lowest against the peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dimios_core.report.figures import Comparison, Figure, Key
from dimios_core.report.messages.message import BUILD, CHANGE, DEAL, GAP, GOAL, TARGET, Message
from dimios_core.report.messages.ranking import list_above
from dimios_core.report.organisation_facts import Facts

#: what asks to be dealt with at a place that somebody can take hold of
_DEALT = (CHANGE, GAP, GOAL)
#: what says that a place is a strength
_BUILT = (CHANGE, GAP, GOAL, TARGET)


@dataclass(frozen=True)
class Entry:
    """Something to deal with, for certain.

    Attributes
    ----------
    message : Message
        What says so, at this place.
    point : str
        The measure point to begin with; "" where none of its points can be shown, or all are strengths.
    """

    message: Message
    point: str

    @property
    def place(self) -> Key:
        """Its (level, key)."""
        return self.message.place


@dataclass(frozen=True)
class Weakness:
    """What is weak, and how the measure points follow each other.

    Attributes
    ----------
    entries : tuple of Entry
        What is certain, in the order of the messages; no place and no point twice.
    points : tuple of Figure
        All published points, weakest first; certain strengths last.
    weak_n : int
        How many of the first points are weak: asked to be dealt with, or below the peers. One at least where a point can be
        shown that is no strength.
    strengths : frozenset of (level, key)
        What is certainly to be built on, and not certainly to be dealt with.
    certain : mapping of str -> Message
        What says of a measure point that it is certainly to be dealt with, alone or as a part of something wider.
    """

    entries: tuple[Entry, ...]
    points: tuple[Figure, ...]
    weak_n: int
    strengths: frozenset[Key] = frozenset()
    certain: Mapping[str, Message] = field(default_factory=dict)

    @property
    def weak(self) -> tuple[Figure, ...]:
        """The weak points, weakest first."""
        return self.points[: self.weak_n]


def find_weakness(facts: Facts, ranked: Sequence[Message]) -> Weakness:
    """Find what is weak.

    Parameters
    ----------
    facts : Facts
    ranked : sequence of Message
        All messages of the same organisation and period, in their order.

    Returns
    -------
    Weakness
        Points: first where to begin with each certain message that asks to be dealt with, in the order of the messages; then
        other points that are certain themselves, or lie below in what is; then those below the peers, the largest gap first,
        or where there are no peers one's own lowest; then the others. What is certainly a strength, and not certainly to be
        dealt with, comes last, whatever else holds.
    """
    strengths = find_strengths(ranked)
    asked = [m for m in ranked if m.certain and m.asks == DEAL and m.kind in _DEALT]
    entries = tuple(_list_entries(facts, asked, strengths))
    published = [f for f in facts.of_level("point") if f.published and f.score is not None]
    certain: dict[str, Message] = {}
    for part in (p for m in asked for p in m.tells if p.level == "point"):
        certain.setdefault(part.key, part)
    under = [key for e in entries for key in _list_below(facts, e.message)]
    order = dict.fromkeys([*(e.point for e in entries if e.point), *certain, *under])
    first = {key: n for n, key in enumerate(k for k in order if ("point", k) not in strengths)}
    rest = sorted((f for f in published if f.key not in first), key=lambda f: _height(facts, f))
    others = [f for f in rest if f.place not in strengths]
    by_key = {f.key: f for f in published}
    begun = [by_key[key] for key in first if key in by_key]
    below = [f for f in others if _is_below(facts, f)]
    weak_n = len(begun) + len(below)
    points = (*begun, *others, *(f for f in rest if f.place in strengths))
    return Weakness(entries, points, weak_n or min(1, len(others)), strengths, certain)


def find_strengths(ranked: Sequence[Message]) -> frozenset[Key]:
    """Find the places that are certainly something to build on, and not certainly something to deal with."""

    def places(asks: str) -> set[Key]:
        return {p.place for m in ranked if m.certain and m.asks == asks and m.kind in _BUILT for p in m.tells}

    return frozenset(places(BUILD) - places(DEAL))


def _list_entries(facts: Facts, asked: Sequence[Message], strengths: frozenset[Key]) -> Iterator[Entry]:
    """What is certain, as something to take hold of: the categories of a wide message and its other points, else itself."""
    points: set[str] = set()
    places: set[Key] = set()
    for message in (near for m in asked for near in _come_near(facts, m)):
        if message.place in places or (message.level == "point" and message.key in points):
            continue
        candidates = [
            key
            for key in _list_points(facts, message)
            if key not in points and ("point", key) not in strengths and facts.figures["point", key].published
        ]
        places.add(message.place)
        point = candidates[0] if candidates else ""
        points.add(point)
        yield Entry(message, point)


def _come_near(facts: Facts, message: Message) -> list[Message]:
    """Return what of a message somebody can take hold of."""
    if message.level in ("category", "point") or not message.parts:
        return [message]
    categories = [p for p in message.parts if p.level == "category"]
    above = {p.place for p in categories}
    points = [
        p
        for p in message.parts
        if p.level == "point" and not above & set(list_above(facts.instrument, *p.place))
    ]
    return [*categories, *points] or [message]


def _list_points(facts: Facts, message: Message) -> list[str]:
    """List the points of a message: those that are certain, then the others from the lowest."""
    if message.level == "point":
        return [message.key]
    inside = [
        f for f in facts.of_level("point") if message.place in list_above(facts.instrument, "point", f.key)
    ]
    certain = {p.key for p in message.parts if p.level == "point"}
    differences = facts.changes if message.kind == CHANGE else facts.gaps

    def height(f: Figure) -> tuple[bool, float]:
        own = _value(differences.get(f.place))
        return f.key not in certain and not _falls(differences.get(f.place)), (
            own if own is not None else _height(facts, f)
        )

    return [f.key for f in sorted(inside, key=height)]


def _list_below(facts: Facts, message: Message) -> list[str]:
    """List the points of a message that lie below, or have fallen, whether that is certain or not."""
    differences = facts.changes if message.kind == CHANGE else facts.gaps
    return [
        key for key in _list_points(facts, message) if (_value(differences.get(("point", key))) or 0.0) < 0
    ]


def _falls(difference: Comparison | None) -> bool:
    return difference is not None and difference.certainty == "decrease"


def _value(difference: Comparison | None) -> float | None:
    return difference.value if difference is not None and difference.published else None


def is_compared(facts: Facts) -> bool:
    """Tell whether points are compared with peers."""
    return facts.group is not None and any(
        _value(facts.gaps.get(f.place)) is not None for f in facts.of_level("point")
    )


def _height(facts: Facts, figure: Figure) -> float:
    """How high a point lies: above the peers where points are compared with any, else by its own level."""
    if not is_compared(facts):
        return figure.score or 0.0
    gap = _value(facts.gaps.get(figure.place))
    return gap if gap is not None else 0.0


def _is_below(facts: Facts, figure: Figure) -> bool:
    return _height(facts, figure) < 0 if is_compared(facts) else True

"""How many have answered, as far as it may be told: groups with fewer than five are not told, nor what tells them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

#: fewer who have answered are not told of a group
LIMIT = 5


@dataclass(frozen=True)
class Count:
    """A group: its id, how many were invited, and how many have submitted; None where it is not told."""

    key: str
    invited_n: int
    submitted_n: int | None


def tell_counts(groups: Mapping[str, tuple[int, int]]) -> list[Count]:
    """Tell invited and submitted of groups that make up a whole whose counts are told.

    Counts of fewer than five are hidden; where they could be worked out from the whole (those hidden come to fewer than five, or
    one of them can have but one count, as none is more than were invited), the next larger are hidden, too.

    Parameters
    ----------
    groups : dict of id -> (invited, submitted)

    Examples
    --------
    >>> [count.submitted_n for count in tell_counts({"a": (20, 3), "b": (9, 8), "c": (9, 6), "d": (4, 0)})]
    [None, 8, None, None]
    """
    hidden = {key for key, (_, n) in groups.items() if n < LIMIT}
    rest = sorted((n, key) for key, (_, n) in groups.items() if n >= LIMIT)
    while hidden and rest and _can_be_worked_out([groups[key] for key in hidden]):
        hidden.add(rest.pop(0)[1])
    return [
        Count(key, invited_n, None if key in hidden else n) for key, (invited_n, n) in sorted(groups.items())
    ]


def _can_be_worked_out(hidden: Collection[tuple[int, int]]) -> bool:
    """Tell whether hidden counts are few, or one follows from their sum, which the told ones leave of the whole."""
    invited_n, submitted_n = (sum(column) for column in zip(*hidden, strict=True))
    if submitted_n < LIMIT:
        return True
    return any(max(0, submitted_n - (invited_n - own_n)) == min(own_n, submitted_n) for own_n, _ in hidden)


def gather(rows: Iterable[tuple[str, str, int, int]], column: int) -> dict[str, tuple[int, int]]:
    """Add up invited and submitted by unit (column 0) or by role (1)."""
    invited: Counter[str] = Counter()
    submitted: Counter[str] = Counter()
    for unit, role, invited_n, submitted_n in rows:
        key = (unit, role)[column]
        invited[key] += invited_n
        submitted[key] += submitted_n
    return {key: (n, submitted[key]) for key, n in invited.items()}

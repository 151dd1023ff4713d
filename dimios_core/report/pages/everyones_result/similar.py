"""Which organisations are most like one's own. The distance is defined here, and told on the page.

The distance, in percentage points, is the difference in starting level (what a report leads with, at the measurement
before, else today), plus `SIZE_STEP_PP` for each step between the size classes, plus `TYPE_PP` for another
type. A size that is not known counts as one step.
"""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.report.pages.everyones_result.facts import OtherOrganisation

TYPE_PP = 10.0
SIZE_STEP_PP = 5.0
SIZES = ("small", "medium", "large")
UNKNOWN_SIZE_STEPS = 1
#: how many are listed
NEAREST_N = 8


@dataclass(frozen=True)
class Similar:
    """An organisation like one's own.

    Attributes
    ----------
    organisation : OtherOrganisation
    distance_pp : float
    rises : tuple of (level, key)
        Categories and points that rose for certain, where it is shown by name.
    """

    organisation: OtherOrganisation
    distance_pp: float
    rises: tuple[tuple[str, str], ...] = ()

    @property
    def rose(self) -> bool:
        """What a report leads with rose there for certain."""
        return self.organisation.certainty == "increase"


def measure_distance(kind: str, size: str, start_pct: float | None, other: OtherOrganisation) -> float:
    """Measure how unlike another organisation is.

    Parameters
    ----------
    kind, size : str
        Type and size class of one's own; "" where not known.
    start_pct : float or None
        One's own starting level, percent; None where it is not published: level does not count then.
    other : OtherOrganisation

    Returns
    -------
    float
        Percentage points, one decimal, at least 0.

    Examples
    --------
    >>> other = OtherOrganisation("x", "X", "region", "large", "05", 55.0, 52.0, 58.0, "2025", 3.0, "increase")
    >>> measure_distance("municipality", "medium", 50.0, other)  # 2 apart, one step, another type
    17.0
    """
    steps = UNKNOWN_SIZE_STEPS
    if size in SIZES and other.size in SIZES:
        steps = abs(SIZES.index(size) - SIZES.index(other.size))
    apart = 0.0 if start_pct is None else abs(start_pct - other.start)
    return round(apart + SIZE_STEP_PP * steps + TYPE_PP * (kind != other.type), 1)


def list_similar(
    kind: str,
    size: str,
    start_pct: float | None,
    others: list[OtherOrganisation],
    rises: dict[str, list[tuple[str, str]]],
) -> list[Similar]:
    """List organisations, the most like one's own first; equally near ones by name."""
    found = [
        Similar(o, measure_distance(kind, size, start_pct, o), tuple(rises.get(o.id, ()) if o.id else ()))
        for o in others
    ]
    return sorted(found, key=lambda s: (s.distance_pp, not s.organisation.id, s.organisation.name))


def list_risen(similar: list[Similar]) -> list[Similar]:
    """List those that rose for certain, the largest rise first."""
    return sorted((s for s in similar if s.rose), key=lambda s: -(s.organisation.change or 0))

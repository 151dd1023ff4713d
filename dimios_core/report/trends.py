"""Published trends of an organisation and its groups: how fast figures rise or fall a year, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import BROAD_LEVELS, Comparison, Key, pick_differences

#: (unit, role), "*" for all
_Group = tuple[str, str]
_WHOLE: _Group = ("*", "*")


@dataclass(frozen=True)
class Trends:
    """Slopes until one period.

    Attributes
    ----------
    years_n : int
        Calendar years measured until the period.
    since : str or None
        First period of the trend; None without a trend.
    slopes : dict of (group, (level, key)) -> Comparison
        Percentage points a year; of the composite, dimensions and categories.
    uneven : set of (group, (level, key))
        Those whose levels do not lie on a straight line.
    """

    years_n: int
    since: str | None
    slopes: Mapping[tuple[_Group, Key], Comparison]
    uneven: Set[tuple[_Group, Key]]

    def groups(self) -> list[_Group]:
        """Return the groups with a published slope."""
        return list(dict.fromkeys(g for (g, _), c in self.slopes.items() if c.published))

    def pace(self, key: Key) -> Comparison | None:
        """Return the slope of the whole organisation's figure; None where there is none, or levels lie on no line."""
        slope = self.slopes.get((_WHOLE, key))
        if slope is None or not slope.published or (_WHOLE, key) in self.uneven:
            return None
        return slope


def count_years(results: PublishedResults, period: str) -> int:
    """Count the calendar years measured until a period."""
    return len({p[:4] for p in results.profile["periods"] if p <= period})


def gather_trends(results: PublishedResults, period: str) -> Trends:
    """Gather the trends of one organisation until a period."""
    wanted, place = {"period": period, "level": BROAD_LEVELS}, ("unit", "role", "level", "key")
    slopes = pick_differences(results, "trends", *place, "period_from", "line", **wanted)
    return Trends(
        years_n=count_years(results, period),
        since=min((since for *_, since, _ in slopes), default=None),
        slopes={(at[:2], at[2:4]): slope for at, slope in slopes.items()},
        uneven={(at[:2], at[2:4]) for at in slopes if at[-1] == "uneven"},
    )

"""Published national means and targets, as lines to hold figures against; they enter no computation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dimios_core.report.dates import year_of


@dataclass(frozen=True)
class ReferenceLine:
    """A published national mean (percent) of a year, and where it stands (language -> text)."""

    year: int
    score: float
    source: Mapping[str, str]


@dataclass(frozen=True)
class Target:
    """A target for the national mean: from a year and percent to a year and percent."""

    from_year: int
    from_score: float
    to_year: int
    to_score: float
    source: Mapping[str, str]


@dataclass(frozen=True)
class Reference:
    """All reference lines and targets, oldest first."""

    lines: tuple[ReferenceLine, ...] = ()
    targets: tuple[Target, ...] = ()

    def sources(self, language: str) -> list[str]:
        """Where the lines and targets stand, in a language."""
        return [r.source[language] for r in self.lines] + [t.source[language] for t in self.targets]

    def target_of(self, period: str) -> Target | None:
        """Return the target to hold a period against: the last one due by then, else the next to come."""
        year = year_of(period)
        due = [t for t in self.targets if t.to_year <= year]
        coming = [t for t in self.targets if t.to_year > year]
        return due[-1] if due else coming[0] if coming else None


def read_reference(published: Mapping[str, Any]) -> Reference:
    """Read the reference lines and targets of the public results."""
    lines = [
        ReferenceLine(int(r["year"]), float(r["score"]), r["source"]) for r in published.get("lines", [])
    ]
    targets = [
        Target(
            int(r["from_year"]), float(r["from_score"]), int(r["to_year"]), float(r["to_score"]), r["source"]
        )
        for r in published.get("targets", [])
    ]
    return Reference(
        tuple(sorted(lines, key=lambda r: r.year)),
        tuple(sorted(targets, key=lambda t: (t.to_year, t.from_year))),
    )

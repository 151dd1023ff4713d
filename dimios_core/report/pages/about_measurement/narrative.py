"""Sentences of the page on how the measurement was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.report.narrative import FILTERS
from dimios_core.report.organisation_findings import Finding
from dimios_core.report.pages.about_measurement.facts import AboutFacts
from dimios_core.report.pages.internal_comparison.narrative import GroupNarrator


@dataclass(frozen=True)
class AboutNarrator(GroupNarrator):
    """Tells how the measurement of one organisation and period was made.

    Parameters
    ----------
    about : AboutFacts
    """

    about: AboutFacts

    def tell(self, finding: Finding) -> str:
        """Return the sentence of a finding; those on several figures get them as `listed`."""
        if "values" in finding.numbers:
            listed = self.list_values(finding)
            return self.say(f"findings.{finding.kind}", listed=listed)
        return super().tell(finding)

    def list_values(self, finding: Finding) -> str:
        """Return the figures of a finding with their values: "teknik (+2,1) och innovation (+1,7)"."""
        values: Sequence[float] = finding.numbers["values"]
        words = [
            f"{self.name(*key, running=True)} ({self.number.signed(value)})"
            for key, value in zip(finding.subject, values, strict=True)
        ]
        return self.number.listed(words)


FILTERS.update(
    ways=lambda narrator, names: narrator.number.listed(
        [narrator.say(f"about.weightings.{n}") for n in names]
    ),
    way=lambda narrator, name: narrator.say(f"about.weightings.{name}"),
)

"""Sentences of the page of suggestions, and names of organisations that do not tell theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from babel.dates import format_date

from dimios_core.report.narrative import FILTERS, FactsNarrator
from dimios_core.report.organisation_findings import Finding
from dimios_core.report.pages.improvements.facts import Initiative


@cache
def write_date(when: str, language: str) -> str:
    """Return a month ("2024-01") or a date in words; as it is where it is something else."""
    for form, words in (("%Y-%m", "MMMM y"), ("%Y-%m-%d", "d MMMM y")):
        try:
            day = datetime.strptime(when, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return format_date(day, words, locale=language)
    return when


@dataclass(frozen=True)
class ImprovementNarrator(FactsNarrator):
    """Tells what one organisation can do."""

    def name_cell(self, cell: str) -> str:
        """Return a quadrant with its name: "B, outnyttjad grund"."""
        plane = self.instrument.quadrants
        assert plane is not None
        found = next(c for c in plane.cells if c.id == cell)
        name = self.instrument.text(found.name, self.language)
        return f"{cell} ({name[:1].lower()}{name[1:]})"

    def tell(self, finding: Finding) -> str:
        """Return the sentence of a finding; those on several figures get them as `listed`."""
        if "values" in finding.numbers:
            words = [
                f"{self.name(*key, running=True)} ({self.number.signed(value)})"
                for key, value in zip(finding.subject, finding.numbers["values"], strict=True)
            ]
            return self.say(f"findings.{finding.kind}", listed=self.number.listed(words))
        if "certainty" in finding.numbers:
            sure = self.say(f"change_certainty.{finding.numbers['certainty']}")
            finding = replace(finding, numbers=finding.numbers | {"sure": sure})
        return super().tell(finding)

    def name_organisation(self, initiative: Initiative) -> str:
        """Return the organisation's name, or "Kommun X" and the like in the reader's language."""
        if initiative.named:
            return initiative.organisation_name
        return self.say(f"improve.unnamed.{initiative.type or 'other'}")

    def describe(self, initiative: Initiative) -> str:
        """Return who did it and since when: "Kommun X, medelstor, Skåne län, sedan januari 2024"."""
        parts = [self.name_organisation(initiative)]
        if initiative.size:
            parts.append(self.say(f"improve.sizes.{initiative.size}"))
        if initiative.county:
            parts.append(self.texts["peers"]["counties"].get(initiative.county, initiative.county))
        if initiative.start:
            parts.append(self.say("improve.since", start=self.name_month(initiative.start)))
        return ", ".join(parts)

    def name_month(self, when: str) -> str:
        """Return a month or a date in words: "januari 2024"; as it is where it is something else."""
        return write_date(when, self.language)


FILTERS["cells"] = lambda narrator, cells: narrator.number.listed([narrator.name_cell(c) for c in cells])

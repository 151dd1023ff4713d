"""What messages are found in: published facts of one organisation and period, read once."""

from __future__ import annotations

from dataclasses import dataclass, field

from dimios_core.published.gathering import gather_once
from dimios_core.published.store import PublishedResults
from dimios_core.report.dates import year_of
from dimios_core.report.goals import Goal, gather_goals
from dimios_core.report.groups.group_facts import Contrast, GroupFacts, gather_contrasts
from dimios_core.report.organisation_facts import Facts, gather_facts
from dimios_core.report.reference import Reference, Target, read_reference
from dimios_core.report.trends import Trends, gather_trends


@dataclass(frozen=True)
class Sources:
    """Published facts of one organisation and period.

    Attributes
    ----------
    facts : Facts
    groups : GroupFacts
        Units and roles with how they differ from the rest.
    goals : tuple of Goal
        The organisation's own.
    trends : Trends
    reference : Reference
        National targets.
    """

    facts: Facts
    groups: GroupFacts = field(default_factory=lambda: GroupFacts("", None, (), (), {}, {}, (), {}, {}))
    goals: tuple[Goal, ...] = ()
    trends: Trends = field(default_factory=lambda: Trends(0, None, {}, frozenset()))
    reference: Reference = field(default_factory=Reference)

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """How groups differ from the rest."""
        return self.groups.contrasts

    @property
    def target(self) -> Target | None:
        """The national target that the period is held against."""
        return self.reference.target_of(self.facts.period) if self.facts.composite is not None else None

    @property
    def year(self) -> int:
        """The calendar year of the period."""
        return year_of(self.facts.period)


def gather_sources(results: PublishedResults, period: str) -> Sources:
    """Gather what the messages of an organisation are found in."""
    facts = gather_once(gather_facts, results, period)
    return Sources(
        facts,
        gather_contrasts(results, period),
        gather_goals(results, facts),
        gather_trends(results, period),
        read_reference(results.reference),
    )

"""Names of units and roles in the reader's language, and sentences about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.published.conventions import UNKNOWN_ROLE, band_of
from dimios_core.report.figures import WHOLE, Figure
from dimios_core.report.groups.group_facts import Contrast, Group, GroupFacts, Rate
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.texts import add_filters


@dataclass(frozen=True)
class GroupNarrator(FactsNarrator):
    """Tells facts of the groups of one organisation and period.

    Parameters
    ----------
    groups : GroupFacts
    """

    groups: GroupFacts

    def name_who(self, group: Group | Contrast, running: bool = False) -> str:
        """Return what a group is called; `running` for the middle of a sentence."""
        unit, role = (group.unit, group.role) if isinstance(group, Contrast) else group
        if unit != WHOLE and role != WHOLE:
            whole = {"role": self._name_role(role, running), "unit": self._name_unit(unit, True)}
            return self.say("internal.role_in_unit", **whole)
        if unit != WHOLE:
            return self._name_unit(unit, running)
        if role != WHOLE:
            return self._name_role(role, running)
        return self.say("internal.whole_running" if running else "internal.whole")

    def _name_unit(self, unit: str, running: bool) -> str:
        known = self.groups.unit(unit)
        if not known.direct:
            return known.name
        place = "direct" if known.name else "direct_organisation"
        name = self.say(f"internal.{place}", parent=known.name)
        return name[:1].lower() + name[1:] if running else name

    def _name_role(self, role: str, running: bool) -> str:
        if role == UNKNOWN_ROLE:
            name = self.say("internal.role_unknown")
        else:
            known = next((r for r in self.instrument.roles if r.id == role), None)
            name = self.instrument.text(known.name, self.language) if known else role
        return name[:1].lower() + name[1:] if running and not name[:2].isupper() else name

    def list_differences(self, contrasts: Sequence[Contrast]) -> str:
        """Return groups with what they differ on: "Socialförvaltningen på innovation (+8,1) och teknik (+6,0)"."""
        by_group: dict[str, list[Contrast]] = {}
        for c in contrasts:
            by_group.setdefault(self.name_who(c, running=True), []).append(c)
        words = [
            self.say("internal.difference", who=who, amounts=self.list_amounts(own))
            for who, own in by_group.items()
        ]
        # a list of lists is easier to read with semicolons
        return "; ".join(words) if len(words) < len(contrasts) else self.number.listed(words)

    def list_whose(self, contrasts: Sequence[Contrast]) -> str:
        """Return groups with how far they differ, where the text has said on what."""
        return self.number.listed(
            [
                f"{self.name_who(c, running=True)} ({self.number.signed(c.comparison.value or 0.0)})"
                for c in contrasts
            ]
        )

    def list_amounts(self, contrasts: Sequence[Contrast]) -> str:
        """Return what groups differ on, without the groups: "innovation (+8,1) och …"."""
        return self.number.listed(
            [
                f"{self.name(*c.key, running=True)} ({self.number.signed(c.comparison.value or 0.0)})"
                for c in contrasts
            ]
        )

    def list_missing(self, rates: Sequence[tuple[Group, Rate]]) -> str:
        """Return groups with how many of the invited did not answer."""
        words = [
            self.say(
                "internal.missing", who=self.name_who(g, running=True), silent=r.silent, invited=r.invited
            )
            for g, r in rates
        ]
        return self.number.listed(words)

    def say_rate(self, rate: Rate) -> str:
        """Return a published response rate in whole percent, with a decimal where that would change its band."""
        assert rate.share is not None
        whole = math.floor(100 * rate.share + 0.5) / 100
        if band_of(whole) != rate.band:
            return self.number.percent(100 * rate.share)
        return self.number.share(rate.share)

    def say_reason(self, figure_or_status: Figure | str) -> str:
        """Return why a figure is not shown."""
        status = figure_or_status if isinstance(figure_or_status, str) else figure_or_status.status
        return self.say(f"status.{status}")


def narrate_groups(facts: Facts, groups: GroupFacts, language: str, voice: str = "you") -> GroupNarrator:
    """Return the narrator of an organisation's facts and those of its groups."""
    threshold = facts.organisation["threshold"]
    return GroupNarrator(facts.instrument, language, threshold, facts, groups, voice=voice)


add_filters(
    who=lambda narrator, group: narrator.name_who(group, running=True),
    whos=lambda narrator, groups: narrator.number.listed(
        [narrator.name_who(g, running=True) for g in groups]
    ),
    differences=GroupNarrator.list_differences,
    widest=lambda narrator, contrast: narrator.list_differences([contrast]),
    difference_of=lambda narrator, contrast: narrator.number.signed(contrast.comparison.value),
    whose=GroupNarrator.list_whose,
    amounts=GroupNarrator.list_amounts,
    missing=GroupNarrator.list_missing,
    rate=GroupNarrator.say_rate,
    figure=lambda narrator, figure: narrator.name(figure.level, figure.key, running=True),
)

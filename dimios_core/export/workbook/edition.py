"""What a file for one organisation carries: its published figures until a period, in order, with names to show them by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from dimios_core.instrument import COMPOSITE
from dimios_core.published.rows import Row
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import PUBLISHED, WHOLE, Figure, Key, pick_figures
from dimios_core.report.groups.group_facts import LEVELS, Group, gather_levels, list_units
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.messages.telling import Telling, open_telling
from dimios_core.report.organisation_facts import GROUP_ORDER, Facts, gather_facts


@dataclass(frozen=True)
class Edition:
    """The published figures of one organisation, told in one language.

    Parameters
    ----------
    results : PublishedResults
    period : str
        One of the organisation's; it and all before it are carried.
    language : str
    """

    results: PublishedResults
    period: str
    language: str

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The periods carried, the newest first."""
        return tuple(reversed([p for p in self.results.profile["periods"] if p <= self.period]))

    @cached_property
    def facts(self) -> Facts:
        """The facts of the period itself."""
        return gather_facts(self.results, self.period)

    @cached_property
    def figures(self) -> dict[tuple[str, str, str], Figure]:
        """Levels of the whole organisation in every period: (period, level, key) -> Figure."""
        return pick_figures(self.results, "period", "level", "key", unit=WHOLE, role=WHOLE)

    @cached_property
    def narrator(self) -> GroupNarrator:
        """Names figures and groups, those that only earlier periods had, too."""
        units = list_units(self.results.profile["units"], self._told("unit"))
        groups = replace(gather_levels(self.results, self.period), units=units)
        return GroupNarrator(
            self.results.instrument, self.language, self.facts.organisation["threshold"], self.facts, groups
        )

    @cached_property
    def messages(self) -> Telling:
        """What the report says first."""
        return open_telling(self.results, self.period, self.language)

    @property
    def demo_label(self) -> str:
        """What made-up data are labelled with; "" for others."""
        return self.facts.demo_label[self.language] if self.facts.demo_label else ""

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table of groups, levels and periods, in the order to show.

        The newest period comes first, then the whole, units in the tree's order and roles (or the peer groups),
        then levels from the composite down. A group of which nothing is published has one row, which says why. Left out
        are single items, and groups of a unit and a role at once: figures of those are few and small.
        """
        of_levels = {} if table == "response_rates" else {"level": LEVELS}
        found = [
            r
            for r in self.results.rows(table, period=self.periods, **of_levels)
            if "unit" not in r or WHOLE in (r["unit"], r["role"])
        ]
        found.sort(key=self._place)
        of = [(r["period"], *(r[part] for part in ("unit", "role", "group") if part in r)) for r in found]
        told = {group for group, r in zip(of, found, strict=True) if r["status"] == PUBLISHED}
        first = {group: i for i, group in reversed(list(enumerate(of)))}
        return [
            r
            for i, (group, r) in enumerate(zip(of, found, strict=True))
            if group in told or first[group] == i
        ]

    def kind_of(self, group: Group) -> str:
        """Return "whole", "unit" or "role"."""
        unit, role = group
        return "unit" if unit != WHOLE else "role" if role != WHOLE else "whole"

    def part_of(self, key: Key) -> str:
        """Return the name of the category that a point is of, or the dimension of a category; "" of others."""
        model, (level, name) = self.results.instrument, key
        if level == "point":
            return self.narrator.name("category", next(p.category for p in model.points if p.id == name))
        if level == "category":
            return self.narrator.name(
                "dimension", next(c.dimension for c in model.categories if c.id == name)
            )
        return ""

    def _place(self, r: Row) -> tuple[int, ...]:
        group = (r["unit"], r["role"]) if "unit" in r else (WHOLE, WHOLE)
        key = (r["level"], r["key"]) if "level" in r else COMPOSITE
        peers = GROUP_ORDER.index(r["group"].partition(":")[0]) if "group" in r else 0
        return (self.periods.index(r["period"]), peers, self._group_places[group], self._key_places[key])

    @cached_property
    def _group_places(self) -> dict[Group, int]:
        groups = self.narrator.groups
        roles = self._told("role") - {WHOLE, *groups.roles}
        order = [(WHOLE, WHOLE), *groups.unit_groups(), *groups.role_groups()]
        return {g: i for i, g in enumerate([*order, *((WHOLE, r) for r in sorted(roles))])}

    def _told(self, part: str) -> set[str]:
        """Units or roles that any table tells of: of some only a response rate is known, or that there is none."""
        return self.results.table("scores").distinct(part) | self.results.table("response_rates").distinct(
            part
        )

    @cached_property
    def _key_places(self) -> dict[Key, int]:
        model = self.results.instrument
        keys: list[Key] = [COMPOSITE]
        keys += [("dimension", d.id) for d in model.dimensions]
        keys += [("category", c.id) for c in model.categories]
        keys += [("point", p.id) for p in model.points]
        return {key: i for i, key in enumerate(keys)}

"""Facts of the groups inside an organisation: units of its tree, roles, how they differ, and who answered.

Facts only pick among published figures; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from dimios_core.instrument.lead import lead_of
from dimios_core.published.conventions import DIRECT, UNKNOWN_ROLE
from dimios_core.published.gathering import gather_once
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import (
    BROAD_LEVELS,
    PUBLISHED,
    WHOLE,
    Comparison,
    Figure,
    Key,
    pick_changes,
    pick_differences,
    pick_figures,
)

T = TypeVar("T")

#: (unit, role), "*" for all
Group = tuple[str, str]
ORGANISATION: Group = (WHOLE, WHOLE)
#: what groups are compared on: all but single items
LEVELS = (*BROAD_LEVELS, "point")
#: status of the response rate of a unit that nobody was invited from
NOBODY_ASKED = "no_answers"
#: columns that tell a figure of a group from others
_PLACE = ("unit", "role", "level", "key")
#: a group is the whole, a unit or a role: of a unit and a role at once nothing is told but response rates
_SIDES = {"unit": WHOLE, "role": WHOLE}


def depth_of(facts: GroupFacts, group: Group) -> int:
    """Return how far a group is set in: 0 for the organisation, roles like the units directly under it."""
    if group == ORGANISATION:
        return 0
    return next((u.depth for u in facts.units if u.id == group[0]), 1)


@dataclass(frozen=True)
class Unit:
    """A unit of the organisation's tree.

    Attributes
    ----------
    id : str
    name : str
        Empty for the people directly under the organisation.
    parent : str
        Unit, or "*" for the organisation.
    depth : int
        1 directly under the organisation.
    direct : bool
        The parent's own people, who belong to none of its units.
    """

    id: str
    name: str
    parent: str
    depth: int
    direct: bool = False


class Contrast(NamedTuple):
    """How far a group lies from the rest of the organisation, or one role from another.

    Attributes
    ----------
    kind : str
        "unit_rest", "role_rest" or "role_pair".
    unit, role : str
        The group; "*" for all.
    other : str
        Second role of a pair, else "".
    key : (level, key)
    comparison : Comparison
        Percentage points: the group minus the rest, or minus the other.
    """

    kind: str
    unit: str
    role: str
    other: str
    key: Key
    comparison: Comparison


@dataclass(frozen=True)
class Rate:
    """Response rate of a group; no figures where it is not published.

    Attributes
    ----------
    share : float or None
        0-1.
    band : str
        "<40", "40-59", "60-79", "80+", or "".
    """

    status: str
    invited: int | None = None
    answered: int | None = None
    share: float | None = None
    band: str = ""

    @property
    def published(self) -> bool:
        """There is a number."""
        return self.status == PUBLISHED

    @property
    def silent(self) -> int:
        """How many of the invited did not answer; 0 where that is not published."""
        return 0 if self.invited is None or self.answered is None else self.invited - self.answered


@dataclass(frozen=True)
class GroupFacts:
    """What is published about the groups of one organisation in one period.

    Attributes
    ----------
    period : str
    previous : str or None
        The period that changes are counted from.
    units : tuple of Unit
        In the tree's order: each unit followed by those below it.
    roles : tuple of str
        Roles that anybody has, in the instrument's order, "unknown" last.
    figures : dict of (group, key) -> Figure
    changes : dict of (group, key) -> Comparison
    contrasts : tuple of Contrast
        Published or not, in the table's order.
    rates : dict of group -> Rate
    spread : dict of part -> share (0-1) or None
        Empty where there is no such table; None where a part is not published.
    unasked : tuple of str
        Names of the units of the register where nobody was asked this time: gone, or not there yet. They are left out
        of all the rest.
    """

    period: str
    previous: str | None
    units: tuple[Unit, ...]
    roles: tuple[str, ...]
    figures: Mapping[tuple[Group, Key], Figure]
    changes: Mapping[tuple[Group, Key], Comparison]
    contrasts: tuple[Contrast, ...]
    rates: Mapping[Group, Rate]
    spread: Mapping[str, float | None]
    unasked: tuple[str, ...] = ()

    def figure(self, group: Group, key: Key) -> Figure:
        """Return a group's figure; one without answers where there is no row."""
        return self.figures.get((group, key)) or Figure(*key, status="no_answers")

    def unit(self, name: str) -> Unit:
        """Return a unit by its identifier."""
        return next(u for u in self.units if u.id == name)

    def children(self, name: str) -> tuple[Unit, ...]:
        """Return the units directly below a unit, or below the organisation ("*")."""
        return tuple(u for u in self.units if u.parent == name)

    def unit_groups(self) -> list[Group]:
        """Return the units as groups, in the tree's order."""
        return [(u.id, WHOLE) for u in self.units]

    def role_groups(self) -> list[Group]:
        """Return the roles as groups."""
        return [(WHOLE, r) for r in self.roles]

    def known_roles(self) -> tuple[str, ...]:
        """Return the roles that people have told; who they are with an unknown one nobody knows."""
        return tuple(r for r in self.roles if r != UNKNOWN_ROLE)

    def shown(self, groups: Iterable[Group], keys: Sequence[Key]) -> list[Group]:
        """Return the groups of which at least one of the figures is published."""
        return [g for g in groups if any(self.figure(g, k).published for k in keys)]

    def contrasts_of(self, kind: str) -> list[Contrast]:
        """Return the contrasts of a kind."""
        return [c for c in self.contrasts if c.kind == kind]


def gather_levels(results: PublishedResults, period: str) -> GroupFacts:
    """Gather levels and response rates of the groups of one organisation and period; changes, contrasts and the spread stay empty.

    Parameters
    ----------
    results : PublishedResults
    period : str
        One of the organisation's periods.

    Returns
    -------
    GroupFacts
        Groups of a unit and a role at once are left out, but for their response rates.
    """
    gone = _find_gone(results, period)
    figures = _of_groups(pick_figures(results, *_PLACE, period=period, level=LEVELS, either=_SIDES), gone)
    listed = list_units(results.profile["units"], {unit for (unit, _), _ in figures})
    units, unasked = (tuple(u for u in listed if (u.id in gone) == left_out) for left_out in (False, True))
    order = [*(r.id for r in results.instrument.roles), UNKNOWN_ROLE]
    found = {role for (_, role), _ in figures} - {WHOLE}
    roles = tuple(sorted(found, key=lambda r: (order.index(r) if r in order else len(order), r)))
    told = ("unit", "role", "status", "invited", "answered", "band")
    rates = {
        (unit, role): _read_rate(*rate)
        for unit, role, *rate in results.pick("response_rates", *told, period=period)
        if unit not in gone
    }
    names = tuple(u.name or u.id for u in unasked)
    return GroupFacts(period, None, units, roles, figures, {}, (), rates, {}, names)


def gather_groups(results: PublishedResults, period: str) -> GroupFacts:
    """Gather the facts of the groups of one organisation and period with how they differ: as `gather_levels`, nothing left empty."""
    gone, (level, key) = _find_gone(results, period), lead_of(results.instrument)
    earlier = results.pick("changes", "period_from", period=period, level=level, key=key)
    changes, since = {}, max((since for (since,) in earlier), default=None)
    if since is not None:
        changes = _of_groups(pick_changes(results, period, since, *_PLACE, level=LEVELS, either=_SIDES), gone)
    return replace(
        gather_once(gather_levels, results, period),
        previous=since if changes else None,
        changes=changes,
        contrasts=tuple(c for c in _pick_contrasts(results, period=period) if c.unit not in gone),
        spread=dict(results.pick("spread", "part", "share", period=period)),
    )


def gather_contrasts(results: PublishedResults, period: str) -> GroupFacts:
    """Gather how units and roles differ for certain from the rest, and what they are called; nothing else of them."""
    certain, sides = ("increase", "decrease"), ("unit_rest", "role_rest")
    contrasts = _pick_contrasts(results, period=period, kind=sides, certainty=certain, level=LEVELS)
    level, key = lead_of(results.instrument)
    answered = {unit for (unit,) in results.pick("scores", "unit", period=period, level=level, key=key)}
    units = list_units(results.profile["units"], answered)
    return GroupFacts(period, None, units, (), {}, {}, contrasts, {}, {})


def list_units(registered: list[dict[str, str]], answered: set[str]) -> tuple[Unit, ...]:
    """List the units of a tree, each followed by those below it; own people of a parent come first.

    Parameters
    ----------
    registered : list of dict
        id, name, parent ("" directly under the organisation), as in the organisation's profile.
    answered : set of str
        Units of the results; only these have own people ("<unit>.direct", or ".direct").
    """
    found: list[Unit] = []

    def walk(parent: str, depth: int) -> None:
        own = parent + DIRECT
        if own in answered:
            name = next((u["name"] for u in registered if u["id"] == parent), "")
            found.append(Unit(own, name, parent or WHOLE, depth, direct=True))
        for unit in (u for u in registered if u["parent"] == parent):
            found.append(Unit(unit["id"], unit["name"], parent or WHOLE, depth))
            walk(unit["id"], depth + 1)

    walk("", 1)
    return tuple(found)


def _find_gone(results: PublishedResults, period: str) -> set[str]:
    """Find the units that nobody was invited from."""
    unasked = results.pick("response_rates", "unit", period=period, role=WHOLE, status=NOBODY_ASKED)
    return {unit for (unit,) in unasked}


def _of_groups(picked: Mapping[Any, T], gone: Set[str]) -> dict[tuple[Group, Key], T]:
    """Return what is of groups that were asked, by group and figure."""
    return {
        ((unit, role), (level, key)): told
        for (unit, role, level, key), told in picked.items()
        if unit not in gone
    }


def _pick_contrasts(results: PublishedResults, **wanted: str | Collection[str]) -> tuple[Contrast, ...]:
    columns = ("kind", "unit", "role", "other", "level", "key")
    picked = pick_differences(results, "contrasts", *columns, **wanted)
    return tuple(
        Contrast(kind, unit, role, other, (level, key), comparison)
        for (kind, unit, role, other, level, key), comparison in picked.items()
    )


def _read_rate(status: str, invited: int | None, answered: int | None, band: str) -> Rate:
    # the share of the two published counts: rounding the published share once more could miss it by a percent
    share = answered / invited if invited and answered is not None else None
    return Rate(status, invited, answered, share, band)

"""Facts of the page that compares units and roles: what it shows first, and what its controls choose among."""

from __future__ import annotations

from itertools import combinations

from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.instrument.lead import lead_of, list_upper_keys
from dimios_core.published.rows import Row
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import PUBLISHED, WHOLE, Figure, Key, pick_figures
from dimios_core.report.groups.group_facts import Group, GroupFacts
from dimios_core.report.groups.sides import BOTH, ROWS_MAX, first_side, list_side

#: parts of the spread, as the table calls them
SPREAD_PARTS = ("units", "roles", "people")
#: which contrast with the rest belongs to which side of the page
KINDS = {"units": "unit_rest", "top": "unit_rest", "roles": "role_rest"}


def gather_lead(results: PublishedResults, period: str) -> dict[Group, Figure]:
    """Gather what the report leads with of the organisation and its groups in a period, published or not."""
    level, key = lead_of(results.instrument)
    return pick_figures(results, "unit", "role", period=period, level=level, key=key)


def list_keys(model: Instrument, level: str) -> list[Key]:
    """List the figures of a level ("category", "dimension"), the composite first, or the points of a category."""
    if level == "category":
        composite = [COMPOSITE] if model.composite is not None else []
        return [*composite, *(("category", c.id) for c in model.categories)]
    if level == "dimension":
        return list_upper_keys(model)
    return [("point", p.id) for p in model.points if p.category == level]


def list_sides(facts: GroupFacts, both: bool = False) -> list[str]:
    """List what a control chooses among, what is shown first at the front; with `both`, units and roles together."""
    first = first_side(facts)
    sides = [first, *(s for s in ("units", "roles") if s != first and list_side(facts, s))]
    if both and facts.units and facts.roles and len(facts.units) + len(facts.roles) <= ROWS_MAX:
        sides.insert(0, BOTH)
    return sides


def first_key(facts: GroupFacts, side: str, lead: Key) -> Key:
    """Return the figure whose differences are shown first: `lead`, else the one that most groups have."""
    groups = set(list_side(facts, side))
    contrasts = [c for c in facts.contrasts_of(KINDS[side]) if (c.unit, c.role) in groups]
    shown = [c.key for c in contrasts if c.comparison.published and c.key[0] != "point"]
    return lead if not shown or lead in shown else max(dict.fromkeys(shown), key=shown.count)


def list_pairs(facts: GroupFacts) -> list[tuple[str, str]]:
    """List the pairs of known roles, those farthest apart in the model first."""
    roles = facts.known_roles()
    return sorted(combinations(roles, 2), key=lambda p: roles.index(p[0]) - roles.index(p[1]))


def first_pair(facts: GroupFacts) -> tuple[str, str] | None:
    """Return the roles that are compared first: the farthest apart of which any difference is shown."""
    shown = {frozenset((c.role, c.other)) for c in facts.contrasts_of("role_pair") if c.comparison.published}
    pairs = list_pairs(facts)
    return next((p for p in pairs if frozenset(p) in shown), pairs[0] if pairs else None)


def pick_small_units(results: PublishedResults, facts: GroupFacts, side: str, key: Key) -> list[Row]:
    """Pick the published estimates of small units of a side of the page on one figure, in the tree's order."""
    level, name = key
    rows = results.rows("small_units", period=facts.period, level=level, key=name, status=PUBLISHED)
    by_unit = {(r["unit"], WHOLE): r for r in rows}
    return [by_unit[g] for g in list_side(facts, side) if g in by_unit]

"""What the page that compares units and roles shows first, and what its controls choose among."""

from __future__ import annotations

from itertools import combinations

from dimios_core.instrument import Instrument
from dimios_core.report.organisation_facts import WHOLE
from dimios_core.report.pages.internal_comparison.facts import MATURITY, Group, GroupFacts, Key

#: which contrast with the rest belongs to which side of the page
KINDS = {"units": "unit_rest", "top": "unit_rest", "roles": "role_rest"}
BOTH = "both"
#: groups that are shown at once; with more units, those directly under the organisation come first alone, and all
#: of them where a control chooses so: a page has to stay light on a phone
ROWS_MAX = 22


def list_keys(model: Instrument, level: str) -> list[Key]:
    """List the figures of a level ("category", "dimension"), maturity first, or the points of a category."""
    if level == "category":
        return [MATURITY, *(("category", c.id) for c in model.categories)]
    if level == "dimension":
        return [MATURITY, *(("dimension", d.id) for d in model.dimensions)]
    return [("point", p.id) for p in model.points if p.category == level]


def list_side(facts: GroupFacts, side: str) -> list[Group]:
    """List groups: "units", "top" (units directly under the organisation), "roles", or "both" units and roles."""
    if side == BOTH:
        return [*facts.unit_groups(), *facts.role_groups()]
    if side == "top":
        return [(u.id, WHOLE) for u in facts.children(WHOLE)]
    return facts.unit_groups() if side == "units" else facts.role_groups()


def first_side(facts: GroupFacts) -> str:
    """Return what is shown first: units, those at the top where they are many, or roles where there are none."""
    if not facts.units and facts.roles:
        return "roles"
    return "top" if len(facts.units) > ROWS_MAX else "units"


def list_sides(facts: GroupFacts, both: bool = False) -> list[str]:
    """List what a control chooses among, what is shown first at the front; with `both`, units and roles together."""
    first = first_side(facts)
    sides = [first, *(s for s in ("units", "roles") if s != first and list_side(facts, s))]
    if both and facts.units and facts.roles and len(facts.units) + len(facts.roles) <= ROWS_MAX:
        sides.insert(0, BOTH)
    return sides


def first_key(facts: GroupFacts, side: str) -> Key:
    """Return the figure whose differences are shown first: maturity, else the one that most groups have."""
    groups = set(list_side(facts, side))
    contrasts = [c for c in facts.contrasts_of(KINDS[side]) if (c.unit, c.role) in groups]
    shown = [c.key for c in contrasts if c.comparison.published and c.key[0] != "point"]
    return MATURITY if not shown or MATURITY in shown else max(dict.fromkeys(shown), key=shown.count)


def list_pairs(facts: GroupFacts) -> list[tuple[str, str]]:
    """List the pairs of known roles, those farthest apart in the model first."""
    roles = facts.known_roles()
    return sorted(combinations(roles, 2), key=lambda p: roles.index(p[0]) - roles.index(p[1]))


def first_pair(facts: GroupFacts) -> tuple[str, str] | None:
    """Return the roles that are compared first: the farthest apart of which any difference is shown."""
    shown = {frozenset((c.role, c.other)) for c in facts.contrasts_of("role_pair") if c.comparison.published}
    pairs = list_pairs(facts)
    return next((p for p in pairs if frozenset(p) in shown), pairs[0] if pairs else None)

"""Units or roles: which groups stand side by side, and which come first."""

from __future__ import annotations

from dimios_core.report.figures import WHOLE
from dimios_core.report.groups.group_facts import Group, GroupFacts

BOTH = "both"
#: groups that are shown at once; with more units, those directly under the organisation come first alone, and all
#: of them where a control chooses so: a page has to stay light on a phone
ROWS_MAX = 22


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

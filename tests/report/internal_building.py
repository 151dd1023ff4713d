"""Facts of units and roles by hand: two units, one of them with a unit below, and two roles."""

from __future__ import annotations

from dimios_core.instrument import COMPOSITE
from dimios_core.report.figures import Comparison, Figure, Key
from dimios_core.report.groups.group_facts import Contrast, Group, GroupFacts, Rate, Unit
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.organisation_facts import Facts
from tests.building import make_instrument

UNITS = (Unit("care", "Care", "*", 1), Unit("home", "Home", "care", 2), Unit("it", "IT", "*", 1))
ROLES = ("p", "t")
INSTRUMENT = make_instrument({"a": "c1", "b": "c2"}, {"c1": "across", "c2": "up"}, quadrants=True)


def contrast(
    value: float | None,
    certainty: str = "none",
    *,
    unit: str = "*",
    role: str = "*",
    other: str = "",
    key: Key = COMPOSITE,
    detectable: float | None = 6.0,
) -> Contrast:
    """A difference with an interval of two points to each side; suppressed where `value` is None."""
    kind = "role_pair" if other else "unit_rest" if unit != "*" else "role_rest"
    if value is None:
        return Contrast(kind, unit, role, other, key, Comparison("suppressed_small"))
    shown = Comparison("published", value, value - 2, value + 2, certainty, detectable)
    return Contrast(kind, unit, role, other, key, shown)


def make_groups(
    contrasts: tuple[Contrast, ...] = (),
    scores: dict[tuple[Group, Key], float] | None = None,
    changes: dict[tuple[Group, Key], tuple[float, str]] | None = None,
    rates: dict[Group, Rate] | None = None,
    spread: dict[str, float | None] | None = None,
    *,
    units: tuple[Unit, ...] = UNITS,
    roles: tuple[str, ...] = ROLES,
    previous: str | None = "2025",
) -> GroupFacts:
    """Facts of 2026; a figure without a score is suppressed."""
    groups = [("*", "*"), *((u.id, "*") for u in units), *(("*", r) for r in roles)]
    figures = {
        (g, k): Figure(*k, status="suppressed_small") for g in groups for k in (COMPOSITE, ("category", "c1"))
    }
    for (g, k), score in (scores or {}).items():
        figures[g, k] = Figure(*k, "published", score, score - 3, score + 3, "", 20, 2)
    return GroupFacts(
        period="2026",
        previous=previous,
        units=units,
        roles=roles,
        figures=figures,
        changes={
            k: Comparison("published", v, v - 2, v + 2, word, 6.0) for k, (v, word) in (changes or {}).items()
        },
        contrasts=contrasts,
        rates=rates or {},
        spread=spread or {},
    )


def make_narrator(groups: GroupFacts, language: str = "sv") -> GroupNarrator:
    """A narrator of hand-made groups; the organisation's own facts are left empty."""
    profile = {"id": "x", "name": "X", "threshold": 5, "periods": ["2025", "2026"]}
    empty: dict = {}
    facts = Facts(
        profile, INSTRUMENT, "2026", groups.previous, None, (), empty, empty, empty, None, None, None
    )
    return GroupNarrator(INSTRUMENT, language, 5, facts, groups)

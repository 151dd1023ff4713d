"""How a county lies against the country: strengths and weaknesses by the difference, the level second; and member by member.

A strength is what lies above the country for certain, as a claim about just these organisations; a weakness, below. A point that
several of those shown by name are weak at for certain against the country is no common strength, whatever the mean says.
"""

from __future__ import annotations

from dataclasses import dataclass

from dimios_core.report.figures import Key
from dimios_core.report.finding import NAMED_N, Finding
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts, Member
from dimios_core.report.pages.county_report.findings import compare_member
from dimios_core.report.pages.county_report.lacks import count_several, low_level_of
from dimios_core.report.sector.messages import certain_keys
from dimios_core.report.texts import add_filters

ABOVE, BELOW = "above", "below"
CERTAINTY = {ABOVE: "increase", BELOW: "decrease"}


@dataclass(frozen=True)
class Standing:
    """A figure of the county against the country.

    Attributes
    ----------
    key : (level, key)
    value : float
        Percentage points, the county minus the country.
    level : float
        The county's mean, percent.
    """

    key: Key
    value: float
    level: float


def list_standing(facts: CountyFacts, level: str, side: str) -> list[Standing]:
    """List what of a level lies "above" or "below" the country for certain, the farthest first.

    A point that several are weak at is not among those above.
    """
    keys = certain_keys(facts.group, level, CERTAINTY[side])
    if side == ABOVE:
        several = count_several(facts)
        keys = [k for k in keys if len(list_below(facts, k)) < several]
    return [_stand(facts, k) for k in keys]


def _stand(facts: CountyFacts, key: Key) -> Standing:
    return Standing(key, facts.group.gaps[key].value or 0.0, facts.group.level(key).mean or 0.0)


def list_below(facts: CountyFacts, key: Key) -> list[Member]:
    """List the shown organisations that lie below the country's mean for certain."""
    return [m for m in facts.members if compare_to_country(facts, m, key) < 0]


def compare_to_country(facts: CountyFacts, member: Member, key: Key) -> int:
    """Return 1 where a member's interval lies above that of the country's mean, -1 where it lies below, else 0."""
    country = facts.country.levels.get(key)
    if country is None or not country.published:
        return 0
    return compare_member(member, key, country.low, country.high)


def find_standing(facts: CountyFacts, side: str) -> list[Finding]:
    """Return what lies above, or below, the country for certain: every category, then the farthest points."""
    if not facts.group.gaps:
        return [Finding("county_against_hidden")] if side == ABOVE else []
    categories, points = (list_standing(facts, level, side) for level in ("category", "point"))
    found = []
    if categories:
        found.append(Finding(f"county_{side}", (), {"told": categories, "more": 0}))
    if points:
        kind = f"county_{side}_points" if categories else f"county_{side}"
        numbers = {"told": points[:NAMED_N], "more": max(0, len(points) - NAMED_N)}
        found.append(Finding(kind, (), numbers))
    low = [p for p in points if p.level < low_level_of(facts.group.instrument)] if side == ABOVE else []
    if low:
        border = low_level_of(facts.group.instrument)
        found.append(Finding("county_above_low", (), {"told": low[:NAMED_N], "border": border}))
    return found or [_find_farthest(facts, side)]


def _find_farthest(facts: CountyFacts, side: str) -> Finding:
    """Return the points farthest to a side, said to be perhaps chance, where nothing there is certain."""
    sign = 1 if side == ABOVE else -1
    points = [
        _stand(facts, k)
        for k, gap in facts.group.gaps.items()
        if k[0] == "point" and sign * (gap.value or 0) > 0
    ]
    if side == ABOVE:
        points = [p for p in points if len(list_below(facts, p.key)) < count_several(facts)]
    farthest = sorted(points, key=lambda p: -sign * p.value)[:NAMED_N]
    return Finding(f"county_{side}_none", (), {"told": farthest})


def find_heat(facts: CountyFacts, keys: list[Key]) -> list[Finding]:
    """Return where most of the shown organisations lie below, and above, the country for certain."""
    if not facts.members:
        return [Finding("county_heat_empty")]
    found = []
    for side, sign in ((BELOW, -1), (ABOVE, 1)):
        apart = {k: [m.name for m in facts.members if compare_to_country(facts, m, k) == sign] for k in keys}
        most = max(apart, key=lambda k: len(apart[k]), default=None)
        if most is not None and apart[most]:
            found.append(Finding(f"county_heat_{side}", (most,), {"names": apart[most]}))
    return found or [Finding("county_heat_none", (), {"of_n": len(facts.members)})]


def _list_standings(narrator: Narrator, told: list[Standing]) -> str:
    """Name figures with their difference, and the level second."""
    words = [
        narrator.say(
            "county.standing", name=narrator.name(*s.key, running=True), value=s.value, level=s.level
        )
        for s in told
    ]
    return narrator.number.listed(words)


add_filters(standings=_list_standings)

"""Findings about the organisations of a county: level, change, who lies apart, what they share and what several lack.

Where single organisations are held against a mean, both carry a published 95 % interval, and "surely" means that
the two do not meet. That is more cautious than a test of the difference, and it is what the reader sees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.instrument.lead import top_of
from dimios_core.report.figures import Key
from dimios_core.report.finding import NAMED_N, Finding
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, Member
from dimios_core.report.sector.sector_facts import GroupChange, GroupLevel, hidden_kind, rank_levels

#: "several" are at least so many organisations, and at least this share of those shown
SEVERAL_N, SEVERAL_SHARE = 2, 0.5
#: the level that counts as low where a model has no borders of quadrants, percent
LOW_LEVEL_PCT = 50.0


@dataclass(frozen=True)
class Lack:
    """A measure point where several of the shown organisations are weak.

    Attributes
    ----------
    point : GroupLevel
        The county's mean.
    below : tuple of Member
        Those surely below the country's mean.
    low : tuple of Member
        Those surely at a low level.
    either : tuple of Member
    shown_n : int
        Organisations whose result at the point is shown.
    """

    point: GroupLevel
    below: tuple[Member, ...]
    low: tuple[Member, ...]
    either: tuple[Member, ...]
    shown_n: int


def find_county_level(facts: CountyFacts) -> list[Finding]:
    """Return the level of the county's organisations with its interval as these organisations.

    Of the composite; of each dimension where there is none.
    """
    return [_level_of(facts, level) for level in facts.group.tops]


def _level_of(facts: CountyFacts, level: GroupLevel) -> Finding:
    subject = ((level.level, level.key),)
    if not level.published:
        return Finding(f"sector_level_{hidden_kind(level.status)}", subject, {"group": facts.group.name})
    numbers = {"mean": level.mean, "low": level.own_low, "high": level.own_high, "n": level.organisations_n}
    return Finding("county_level", subject, numbers | {"group": facts.group.name})


def find_county_change(facts: CountyFacts) -> list[Finding]:
    """Return the change of those that took part both times, as these organisations, of what `find_county_level` tells.

    The composite is a family of one, so its word is that of the 95 % interval. Dimensions are several: theirs is the
    adjusted one.
    """
    return [_change_of((level.level, level.key), facts.group.changes) for level in facts.group.tops]


def _change_of(key: Key, changes: Mapping[Key, GroupChange]) -> Finding:
    change = changes.get(key)
    if change is None:
        return Finding("county_change_first", (key,))
    if not change.published:
        return Finding("county_change_hidden", (key,), {"previous": change.period_from})
    numbers = {
        "n": change.organisations_n, "value": change.change, "low": change.own_low, "high": change.own_high,
        "previous": change.period_from,
    }  # fmt: skip
    word = judge_own(change) if key == COMPOSITE else change.certainty if change.certain else "none"
    return Finding(f"county_change_{word}", (key,), numbers)


def judge_own(change: GroupChange) -> str:
    """Return "increase", "decrease" or "none" as the interval of these organisations leaves zero or not."""
    if change.own_low is None or change.own_high is None:
        return "none"
    return "increase" if change.own_low > 0 else "decrease" if change.own_high < 0 else "none"


def find_sharing(facts: CountyFacts) -> Finding:
    """Return how many show their result by name, never who does not."""
    numbers = {"n": len(facts.members), "of_n": facts.organisations_n, "hidden": facts.hidden_n}
    kind = "none" if not facts.members else "some" if facts.hidden_n else "all"
    return Finding(f"county_sharing_{kind}", (), numbers)


def find_member_changes(facts: CountyFacts, key: Key) -> list[Finding]:
    """Return which of the shown organisations changed for certain since their measurement before.

    The words are those of each organisation's own report.
    """
    figures = [(m.name, f) for m in facts.members if (f := m.figure(key)) and f.change is not None]
    if not figures:
        return []
    rose, fell = ([n for n, f in figures if f.certainty == word] for word in ("increase", "decrease"))
    found = [
        Finding(f"county_{kind}", (key,), {"names": names, "n": len(names), "of_n": len(figures)})
        for kind, names in (("rose", rose), ("fell", fell))
        if names
    ]
    return found or [Finding("county_moved_none", (key,), {"of_n": len(figures)})]


def find_apart(facts: CountyFacts, key: Key) -> Finding:
    """Return which of the shown organisations surely lie above and below the county's mean."""
    level = facts.group.levels.get(key)
    shown = [m for m in facts.members if m.figure(key)]
    if level is None or not level.published or not shown:
        return Finding("county_apart_empty", (key,))
    above = [m.name for m in shown if compare_member(m, key, level.own_low, level.own_high) > 0]
    below = [m.name for m in shown if compare_member(m, key, level.own_low, level.own_high) < 0]
    kind = {(True, True): "both", (True, False): "above", (False, True): "below", (False, False): "none"}
    numbers = {"above": above, "below": below, "mean": level.mean, "of_n": len(shown)}
    return Finding(f"county_apart_{kind[bool(above), bool(below)]}", (key,), numbers)


def compare_member(member: Member, key: Key, low: float | None, high: float | None) -> int:
    """Return 1 where a member's interval lies above an interval, -1 where it lies below, else 0."""
    figure = member.figure(key)
    if figure is None or figure.low is None or figure.high is None:
        return 0
    return int(high is not None and figure.low > high) - int(low is not None and figure.high < low)


def find_common(facts: CountyFacts) -> list[Finding]:
    """Return the points where the county's mean is highest and lowest, and how many of the shown agree."""
    ranked = rank_levels(facts.group, "point")
    n = min(NAMED_N, len(ranked) // 2)
    if n == 0:
        return [Finding("rows_empty")]
    found = []
    for kind, points, sign in (("strong", ranked[:n], 1), ("weak", ranked[::-1][:n], -1)):
        found.append(Finding(f"county_{kind}", (), {"points": points}))
        agreeing = [count_agreeing(facts, ("point", p.key), sign) for p in points]
        if all(of_n for _, of_n in agreeing):
            numbers = {"agree": [n for n, _ in agreeing], "of_n": max(of_n for _, of_n in agreeing)}
            found.append(Finding(f"county_{kind}_agree", (), numbers))
    return found


def count_agreeing(facts: CountyFacts, key: Key, sign: int) -> tuple[int, int]:
    """Count the shown organisations whose result lies above (1) or below (-1) their own composite, and all shown.

    A point's dimension stands in for the composite where there is none.
    """
    top = top_of(facts.group.instrument, key[1])
    pairs = [
        (own.score, whole.score) for m in facts.members if (own := m.figure(key)) and (whole := m.figure(top))
    ]
    return sum((own - whole) * sign > 0 for own, whole in pairs), len(pairs)


def low_level_of(instrument: Instrument) -> float:
    """Return the level under which a result is low: the model's border between its quadrants."""
    return instrument.quadrants.border if instrument.quadrants else LOW_LEVEL_PCT


def count_several(facts: CountyFacts) -> int:
    """Return how many organisations are "several" among those shown: half of them, and at least two."""
    return max(SEVERAL_N, math.ceil(SEVERAL_SHARE * len(facts.members)))


def list_lacks(facts: CountyFacts) -> list[Lack]:
    """List the points where several of the shown organisations are weak, those of most organisations first.

    An organisation is weak at a point where its interval lies below that of the country's mean, or below the low level.
    """
    border, several = low_level_of(facts.group.instrument), count_several(facts)
    found = []
    for point in facts.group.of_level("point"):
        key, country = ("point", point.key), facts.country.levels.get(("point", point.key))
        shown = [m for m in facts.members if m.figure(key)]
        mean_low = country.low if country is not None and country.published else None
        below = tuple(m for m in shown if compare_member(m, key, mean_low, None) < 0)
        low = tuple(m for m in shown if compare_member(m, key, border, None) < 0)
        either = tuple(m for m in shown if m in below or m in low)
        if len(either) >= several:
            found.append(Lack(point, below, low, either, len(shown)))
    return sorted(
        found,
        key=lambda k: (-len(k.either), -len(k.below), k.point.mean if k.point.mean is not None else 101),
    )


def find_lacks(facts: CountyFacts, lacks: list[Lack]) -> Finding:
    """Return what several lack: ground for a shared centre of competence."""
    numbers = {
        "several": count_several(facts),
        "of_n": len(facts.members),
        "border": low_level_of(facts.group.instrument),
    }
    if len(facts.members) < SEVERAL_N:
        return Finding("county_lacks_few", (), numbers)
    if not lacks:
        return Finding("county_lacks_none", (), numbers)
    named = lacks[:NAMED_N]
    return Finding("county_lacks", (), numbers | {
        "n": len(lacks), "points": [k.point for k in named], "counts": [len(k.either) for k in named],
    })  # fmt: skip


def find_county_years(history: CountyHistory, period: str) -> list[Finding]:
    """Return how the county's mean went over the periods, and the change of those that took part throughout."""
    shown = history.shown
    if len(shown) < 2:
        return [Finding("county_years_one", (history.key,))]
    first, last = (history.years[p] for p in (shown[0], shown[-1]))
    numbers = {
        "first": shown[0], "last": shown[-1], "start": first.mean, "end": last.mean, "start_n": first.organisations_n,
        "end_n": last.organisations_n, "n": len(shown),
    }  # fmt: skip
    found = [Finding("county_years", (history.key,), numbers)]
    since = sorted(start for end, start in history.changes if end == period)
    for start in dict.fromkeys([*since[:1], *since[-1:]]):
        change = history.changes[period, start]
        if change.published:
            numbers = {
                "n": change.organisations_n,
                "value": change.change,
                "low": change.own_low,
                "high": change.own_high,
                "first": start,
                "last": period,
            }
            found.append(Finding("county_panel", (history.key,), numbers))
    return found

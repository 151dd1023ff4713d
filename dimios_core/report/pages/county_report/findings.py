"""Findings about the organisations of a county: who is shown, who lies apart from the group, and how it went over the years.

Where single organisations are held against a mean, both carry a published 95 % interval, and they lie apart where the two do not
meet. That is more cautious than a test of the difference, and it is what the reader sees.
"""

from __future__ import annotations

from dimios_core.report.figures import Key
from dimios_core.report.finding import Finding
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, Member


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

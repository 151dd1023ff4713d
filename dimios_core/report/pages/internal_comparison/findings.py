"""Findings of the page that compares units and roles: data, not sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.figures import BROAD_LEVELS, WHOLE, Comparison, Key
from dimios_core.report.finding import Finding
from dimios_core.report.groups.group_facts import Contrast, Group, GroupFacts
from dimios_core.report.messages.ranking import rank_difference

#: how many differences a sentence names
NAMED_N = 4
#: shares of the spread that are told as following neither units nor roles
NEITHER_MAX = 0.10
#: the two kinds of contrast with the rest of the organisation, and what their groups are called in the texts
SIDES = {"unit_rest": "units", "role_rest": "roles"}


def find_view(facts: GroupFacts, kind: str, keys: Sequence[Key]) -> Finding:
    """Return whether the groups see the same organisation: the first certain difference, as messages are ranked, or that none is.

    Parameters
    ----------
    facts : GroupFacts
    kind : str
        "unit_rest" or "role_rest".
    keys : sequence of (level, key)
        What counts as shown where there are no contrasts.
    """
    side = SIDES[kind]
    groups = facts.unit_groups() if kind == "unit_rest" else facts.role_groups()
    if not groups:
        return Finding(f"internal_{side}_absent")
    contrasts = [c for c in facts.contrasts_of(kind) if c.comparison.published]
    if not contrasts:
        shown = facts.shown(groups, keys)
        return Finding(f"internal_{side}_{'alone' if shown else 'hidden'}", numbers={"groups": shown})
    certain = certain_contrasts(contrasts, points=True)
    if certain:
        first = min(certain, key=lambda c: rank_difference(c.key, c.comparison))
        numbers = {"widest": first, "certainty": first.comparison.certainty, "n": len(certain)}
        return Finding(f"internal_{side}_certain", (first.key,), numbers)
    if all(c.comparison.certainty == "unknown" for c in contrasts):
        return Finding(f"internal_{side}_unknown")
    tested = [c for c in contrasts if c.comparison.certainty != "unknown"]
    broad = [c for c in tested if c.key[0] in BROAD_LEVELS] or tested
    return Finding(f"internal_{side}_chance", numbers={"widest": by_width(broad)[0]})


def find_shown(facts: GroupFacts, keys: Sequence[Key]) -> list[Finding]:
    """Return of how many units and roles any of the figures can be shown; nothing where none can."""
    found = []
    for side, groups in (("units", facts.unit_groups()), ("roles", facts.role_groups())):
        shown = facts.shown(groups, keys)
        if shown:
            numbers = {"shown_n": len(shown), "of_n": len(groups)}
            found.append(Finding(f"internal_shown_{side}", numbers=numbers))
    return found


def find_heat(facts: GroupFacts, groups: Sequence[Group], keys: Sequence[Key]) -> list[Finding]:
    """Return the highest and lowest cell of a heat map of groups × keys, and how many are withheld, or nobody answered."""
    cells = [(g, facts.figure(g, k)) for g in groups for k in keys]
    shown = [(g, f) for g, f in cells if f.score is not None]
    if not shown:
        return [Finding("internal_heat_empty")]
    high, low = max(shown, key=lambda c: c[1].score or 0), min(shown, key=lambda c: c[1].score or 0)
    found = []
    if len(shown) > 1:
        numbers = {
            "highest": high[0], "high": high[1].score, "high_of": high[1],
            "lowest": low[0], "low": low[1].score, "low_of": low[1],
        }  # fmt: skip
        found.append(Finding("internal_heat", numbers=numbers))
    silent_n = sum(f.status == "no_answers" for _, f in cells)
    if hidden_n := len(cells) - len(shown) - silent_n:
        found.append(Finding("internal_heat_hidden", numbers={"hidden_n": hidden_n, "of_n": len(cells)}))
    if silent_n:
        found.append(Finding("internal_heat_silent", numbers={"n": silent_n, "of_n": len(cells)}))
    return found


def find_left_out(facts: GroupFacts, side: str) -> list[Finding]:
    """Return that only the units at the top are shown, where that is so."""
    if side != "top":
        return []
    numbers = {"shown_n": len(facts.children(WHOLE)), "of_n": len(facts.units)}
    return [Finding("internal_top_only", numbers=numbers)]


def find_differences(facts: GroupFacts, kind: str) -> list[Finding]:
    """Return which differences from the rest are certain, above and below, and how many may be chance."""
    contrasts = [c for c in facts.contrasts_of(kind) if c.comparison.published]
    if not contrasts:
        return [Finding("internal_diff_absent")]
    broad = [c for c in contrasts if c.key[0] in BROAD_LEVELS]
    found = []
    for certainty, word in (("increase", "above"), ("decrease", "below")):
        certain = [c for c in certain_contrasts(contrasts) if c.comparison.certainty == certainty]
        if certain:
            numbers = {"differences": certain[:NAMED_N], "n": len(certain), "more": len(certain) > NAMED_N}
            found.append(Finding(f"internal_diff_{word}", numbers=numbers))
    chance_n = sum(not c.comparison.certain for c in broad)
    if not found:
        found.append(Finding("internal_diff_none", numbers={"n": len(broad)}))
    elif chance_n:
        found.append(Finding("internal_diff_chance", numbers={"n": chance_n}))
    points = [c for c in certain_contrasts(contrasts, points=True) if c.key[0] == "point"]
    if points:
        numbers = {"differences": points[:NAMED_N], "n": len(points), "more": len(points) > NAMED_N}
        found.append(Finding("internal_diff_points", numbers=numbers))
    return found


def find_difference_rows(contrasts: Sequence[Contrast], key: Key) -> Finding:
    """Return the one-sentence conclusion of all groups' differences from the rest on one figure."""
    shown = [c for c in contrasts if c.comparison.published]
    if not shown:
        return Finding("internal_rows_empty", (key,))
    certain = certain_contrasts(shown, points=True)
    if certain:
        return Finding("internal_rows_certain", (key,), {"differences": by_width(certain)})
    detectable = [c.comparison.detectable for c in shown if c.comparison.detectable is not None]
    if all(c.comparison.certainty == "unknown" for c in shown) or not detectable:
        return Finding("internal_rows_unknown", (key,))
    return Finding("internal_rows_none", (key,), {"detectable": min(detectable)})


def find_changed(facts: GroupFacts, groups: Sequence[Group]) -> Finding:
    """Return which groups changed for certain since the period before, on composite, dimensions or categories."""
    if facts.previous is None:
        return Finding("internal_changed_first")
    changes = [
        Contrast("change", *g, "", k, c)
        for (g, k), c in facts.changes.items()
        if c.published and k[0] in BROAD_LEVELS and g in groups
    ]
    if not changes:
        return Finding("internal_changed_hidden", numbers={"previous": facts.previous})
    certain = certain_contrasts(changes)
    if not certain:
        return Finding("internal_changed_none", numbers={"previous": facts.previous})
    numbers = {"differences": certain[:NAMED_N], "more": len(certain) > NAMED_N, "n": len(certain)}
    return Finding("internal_changed", numbers=numbers | {"previous": facts.previous})


def find_pair(facts: GroupFacts, first: str, second: str, lead: Key) -> Finding:
    """Return whether two roles see the same organisation; where they may, how wide a difference on `lead` would show."""
    pair = pair_contrasts(facts, first, second)
    numbers = {"first": (WHOLE, first), "second": (WHOLE, second)}
    shown = [c for c in pair if c.comparison.published]
    if not shown:
        return Finding("internal_pair_hidden", numbers=numbers)
    for certainty, word in (("increase", "above"), ("decrease", "below")):
        certain = [c for c in certain_contrasts(shown) if c.comparison.certainty == certainty]
        other = [c for c in certain_contrasts(shown) if c.comparison.certainty not in (certainty, "none")]
        if certain and not other:
            return Finding(f"internal_pair_{word}", numbers=numbers | {"differences": certain[:NAMED_N]})
        if certain:
            more = {"differences": certain[:NAMED_N], "below": other[:NAMED_N]}
            return Finding("internal_pair_both", numbers=numbers | more)
    detectable = [c.comparison.detectable for c in shown if c.key == lead]
    if all(c.comparison.certainty == "unknown" for c in shown):
        return Finding("internal_pair_unknown", numbers=numbers)
    if detectable and detectable[0] is not None:
        return Finding("internal_pair_none", numbers=numbers | {"detectable": detectable[0]})
    return Finding("internal_pair_chance", numbers=numbers)


def find_spread(facts: GroupFacts) -> Finding:
    """Return whether differing views follow the units or the roles; that there are too few answers else."""
    shares = {part: share for part, share in facts.spread.items() if share is not None}
    units, roles, people = (shares.get(part) for part in ("units", "roles", "people"))
    if people is None or (units is None and roles is None):
        return Finding("internal_spread_few")
    numbers = {"units": units, "roles": roles, "people": people}
    if max(units or 0.0, roles or 0.0) <= NEITHER_MAX and units is not None and roles is not None:
        return Finding("internal_spread_neither", numbers=numbers)
    if units is None or roles is None:
        return Finding(f"internal_spread_only_{'roles' if units is None else 'units'}", numbers=numbers)
    if units == roles:
        return Finding("internal_spread_equal", numbers=numbers)
    return Finding(f"internal_spread_{'units' if units > roles else 'roles'}", numbers=numbers)


def by_width(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Return contrasts, the widest first; the table's order among equals."""
    return sorted(contrasts, key=lambda c: -abs(c.comparison.value or 0))


def certain_contrasts(contrasts: Sequence[Contrast], points: bool = False) -> list[Contrast]:
    """Return the certain ones, the widest first; points only where asked for."""
    return by_width([c for c in contrasts if c.comparison.certain and (points or c.key[0] in BROAD_LEVELS)])


def pair_contrasts(facts: GroupFacts, first: str, second: str) -> list[Contrast]:
    """Return the differences of the first role from the second, turned round where the table has them so."""
    found = []
    for c in facts.contrasts_of("role_pair"):
        if (c.role, c.other) == (first, second):
            found.append(c)
        elif (c.role, c.other) == (second, first):
            found.append(Contrast(c.kind, c.unit, first, second, c.key, turn(c.comparison)))
    return found


def turn(comparison: Comparison) -> Comparison:
    """Return a comparison seen from the other side."""
    words = {"increase": "decrease", "decrease": "increase"}

    def minus(value: float | None) -> float | None:
        return None if value is None else -value

    c = comparison
    certainty = words.get(c.certainty, c.certainty)
    return Comparison(c.status, minus(c.value), minus(c.high), minus(c.low), certainty, c.detectable)

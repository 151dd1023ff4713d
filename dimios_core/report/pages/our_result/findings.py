"""Findings of the sections of an organisation's own result: each is about what its chart shows, and nothing else.

What a report says first is chosen elsewhere, from one list of all: `dimios_core.report.messages`.
"""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.figures import Figure, Key
from dimios_core.report.finding import NAMED_N, Finding
from dimios_core.report.messages.finding import can_see_all, list_ends
from dimios_core.report.messages.message import DOWN, UP
from dimios_core.report.organisation_facts import Facts, certain_points, rank_points


def find_position(facts: Facts) -> list[Finding]:
    """Return the quadrant, the border between two, or that no placing is possible."""
    plane, position = facts.instrument.quadrants, facts.position
    if plane is None or position is None:
        return []
    subject = (("dimension", plane.across), ("dimension", plane.upwards))
    if position.across is None or position.upwards is None:
        return [Finding("position_missing", subject)]
    cells = position.placement.split("-")
    if position.placement == "unplaced":
        return [Finding("position_unplaced", subject, {"border": plane.border})]
    if len(cells) == 1:
        return [Finding("position_single", subject, {"cell": cells[0]})]
    first, second = (next(c for c in plane.cells if c.id == i) for i in cells)
    kind = "position_across_open" if first.upwards == second.upwards else "position_upwards_open"
    return [Finding(kind, subject, {"cells": cells, "upwards": first.upwards, "across": first.across})]


def find_rows(facts: Facts, level: str) -> Finding:
    """Return the one-sentence conclusion of a comparison of all figures of a level with the peers.

    Without peers the highest and the lowest are named, where every figure of the level can be seen.
    """
    figures = facts.of_level(level)
    shown = [f for f in figures if f.published]
    if not shown:
        return Finding("rows_empty")
    if facts.group is None or not any((level, f.key) in facts.gaps for f in shown):
        ordered = sorted(shown, key=lambda f: -(f.score or 0))
        ends = ((level, ordered[0].key), (level, ordered[-1].key))
        if len(shown) < len(figures):
            return Finding("rows_some", (), {"shown_n": len(shown), "of_n": len(figures)})
        kind = "rows_own" if len(shown) > 1 else "rows_one"
        return Finding(kind, ends, {"high": ordered[0].score, "low": ordered[-1].score})
    above = certain_points(facts, "increase", level)
    below = certain_points(facts, "decrease", level)
    kind = {(True, True): "both", (True, False): "above", (False, True): "below", (False, False): "none"}[
        bool(above), bool(below)
    ]
    return Finding(
        f"rows_{kind}",
        tuple((level, f.key) for f in (*above[:NAMED_N], *below[:NAMED_N])),
        {
            "above_n": len(above), "below_n": len(below), "of_n": len(shown), "group": facts.group,
            "above": above[:NAMED_N], "below": below[:NAMED_N],
        },
    )  # fmt: skip


def find_ends(facts: Facts) -> list[Finding]:
    """Return the points farthest above and below the peers, and which of them for certain; by level without peers.

    Nothing where points are too few to have ends; that nothing can be said where a category cannot be seen, but for what is
    certain.
    """
    if facts.group is not None and any(
        g.published for (level, _), g in facts.gaps.items() if level == "point"
    ):
        return [_find_end(facts, direction, can_see_all(facts)) for direction in (UP, DOWN)]
    ranked = rank_points(facts)
    if not can_see_all(facts):
        return [Finding("ends_hidden")]
    if len(ranked) <= 2 * NAMED_N:
        return []
    return [Finding("ends_own", numbers={"high": ranked[:NAMED_N], "low": ranked[::-1][:NAMED_N]})]


def _find_end(facts: Facts, direction: str, sees_all: bool) -> Finding:
    word = "strong" if direction == UP else "weak"
    points = list_ends(facts, direction)
    gaps = {f.key: facts.gaps[f.place] for f in points}
    sure = [f for f in points if gaps[f.key].certain]
    if not sees_all:
        points = sure
    if not points:
        kind = f"ends_{word}_none" if sees_all else "ends_hidden"
        return Finding(kind, numbers={"group": facts.group})
    named = [*sure, *(f for f in points if f not in sure)][:NAMED_N]
    named.sort(key=lambda f: -abs(gaps[f.key].value or 0.0))
    numbers = {
        "group": facts.group,
        "points": named,
        "values": [gaps[f.key].value for f in named],
        "sure": [f for f in named if f in sure],
    }
    return Finding(f"ends_{word}", numbers=numbers)


def find_changes(facts: Facts, keys: Sequence[Key]) -> list[Finding]:
    """Return which of some figures changed for certain since the period before."""
    if facts.previous is None:
        return [Finding("change_first")]
    found = []
    for certainty, kind in (("increase", "changed_up"), ("decrease", "changed_down")):
        figures: list[Figure] = [
            facts.figures[key]
            for key in keys
            if (c := facts.changes.get(key)) and c.published and c.certainty == certainty
        ]
        if figures:
            found.append(Finding(kind, numbers={"points": figures, "previous": facts.previous}))
    return found or [Finding("changed_none", numbers={"previous": facts.previous})]


def list_levels_changed(facts: Facts) -> list[Key]:
    """List every figure but single items, the widest first: what a paragraph on all changes is about."""
    return [key for key in facts.figures if key[0] != "item"]

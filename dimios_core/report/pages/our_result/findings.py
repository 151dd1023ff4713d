"""Findings of an organisation's own result: what stands at the top, what to take away, what changed."""

from __future__ import annotations

from typing import Any

from dimios_core.report.figures import Comparison, Figure
from dimios_core.report.finding import FEW_N, NAMED_N, Finding, find_level, is_flagged
from dimios_core.report.organisation_facts import Facts, certain_points, rank_points, rank_unknowns


def find_headline(facts: Facts) -> list[Finding]:
    """Findings of the opening paragraph: the level and what stands behind it; of each dimension without a composite."""
    return [*(find_level(f) for f in facts.tops), *find_standing(facts)]


def find_standing(facts: Facts) -> list[Finding]:
    """Findings of the opening paragraph after the level: position, change, and the gap to peers."""
    found = find_position(facts)
    found += [c for f in facts.tops for c in find_change(facts, f)]
    found += [g for f in facts.tops for g in find_gap(facts, f)]
    if (n := facts.respondents_n) is not None and n < FEW_N:
        found.append(Finding("few_answers", numbers={"n": n}))
    return found


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


def _difference(kind: str, figure: Figure, comparison: Comparison, **more: Any) -> Finding:
    numbers = {"value": comparison.value, "low": comparison.low, "high": comparison.high}
    return Finding(
        f"{kind}_{comparison.certainty}",
        ((figure.level, figure.key),),
        numbers | {"detectable": comparison.detectable, "score": figure.score} | more,
    )


def find_change(facts: Facts, figure: Figure) -> list[Finding]:
    """Return the change of a figure since the period before; "first" where there is none before."""
    if facts.previous is None:
        return [Finding("change_first", ((figure.level, figure.key),))]
    change = facts.changes.get((figure.level, figure.key))
    if change is None or not change.published:
        return []
    return [_difference("change", figure, change, previous=facts.previous)]


def find_gap(facts: Facts, figure: Figure) -> list[Finding]:
    """Return the gap of a figure to the chosen peers; nothing where there are none."""
    gap = facts.gaps.get((figure.level, figure.key))
    if facts.group is None or gap is None or not gap.published:
        return []
    return [_difference("gap", figure, gap, group=facts.group, reference=gap.reference)]


def find_rows(facts: Facts, level: str) -> Finding:
    """Return the one-sentence conclusion of a comparison of all figures of a level with the peers."""
    shown = [f for f in facts.of_level(level) if f.published]
    if not shown:
        return Finding("rows_empty")
    if not facts.gaps or facts.group is None:
        ordered = sorted(shown, key=lambda f: -(f.score or 0))
        ends = ((level, ordered[0].key), (level, ordered[-1].key))
        return Finding("rows_own", ends, {"high": ordered[0].score, "low": ordered[-1].score})
    above = certain_points(facts, "increase", level)
    below = certain_points(facts, "decrease", level)
    kind = {(True, True): "both", (True, False): "above", (False, True): "below", (False, False): "none"}
    return Finding(
        f"rows_{kind[bool(above), bool(below)]}",
        tuple((level, f.key) for f in (*above[:NAMED_N], *below[:NAMED_N])),
        {
            "above_n": len(above), "below_n": len(below), "of_n": len(shown), "group": facts.group,
            "above": above[:NAMED_N], "below": below[:NAMED_N],
        },
    )  # fmt: skip


def find_strengths(facts: Facts) -> Finding:
    """Return what to build on: points certainly above the peers, else the highest of one's own."""
    certain = certain_points(facts, "increase")
    if certain:
        return Finding(
            "build_certain", numbers={"points": certain[:NAMED_N], "n": len(certain), "group": facts.group}
        )
    return Finding("build_own", numbers={"group": facts.group, "points": rank_points(facts)[:NAMED_N]})


def find_weaknesses(facts: Facts) -> Finding:
    """Return what to deal with first: points certainly below the peers, else the lowest of one's own."""
    certain = certain_points(facts, "decrease")
    if certain:
        return Finding(
            "deal_certain", numbers={"points": certain[:NAMED_N], "n": len(certain), "group": facts.group}
        )
    return Finding("deal_own", numbers={"group": facts.group, "points": rank_points(facts)[::-1][:NAMED_N]})


def find_unknowns(facts: Facts) -> Finding:
    """Return what to talk about: points that many do not know, else the one with most don't-know."""
    known = rank_unknowns(facts)
    if not known:
        return Finding("talk_nothing")
    flagged = [f for f in known if is_flagged(f)]
    if flagged:
        shown = flagged[:NAMED_N]
        return Finding(
            "talk_flagged", numbers={"points": shown, "n": len(flagged), "share": shown[-1].dont_know_share}
        )
    return Finding("talk_low", numbers={"points": known[:1], "share": known[0].dont_know_share})


def find_ends(facts: Facts) -> list[Finding]:
    """Return the three strongest and three weakest points, with a shared place where the fourth is not apart.

    The fourth is apart where its 95 % interval does not reach the third's: a cautious reading of published
    intervals, since both rest on the same people.
    """
    ranked = rank_points(facts)
    if len(ranked) <= 2 * NAMED_N:
        return []
    found = []
    for kind, row in (("strongest", ranked), ("weakest", ranked[::-1])):
        third, fourth = row[NAMED_N - 1], row[NAMED_N]
        apart = third.low > fourth.high if kind == "strongest" else third.high < fourth.low  # type: ignore[operator]
        named = [f for f in row if f.score == third.score or row.index(f) < NAMED_N]
        found.append(Finding(f"{kind}_{'apart' if apart else 'shared'}", numbers={"points": named[:NAMED_N]}))
    return found


def find_changes(facts: Facts) -> list[Finding]:
    """Return which points, categories and dimensions changed for certain since the period before."""
    if facts.previous is None:
        return [Finding("change_first")]
    found = []
    for certainty, kind in (("increase", "changed_up"), ("decrease", "changed_down")):
        figures = [
            f
            for level in ("dimension", "category", "point")
            for f in facts.of_level(level)
            if (c := facts.changes.get((level, f.key))) and c.published and c.certainty == certainty
        ]
        if figures:
            found.append(Finding(kind, numbers={"points": figures, "previous": facts.previous}))
    return found or [Finding("changed_none", numbers={"previous": facts.previous})]

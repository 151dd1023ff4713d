"""Charts of the page of suggestions: how planned points moved, and what is known of initiatives."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import INK, colour_of
from dimios_core.report.charts.intervals import draw_changes, make_interval
from dimios_core.report.charts.legend import list_drawn
from dimios_core.report.charts.rows import Row, list_values
from dimios_core.report.charts.scales import cut_changes
from dimios_core.report.finding import Finding
from dimios_core.report.next_steps.initiatives import UNRANKED, Evidence
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import (
    ImprovementNarrator,
    InitiativeNarrator,
    find_evidence,
    find_kinds,
    find_outcome,
    find_plans,
)
from dimios_core.report.pages.improvements.tables import tabulate_evidence, tabulate_outcomes


def chart_outcomes(narrator: ImprovementNarrator, own: ImprovementFacts) -> Chart | None:
    """Return the change of every measure point that a plan was to move; None where nothing is published."""
    say, number = narrator.say, narrator.number
    plans = list({(p.point, p.period): p for p in own.followed}.values())
    rows = []
    for p in plans:
        name, c = narrator.name("point", p.point), p.change
        if c is None or c.value is None:
            status = find_outcome(p).numbers.get("status")
            reason = say(f"status.{status}") if status else say("improve.no_change")
            rows.append(Row(name, reason=reason))
            continue
        words, colour = number.signed(c.value), colour_of(narrator.instrument, "point", p.point)
        rows.append(make_interval(name, c.value, c.low, c.high, words, bold=c.certain, colour=colour))
    if not any(r.marks for r in rows):
        return None
    wide, narrow = draw_both(draw_changes, rows, cut_changes(list_values(rows)))
    title = say("improve.outcomes_title")
    conclusion = narrator.tell_all(find_plans(own, first=False))
    return Chart(
        "outcomes", title, conclusion, wide, narrow, say("improve.outcomes_key", **list_drawn(wide)), tabulate_outcomes(narrator, own, title)
    )  # fmt: skip


def chart_evidence(narrator: InitiativeNarrator, points: Sequence[Evidence]) -> Chart | None:
    """Return how much more points rose with an initiative than without; None where no point has pairs enough."""
    title = narrator.say("improve.evidence_title")
    return _chart_differences(narrator, "evidence", title, points, "point", find_evidence(points))


def chart_kinds(narrator: InitiativeNarrator, kinds: Sequence[Evidence]) -> Chart | None:
    """Return how much more points rose with each kind of initiative than without; None where no kind has pairs enough."""
    title = narrator.say("improve.kinds_title")
    return _chart_differences(narrator, "kinds", title, kinds, "kind", find_kinds(kinds))


def _chart_differences(
    narrator: InitiativeNarrator,
    name: str,
    title: str,
    everything: Sequence[Evidence],
    level: str,
    findings: list[Finding],
) -> Chart | None:
    shown = sorted(
        (e for e in everything if e.published),
        key=lambda e: (e.rank or UNRANKED, -(e.difference.value or 0.0)),
    )
    if not shown:
        return None
    rows = []
    for e in shown:
        c = e.difference
        assert c.value is not None
        words = narrator.say("improve.evidence_words", value=c.value, pairs_n=e.pairs_n)
        colour = colour_of(narrator.instrument, level, e.about) if level == "point" else INK
        label = narrator.name(level, e.about)
        rows.append(make_interval(label, c.value, c.low, c.high, words, bold=c.certain, colour=colour))
    wide, narrow = draw_both(draw_changes, rows, cut_changes(list_values(rows)))
    waiting = [e for e in everything if not e.published]
    table = tabulate_evidence(narrator, [*shown, *waiting], title, level=level)
    key = narrator.say("improve.evidence_key", **list_drawn(wide))
    return Chart(name, title, narrator.tell_all(findings), wide, narrow, key, table)

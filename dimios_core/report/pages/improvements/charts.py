"""Charts of the page of suggestions: how planned points moved, and what is known of initiatives."""

from __future__ import annotations

from dimios_core.report.charts import Chart
from dimios_core.report.charts.interval_rows import IntervalRow, draw_interval_rows, scale_of_changes
from dimios_core.report.charts.parts import accent_of
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import (
    UNRANKED,
    ImprovementNarrator,
    find_evidence,
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
            rows.append(IntervalRow(name, None, None, None, reason))
            continue
        words, color = number.signed(c.value), accent_of(narrator.facts, "point", p.point)
        rows.append(IntervalRow(name, c.value, c.low, c.high, words, c.certain, color))
    if all(r.value is None for r in rows):
        return None
    scale = scale_of_changes(rows)
    wide, narrow = (draw_interval_rows(rows, scale, narrow=n, changes=True) for n in (False, True))
    title = say("improve.outcomes_title")
    conclusion = narrator.tell_all(find_plans(own, first=False))
    return Chart(
        "outcomes", title, conclusion, wide, narrow, say("improve.outcomes_key"), tabulate_outcomes(narrator, own, title)
    )  # fmt: skip


def chart_evidence(narrator: ImprovementNarrator, own: ImprovementFacts) -> Chart | None:
    """Return how much more points rose with an initiative than without; None where no point has pairs enough."""
    shown = sorted(
        (e for e in own.evidence.values() if e.published),
        key=lambda e: (e.rank or UNRANKED, -(e.difference.value or 0.0)),
    )
    if not shown:
        return None
    say = narrator.say
    rows = []
    for e in shown:
        name, c = narrator.name("point", e.point), e.difference
        words = say("improve.evidence_words", value=c.value, pairs_n=e.pairs_n)
        color = accent_of(narrator.facts, "point", e.point)
        rows.append(IntervalRow(name, c.value, c.low, c.high, words, c.certain, color))
    scale = scale_of_changes(rows)
    wide, narrow = (draw_interval_rows(rows, scale, narrow=n, changes=True) for n in (False, True))
    title = say("improve.evidence_title")
    waiting = [e for e in own.evidence.values() if not e.published]
    table = tabulate_evidence(narrator, [*shown, *waiting], title)
    conclusion = narrator.tell_all(find_evidence(own))
    return Chart("evidence", title, conclusion, wide, narrow, say("improve.evidence_key"), table)

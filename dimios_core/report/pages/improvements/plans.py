"""What was planned, as a page shows it: whether it was done and what came of it, then how its measure point has moved."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.actions.worksheet import FILLED_COLUMNS
from dimios_core.markup import Markup, element, join, markup
from dimios_core.published.conventions import UNIT_GONE
from dimios_core.report.next_steps.plans import Plan
from dimios_core.report.pages.improvements.findings import ImprovementNarrator, find_outcome


def write_plans(
    narrator: ImprovementNarrator, plans: Sequence[Plan], outcome: bool, level: int = 3
) -> Markup:
    """Write plans: what, who, when, how far they have come; where they are followed up, what came of them and their points."""
    say, parts = narrator.say, []
    for p in plans:
        who = say("improve.plan_who", who=p.who, when=narrator.name_month(p.when))
        lines = [element(f"h{level}", p.what), markup('<p class="quiet">{}</p>', who)]
        if about := narrator.describe_plan(p, progress=not outcome):
            lines.append(markup('<p class="quiet">{}</p>', about))
        if p.expected:
            lines.append(_label(say("improve.expected"), p.expected))
        if outcome:
            lines += _follow_up(narrator, p)
        else:
            point = narrator.name("point", p.point)
            later = say("improve.plan_later", name=point, period=p.measure_period)
            lines.append(markup("<p>{}</p>", later))
        parts.append(markup('<div class="idea">{}</div>', join(lines)))
    return join(parts)


def _follow_up(narrator: ImprovementNarrator, plan: Plan) -> list[Markup]:
    """Whether it was done, what came of it, and how its measure point has moved."""
    say = narrator.say
    done = say(f"improve.done.{plan.progress or 'ask'}")
    lines = [_label(say("improve.done.title"), done)]
    if plan.outcome:
        lines.append(_label(say("improve.came_of_it"), plan.outcome))
    # a unit's own plan: what moved, or did not, is the whole organisation
    title = say("improve.outcome_whole" if plan.unit else "improve.outcome")
    return [*lines, _label(title, tell_outcome(narrator, plan))]


def tell_outcome(narrator: ImprovementNarrator, plan: Plan) -> str:
    """Return how a plan's measure point has moved, or why that cannot be shown."""
    finding = find_outcome(plan)
    status = finding.numbers.get("status")
    if status is None:
        return narrator.tell(finding)
    name, reason = narrator.name("point", plan.point), narrator.say(f"status.{status}")
    return narrator.say("findings.improve_outcome_hidden", name=name, reason=reason)


def list_filled(plans: Sequence[Plan]) -> list[dict[str, str]]:
    """List what was written in a worksheet, column by column, to be filled in further."""
    rows = [{c: getattr(p, c) for c in FILLED_COLUMNS} for p in plans]
    return [r | ({"unit": ""} if r["unit"] == UNIT_GONE else {}) for r in rows]


def _label(title: str, words: str) -> Markup:
    return markup("<p><b>{}</b> {}</p>", title, words)

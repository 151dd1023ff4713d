"""What is weak, as a page shows it: level, what is planned or recommended, what is known of initiatives."""

from __future__ import annotations

from dimios_core.markup import Markup, join, markup
from dimios_core.report.figures import Figure
from dimios_core.report.next_steps.plans import NOT_DONE, NOT_KNOWN, Plan
from dimios_core.report.next_steps.telling import shorten
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import ImprovementNarrator, find_point_evidence


def write_weak_points(
    narrator: ImprovementNarrator, facts: Facts, own: ImprovementFacts, explain: dict[str, Markup]
) -> Markup:
    """Write the weakest points; `explain` has what explains a point."""
    say, parts, untold = narrator.say, [], []
    for figure in own.weak_points:
        if figure.score is None or figure.low is None or figure.high is None:
            continue
        evidence = own.evidence.get(figure.key)
        known = ""
        if evidence is not None and evidence.published:
            known = narrator.tell(find_point_evidence(evidence, figure.key))
        else:
            untold.append(figure)
        more = say("improve.initiatives_n", n=sum(i.point == figure.key for i in own.initiatives))
        lines = [
            markup("<h3>{}</h3>", narrator.name("point", figure.key)),
            markup('<p class="quiet">{}</p>', _tell_level(narrator, facts, figure)),
            explain.get(figure.key, ""),
            _write_to_do(narrator, own, figure.key),
            markup("<p>{}</p>", f"{known} {more}".strip()),
        ]
        parts.append(markup('<div class="advice">{}</div>', join(lines)))
    if parts and untold:
        parts.append(markup("<p>{}</p>", say("improve.known_not", points=untold)))
    return join(parts)


def _tell_level(narrator: ImprovementNarrator, facts: Facts, figure: Figure) -> str:
    say = narrator.say
    words = say("improve.level", score=figure.score, low=figure.low, high=figure.high)
    gap = facts.gaps.get(figure.place)
    if gap is not None and gap.published and gap.value is not None:
        sure = say(f"certainty.{gap.certainty}")
        words += " " + say("improve.gap", value=gap.value, group=facts.group, sure=sure)
    return words


def _write_to_do(narrator: ImprovementNarrator, own: ImprovementFacts, point: str) -> Markup:
    """The recommendation; where something is planned for the point, or done, that instead: advice does not repeat it."""
    if point in own.advice:
        text = narrator.instrument.text(own.advice[point], narrator.language)
        return markup("<p>{}</p>", text)
    told = [_tell_plan(narrator, p, "open") for p in own.open if p.point == point]
    told += [
        _tell_plan(narrator, p, p.progress or NOT_KNOWN)
        for p in own.followed
        if p.point == point and p.progress != NOT_DONE
    ]
    return join(markup("<p>{}</p>", words) for words in told)


def _tell_plan(narrator: ImprovementNarrator, plan: Plan, how: str) -> str:
    what, who, when = shorten(plan.what), shorten(plan.who), narrator.name_month(plan.when)
    return narrator.say(f"improve.planned.{how}", what=what, who=who, when=when)

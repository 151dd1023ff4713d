"""What is weak, as a page shows it: level, what is planned or recommended, what is known of initiatives."""

from __future__ import annotations

from html import escape

from dimios_core.report.figures import Figure
from dimios_core.report.next_steps.plans import NOT_DONE, NOT_KNOWN, Plan
from dimios_core.report.next_steps.telling import shorten
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import ImprovementNarrator, find_point_evidence


def write_weak_points(
    narrator: ImprovementNarrator, facts: Facts, own: ImprovementFacts, explain: dict[str, str]
) -> str:
    """Write the weakest points; `explain` has what explains a point, as HTML."""
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
            f"<h3>{escape(narrator.name('point', figure.key))}</h3>",
            f'<p class="quiet">{escape(_tell_level(narrator, facts, figure))}</p>',
            explain.get(figure.key, ""),
            _write_to_do(narrator, own, figure.key),
            f"<p>{escape(f'{known} {more}'.strip())}</p>",
        ]
        parts.append(f'<div class="advice">{"".join(lines)}</div>')
    if parts and untold:
        parts.append(f"<p>{escape(say('improve.known_not', points=untold))}</p>")
    return "".join(parts)


def _tell_level(narrator: ImprovementNarrator, facts: Facts, figure: Figure) -> str:
    say = narrator.say
    words = say("improve.level", score=figure.score, low=figure.low, high=figure.high)
    gap = facts.gaps.get(figure.place)
    if gap is not None and gap.published and gap.value is not None:
        sure = say(f"certainty.{gap.certainty}")
        words += " " + say("improve.gap", value=gap.value, group=facts.group, sure=sure)
    return words


def _write_to_do(narrator: ImprovementNarrator, own: ImprovementFacts, point: str) -> str:
    """The recommendation; where something is planned for the point, or done, that instead: advice does not repeat it."""
    if point in own.advice:
        text = narrator.instrument.text(own.advice[point], narrator.language)
        return f"<p>{escape(text)}</p>"
    told = [_tell_plan(narrator, p, "open") for p in own.open if p.point == point]
    told += [
        _tell_plan(narrator, p, p.progress or NOT_KNOWN)
        for p in own.followed
        if p.point == point and p.progress != NOT_DONE
    ]
    return "".join(f"<p>{escape(words)}</p>" for words in told)


def _tell_plan(narrator: ImprovementNarrator, plan: Plan, how: str) -> str:
    what, who, when = shorten(plan.what), shorten(plan.who), narrator.name_month(plan.when)
    return narrator.say(f"improve.planned.{how}", what=what, who=who, when=when)

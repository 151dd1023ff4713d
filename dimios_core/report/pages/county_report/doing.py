"""What a county's organisations do: whom to ask about what several lack, and what was decided and done since last time."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup, join, markup
from dimios_core.published.schema import name_codes
from dimios_core.report.contacts import write_contact
from dimios_core.report.dates import write_date, year_of
from dimios_core.report.finding import Finding
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts
from dimios_core.report.pages.county_report.lacks import Teacher, Teaching
from dimios_core.report.pages.county_report.sharing import Idea, SharedPlan

#: initiatives that are told without opening anything
IDEAS_N = 6


def list_begun(facts: CountyFacts) -> list[Idea]:
    """List the members' initiatives that began in the year of the measurement before, or later; the latest first."""
    here = {m.id for m in facts.members}
    if facts.previous is None:
        return []
    since = str(year_of(facts.previous))
    begun = [i for i in facts.ideas if i.id in here and i.start[:4] >= since]
    return sorted(begun, key=lambda i: (i.start, i.name), reverse=True)


def list_plans(facts: CountyFacts, period: str | None) -> list[SharedPlan]:
    """List the shared plans that follow a measurement, by name."""
    return sorted((p for p in facts.plans if p.period == period), key=lambda p: (p.name, p.point))


def find_done(facts: CountyFacts) -> list[Finding]:
    """Return how many plans are shared and how far they have come, and how many initiatives began since last time."""
    before, now = list_plans(facts, facts.previous), list_plans(facts, facts.group.period)
    begun = list_begun(facts)
    found = []
    if before:
        done = sum(p.progress == "done" for p in before)
        numbers = {"n": len(before), "done": done, "previous": facts.previous}
        found.append(Finding("county_plans_before", (), numbers))
    if now:
        found.append(Finding("county_plans_now", (), {"n": len(now)}))
    if begun and facts.previous is not None:
        found.append(Finding("county_begun", (), {"n": len(begun), "year": str(year_of(facts.previous))}))
    return found or [Finding("county_done_none")]


def write_done(narrator: Narrator, facts: CountyFacts) -> Markup:
    """Write the shared plans, of the measurement before and of this one, and the initiatives that began since."""
    say, html = narrator.say, Markup()
    for kind, period in (("before", facts.previous), ("now", facts.group.period)):
        if plans := list_plans(facts, period):
            title = say(f"county.done.{kind}", period=period)
            html += markup("<h3>{}</h3>{}", title, _list([describe_plan(narrator, p) for p in plans]))
    if begun := list_begun(facts):
        lines = [say("county.done.idea", who=i.name, what=describe_idea(narrator, i)) for i in begun]
        html += markup("<h3>{}</h3>{}", say("county.done.begun"), _list(lines[:IDEAS_N]))
        if rest := lines[IDEAS_N:]:
            more = say("county.done.more", n=len(rest))
            html += markup("<details><summary>{}</summary>{}</details>", more, _list(rest))
    return html


def describe_plan(narrator: Narrator, plan: SharedPlan) -> str:
    """Return whose a plan is, for which point, of which kind and how far it has come."""
    point = narrator.name("point", plan.point)
    kind = name_codes("action_kind", narrator.language).get(plan.kind, "").lower()
    progress = name_codes("progress", narrator.language).get(plan.progress, "").lower()
    return narrator.say("county.done.plan", who=plan.name, point=point, kind=kind, progress=progress)


def describe_idea(narrator: Narrator, idea: Idea) -> str:
    """Return what an initiative is, for which point, and since when."""
    start = write_date(idea.start, narrator.language) if idea.start else ""
    point = narrator.name("point", idea.point)
    return narrator.say("county.done.what", title=idea.title, point=point, start=start)


def write_teaching(narrator: Narrator, teaching: Sequence[Teaching]) -> Markup:
    """Write, for each thing that several lack, who lacks it and whom to ask."""
    say, parts = narrator.say, []
    for t in teaching:
        lacking = say("county.teach.lacking", names=[m.name for m in t.lack.either])
        lines = [
            markup("<h3>{}</h3>", narrator.name(*t.lack.key)),
            markup('<p class="quiet">{}</p>', lacking),
            markup("<p>{}</p>", tell_teachers(narrator, t)),
        ]
        if t.teachers:
            lines.append(_list([write_teacher(narrator, x) for x in t.teachers]))
        parts.append(markup('<div class="advice">{}</div>', join(lines)))
    return join(parts)


def tell_teachers(narrator: Narrator, teaching: Teaching) -> str:
    """Return where those who may be asked are, or that there are none."""
    kind = "none" if not teaching.teachers else "here" if teaching.here else "elsewhere"
    return narrator.say(f"county.teach.{kind}")


def tell_teacher(narrator: Narrator, teacher: Teacher) -> str:
    """Return who may be asked, where they lie, and what they have done."""
    figure, done = teacher.figure, [describe_idea(narrator, i) for i in teacher.ideas]
    done += [narrator.say("county.teach.plan", point=narrator.name("point", p.point)) for p in teacher.plans]
    return narrator.say(
        "county.teach.who",
        who=teacher.member.name,
        score=figure.score,
        low=figure.low,
        high=figure.high,
        done="; ".join(dict.fromkeys(done)),
    )


def write_teacher(narrator: Narrator, teacher: Teacher) -> Markup:
    """Write who may be asked, with the contacts that they gave."""
    html = Markup.escape(tell_teacher(narrator, teacher))
    for contact in dict.fromkeys(i.contact for i in teacher.ideas if i.contact):
        html += markup(" {} {}", narrator.say("county.teach.contact"), write_contact(contact))
    return html


def _list(lines: Sequence[str]) -> Markup:
    """Write lines as a list."""
    return markup('<ul class="plain">{}</ul>', join(markup("<li>{}</li>", x) for x in lines))

"""Tables and lists of the page of suggestions: initiatives, plans, outcomes, and the worksheet as a download."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dimios_core.actions.worksheet import write_worksheet
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.numbers import NOTHING
from dimios_core.report.organisation_facts import Facts
from dimios_core.report.pages.improvements.facts import Evidence, ImprovementFacts, Initiative, Plan
from dimios_core.report.pages.improvements.findings import (
    ImprovementNarrator,
    find_outcome,
    find_point_evidence,
    pick_best,
)

#: all of a control's choices
ANY = "*"
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEPS = ("measure", "decide", "act", "follow")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def write_initiative(narrator: ImprovementNarrator, initiative: Initiative, level: int = 3) -> str:
    """Write one initiative: title, for what and by whom, what it is, its effect, and whom to ask."""
    say = narrator.say
    kind = [narrator.name("kind", initiative.kind)] if initiative.kind else []
    about = " · ".join([narrator.name("point", initiative.point), *kind, narrator.describe(initiative)])
    parts = [
        f"<h{level}>{escape(initiative.title)}</h{level}>",
        f'<p class="quiet">{escape(about)}</p>',
        f"<p>{escape(initiative.what)}</p>" if initiative.what else "",
    ]
    if initiative.effect:
        parts.append(f"<p><b>{escape(say('improve.effect'))}</b> {escape(initiative.effect)}</p>")
    if initiative.contact:
        contact = escape(initiative.contact)
        if _MAIL.fullmatch(initiative.contact):
            contact = f'<a href="mailto:{contact}">{contact}</a>'
        parts.append(f"<p><b>{escape(say('improve.contact'))}</b> {contact}</p>")
    return f'<div class="idea">{"".join(parts)}</div>'


def write_initiatives(narrator: ImprovementNarrator, chosen: Sequence[Initiative]) -> str:
    """Write the best fitting initiatives, and the rest by measure point under headings that open."""
    best = pick_best(chosen)
    html = "".join(write_initiative(narrator, i) for i in best)
    rest: dict[str, list[Initiative]] = {}
    for i in chosen:
        if i not in best:
            rest.setdefault(i.point, []).append(i)
    if rest:
        html += f"<h3>{escape(narrator.say('improve.page.more'))}</h3>"
    for point, others in rest.items():
        name = narrator.name("point", point)
        title = narrator.say("improve.more_for", name=name, n=len(others))
        rows = "".join(write_initiative(narrator, i, level=4) for i in others)
        html += f"<details><summary>{escape(title)}</summary>{rows}</details>"
    return html


def choose_initiatives(
    initiatives: Sequence[Initiative], category: str, kind: str, size: str
) -> list[Initiative]:
    """Return the initiatives of a category, type and size of organisation; "*" for any."""
    return [
        i
        for i in initiatives
        if category in (ANY, i.category) and kind in (ANY, i.type) and size in (ANY, i.size)
    ]


def write_plans(narrator: ImprovementNarrator, plans: Sequence[Plan], outcome: bool, level: int = 3) -> str:
    """Write plans: what, who, when, how far they have come, which point, and what came of it where that is followed up."""
    say, parts = narrator.say, []
    for p in plans:
        who = say("improve.plan_who", who=p.who, when=narrator.name_month(p.when))
        lines = [f"<h{level}>{escape(p.what)}</h{level}>", f'<p class="quiet">{escape(who)}</p>']
        if about := narrator.describe_plan(p):
            lines.append(f'<p class="quiet">{escape(about)}</p>')
        if p.expected:
            lines.append(f"<p><b>{escape(say('improve.expected'))}</b> {escape(p.expected)}</p>")
        if outcome:
            finding = find_outcome(p)
            status = finding.numbers.get("status")
            if status is not None:
                words = say("findings.improve_outcome_hidden", name=narrator.name("point", p.point),
                            reason=say(f"status.{status}"))  # fmt: skip
            else:
                words = narrator.tell(finding)
            # a unit's own plan: what moved, or did not, is the whole organisation
            title = say("improve.outcome_whole" if p.unit else "improve.outcome")
            lines.append(f"<p><b>{escape(title)}</b> {escape(words)}</p>")
        else:
            point = narrator.name("point", p.point)
            later = say("improve.plan_later", name=point, period=p.measure_period)
            lines.append(f"<p>{escape(later)}</p>")
        parts.append(f'<div class="idea">{"".join(lines)}</div>')
    return "".join(parts)


def write_weak_points(narrator: ImprovementNarrator, facts: Facts, own: ImprovementFacts) -> str:
    """Write the weakest points: level with interval, what is known of initiatives, and a general recommendation."""
    say, text, parts = narrator.say, facts.instrument.text, []
    for figure in own.weak_points:
        if figure.score is None or figure.low is None or figure.high is None:
            continue
        words = say("improve.level", score=figure.score, low=figure.low, high=figure.high)
        gap = facts.gaps.get(("point", figure.key))
        if gap is not None and gap.published and gap.value is not None:
            sure = say(f"certainty.{gap.certainty}")
            words += " " + say("improve.gap", value=gap.value, group=facts.group, sure=sure)
        lines = [
            f"<h3>{escape(narrator.name('point', figure.key))}</h3>",
            f'<p class="quiet">{escape(words)}</p>',
        ]
        if figure.key in own.advice:
            lines.append(f"<p>{escape(text(own.advice[figure.key], narrator.language))}</p>")
        known = narrator.tell(find_point_evidence(own.evidence.get(figure.key), figure.key))
        n = sum(i.point == figure.key for i in own.initiatives)
        more = say("improve.initiatives_n", n=n)
        lines.append(f"<p>{escape(f'{known} {more}')}</p>")
        parts.append(f'<div class="advice">{"".join(lines)}</div>')
    return "".join(parts)


def write_worksheet_link(narrator: ImprovementNarrator, own: ImprovementFacts) -> str:
    """Write the worksheet into the page as a link that saves it: no server is asked, nothing leaves the page."""
    facts, say = narrator.facts, narrator.say
    organisation = facts.organisation
    book = write_worksheet(
        facts.instrument, organisation["id"], organisation["name"], facts.period, narrator.language,
        [f.key for f in own.weak_points],
    )  # fmt: skip
    data = base64.b64encode(book).decode("ascii")
    name = say("improve.file_name", organisation=organisation["id"], period=facts.period)
    words = say("improve.download", organisation=organisation["name"], period=facts.period)
    return (
        f'<p><a class="download" download="{escape(name)}" href="data:{XLSX_MIME};base64,{data}">'
        f"{escape(words)}</a></p>"
    )


def write_help(narrator: ImprovementNarrator, given: Mapping[str, Any]) -> str:
    """Write whom to ask for expert help, and how to reach them; nothing where nobody is named."""
    say, language, text = narrator.say, narrator.language, narrator.instrument.text
    if not given:
        return ""
    parts = [f"<p><b>{escape(text(given['name'], language))}</b></p>"]
    if any(given["about"].values()):
        parts.append(f"<p>{escape(text(given['about'], language))}</p>")
    link = text(given["link"], language) if given["link"] else ""
    ways = (
        ("email", f"mailto:{given['email']}", given["email"]),
        ("phone", "tel:" + re.sub(r"[^+\d]", "", given["phone"]), given["phone"]),
        ("link", link, link.removeprefix("https://")),
    )
    rows = [
        f'<li>{escape(say(f"improve.help.{way}"))} <a href="{escape(target)}">{escape(shown)}</a></li>'
        for way, target, shown in ways
        if shown
    ]
    parts.append(f'<ul class="plain">{"".join(rows)}</ul>')
    return f'<h3 class="part">{escape(say("improve.page.help"))}</h3>{"".join(parts)}'


def write_steps(narrator: ImprovementNarrator) -> str:
    """Write the yearly cycle: measure, decide, act, follow up."""
    say = narrator.say
    items = "".join(
        f"<li><b>{escape(say(f'improve.steps.{s}.title'))}</b> {escape(say(f'improve.steps.{s}.text'))}</li>"
        for s in STEPS
    )
    return f'<ol class="plain">{items}</ol>'


def tabulate_outcomes(narrator: ImprovementNarrator, own: ImprovementFacts, caption: str) -> str:
    """Write every plan's point before and now, with the change."""
    say, number, plans = narrator.say, narrator.number, own.followed

    def level(figure: object) -> str:
        score = getattr(figure, "score", None)
        return number.score(score) if score is not None else NOTHING

    return write_table(
        caption,
        [
            Column(say("improve.what"), [p.what for p in plans], numeric=False),
            Column(say("table.point"), [narrator.name("point", p.point) for p in plans], numeric=False),
            Column(say("improve.before"), [level(p.before) for p in plans]),
            Column(say("improve.now"), [level(p.now) for p in plans]),
            Column(
                say("table.change"),
                [
                    number.signed(p.change.value) if p.change and p.change.value is not None else NOTHING
                    for p in plans
                ],
            ),
            Column(
                say("table.interval"),
                [
                    say("improve.to", low=p.change.low, high=p.change.high)
                    if p.change and p.change.low is not None
                    else NOTHING
                    for p in plans
                ],
            ),
            Column(
                say("table.change_certainty"),
                [
                    say(f"change_certainty.{p.change.certainty}")
                    if p.change and p.change.published
                    else NOTHING
                    for p in plans
                ],
                numeric=False,
            ),
        ],
    )


def tabulate_evidence(
    narrator: ImprovementNarrator, everything: Sequence[Evidence], caption: str, level: str = "point"
) -> str:
    """Write how much more points rose with an initiative than without, and the check; why there is none where so.

    `level` says what the evidence is about: measure points ("point"), or kinds of initiatives ("kind").
    """
    say, number = narrator.say, narrator.number

    def span(low: float | None, high: float | None) -> str:
        return say("improve.to", low=low, high=high) if low is not None and high is not None else NOTHING

    return write_table(
        caption,
        [
            Column(
                say("table.point") if level == "point" else say("improve.kind"),
                [narrator.name(level, e.about) for e in everything],
                numeric=False,
            ),
            Column(say("improve.pairs"), [number.count(e.pairs_n) for e in everything]),
            Column(
                say("improve.more"),
                [
                    number.signed(e.difference.value)
                    if e.difference.value is not None
                    else say("improve.withheld" if e.withheld else "improve.not_yet")
                    for e in everything
                ],
            ),
            Column(say("table.interval"), [span(e.difference.low, e.difference.high) for e in everything]),
            Column(
                say("table.certainty"),
                [say(f"certainty.{e.difference.certainty}") if e.published else NOTHING for e in everything],
                numeric=False,
            ),
            Column(
                say("improve.check"),
                [
                    f"{number.signed(e.check.value)} ({span(e.check.low, e.check.high)})"
                    if e.check.value is not None
                    else NOTHING
                    for e in everything
                ],
            ),
        ],
    )

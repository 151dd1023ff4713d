"""The worksheet as a download, the yearly cycle, and whom to ask for help."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from dimios_core.actions.worksheet import write_worksheet
from dimios_core.markup import Markup, join, markup
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import ImprovementNarrator
from dimios_core.report.pages.improvements.plans import list_filled

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEPS = ("measure", "decide", "act", "follow")


def write_worksheet_link(narrator: ImprovementNarrator, own: ImprovementFacts) -> Markup:
    """Write the empty worksheet into the page as a link that saves it: no server is asked, nothing leaves the page."""
    points = [f.key for f in own.weak_points]
    return _write_link(narrator, narrator.facts.period, "download", points=points)


def write_follow_up_links(narrator: ImprovementNarrator, own: ImprovementFacts) -> Markup:
    """Write a worksheet for each plan that is followed up, with what stands in it, to fill in what was done; as links."""
    links = []
    for period in sorted({p.period for p in own.followed}):
        # a worksheet replaces the whole plan of its period
        plans = list_filled([p for p in own.written if p.period == period])
        links.append(_write_link(narrator, period, "download_plan", plans=plans))
    return join(links)


def _write_link(narrator: ImprovementNarrator, period: str, words: str, **filled: Any) -> Markup:
    say, organisation = narrator.say, narrator.facts.organisation
    book = write_worksheet(
        narrator.instrument, organisation["id"], organisation["name"], period, narrator.language, **filled
    )
    data = base64.b64encode(book).decode("ascii")
    name = say("improve.file_name", organisation=organisation["id"], period=period)
    text = say(f"improve.{words}", organisation=organisation["name"], period=period)
    return markup(
        '<p><a class="download" download="{}" href="data:{};base64,{}">{}</a></p>',
        name,
        XLSX_MIME,
        data,
        text,
    )


def write_help(narrator: ImprovementNarrator, given: Mapping[str, Any]) -> Markup:
    """Write whom to ask for expert help, and how to reach them; nothing where nobody is named."""
    say, language, text = narrator.say, narrator.language, narrator.instrument.text
    if not given:
        return Markup()
    about = f" {text(given['about'], language)}" if any(given["about"].values()) else ""
    link = text(given["link"], language) if given["link"] else ""
    ways = (
        ("email", f"mailto:{given['email']}", given["email"]),
        ("phone", "tel:" + re.sub(r"[^+\d]", "", given["phone"]), given["phone"]),
        ("link", link, link.removeprefix("https://")),
    )
    told = join(
        (
            markup('{} <a href="{}">{}</a>', say(f"improve.help.{way}"), target, shown)
            for way, target, shown in ways
            if shown
        ),
        between=" · ",
    )
    title = markup('<h3 class="part">{}</h3>', say("improve.page.help"))
    return markup("{}<p><b>{}</b>{}</p><p>{}</p>", title, text(given["name"], language), about, told)


def write_steps(narrator: ImprovementNarrator) -> Markup:
    """Write the yearly cycle: measure, decide, act, follow up."""
    say = narrator.say
    items = join(
        markup("<li><b>{}</b> {}</li>", say(f"improve.steps.{s}.title"), say(f"improve.steps.{s}.text"))
        for s in STEPS
    )
    return markup('<ol class="plain">{}</ol>', items)

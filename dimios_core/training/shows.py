"""What a section may show: charts of the report's own pages and words of the published glossary, a closed set by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from dimios_core.markup import Markup, join, markup
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.organisation_facts import rank_unknowns
from dimios_core.report.pages.improvements.page import Improvements
from dimios_core.report.pages.improvements.worksheet import write_worksheet_link
from dimios_core.report.pages.internal_comparison.page import InternalComparison
from dimios_core.report.pages.our_result.page import OurResult
from dimios_core.report.plain_words import LISTED, tell_word

P = TypeVar("P", bound=OrganisationPage)
#: statements to say in words of one's own
STATEMENTS_N = 3


def show_terms(page: OrganisationPage) -> Markup:
    """Terms that people confuse: what each is, examples, what it is not, a question."""
    narrator, text = page.narrator, page.results.instrument.text
    told = Markup()
    for term in page.results.glossary["terms"]:
        name, words = text(term["name"], page.language), tell_word(narrator, term, "text", "is_not")
        items = join(
            markup("<li><b>{}</b> {}</li>", narrator.say(f"words.{part}"), tell_word(narrator, term, part))
            for part in LISTED
            if part in term
        )
        told += markup('<h3 class="part">{}</h3><p>{}</p>', name, words)
        told += markup('<ul class="plain examples">{}</ul>', items) if items else Markup()
    return told


def show_statements(page: OrganisationPage) -> Markup:
    """The statements of the points that most did not know; where that is not published, the model's first."""
    model = page.results.instrument
    first = [f.key for f in rank_unknowns(page.facts)] or list(model.point_ids)
    points = {p.id: p for p in model.points}
    told = Markup()
    for key in first[:STATEMENTS_N]:
        said = " ".join(model.text(item.statement, page.language) for item in points[key].items)
        told += markup(
            "<li><b>{}</b> {}</li>",
            page.narrator.name("point", key),
            page.narrator.say("words.quoted", text=said),
        )
    return markup('<ol class="plain">{}</ol>', told)


def show_changes(page: OrganisationPage) -> Markup:
    """Changes since the measurement before, with their uncertainty; which are certain is left for the reader to find out."""
    facts, narrator, say = page.facts, page.narrator, page.narrator.say
    figures = [*facts.tops, *facts.of_level("category")]
    found = [(f, c) for f in figures if (c := facts.changes.get(f.place)) and c.value is not None]
    if not found:
        return markup("<p>{}</p>", say("training.not_shown"))
    columns = [
        Column("", [narrator.name(*figure.place) for figure, _ in found], numeric=False),
        Column(say("table.change"), [narrator.number.signed(c.value or 0.0) for _, c in found]),
        Column(say("table.interval"), [say("training.interval", low=c.low, high=c.high) for _, c in found]),
    ]
    return write_table(say("training.changes", previous=facts.previous), columns)


def show_worksheet(page: OrganisationPage) -> Markup:
    """The worksheet of the plan, as a download."""
    own = _open(Improvements, page)
    return write_worksheet_link(own.narrator, own.improvements)


def _open(kind: type[P], page: OrganisationPage) -> P:
    return kind(page.results, page.period, page.language)


def _show_chart(kind: type[OrganisationPage], name: str, page: OrganisationPage) -> Markup:
    """A chart of a page of the report, with what it says; a sentence where nothing of it is published."""
    chart = _open(kind, page).charts.get(name)
    if chart is None:
        return markup("<p>{}</p>", page.narrator.say("training.not_shown"))
    return markup("<p>{}</p>", chart.conclusion) + page.render(chart)


Show = Callable[[OrganisationPage], Markup]
SHOWN: dict[str, Show] = {
    "terms": show_terms,
    "statements": show_statements,
    "changes": show_changes,
    "worksheet": show_worksheet,
    "dont_know": partial(_show_chart, OurResult, "dont_know"),
    "categories": partial(_show_chart, OurResult, "categories"),
    "quadrant": partial(_show_chart, OurResult, "quadrant"),
    "differences": partial(_show_chart, InternalComparison, "differences"),
    "response_rates": partial(_show_chart, InternalComparison, "response_rates"),
    "evidence": partial(_show_chart, Improvements, "evidence"),
}

"""The reports of the made-up organisations against the rules: pages, slides and workbooks, of their own latest periods.

All of them in the long tier, every eighth in the ordinary one. Files in HTML and PDF are made of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from dimios_core.export.slides.organisation import plan_organisation_deck
from dimios_core.export.workbook.plan import plan_workbook
from dimios_core.published.store import list_organisations, load_results
from dimios_core.report import base_pages
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.messages.telling import open_telling
from dimios_core.report.pages import load_pages
from tests.notebooks.picking import pick_organisations
from tests.report.every_page import open_pages, show, words_of
from tests.report.messages import rules

PERIOD = "2026"
#: words that pages do not use any more, and what they said of things that nobody can see
GONE = {
    "sv": re.compile(
        r"95.% säkerhet|säkert (?:över|under)|säkra? skillnad|ingen säker |tredje plats|ett bra svar|[+−]\d+,\d enheter\b"
        r"|i medlet|Vad vet människor", re.IGNORECASE),
    "en": re.compile(
        r"95.?% confidence(?! interval)|certainly (?:above|below)|no certain |third place|a good answer|[\d)] points\b|not a race|people not know",
        re.IGNORECASE),
}  # fmt: skip
ORGANISATION_PAGES = [page for page in load_pages().values() if issubclass(page, OrganisationPage)]


def read_reports(results: Path, organisations: Sequence[str], language: str) -> None:
    """Hold every report of some organisations against the rules of first words, and its words against those that are gone."""
    for organisation in organisations:
        own = load_results(organisation, results)
        period = own.profile["periods"][-1]
        told = open_telling(own, period, language)
        for rule in rules.RULES:
            try:
                rule(told.sources, told)
            except AssertionError as error:
                raise AssertionError(f"{organisation}, {rule.__name__}: {error}") from error
        deck = plan_organisation_deck(own, period, language)
        titles = [slide.title for slide in deck.slides]
        spoken = open_telling(own, period, language, "we")
        assert spoken.lead() in titles and spoken.title("deal") in titles, (organisation, titles)
        for text in (*texts_of(deck), *texts_of(plan_workbook(own, period, language))):
            assert not GONE[language].search(text), (organisation, text)
        for page in (p.open(organisation, period, language, str(results)) for p in ORGANISATION_PAGES):
            for name, htmls in show(page).items():
                for text in (t for html in htmls for t in words_of(html)):
                    assert not GONE[language].search(text), (page.name, page.subject, name, text)


def read_consortium(results: Path, language: str) -> None:
    """Hold the words of the county reports and the national one against those that are gone."""
    for page in open_pages(results, language, (), PERIOD):
        for name, htmls in show(page).items():
            for text in (t for html in htmls for t in words_of(html)):
                assert not GONE[language].search(text), (page.name, page.subject, name, text)


def texts_of(plan: Any) -> Iterator[str]:
    """Every text of what a file is planned as, numbers left out."""
    if isinstance(plan, str):
        yield plan
    elif is_dataclass(plan):
        for part in fields(plan):
            yield from texts_of(getattr(plan, part.name))
    elif isinstance(plan, Mapping):
        yield from texts_of([*plan, *plan.values()])
    elif isinstance(plan, Iterable) and not isinstance(plan, bytes):
        for part in plan:
            yield from texts_of(part)


@pytest.fixture
def without_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_pages, "render_chart", lambda chart, _: f"<p>{chart.conclusion} {chart.key}</p>")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_reports_of_a_sample_keep_the_rules(demo_outputs, without_drawings, language):
    results = demo_outputs / "results"
    chosen = {*list_organisations(results)[::8], *pick_organisations(results).values()}
    read_reports(results, sorted(chosen), language)
    read_consortium(results, language)


@pytest.mark.long
@pytest.mark.parametrize("language", ["sv", "en"])
def test_reports_of_all_organisations_keep_the_rules(demo_outputs, without_drawings, language):
    results = demo_outputs / "results"
    read_reports(results, list_organisations(results), language)

"""The pages of the made-up organisations against the rules: all of them in the long tier, every eighth in the ordinary one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from dimios_core.published.store import list_organisations, load_results
from dimios_core.report import base_pages
from dimios_core.report.messages.telling import open_telling
from dimios_core.report.organisation_facts import gather_facts
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


def read_pages(results: Path, organisations: Sequence[str], language: str) -> None:
    """Hold every page of some organisations against the rules of first words, and their words against those that are gone."""
    for organisation in organisations:
        own = load_results(organisation, results)
        if PERIOD not in own.profile["periods"]:
            continue
        told = open_telling(own, gather_facts(own, PERIOD), language)
        for rule in rules.RULES:
            try:
                rule(told.sources, told)
            except AssertionError as error:
                raise AssertionError(f"{organisation}, {rule.__name__}: {error}") from error
    for page in open_pages(results, language, organisations, PERIOD):
        for name, htmls in show(page).items():
            for text in (t for html in htmls for t in words_of(html)):
                assert not GONE[language].search(text), (page.name, page.subject, name, text)


@pytest.fixture
def without_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_pages, "render_chart", lambda chart, _: f"<p>{chart.conclusion} {chart.key}</p>")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_of_a_sample_keep_the_rules(demo_outputs, without_drawings, language):
    results = demo_outputs / "results"
    chosen = {*list_organisations(results)[::8], *pick_organisations(results).values()}
    read_pages(results, sorted(chosen), language)


@pytest.mark.long
@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_of_all_organisations_keep_the_rules(demo_outputs, without_drawings, language):
    results = demo_outputs / "results"
    read_pages(results, list_organisations(results), language)

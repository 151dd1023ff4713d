"""Consortia of two organisations and more, all in both years: every page of theirs reads well, and says what is true of few."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dimios_core.instrument import load_instrument
from dimios_core.published.conventions import GROUP_MIN
from dimios_core.published.store import load_public
from dimios_core.report import CountyReport, NationalStatus, OurResult, base_pages
from dimios_core.report.pages import load_pages
from dimios_core.report.pages.county_report.facts import list_counties
from dimios_core.results.score import score_responses
from tests.building import make_organisations, write_store
from tests.report.every_page import OrganisationPage, show, words_of
from tests.report.messages.rules import split_sentences

#: the demo holds sixty
SIZES = (2, 3, 7, 12)
#: of more than six, so many are new the second time
NEW_N = 1
PEOPLE_N = 16
#: what a sentence looks like that lacks a word, or tells of a number that is not there
BROKEN = re.compile(
    r"[{}]|\bNone\b(?! of)|\bnan\b|\bTrue\b|  |\s[,.;:](?:\s|$)|\.\.|,,|\(\)|^\s*$|[–-] (?:och|and|till|to) [–-]|\b0 (?:av|of) 0\b"
)


@pytest.fixture(scope="module")
def consortium(heavy: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The published results of so many municipalities of one county, by seed; the first lies below the others.

    All of them in both years, or but some. `counties_n` counties, of as many organisations each.
    """

    @cache
    def make(organisations_n: int, new_n: int = 0, counties_n: int = 1) -> Path:
        instrument, outputs = (
            load_instrument("dimios"),
            tmp_path_factory.mktemp(f"of-{organisations_n}-{new_n}"),
        )
        rng, frames = np.random.default_rng(organisations_n), []
        names = [f"o{i:02}" for i in range(organisations_n)]
        for i, name in enumerate(names):
            for period in ("2025", "2026")[i >= organisations_n - new_n :]:
                level = rng.normal(2.2 if i == 0 else 3.4, 0.8, (PEOPLE_N, 1))
                answers = np.clip(
                    np.round(level + rng.normal(0, 0.8, (PEOPLE_N, len(instrument.items)))), 1, 5
                )
                about = {"organisation": name, "period": period, "unit": "", "role": "unknown"}
                frame = pd.DataFrame(answers, columns=list(instrument.items))
                frames.append(frame.assign(**about, respondent=np.arange(PEOPLE_N) + 100 * i))
        about = make_organisations(*names)
        about["county"] = [("14", "12")[i * counties_n // organisations_n] for i in range(organisations_n)]
        write_store(outputs, instrument, pd.concat(frames), about)
        score_responses(outputs, instrument)
        return outputs / "results"

    return make


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("organisations_n", SIZES)
def test_every_sentence_is_whole(consortium, monkeypatch, organisations_n, language):
    monkeypatch.setattr(base_pages, "render_chart", lambda chart, _: f"<p>{chart.conclusion}</p>")
    results = str(consortium(organisations_n))
    opened = [
        page.open("o00", "2026", language, results)
        for page in load_pages().values()
        if issubclass(page, OrganisationPage)
    ]
    opened.append(NationalStatus.open("2026", language, results))
    if organisations_n >= GROUP_MIN:  # fewer of a county are not shown together
        opened.append(CountyReport.open("14", "2026", language, results))
    for page in opened:
        for name, htmls in show(page, choices_n=3).items():
            for text in (t for html in htmls for t in words_of(html)):
                assert not BROKEN.search(text.replace("\u00a0", " ")), (page.name, name, text)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("organisations_n", SIZES)
def test_the_headline_is_true_of_few_and_of_more(consortium, organisations_n, language):
    page = OurResult.open("o00", "2026", language, str(consortium(organisations_n)))
    text = page.messages.headline()
    assert len(split_sentences(text)) <= 2 and len(text.split()) <= 35
    others = "andra kommuner" if language == "sv" else "other municipalities"
    # five others at least stand behind a mean; with fewer nobody is compared with anybody
    assert (others in text) == (organisations_n >= GROUP_MIN), text
    if organisations_n >= GROUP_MIN:
        assert page.facts.group is not None and page.facts.group.peers_n == organisations_n - 1
        assert ("under" if language == "sv" else "below") in text
    else:
        assert ("Er digitala mognad är" if language == "sv" else "Your digital maturity is") in text


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("organisations_n", "new_n"), [(n, 0) for n in SIZES] + [(7, NEW_N), (12, 6)])
def test_the_nation_and_the_county_say_what_is_true_of_few(consortium, organisations_n, new_n, language):
    """Six organisations at least stand behind a mean, and a panel: with fewer, or fewer in both years, nothing is told of it."""
    results = str(consortium(organisations_n, new_n))
    pages = [NationalStatus.open("2026", language, results)]
    if organisations_n >= GROUP_MIN:
        pages.append(CountyReport.open("14", "2026", language, results))
    words = {
        "sv": ("visas inte", "procentenheter sedan", "ngen förändring"),
        "en": ("is not shown", "percentage points since", "o change since"),
    }[language]
    for page in pages:
        text = page.telling.headline()
        assert len(split_sentences(text)) <= 2 and len(text.split()) <= 36, text
        assert not BROKEN.search(text.replace("\u00a0", " ")), text
        assert (words[0] in text) == (organisations_n < GROUP_MIN), text
        told = words[1] in text or words[2] in text
        assert told == (organisations_n - new_n >= GROUP_MIN), text
    if len(pages) == 2:  # a county that all belong to is the country: it lies neither above nor below it
        assert pages[1].facts.group.gaps == {}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_two_counties_of_a_small_country_are_held_against_it(consortium, monkeypatch, language):
    """Twelve of six and six: each may be shown beside all twelve or not, and whatever is shown reads well."""
    monkeypatch.setattr(base_pages, "render_chart", lambda chart, _: f"<p>{chart.conclusion}</p>")
    results = str(consortium(12, 0, 2))
    shown = list_counties(load_public(results), "2026")
    for county in shown:
        page = CountyReport.open(county, "2026", language, results)
        assert page.facts.group.gaps
        for name, htmls in show(page, choices_n=3).items():
            for text in (t for html in htmls for t in words_of(html)):
                assert not BROKEN.search(text.replace("\u00a0", " ")), (page.name, name, text)
    assert shown in (["12", "14"], [])

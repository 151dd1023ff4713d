"""The report as one file: it says what the pages say, word for word, and stands by itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from dimios_core.page.packed import unpack
from tests.export.command import find_export
from tests.pages import TABS

CASES = [("almvik", "sv"), ("almvik", "en"), ("vintersjo", "sv")]
#: where the contact for expert help leads, when a reader follows it: parameters/demo/expert_help.yaml
EXPERT_HELP = ("tel:+4680000000", "https://digitalisering.example/")
SILENT = ("script", "style", "select", "label")


class Text(HTMLParser):
    """Words that a reader sees, without controls."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in SILENT

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent:
            self.words += data.split()


def words_of(html: str) -> list[str]:
    text = Text()
    text.feed(html)
    return text.words


@pytest.fixture(params=CASES, ids="-".join)
def case(request, outputs):
    organisation, language = request.param
    return outputs, *request.param, find_export(outputs, organisation, "html", language).read_text("utf-8")


def test_every_part_says_what_its_page_says(case):
    outputs, organisation, language, document = case
    for name in TABS:
        whole = (outputs / "reports" / "2026" / organisation / language / f"{name}.html").read_text("utf-8")
        page = whole[whole.index("<main") : whole.index("</main>")]
        page = re.sub(r'<p class="newer".*?</p>', "", page)
        part = document[document.index(f'<section class="part" id="{name}"') :]
        part = part[: part.index('<p class="back">')]
        assert words_of(part) == words_of(page), name
        (packed,) = re.findall(r'id="figures">(.*?)</script>', whole)
        figures = [json.loads(f) for f in re.findall(r'class="figure">(.*?)</script>', part)]
        assert figures == list(json.loads(unpack(packed)).values())


def test_the_headline_is_the_published_score(outputs):
    document = find_export(outputs, "almvik", "html").read_text("utf-8")
    scores = pd.read_parquet(outputs / "results" / "organisation=almvik" / "scores.parquet")
    whole = scores.query("level == 'maturity' and unit == '*' and role == '*' and period == '2026'")
    score = f"{whole['score'].item():.1f}".replace(".", ",")
    assert re.search(rf'<p class="big">{score}\s*%', document)


def test_it_asks_for_nothing_and_nothing_stands_twice(case):
    _, _, language, document = case
    markup = re.sub(r"<script[^>]*>.*?</script>", "", document, flags=re.DOTALL)
    assert not re.search(r"<(?:link|script|img|iframe)[^>]+(?:src|href)=\"(?!data:)", markup)
    assert "url(" not in markup and "@import" not in markup
    ids = re.findall(r' id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    for link in re.findall(r' href="([^"]+)"', markup):
        assert link.startswith(("data:", "mailto:", *EXPERT_HELP)) or link[1:] in ids, link
    for pointed in re.findall(r' aria-(?:labelledby|describedby)="([^"]+)"', markup):
        assert set(pointed.split()) <= set(ids)
    assert f'<html lang="{language}">' in document


def test_it_is_labelled_and_tells_what_it_was_made_of(case):
    _, _, language, document = case
    label = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}[
        language
    ]
    assert label in document[: document.index("</header>")]
    assert label in document[document.index("<footer>") :]
    made_of = re.search('<meta name="dimios-reads" content="([^"]+)">', document)
    assert made_of is not None
    assert len(made_of[1].split()) > 15


def test_nothing_in_it_tells_of_the_machine(case):
    outputs, *_, document = case
    assert str(outputs) not in document
    assert "/home/" not in document and "/tmp/" not in document

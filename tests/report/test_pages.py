"""Pages are found by what lies in their folders, all of one shape, and each says what lies in its own text file."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest
import yaml

from dimios_core import languages, report
from dimios_core.languages import list_languages
from dimios_core.report import narrative
from dimios_core.report.base_pages import Page
from dimios_core.report.pages import find_pages, load_pages
from dimios_core.suites import list_pages, load_suites, name_set
from tests.notebooks.picking import pick_organisations
from tests.report.every_page import list_sections, open_pages, show

REPORT = Path(report.__file__).parent
LANGUAGES = Path(languages.__file__).parent
PAGES = sorted(find_pages().values())
SHAPE = {"facts", "findings", "tables", "charts", "page"}
#: modules with a subject of their own: that a notebook points its reader to by name, has a section, or that slides tell of, too
OF_THEIR_OWN = {
    "everyones_result": {"similar"},
    "our_result": {"trend"},
    "about_measurement": {"glossary"},
    "improvements": {"evidence", "initiatives", "plans", "weak", "worksheet"},
    "county_report": {"against", "lacks", "sharing", "doing"},
    "national_status": {"follows", "telling_follows"},
}


def test_the_pages_that_there_are_are_those_of_the_suites():
    assert sorted(page for page in list_pages() if not name_set(page)) == PAGES


def test_a_page_is_asked_for_by_its_class_and_knows_its_name():
    for name, page in load_pages().items():
        assert issubclass(page, Page) and page.name == name
        assert getattr(report, page.__name__) is page
    with pytest.raises(AttributeError, match="no page 'Nothing'"):
        _ = report.Nothing


@pytest.mark.usefixtures("heavy")
def test_one_page_imports_no_other():
    code = "import sys; from dimios_core.report import OurResult; print(*(m for m in sys.modules if m.endswith('.page')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["dimios_core.report.pages.our_result.page"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_shape_of_the_others(name):
    found = {path.stem for path in (REPORT / "pages" / name).glob("*.py")} - {"__init__"}
    assert "page" in found
    assert found <= SHAPE | OF_THEIR_OWN.get(name, set())


def test_the_five_names_are_used_for_nothing_else_in_report():
    elsewhere = [p for p in REPORT.rglob("*.py") if p.stem in SHAPE and p.parents[1] != REPORT / "pages"]
    assert elsewhere == []


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_text_file_with_its_title(name, language):
    texts = yaml.safe_load((LANGUAGES / language / f"{name}.yaml").read_text(encoding="utf-8"))
    assert list(texts["pages"]) == [name]


def list_places(texts: dict, above: str = "") -> set[str]:
    found = set()
    for key, value in texts.items():
        found |= list_places(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}"}
    return found


def test_a_page_says_nothing_that_lies_in_another_pages_file(demo_outputs, monkeypatch):
    said: dict[str, set[str]] = defaultdict(set)
    load_text = narrative.load_text
    page: Page

    def listen(language: str, path: str) -> object:
        said[page.name].add(path)
        return load_text(language, path)

    monkeypatch.setattr(narrative, "load_text", listen)
    results = demo_outputs / "results"
    for page in open_pages(results, "sv", pick_organisations(results).values()):
        first = "".join(shown[0] for shown in show(page, choices_n=5).values())
        drawn = re.findall(r'<figure class="chart" id="(.*?)"', first)
        assert set(drawn) == {chart.id for chart in page.charts.values()}, page.name
    folder = LANGUAGES / "sv"
    own = {n: list_places(yaml.safe_load((folder / f"{n}.yaml").read_text(encoding="utf-8"))) for n in PAGES}
    for name, paths in said.items():
        others = {path for other in PAGES if other != name for path in own[other]}
        assert paths & others == set(), name
        assert len(paths & own[name]) > len(own[name]) / 2, name
    assert sorted(said) == PAGES


@pytest.mark.parametrize("suite", [s for s in load_suites() if not s.apart], ids=lambda s: s.id)
def test_every_notebook_of_a_suite_shows_a_page_by_its_name_with_all_its_sections(suite):
    for path, name in zip(suite.paths, suite.pages, strict=True):
        cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        page = load_pages()[name]
        assert f"from dimios_core.report import {page.__name__}" in "\n".join(cells)
        assert re.findall(r"\breport\.(\w+)\(", "\n".join(cells)) == list_sections(page)

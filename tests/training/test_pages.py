"""The training's pages: made as reports are, listed and linked by themselves, and read by the audit."""

from __future__ import annotations

import re

from dimios_core import Project
from dimios_core.audit.reading import audit_reports
from dimios_core.page.assets import EXERCISES, read_static
from dimios_core.page.entrance import build_entrance
from dimios_core.page.entrance_page import render_index
from dimios_core.page.index import OrganisationLabel, list_shelves
from dimios_core.page.navigation import list_tabs
from dimios_core.serve.stored import find_landing
from dimios_core.training.weeks import list_weeks


def read_page(outputs, name: str, language: str = "sv") -> str:
    return (outputs / "reports" / "2026" / "almvik" / language / f"{name}.html").read_text(encoding="utf-8")


def test_every_number_on_them_is_one_that_their_reader_may_see(training_reports):
    read = audit_reports(training_reports / "reports", training_reports / "results")
    assert read.findings == []
    assert read.files_n >= 4 * len(list_weeks()) and read.numbers_n > 100


def test_a_page_has_its_script_and_tabs_to_the_other_weeks(training_reports):
    page = read_page(training_reports, "week2_governance")
    assert page.count(read_static(EXERCISES)) == 1
    tabs = re.findall(r'<a href="(\w+)\.html"', page.partition("<!--/tabs-->")[0])
    assert tuple(tabs) == list_weeks()


def test_unchanged_pages_are_left_alone(training_reports):
    made = Project(training_reports, progress=None).train("almvik")
    assert made.to_frame()["status"].tolist() == ["unchanged"] * len(list_weeks())


def test_tabs_and_index_keep_report_and_training_apart(tmp_path):
    folder = tmp_path / "2026" / "a" / "sv"
    folder.mkdir(parents=True)
    stems = ["our_result", "improvements", "week1_digitalisation", "between", "my_own"]
    for stem in stems:
        (folder / f"{stem}.html").touch()
    assert [t.title for t in list_tabs(stems, "our_result", "sv")] == [
        "Vårt resultat",
        "Förbättringsförslag",
        "My own",
    ]
    assert [t.title for t in list_tabs(stems, "between", "en")] == [
        "Week 1: What is digitalisation?",
        "Between measurements",
    ]
    labels = {"a": OrganisationLabel("A", False)}
    shelves = list_shelves(tmp_path, labels, "/sida/", ["our_result", "improvements"])
    (shelf,) = shelves
    assert [(r.name, len(r.pages), r.missing) for r in shelf.reports] == [("", 3, 0), ("Utbildning", 2, 0)]
    assert '<li class="small">Utbildning:</li>' in render_index(build_entrance(shelves, labels, "sv"))
    assert find_landing(tmp_path, "a", "sv") == "2026/a/sv/our_result"

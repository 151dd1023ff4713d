"""Suites are data: which notebooks, for whom."""

from __future__ import annotations

import pytest

from dimios_core.errors import InputError
from dimios_core.suites import list_pages, list_suites, load_suite, load_suites, name_set


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own with one suite."""
    (tmp_path / "parameters" / "instruments").mkdir(parents=True)
    (tmp_path / "parameters" / "suites").mkdir()
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    return tmp_path


def test_the_suites_tell_the_order_of_the_pages_and_the_landing_page():
    """The one place where the order stands in a test: all others ask the suites."""
    assert [(suite.id, suite.per) for suite in load_suites()] == [
        ("organisation", "organisation"), ("training", "organisation"), ("national", "consortium"), ("county", "county"),
        ("comparison", "comparison"),
    ]  # fmt: skip
    assert list_pages() == (
        "our_result", "internal_comparison", "everyones_result", "improvements", "about_measurement",
        "week1_digitalisation", "week2_governance", "week3_organising", "week4_strategy", "week5_own_challenge",
        "between", "measure_together", "national_status", "county_report", "comparison",
    )  # fmt: skip
    assert load_suite("organisation").landing_page == "our_result"


def test_the_notebooks_of_every_suite_are_there():
    for suite in map(load_suite, list_suites()):
        assert all(path.is_file() for path in suite.paths)


def test_a_suite_lands_on_its_first_page_or_on_the_one_it_names(project):
    path = project / "parameters" / "suites" / "mine.yaml"
    path.write_text("id: mine\nper: county\nnotebooks: [x/a, x/b]", encoding="utf-8")
    assert load_suite("mine").landing_page == "a"
    path.write_text("id: mine\nper: county\nnotebooks: [x/a, x/b]\nlanding: x/b", encoding="utf-8")
    assert load_suite("mine").landing_page == "b"
    assert list_pages() == ("a", "b")


def test_a_suite_apart_is_a_set_of_its_own(project):
    path = project / "parameters" / "suites" / "mine.yaml"
    path.write_text("id: mine\nper: organisation\nnotebooks: [x/a]\napart: true", encoding="utf-8")
    (project / "parameters" / "suites" / "ours.yaml").write_text(
        "id: ours\nper: organisation\nnotebooks: [x/b]", encoding="utf-8"
    )
    assert [name_set(page) for page in ("a", "b", "no_page")] == ["mine", "", ""]


def test_an_unknown_suite_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean national"):
        load_suite("nationel")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id: x\nper: municipality\nnotebooks: [a]", "per"),
        ("id: x\nper: county\nnotebooks: []", "notebooks"),
        ("id: x\nper: county\nnotebooks: [a]\ncolour: red", "colour"),
        ("id: x\nper: county\nnotebooks: [a]\nlanding: b", "landing: b is none of the notebooks"),
        ("id: [", "line 1, column 6: not valid YAML"),
    ],
)
def test_a_file_that_is_no_suite_is_told_with_its_place(project, text, what):
    (project / "parameters" / "suites" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        load_suite("mine")

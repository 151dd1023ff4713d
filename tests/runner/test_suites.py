"""Suites are data: which notebooks, for whom."""

from __future__ import annotations

import pytest

from dimios_core.errors import InputError
from dimios_core.runner.jobs import plan_consortium_jobs
from dimios_core.runner.suites import list_suites, load_suite


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own with one suite."""
    (tmp_path / "parameters" / "instruments").mkdir(parents=True)
    (tmp_path / "parameters" / "suites").mkdir()
    monkeypatch.setenv("DIMIOS_PROJECT", str(tmp_path))
    return tmp_path


def test_the_suites_of_the_project_have_their_notebooks():
    assert list_suites() == ["county", "national", "organisation"]
    assert [p.stem for p in load_suite("organisation").paths] == [
        "our_result",
        "internal_comparison",
        "everyones_result",
        "improvements",
        "about_measurement",
    ]
    assert load_suite("county").per == "county"
    assert load_suite("national").per == "consortium"


def test_an_unknown_suite_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean national"):
        load_suite("nationel")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id: x\nper: municipality\nnotebooks: [a]", "per"),
        ("id: x\nper: county\nnotebooks: []", "notebooks"),
        ("id: x\nper: county\nnotebooks: [a]\ncolour: red", "colour"),
        ("id: [", "not YAML"),
    ],
)
def test_a_file_that_is_no_suite_is_told_with_its_place(project, text, what):
    (project / "parameters" / "suites" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        load_suite("mine")


def test_reports_on_counties_are_one_for_each_that_is_shown(fixture_notebook):
    public = {"2025": ["14"], "2026": ["12", "14"]}
    notebooks = [fixture_notebook("prints_county")]
    jobs = plan_consortium_jobs(public, notebooks, per_county=True)
    assert [j.relative_path.as_posix() for j in jobs] == [
        "2026/_consortium/sv/prints_county_12.ipynb",
        "2026/_consortium/sv/prints_county_14.ipynb",
    ]
    (job,) = plan_consortium_jobs(public, notebooks, per_county=True, counties=["14"], period="2025")
    assert job.parameters.to_inject() == {"county": "14", "period": "2025", "language": "sv"}
    with pytest.raises(InputError, match=r"(?s)--county 12: too few organisations.*choose among: 14"):
        plan_consortium_jobs(public, notebooks, per_county=True, counties=["12"], period="2025")


def test_a_report_on_all_together_is_one(fixture_notebook):
    (job,) = plan_consortium_jobs({"2026": []}, [fixture_notebook("prints_period")], per_county=False)
    assert str(job) == "_consortium 2026 sv prints_period"
    assert job.relative_path.as_posix() == "2026/_consortium/sv/prints_period.ipynb"


def test_all_notebooks_that_are_missing_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as raised:
        plan_consortium_jobs({"2026": []}, [tmp_path / "a.ipynb", tmp_path / "b.ipynb"], per_county=False)
    assert [p.what for p in raised.value.problems] == ["no such notebook"] * 2

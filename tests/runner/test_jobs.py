"""Which reports are run: organisations, periods, and what is wrong with what was asked for."""

from pathlib import Path

import pandas as pd
import pytest

from dimios_core.errors import InputError
from dimios_core.runner.jobs import (
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
    published_organisations,
    read_results_version,
)


@pytest.fixture
def published(outputs):
    return published_organisations(outputs / "results")


def described(jobs) -> list[str]:
    return [str(job) for job in jobs]


def test_by_default_all_organisations_each_with_its_latest_period(published, fixture_notebook) -> None:
    jobs = plan_jobs(published, [fixture_notebook("prints_parameters")])
    assert described(jobs) == [
        "lillby 2026 sv prints_parameters",
        "ostmark 2025-2 sv prints_parameters",
        "storstad 2026 sv prints_parameters",
    ]
    assert jobs[1].relative_path.as_posix() == "2025-2/ostmark/sv/prints_parameters.ipynb"


def test_one_period_for_all_leaves_out_those_without_it(published, fixture_notebook) -> None:
    jobs = plan_jobs(published, [fixture_notebook("prints_parameters")], period="2024", language="en")
    assert described(jobs) == ["storstad 2024 en prints_parameters"]


def test_an_organisation_named_must_have_the_period(published, fixture_notebook) -> None:
    with pytest.raises(InputError, match=r"ostmark: it has no results for 2024"):
        plan_jobs(
            published, [fixture_notebook("prints_parameters")], organisations=["ostmark"], period="2024"
        )


def test_an_organisation_named_twice_runs_once(published, fixture_notebook) -> None:
    jobs = plan_jobs(published, [fixture_notebook("prints_parameters")], organisations=["lillby", "lillby"])
    assert described(jobs) == ["lillby 2026 sv prints_parameters"]


def test_unknown_wishes_come_in_one_list_with_the_nearest(published, fixture_notebook) -> None:
    with pytest.raises(InputError) as raised:
        plan_jobs(
            published,
            [fixture_notebook("prints_parameters")],
            organisations=["lilby", "region östmark ", "xyzzy"],
            period="1999",
            language="de",
        )
    remedies = [problem.remedy for problem in raised.value.problems]
    assert remedies[0] == "did you mean lillby?"
    assert remedies[1] == "did you mean ostmark?"
    assert remedies[2] == "choose among: lillby, ostmark, storstad"
    assert [problem.place for problem in raised.value.problems][3:] == ["--language", "--period"]


def test_a_notebook_that_cannot_take_the_parameters_is_refused(published, fixture_notebook) -> None:
    with pytest.raises(InputError, match="it has no parameter 'language'"):
        plan_jobs(published, [fixture_notebook("lacks_language")])


def test_results_that_are_missing_or_damaged_are_told(outputs, tmp_path) -> None:
    with pytest.raises(InputError, match="no published results"):
        published_organisations(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no version stamp"):
        read_results_version(tmp_path)
    assert read_results_version(outputs / "results") == "r-17"
    folder = outputs / "results" / "organisation=lillby"
    folder.rename(folder.with_name("organisation=nyby"))  # the folder and its description disagree
    (outputs / "results" / "organisation=ostmark" / "organisation.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        published_organisations(outputs / "results")
    assert len(raised.value.problems) == 2


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


def write_benchmarks(results: Path, *rows: tuple[str, str, str, str]) -> Path:
    (results / "public").mkdir(parents=True)
    frame = pd.DataFrame(rows, columns=["period", "group", "kind", "status"])
    frame.to_parquet(results / "public" / "benchmarks.parquet")
    return results


def test_half_years_of_a_single_organisation_are_no_period_of_many(tmp_path: Path) -> None:
    """The latest period of all is then one in which nothing of many is shown."""
    results = write_benchmarks(
        tmp_path,
        ("2025", "all", "all", "published"),
        ("2026", "all", "all", "published"),
        ("2026", "county:05", "county", "published"),
        ("2026", "county:12", "county", "suppressed_small"),
        ("2026-1", "all", "all", "suppressed_small"),
        ("2026-1", "county:05", "county", "suppressed_small"),
    )
    assert public_periods(results) == {"2025": [], "2026": ["05"]}


def test_where_nothing_of_many_is_shown_all_periods_stay(tmp_path: Path) -> None:
    results = write_benchmarks(tmp_path, ("2025", "all", "all", "suppressed_small"))
    assert public_periods(results) == {"2025": []}

"""Opening a report: a wrong name suggests the right one, and nothing opens by halves."""

from __future__ import annotations

from functools import partial

import pytest

from dimios_core.errors import InputError
from dimios_core.report import CountyReport, NationalStatus, OurResult


def test_a_wrong_organisation_suggests_the_right_one(demo_outputs):
    with pytest.raises(InputError, match="did you mean almvik"):
        OurResult.open("almvikk", "2026", "sv", str(demo_outputs / "results"))


def test_a_wrong_period_and_language_are_told_together(demo_outputs):
    with pytest.raises(InputError) as raised:
        OurResult.open("almvik", "1999", "no", str(demo_outputs / "results"))
    assert [p.place for p in raised.value.problems] == ["period", "language"]
    assert "2023, 2024, 2025, 2026" in raised.value.problems[0].remedy


@pytest.mark.parametrize("open_page", [partial(OurResult.open, "almvik"), NationalStatus.open])
def test_without_results_it_tells_where_it_looked_and_what_makes_them(tmp_path, monkeypatch, open_page):
    monkeypatch.setenv("DIMIOS_OUTPUTS", str(tmp_path))
    with pytest.raises(InputError) as raised:
        open_page("2026")
    (problem,) = raised.value.problems
    assert problem.place == str(tmp_path / "results")
    for way_out in ("`dimios demo`", "`dimios score`", "DIMIOS_OUTPUTS"):
        assert way_out in problem.remedy


def test_a_year_and_a_county_may_be_numbers_as_papermill_makes_them(demo_outputs):
    results = str(demo_outputs / "results")
    assert OurResult.open("almvik", 2026, results=results).period == "2026"
    assert NationalStatus.open(2026, results=results).period == "2026"
    for number, county in ((12, "12"), (1, "01")):  # `-p county 01` comes as 1
        report = CountyReport.open(number, 2026, results=results)
        assert (report.county, report.period) == (county, "2026")
    with pytest.raises(InputError, match="results of '1480'"):
        OurResult.open(1480, 2026, results=results)


@pytest.mark.parametrize(("period", "kind"), [(2026.0, "float"), (True, "bool")])
def test_other_numbers_are_no_periods(demo_outputs, period, kind):
    told = f"for {period}: a period is a text or a whole number, not a {kind}"
    for open_page in (
        partial(OurResult.open, "almvik"),
        NationalStatus.open,
        partial(CountyReport.open, "12"),
    ):
        with pytest.raises(InputError, match=told) as raised:
            open_page(period, "no", results=str(demo_outputs / "results"))
        assert [p.place for p in raised.value.problems] == ["period", "language"]

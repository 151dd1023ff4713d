"""Where an organisation is heading: what is told of its slopes, and what its section shows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dimios_core.report import OurResult
from dimios_core.report.figures import Comparison
from dimios_core.report.pages.our_result.trend import find_trend
from dimios_core.report.trends import Trends
from tests.notebooks.picking import pick_organisations
from tests.report.charting import check_chart

MATURITY, UP, ACROSS = ("maturity", "maturity"), ("dimension", "up"), ("dimension", "across")
WHOLE = ("*", "*")
EMPTY = Trends(4, None, {}, frozenset())
#: a large one, with units and roles whose slopes are published
LARGE = "lovhammar"


@pytest.fixture(scope="module")
def open_page(demo_outputs):
    results = demo_outputs / "results"
    organisations = pick_organisations(results) | {"large": LARGE}
    return lambda which, language: OurResult.open(organisations[which], "2026", language, str(results))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_chart_of_slopes_and_the_categories_over_the_years_are_there(open_page, language):
    charts = open_page("large", language).charts
    for name in ("slopes", "category_history"):
        check_chart(charts[name])


@pytest.mark.parametrize("which", ["typical", "small", "newcomer", "large"])
def test_whatever_the_control_chooses_can_be_shown(open_page, which):
    piece = open_page(which, "sv").trend()
    (control,) = piece.controls
    assert control.value in [v for _, v in control.options]
    for _, chosen in control.options:
        words = re.sub(r"<[^>]+>", " ", piece.render(chosen))
        assert not re.search(r"\b(None|nan)\b|\{\{", words)


def kinds(findings) -> list[str]:
    return [f.kind.replace("trend_composite", "trend_maturity") for f in findings]


def slope(value: float, certainty: str) -> Comparison:
    return Comparison("published", value, value - 1, value + 1, certainty)


@pytest.mark.parametrize(
    ("years_n", "since", "kind"),
    [(1, None, "short"), (2, None, "short"), (3, "2024", "hidden"), (3, None, "not_last")],
)
def test_no_trend_says_why(years_n, since, kind):
    trends = replace(EMPTY, years_n=years_n, since=since)
    assert kinds(find_trend(trends)) == [f"trend_{kind}"]


def test_trends_are_told_as_published():
    slopes = {(WHOLE, MATURITY): slope(1.5, "increase"), (WHOLE, UP): slope(2.0, "none")}
    trends = replace(EMPTY, since="2023", slopes=slopes)
    assert kinds(find_trend(trends)) == ["trend_maturity_increase"]  # not "none of the others" beside it
    still = replace(trends, slopes=slopes | {(WHOLE, MATURITY): slope(1.5, "none")})
    assert kinds(find_trend(still)) == ["trend_maturity_none", "trend_none"]
    trends = replace(trends, slopes=slopes | {(WHOLE, ACROSS): slope(-2.0, "decrease")})
    assert kinds(find_trend(trends)) == ["trend_maturity_increase", "trend_down"]
    unknown = {k: slope(1.0, "unknown") for k in slopes}
    assert kinds(find_trend(replace(trends, slopes=unknown))) == ["trend_unknown"]


def test_levels_on_no_line_have_no_direction():
    slopes = {(WHOLE, MATURITY): slope(0.1, "unknown"), (WHOLE, UP): slope(2.0, "increase")}
    trends = replace(EMPTY, since="2019", slopes=slopes, uneven={(WHOLE, MATURITY)})
    assert kinds(find_trend(trends)) == ["trend_maturity_uneven", "trend_up"]
    everywhere = replace(trends, slopes={k: slope(1.0, "unknown") for k in slopes}, uneven=set(slopes))
    assert kinds(find_trend(everywhere)) == ["trend_maturity_uneven", "trend_uneven"]

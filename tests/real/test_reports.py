"""Both real data sets come out as reports whose figures are the published ones."""

from __future__ import annotations

from dimios_core.published.store import list_organisations, load_results
from tests.notebooks.reading import check_rows, execute, html_of, written


def test_the_big_five_make_a_report(bfi_outputs, tmp_path):
    results = bfi_outputs / "results"
    organisation = list_organisations(results)[0]
    period = load_results(organisation, results).profile["periods"][-1]
    html = html_of(execute("our_result", tmp_path, results, "en", period=period, organisation=organisation))
    assert check_rows(html, organisation, period, "en", results) >= 2 + 5
    assert "Demo" not in html


def test_lecture_ratings_make_a_report_without_quadrants(insteval_outputs, tmp_path):
    results = insteval_outputs / "results"
    organisation = list_organisations(results)[0]
    published = load_results(organisation, results)
    period = published.profile["periods"][-1]
    html = html_of(execute("our_result", tmp_path, results, "sv", period=period, organisation=organisation))
    scores = published.scores
    top = scores[(scores["level"] == "maturity") & (scores["unit"] == "*") & (scores["role"] == "*")]
    assert written(top.loc[top["period"] == period, "score"].item(), "sv") in html
    assert "kvadrant" not in html

"""The report notebook, executed on the demo; its numbers are those of results/."""

from __future__ import annotations

import pytest

from tests.notebooks.reading import check_rows, open_executed, run_nbval


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", ["typical", "small", "newcomer"])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    html, published, _ = open_executed("our_result", tmp_path, results, which, language)
    found = check_rows(html, published.organisation, "2026", language, results)
    assert found >= 2 + 6
    label = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}[
        language
    ]
    assert label in html


def test_it_runs_under_nbval(demo_outputs):
    run_nbval("our_result", demo_outputs / "results")

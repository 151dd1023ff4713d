"""The report notebook, executed on the demo; its numbers are those of results/."""

from __future__ import annotations

import pytest

from tests.notebooks.reading import captioned_tables, check_rows, open_executed, signed


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", ["typical", "small", "newcomer"])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    html, published, texts = open_executed("our_result", tmp_path, results, which, language)
    found = check_rows(html, published.organisation, "2026", language, results)
    assert found >= 2 + 6
    assert (check_slopes(published, html, texts, language) > 0) == (which == "typical")
    label = {"sv": "Demodata, påhittade organisationer", "en": "Demo data, fictitious organisations"}[
        language
    ]
    assert label in html


def check_slopes(published, html, texts, language) -> int:
    """Every slope of the whole with its interval, one decimal: they are wider than a point."""
    model = published.instrument
    names = {("maturity", "maturity"): model.composite.name[language]}
    names |= {("dimension", d.id): d.name[language] for d in model.dimensions}
    names |= {("category", c.id): c.name[language] for c in model.categories}
    whole = texts["internal"]["whole_running"]
    caption = texts["trend"]["title"].replace("{{ group|who }}", whole)
    rows = captioned_tables(html).get(caption, {})
    t = published.trends
    t = t[(t["period"] == "2026") & (t["unit"] == "*") & (t["role"] == "*") & (t["level"] != "point")]
    found = 0
    for r in t[t["status"] == "published"].itertuples():
        found += 1
        cells = rows[names[r.level, r.key]]
        assert cells[0] == signed(r.slope, language)
        assert signed(r.ci_low, language) in cells[1]
        assert signed(r.ci_high, language) in cells[1]
        assert cells[2] == texts["change_certainty"][r.certainty]
    return found

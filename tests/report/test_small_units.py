"""Smoothed estimates on the page that compares units: beside the own result, folded, and only where they are published."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from dimios_core.published.store import list_organisations, load_results
from dimios_core.report import InternalComparison
from tests.notebooks.reading import captioned_tables, written

TITLE = {"sv": "Utjämnade skattningar", "en": "Smoothed estimates"}
LABEL = {"sv": "det egna resultatet gäller", "en": "the own result is the one that counts"}


def published_of(organisation: str, results: str) -> pd.DataFrame:
    table = load_results(organisation, results).small_units
    return table[(table["status"] == "published") & (table["period"] == "2026")]


@pytest.fixture(scope="module")
def offered(demo_outputs) -> tuple[str, str]:
    """The first organisation with estimates of the composite, and the results folder."""
    results = str(demo_outputs / "results")
    for organisation in list_organisations(results):
        if (published_of(organisation, results)["level"] == "maturity").any():
            return organisation, results
    pytest.fail("no organisation of the demo has estimates of small units")


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("level", ["maturity", "category"])
def test_the_estimates_stand_beside_own_results_with_intervals(offered, language, level):
    organisation, results = offered
    page = InternalComparison.open(organisation, "2026", language, results)
    rows = published_of(organisation, results)
    rows = rows[rows["level"] == level]
    key = rows["key"].iloc[0]
    rows = rows[rows["key"] == key]
    html = page.differences().render(groups="units", figure=f"{level}:{key}")
    (table,) = [t for caption, t in captioned_tables(html).items() if caption.startswith(TITLE[language])]
    names = {u["id"]: u["name"] for u in page.results.profile["units"]}
    scores = page.results.scores.query(f"period == '2026' and role == '*' and key == '{key}'")
    own = scores.set_index("unit")
    direct = [r for r in rows.itertuples() if r.unit not in names]
    assert len(table) == len(rows)
    for r in rows.itertuples():
        if r in direct:
            continue
        mine = own.loc[r.unit]
        assert table[names[r.unit]] == [
            f"{written(mine.score, language)} ({written(mine.ci_low, language)}–{written(mine.ci_high, language)})",
            f"{written(r.estimate, language)} ({written(r.ci_low, language)}–{written(r.ci_high, language)})",
            f"{int(100 * r.weight + 0.5)}" + {"sv": "\u00a0%", "en": "%"}[language],
        ]
        assert r.own == mine.score
    (folded,) = re.findall(rf"<details><summary>{TITLE[language]}.*?</details>", html)
    assert LABEL[language] in folded


def test_nothing_is_offered_where_nothing_is_published(offered, demo_outputs):
    organisation, results = offered
    with_few = [o for o in list_organisations(results) if published_of(o, results).empty]
    assert with_few
    for other in with_few[:3]:
        page = InternalComparison.open(other, "2026", "sv", results)
        assert TITLE["sv"] not in page.differences().html
    page = InternalComparison.open(organisation, "2026", "sv", results)
    assert TITLE["sv"] in page.differences().html
    assert TITLE["sv"] not in page.differences().render(groups="roles", figure="maturity:maturity")

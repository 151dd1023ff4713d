"""The notebook of suggestions, executed; its numbers are those of results/, written independently."""

from __future__ import annotations

import re

import pytest

from dimios_core.published.schema import name_codes
from tests.notebooks.reading import captioned_tables, open_executed, signed, written


@pytest.mark.parametrize(("which", "language"), [("typical", "sv"), ("small", "sv"), ("typical", "en")])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    html, published, texts = open_executed("improvements", tmp_path, results, which, language)
    names = {p.id: p.name[language] for p in published.instrument.points}
    evidence = published.evidence.set_index("point")
    assert check_evidence(evidence, "evidence_title", html, texts, names, language) > 0
    kinds = name_codes("action_kind", language)
    by_kind = published.evidence_kinds.set_index("kind")
    assert check_evidence(by_kind, "kinds_title", html, texts, kinds, language) > 0
    assert (check_outcomes(published, html, texts, names, language) > 0) == (which == "typical")
    shown = published.initiatives
    shown = shown[shown["organisation_name"] != published.profile["name"]]
    # what points mean is folded where they are named
    told = re.sub(r'<details class="twice">.*?</details>', "", html, flags=re.DOTALL)
    assert told.count('class="idea"') == len(shown) + len(published.plans)


def check_evidence(evidence, title, html, texts, names, language) -> int:
    rows = captioned_tables(html)[texts["improve"][title]]
    assert len(rows) == len(evidence) == len(names)
    found = 0
    for r in evidence.itertuples():
        cells = rows[names[r.Index]]
        assert cells[0] == str(r.pairs_n)
        if r.status != "published":
            assert cells[1:] == [texts["improve"]["not_yet"], "–", "–", "–"]
            continue
        found += 1
        assert cells[1] == signed(r.difference, language)
        assert signed(r.ci_low, language) in cells[2]
        assert signed(r.ci_high, language) in cells[2]
        assert cells[3] == texts["certainty"][r.certainty]
        assert cells[4].startswith(signed(r.hc3_difference, language))
    return found


def check_outcomes(published, html, texts, names, language) -> int:
    """Every plan with the levels then and now and the change between them."""
    rows = captioned_tables(html).get(texts["improve"]["outcomes_title"], {})
    followed = published.plans[published.plans["period"] < "2026"]
    assert len(rows) == len(followed)
    found = 0
    for plan in followed.itertuples():
        point, then, now, change, interval, word = rows[plan.what]
        assert point == names[plan.point]
        levels, moved = (whole_of(t, plan.point) for t in (published.scores, published.changes))
        scores = {r.period: r.score for r in levels.itertuples()}
        assert [then, now] == [written(scores[p], language) for p in (plan.period, "2026")]
        r = next(moved[(moved["period"] == "2026") & (moved["period_from"] == plan.period)].itertuples())
        assert change == signed(r.change, language)
        assert signed(r.ci_low, language) in interval
        assert word == texts["change_certainty"][r.certainty]
        found += 1
    return found


def whole_of(table, point):
    return table[
        (table["unit"] == "*")
        & (table["role"] == "*")
        & (table["level"] == "point")
        & (table["key"] == point)
    ]

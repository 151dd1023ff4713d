"""The notebook on all organisations, executed on the demo; its numbers are those of results/."""

from __future__ import annotations

import pytest

from tests.notebooks.reading import open_executed, tables_of, written


@pytest.mark.parametrize(("which", "language"), [("typical", "sv"), ("small", "sv"), ("newcomer", "en")])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, which, language):
    results = demo_outputs / "results"
    html, published, texts = open_executed("everyones_result", tmp_path, results, which, language)
    tables = tables_of(html)
    assert check_quartiles(tables, published, texts, language) == 1 + 6 + 26
    assert check_counties(tables, published, texts, language) >= 1
    assert check_others(tables, published, language) >= 10


def check_quartiles(tables, published, texts, language) -> int:
    """Quartiles and means among all, in the three tables that have them; returns rows compared."""
    model = published.instrument
    names = {("maturity", "maturity"): model.composite.name[language]}
    for level, entries in (("category", model.categories), ("point", model.points)):
        names |= {(level, e.id): e.name[language] for e in entries}
    median = texts["everyones"]["table"]["median"]
    rows = {cells[0]: cells for titles, body in tables if median in titles for cells in body}
    means = published.benchmarks
    means = means[(means["period"] == "2026") & (means["group"] == "all")]
    found = 0
    for r in means[means["level"].isin(["maturity", "category", "point"])].itertuples():
        cells = rows[names[r.level, r.key]]
        assert cells[3:7] == [written(v, language) for v in (r.q1, r.median, r.q3, r.mean)]
        bins = published.distribution
        bins = bins[
            (bins["period"] == "2026")
            & (bins["group"] == "all")
            & (bins["key"] == r.key)
            & (bins["level"] == r.level)
        ]
        assert cells[8] == ", ".join(
            f"{b.bin_low:.0f}–{b.bin_high:.0f}: {b.organisations_n}" for b in bins.itertuples()
        )
        found += 1
    return found


def check_counties(tables, published, texts, language) -> int:
    """Means and intervals of counties; returns how many are published."""
    body = next(body for titles, body in tables if titles[0] == texts["everyones"]["table"]["county"])
    rows = {cells[0]: cells for cells in body}
    levels = published.group_levels
    levels = levels[
        (levels["period"] == "2026") & (levels["kind"] == "county") & (levels["level"] == "maturity")
    ]
    assert len(rows) == len(levels)
    found = 0
    for r in levels.itertuples():
        cells = rows[texts["peers"]["counties"][r.group.partition(":")[2]]]
        if r.status != "published":
            assert cells[1:4] == [texts["everyones"]["group_status_short"][r.status], "–", "–"]
            assert cells[-1] == texts["everyones"]["group_status"][r.status]
            continue
        found += 1
        assert cells[1] == written(r.mean, language)
        assert cells[2] == f"{written(r.own_low, language)}–{written(r.own_high, language)}"
        assert cells[3] == str(r.organisations_n)
    return found


def check_others(tables, published, language) -> int:
    """Scores and intervals of organisations shown by name; returns how many there are."""
    rows = {cells[0]: cells for _, body in tables for cells in body if len(cells) == 4}
    named = published.named
    named = named[(named["period"] == "2026") & (named["level"] == "maturity") & (named["id"] != "")]
    named = named[named["score"].notna() & (named["id"] != published.organisation)]
    for r in named.itertuples(index=False):
        assert rows[r.name][2:] == [
            written(r.score, language), f"{written(r.low, language)}–{written(r.high, language)}",
        ]  # fmt: skip
    return len(named)

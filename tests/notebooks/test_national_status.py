"""The national notebook, executed on the demo; its numbers are those of results/public."""

from __future__ import annotations

import pandas as pd
import pytest

from dimios_core.published.store import load_public
from tests.notebooks.reading import captioned, execute, find_notebook, read_light, run_nbval, signed, written

CAPTIONS = {
    "sv": {"points": "Mätpunkterna, högst först: alla organisationer", "broad": "Digital mognad, dimensioner och kategorier: alla organisationer",
           "panel": "Förändring sedan 2025 hos samma organisationer", "types": "Digital mognad efter typ av organisation",
           "years": "Digital mognad över åren", "maturity": "Digital mognad", "coverage": "Deltagande och svar efter typ",
           "everybody": "Alla organisationer", "municipalities": "Kommuner", "hidden": "visas inte"},
    "en": {"points": "The measure points, highest first: all organisations", "broad": "Digital maturity, dimensions and categories: all organisations",
           "panel": "Change since 2025 of the same organisations", "types": "Digital maturity by type of organisation",
           "years": "Digital maturity over the years", "maturity": "Digital maturity", "coverage": "Participation and answers by type",
           "everybody": "All organisations", "municipalities": "Municipalities", "hidden": "not shown"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, language):
    results = demo_outputs / "results"
    html = read_light(execute("national_status", tmp_path, results, language), results)
    tables, caption = captioned(html), CAPTIONS[language]
    public = load_public(results)
    names = {("maturity", "maturity"): caption["maturity"]}
    for level, entries in (
        ("dimension", public.instrument.dimensions),
        ("category", public.instrument.categories),
        ("point", public.instrument.points),
    ):
        names |= {(level, e.id): e.name[language] for e in entries}

    levels = public.group_levels.query("period == '2026' and group == 'all'")
    changes = public.group_changes.query("period == '2026' and group == 'all'").set_index(["level", "key"])
    shown = {row[0]: row for name in ("broad", "points") for row in tables[caption[name]][1]}
    panel = {row[0]: row for row in tables[caption["panel"]][1]}
    found = 0
    for r in levels[levels["level"] != "item"].itertuples():
        row, c = shown[names[r.level, r.key]], changes.loc[(r.level, r.key)]
        assert row[1] == str(r.organisations_n)
        assert row[2] == written(r.mean, language)
        assert row[3] == f"{written(r.ci_low, language)}–{written(r.ci_high, language)}"
        assert row[4] == f"{written(r.own_low, language)}–{written(r.own_high, language)}"
        assert row[5] == signed(c["change"], language)
        if r.level != "point":
            beside = panel[names[r.level, r.key]]
            four = [c["mean_from"], c["mean"], c["plain_from"], c["plain"]]
            assert beside[1] == str(c["organisations_n"])
            assert beside[2:6] == [written(v, language) for v in four]
        found += 1
    assert found == 1 + 2 + 6 + 26

    rows = tables[caption["years"]][1]
    by_year = {row[0]: row for row in rows if row[5] == "–"}
    for r in public.group_levels.query(
        "group == 'all' and level == 'maturity' and period.str.len() == 4"
    ).itertuples():
        assert written(r.mean, language) in by_year[r.period][2]
    assert len(by_year) == 4  # of the half-years, in which one organisation took part, nothing is told
    sourced = [row for row in rows if row[5] != "–"]
    assert [row[2].rstrip("%\u00a0") for row in sourced] == ["41", "47", "51", "48", "55"]

    types = public.group_levels.query("period == '2026' and kind == 'type' and level == 'maturity'")
    cells = {row[0]: row for row in tables[caption["types"]][1]}
    assert len(cells) == len(types)
    municipalities = types[types["group"] == "type:municipality"].iloc[0]
    assert cells[caption["municipalities"]][2] == written(municipalities["mean"], language)
    assert sum(caption["hidden"] in row[2] for row in cells.values()) == int(
        (types["status"] != "published").sum()
    )

    coverage = {row[0]: row for row in tables[caption["coverage"]][1]}
    whole = public.coverage.query("period == '2026' and kind == 'all'").iloc[0]
    assert coverage[caption["everybody"]][1] == str(whole["organisations_n"])
    assert coverage[caption["everybody"]][4].rstrip("%\u00a0") == f"{100 * whole['rate']:.0f}"
    assert str(results) not in html
    assert not pd.isna(whole["rate"])


def test_it_runs_under_nbval(demo_outputs, tmp_path):
    run_nbval(find_notebook("national_status"), tmp_path, DIMIOS_RESULTS=str(demo_outputs / "results"))

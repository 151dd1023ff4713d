"""The county notebook, executed on the demo; its numbers are those of results/public."""

from __future__ import annotations

import pytest

from dimios_core.published.store import load_public
from tests.notebooks.reading import captioned, execute, find_notebook, read_light, run_nbval, signed, written

CAPTIONS = {
    "sv": ("Digital mognad: organisationerna mot gruppens medelvärde", "Mätpunkterna mot landet", "Organisationer och kategorier", "Digital mognad över mätningarna"),
    "en": ("Digital maturity: the organisations against the group's mean", "The measure points against the country",
           "Organisations and categories", "Digital maturity over the measurements"),
}  # fmt: skip

WORDS = {
    "sv": {"increase": "säkerställt över", "decrease": "säkerställt under", "none": "inte säkerställd"},
    "en": {"increase": "clearly above", "decrease": "clearly below", "none": "not statistically significant"},
}


@pytest.mark.parametrize(("county", "language"), [("14", "sv"), ("24", "sv"), ("14", "en")])
def test_its_numbers_are_the_published_ones(demo_outputs, tmp_path, county, language):
    results = demo_outputs / "results"
    html = read_light(execute("county_report", tmp_path, results, language, county=county), results)
    tables, (members, points, heat, years) = captioned(html), CAPTIONS[language]
    public = load_public(results)

    named = public.named.query("period == '2026' and county == @county and level == 'maturity'")
    rows = tables[members][1]
    assert len(rows) == 1 + len(named)
    own = {row[0]: row for row in rows[1:]}
    for r in named.itertuples():
        assert own[r.name][1] == written(r.score, language)
        assert own[r.name][2] == f"{written(r.low, language)}–{written(r.high, language)}"

    levels = public.group_levels
    at = {row[0]: row for row in tables[points][1]}
    of_county = levels.query(
        "period == '2026' and group == @group and level == 'point'", local_dict={"group": f"county:{county}"}
    )
    country = levels.query("period == '2026' and group == 'all' and level == 'point'").set_index("key")[
        "mean"
    ]
    gaps = public.group_gaps.query(
        "period == '2026' and group == @group and level == 'point'", local_dict={"group": f"county:{county}"}
    ).set_index("key")
    names = {p.id: p.name[language] for p in public.instrument.points}
    for r in of_county.itertuples():
        row = at[names[r.key]]
        assert row[1] == written(r.mean, language)
        assert row[2] == f"{written(r.own_low, language)}–{written(r.own_high, language)}"
        assert row[3] == written(country[r.key], language)
        gap = gaps.loc[r.key]
        assert row[4] == signed(gap["gap"], language)
        to = {"sv": "till", "en": "to"}[language]
        assert row[5] == f"{signed(gap['ci_low'], language)} {to} {signed(gap['ci_high'], language)}"
        assert row[6] == WORDS[language][gap["certainty"]]
    assert len(of_county) == 26

    cells = {row[0]: row[1:] for row in tables[heat][1]}
    shown = public.named.query("period == '2026' and county == @county and level == 'category'")
    order = [c.id for c in public.instrument.categories]
    for r in shown.dropna(subset="score").itertuples():
        cell = cells[r.name][order.index(r.key)]
        assert cell.startswith(
            f"{written(r.score, language)} ({written(r.low, language)}–{written(r.high, language)})"
        )
    assert len(cells) == 2 + shown["name"].nunique()

    over = {row[0]: row for row in tables[years][1]}
    maturity = levels.query(
        "group == @group and level == 'maturity' and period.str.len() == 4",
        local_dict={"group": f"county:{county}"},
    )  # of the half-years, in which one organisation took part, nothing is told
    assert len(over) == len(maturity) == 4
    for r in maturity.itertuples():
        assert over[r.period][2] == written(r.mean, language)


def test_it_runs_under_nbval(demo_outputs, tmp_path):
    run_nbval(find_notebook("county_report"), tmp_path, DIMIOS_RESULTS=str(demo_outputs / "results"))

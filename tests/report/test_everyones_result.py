"""Allas resultat on three organisations of the demo: charts, controls."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dimios_core.published.store import load_public
from dimios_core.report import EveryonesResult
from dimios_core.report.charts import county_map
from dimios_core.report.svg import draw_svg
from dimios_core.report.widgets import make_live
from tests.notebooks.picking import pick_organisations

WHICH = ("typical", "small", "newcomer")


@pytest.fixture(scope="session")
def open_page(demo_outputs: Path) -> Callable[[str, str], EveryonesResult]:
    """Open the page of the "typical", "small" or "newcomer" organisation in a language."""
    results = demo_outputs / "results"
    organisations = pick_organisations(results)
    return lambda which, language: EveryonesResult.open(organisations[which], "2026", language, str(results))


def facts_of(page: EveryonesResult) -> dict:
    """Language-free facts."""
    return {
        "organisation": page.facts.organisation["id"],
        "others": len(page.others),
        "hidden": page.hidden_n,
        "start": page.start_pct,
        "similar": [
            [s.organisation.id, s.distance_pp, s.rose, list(map(list, s.rises))] for s in page.similar_ones
        ],
    }


def test_both_languages_rest_on_the_same_facts(open_page):
    for which in WHICH:
        assert facts_of(open_page(which, "sv")) == facts_of(open_page(which, "en"))


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", WHICH)
def test_every_chart_knows_its_name_its_conclusion_and_its_table(open_page, which, language):
    charts = open_page(which, language).charts
    assert {"distribution", "categories", "points", "groups", "counties"} <= set(charts)
    assert len({c.id for c in charts.values()}) == len(charts)
    for chart in charts.values():
        assert chart.name
        assert chart.key
        assert chart.conclusion.endswith(".")
        assert "<caption>" in chart.table
        for form, width in ((chart.wide, 760), (chart.narrow, 350)):
            assert form["layout"]["width"] == width
            assert all(a["font"]["size"] >= 12 for a in form["layout"]["annotations"])
            svg = ElementTree.fromstring(draw_svg(form, title=chart.name, description=chart.conclusion))
            assert [e.text for e in svg if e.tag.endswith(("title", "desc"))] == [
                chart.name,
                chart.conclusion,
            ]


def test_plotly_takes_every_chart(open_page):
    from plotly.graph_objects import Figure

    for chart in open_page("typical", "sv").charts.values():
        assert len(Figure(chart.wide).layout.shapes) == len(chart.wide["layout"]["shapes"])


def test_counties_are_placed_once_for_all_maps_of_the_newest_period(open_page, demo_outputs):
    page = open_page("typical", "sv")
    results = load_public(demo_outputs / "results").as_asked(page.period)
    county_map._place.cache_clear()
    EveryonesResult.prepare(results, "sv", 5, "you")
    placed = county_map._place.cache_info().misses
    assert placed == 2 * 21  # wide and narrow
    page.charts["counties"]
    assert county_map._place.cache_info().misses == placed


def test_the_map_draws_all_counties_and_a_mean_where_one_is_published(open_page):
    page = open_page("typical", "sv")
    for form in (page.charts["counties"].wide, page.charts["counties"].narrow):
        assert sum(s["type"] == "path" for s in form["layout"]["shapes"]) == 21
        own = [s for s in form["layout"]["shapes"] if s["type"] == "path" and s["line"]["width"] == 2]
        assert len(own) == 1
        means = page.results.benchmarks
        means = means[
            (means["period"] == "2026") & (means["kind"] == "county") & (means["key"] == "maturity")
        ]
        texts = [a["text"] for a in form["layout"]["annotations"]]
        shown = means["mean"].dropna()
        for mean in shown:
            assert f"<b>{mean:.0f}</b>" in texts
            assert f"{mean:.1f}".replace(".", ",") in texts
        assert texts.count("–") == len(means) - len(shown)


def test_what_is_not_published_says_so_in_its_place(open_page):
    page = open_page("small", "sv")
    hidden = [f for f in page.facts.of_level("point") if not f.published]
    assert hidden
    key = hidden[0].key
    drawn = page._charts("2026").strip("point", key, "all").wide
    texts = [a["text"] for a in drawn["layout"]["annotations"]]
    assert page.narrator.say(f"status.{hidden[0].status}") in texts
    spread = page.results.benchmarks.query("period == '2026' and group == 'all' and key == @key").iloc[0]
    boxed = [t for t in texts if t.startswith("<b>") and t[3:-4].isdigit()]
    assert sum(int(t[3:-4]) for t in boxed) == spread["organisations_n"]


def live_of(piece):
    live = make_live(piece.heading, piece.controls, piece.render, piece.wrap, piece.render_first())
    return live.children[2], {c.description: c for c in live.children[1].children}


def test_controls_show_the_published_figures_of_the_choice(open_page):
    page = open_page("typical", "sv")
    content, controls = live_of(page.distribution())
    assert set(controls) == {"Visa", "Jämför med", "Mätning"}
    spread = page.results.benchmarks
    for _, group in controls["Jämför med"].options:
        controls["Jämför med"].value = group
        controls["Visa"].value = "category:innovation"
        row = spread[
            (spread["period"] == "2026") & (spread["group"] == group) & (spread["key"] == "innovation")
        ]
        for value in row[["q1", "median", "q3"]].iloc[0]:
            assert f"{value:.1f}".replace(".", ",") in content.value


def test_every_choice_of_every_control_can_be_shown(open_page):
    for which in ("typical", "small"):
        page = open_page(which, "en")
        for piece in (page.categories(), page.groups(), page.counties()):
            content, controls = live_of(piece)
            for control in controls.values():
                for _, value in control.options:
                    control.value = value
                    assert "<svg" in content.value


def test_a_newcomer_has_no_period_to_choose_and_is_told_so(open_page):
    page = open_page("newcomer", "sv")
    assert "första mätning" in page.headline().html
    _, controls = live_of(page.counties())
    assert set(controls) == {"Visa"}


def test_nobody_who_is_not_shown_is_on_the_page(open_page):
    page = open_page("typical", "sv")
    register = {p.name.removeprefix("organisation=") for p in page.results.root.glob("organisation=*")}
    shown = set(page.results.named["id"]) | {page.results.organisation}
    pieces = [
        page.headline(),
        page.distribution(),
        page.categories(),
        page.points(),
        page.groups(),
        page.counties(),
        page.similar(),
    ]
    html = "".join(p.html for p in pieces)
    hidden = register - shown
    assert hidden
    for organisation in hidden:
        profile = json.loads(
            (page.results.root / f"organisation={organisation}" / "organisation.json").read_text()
        )
        assert profile["name"] not in html

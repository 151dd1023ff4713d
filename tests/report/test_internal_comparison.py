"""The page on units and roles: its charts, and results with parts missing.

The numbers are checked against results/ elsewhere (tests/notebooks), the sentences in test_what_pages_say.
"""

from __future__ import annotations

import json
import re
import shutil
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from dimios_core.report import InternalComparison
from dimios_core.report.svg import draw_svg
from tests.notebooks.picking import pick_organisations
from tests.report.every_page import list_sections, words_of

WHICH = ("typical", "small", "newcomer")


@pytest.fixture(scope="module")
def open_page(demo_outputs):
    results = demo_outputs / "results"
    organisations = pick_organisations(results)
    return lambda which, language: InternalComparison.open(
        organisations[which], "2026", language, str(results)
    )


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", WHICH)
def test_every_chart_knows_its_name_its_conclusion_and_its_table(open_page, which, language):
    charts = open_page(which, language).charts
    assert {"heat_map", "response_rates"} <= set(charts)
    for chart in charts.values():
        assert chart.name
        assert chart.key
        assert chart.conclusion.endswith(".")
        assert "<caption>" in chart.table
        for form in (chart.wide, chart.narrow):
            svg = ElementTree.fromstring(draw_svg(form, title=chart.name, description=chart.conclusion))
            assert [e.text for e in svg if e.tag.endswith(("title", "desc"))] == [
                chart.name,
                chart.conclusion,
            ]
            sizes = [float(e.get("font-size")) for e in svg.iter() if e.get("font-size")]
            assert min(sizes) >= 12


@pytest.mark.parametrize("which", WHICH)
def test_whatever_the_controls_choose_can_be_shown(open_page, which):
    page = open_page(which, "sv")
    for name in ("heat_map", "differences", "unit_cards", "role_groups"):
        piece = getattr(page, name)()
        assert all(c.value in [v for _, v in c.options] for c in piece.controls)
        names = [c.name for c in piece.controls]
        for chosen in product(*([v for _, v in c.options] for c in piece.controls)):
            words = re.sub(r"<[^>]+>", " ", piece.render(**dict(zip(names, chosen, strict=True))))
            assert not re.search(r"\b(None|nan)\b|\{\{", words), (name, chosen)


def test_a_unit_stands_beside_its_parent_and_its_children(demo_outputs):
    results = str(demo_outputs / "results")
    page = InternalComparison.open("region-almland", "2026", "sv", results)
    parent = next(u for u in page.groups.units if page.groups.children(u.id))
    cards = page.unit_cards().render(unit=parent.id)
    shown = re.findall(r"<h3>(.*?)</h3>", cards)
    below = [page.narrator.name_who((u.id, "*")) for u in page.groups.children(parent.id)]
    assert shown == ["Hela organisationen", parent.name, *below]


def test_hidden_cells_say_why_in_the_table(open_page):
    page = open_page("small", "sv")
    chart = page.charts["heat_map"]
    reasons = {
        f.status for (g, k), f in page.groups.figures.items() if k[0] == "category" and f.score is None
    }
    assert reasons
    for reason in reasons:
        assert page.narrator.say_reason(reason) in chart.table
    assert "<td></td>" not in chart.table


def copy_results(demo_outputs: Path, folder: Path, organisation: str) -> tuple[Path, Path]:
    results = demo_outputs / "results"
    made = folder / "results"
    (made / "public").parent.mkdir(parents=True)
    shutil.copytree(results / "public", made / "public")
    shutil.copy(results / "stamp.json", made)
    own = made / f"organisation={organisation}"
    shutil.copytree(results / own.name, own)
    return made, own


def test_an_organisation_without_units_and_roles_reads_well(demo_outputs, tmp_path):
    made, own = copy_results(demo_outputs, tmp_path, "almvik")
    profile = json.loads((own / "organisation.json").read_text("utf-8")) | {"units": []}
    (own / "organisation.json").write_text(json.dumps(profile), encoding="utf-8")
    for name in ("scores", "changes", "contrasts", "response_rates", "regions"):
        frame = pd.read_parquet(own / f"{name}.parquet")
        frame[(frame["unit"] == "*") & (frame["role"] == "*")].to_parquet(own / f"{name}.parquet")
    page = InternalComparison.open("almvik", "2026", "sv", str(made))
    said = " ".join(" ".join(words_of(getattr(page, name)().html)) for name in list_sections(type(page)))
    assert "Inga enheter är registrerade" in said
    assert "Rollerna är inte kända" in said
    assert set(page.charts) >= {"heat_map"}


def test_tables_that_are_not_there_are_not_missed(demo_outputs, tmp_path):
    made, own = copy_results(demo_outputs, tmp_path, "almvik")
    for name in ("contrasts", "spread"):
        (own / f"{name}.parquet").unlink()
    empty = pd.read_parquet(own / "response_rates.parquet").iloc[:0]
    empty.to_parquet(own / "response_rates.parquet")
    page = InternalComparison.open("almvik", "2026", "en", str(made))
    for name in list_sections(type(page)):
        assert getattr(page, name)().html
    assert "The number invited is not known" in page.response_rates().html
    assert not {"differences", "pair", "spread", "response_rates"} & set(page.charts)

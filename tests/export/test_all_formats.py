"""One organisation through all formats: the same figures stand in each, and they are those of results/."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
import pytest
from pptx import Presentation

from dimios_core.export.production import FORMATS
from tests.export.command import dimios_export, find_export
from tests.export.slide_charts import read_rows

#: of a figure: score, lower and upper limit
Figures = dict[str, tuple[float, float, float]]
NUMBERS = r"(\d+,\d)</td><td class=\"n\">(\d+,\d)–(\d+,\d)"


@pytest.fixture(scope="module")
def names(outputs: Path) -> list[str]:
    model = json.loads((outputs / "results" / "public" / "instrument.json").read_text(encoding="utf-8"))
    return [c["name"]["sv"] for c in model["categories"]]


@pytest.fixture(scope="module")
def exact(outputs: Path, names: list[str]) -> Figures:
    """The categories of the whole organisation, as results/ has them."""
    scores = pd.read_parquet(outputs / "results" / "organisation=almvik" / "scores.parquet")
    whole = scores.query("unit == '*' and role == '*' and period == '2026' and level == 'category'")
    assert (whole["status"] == "published").all()
    rows = whole[["score", "ci_low", "ci_high"]].itertuples(index=False, name=None)
    return dict(zip(names, rows, strict=True))


@pytest.fixture(scope="module")
def shown(exact: Figures) -> Figures:
    """The same as words tell it: one decimal."""
    return {name: tuple(round(v, 1) for v in values) for name, values in exact.items()}  # type: ignore[misc]


def read_markup(html: str, names: list[str]) -> Figures:
    """The table under the categories' chart."""
    figure = re.search(
        r'<figure class="chart" id="(?:our_result--)?rows-category">.*?</figure>', html, re.DOTALL
    )
    assert figure is not None
    found = {
        name: re.search(rf'<th scope="row">{name}</th><td class="n">{NUMBERS}', figure[0]) for name in names
    }
    return {name: tuple(float(v.replace(",", ".")) for v in m.groups()) for name, m in found.items() if m}  # type: ignore[misc]


def test_notebook(outputs, names, shown):
    path = outputs / "reports" / "2026" / "almvik" / "sv" / "our_result.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    html = "".join(
        "".join(o["data"].get("text/html", "")) for c in cells for o in c.get("outputs", []) if "data" in o
    )
    assert read_markup(html, names) == shown


def test_html(outputs, names, shown):
    assert read_markup(find_export(outputs, "almvik", "html").read_text(encoding="utf-8"), names) == shown


def read_paper(path):
    document = pypdfium2.PdfDocument(path)
    return " ".join(page.get_textpage().get_text_range().replace("\r\n", " ") for page in document)


@pytest.mark.parametrize("suffix", ["pdf", "kort.pdf"])
def test_pdf(outputs, suffix):
    scores = pd.read_parquet(outputs / "results" / "organisation=almvik" / "scores.parquet")
    own = scores.query("unit == '*' and role == '*' and period == '2026'").set_index("level")
    score, low, high = (
        f"{v:.1f}".replace(".", ",") for v in own.loc["maturity", ["score", "ci_low", "ci_high"]]
    )
    text = read_paper(find_export(outputs, "almvik", suffix))
    assert f"{score} %" in text.replace("\u00a0", " ")
    assert f"Osäkerhet: {low}–{high} (95 % konfidensintervall)" in text.replace("\u00a0", " ")


def test_tables(outputs, names, shown):
    text = read_paper(find_export(outputs, "almvik", "tabeller.pdf"))
    for name in names:
        # the first table that tells of the categories
        found = re.search(rf"{name} (\d+,\d) (\d+,\d)–(\d+,\d) ", text)
        assert found is not None, name
        assert tuple(float(v.replace(",", ".")) for v in found.groups()) == shown[name]


def test_slides(outputs, names, exact):
    charts = [
        s.chart
        for p in Presentation(find_export(outputs, "almvik", "pptx")).slides
        for s in p.shapes
        if s.has_chart
    ]
    (rows,) = filter(None, map(read_rows, charts))
    assert list(rows) == names and rows == exact


def test_workbook(outputs, names, exact):
    sheet = openpyxl.load_workbook(find_export(outputs, "almvik", "xlsx"))["Resultat"]
    rows = [
        r
        for r in sheet.iter_rows(min_row=5, values_only=True)
        if r[0] == "2026" and r[2] == "Hela organisationen"
    ]
    found = {r[5]: (r[6], r[7], r[8]) for r in rows if r[5] in names}
    assert found == exact


def test_data_package(outputs, tmp_path):
    """What is public of all together: nothing of a single organisation, and nothing else than results/ has."""
    done = dimios_export(outputs, "data", "--to", str(tmp_path / "package"))
    assert done.returncode == 0, done.stderr
    source = pd.read_parquet(outputs / "results" / "public" / "group_levels.parquet")
    key = ["period", "group", "level", "key"]
    wanted = source.sort_values(key).reset_index(drop=True)
    for path in ((tmp_path / "package" / "data" / f"group_levels.{kind}") for kind in ("csv", "parquet")):
        read = (
            pd.read_csv(path, dtype=dict.fromkeys(key, str))
            if path.suffix == ".csv"
            else pd.read_parquet(path)
        )
        found = read.sort_values(key).reset_index(drop=True)
        assert len(found) == len(wanted)
        for column in ("mean", "ci_low", "ci_high", "own_low", "own_high"):
            pd.testing.assert_series_equal(found[column], wanted[column], check_dtype=False, rtol=1e-12)


def test_no_kind_of_file_is_forgotten():
    """A kind that is new is held against what is published in a test of this file."""
    held = {
        "html": test_html,
        "pdf": test_pdf,
        "pptx": test_slides,
        "xlsx": test_workbook,
        "tables": test_tables,
    }
    assert set(held) == set(FORMATS)

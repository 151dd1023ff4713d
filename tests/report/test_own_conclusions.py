"""Own conclusions on the page: as the organisation's own words, in nobody else's results, and never as markup."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dimios_core.published.store import list_organisations, load_results
from dimios_core.published.writing import write_parquet
from dimios_core.report import Improvements
from tests.hostile import ATTACK

SAID = "vi äger inte det vi redan har"


def open_page(results: Path, language: str = "sv", organisation: str = "almvik") -> Improvements:
    return Improvements.open(organisation, "2026", language, str(results))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "Almviks kommun har skrivit det här själv: Kommunledningsgruppen, 16 november 2026. Texten är inte granskad av dem "
               "som gör mätningen."),
        ("en", "Written by Almviks kommun itself: Kommunledningsgruppen, 16 November 2026. Shown in the language it was written "
               "in, and not reviewed by those who run the measurement."),
    ],
)  # fmt: skip
def test_whose_words_they_are_is_said_first(demo_outputs, language, said):
    html = unescape(open_page(demo_outputs / "results", language).own_conclusions().html)
    assert html.index(said) < html.index(SAID)


def test_without_any_there_is_no_section(demo_outputs):
    assert open_page(demo_outputs / "results", organisation="vintersjo").own_conclusions().html == ""
    earlier = Improvements.open("almvik", "2025", "sv", str(demo_outputs / "results"))
    assert earlier.own_conclusions().html == ""


def test_nobody_else_gets_them(demo_outputs):
    results = demo_outputs / "results"
    own = set()
    for path in results.rglob("*.parquet"):
        table = pq.read_table(path)
        texts = (str(v) for name in table.column_names for v in table[name].unique().to_pylist())
        if any(SAID in text for text in texts):
            own.add(path.relative_to(results).as_posix())
    assert own == {"organisation=almvik/conclusions.parquet"}
    assert not any(SAID in p.read_text(encoding="utf-8") for p in results.rglob("*.json"))
    others = [o for o in list_organisations(results) if o != "almvik"]
    assert all(not load_results(o, results).rows("conclusions") for o in others)


def test_what_is_stored_cannot_bring_markup_onto_the_page(demo_outputs, tmp_path):
    published = load_results("almvik", demo_outputs / "results")
    for path in (published.root / "stamp.json", published.root / "public", published.folder):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, tmp_path / path.name)
    text = f"{ATTACK}\n\n<img src=x onerror=y>\n\n[x](javascript:y) ![z](https://a.se/b.png)"
    row = {"period": "2026", "written_by": ATTACK, "date": "2026-01-01", "text": text}
    write_parquet(pd.DataFrame([row]).astype("str"), tmp_path / published.folder.name / "conclusions.parquet")
    html = open_page(tmp_path).own_conclusions().html
    assert set(re.findall(r"<(\w+)", html)) == {"section", "h2", "p"}
    assert "javascript" not in html and unescape(html).count(ATTACK) == 2

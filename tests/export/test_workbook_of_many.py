"""The workbooks of a county and of the nation, opened as a recipient would, beside the public tables."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.export.command import find_county_export

#: the heading of a sheet's table stands in the fourth row
HEADER_ROW = 4
SHEETS = ["Läs först", "Diagram", "Nivåer", "Mot alla", "Förändringar", "Vet ej"]
NATION = ("Alla organisationer", "Kommuner", "Regioner", "Myndigheter", "Bolag")


@pytest.fixture(params=["county-14", "national"])
def book(request, outputs: Path) -> tuple[str, openpyxl.Workbook]:
    return request.param, openpyxl.load_workbook(find_county_export(outputs, "xlsx", request.param))


def rows_of(sheet) -> list[dict]:
    head, *rows = sheet.iter_rows(min_row=HEADER_ROW, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_its_sheets_are_named_labelled_and_explained(book):
    who, workbook = book
    more = ["Organisationer"] if who == "county-14" else []
    assert workbook.sheetnames == SHEETS + more
    assert all(sheet["A3"].value == "Demodata, påhittade organisationer" for sheet in workbook)
    explained = {c.value for c in workbook["Läs först"]["B"]}
    for sheet in workbook.worksheets[2:]:
        for cell in sheet[HEADER_ROW]:
            title = cell.value.rpartition(" (")[0] or cell.value
            assert {title, cell.value} & explained, (sheet.title, cell.value)


def test_levels_are_the_published_ones_with_both_intervals(book, outputs):
    who, workbook = book
    public = pd.read_parquet(outputs / "results" / "public" / "group_levels.parquet").astype({"period": str})
    groups = ["county:14", "all"] if who == "county-14" else ["all"]
    wanted = public[
        public["group"].isin(groups) & (public["status"] == "published") & (public["level"] != "item")
    ].query("period <= '2026'")
    told = [r for r in rows_of(workbook["Nivåer"]) if isinstance(r["Medelvärde (%)"], int | float)]
    if who == "national":
        assert {r["Grupp"] for r in rows_of(workbook["Nivåer"])} <= set(NATION)
        told = [r for r in told if r["Grupp"] == "Alla organisationer"]
    columns = [c for c in told[0] if "(%)" in c]
    published = wanted[["mean", "ci_low", "ci_high", "own_low", "own_high"]].to_numpy()
    assert len(told) == len(published)
    assert sorted(tuple(r[c] for c in columns) for r in told) == sorted(map(tuple, published.tolist()))


def test_what_is_not_shown_says_why_and_carries_nothing(book):
    _, workbook = book
    for r in rows_of(workbook["Förändringar"]):
        change = r["Förändring (procentenheter)"]
        if not isinstance(change, int | float):
            assert "visas inte" in r["Medelvärde i den tidigare mätningen (%)"]
            assert set(list(r.values())[7:]) == {"–"}


def test_nobody_is_named_who_is_not_shown_by_name(book, outputs):
    who, workbook = book
    if who == "national":
        return
    named = pd.read_parquet(outputs / "results" / "public" / "named.parquet").query(
        "county == '14' and id != ''"
    )
    rows = rows_of(workbook["Organisationer"])
    assert {r["Organisation"] for r in rows} <= set(named["name"])
    shown = named.astype({"period": str}).dropna(subset="score").query("period <= '2026' and level != 'item'")
    assert len(rows) == len(shown)

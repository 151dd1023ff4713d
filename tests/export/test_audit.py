"""`dimios audit` reads what was exported: a number or a name that was planted in a finished file is found."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from dimios_core.page.assets import pack_plotly
from dimios_core.page.reading import Reading, audit_reports
from tests.export.command import find_export

#: no published number looks like it
PLANTED = "987.654"


def audit(outputs: Path) -> Reading:
    """Audit the exports alone: reports have tests of their own."""
    return audit_reports(outputs / "none", outputs / "results", exports=outputs / "exports")


def replace_in_part(path: Path, part: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    changed = re.sub(old, new, parts[part].decode(), count=1)
    assert changed != parts[part].decode()
    parts[part] = changed.encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)


def test_honest_exports_pass_beside_their_reports(outputs):
    read, alone = (
        audit_reports(outputs / "reports", outputs / "results", exports=outputs / "exports"),
        audit(outputs),
    )
    assert read.findings == alone.findings == []
    assert alone.files_n == 6
    assert alone.numbers_n > 5_000
    assert read.files_n == alone.files_n + 2 * 3 * 5  # three reports of five pages, notebook and page
    assert read.organisations_n == 2


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet3.xml", r"<v>\d\d\.\d</v>", f"<v>{PLANTED}</v>"),
        ("xl/worksheets/sheet3.xml", r"<oddFooter>", f"<oddFooter>{PLANTED} "),
        ("xl/sharedStrings.xml", "</sst>", f"<si><t>{PLANTED}</t></si></sst>"),
        ("xl/charts/chart1.xml", r"<c:v>\d\d\.\d</c:v>", f"<c:v>{PLANTED}</c:v>"),
        ("xl/drawings/drawing1.xml", 'descr="', f'descr="{PLANTED} '),
        ("docProps/core.xml", "<dc:title>", f"<dc:title>{PLANTED} "),
        ("docProps/custom.xml", r"<vt:lpwstr>", f"<vt:lpwstr>{PLANTED} "),
    ],
    ids=["cell", "footer", "unused text", "chart", "alternative text", "property", "own property"],
)
def test_a_number_planted_in_a_workbook_is_found(altered, part, old, new):
    replace_in_part(find_export(altered, "almvik", "xlsx"), part, old, new)
    told = [str(f) for f in audit(altered).findings]
    assert any(PLANTED in t and part in t for t in told), told


def test_a_hidden_sheet_is_read(altered):
    path = find_export(altered, "almvik", "xlsx")
    replace_in_part(path, "xl/workbook.xml", '(<sheet name="Svarsfrekvens")', r'\1 state="hidden"')
    replace_in_part(path, "xl/worksheets/sheet7.xml", r"<v>0\.\d+</v>", f"<v>{PLANTED}</v>")
    assert any(PLANTED in str(f) for f in audit(altered).findings)


@pytest.mark.parametrize("suffix", ["html", "xlsx"])
def test_a_name_that_is_not_shared_is_found(altered, suffix):
    profiles = [
        json.loads(p.read_text(encoding="utf-8"))
        for p in sorted((altered / "results").glob("organisation=*/organisation.json"))
    ]
    closed = next(p for p in profiles if p["sharing"] == "closed" and p["id"] != "almvik")
    path = find_export(altered, "almvik", suffix)
    if suffix == "xlsx":
        replace_in_part(path, "xl/sharedStrings.xml", "Hela organisationen", closed["name"])
    else:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("</main>", f"<!-- {closed['name']} --></main>"), encoding="utf-8")
    told = [str(f) for f in audit(altered).findings]
    assert any(f"names {closed['id']}" in t and path.name in t for t in told), told


@pytest.mark.parametrize("place", ["text", "packed script"])
def test_a_number_planted_in_the_file_is_found(altered, place):
    path = find_export(altered, "almvik", "html")
    text = path.read_text(encoding="utf-8")
    if place == "text":
        text = text.replace("</footer>", f"<p hidden>{PLANTED}</p></footer>")
    else:
        packed = base64.b64encode(gzip.compress(f"var hidden = {PLANTED} ;".encode())).decode()
        text = text.replace(pack_plotly(), packed)
    path.write_text(text, encoding="utf-8")
    told = [str(f) for f in audit(altered).findings]
    assert any(PLANTED in t and path.name in t for t in told), told


def test_files_of_older_results_are_told(altered):
    rates = altered / "results" / "organisation=vintersjo" / "response_rates.parquet"
    pd.read_parquet(rates).iloc[::-1].to_parquet(rates)
    told = {f.key: f.what for f in audit(altered).findings}
    assert set(told) == {f"2026/vintersjo/sv/vintersjo-2026-sv.{suffix}" for suffix in ("html", "xlsx")}
    assert set(told.values()) == {"was not made from today's results: run dimios export again"}

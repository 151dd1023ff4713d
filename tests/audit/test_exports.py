"""The audit reads what was exported: a number or a name that was planted in a finished file is found."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
import typst

from dimios_core.audit.reading import Reading, audit_reports
from dimios_core.page.assets import pack_plotly
from tests.export.command import find_export
from tests.pages import STORED

#: no published number looks like it
PLANTED = "987.654"


def audit(outputs: Path) -> Reading:
    """Audit the exports alone: reports have tests of their own."""
    return audit_reports(outputs / "none", outputs / "results", exports=outputs / "exports")


@pytest.fixture
def take(outputs, tmp_path):
    """Takes a copy of one exported file of Almvik's, to be altered."""

    def take_one(suffix: str) -> Path:
        source = find_export(outputs, "almvik", suffix)
        copy = tmp_path / "exports" / source.relative_to(outputs / "exports")
        copy.parent.mkdir(parents=True)
        return Path(shutil.copyfile(source, copy))

    return take_one


@pytest.fixture
def told(outputs, tmp_path):
    """Tells what an audit of the copies finds."""

    def tell() -> list[str]:
        read = audit_reports(tmp_path / "none", outputs / "results", exports=tmp_path / "exports")
        return [str(finding) for finding in read.findings]

    return tell


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
    # three reports in six files, one's tables, a county's and the nation's in four
    assert alone.files_n == 3 * 6 + 1 + 2 * 4
    assert alone.numbers_n > 10_000
    assert read.files_n == alone.files_n + 2 * len(STORED)  # of each page the notebook and the page
    assert read.organisations_n == 3


WORKBOOK = {
    "cell": ("xl/worksheets/sheet3.xml", r"<v>\d\d\.\d</v>", f"<v>{PLANTED}</v>"),
    "footer": ("xl/worksheets/sheet3.xml", r"<oddFooter>", f"<oddFooter>{PLANTED} "),
    "comment in the XML": ("xl/worksheets/sheet3.xml", "</sheetData>", f"<!-- {PLANTED} --></sheetData>"),
    "unused text": ("xl/sharedStrings.xml", "</sst>", f"<si><t>{PLANTED}</t></si></sst>"),
    "chart": ("xl/charts/chart1.xml", r"<c:v>\d\d\.\d</c:v>", f"<c:v>{PLANTED}</c:v>"),
    "alternative text": ("xl/drawings/drawing1.xml", 'descr="', f'descr="{PLANTED} '),
    "property": ("docProps/core.xml", "<dc:title>", f"<dc:title>{PLANTED} "),
    "own property": ("docProps/custom.xml", r"<vt:lpwstr>", f"<vt:lpwstr>{PLANTED} "),
}
SLIDES = {
    "text": ("ppt/slides/slide3.xml", "<a:t>", f"<a:t>{PLANTED} "),
    "alternative text": ("ppt/slides/slide2.xml", 'descr="', f'descr="{PLANTED} '),
    "notes": ("ppt/notesSlides/notesSlide5.xml", "<a:t>", f"<a:t>{PLANTED} "),
    "chart": ("CHART", r"<c:v>\d\d\.\d</c:v>", f"<c:v>{PLANTED}</c:v>"),
    "property": ("docProps/core.xml", "<dc:title>", f"<dc:title>{PLANTED} "),
    "own property": ("docProps/custom.xml", r"<vt:lpwstr>", f"<vt:lpwstr>{PLANTED} "),
}


@pytest.mark.parametrize("planted", WORKBOOK)
def test_a_number_planted_in_a_workbook_is_found(take, told, planted):
    part, old, new = WORKBOOK[planted]
    replace_in_part(take("xlsx"), part, old, new)
    assert any(PLANTED in t and part in t for t in told())


def test_a_hidden_sheet_is_read(take, told):
    path = take("xlsx")
    replace_in_part(path, "xl/workbook.xml", '(<sheet name="Svarsfrekvens")', r'\1 state="hidden"')
    replace_in_part(path, "xl/worksheets/sheet7.xml", r"<v>0\.\d+</v>", f"<v>{PLANTED}</v>")
    assert any(PLANTED in t for t in told())


@pytest.mark.parametrize("planted", SLIDES)
def test_a_number_planted_in_slides_is_found(take, told, planted):
    path = take("pptx")
    part, old, new = SLIDES[planted]
    if part == "CHART":
        with zipfile.ZipFile(path) as source:
            part = next(n for n in source.namelist() if n.startswith("ppt/charts/chart"))
    replace_in_part(path, part, old, new)
    assert any(PLANTED in t and part in t for t in told())


def test_a_hidden_slide_and_a_word_cut_in_two_are_read(take, told):
    path = take("pptx")
    replace_in_part(path, "ppt/slides/slide4.xml", "<p:sld ", '<p:sld show="0" ')
    cut = f"<a:t>{PLANTED[:3]}</a:t></a:r><a:r><a:t>{PLANTED[3:]}"
    replace_in_part(path, "ppt/slides/slide4.xml", "<a:t>", f"<a:t>x </a:t></a:r><a:r>{cut} ")
    assert any(PLANTED in t for t in told())


def test_the_workbook_that_a_chart_carries_is_read(take, told):
    path = take("pptx")
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = next(n for n in parts if n.endswith(".xlsx"))
    inner = path.with_name("inner.xlsx")
    inner.write_bytes(parts[name])
    replace_in_part(inner, "xl/worksheets/sheet1.xml", r"<v>\d\d\.\d+</v>", f"<v>{PLANTED}</v>")
    parts[name] = inner.read_bytes()
    inner.unlink()
    with zipfile.ZipFile(path, "w") as target:
        for part, content in parts.items():
            target.writestr(part, content)
    assert any(PLANTED in t and name in t for t in told())


@pytest.mark.parametrize("place", ["property", "alternative text", "attachment", "metadata"])
def test_a_number_planted_in_a_pdf_is_found(take, told, place):
    path = take("pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        if place == "property":
            document.docinfo["/Subject"] = f"Only {PLANTED}"
        elif place == "metadata":
            stored = document.Root.Metadata.read_bytes()
            document.Root.Metadata = document.make_stream(
                stored.replace(b"</dc:title>", f"{PLANTED}</dc:title>".encode())
            )
        elif place == "attachment":
            document.attachments["more.txt"] = f"Only {PLANTED}".encode()
        else:
            figure = next(o for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o)
            figure.Alt = pikepdf.String(f"Only {PLANTED}")
        document.save(path)
    assert any(PLANTED in t and path.name in t for t in told())


def test_a_number_and_a_name_set_on_a_page_of_a_pdf_are_found(take, told, closed_name):
    path = take("pdf")
    # the name is broken over two lines, and cut where it is broken
    broken = f"{closed_name[:4]}-\\\n{closed_name[4:]}"
    path.write_bytes(typst.compile(f"Only {PLANTED} \\\n{broken}".encode()))
    found = told()
    assert any(f"{PLANTED} in page 1" in t for t in found), found
    assert any("names " in t for t in found), found


@pytest.fixture
def closed_name(outputs) -> str:
    profiles = [
        json.loads(p.read_text(encoding="utf-8"))
        for p in sorted((outputs / "results").glob("organisation=*/organisation.json"))
    ]
    return next(p["name"] for p in profiles if p["sharing"] == "closed" and p["id"] != "almvik")


@pytest.mark.parametrize("suffix", ["html", "xlsx", "pptx"])
def test_a_name_that_is_not_shared_is_found(take, told, closed_name, suffix):
    path = take(suffix)
    if suffix == "xlsx":
        replace_in_part(path, "xl/sharedStrings.xml", "Hela organisationen", closed_name)
    elif suffix == "pptx":
        replace_in_part(path, "ppt/notesSlides/notesSlide2.xml", "<a:t>", f"<a:t>{closed_name} ")
    else:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("</main>", f"<!-- {closed_name} --></main>"), encoding="utf-8")
    assert any("names " in t and path.name in t for t in told())


@pytest.mark.parametrize("place", ["text", "packed script"])
def test_a_number_planted_in_the_file_is_found(take, told, place):
    path = take("html")
    text = path.read_text(encoding="utf-8")
    if place == "text":
        text = text.replace("</footer>", f"<p hidden>{PLANTED}</p></footer>")
    else:
        packed = base64.b64encode(gzip.compress(f"var hidden = {PLANTED} ;".encode())).decode()
        text = text.replace(pack_plotly(), packed)
    path.write_text(text, encoding="utf-8")
    assert any(PLANTED in t and path.name in t for t in told())


def test_files_of_older_results_are_told(altered):
    rates = altered / "results" / "organisation=vintersjo" / "response_rates.parquet"
    pd.read_parquet(rates).iloc[::-1].to_parquet(rates)
    found = {f.key: f.what for f in audit(altered).findings}
    files = (
        "vintersjo-2026-sv-kort.pdf",
        "vintersjo-2026-sv-nasta-steg.pdf",
        *(f"vintersjo-2026-sv.{s}" for s in ("html", "pdf", "pptx", "xlsx")),
    )
    assert set(found) == {f"2026/vintersjo/sv/{file}" for file in files}
    assert set(found.values()) == {"was not made from today's results: run dimios export again"}

"""What a stranger writes stays text: in pages, notebooks, files to take along and open data, from every field there is."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import lxml.etree
import nbformat
import openpyxl
import pandas as pd
import pypdfium2
import pytest

from dimios_core import Project
from dimios_core.actions.worksheet import write_worksheet, write_worksheet_csv
from dimios_core.export.data.package import build_files
from dimios_core.export.data.published import build_published
from dimios_core.instrument import Instrument, load_instrument
from dimios_core.results.evidence import initiatives
from dimios_core.results.evidence.glossary import Glossary, read_glossary
from dimios_core.results.score import score_responses
from tests.hostile import (
    PARAMETERS,
    find_fields,
    list_table_fields,
    list_text_fields,
    spoil,
    spoil_glossary,
    spoil_instrument,
    spoil_parameters,
    spoil_tables,
)
from tests.once import make_once
from tests.report.every_page import open_pages, show

#: combinations of a section's controls that are looked at
CHOICES_N = 4
#: whose organisations stay: enough to compare with, scored in a third of the time
COUNTIES = ("12", "14")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
#: what reports may leave out: how a question was put, and words that stand within a sentence, shortened or for some quadrants
MAY_BE_MISSING = {
    "Instrument_source", "Item_statement", "Scale_dont_know", "Scale_labels", "Cell_summary", "Quadrants_across_low",
    "Quadrants_across_high", "Quadrants_upwards_low", "Quadrants_upwards_open", "Composite_name", "Composite_own", "Composite_short",
}  # fmt: skip


@pytest.fixture(scope="session")
def hostile(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A third of the demo with hostile texts: scored, reported on (one organisation in both languages, a county, the nation), exported."""

    def make(folder: Path) -> None:
        for part in ("responses", "initiatives", "plans", "goals", "conclusions"):
            shutil.copytree(demo_outputs / part, folder / part)
        shutil.copy(demo_outputs / "expert_help.yaml", folder)
        keep_few(folder)
        spoil_tables(folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(initiatives, "read_glossary", read_hostile_glossary)
            for name in PARAMETERS:
                patch.setattr(initiatives, name, read_hostile(name))
            score_responses(folder, spoil_instrument(load_instrument("dimios"))[0])
        chosen = {"suites": ("organisation", "national", "county"), "counties": COUNTIES[-1]}
        for language in ("sv", "en"):
            made = Project(folder).report(
                "almvik", **chosen, language=language, to="html,pdf,pptx,xlsx,tables"
            )
            made.check()

    return make_once(tmp_path_factory, worker_id, "hostile", make)


def keep_few(outputs: Path) -> None:
    """Leave the organisations of two counties in what is stored."""
    register = outputs / "responses" / "register"
    everybody = pd.read_parquet(register / "organisations.parquet")
    kept = set(everybody["id"][everybody["county"].isin(COUNTIES)])
    for path in [*register.glob("*.parquet"), *outputs.glob("*/*.parquet")]:
        rows = pd.read_parquet(path)
        whose = rows["id" if path.stem == "organisations" else "organisation"]
        rows[whose.isin(kept)].to_parquet(path, index=False)
    for path in outputs.glob("responses/period=*/*.parquet"):
        if path.stem not in kept:
            path.unlink()


def read_hostile_glossary(path: Path, instrument: Instrument) -> dict[str, Any]:
    """The project's own glossary as it is published, with every text hostile."""
    return spoil_glossary(read_glossary(path, instrument))


def read_hostile(name: str) -> Callable[[Path, Instrument], dict[str, Any]]:
    """What reads a file of parameters, with every free text in it hostile."""
    read = getattr(initiatives, name)
    return lambda path, instrument: spoil_parameters(PARAMETERS[name], read(path, instrument))


def find(hostile: Path, pattern: str) -> list[Path]:
    found = sorted(hostile.glob(pattern))
    assert found, pattern
    return found


class Markup(HTMLParser):
    """What a browser would make of a page: the text that is read, and the elements and attributes that nobody wrote."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.broken: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("evil", "a:t") or any(name == "onevil" for name, _ in attributes):
            self.broken.append(f"<{tag}> in line {self.getpos()[0]}")
        if any(value.strip().lower().startswith("javascript:") for _, value in attributes if value):
            self.broken.append(f"<{tag}> in line {self.getpos()[0]}")
        self.text += "".join(f" {value} " for _, value in attributes if value)

    def handle_data(self, data: str) -> None:
        self.text += data


def read_markup(html: str) -> str:
    """The text of a page, in which nothing has broken out of its place."""
    read = Markup(html)
    assert read.broken == []
    return read.text


def cells_of(path: Path) -> list[str]:
    """The texts of a workbook, in which none is a formula or a link."""
    found = []
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet for cell in row if isinstance(cell.value, str)):
            where = f"{path.name}, {sheet.title}!{cell.coordinate}"
            assert not (cell.data_type == "f" and "evil" in cell.value), where
            assert cell.hyperlink is None or "evil" not in str(cell.hyperlink.target), where
            found.append(cell.value)
    return found


def read_parts(path: Path) -> str:
    """The texts of an office file, every part of which is whole and holds no element that nobody wrote."""
    told = []
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                root = lxml.etree.fromstring(parts.read(name))
                assert "evil" not in {lxml.etree.QName(e).localname for e in root.iter(lxml.etree.Element)}, (
                    name
                )
                told += ["".join(p.itertext()) for p in root.iter("{*}p", "{*}v", "{*}t")]
    return "\n".join(told)


def test_every_field_of_the_instrument_that_takes_a_text_is_tried() -> None:
    """A field that the instrument of the tests leaves empty would be tried with nothing."""
    assert spoil_instrument(load_instrument("dimios"))[1] == list_text_fields(Instrument)


def test_every_file_of_parameters_that_is_published_is_tried() -> None:
    reading = {name for name in vars(initiatives) if name.startswith("read_")}
    assert reading - {"read_json", "read_glossary"} == PARAMETERS.keys()


def test_what_controls_choose(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live page shows what a kernel draws, of which a stored one has the first choice alone."""
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data) if raw else None)
    for page in open_pages(hostile / "results", "sv", ["almvik"]):
        for pieces in show(page, CHOICES_N).values():
            for html in pieces:
                read_markup(html)
        for chart in page.charts.values():
            chart._ipython_display_()
    for data in shown:
        read_markup(data.get("text/html", ""))
        json.dumps(data)


def test_pages_and_files_of_one_page(hostile: Path) -> None:
    for path in find(hostile, "reports/**/*.html") + find(hostile, "exports/**/*.html"):
        read_markup(path.read_text(encoding="utf-8"))


def test_outputs_of_notebooks(hostile: Path) -> None:
    for path in find(hostile, "reports/**/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                read_markup("".join(output.get("data", {}).get("text/html", "")))


def test_workbooks(hostile: Path) -> None:
    for path in find(hostile, "exports/**/*.xlsx"):
        cells_of(path)
        read_parts(path)


def test_slides(hostile: Path) -> None:
    for path in find(hostile, "exports/**/*.pptx"):
        assert "1+1|" in read_parts(path)


def test_pdfs(hostile: Path) -> None:
    for path in find(hostile, "exports/**/*.pdf"):
        document = pypdfium2.PdfDocument(path)
        assert "1+1|" in "".join(page.get_textpage().get_text_range() for page in document)
        assert b"/JavaScript" not in path.read_bytes()


def test_open_data(hostile: Path) -> None:
    texts = 0
    for name, content in build_files(build_published(hostile / "results", "CC0-1.0")).items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode())):
                for cell in row:
                    texts += "evil" in cell
                    assert not cell.startswith(FORMULAS) or re.fullmatch(r"[+-]?[\d.e-]+", cell), (
                        f"{name}: {cell[:40]}"
                    )
        elif name.endswith(".json"):
            json.loads(content)
    assert texts > 0


def test_worksheets(hostile: Path) -> None:
    model, _ = spoil_instrument(load_instrument("dimios"))
    name = spoil("Almviks kommun", "organisations_name")
    given = (model, "almvik", name, "2026", "sv", model.point_ids[:3])
    book = hostile.parent / "worksheet.xlsx"
    book.write_bytes(write_worksheet(*given))
    fields = {"organisations_name", "Point_name"}
    assert find_fields("\n".join(cells_of(book)), fields) == fields
    for row in csv.reader(io.StringIO(write_worksheet_csv(*given)), delimiter=";"):
        assert not [cell for cell in row if cell.startswith(FORMULAS)]


def test_every_text_arrives_whole_somewhere(hostile: Path) -> None:
    """Or else what was looked at above was not there."""
    fields = list_table_fields() | list_text_fields(Instrument) | list_text_fields(Glossary)
    for model in PARAMETERS.values():
        fields |= list_text_fields(model)
    found = set()
    for path in find(hostile, "reports/**/*.html"):
        found |= find_fields(read_markup(path.read_text(encoding="utf-8")), fields)
    for path in find(hostile, "exports/**/*.xlsx"):
        found |= find_fields("\n".join(cells_of(path)), fields)
    for name, content in build_files(build_published(hostile / "results", "CC0-1.0")).items():
        if name.endswith(".csv"):
            found |= find_fields(
                "\n".join(cell for row in csv.reader(io.StringIO(content.decode())) for cell in row), fields
            )
    assert fields - found <= MAY_BE_MISSING

"""Whatever a workbook holds is read, where its readers' programs show it and where they do not."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from dimios_core.office.office_text import READS_PROPERTY, read_office, read_office_reads

PLACES = {
    "cell": "17.11", "hidden sheet": "17.12", "comment": "17.13", "chart": "17.14", "formula": "17.15",
    "what a formula came to": "17.16", "property": "17.17", "own property": "17.18", "name": "17.19", "footer": "17.20",
    "text": "planted 17.21", "hint": "planted 17.22", "alternative text": "planted 17.23", "series": "planted 17.24",
    "text of parts": "planted 17.25",
}  # fmt: skip


@pytest.fixture(scope="module")
def content() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, hidden = book.add_worksheet("one"), book.add_worksheet("two")
        sheet.write_number("A1", 17.11)
        hidden.write_number("B2", 17.12)
        hidden.hide()
        sheet.write_comment("A1", "17.13")
        hidden.write_number("C3", 17.14)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=two!$C$3:$C$3", "name": "planted 17.24"})
        sheet.insert_chart("D4", chart, {"description": "planted 17.23"})
        sheet.write_formula("A2", "=17.15+A1", value=17.16)
        book.set_properties({"comments": "17.17"})
        book.set_custom_property("x", "17.18", "text")
        book.define_name("rate", "=17.19")
        sheet.set_footer("&L17.20")
        sheet.write_string("A3", "planted 17.21")
        sheet.data_validation("A4", {"validate": "any", "input_title": "t", "input_message": "planted 17.22"})
        sheet.write_rich_string("A5", "planted ", book.add_format({"bold": True}), "17.25")
    return target.getvalue()


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found(content, place):
    assert any(PLACES[place] in text for _, text in read_office(content)), place


def test_a_figure_that_only_a_chart_has_kept_is_found(content):
    """A chart keeps its figures when the cells are gone."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as emptied:
        for name in source.namelist():
            part = source.read(name)
            emptied.writestr(name, part.replace(b"17.14", b"1") if name.startswith("xl/worksheets") else part)
    found = [where for where, text in read_office(target.getvalue()) if text == "17.14"]
    assert found == ["xl/charts/chart1.xml"]


def test_cells_are_told_by_sheet_and_reference(content):
    assert ("xl/worksheets/sheet1.xml A3", "planted 17.21") in list(read_office(content))


def test_layout_and_versions_are_no_figures(content):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 0, 12.7)
        sheet.write_number(0, 0, 1, book.add_format({"num_format": "0.00"}))
        sheet.set_margins(left=0.7)
    texts = [text for _, text in read_office(target.getvalue())]
    assert not any("0.00" in t or "12.7" in t or t == "0.7" or "12.0000" in t for t in texts)


def test_workbooks_of_other_programs_are_read_too():
    book = openpyxl.Workbook()
    book.active["A1"] = "words"
    book.active["A1"].comment = Comment("seen by few", "somebody")
    book.active["A2"] = 3.25
    target = io.BytesIO()
    book.save(target)
    texts = {text for _, text in read_office(target.getvalue())}
    assert {"words", "3.25"} <= texts
    assert any("seen by few" in t for t in texts)
    assert any("somebody" in t for t in texts)


def test_what_a_workbook_was_made_of_is_read_back():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet()
        book.set_custom_property(READS_PROPERTY + "stamp.json", "0123456789ab", "text")
        book.set_custom_property("other", "x", "text")
    assert read_office_reads(target.getvalue()) == {"stamp.json": "0123456789ab"}


def test_a_workbook_that_does_not_tell_tells_nothing(content):
    assert read_office_reads(content) == {}

"""Small workbooks in three formats, with what spreadsheets can hide in them: .xlsx, .xlsb and .ods."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import quoteattr

import openpyxl
from openpyxl.utils import get_column_letter

Cell = str | float | date | None
#: the days from 30 December 1899, as spreadsheets count them
EPOCH = date(1899, 12, 30).toordinal()


@dataclass
class Sheet:
    """A sheet's rows, and what about it is unusual; rows and columns are counted from 1."""

    name: str
    rows: Sequence[Sequence[Cell]]
    state: str = "visible"
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    #: first row, last row, first column, last column
    merged: tuple[int, int, int, int] | None = None


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for row in sheet.rows:
            page.append([*row])
        page.sheet_state = sheet.state
        for row in sheet.hidden_rows:
            page.row_dimensions[row].hidden = True
        for column in sheet.hidden_columns:
            page.column_dimensions[get_column_letter(column)].hidden = True
        for row, column in sheet.formulas:
            page.cell(row, column).value = f"={sheet.rows[row - 1][column - 1]}"
        if sheet.merged:
            top, last, left, right = sheet.merged
            page.merge_cells(start_row=top, end_row=last, start_column=left, end_column=right)
    book.save(path)


def _record(kind: int, body: bytes = b"") -> bytes:
    """A record of a binary workbook: kind and length in bytes of seven bits."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return head + length + bytes([size]) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb_cell(column: int, value: Cell, is_formula: bool) -> bytes:
    place = struct.pack("<II", column, 1 if isinstance(value, date) else 0)
    parsed = struct.pack("<HI", 0, 2) + bytes([0x1E, 1]) + struct.pack("<I", 0) if is_formula else b""
    if value is None:
        return b""
    if isinstance(value, str):
        if value.startswith("#"):
            return _record(3, place + b"\x2a")  # #N/A
        return _record(8 if is_formula else 6, place + _wide(value) + parsed)
    number = float(value.toordinal() - EPOCH if isinstance(value, date) else value)
    return _record(9 if is_formula else 5, place + struct.pack("<d", number) + parsed)


def _xlsb_sheet(sheet: Sheet) -> bytes:
    ends = 0, len(sheet.rows) - 1, 0, max(map(len, sheet.rows)) - 1
    out = bytearray(_record(129) + _record(148, struct.pack("<4I", *ends)))
    if sheet.hidden_columns:
        spans = [
            _record(60, struct.pack("<4IH", c - 1, c - 1, 2304, 0, 1)) for c in sorted(sheet.hidden_columns)
        ]
        out += _record(390) + b"".join(spans) + _record(391)
    out += _record(145)
    for number, row in enumerate(sheet.rows, start=1):
        flags = 0x10 if number in sheet.hidden_rows else 0
        out += _record(0, struct.pack("<IIHBBBI", number - 1, 0, 300, 0, flags, 0, 0))
        for column, value in enumerate(row):
            out += _xlsb_cell(column, value, (number, column + 1) in sheet.formulas)
    out += _record(146)
    if sheet.merged:
        top, last, left, right = (number - 1 for number in sheet.merged)
        out += _record(177, struct.pack("<I", 1)) + _record(176, struct.pack("<4I", top, last, left, right))
        out += _record(178)
    return bytes(out) + _record(130)


_KINDS = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_xlsb(path: Path, sheets: Sequence[Sheet]) -> None:
    states = {"visible": 0, "hidden": 1, "veryHidden": 2}
    book = _record(131) + _record(143)
    for number, sheet in enumerate(sheets, start=1):
        named = _wide(f"rId{number}") + _wide(sheet.name)
        book += _record(156, struct.pack("<II", states[sheet.state], number) + named)
    book += _record(144) + _record(132)
    # two formats of cells: a plain one, and a date (number format 14)
    formats = [struct.pack("<HHHHHBBBBH", 0, kind, 0, 0, 0, 0, 0, 0, 0, 0)[:16] for kind in (0, 14)]
    styles = _record(278) + _record(617, struct.pack("<I", 2))
    styles += b"".join(_record(47, one) for one in formats) + _record(618) + _record(279)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.bin"/>'
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_KINDS}"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}<Override PartName="/xl/styles.bin" ContentType="application/vnd.ms-excel.styles"/></Types>')  # fmt: skip
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_RELATED}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>')  # fmt: skip
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{_RELATED}">{related}</Relationships>')  # fmt: skip
        for number, sheet in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _xlsb_sheet(sheet))


def _ods_cell(sheet: Sheet, row: int, column: int, value: Cell) -> str:
    about = ""
    if (row, column) in sheet.formulas:
        about += f' table:formula="of:={value}"'
    if sheet.merged and (row, column) == (sheet.merged[0], sheet.merged[2]):
        top, last, left, right = sheet.merged
        about += (
            f' table:number-rows-spanned="{last - top + 1}" table:number-columns-spanned="{right - left + 1}"'
        )
    if value is None:
        return f"<table:table-cell{about}/>"
    if isinstance(value, date):
        return f'<table:table-cell{about} office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, str):
        return f'<table:table-cell{about} office:value-type="string" office:string-value={quoteattr(value)}/>'
    return f'<table:table-cell{about} office:value-type="float" office:value="{value}"/>'


def write_ods(path: Path, sheets: Sequence[Sheet]) -> None:
    named = "urn:oasis:names:tc:opendocument:xmlns:"
    tables = ""
    for sheet in sheets:
        columns = "".join(
            "<table:table-column"
            + (' table:visibility="collapse"' if n in sheet.hidden_columns else "")
            + "/>"
            for n in range(1, max(map(len, sheet.rows)) + 1)
        )
        rows = []
        for number, row in enumerate(sheet.rows, start=1):
            cells = "".join(_ods_cell(sheet, number, at, value) for at, value in enumerate(row, start=1))
            seen = ' table:visibility="filter"' if number in sheet.hidden_rows else ""
            rows.append(f"<table:table-row{seen}>{cells}</table:table-row>")
        style = "hidden" if sheet.state != "visible" else "shown"
        tables += f'<table:table table:name={quoteattr(sheet.name)} table:style-name="{style}">{columns}{"".join(rows)}</table:table>'
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("shown", "true"), ("hidden", "false"))
    )
    content = (
        f'<office:document-content xmlns:office="{named}office:1.0" xmlns:table="{named}table:1.0" xmlns:style="{named}style:1.0"'
        f' office:version="1.3"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="{named}manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)


WRITERS: dict[str, Callable[[Path, Sequence[Sheet]], None]] = {
    ".xlsx": write_xlsx,
    ".xlsb": write_xlsb,
    ".ods": write_ods,
}

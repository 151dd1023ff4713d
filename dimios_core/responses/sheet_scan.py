"""What a sheet tells beside its values: formulas, error values, merged cells, hidden rows and columns."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from dimios_core.responses.sheet_parts import local_name, open_sheet, read_records

SCAN_BYTES = 2**20
#: longer than any tag that is looked for
OVERLAP_BYTES = 4096
#: rows and columns that a spreadsheet can have
ROWS_LIMIT, COLUMNS_LIMIT = 2**20, 2**14
#: of cells that are alike and written once, so many are named one by one
REPEATED_LIMIT = 100_000
FORMULA, ERROR = "formula", "error"
_TAG = re.compile(
    rb"<(?:\w{1,8}:)?(?:(?P<formula>f)[\s>/]|(?P<cell>c)\s[^>]*?\bt=[\"']e[\"'][^>]*>"
    rb"|(?P<row>row)\s[^>]*?\b(?:hidden=[\"'](?:1|true)|ht=[\"']0(?:\.0*)?)[\"'][^>]*>"
    rb"|(?P<column>col)\s[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>|(?P<merged>mergeCell)\s[^>]*>)"
)
_REFERENCE = re.compile(rb"\br(?:ef)?=[\"']([A-Z]{0,3})([0-9]{0,7})(?::([A-Z]{1,3})([0-9]{1,7}))?[\"']")
_CELL = re.compile(rb"<(?:\w{1,8}:)?c(?=[\s>])")
_SPAN = re.compile(rb"\b(min|max)=[\"']([0-9]{1,5})[\"']")
#: kinds of records of binary workbooks ([MS-XLSB] 2.3)
_ROW_HEADER, _CELL_ERROR, _FORMULAS, _COLUMNS, _MERGED_CELLS = 0, 3, (8, 9, 10, 11), 60, 176
_ROW_IS_HIDDEN, _COLUMN_IS_HIDDEN = 0x10, 0x01
_HIDDEN_IN_ODS = ("collapse", "filter")


@dataclass
class SheetScan:
    """What was found; rows are counted from 1, columns from 0.

    Parameters
    ----------
    faulty : dict of int to list of (int, str)
        Column and kind ("formula", "error") of cells, by row.
    hidden, hidden_columns : set of int
        Rows and columns.
    merged : list of (str, int, int)
        Range as a spreadsheet calls it, its first column and its last row.
    unplaced : bool
        There are such cells or rows, and the sheet does not say which.
    """

    faulty: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[str, int, int]] = field(default_factory=list)
    unplaced: bool = False

    def add_cell(self, row: int, column: int, kind: str) -> None:
        """Note a cell that holds no plain value."""
        self.faulty.setdefault(row, []).append((column, kind))

    def add_merged(self, top: int, left: int, last_row: int, last_column: int) -> None:
        """Note a range of merged cells."""
        place = f"{name_cell(top, left)}:{name_cell(last_row, last_column)}"
        self.merged.append((place, left, last_row))


def name_cell(row: int, column: int) -> str:
    """Return a cell's name; row from 1, column from 0.

    Examples
    --------
    >>> name_cell(5, 3), name_cell(1, 26), name_cell(1, 702)
    ('D5', 'AA1', 'AAA1')
    """
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def scan_sheet(path: Path, sheet: str) -> SheetScan:
    """Scan a sheet of a workbook without holding it."""
    kind = path.suffix.lower()
    if kind == ".ods":
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
            return _OdsScan(sheet).read(stream)
    with open_sheet(path, sheet) as stream:
        return _scan_binary(stream) if kind == ".xlsb" else _scan_xml(stream)


def _scan_xml(stream: IO[bytes]) -> SheetScan:
    scan = SheetScan()
    for window, match in _find_tags(stream):
        if match["column"]:
            span = {name: int(number) for name, number in _SPAN.findall(match[0])}
            scan.hidden_columns |= set(range(span[b"min"] - 1, min(span[b"max"], COLUMNS_LIMIT)))
            continue
        tag = _cell_around(window, match.start()) if match["formula"] else match[0]
        reference = _REFERENCE.search(tag)
        if reference is None:
            scan.unplaced = True
            continue
        letters, digits = reference[1], int(reference[2] or 0)
        if match["row"]:
            scan.hidden.add(digits)
        elif match["merged"]:
            last = int(reference[4] or digits)
            scan.add_merged(digits, _column(letters), last, _column(reference[3] or letters))
        else:
            scan.add_cell(digits, _column(letters), FORMULA if match["formula"] else ERROR)
    return scan


def _find_tags(stream: IO[bytes]) -> Iterator[tuple[bytes, re.Match[bytes]]]:
    tail, done = b"", 0
    while block := stream.read(SCAN_BYTES):
        window = tail + block
        last = 0
        for match in _TAG.finditer(window, done):
            yield window, match
            last = match.end()
        keep = max(len(window) - OVERLAP_BYTES, 0)
        done = max(last - keep, 0)
        tail = window[keep:]


def _cell_around(window: bytes, at: int) -> bytes:
    """Return the tag of the cell that a formula stands in: the last one that is opened before it."""
    opened = [match.start() for match in _CELL.finditer(window, max(at - OVERLAP_BYTES, 0), at)]
    return window[opened[-1] : window.find(b">", opened[-1])] if opened else b""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _scan_binary(stream: IO[bytes]) -> SheetScan:
    """Scan a sheet of a binary workbook: a row's header comes before its cells."""
    scan, row = SheetScan(), 0
    for kind, body in read_records(stream):
        if kind == _ROW_HEADER:
            row = int.from_bytes(body[:4], "little") + 1
            if body[11] & _ROW_IS_HIDDEN:
                scan.hidden.add(row)
        elif kind in _FORMULAS or kind == _CELL_ERROR:
            column = int.from_bytes(body[:4], "little")
            scan.add_cell(row, column, ERROR if kind == _CELL_ERROR else FORMULA)
        elif kind == _COLUMNS and body[16] & _COLUMN_IS_HIDDEN:
            first, last = struct.unpack("<2I", body[:8])
            scan.hidden_columns |= set(range(first, min(last + 1, COLUMNS_LIMIT)))
        elif kind == _MERGED_CELLS:
            top, last_row, left, last_column = struct.unpack("<4I", body[:16])
            scan.add_merged(top + 1, left, last_row + 1, last_column)
    return scan


class _OdsScan:
    """Scans a sheet of an OpenDocument workbook, in which equal rows, columns and cells are written once."""

    def __init__(self, sheet: str) -> None:
        self.sheet, self.scan = sheet, SheetScan()
        self._is_own, self._row, self._column, self._columns_n, self._closed_groups = False, 0, 0, 0, 0
        self._alike_n = 1  # rows that are written once

    def read(self, stream: IO[bytes]) -> SheetScan:
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            kind = local_name(element.tag)
            about = {local_name(name): value for name, value in element.attrib.items()}
            if event == "start":
                self._open(kind, about)
            elif kind == "table-row":
                self._row += int(about.get("number-rows-repeated", 1))
                element.clear()
            elif kind == "table-row-group" and about.get("display") == "false":
                self._closed_groups -= 1
        return self.scan

    def _open(self, kind: str, about: dict[str, str]) -> None:
        if kind == "table":
            self._is_own, self._row, self._columns_n = about.get("name") == self.sheet, 0, 0
        elif kind == "table-row-group" and about.get("display") == "false":
            self._closed_groups += 1
        elif kind == "table-column":
            first, self._columns_n = (
                self._columns_n,
                self._columns_n + int(about.get("number-columns-repeated", 1)),
            )
            if self._is_own and about.get("visibility") in _HIDDEN_IN_ODS:
                self.scan.hidden_columns |= set(range(first, min(self._columns_n, COLUMNS_LIMIT)))
        elif kind == "table-row":
            self._column, self._alike_n = 0, min(int(about.get("number-rows-repeated", 1)), ROWS_LIMIT)
            if self._is_own and (about.get("visibility") in _HIDDEN_IN_ODS or self._closed_groups):
                self.scan.hidden |= set(range(self._row + 1, self._row + 1 + self._alike_n))
        elif kind in ("table-cell", "covered-table-cell"):
            if self._is_own and kind == "table-cell":
                self._note_cell(about)
            self._column += int(about.get("number-columns-repeated", 1))

    def _note_cell(self, about: dict[str, str]) -> None:
        row, column = self._row + 1, self._column
        if "formula" in about:
            beside_n = int(about.get("number-columns-repeated", 1))
            self.scan.unplaced |= beside_n * self._alike_n > REPEATED_LIMIT
            for below, beside in product(range(self._alike_n), range(beside_n)):
                if self.scan.unplaced:
                    break
                self.scan.add_cell(row + below, column + beside, FORMULA)
        wide, high = (int(about.get(f"number-{way}-spanned", 1)) for way in ("columns", "rows"))
        if wide > 1 or high > 1:
            self.scan.add_merged(row, column, row + high - 1, column + wide - 1)

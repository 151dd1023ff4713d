"""What a sheet's XML tells beside its values: formulas, error values, merged cells and hidden rows."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

SCAN_BYTES = 2**20
#: longer than any tag that is looked for
OVERLAP_BYTES = 4096
FORMULA, ERROR = "formula", "error"
_TAG = re.compile(
    rb"<(?:\w{1,8}:)?(?:(?P<formula>f)[\s>/]|(?P<cell>c)\s[^>]*?\bt=[\"']e[\"'][^>]*>"
    rb"|(?P<row>row)\s[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>|(?P<merged>mergeCell)\s[^>]*>)"
)
_REFERENCE = re.compile(rb"\br(?:ef)?=[\"']([A-Z]{0,3})([0-9]{0,7})(?::([A-Z]{1,3})([0-9]{1,7}))?[\"']")


@dataclass
class SheetScan:
    """What was found; rows are counted from 1, columns from 0.

    Parameters
    ----------
    faulty : dict of int to list of (int, str)
        Column and kind ("formula", "error") of cells, by row.
    hidden : set of int
        Rows.
    merged : list of (str, int, int)
        Range as a spreadsheet calls it, its first column and its last row.
    """

    faulty: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[str, int, int]] = field(default_factory=list)

    def add_cell(self, row: int, column: int, kind: str) -> None:
        """Note a cell that holds no plain value."""
        self.faulty.setdefault(row, []).append((column, kind))


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


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def find_parts(path: Path) -> dict[str, str]:
    """Return the archive's name of every sheet's XML, by the sheet's name."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        book = next((n for n in names if n.lower().endswith("workbook.xml")), "xl/workbook.xml")
        folder, name = posixpath.split(book)
        targets = {
            element.get("Id"): element.get("Target", "")
            for element in ElementTree.fromstring(archive.read(f"{folder}/_rels/{name}.rels"))
        }
        parts = {}
        for element in ElementTree.fromstring(archive.read(book)).iter():
            if _local(element.tag) != "sheet":
                continue
            key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            target = targets.get(key, "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            parts[element.get("name", "")] = part
        return parts


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def scan_xlsx(path: Path, part: str) -> SheetScan:
    """Scan a sheet's XML without holding it."""
    scan = SheetScan()
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        for window, match in _find_tags(stream):
            if match["formula"]:
                reference = _last_reference(window, match.start())
            else:
                reference = _REFERENCE.search(match[0])
            if reference is None:
                continue
            letters, digits = reference[1], int(reference[2] or 0)
            if match["row"]:
                scan.hidden.add(digits)
            elif match["merged"]:
                last = int(reference[4] or digits)
                scan.merged.append((reference[0].split(b"=")[1][1:-1].decode(), _column(letters), last))
            elif letters:
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


def _last_reference(window: bytes, at: int) -> re.Match[bytes] | None:
    """Find the reference of the cell that a formula stands in: the one before it."""
    start = max(window.rfind(b" r=", 0, at), 0)
    return _REFERENCE.search(window, start, at)


def scan_ods(path: Path, sheet: str) -> SheetScan:
    """Scan a sheet of an OpenDocument workbook, in which equal rows and cells are written once."""
    scan = SheetScan()
    is_own, row, column = False, 0, 0
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            kind = _local(element.tag)
            about = {_local(name): value for name, value in element.attrib.items()}
            if event == "start":
                if kind == "table":
                    is_own, row = about.get("name") == sheet, 0
                elif kind == "table-row":
                    column = 0
                    if is_own and about.get("visibility") in ("collapse", "filter"):
                        repeated = int(about.get("number-rows-repeated", 1))
                        scan.hidden |= set(range(row + 1, row + 1 + min(repeated, 2**20)))
                elif kind in ("table-cell", "covered-table-cell"):
                    if is_own and kind == "table-cell":
                        _note_ods_cell(scan, row + 1, column, about)
                    column += int(about.get("number-columns-repeated", 1))
            elif kind == "table-row":
                row += int(about.get("number-rows-repeated", 1))
                element.clear()
    return scan


def _note_ods_cell(scan: SheetScan, row: int, column: int, about: dict[str, str]) -> None:
    if "formula" in about:
        scan.add_cell(row, column, FORMULA)
    wide, high = (int(about.get(f"number-{w}-spanned", 1)) for w in ("columns", "rows"))
    if wide > 1 or high > 1:
        place = f"{name_cell(row, column)}:{name_cell(row + high - 1, column + wide - 1)}"
        scan.merged.append((place, column, row + high - 1))

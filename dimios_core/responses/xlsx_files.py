"""Workbooks: streamed row by row; formulas, merged cells and oversized files are refused with their place."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from dimios_core.errors import InputError, Problem
from dimios_core.responses.source_tables import (
    FileOptions,
    RowBatch,
    RowFault,
    SourceTable,
    drop_empty_rows,
    text_of,
)

#: a workbook that unpacks to more than this is not read
UNPACKED_BYTES_LIMIT = 2**30
#: texts are held in memory by the reader, all of them
SHARED_TEXTS_BYTES_LIMIT = 256 * 2**20
#: XML of real sheets packs 5-30 times; a file made to fill the disk packs 1000 times
PACKING_RATIO_LIMIT = 200
PACKING_RATIO_FROM_BYTES = 10 * 2**20
EXCEL_ROWS_LIMIT = 1_048_576
BATCH_ROWS = 20_000
SCAN_BYTES = 2**20
MERGED_SHOWN = 3
_MERGED = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


class XlsxTable(SourceTable):
    """One sheet of an .xlsx workbook; the first one unless the options name another."""

    def __init__(self, path: Path, options: FileOptions) -> None:
        super().__init__(path, path.name, [], options)
        _check_packing(path)
        book = self._open()
        try:
            names = [sheet.title for sheet in book.worksheets]
            if options.sheet is not None and options.sheet not in names:
                raise self.fail(
                    f"there is no sheet called “{options.sheet}”; there are: {', '.join(names)}",
                    "mend `sheet` under `file:` in the mapping",
                )
            if not names:
                raise self.fail("the workbook has no sheet with cells", "export the answers again")
            self.sheet = options.sheet or names[0]
            if len(names) > 1:
                self.label = f"{path.name}, sheet {self.sheet}"
            self._rows_n = min(book[self.sheet].max_row or 1, EXCEL_ROWS_LIMIT)
            part = book[self.sheet]._worksheet_path.lstrip("/")
            rows = self._rows(book, options.header_row)
            head = next((cells for number, cells in rows if number == options.header_row), ())
        finally:
            book.close()
        self.header = [text_of(cell.value) or "" for cell in head]
        while self.header and not self.header[-1]:
            self.header.pop()
        if not self.header:
            raise self.fail(
                f"row {options.header_row} is empty, and the column names should be there",
                "check that the file has answers, and `sheet` and `header_row` under `file:` in the mapping",
            )
        self._check_merged(part)

    def _open(self) -> Any:
        try:
            return openpyxl.load_workbook(self.path, read_only=True, data_only=False, keep_links=False)
        except (
            zipfile.BadZipFile,
            InvalidFileException,
            KeyError,
            ValueError,
            OSError,
            SyntaxError,
        ) as error:
            raise self.fail(
                "the file is damaged or is no Excel workbook", "save it again as .xlsx, or as CSV UTF-8"
            ) from error

    def _rows(self, book: Any, last_row: int | None = None) -> Iterator[tuple[int, Sequence[Any]]]:
        sheet = book[self.sheet]
        sheet.reset_dimensions()  # what the file says of its own size is often wrong
        try:
            for number, cells in enumerate(sheet.iter_rows(max_row=last_row), start=1):
                if number > EXCEL_ROWS_LIMIT:
                    raise self.fail("the sheet has more rows than Excel allows", "export the answers again")
                yield number, cells
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError) as error:
            raise self.fail(
                "the sheet is damaged", "open it in a spreadsheet, and save it again as .xlsx"
            ) from error

    def _check_merged(self, part: str) -> None:
        """Refuse merged cells from the header down: only the first of them holds the value."""
        found = []
        with zipfile.ZipFile(self.path) as archive, archive.open(part) as stream:
            for reference in _find_merged(stream):
                first_column, _, _, last_row = range_boundaries(reference)
                if last_row >= self.options.header_row and first_column <= len(self.header):
                    found.append(reference)
        if found:
            more = f" and {len(found) - MERGED_SHOWN} others" if len(found) > MERGED_SHOWN else ""
            raise self.fail(
                "merged cells",
                "unmerge them, fill in every cell, and save the file again",
                f", cells {', '.join(found[:MERGED_SHOWN])}{more}",
            )

    def head(self, rows_n: int) -> list[list[str]]:
        """Return the sheet's first rows as text; see `SourceTable.head`."""
        book = self._open()
        try:
            return [[text_of(cell.value) or "" for cell in cells] for _, cells in self._rows(book, rows_n)]
        finally:
            book.close()

    def batches(self, columns: Sequence[int]) -> Iterator[RowBatch]:
        """Stream the given columns; see `SourceTable.batches`."""
        book = self._open()
        try:
            numbers: list[int] = []
            texts: list[list[str | None]] = [[] for _ in columns]
            faults: list[RowFault] = []
            for number, cells in self._rows(book):
                if number < self.first_row:
                    continue
                width = len(cells)
                numbers.append(number)
                for texts_of_column, at in zip(texts, columns, strict=True):
                    cell = cells[at] if at < width else None
                    if cell is None or cell.value is None:
                        texts_of_column.append(None)
                        continue
                    if cell.data_type in ("f", "e"):
                        faults.append(_cell_fault(number, at, cell.data_type))
                        texts_of_column.append(None)
                        continue
                    texts_of_column.append(text_of(cell.value))
                if len(numbers) == BATCH_ROWS:
                    self.share_read = min(number / max(self._rows_n, 1), 1.0)
                    yield _batch(numbers, texts, faults)
                    numbers, texts, faults = [], [[] for _ in columns], []
            if numbers:
                yield _batch(numbers, texts, faults)
        finally:
            book.close()


def _batch(numbers: list[int], texts: list[list[str | None]], faults: list[RowFault]) -> RowBatch:
    columns = [pa.array(column, type=pa.string()) for column in texts]
    return drop_empty_rows(RowBatch(np.asarray(numbers, dtype=np.int64), columns, faults))


def _cell_fault(row: int, column: int, kind: str) -> RowFault:
    return RowFault(
        row,
        f"cell {get_column_letter(column + 1)}{row}",
        "a formula, not a value" if kind == "f" else "an error value such as #N/A",
        "copy the column and paste it back as values, then save"
        if kind == "f"
        else "write the value itself, or leave the cell empty",
    )


def _find_merged(stream: IO[bytes]) -> Iterator[str]:
    """Find the merged ranges of a sheet's XML without holding it; they are rare and at its end."""
    tail = b""
    while block := stream.read(SCAN_BYTES):
        window = tail + block
        last = 0
        for match in _MERGED.finditer(window):
            yield match[1].decode("ascii")
            last = match.end()
        tail = window[max(last, len(window) - 200) :]


def _check_packing(path: Path) -> None:
    """Refuse a workbook that would fill the memory or the disk when unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(
            Problem(path.name, "the file is damaged or cut short", "export it again, or fetch it again")
        ) from error
    total = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if (
        total > UNPACKED_BYTES_LIMIT
        or shared > SHARED_TEXTS_BYTES_LIMIT
        or (total > PACKING_RATIO_FROM_BYTES and total / packed > PACKING_RATIO_LIMIT)
    ):
        raise InputError(
            Problem(
                path.name,
                f"the workbook unpacks to {total / 2**20:,.0f} MB from {packed / 2**20:,.1f} MB,"
                " more than an honest one does",
                "if the answers are that many, export them as CSV",
            )
        )

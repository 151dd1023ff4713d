"""Workbooks: .xlsx, .xlsb and .ods. What cannot be trusted as it stands is refused with its place."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dimios_core.errors import InputError, Problem
from dimios_core.responses.labels import normalise_label
from dimios_core.responses.sheet_scan import SheetScan, name_cell, scan_sheet
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
PROTECTED = (
    "the workbook is protected by a password",
    "open it, remove the password, and save it again",
)
BATCH_ROWS = 20_000
#: another sheet with at least this share of the columns is told
SHEET_TOLD_SHARE = 0.5
MERGED_SHOWN = 3


class WorkbookTable(SourceTable):
    """One sheet of a workbook: the one that the options name, else the visible one with the expected columns.

    Parameters
    ----------
    expected : sequence of str
        Column names by which the sheet is chosen.
    """

    def __init__(self, path: Path, options: FileOptions, expected: Sequence[str] = ()) -> None:
        super().__init__(path, path.name, [], options)
        _check_packing(path)
        self._opened: tuple[str | None, Any] = None, None
        with self._reading(
            "the file is damaged or is no workbook", "save it again as .xlsx, or as CSV UTF-8"
        ):
            import python_calamine  # reports import this room for their worksheets, and never read such a file

            try:
                self._book = python_calamine.load_workbook(str(path))
            except python_calamine.PasswordError as error:
                raise self.fail(*PROTECTED) from error
            tabs = [
                (tab.name, str(tab.visible).endswith("Visible"))
                for tab in self._book.sheets_metadata
                if str(tab.typ).endswith("WorkSheet")
            ]
        #: names of the sheets that are not hidden
        self.visible = [name for name, is_visible in tabs if is_visible]
        self.sheet = self._choose(tabs, expected)
        if len(tabs) > 1:
            self.label = f"{path.name}, sheet {self.sheet}"
        self._sheet = self._open(self.sheet)
        self.name_columns(_trim(self._header_of(self._sheet)))
        if not any(self.header):
            raise self.fail(
                f"row {options.header_row} is empty, and the column names should be there",
                "check that the file has answers, and `sheet` and `header_row` under `file:` in the mapping",
            )
        self._scan = self._scan_sheet()
        self._check_merged()

    def _choose(self, tabs: list[tuple[str, bool]], expected: Sequence[str]) -> str:
        names, asked = [name for name, _ in tabs], self.options.sheet
        if asked is not None:
            if asked not in names:
                raise self.fail(
                    f"there is no sheet called “{asked}”; there are: {', '.join(names)}",
                    "mend `sheet` under `file:` in the mapping",
                )
            return asked
        wanted = {normalise_label(name) for name in expected}
        found = {}
        for name, _ in tabs:
            sheet = self._open(name)
            if sheet.start is not None:
                cells = {normalise_label(cell) for row in self._header_of(sheet) for cell in row if cell}
                found[name] = len(wanted & cells)
        visible = [name for name, is_visible in tabs if is_visible and name in found]
        if not visible:
            raise self.fail(
                "all sheets with cells are hidden" if found else "the workbook has no sheet with cells",
                "name the sheet to read: `sheet` under `file:` in the mapping"
                if found
                else "export the answers again",
            )
        best, most = max(found[name] for name in visible), max(found.values())
        alike = [name for name in visible if found[name] == best]
        if best < most:
            hidden = next(name for name in found if found[name] == most)
            raise self.fail(
                f"more of these columns are in the hidden sheet “{hidden}” than in one that is shown",
                f'show it and save, or write `sheet: "{hidden}"` under `file:` in the mapping',
            )
        if best and len(alike) > 1:
            raise self.fail(
                f"several sheets have these columns: {', '.join(alike)}",
                "name the one to read: `sheet` under `file:` in the mapping, or keep one of them in the file",
            )
        self.notes += [
            f"the {'' if name in visible else 'hidden '}sheet “{name}” has {columns_n} of the {best} columns, and is not read"
            for name, columns_n in found.items()
            if name != alike[0] and columns_n >= SHEET_TOLD_SHARE * max(best, 1)
        ]
        return alike[0]

    @contextmanager
    def _reading(self, what: str, remedy: str) -> Iterator[None]:
        """Turn whatever the reader makes of a damaged file into a fault of the file."""
        try:
            yield
        except InputError:
            raise
        except BaseException as error:
            # what the reader itself did not expect comes as a panic, which is no Exception
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise self.fail(what, remedy) from error

    def _open(self, name: str) -> Any:
        if self._opened[0] != name:  # it may be the one that was looked at last
            with self._reading(
                "the sheet is damaged", "open it in a spreadsheet, and save it again as .xlsx"
            ):
                self._opened = name, self._book.get_sheet_by_name(name)
        return self._opened[1]

    def _rows(self, sheet: Any) -> Iterator[list[Any]]:
        """Yield the rows from the first one on; columns that are empty throughout count too."""
        with self._reading("the sheet is damaged", "open it in a spreadsheet, and save it again as .xlsx"):
            before = [""] * (sheet.start[1] if sheet.start else 0)
            for row in sheet.iter_rows():
                yield before + row

    def _header_of(self, sheet: Any) -> list[list[str]]:
        first = self.options.header_row - 1
        rows = islice(self._rows(sheet), first, first + self.options.header_rows)
        return [[text_of(cell) or "" for cell in row] for row in rows]

    def _scan_sheet(self) -> SheetScan:
        with self._reading("the sheet is damaged", "open it in a spreadsheet, and save it again as .xlsx"):
            scan = scan_sheet(self.path, self.sheet)
        if scan.unplaced:
            raise self.fail(
                "formulas, error values or hidden rows, and the sheet does not say where they are",
                "open it in a spreadsheet, and save it again as .xlsx",
            )
        return scan

    def _check_merged(self) -> None:
        """Refuse merged cells from the header down: only the first of them holds the value."""
        top, width = self.options.header_row + self.options.header_rows - 1, len(self.header)
        found = [place for place, left, last in self._scan.merged if last >= top and left < width]
        if found:
            more = f" and {len(found) - MERGED_SHOWN} others" if len(found) > MERGED_SHOWN else ""
            raise self.fail(
                "merged cells",
                "unmerge them, fill in every cell, and save the file again",
                f", cells {', '.join(found[:MERGED_SHOWN])}{more}",
            )

    def head(self, rows_n: int) -> list[list[str]]:
        """Return the sheet's first rows as text; see `SourceTable.head`."""
        return [[text_of(cell) or "" for cell in row] for row in islice(self._rows(self._sheet), rows_n)]

    def batches(self, columns: Sequence[int]) -> Iterator[RowBatch]:
        """Stream the given columns; see `SourceTable.batches`."""
        scan, hidden_n = self._scan, 0
        if unseen := [self.header[at] for at in columns if at in scan.hidden_columns]:
            self.notes.append(f"hidden columns are read: {', '.join(unseen)}")
        total = max(self._sheet.total_height, 1)
        rows = islice(enumerate(self._rows(self._sheet), start=1), self.first_row - 1, None)
        while batch := list(islice(rows, BATCH_ROWS)):
            if self.options.hidden_rows == "drop":
                hidden_n += sum(number in scan.hidden for number, _ in batch)
                batch = [(number, row) for number, row in batch if number not in scan.hidden]
            texts = [_as_texts([row[at] if at < len(row) else "" for _, row in batch]) for at in columns]
            numbers = np.array([number for number, _ in batch], dtype=np.int64)
            faults = []
            for number in numbers.tolist():
                for at, kind in scan.faulty.get(number, ()):
                    if at in columns:
                        faults.append(_cell_fault(number, at, kind))
            made = drop_empty_rows(RowBatch(numbers, texts, faults))
            hidden = [number for number in made.rows.tolist() if number in scan.hidden]
            if self.options.hidden_rows == "refuse":
                faults += [RowFault(number, "", *_HIDDEN) for number in hidden]
            hidden_n += len(hidden)
            self.share_read = min(batch[-1][0] / total, 1.0) if batch else self.share_read
            yield made
        note = f"{hidden_n} hidden rows are {'left out' if self.options.hidden_rows == 'drop' else 'read'}"
        if hidden_n and note not in self.notes:
            self.notes.append(note)


_HIDDEN = (
    "the row is hidden, by a filter or by hand",
    "show all rows and save, or write `hidden_rows: read` or `hidden_rows: drop` under `file:` in the mapping",
)


def _trim(rows: list[list[str]]) -> list[list[str]]:
    """Leave out the empty cells at the right end of all rows."""
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in rows] or [[]]


def _as_texts(values: list[Any]) -> pa.StringArray:
    """Write cells as `text_of` does; the same number is written once."""
    known: dict[float, str | None] = {}
    texts: list[str | None] = []
    for value in values:
        if type(value) is str:
            texts.append(value.strip() or None)
        elif type(value) is float:
            if value not in known:
                known[value] = text_of(value)
            texts.append(known[value])
        else:
            texts.append(text_of(value))
    return pa.array(texts, type=pa.string())


def _cell_fault(row: int, column: int, kind: str) -> RowFault:
    return RowFault(
        row,
        f"cell {name_cell(row, column)}",
        "a formula, not a value" if kind == "formula" else "an error value such as #N/A",
        "copy the column and paste it back as values, then save"
        if kind == "formula"
        else "write the value itself, or leave the cell empty",
    )


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
    shared = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
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

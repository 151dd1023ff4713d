"""Text tables: encoding and delimiter are found, rows are streamed by pyarrow."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from dimios_core.errors import InputError
from dimios_core.responses.encodings import (
    AS_UTF8,
    CODECS,
    HEAD_BYTES,
    TWICE_ENCODED,
    TWICE_ENCODED_SAYS,
    find_encoding,
)
from dimios_core.responses.source_tables import (
    RAGGED_ROWS_LIMIT,
    FileOptions,
    RowBatch,
    RowFault,
    SourceTable,
    drop_empty_rows,
)

DELIMITERS = (";", ",", "\t")
DELIMITER_NAMES = {";": "semicolon", ",": "comma", "\t": "tab"}
BATCH_BYTES = 4 * 2**20
SNIFFED_ROWS = 20


class CsvTable(SourceTable):
    """A CSV file (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252)."""

    def __init__(self, path: Path, options: FileOptions, expected: Sequence[str] = ()) -> None:
        label = path.name
        self.encoding = find_encoding(path, label, options.encoding)
        super().__init__(path, label, [], options)
        text = self._head_text()
        if TWICE_ENCODED.search(text):
            raise self.fail(TWICE_ENCODED_SAYS, "export it again from the survey tool, as UTF-8")
        lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
        body = "".join(lines[options.header_row - 1 :])
        if not body.strip():
            raise self.fail(
                f"there is no row {options.header_row} to take the column names from",
                "export the file again, or mend `header_row` under `file:` in the mapping",
            )
        self._text = text
        self.delimiter = options.delimiter
        if self.delimiter == "auto":
            self.delimiter = _find_delimiter(body, expected)
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=self.delimiter)
        try:
            self.name_columns([[name.strip() for name in next(reader)] for _ in range(options.header_rows)])
        except (csv.Error, StopIteration) as error:
            raise self.fail(
                f"the column names cannot be read ({error or 'there are too few rows'})",
                "export the file again as CSV",
            ) from error
        self._lines_skipped = options.header_row - 1 + reader.line_num

    def _head_text(self) -> str:
        with self.path.open("rb") as file:
            block = file.read(HEAD_BYTES)
        whole = len(block) < HEAD_BYTES
        decoder = codecs.getincrementaldecoder(CODECS[self.encoding])(
            "replace" if self.encoding != "windows-1252" else "strict"
        )
        try:
            text = decoder.decode(block, final=whole)
        except UnicodeDecodeError as error:
            raise self._undecodable(1 + block.count(b"\n", 0, error.start)) from error
        if not whole and "\n" not in text and "\r" not in text:
            raise self.fail(
                "there is no line break in the first megabyte, so it is no table",
                "export the answers again as CSV or XLSX",
            )
        return text

    def _undecodable(self, line: int | None = None) -> InputError:
        return self.fail(
            "the text is neither UTF-8 nor Windows-1252", AS_UTF8, "" if line is None else f", line {line}"
        )

    def head(self, rows_n: int) -> list[list[str]]:
        """Return the file's first rows as text; see `SourceTable.head`."""
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(self._text, newline=""), delimiter=self.delimiter):
                if len(rows) == rows_n:
                    break
                rows.append([cell.strip() for cell in row])
        except csv.Error:
            pass  # the head is for hints only; what could be read is enough
        return rows

    def batches(self, columns: Sequence[int]) -> Iterator[RowBatch]:
        """Stream the given columns; see `SourceTable.batches`. Rows are counted as records, as Excel does."""
        size = max(self.path.stat().st_size, 1)
        names = [f"c{i}" for i in range(len(self.header))]
        wanted = [names[i] for i in columns]
        ragged: dict[int, RowFault] = {}
        header_row, skipped = self.options.header_row + self.options.header_rows - 1, self._lines_skipped

        def note_ragged(invalid: pacsv.InvalidRow) -> str:
            row = invalid.number - skipped + header_row
            text = invalid.text or ""
            cells = next(csv.reader([text], delimiter=self.delimiter), [])
            what = (
                f"the row has {invalid.actual_columns} cells where the header has {invalid.expected_columns}"
            )
            if text.count('"') % 2:
                what = "a double quote is opened and never closed"
            remedy = "put cells that hold the delimiter or a line break in double quotes, or mend the row"
            ragged[row] = RowFault(row, "", what, remedy, tuple(cells))
            return "skip" if len(ragged) <= RAGGED_ROWS_LIMIT else "error"

        with self.path.open("rb") as file:
            source: object = file
            if self.encoding != "utf-8":
                source = pa.transcoding_input_stream(
                    pa.PythonFile(file, mode="r"), CODECS[self.encoding], "utf-8"
                )
            try:
                with pacsv.open_csv(
                    source,
                    read_options=pacsv.ReadOptions(
                        use_threads=False, block_size=BATCH_BYTES, skip_rows=skipped, column_names=names
                    ),
                    parse_options=pacsv.ParseOptions(
                        delimiter=self.delimiter,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=note_ragged,
                    ),
                    convert_options=pacsv.ConvertOptions(
                        include_columns=wanted,
                        column_types=dict.fromkeys(names, pa.string()),
                        strings_can_be_null=True,
                        null_values=[""],
                    ),
                ) as reader:
                    yield from self._numbered(reader, ragged, lambda: file.tell() / size)
            except pa.ArrowInvalid as error:
                yield from self._empty_or_error(error, ragged)
            except UnicodeDecodeError as error:
                raise self._undecodable() from error

    def _empty_or_error(self, error: pa.ArrowInvalid, ragged: dict[int, RowFault]) -> Iterator[RowBatch]:
        if "Empty CSV file" in str(error):
            if ragged:
                yield RowBatch(np.empty(0, np.int64), [], list(ragged.values()))
            return
        if len(ragged) > RAGGED_ROWS_LIMIT:
            raise self.fail(
                f"more than {RAGGED_ROWS_LIMIT} rows have another number of cells than the header"
                f" (read with {DELIMITER_NAMES.get(self.delimiter, 'the mapping’s delimiter')} as delimiter)",
                "give the right `delimiter` under `file:` in the mapping, or export the file again",
            ) from error
        raise self.fail(
            "the rows cannot be read: a cell is opened with a double quote that is never closed,"
            " or a line is longer than any answer",
            "export the file again as CSV, or mend the quotes",
        ) from error

    def _numbered(
        self, reader: pacsv.CSVStreamingReader, ragged: dict[int, RowFault], share: Callable[[], float]
    ) -> Iterator[RowBatch]:
        """Give each row its number; the rows that the reader skipped as ragged count too."""
        next_row = self.options.header_row + self.options.header_rows
        for record_batch in reader:
            if not record_batch.num_rows:
                continue
            rows = np.arange(next_row, next_row + record_batch.num_rows, dtype=np.int64)
            faults = []
            for row in sorted(ragged):
                if row > rows[-1]:
                    break  # the reader is ahead: it belongs to a later batch
                rows[rows >= row] += 1
                faults.append(ragged.pop(row))
            next_row = int(rows[-1]) + 1
            self.share_read = min(share(), 1.0)
            yield drop_empty_rows(_from_row(RowBatch(rows, record_batch.columns, faults), self.first_row))
        if ragged:
            yield RowBatch(np.empty(0, np.int64), [], list(ragged.values()))


def _from_row(batch: RowBatch, first_row: int) -> RowBatch:
    if batch.rows[0] >= first_row:
        return batch
    keep = batch.rows >= first_row
    faults = [fault for fault in batch.faults if fault.row >= first_row]
    return RowBatch(batch.rows[keep], [c.filter(pa.array(keep)) for c in batch.columns], faults)


def _find_delimiter(body: str, expected: Sequence[str]) -> str:
    """Choose the delimiter that gives most of the expected names, then the steadiest and most cells."""
    wanted = {name.casefold() for name in expected}

    def judge(delimiter: str) -> tuple[int, float, int]:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter):
                if row:
                    rows.append(row)
                if len(rows) == SNIFFED_ROWS:
                    break
        except csv.Error:
            pass
        if not rows:
            return 0, 0.0, 0
        header = {name.strip().casefold() for name in rows[0]}
        steady = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        return len(wanted & header), steady if len(rows[0]) > 1 else 0.0, len(rows[0])

    return max(DELIMITERS, key=judge)

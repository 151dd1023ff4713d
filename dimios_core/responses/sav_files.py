"""SPSS files: read in chunks, values replaced by their labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dimios_core.responses.encodings import TWICE_ENCODED, TWICE_ENCODED_SAYS
from dimios_core.responses.source_tables import FileOptions, RowBatch, SourceTable, drop_empty_rows, text_of

BATCH_ROWS = 50_000
#: names of encodings as the reader of SPSS files knows them
ENCODINGS = {
    "utf-8": "UTF-8",
    "windows-1252": "WINDOWS-1252",
    "utf-16": "UTF-16",
    "mac-roman": "MACINTOSH",
    "cp850": "CP850",
}


class SavTable(SourceTable):
    """An SPSS data file (.sav or .zsav).

    A value with a label becomes the label, a missing value declared in the file too, if it has a
    label ("don't know" is often declared missing); a declared missing value without a label is empty.
    The row number is the case number.
    """

    def __init__(self, path: Path, options: FileOptions | None = None, coded: Collection[str] = ()) -> None:
        # the names of the variables are no row of their own: row 1 is the first case, as SPSS shows it
        super().__init__(path, path.name, [], replace(options or FileOptions(), header_row=0, header_rows=1))
        self._coded = {name.casefold() for name in coded} if self.options.values == "codes" else set()
        _, meta = self._read(metadataonly=True)
        self.header = list(meta.column_names)
        self._rows_n = meta.number_rows or 0
        self.variable_labels: dict[str, str] = {k: v for k, v in meta.column_names_to_labels.items() if v}
        self._labels: dict[str, dict[Any, str]] = meta.variable_value_labels
        self.value_labels = {
            name: {code: label for code, label in labels.items() if isinstance(code, int | float)}
            for name, labels in self._labels.items()
            if name.casefold() not in self._coded
        }
        words = [*self.variable_labels.values(), *(v for own in self._labels.values() for v in own.values())]
        self._check_letters([str(word) for word in (*self.header, *words)])
        if not self.header:
            raise self.fail("the file has no variables", "export the answers again as .sav")

    def _read(self, **arguments: Any) -> tuple[pd.DataFrame, Any]:
        import pyreadstat  # reports import this room for their worksheets, and never read such a file

        try:
            return pyreadstat.read_sav(
                self.path, user_missing=True, encoding=ENCODINGS.get(self.options.encoding), **arguments
            )
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError) as error:
            if any(
                word in str(error).lower()
                for word in ("requested encoding", "codec", "unsupported character")
            ):
                raise self.fail(
                    "the texts are not in the encoding that the file names"
                    if self.options.encoding == "auto"
                    else f"the texts are not in the encoding that the mapping names ({self.options.encoding})",
                    "write `encoding: windows-1252` (or utf-8, mac-roman, cp850) under `file:` in the mapping",
                ) from error
            if isinstance(error, OverflowError) or any(
                word in str(error).lower() for word in ("date value", "year", "out of range", "date")
            ):
                raise self.fail(
                    "a date lies outside the years 1 to 9999",
                    "correct the dates in SPSS, or export the file without that variable",
                ) from error
            raise self.fail(
                "the SPSS file is damaged or cut short", "export it again from SPSS, or fetch it again"
            ) from error

    def _check_letters(self, texts: Collection[str]) -> None:
        if TWICE_ENCODED.search("\n".join(texts)):
            raise self.fail(
                TWICE_ENCODED_SAYS,
                "write `encoding: utf-8` under `file:` in the mapping, or export the file again from SPSS",
            )

    def head(self, rows_n: int) -> list[list[str]]:
        """Return the header and the first cases as text; see `SourceTable.head`."""
        rows = [self.header]
        batch = next(self.batches(range(len(self.header))), None)
        if batch is not None:
            table = [column.slice(0, rows_n - 1).to_pylist() for column in batch.columns]
            rows += [[cell or "" for cell in row] for row in zip(*table, strict=True)]
        return rows

    def batches(self, columns: Sequence[int]) -> Iterator[RowBatch]:
        """Stream the given columns; see `SourceTable.batches`."""
        names = [self.header[at] for at in columns]
        done = 0
        while True:
            # without a row limit pyreadstat would read all of it
            frame, meta = self._read(usecols=names, row_offset=done, row_limit=BATCH_ROWS)
            if not len(frame):
                break
            texts = [self._as_text(frame[name], meta.missing_ranges.get(name, [])) for name in names]
            rows = np.arange(done, done + len(frame), dtype=np.int64) + self.first_row
            done += len(frame)
            self.share_read = min(done / max(self._rows_n, 1), 1.0)
            yield drop_empty_rows(RowBatch(rows, texts))
            if len(frame) < BATCH_ROWS:
                break
        if done < self._rows_n:
            raise self.fail(
                f"the SPSS file is cut short: it announces {self._rows_n} cases and holds {done}",
                "export it again from SPSS, or fetch it again",
            )

    def _as_text(self, values: pd.Series, missing: list[dict[str, Any]]) -> pa.StringArray:
        """Turn a variable into text: its labels where it has them, else the value itself."""
        coded = str(values.name).casefold() in self._coded
        labels = self._labels.get(str(values.name), {})
        codes, distinct = pd.factorize(values, use_na_sentinel=True)
        texts = [
            text_of(value)
            if coded and value in labels
            else labels.get(value) or (None if _declared(value, missing) else text_of(value))
            for value in distinct
        ]
        texts = [text.strip() or None if text else None for text in texts]
        if values.dtype.kind not in "fiu":
            self._check_letters([text for text in texts if text])
        return pa.array(texts, type=pa.string()).take(pa.array(codes, mask=codes < 0))


def _declared(value: Any, missing: list[dict[str, Any]]) -> bool:
    for span in missing:
        try:
            if span["lo"] <= value <= span["hi"]:
                return True
        except TypeError:  # a text in a numeric span, or the other way round
            continue
    return False

"""SPSS files: read in chunks, values replaced by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dimios_core.responses.source_tables import FileOptions, RowBatch, SourceTable, drop_empty_rows, text_of

BATCH_ROWS = 50_000


class SavTable(SourceTable):
    """An SPSS data file (.sav or .zsav).

    A value with a label becomes the label, a missing value declared in the file too, if it has a
    label ("don't know" is often declared missing); a declared missing value without a label is empty.
    The row number is the case number.
    """

    def __init__(self, path: Path) -> None:
        # the names of the variables are no row of their own: row 1 is the first case, as SPSS shows it
        super().__init__(path, path.name, [], FileOptions(header_row=0))
        _, meta = self._read(metadataonly=True)
        self.header = list(meta.column_names)
        self._rows_n = meta.number_rows or 0
        self._labels: dict[str, dict[Any, str]] = meta.variable_value_labels
        if not self.header:
            raise self.fail("the file has no variables", "export the answers again as .sav")

    def _read(self, **arguments: Any) -> tuple[pd.DataFrame, Any]:
        import pyreadstat  # reports import this room for their worksheets, and never read such a file

        try:
            return pyreadstat.read_sav(self.path, user_missing=True, **arguments)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError) as error:
            raise self.fail(
                "the SPSS file is damaged or cut short", "export it again from SPSS, or fetch it again"
            ) from error

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
        labels = self._labels.get(str(values.name), {})
        codes, distinct = pd.factorize(values, use_na_sentinel=True)
        texts = [
            labels.get(value) or (None if _declared(value, missing) else text_of(value)) for value in distinct
        ]
        texts = [text.strip() or None if text else None for text in texts]
        return pa.array(texts, type=pa.string()).take(pa.array(codes, mask=codes < 0))


def _declared(value: Any, missing: list[dict[str, Any]]) -> bool:
    for span in missing:
        try:
            if span["lo"] <= value <= span["hi"]:
                return True
        except TypeError:  # a text in a numeric span, or the other way round
            continue
    return False

"""What every input file becomes: a header, and a stream of batches of text columns with their row numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from dimios_core.errors import InputError, Problem

#: between the rows of a header that are joined to one name
HEADER_JOINT = " - "
#: a file whose rows do not fit the header is given up after this many of them
RAGGED_ROWS_LIMIT = 10_000


@dataclass(frozen=True)
class FileOptions:
    """How to read a file; "auto" and None mean that the reader finds out.

    Parameters
    ----------
    encoding : str
        "auto", "utf-8", "windows-1252", "utf-16", "mac-roman" or "cp850"; text files, and all but "auto" SPSS files.
    delimiter : str
        "auto", ";", "," or a tab; text files only.
    sheet : str or None
        Name of the sheet of a workbook; None is the first one.
    header_row : int
        Row of the column names, from 1.
    header_rows : int
        How many rows the column names take: with 2, a question and below it its parts.
    skip_after_header : int
        Rows to leave out after the header (some tools write the question's wording there).
    hidden_rows : str
        What to do with rows that a workbook hides: "refuse", "read" or "drop".
    values : str
        "labels" or "codes": what SPSS answers are told by. Other columns have their labels always.
    """

    encoding: str = "auto"
    delimiter: str = "auto"
    sheet: str | None = None
    header_row: int = 1
    header_rows: int = 1
    skip_after_header: int = 0
    hidden_rows: str = "refuse"
    values: str = "labels"


@dataclass(frozen=True)
class RowFault:
    """A row that the reader itself could not take, such as one with too many cells or a formula.

    `cells` are the row's cells where the batch does not carry the row.
    """

    row: int
    where: str
    what: str
    remedy: str
    cells: tuple[str, ...] | None = None


@dataclass(frozen=True)
class RowBatch:
    """Some consecutive rows.

    Parameters
    ----------
    rows : numpy.ndarray of int64, shape (n,)
        Row numbers as a spreadsheet shows them; the header counts.
    columns : list of pyarrow.StringArray, each of length n
        In the order asked for; an empty cell is null.
    faults : list of RowFault
        Rows, here or left out, that the reader objects to.
    """

    rows: np.ndarray
    columns: list[pa.StringArray]
    faults: list[RowFault] = field(default_factory=list)


class SourceTable(ABC):
    """An opened file: `header` is known, rows are read when asked for, as often as asked for."""

    def __init__(self, path: Path, label: str, header: list[str], options: FileOptions) -> None:
        self.path = path
        self.label = label
        self.header = header
        self.options = options
        #: what a column may be called besides its name in `header`: its question, or its part of it
        self.other_names: list[tuple[str, ...]] = []
        #: labels by value and by column, in SPSS files
        self.value_labels: dict[str, dict[float, str]] = {}
        #: what a reader should know of the file, and no fault
        self.notes: list[str] = []
        #: share of the file that the running `batches` has read, 0-1
        self.share_read = 0.0

    @property
    def first_row(self) -> int:
        """Row number of the first row of data."""
        return self.options.header_row + self.options.header_rows + self.options.skip_after_header

    def name_columns(self, rows: Sequence[Sequence[str]]) -> None:
        """Set `header` from its rows; of two, a question goes on over the empty cells beside it."""
        width = max((len(row) for row in rows), default=0)
        padded = [[*row, *[""] * (width - len(row))] for row in rows]
        if len(padded) == 1:
            self.header = padded[0]
            return
        *above, last = padded
        filled: list[list[str]] = []
        for row in above:
            filled.append([])
            for cell in row:
                filled[-1].append(cell or (filled[-1][-1] if filled[-1] else ""))
        names = [[*dict.fromkeys(n for n in column if n)] for column in zip(*filled, last, strict=True)]
        self.header = [HEADER_JOINT.join(parts) for parts in names]
        self.other_names = [tuple(n for n in own if n) for own in zip(*padded, strict=True)]

    @abstractmethod
    def batches(self, columns: Sequence[int]) -> Iterator[RowBatch]:
        """Stream the given columns (positions in `header`); rows without any value are left out.

        Raises
        ------
        InputError
            Where the file cannot be read further.
        """

    @abstractmethod
    def head(self, rows_n: int) -> list[list[str]]:
        """Return the file's first rows, the header among them, as text."""

    def fail(self, what: str, remedy: str, where: str = "") -> InputError:
        """Return the error for a fault of the file as a whole."""
        return InputError(Problem(f"{self.label}{where}", what, remedy))


def drop_empty_rows(batch: RowBatch) -> RowBatch:
    """Leave out rows in which every column asked for is empty (spreadsheets add them at the end)."""
    if not batch.columns or not len(batch.rows):
        return batch
    empty = np.ones(len(batch.rows), dtype=bool)
    for column in batch.columns:
        if column.null_count == 0:
            return batch
        empty &= column.is_null().to_numpy(zero_copy_only=False)
        if not empty.any():
            return batch
    keep = pa.array(~empty)
    return RowBatch(batch.rows[~empty], [column.filter(keep) for column in batch.columns], batch.faults)


def text_of(value: object) -> str | None:
    """Write a cell of a workbook or an SPSS file as the text that the same cell has in a CSV file.

    Whole numbers lose their ".0", dates are ISO 8601 (without a time at midnight), empty is None.

    Examples
    --------
    >>> text_of(5.0), text_of(3.5), text_of("  x "), text_of("")
    ('5', '3.5', 'x', None)
    """
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | np.number):
        number = float(value)
        if np.isnan(number):
            return None
        return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
    iso = getattr(value, "isoformat", None)
    return str(value) if iso is None else iso().replace("T", " ").removesuffix(" 00:00:00")

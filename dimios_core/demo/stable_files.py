"""Writing files whose bytes depend on nothing but their content: no clock, no machine."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

from dimios_core.archives import workbook_bytes
from dimios_core.replacing import write_whole

#: where a .sav file's header keeps the date and time of its creation, and what stands there instead
SAV_CLOCK, SAV_FIXED_CLOCK = slice(92, 109), b"01 Jan 0000:00:00"


def write_text(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    encoding: str,
    delimiter: str,
    quoting: Any = csv.QUOTE_MINIMAL,
) -> None:
    """Write rows as delimited text with Windows line ends, in the encoding given."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    write_whole(path, buffer.getvalue().encode(encoding))


def start_workbook() -> openpyxl.Workbook:
    """Return an empty workbook to append rows to (it is written row by row, and has no sheet yet)."""
    return openpyxl.Workbook(write_only=True)


def save_workbook(book: openpyxl.Workbook, path: Path) -> None:
    """Write a workbook without the times that openpyxl and zip put into it."""
    write_whole(path, workbook_bytes(book))


def save_spss(frame: pd.DataFrame, path: Path, **settings: Any) -> None:
    """Write a .sav file without the time of its creation (`settings` as in `pyreadstat.write_sav`)."""
    temporary = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        pyreadstat.write_sav(frame, temporary, **settings)
        content = bytearray(temporary.read_bytes())
    finally:
        temporary.unlink(missing_ok=True)
    content[SAV_CLOCK] = SAV_FIXED_CLOCK
    write_whole(path, bytes(content))

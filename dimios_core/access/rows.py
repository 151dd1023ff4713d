"""Lists that somebody keeps in a spreadsheet: CSV with a header, commas or semicolons."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from dimios_core.errors import InputError, Problem


def read_rows(path: Path, columns: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return each row's place, for messages, and its cells in the given columns, without spaces around them.

    Raises
    ------
    InputError
        The file cannot be read, a column is missing, or there is no row; all problems at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        header = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",")
        names = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = names
        rows = [
            (f"{path}, row {reader.line_num}", [(row.get(c) or "").strip() for c in columns])
            for row in reader
        ]
    except (OSError, ValueError, csv.Error) as error:
        what = getattr(error, "strerror", None) or "it is no CSV file in UTF-8"
        remedy = "name a file that is there, saved as CSV in UTF-8"
        raise InputError(Problem(str(path), f"it cannot be read ({what})", remedy)) from None
    problems = [
        Problem(str(path), f"the column {c} is missing", f"begin the file with {','.join(columns)}")
        for c in columns
        if c not in names
    ]
    if not problems and not rows:
        problems.append(Problem(str(path), "nobody stands in it", "write a row for each reader"))
    if problems:
        raise InputError(problems)
    return rows

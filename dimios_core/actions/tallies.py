"""Tallies: how many of a group chose each answer to a few statements; counts alone, of nobody (CSV or XLSX). Not stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.languages import formats_of
from dimios_core.responses.labels import normalise_label, suggest
from dimios_core.responses.register_files import read_rows

ID, STATEMENT, DONT_KNOW = "id", "statement", "dont_know"
#: headers of a file, as `normalise_label` writes them
HEADERS = {"id": ID, "beteckning": ID, "vet ej": DONT_KNOW, "don't know": DONT_KNOW, "dont_know": DONT_KNOW}
#: a seminar has fewer people
COUNT_MAX = 10_000


def write_tally(
    statements: Mapping[str, str], answers_n: int, named: tuple[str, str, str], language: str
) -> str:
    """Write an empty tally as CSV text: semicolons where a comma is decimal. To be saved as UTF-8 with byte order mark.

    Parameters
    ----------
    statements : mapping of str to str
        Statement by id.
    answers_n : int
        Answers from 1 on.
    named : (id, statement, don't know)
        What these columns are called.
    language : str
    """
    text = io.StringIO(newline="")
    delimiter = ";" if formats_of(language).comma_is_decimal else ","
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([*named[:2], *range(1, answers_n + 1), named[2]])
    writer.writerows([i, defuse(statement), *[""] * (answers_n + 1)] for i, statement in statements.items())
    return text.getvalue()


def read_tally(path: Path, statements: Sequence[str], answers_n: int) -> np.ndarray:
    """Read a tally and check every cell.

    Parameters
    ----------
    path : Path
        A row a statement: `id` (or `beteckning`), columns 1, 2, … and `vet ej` (or `don't know`, which may be missing); other
        columns are left alone. An empty cell is 0.
    statements : sequence of str
        The ids that there are; each needs a row.
    answers_n : int

    Returns
    -------
    int array (statements, answers_n + 1)
        Counts, "don't know" last, in the order of `statements`.

    Raises
    ------
    InputError
        Every fault of the file, with row and column.
    """
    columns = [ID, *(str(i) for i in range(1, answers_n + 1)), DONT_KNOW]
    rows = read_rows(path, HEADERS | {c: c for c in columns}, columns, {DONT_KNOW})
    counts = np.zeros((len(statements), answers_n + 1), dtype=int)
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for row in rows:
        name = normalise_label(row.cells[ID])
        if name not in statements:
            what = f"there is no statement {row.cells[ID]!r}{suggest(name, statements)}"
            problems.append(row.problem(ID, what, f"use one of: {', '.join(statements)}"))
        elif name in seen:
            what = f"the statement is in row {seen[name]}, too"
            problems.append(row.problem(ID, what, "keep one of the rows"))
        else:
            seen[name] = row.number
            for at, column in enumerate(columns[1:]):
                text = row.cells[column] or "0"
                if text.isascii() and text.isdigit() and int(text) <= COUNT_MAX:
                    counts[list(statements).index(name), at] = int(text)
                else:
                    problems.append(row.problem(column, "it is no count", "write how many, such as 7"))
    missing = [s for s in statements if s not in seen]
    if missing and not problems:
        what = f"there is no row for {', '.join(missing)}"
        problems.append(
            Problem(path.name, what, "count every statement, with 0 where nobody chose an answer")
        )
    if problems:
        raise InputError(problems)
    return counts

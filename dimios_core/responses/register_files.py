"""Read a register file into rows of named cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dimios_core.characters import REMEDY, find_refused
from dimios_core.errors import InputError, Problem
from dimios_core.responses.files import open_table
from dimios_core.responses.labels import normalise_label, suggest

#: organisations, units and invited groups of a whole country are fewer
ROWS_LIMIT = 1_000_000


@dataclass(frozen=True)
class RegisterRow:
    """One row of a register file: its cells by column, "" where empty."""

    label: str
    number: int
    cells: dict[str, str]
    headers: Mapping[str, str]

    def problem(self, column: str, what: str, remedy: str) -> Problem:
        """Return a fault of one of the row's cells."""
        return Problem(
            f"{self.label}, row {self.number}, column {self.headers.get(column, column)}", what, remedy
        )


def read_rows(
    path: Path, headers: Mapping[str, str], columns: Sequence[str], optional: Collection[str]
) -> list[RegisterRow]:
    """Read the rows of a register file.

    Parameters
    ----------
    headers : mapping of str to str
        Accepted header, as `normalise_label` writes it, to column.
    columns : sequence of str
        Columns to read; others of the file are left alone.
    optional : collection of str
        Columns that the file may lack.

    Raises
    ------
    InputError
        Columns missing or given twice, no rows, rows that do not fit, characters that nobody sees, or a file that cannot
        be read.
    """
    wanted = [header for header, column in headers.items() if column in columns]
    table = open_table(path, expected=wanted)
    problems: list[Problem] = []
    found: dict[str, int] = {}
    for at, header in enumerate(table.header):
        column = headers.get(normalise_label(header))
        if column not in columns:
            continue
        if column in found:
            problems.append(
                Problem(
                    f"{table.label}, column {header}",
                    f"the column {column} is there twice",
                    "keep one of the two columns",
                )
            )
        found[str(column)] = at
    for column in columns:
        if column not in found and column not in optional:
            names = [header for header in wanted if headers[header] == column]
            near = next(
                (s for s in (suggest(column, table.header), suggest(names[0], table.header)) if s), ""
            )
            problems.append(
                Problem(
                    table.label,
                    f"the column {' / '.join(names)} is missing{near}",
                    "add it, or mend its name",
                )
            )
    if problems:
        raise InputError(problems)
    shown = {column: table.header[at] for column, at in found.items()}
    rows: list[RegisterRow] = []
    for batch in table.batches(list(found.values())):
        problems += [
            Problem(
                f"{table.label}, row {fault.row}{', ' + fault.where if fault.where else ''}",
                fault.what,
                fault.remedy,
            )
            for fault in batch.faults
        ]
        texts = [column.to_pylist() for column in batch.columns]
        for i, number in enumerate(batch.rows.tolist()):
            cells = dict.fromkeys(columns, "")
            for column, values in zip(found, texts, strict=True):
                cells[column] = (values[i] or "").strip()
            row = RegisterRow(table.label, number, cells, shown)
            problems += [
                row.problem(column, what, REMEDY)
                for column, text in cells.items()
                if (what := find_refused(text)) is not None
            ]
            rows.append(row)
        if len(rows) > ROWS_LIMIT:
            raise table.fail(f"more than {ROWS_LIMIT} rows", "check that it is the right file")
    if not rows and not problems:
        problems.append(
            Problem(table.label, "there are no rows under the header", "check that it is the right file")
        )
    if problems:
        raise InputError(problems)
    return rows

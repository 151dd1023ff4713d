"""Read a staff list (CSV or a workbook): a table of texts, with what no list may hold told by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dimios_core.actions.choices import label_names
from dimios_core.characters import REMEDY, UNSEEN
from dimios_core.errors import InputError, Problem
from dimios_core.languages import load_texts
from dimios_core.responses.files import open_table
from dimios_core.responses.labels import normalise_label
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.source_tables import SourceTable

#: column -> what it may be called in Swedish and English beside what the workbook calls it, as `normalise_label` writes it; the first
#: is what messages call it
HEADERS = {
    "name": ("namn", "name", "fullständigt namn", "full name"),
    "email": ("e-post", "epost", "e-postadress", "epostadress", "mejl", "mail", "e-mail", "email"),
    "person_id": ("person-id", "personid", "anställningsnummer", "anställnings-id", "person id", "employee number", "employee id"),
    "unit": ("enhet", "unit"),
    "title": ("titel", "befattning", "title", "position"),
    "role": ("roll", "role"),
    "language": ("språk", "language"),
    "draw": ("urval", "draw", "selection"),
}  # fmt: skip
NEEDED = ("name",)
#: in a staff list nobody writes several lines in a cell
_REFUSED = re.compile(f"{UNSEEN.pattern}|[\t\r\n]")
#: people of the largest organisations are fewer
ROWS_LIMIT = 1_000_000


@dataclass(frozen=True)
class StaffList:
    """A staff list as it was written.

    Attributes
    ----------
    label : str
        The file, and its sheet, in messages.
    rows : int array (people,)
        Row numbers as a spreadsheet shows them.
    columns : dict of str to pyarrow.StringArray, each (people,)
        All of `HEADERS`, trimmed, "" where empty or where the list has no such column.
    shown : dict of str to str
        What the list calls a column.
    """

    label: str
    rows: np.ndarray
    columns: dict[str, pa.StringArray]
    shown: dict[str, str]

    def where(self, column: str) -> str:
        """Return the place of a column in messages."""
        return f"column {self.shown.get(column, HEADERS[column][0])}"

    def take(self, kept: np.ndarray) -> StaffList:
        """Return some of the people; `kept` is bool (people,)."""
        mask = pa.array(kept)
        columns = {name: column.filter(mask) for name, column in self.columns.items()}
        return StaffList(self.label, self.rows[kept], columns, self.shown)


def label_columns() -> dict[str, str]:
    """Return what columns may be called (normalised), in the words of every language there is, and which they are."""

    def names(language: str) -> dict[str, str]:
        words = load_texts(language)["survey"]["columns"]
        return {column: words[column] for column in HEADERS}

    return label_names(names) | {header: column for column, headers in HEADERS.items() for header in headers}


def read_staff(path: Path) -> tuple[StaffList, ProblemList]:
    """Read a staff list.

    Parameters
    ----------
    path : pathlib.Path
        CSV or a workbook (the sheet with most of the columns); one column name a column, in any order, others are left alone.

    Returns
    -------
    StaffList
    ProblemList
        Rows that do not fit the header, and cells with characters that nobody sees; to be added to.

    Raises
    ------
    InputError
        The file cannot be read, has no column of names, neither titles nor roles, a column twice, or nobody in it.
    """
    named = label_columns()
    table = open_table(path, expected=list(named))
    found = _find_columns(table, named)
    problems = ProblemList(table.label)
    numbers: list[np.ndarray] = []
    parts: dict[str, list[pa.StringArray]] = {column: [] for column in found}
    for batch in table.batches(list(found.values())):
        for fault in batch.faults:
            problems.add_rows(np.array([fault.row]), fault.where, fault.what, fault.remedy)
        if len(batch.rows):
            numbers.append(batch.rows)
            for column, texts in zip(found, batch.columns, strict=True):
                parts[column].append(texts)
    rows = np.concatenate(numbers) if numbers else np.empty(0, np.int64)
    if len(rows) > ROWS_LIMIT:
        raise table.fail(f"more than {ROWS_LIMIT} rows", "check that it is the right file")
    if not len(rows) and not problems:
        raise table.fail(
            "there are no rows under the header", "fill it in, or check that it is the right file"
        )
    columns = {c: _join(parts.get(c, []), len(rows)) for c in HEADERS}
    staff = StaffList(table.label, rows, columns, {c: table.header[at] for c, at in found.items()})
    for column in found:
        _find_unseen(staff, column, problems)
    return staff, problems


def _find_columns(table: SourceTable, named: dict[str, str]) -> dict[str, int]:
    problems: list[Problem] = []
    found: dict[str, int] = {}
    for at, header in enumerate(table.header):
        column = named.get(normalise_label(header))
        if column in found:
            what = f"the column {column} is there twice"
            problems.append(Problem(f"{table.label}, column {header}", what, "keep one of the two columns"))
        elif column:
            found[column] = at
    missing = [HEADERS[c][:2] for c in NEEDED if c not in found]
    missing += [("titel", "title", "roll", "role")] if not found.keys() & {"title", "role"} else []
    problems += [
        Problem(table.label, f"the column {' / '.join(names)} is missing", "add it, or mend its name")
        for names in missing
    ]
    if problems:
        raise InputError(problems)
    return found


def _join(parts: list[pa.StringArray], rows_n: int) -> pa.StringArray:
    if not parts:
        return pa.array([""] * rows_n, pa.string())
    whole = pa.chunked_array(parts, pa.string()).combine_chunks()
    return pc.utf8_trim_whitespace(whole.fill_null(""))


def _find_unseen(staff: StaffList, column: str, problems: ProblemList) -> None:
    """Note cells with characters that nobody sees; all cells are looked through as one text first."""
    texts = staff.columns[column].to_pylist()
    if _REFUSED.search(" ".join(texts)) is None:
        return
    hit = np.fromiter((_REFUSED.search(text) is not None for text in texts), bool, len(texts))
    what = "the text holds characters that nobody sees, or ends of lines"
    problems.add_rows(staff.rows[hit], staff.where(column), what, REMEDY)

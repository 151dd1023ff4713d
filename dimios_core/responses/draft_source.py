"""An export whose mapping is drafted: its sheet and header, what its columns are, and the texts that stand in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pyarrow as pa

from dimios_core.errors import InputError
from dimios_core.instrument import Instrument
from dimios_core.responses.draft_columns import FoundColumns, find_columns
from dimios_core.responses.encodings import likely_encoding
from dimios_core.responses.files import open_table
from dimios_core.responses.labels import normalise_label, parse_number
from dimios_core.responses.lookups import UNKNOWN, factorise, organisation_lookup, role_lookup
from dimios_core.responses.mapping import Source
from dimios_core.responses.register import Register
from dimios_core.responses.source_tables import FileOptions, SourceTable

#: rows that may be a header's
HEADER_ROWS = 5
#: distinct texts of a column that are looked at
TEXTS_LIMIT = 60
#: of the texts of a column that is taken by what stands in it, so many are known
KNOWN_SHARE = 0.5
#: what stands under a question that is one column
_KINDS_OF_ANSWER = {"response", "open-ended response", "svar", "öppet svar"}
_IMPORT_ID = re.compile(r'\{"ImportId"')


class DraftSource:
    """Opens exports so that most is understood."""

    def __init__(self, files: Sequence[Path], instrument: Instrument, register: Register) -> None:
        self.files, self.instrument, self.register = files, instrument, register
        self.options, self.wordings = FileOptions(), [[""]]
        self.table = self._choose_header(files[0])
        self.texts = [self._distinct(at) for at in range(len(self.table.header))]
        self.found = self._find(self.table)

    def _find(self, table: SourceTable) -> FoundColumns:
        filled = [len(texts) for texts in self.texts] if hasattr(self, "texts") else [1] * len(table.header)
        labels = getattr(table, "variable_labels", {})
        names = [
            [n for n in (name, labels.get(name, ""), *extra) if n]
            for name, extra in zip(table.header, self._wordings_of(table), strict=True)
        ]
        return find_columns(names, self.instrument, filled)

    def _wordings_of(self, table: SourceTable) -> list[list[str]]:
        """Return what stands in the rows that are left out under the header, and the parts of its name, by column."""
        parts = [list(own) for own in table.other_names] or [[] for _ in table.header]
        last = table.options.header_row + table.options.header_rows - 1
        if not table.options.skip_after_header:
            return parts
        head = table.head(last + table.options.skip_after_header)[last:]
        for row in head:
            for own, cell in zip(parts, row, strict=False):
                if not _IMPORT_ID.match(cell):
                    own.append(cell)
        return parts

    def _choose_header(self, path: Path) -> SourceTable:
        """Open a file with the sheet and the header under which most is understood."""
        first = _open(path)
        if first.options.header_row == 0:
            return first
        best, best_score = first, (self._find(first).score, first.options.skip_after_header)
        for sheet in getattr(first, "visible", [None]):
            at_sheet = (
                open_table(path, replace(first.options, sheet=sheet))
                if sheet != getattr(first, "sheet", None)
                else first
            )
            head = at_sheet.head(HEADER_ROWS)
            for row, header_rows in product(range(1, len(head) + 1), (1, 2)):
                if not any(head[row - 1]) or (header_rows == 2 and not _goes_on(head[row - 1 : row + 1])):
                    continue
                skip = _rows_of_wordings(head[row:])
                options = replace(
                    at_sheet.options, header_row=row, header_rows=header_rows, skip_after_header=skip
                )
                try:
                    table = open_table(path, options)
                except InputError:
                    continue  # such as merged cells in a title
                if (score := (self._find(table).score, skip)) > best_score:
                    best, best_score = table, score
        return best

    def _distinct(self, at: int) -> list[str]:
        """Return the distinct texts of a column, the first file's first; of some files and rows only."""
        name = self.table.header[at]
        texts: dict[str, None] = {}
        try:
            for path in self.files:
                table = self.table if path is self.files[0] else open_table(path, self.table.options)
                if name in table.header:
                    texts |= dict.fromkeys(_first_texts(table, table.header.index(name)))
        except InputError:
            return []  # such as dates of SPSS that there are not: ingest says so where the column is needed
        return list(texts)[:TEXTS_LIMIT]

    def _find_by_content(self) -> None:
        """Take the columns whose texts the register or the model knows, whatever they are called."""
        _, organisations = organisation_lookup(self.register, Source(column="x"))
        _, roles = role_lookup(self.instrument, None)
        units = {normalise_label(text) for name in ("unit", "name") for text in self.register.units[name]}
        knows: dict[str, Callable[[str], bool]] = {
            "organisation": lambda text: organisations.code(text) != UNKNOWN,
            "role": lambda text: roles.code(text) != UNKNOWN,
            "unit": lambda text: normalise_label(text) in units,
        }
        for name, known in knows.items():
            taken = {*self.found.fields.values(), *self.found.items}
            if name in self.found.fields:
                continue
            shares = [
                (sum(map(known, texts)) / len(texts) if texts and at not in taken else 0.0, -at)
                for at, texts in enumerate(self.texts)
            ]
            share, at = max(shares, default=(0.0, 0))
            if share >= KNOWN_SHARE:
                self.found.fields[name] = -at

    def _use_codes(self) -> None:
        """Ask for every code of an SPSS file whose labels stand for other numbers, or leave some values out."""
        self.code_labels: dict[str, str] = {}
        for at, item in self.found.items.items():
            labels = self.table.value_labels.get(self.table.header[at])
            if not labels:
                continue
            scale = self.instrument.scale_of_item(item)
            named = {normalise_label(label) for label in labels.values()}
            bare = [
                t for t in self.texts[at] if parse_number(t) is not None and normalise_label(t) not in named
            ]
            on_scale = [code for code in labels if scale.lowest <= code <= scale.highest]
            if on_scale and any(scale.lowest <= float(parse_number(t) or 0) <= scale.highest for t in bare):
                self.code_labels |= {f"{code:g}": label for code, label in labels.items()}
        if self.code_labels:
            coded = [self.table.header[at] for at in self.found.items]
            self.table = open_table(self.files[0], replace(self.table.options, values="codes"), (), coded)
            self.texts = [self._distinct(at) for at in range(len(self.table.header))]


def _open(path: Path) -> SourceTable:
    """Open a file, in the encoding that its å, ä and ö show where it is none of the usual ones."""
    try:
        return open_table(path)
    except InputError:
        try:
            encoding = likely_encoding(path)
        except OSError:
            encoding = "auto"  # there is no such file, or nobody may open it
        if encoding == "auto":
            raise
        return open_table(path, FileOptions(encoding=encoding))


def _first_texts(table: SourceTable, at: int) -> list[str]:
    texts: dict[str, None] = {}
    for batch in table.batches([at]):
        if batch.columns and isinstance(batch.columns[0], pa.Array):
            texts |= dict.fromkeys(text for text in factorise(batch.columns[0]).distinct if text)
        if len(texts) > TEXTS_LIMIT:
            break
    return list(texts)


def _rows_of_wordings(rows: Sequence[Sequence[str]]) -> int:
    """Count the rows under a header that hold wording: up to one that names the columns for a machine, or tells the kind of answer."""
    if (
        rows
        and {normalise_label(cell) for cell in rows[0] if cell} - {""} <= _KINDS_OF_ANSWER
        and any(rows[0])
    ):
        return 1
    for number, row in enumerate(rows[:3], start=1):
        if any(_IMPORT_ID.match(cell) for cell in row):
            return number
    return 0


def _goes_on(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a second row of names fills what the first leaves empty."""
    if len(rows) < 2:
        return False
    width = max(map(len, rows))
    above, below = ([*row, *[""] * (width - len(row))] for row in rows)
    return sum(not a and bool(b) for a, b in zip(above, below, strict=True)) > 0

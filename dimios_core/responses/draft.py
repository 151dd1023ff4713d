"""Draft a mapping from an export: what is certain is written, what is not is asked, nothing is guessed."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pyarrow as pa

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.replacing import write_whole
from dimios_core.responses.draft_answers import FoundAnswers, find_answers
from dimios_core.responses.draft_columns import ALIKE, LONG_NAMES, FoundColumns, find_columns
from dimios_core.responses.files import open_table
from dimios_core.responses.labels import normalise_label, parse_number
from dimios_core.responses.lookups import UNKNOWN, factorise, organisation_lookup, role_lookup
from dimios_core.responses.mapping import Source
from dimios_core.responses.periods import is_period
from dimios_core.responses.register import Register
from dimios_core.responses.row_rules import MARKS
from dimios_core.responses.source_tables import FileOptions, SourceTable
from dimios_core.responses.times import read_milliseconds

#: what a line begins its comment with that somebody has to fill in
FILL_IN = "FILL IN"
CHECK = "check"
#: rows that may be a header's
HEADER_ROWS = 5
#: distinct texts of a column that are looked at
TEXTS_LIMIT = 60
#: of the texts of a column that is taken by what stands in it, so many are known
KNOWN_SHARE = 0.5
_IMPORT_ID = re.compile(r'\{"ImportId"')
_HALF = re.compile("vår|höst|spring|autumn|fall", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass
class MappingDraft:
    """A drafted mapping.

    Parameters
    ----------
    text : str
        The YAML, with comments.
    """

    text: str

    @property
    def lines_to_fill_in(self) -> list[int]:
        """Numbers of the lines that somebody has to fill in; empty where the draft can be used as it stands."""
        return [n for n, line in enumerate(self.text.splitlines(), start=1) if f"# {FILL_IN}" in line]

    def write(self, target: Path) -> None:
        """Write the draft to a file.

        Raises
        ------
        InputError
            There is a file of that name.
        """
        if target.exists():
            what = "there is a file of this name"
            raise InputError(Problem(str(target), what, "name another, or remove it"))
        write_whole(target, self.text)


def draft_mapping(
    files: Sequence[Path], instrument: Instrument, register: Register | None = None
) -> MappingDraft:
    """Draft a mapping for exports of one kind.

    Parameters
    ----------
    files : sequence of pathlib.Path
        The first tells the columns; the answers of all are looked at.
    instrument : Instrument
    register : Register, optional
        Tells which column names the organisations.

    Returns
    -------
    MappingDraft

    Raises
    ------
    InputError
        A file cannot be read.
    """
    return _Drafter(files, instrument, register or Register()).draft()


class _Drafter:
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
        first = open_table(path)
        if first.options.header_row == 0:
            return first
        best, best_score = first, self._find(first).score
        for sheet in getattr(first, "visible", [None]):
            at_sheet = (
                open_table(path, FileOptions(sheet=sheet))
                if sheet != getattr(first, "sheet", None)
                else first
            )
            head = at_sheet.head(HEADER_ROWS)
            for row, header_rows in product(range(1, len(head) + 1), (1, 2)):
                if not any(head[row - 1]) or (header_rows == 2 and not _goes_on(head[row - 1 : row + 1])):
                    continue
                skip = _rows_of_wordings(head[row:])
                options = FileOptions(
                    sheet=sheet, header_row=row, header_rows=header_rows, skip_after_header=skip
                )
                try:
                    table = open_table(path, options)
                except InputError:
                    continue  # such as merged cells in a title
                if (score := self._find(table).score) > best_score:
                    best, best_score = table, score
        return best

    def _distinct(self, at: int) -> list[str]:
        """Return the distinct texts of a column, the first file's first; of some files and rows only."""
        name = self.table.header[at]
        texts: dict[str, None] = {}
        for path in self.files:
            table = self.table if path is self.files[0] else open_table(path, self.table.options)
            if name not in table.header:
                continue
            for batch in table.batches([table.header.index(name)]):
                if batch.columns and isinstance(batch.columns[0], pa.Array):
                    texts |= dict.fromkeys(t for t in factorise(batch.columns[0]).distinct if t)
                if len(texts) > TEXTS_LIMIT:
                    break
        return list(texts)[:TEXTS_LIMIT]

    def draft(self) -> MappingDraft:
        self._find_by_content()
        self._use_codes()
        lines = [*self._head(), *self._file(), "columns:", *self._columns(), *self._rows(), *self._items()]
        lines += self._answers()
        return MappingDraft("\n".join(lines) + "\n")

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

    def _head(self) -> list[str]:
        stem = re.sub(
            r"[^a-z0-9]+", "-", normalise_label(self.files[0].stem).encode("ascii", "ignore").decode()
        ).strip("-")
        return [
            f"# Drafted from {self.files[0].name}. Lines with {FILL_IN} have to be filled in; those with `{CHECK}` looked at.",
            f"id: {stem or 'draft'}",
            f"instrument: {self.instrument.id}",
            f"layout: {'long' if self._long() else 'wide'}",
        ]

    def _long(self) -> dict[str, int]:
        """Return where item and answer stand in a long file; empty for a wide one."""
        if len(self.found.items) > 1:
            return {}
        named = [normalise_label(name) for name in self.table.header]
        places = {
            field: next((at for at, name in enumerate(named) if name in names), -1)
            for field, names in LONG_NAMES.items()
        }
        return places if min(places.values()) >= 0 else {}

    def _file(self) -> list[str]:
        options, said = self.table.options, []
        if encoding := getattr(self.table, "encoding", ""):
            said.append(f"  encoding: {encoding}")
        if sheet := getattr(self.table, "sheet", ""):
            said.append(f"  sheet: {_quote(sheet)}")
        if self.code_labels:
            said.append("  values: codes   # only some values have labels")
        for name in ("started_at", "answered_at"):
            if name in self.found.fields and (order := _order_of(self.texts[self.found.fields[name]])):
                said.append(f"  dates: {order}")
                break
        if options.header_row > 1:
            said.append(f"  header_row: {options.header_row}")
        if options.header_rows > 1:
            said.append(f"  header_rows: {options.header_rows}")
        if options.skip_after_header:
            said.append(
                f"  skip_after_header: {options.skip_after_header}   # more rows of wording under the names"
            )
        return ["file:", *said] if said else []

    def _columns(self) -> Iterator[str]:
        fields, header = dict(self.found.fields) | self._long(), self.table.header
        for name in ("organisation", "period"):
            if name not in fields:
                yield f"  {name}: {{value: }}   # {FILL_IN}: {_WANTED[name]}"
        for name, at in fields.items():
            self.found.nearest.pop(at, None)
            values = self._translate(name, at)
            if not values:
                yield f"  {name}: {{column: {_quote(header[at])}}}"
                continue
            yield f"  {name}:"
            yield f"    column: {_quote(header[at])}"
            yield "    values:"
            yield from (f"      {line}" for line in values)
        if "respondent" not in fields:
            yield "  # no respondent: every row is a person of its own, and nobody is known again"

    def _translate(self, name: str, at: int) -> list[str]:
        """Return the lines of the `values` of a field."""
        lines = []
        for text in self.texts[at] if name == "period" else []:
            years = set(_YEAR.findall(text))
            if is_period(text):
                continue
            if len(years) == 1 and not _HALF.search(text):
                lines.append(f"{_quote(text)}: {_quote(years.pop())}")
            else:
                lines.append(f"{_quote(text)}:   # {FILL_IN}: {_WANTED['period']}")
        ids, lookup = role_lookup(self.instrument, None)
        names = {normalise_label(n): r.id for r in self.instrument.roles for n in r.name.values()}
        for text in self.texts[at] if name == "role" else []:
            if lookup.code(text) != UNKNOWN:
                continue
            near = difflib.get_close_matches(normalise_label(text), names, n=2, cutoff=ALIKE)
            if len({names[n] for n in near}) == 1:
                lines.append(f"{_quote(text)}: {names[near[0]]}   # {CHECK}")
            else:
                lines.append(f"{_quote(text)}:   # {FILL_IN}: one of {', '.join(ids)}")
        return lines

    def _rows(self) -> list[str]:
        """Leave out what the tool itself marks as no answers; what is unfinished is asked."""
        lines, named = [], [normalise_label(name) for name in self.table.header]
        for at, name in enumerate(named):
            for mark in MARKS:
                if mark.column != name or (mark.beside and not mark.beside & set(named)):
                    continue
                met = [text for text in self.texts[at] if normalise_label(text) in mark.values]
                if met:
                    rule = (
                        f"{{column: {_quote(self.table.header[at])}, drop: [{', '.join(map(_quote, met))}]}}"
                    )
                    lines.append(
                        f"  - {rule}   # {mark.what}"
                        if mark.refused
                        else f"  # - {rule}   # {CHECK}: {mark.what}"
                    )
        return (
            ["rows:", *lines]
            if any(not line.lstrip().startswith("#") for line in lines)
            else [line[2:] for line in lines]
        )

    def _items(self) -> Iterator[str]:
        found, header = self.found, self.table.header
        if long := self._long():
            texts = self.texts[long["item"]]
            own = find_columns([[text] for text in texts], self.instrument, [1] * len(texts))
            header = texts
        else:
            own = found
        yield "items:"
        written: set[str] = set()
        for at in sorted({*own.items, *own.likely}):
            item = own.items.get(at) or own.likely[at][0]
            if header[at] in written:
                continue
            written.add(header[at])
            note = f"   # {CHECK}: alike to {own.likely[at][1]:.0%}" if at in own.likely else ""
            yield f"  {_quote(header[at])}: {item}{note}"
        missing = [
            i
            for i in self.instrument.items
            if i not in {*own.items.values(), *(i for i, _ in own.likely.values())}
        ]
        if not written:
            yield f'  "":   # {FILL_IN}: no column is like any statement of the instrument {self.instrument.id}'
        if missing:
            yield f"  # no column was found for: {', '.join(missing)}"
        fields = {*found.fields.values(), *self._long().values()}
        left = [
            at
            for at in range(len(header))
            if at not in own.items and at not in own.likely and (own is not found or at not in fields)
        ]
        for at in left:
            near = f" (nearest: {own.nearest[at]})" if at in own.nearest else ""
            yield f"  # left over: {_quote(header[at])}{near}"

    def _answers(self) -> list[str]:
        by_scale: dict[str, dict[str, None]] = {}
        long = self._long()
        for at, item in ({**self.found.items, **{a: i for a, (i, _) in self.found.likely.items()}}).items():
            by_scale.setdefault(self.instrument.items[item].scale, {}).update(dict.fromkeys(self.texts[at]))
        if long:
            scales = {item.scale for item in self.instrument.items.values()}
            by_scale = {scale: dict.fromkeys(self.texts[long["answer"]]) for scale in scales}
        found = {name: find_answers(texts, self.instrument.scales[name]) for name, texts in by_scale.items()}
        for one in found.values() if self.code_labels else ():
            one.asked, one.numbers = (
                [t for texts in by_scale.values() for t in texts if parse_number(t) is not None],
                False,
            )
        if len(found) == 1:
            ((name, only),) = found.items()
            return ["answers:", *self._meanings(name, only, "  ")] if found else []
        lines = ["answers:", "  scales:"]
        for name, one in found.items():
            lines += [f"    {name}:", *self._meanings(name, one, "      ")]
        return lines if found else []

    def _meanings(self, name: str, found: FoundAnswers, indent: str) -> list[str]:
        scale = self.instrument.scales[name]
        ends = f"{scale.lowest:g} (lowest) to {scale.highest:g} (highest)"
        lines = []
        if found.numbers:
            lines.append(f"{indent}# {CHECK}: numbers are taken as they stand, {ends}")
        if found.labels or found.asked:
            lines.append(f"{indent}labels:")
            lines += [
                f"{indent}  {_quote(t)}: {n:g}" for t, n in sorted(found.labels.items(), key=lambda p: p[1])
            ]
            for text in sorted(found.asked):
                label = f" ({self.code_labels[text]})" if text in self.code_labels else ""
                lines.append(f"{indent}  {_quote(text)}:   # {FILL_IN}: {ends}{label}")
        lines.append(f"{indent}dont_know: [{', '.join(map(_quote, found.dont_know))}]")
        lines.append(f"{indent}missing: [{', '.join(map(_quote, found.missing))}]")
        return lines


_WANTED = {
    "organisation": "the organisation's id, or {column: …}",
    "period": 'the year, such as "2026", or its half, "2026-1"',
}


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _order_of(texts: Sequence[str]) -> str:
    """Return how times are written: "dmy", "mdy", a question, or "" for ISO 8601."""
    if all(read_milliseconds(text) is not None for text in texts):
        return ""
    fits = [o for o in ("dmy", "mdy") if all(read_milliseconds(text, o) is not None for text in texts)]
    return fits[0] if len(fits) == 1 else f"  # {FILL_IN}: dmy (31/3/2026) or mdy (3/31/2026)"


def _rows_of_wordings(rows: Sequence[Sequence[str]]) -> int:
    """Count the rows under a header that hold wording, where the last of them names the columns for a machine."""
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

"""A drafted mapping: its YAML, and the same as a table whose values a person corrects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dimios_core.errors import InputError, Problem
from dimios_core.replacing import write_whole
from dimios_core.responses.draft_lines import FILL_IN, LEFT_OVER, Entry, quote, read_entries
from dimios_core.responses.mapping import MappedColumns
from dimios_core.responses.source_tables import text_of

if TYPE_CHECKING:
    import pandas as pd

#: what a label may mean instead of a number
NO_ANSWERS = ("dont_know", "missing")
TABLE_COLUMNS = ("setting", "label", "value", "state", "note")

_NOT_FOUND = re.compile(r"  # no column was found for: (.*)")
_EMPTIED = re.compile(r"^( *)(?:labels|values):\n(?!\1 )", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class MappingDraft:
    """A drafted mapping: YAML with comments, and a table in Jupyter.

    Parameters
    ----------
    text : str
        The YAML.

    Examples
    --------
    ::

        draft = project.draft_mapping("answers.csv")
        table = draft.to_frame()
        table.loc[draft.lines_to_fill_in, "value"] = ["lindby", "2026"]
        draft.correct(table).write("answers.mapping.yaml")
    """

    text: str

    @property
    def lines_to_fill_in(self) -> list[int]:
        """Numbers of the lines that somebody has to fill in; empty where the draft can be used as it stands."""
        return [entry.line for entry in read_entries(self.text) if entry.state == FILL_IN]

    def __str__(self) -> str:
        return self.text

    def to_frame(self) -> pd.DataFrame:
        """Return what the draft says, a row a line.

        Returns
        -------
        pandas.DataFrame
            The index is the line. Columns, all text: `setting` (such as "columns.role.values"), `label` (what stands in the
            file: a header, an answer; else ""), `value` ("" where there is none yet; "column: Enhet" where a column is named),
            `state` ("certain", "check", "FILL IN"; "left over" for a column that is not read, "offered" for what the note
            shows and that counts once it is the value) and `note`.
        """
        import pandas as pd

        rows = [
            {"line": e.line} | {name: getattr(e, name) for name in TABLE_COLUMNS}
            for e in read_entries(self.text)
        ]
        return pd.DataFrame(rows, columns=["line", *TABLE_COLUMNS], dtype=object).astype({"line": int}).set_index("line")  # fmt: skip

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(border=0)

    def correct(self, table: pd.DataFrame) -> MappingDraft:
        """Return the draft with the values of a corrected table.

        Only the column `value` is read, by line. A column that is left over is given the id of its item, or one of organisation,
        period, unit, role, respondent and the other columns. "column: Enhet" takes a value from a column, "value: 2026" is the
        same in all rows. An answer's label may be given "dont_know" or "missing"; a label whose value is taken away is not in the
        mapping any more.

        Parameters
        ----------
        table : pandas.DataFrame
            As `to_frame` returns it; lines may be left out.

        Raises
        ------
        InputError
            The table has no column `value`, lines that the draft does not have, or values that no line can hold.
        """
        entries = {entry.line: entry for entry in read_entries(self.text)}
        if "value" not in table.columns:
            what = "there is no column `value`"
            raise InputError(Problem("table", what, "correct the table that `to_frame()` returns"))
        if not table.index.is_unique:
            what = "lines stand there more than once"
            raise InputError(Problem("table", what, "keep each line once"))
        given = {line: text_of(value) or "" for line, value in table["value"].items()}
        problems = [
            Problem(f"table, line {line}", what, remedy)
            for line, value in given.items()
            for what, remedy in _find_faults(entries.get(line), value)
        ]
        if problems:
            raise InputError(problems)
        changed = {n: value for n, value in given.items() if value != entries[n].value}
        return MappingDraft(_Correction(self.text.split("\n"), entries).make(changed))

    def write(self, target: Path | str) -> None:
        """Write the draft to a file.

        Raises
        ------
        InputError
            There is a file of that name.
        """
        target = Path(target)
        if target.exists():
            what = "there is a file of this name"
            raise InputError(Problem(str(target), what, "name another, or remove it"))
        write_whole(target, self.text)


def _quote(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text != "null" else quote(text)


def _find_faults(entry: Entry | None, value: str) -> Iterator[tuple[str, str]]:
    if entry is None:
        yield "the draft has no such line", "keep the table's index: it is the number of the line"
        return
    if value and entry.setting == "items" and not entry.label:
        yield "the line names no column", "give the item's id to a column that is left over"
    is_raw = not entry.label and not entry.kind
    if is_raw and "\n" in value:
        yield "the value goes over several lines", "write it on one"
    if not value and entry.value and not entry.label:
        yield f"`{entry.setting}` has lost its value", "give one, or take the line away in the file itself"


class _Correction:
    """Writes corrected values into the lines of a draft."""

    def __init__(self, lines: list[str], entries: dict[int, Entry]) -> None:
        self.lines: list[str | None] = [*lines]
        self.entries = entries

    def make(self, changed: dict[int, str]) -> str:
        items: set[str] = set()
        no_answers: list[Entry] = []
        first_rule = next(
            (e.line for n, e in self.entries.items() if e.setting == "rows" and n in changed), 0
        )
        for number, value in changed.items():
            entry = self.entries[number]
            if entry.state == LEFT_OVER and value in MappedColumns.model_fields:
                self._take_column(value, entry)
            elif entry.state == LEFT_OVER:
                items.add(value)
                self.lines[number - 1] = f"  {quote(entry.label)}: {_quote(value)}"
            elif entry.setting.endswith(".labels") and value in NO_ANSWERS:
                no_answers.append(replace(entry, value=value))
            else:
                self.lines[number - 1] = self._write(entry, value)
                if entry.setting == "rows" and not entry.indent:  # there was no rule before
                    start = "rows:\n" if number == first_rule else ""
                    self.lines[number - 1] = f"{start}  - {value}"
        for entry in no_answers:
            self._move(entry)
        if items:
            self._tell_found(items)
        return _EMPTIED.sub("", "\n".join(line for line in self.lines if line is not None))

    def _write(self, entry: Entry, value: str) -> str | None:
        if entry.label:
            key = quote(entry.label)
            return f"{entry.indent}{key}: {_quote(value)}" if value else None
        if not entry.kind:
            name = "-" if entry.setting == "rows" else f"{entry.setting.rpartition('.')[2]}:"
            return f"{entry.indent}{name} {value}"
        named, _, rest = value.partition(": ")
        key, text = (
            (named, rest) if named in ("column", "value") and rest else (entry.kind.strip("{}"), value)
        )
        said = f"{key}: {quote(text)}"
        if not entry.kind.startswith("{"):
            return f"{entry.indent}{said}"
        return f"{entry.indent}{entry.setting.rpartition('.')[2]}: {{{said}}}"

    def _move(self, entry: Entry) -> None:
        """Let a label mean no answer: take it from the labels to the list below them."""
        self.lines[entry.line - 1] = None
        setting = f"{entry.setting.rpartition('.')[0]}.{entry.value}"
        own = next(e for e in self.entries.values() if e.setting == setting)
        line, label = self.lines[own.line - 1] or "", quote(entry.label)
        start = line[: line.rindex("]")]
        self.lines[own.line - 1] = f"{start}{'' if start.endswith('[') else ', '}{label}]"

    def _take_column(self, name: str, entry: Entry) -> None:
        """Let a column that was left over be a field's, in the place of what the draft had for it."""
        said = f"  {name}: {{column: {quote(entry.label)}}}"
        self.lines[entry.line - 1] = None
        own = [e for e in self.entries.values() if e.setting == f"columns.{name}" and e.kind]
        if own and own[0].kind.startswith("{"):
            self.lines[own[0].line - 1] = said
        elif own:
            self.lines[own[0].line - 1] = f"    column: {quote(entry.label)}"
        else:
            at = self.lines.index("columns:")
            self.lines[at] = f"columns:\n{said}"

    def _tell_found(self, items: set[str]) -> None:
        """Take away what was said of items that have a column now."""
        for at, line in enumerate(self.lines):
            if line is None:
                continue
            if line.startswith(f'  "":   # {FILL_IN}'):
                self.lines[at] = None
            elif found := _NOT_FOUND.fullmatch(line):
                left = [item for item in found[1].split(", ") if item not in items]
                self.lines[at] = f"  # no column was found for: {', '.join(left)}" if left else None

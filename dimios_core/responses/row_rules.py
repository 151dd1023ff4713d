"""Which rows of a file count: by the mapping's rules; rows that a tool itself marks as no answers are not let through."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from dimios_core.responses.labels import normalise_label, spelling_of
from dimios_core.responses.lookups import factorise
from dimios_core.responses.mapping import Mapping, RowRule
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.source_tables import RowBatch, SourceTable


@dataclass(frozen=True)
class Mark:
    """A column by which a tool tells its own tests and unfinished rows.

    Parameters
    ----------
    column : str
        Its header, as `normalise_label` writes it; a `*` before an ending.
    beside : frozenset of str
        Headers, one of which tells that it is this tool's file; empty where the column tells it itself.
    values : frozenset of str
        Those that mark a row.
    what : str
        What such rows are.
    refused : bool
        They are no answers at all; else they may count, and are told of.
    """

    column: str
    beside: frozenset[str]
    values: frozenset[str]
    what: str
    refused: bool


_QUALTRICS = frozenset({"distributionchannel", "recordeddate", "responseid", "progress"})
_PREVIEWS = frozenset(
    {"1", "2", "8", "9", "12", "17", "40", "survey preview", "survey test", "spam", "survey preview spam"}
    | {"imported spam", "offline survey preview", "ex spam", "ip address spam"}
)
MARKS = (
    Mark("status", _QUALTRICS, _PREVIEWS, "previews, tests or spam", True),
    Mark("response type", _QUALTRICS, _PREVIEWS, "previews, tests or spam", True),
    Mark("distributionchannel", _QUALTRICS, frozenset({"preview", "test"}), "previews or tests", True),
    Mark("finished", _QUALTRICS, frozenset({"0", "false", "falskt"}), "unfinished", False),
    Mark("_validation_status", frozenset(), frozenset({"not approved", "validation_status_not_approved"}), "not approved", True),
    Mark("submitdate", frozenset({"lastpage", "startlanguage"}), frozenset({""}), "unfinished", False),
    Mark("*_complete", frozenset({"record_id", "redcap_event_name"}), frozenset({"0", "1", "incomplete", "unverified"}), "unfinished", False),
    Mark("response status", frozenset(), frozenset({"partial", "disqualified", "incomplete"}), "unfinished", False),
)  # fmt: skip


@dataclass
class _Rule:
    at: int
    name: str
    values: dict[str | float, str]
    keep: bool
    dropped_n: int = 0
    met: set[str | float] = field(default_factory=set)


class RowRules:
    """The mapping's `rows:` for one file, and the marks of its tool that no rule speaks of.

    Parameters
    ----------
    table : SourceTable
        Its header has the rules' columns.
    problems : ProblemList
        Takes rows that are marked as no answers.
    """

    def __init__(self, table: SourceTable, mapping: Mapping, problems: ProblemList) -> None:
        self._problems = problems
        named = {normalise_label(name): at for at, name in reversed(list(enumerate(table.header)))}
        for at, names in enumerate(table.other_names):
            for name in names:
                named.setdefault(normalise_label(name), at)
        self._rules = [
            _as_rule(rule, named) for rule in mapping.rows if normalise_label(rule.column) in named
        ]
        ruled = {rule.at for rule in self._rules}
        self._marks = [
            (mark, at, table.header[at])
            for mark in MARKS
            for name, at in named.items()
            if _is_named(mark.column, name)
            and at not in ruled
            and (not mark.beside or mark.beside & set(named))
        ]
        self._marked_n: dict[tuple[str, str], int] = {}

    @property
    def columns(self) -> list[int]:
        """Positions of the columns that `choose` is given, in order."""
        return [rule.at for rule in self._rules] + [at for _, at, _ in self._marks]

    def choose(self, rows: np.ndarray, columns: list[pa.StringArray]) -> np.ndarray:
        """Tell which rows of a batch count; bool, shape (n,)."""
        counts = np.ones(len(rows), dtype=bool)
        for rule, column in zip(self._rules, columns, strict=False):
            texts = factorise(column)
            spellings = [spelling_of(text) for text in texts.distinct]
            rule.met |= set(spellings)
            drop = counts & texts.spread([(s in rule.values) != rule.keep for s in spellings], bool)
            rule.dropped_n += int(drop.sum())
            counts &= ~drop
        for (mark, _, name), column in zip(self._marks, columns[len(self._rules) :], strict=True):
            texts = factorise(column)
            marked = counts & texts.spread([normalise_label(t) in mark.values for t in texts.distinct], bool)
            if mark.refused:
                self._problems.add_rows(
                    rows[marked],
                    f"column {name}",
                    f"the tool marks the row as {mark.what}, which is no answer",
                    "say under `rows:` in the mapping which count, such as"
                    f" {{column: {name}, drop: [{_some(mark)}]}}, or keep: [...]",
                )
            elif marked.any():
                key = (name, mark.what)
                self._marked_n[key] = self._marked_n.get(key, 0) + int(marked.sum())
        return counts

    def tell(self) -> list[str]:
        """Say how many rows were left out by which rule, and what no rule speaks of."""
        told = []
        for rule in self._rules:
            kind = "keep" if rule.keep else "drop"
            told.append(f"{rule.dropped_n} rows left out by `rows:` (column {rule.name}, {kind})")
            unmet = [text for spelling, text in rule.values.items() if spelling not in rule.met]
            if unmet:
                told.append(f"`rows:` names values that column {rule.name} does not have: {', '.join(unmet)}")
        told += [
            f"{n} rows count that the tool marks as {what} (column {name}); `rows:` in the mapping can leave them out"
            for (name, what), n in self._marked_n.items()
        ]
        return told


def _is_named(pattern: str, name: str) -> bool:
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern


def _some(mark: Mark) -> str:
    return ", ".join(f'"{value}"' for value in sorted(mark.values)[:2])


def _as_rule(rule: RowRule, named: dict[str, int]) -> _Rule:
    listed = rule.keep if rule.keep is not None else rule.drop or []
    values = {spelling_of(value or ""): value or "(empty)" for value in listed}
    return _Rule(named[normalise_label(rule.column)], rule.column, values, rule.keep is not None)


def take_rows(batch: RowBatch, counts: np.ndarray, columns_n: int) -> RowBatch:
    """Return the rows of a batch that count, with its first columns, and the faults of those rows."""
    left_out = set(batch.rows[~counts].tolist())
    faults = [fault for fault in batch.faults if fault.row not in left_out]
    keep = pa.array(counts)
    return RowBatch(batch.rows[counts], [c.filter(keep) for c in batch.columns[:columns_n]], faults)

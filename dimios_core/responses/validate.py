"""Read a file's answers and check every cell: what is not understood is listed, the rest becomes codes."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from dimios_core.instrument import Instrument
from dimios_core.responses.answers import AnswerColumns, Names, check_respondents
from dimios_core.responses.code_check import CodeCheck
from dimios_core.responses.columns import item_columns, locate_columns
from dimios_core.responses.labels import normalise_label
from dimios_core.responses.lookups import UNKNOWN, Lookup, Texts, factorise
from dimios_core.responses.mapping import Mapping, Source
from dimios_core.responses.meanings import DONT_KNOW, MISSING, AnswerLookup, find_lookups
from dimios_core.responses.messages import answer_message, item_message, report_texts
from dimios_core.responses.people import People, name_field
from dimios_core.responses.problems import ProblemList, name_rows, name_some
from dimios_core.responses.register import Register
from dimios_core.responses.row_rules import RowRules, take_rows
from dimios_core.responses.skipped_rows import check_skipped
from dimios_core.responses.source_tables import RowBatch, SourceTable
from dimios_core.responses.weights_and_times import WeightsAndTimes

Progress = Callable[[float], None]
Stored = Callable[[str], Collection[int]]
#: items without a column that are named; the rest is counted
ITEMS_NAMED = 8


def read_answers(
    table: SourceTable,
    mapping: Mapping,
    instrument: Instrument,
    register: Register,
    key: bytes,
    problems: ProblemList,
    progress: Progress | None = None,
    stored: Stored = lambda organisation: (),
) -> AnswerColumns:
    """Read and check all answers of a file.

    Parameters
    ----------
    problems : ProblemList
        Takes every fault. Rows with a fault may still be among the answers: they are for the caller to leave out.
    progress : callable, optional
        Called after every batch with the share of the file that is read, 0-1.
    stored : callable, optional
        Gives the pseudonyms that an organisation's answers are stored under.

    Returns
    -------
    AnswerColumns
        Sorted by group, respondent and item.

    Raises
    ------
    InputError
        The file cannot be read on.
    """
    return _Reader(table, mapping, instrument, register, key, problems, stored).read(progress)


class _Reader:
    def __init__(
        self,
        table: SourceTable,
        mapping: Mapping,
        instrument: Instrument,
        register: Register,
        key: bytes,
        problems: ProblemList,
        stored: Stored,
    ) -> None:
        self.table, self.mapping, self.instrument, self.problems = table, mapping, instrument, problems
        self.located = locate_columns(table, mapping, instrument, problems)
        self.people = People(mapping.columns, instrument, register, key, problems, stored)
        self.items = sorted(instrument.items)
        self._item_code = {item: code for code, item in enumerate(self.items)}
        labels = item_columns(mapping, instrument)
        known = {normalise_label(label): self._item_code[item] for label, item in labels.items()}
        self._item_labels = list(labels)
        self._item = Lookup(lambda text: known.get(normalise_label(text), UNKNOWN))
        self._lookups = find_lookups(mapping, instrument)
        self._rules = RowRules(table, mapping, problems)
        self._extras = WeightsAndTimes(mapping, problems)
        self._codes = CodeCheck(table, problems)
        self._conflicts = {item: at for item, at in self.located.items.items() if len(at) > 1}
        strata = self._extras.strata
        names = Names(self.people.groups, self.people.unit_ids, self.people.roles, self.items, strata)
        self.answers = AnswerColumns(names)

    def read(self, progress: Progress | None) -> AnswerColumns:
        """Read all batches, then check what only the whole file shows."""
        check_skipped(self.table, self.mapping, self.located, self._lookups, self.problems)
        if self.problems:
            return self.answers  # without its columns a file cannot be read
        wide = self.mapping.layout == "wide"
        rows_n = 0
        own = [
            *self.located.fields.values(),
            *(at for places in self.located.items.values() for at in places),
        ]
        for batch in self.table.batches([*own, *self._rules.columns]):
            if batch.columns and self._rules.columns:
                counts = self._rules.choose(batch.rows, batch.columns[len(own) :])
                batch = take_rows(batch, counts, len(own))
            for fault in batch.faults:
                self.problems.add_rows(np.array([fault.row]), fault.where, fault.what, fault.remedy)
            if len(batch.rows):
                rows_n += len(batch.rows)
                self._take(batch, wide)
            if progress:
                progress(self.table.share_read)
        if not rows_n and not self.problems:
            self.problems.add(
                "there are no rows under the header that count"
                if self.mapping.rows
                else "there are no rows under the header",
                "check that the export has answers, and export it again"
                + (", and `rows:` in the mapping" if self.mapping.rows else ""),
            )
        self.people.finish()
        self._extras.finish()
        self._codes.finish()
        self.answers.notes += [
            *self.table.notes,
            *self._rules.tell(),
            *self.people.tell(),
            *self._tell_items(),
        ]
        self.answers.sort()
        if self.mapping.columns.respondent is not None:
            where = name_field(self.mapping.columns, "respondent")
            check_respondents(self.answers, self.problems, wide, where)
        return self.answers

    def _tell_items(self) -> list[str]:
        """Say which items no column or value feeds, and which more than one column does."""
        fed = set(item_columns(self.mapping, self.instrument).values())
        left_out = [item for item in self.instrument.items if item not in fed]
        told = []
        if left_out:
            told.append(
                f"{len(fed)} of {len(self.items)} items are mapped; without answers: {name_some(left_out, ITEMS_NAMED)}"
                " (name their columns under `items:` if the file has them)"
            )
        told += [
            f"{item} is read from {len(at)} columns, one of which each row fills in"
            for item, at in self._conflicts.items()
        ]
        return told

    def _take(self, batch: RowBatch, wide: bool) -> None:
        texts = {
            name: factorise(column) for name, column in zip(self.located.fields, batch.columns, strict=False)
        }
        for name, source in self.mapping.columns:
            if isinstance(source, Source) and source.value is not None:
                texts[name] = Texts([source.value, ""], np.zeros(len(batch.rows), dtype=np.int32))
        who, known, known_organisation = self.people.understand(batch.rows, texts, self.table.first_row)
        columns = {**who, "row": batch.rows.astype(np.int32), **self._extras.take(batch.rows, texts)}
        if wide:
            item = np.array([self._item_code[i] for i in self.located.items], dtype=np.int16)
            value, kind = self._wide_answers(batch)
            self.answers.append(
                **{name: np.repeat(values[known], len(item)) for name, values in columns.items()},
                item=np.tile(item, int(known.sum())),
                value=value[known].reshape(-1),
                kind=kind[known].reshape(-1),
            )
            nonsense = (kind < 0).any(axis=1) & ((kind < 0) | (kind == MISSING)).all(axis=1)
        else:
            item, value, kind = self._long_answers(batch, texts)
            nonsense = item < 0
            known &= item >= 0
            self.answers.append(
                **{name: values[known] for name, values in columns.items()},
                item=item[known],
                value=value[known],
                kind=kind[known],
            )
        if batch.rows[0] == self.table.first_row:
            # a row of answers has an organisation that is known, or at least one answer
            named = "organisation" in self.located.fields and known_organisation[0]
            if nonsense[0] and not nonsense.all() and not named:
                self._refuse_second_header(batch.rows[: int(np.argmin(nonsense))])

    def _refuse_second_header(self, rows: np.ndarray) -> None:
        for row in rows.tolist():
            self.problems.forget_row(row)
        skip = self.table.options.skip_after_header + len(rows)
        self.problems.add(
            "the row looks like a second row of column names"
            if len(rows) == 1
            else "the rows look like more rows of column names",
            f"delete {'it' if len(rows) == 1 else 'them'}, or write `skip_after_header: {skip}` under `file:` in the"
            " mapping",
            f", {name_rows(rows.tolist(), len(rows))}",
        )

    def _wide_answers(self, batch: RowBatch) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers (float32) and kinds (int8), both of shape (rows, items)."""
        columns = iter(batch.columns[len(self.located.fields) :])
        value = np.empty((len(batch.rows), len(self.located.items)), dtype=np.float32)
        kind = np.empty(value.shape, dtype=np.int8)
        for number, (item, places) in enumerate(self.located.items.items()):
            of_item = value[:, number], kind[:, number]
            for position, at in enumerate(places):
                found = self._understand(batch.rows, factorise(next(columns)), self._lookups[item], at)
                if position == 0:
                    of_item[0][:], of_item[1][:] = found
                else:
                    self._join(batch.rows, of_item, found, item, at)
        return value, kind

    def _join(
        self,
        rows: np.ndarray,
        so_far: tuple[np.ndarray, np.ndarray],
        more: tuple[np.ndarray, np.ndarray],
        item: str,
        at: int,
    ) -> None:
        """Take an item's answers from one more column, where the columns before it have none."""
        (value, kind), (other_value, other_kind) = so_far, more
        there, other_there = kind != MISSING, other_kind != MISSING
        same = (kind == other_kind) & ((value == other_value) | (kind == DONT_KNOW))
        self.problems.add_rows(
            rows[there & other_there & ~same & (kind >= 0) & (other_kind >= 0)],
            f"column {self.table.header[at]}",
            f"{item} is answered in more than one column, and the answers differ",
            "map each question once, or leave one of the row's answers empty",
        )
        take = ~there | (other_kind < 0)
        value[take], kind[take] = other_value[take], other_kind[take]

    def _long_answers(
        self, batch: RowBatch, texts: dict[str, Texts]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return item codes (`UNKNOWN` where not understood), numbers and kinds of the rows."""
        item = self._item.codes(texts["item"]).astype(np.int16)
        report_texts(
            self.problems,
            batch.rows,
            texts["item"],
            item < 0,
            name_field(self.mapping.columns, "item"),
            lambda text: item_message(text, self._item_labels),
        )
        answers = texts["answer"]
        value = np.full(len(batch.rows), np.nan, dtype=np.float32)
        kind = np.full(len(batch.rows), MISSING, dtype=np.int8)
        distinct = list(dict.fromkeys(self._lookups.values()))
        number_of_item = np.array(
            [distinct.index(self._lookups[item]) for item in self.items], dtype=np.int32
        )
        at = self.located.fields.get("answer", -1)
        for number, lookup in enumerate(distinct):
            own = np.flatnonzero((number_of_item[item] == number) & (item >= 0))
            value[own], kind[own] = self._understand(
                batch.rows[own], Texts(answers.distinct, answers.at[own]), lookup, at
            )
        return item, value, kind

    def _understand(
        self, rows: np.ndarray, texts: Texts, lookup: AnswerLookup, at: int
    ) -> tuple[np.ndarray, np.ndarray]:
        value, kind = lookup.understand(texts)
        if (kind < 0).any():
            report_texts(
                self.problems,
                rows,
                texts,
                kind < 0,
                f"column {self.table.header[at]}" if at >= 0 else "`answer` in the mapping",
                lambda text: answer_message(text, lookup),
            )
        if at >= 0:
            self._codes.take(at, texts, lookup)
        return value, kind

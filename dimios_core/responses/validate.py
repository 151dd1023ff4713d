"""Read a file's answers and check every cell: what is not understood is listed, the rest becomes codes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dimios_core.instrument import Instrument
from dimios_core.responses.answers import AnswerColumns, Names, check_respondents
from dimios_core.responses.columns import item_columns, locate_columns
from dimios_core.responses.labels import normalise_label, parse_number, show_value
from dimios_core.responses.lookups import MISSING, UNKNOWN, AnswerLookup, Lookup, Texts, factorise
from dimios_core.responses.mapping import Mapping, Source
from dimios_core.responses.messages import answer_message, item_message, report_texts
from dimios_core.responses.people import People, name_field
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.register import Register
from dimios_core.responses.source_tables import RowBatch, SourceTable
from dimios_core.responses.times import read_times, starts_late

Progress = Callable[[float], None]
#: columns of times, in the order in which they pass
TIMES = ("started_at", "answered_at")


def read_answers(
    table: SourceTable,
    mapping: Mapping,
    instrument: Instrument,
    register: Register,
    key: bytes,
    problems: ProblemList,
    progress: Progress | None = None,
) -> AnswerColumns:
    """Read and check all answers of a file.

    Parameters
    ----------
    problems : ProblemList
        Takes every fault. Rows with a fault may still be among the answers: they are for the caller to leave out.
    progress : callable, optional
        Called after every batch with the share of the file that is read, 0-1.

    Returns
    -------
    AnswerColumns
        Sorted by group, respondent and item.

    Raises
    ------
    InputError
        The file cannot be read on.
    """
    return _Reader(table, mapping, instrument, register, key, problems).read(progress)


class _Reader:
    def __init__(
        self,
        table: SourceTable,
        mapping: Mapping,
        instrument: Instrument,
        register: Register,
        key: bytes,
        problems: ProblemList,
    ) -> None:
        self.table, self.mapping, self.instrument, self.problems = table, mapping, instrument, problems
        self.located = locate_columns(table, mapping, instrument, problems)
        self.people = People(mapping.columns, instrument, register, key, problems)
        self.items = sorted(instrument.items)
        self._item_code = {item: code for code, item in enumerate(self.items)}
        labels = item_columns(mapping, instrument)
        known = {normalise_label(label): self._item_code[item] for label, item in labels.items()}
        self._item_labels = list(labels)
        self._item = Lookup(lambda text: known.get(normalise_label(text), UNKNOWN))
        scales = [instrument.items[item].scale for item in self.items]
        self._scales = sorted(set(scales))
        self._scale_of_item = np.array([self._scales.index(scale) for scale in scales], dtype=np.int32)
        self._lookups = {
            name: AnswerLookup(instrument.scales[name], mapping.answers, mapping.file.decimal)
            for name in self._scales
        }
        self._strata: list[str] = [""]
        self._stratum = Lookup(self._new_stratum)
        names = Names(self.people.groups, self.people.unit_ids, self.people.roles, self.items, self._strata)
        self.answers = AnswerColumns(names)

    def read(self, progress: Progress | None) -> AnswerColumns:
        """Read all batches, then check what only the whole file shows."""
        if self.problems:
            return self.answers  # without its columns a file cannot be read
        wide = self.mapping.layout == "wide"
        rows_n = 0
        for batch in self.table.batches([*self.located.fields.values(), *self.located.items.values()]):
            for fault in batch.faults:
                self.problems.add_rows(np.array([fault.row]), fault.where, fault.what, fault.remedy)
            if len(batch.rows):
                rows_n += len(batch.rows)
                self._take(batch, wide)
            if progress:
                progress(self.table.share_read)
        if not rows_n and not self.problems:
            self.problems.add(
                "there are no rows under the header", "check that the export has answers, and export it again"
            )
        self.answers.sort()
        if self.mapping.columns.respondent is not None:
            where = name_field(self.mapping.columns, "respondent")
            check_respondents(self.answers, self.problems, wide, where)
        return self.answers

    def _take(self, batch: RowBatch, wide: bool) -> None:
        texts = {
            name: factorise(column) for name, column in zip(self.located.fields, batch.columns, strict=False)
        }
        for name, source in self.mapping.columns:
            if isinstance(source, Source) and source.value is not None:
                texts[name] = Texts([source.value, ""], np.zeros(len(batch.rows), dtype=np.int32))
        who, known, known_organisation = self.people.understand(batch.rows, texts, self.table.first_row)
        columns = {**who, "row": batch.rows.astype(np.int32), **self._optional(batch, texts)}
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
                self._refuse_second_header(int(batch.rows[0]))

    def _refuse_second_header(self, row: int) -> None:
        self.problems.forget_row(row)
        skip = self.table.options.skip_after_header + 1
        self.problems.add(
            "the row looks like a second row of column names",
            f"delete it, or write `skip_after_header: {skip}` under `file:` in the mapping",
            f", row {row}",
        )

    def _new_stratum(self, text: str) -> int:
        if text and text not in self._strata:
            self._strata.append(text)
        return self._strata.index(text)

    def _optional(self, batch: RowBatch, texts: dict[str, Texts]) -> dict[str, np.ndarray]:
        """Return the columns weight, stratum, started_at and answered_at, those of them that the file has."""
        columns: dict[str, np.ndarray] = {}
        if weights := texts.get("weight"):
            numbers = [parse_number(text, self.mapping.file.decimal) for text in weights.distinct]
            columns["weight"] = weights.spread([number or 1.0 for number in numbers], np.float64)
            report_texts(
                self.problems,
                batch.rows,
                weights,
                weights.spread([number is None or number <= 0 for number in numbers], bool),
                name_field(self.mapping.columns, "weight"),
                lambda text: (f"the weight {show_value(text)} is no positive number", "mend the weight"),
            )
        if strata := texts.get("stratum"):
            columns["stratum"] = self._stratum.codes(strata)
        for name in TIMES:
            if name in texts:
                where = name_field(self.mapping.columns, name)
                columns[name] = read_times(texts[name], batch.rows, where, self.problems)
        if set(TIMES) <= set(columns):
            late = starts_late(*(columns[name] for name in TIMES))
            self.problems.add_rows(
                batch.rows[late],
                name_field(self.mapping.columns, "started_at"),
                f"begun after it was answered ({name_field(self.mapping.columns, 'answered_at')})",
                "correct the times, or name the right columns as started_at and answered_at in the mapping",
            )
        return columns

    def _wide_answers(self, batch: RowBatch) -> tuple[np.ndarray, np.ndarray]:
        """Return numbers (float32) and kinds (int8), both of shape (rows, items)."""
        columns = batch.columns[len(self.located.fields) :]
        value = np.empty((len(batch.rows), len(columns)), dtype=np.float32)
        kind = np.empty(value.shape, dtype=np.int8)
        for number, ((item, at), column) in enumerate(zip(self.located.items.items(), columns, strict=True)):
            lookup = self._lookups[self.instrument.items[item].scale]
            value[:, number], kind[:, number] = self._understand(
                batch.rows, factorise(column), lookup, f"column {self.table.header[at]}"
            )
        return value, kind

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
        where = name_field(self.mapping.columns, "answer")
        for number, scale in enumerate(self._scales):
            of_scale = np.flatnonzero((self._scale_of_item[item] == number) & (item >= 0))
            value[of_scale], kind[of_scale] = self._understand(
                batch.rows[of_scale],
                Texts(answers.distinct, answers.at[of_scale]),
                self._lookups[scale],
                where,
            )
        return item, value, kind

    def _understand(
        self, rows: np.ndarray, texts: Texts, lookup: AnswerLookup, where: str
    ) -> tuple[np.ndarray, np.ndarray]:
        value, kind = lookup.understand(texts)
        if (kind < 0).any():
            report_texts(
                self.problems, rows, texts, kind < 0, where, lambda text: answer_message(text, lookup)
            )
        return value, kind

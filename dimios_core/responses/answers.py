"""The answers of one file as arrays: gathered batch by batch, sorted, checked for what only the whole shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from dimios_core.responses.meanings import ANSWERED, MISSING
from dimios_core.responses.problems import ProblemList
from dimios_core.responses.store import ANSWER_KINDS, RESPONSE_SCHEMA

#: respondents that are told apart when they are there twice; the rest is one entry
REPEATED_SHOWN = 20
NO_TIME = np.iinfo(np.int64).min
#: columns of one value per respondent, and what they are called in messages
ONE_PER_RESPONDENT = {"unit": "units", "role": "roles", "weight": "weights", "stratum": "strata"}


@dataclass
class Names:
    """What the codes of the answers' columns mean: the text at the code's position."""

    groups: list[tuple[str, str]]
    units: list[str]
    roles: list[str]
    items: list[str]
    strata: list[str]


@dataclass
class AnswerColumns:
    """Answers as parallel arrays, a row per respondent and item.

    Columns: group int32 (organisation and period), unit int32, role int16, respondent uint64, item int16,
    value float32 (NaN unless answered), kind int8, row int32 (in the file); and where the file has
    them weight float64, stratum int32, started_at and answered_at int64 (milliseconds, `NO_TIME` = none).
    """

    names: Names
    parts: dict[str, list[np.ndarray]] = field(default_factory=dict)
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    #: what a reader should know, and no fault
    notes: list[str] = field(default_factory=list)
    #: respondents without any answer or "don't know" that were left out so far
    silent_n: int = 0

    def append(self, **columns: np.ndarray) -> None:
        """Take in a batch; every batch has the same columns."""
        for name, values in columns.items():
            self.parts.setdefault(name, []).append(values)

    def sort(self) -> None:
        """Join the batches and sort by group, respondent and item; each column is freed as it is replaced."""
        for name in list(self.parts):
            self.columns[name] = np.concatenate(self.parts.pop(name))
        if not self.columns:
            return
        c = self.columns
        order = np.lexsort((c["item"], c["respondent"], c["group"]))
        for name in c:
            c[name] = c[name][order]

    def __len__(self) -> int:
        return len(self.columns["group"]) if self.columns else 0

    def same_respondent(self) -> np.ndarray:
        """Whether each row but the first belongs to the respondent of the row before; bool, shape (n - 1,)."""
        group, respondent = self.columns["group"], self.columns["respondent"]
        return (group[1:] == group[:-1]) & (respondent[1:] == respondent[:-1])

    def keep(self, rows: np.ndarray) -> None:
        """Keep the rows where `rows` (bool) is true."""
        if not rows.all():
            for name in self.columns:
                self.columns[name] = self.columns[name][rows]

    def drop_silent_rows(self) -> None:
        """Leave out the rows without any answer of respondents who have several rows.

        A form often has a row of its own for the person and one for each time it was filled in. `silent_n` counts
        those of whom no row is left.
        """
        c = self.columns
        speaks_in_row = np.zeros(int(c["row"].max()) + 1, dtype=bool)
        speaks_in_row[c["row"][c["kind"] != MISSING]] = True
        starts = np.flatnonzero(np.concatenate([[True], ~self.same_respondent()]))
        several = np.minimum.reduceat(c["row"], starts) != np.maximum.reduceat(c["row"], starts)
        person = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(self))))
        rows = speaks_in_row[c["row"]] | ~several[person]
        self.silent_n += len(starts) - len(np.unique(person[rows]))
        self.keep(rows)

    def drop_silent_respondents(self) -> int:
        """Leave out respondents without any answer or "don't know"; returns how many."""
        if not len(self):
            return self.silent_n
        starts = np.flatnonzero(np.concatenate([[True], ~self.same_respondent()]))
        speaks = np.logical_or.reduceat(self.columns["kind"] != MISSING, starts)
        if not speaks.all():
            self.keep(np.repeat(speaks, np.diff(np.append(starts, len(self)))))
            self.silent_n += int((~speaks).sum())
        return self.silent_n

    def tables(self) -> Iterator[tuple[tuple[str, str], pa.Table]]:
        """Yield (organisation, period) and its answers as a table of `RESPONSE_SCHEMA`, in sorted order."""
        group = self.columns["group"]
        starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
        for start, stop in zip(starts, np.append(starts[1:], len(group)), strict=True):
            organisation, period = self.names.groups[group[start]]
            yield (organisation, period), self._table(slice(start, stop), organisation)

    def _table(self, rows: slice, organisation: str) -> pa.Table:
        c = {name: values[rows] for name, values in self.columns.items()}
        n = len(c["group"])
        constant = np.zeros(n, dtype=np.int8)
        answered = c["kind"] == ANSWERED
        arrays = {
            "organisation": _labels(constant, [organisation]),
            "unit": _labels(c["unit"], self.names.units),
            "role": _labels(c["role"], self.names.roles),
            "respondent": pa.array(c["respondent"]),
            "item": _labels(c["item"], self.names.items),
            "answer": pa.array(c["value"], mask=~answered),
            "answer_kind": _labels(c["kind"], list(ANSWER_KINDS)),
            "weight": pa.array(c["weight"] if "weight" in c else np.ones(n)),
            "stratum": _labels(c["stratum"], self.names.strata)
            if "stratum" in c
            else _labels(constant, [""]),
            "started_at": _times(c.get("started_at"), n),
            "answered_at": _times(c.get("answered_at"), n),
        }
        return pa.table(arrays, schema=RESPONSE_SCHEMA)


def _times(times: np.ndarray | None, n: int) -> pa.Array:
    """Encode milliseconds; null throughout where the file has no such times."""
    if times is None:
        return pa.nulls(n, pa.timestamp("ms"))
    return pa.array(times, mask=times == NO_TIME).cast(pa.timestamp("ms"))


def _labels(codes: np.ndarray, names: list[str]) -> pa.DictionaryArray:
    """Encode labels with only those that occur, in order, so that equal answers are equal bytes."""
    used = np.unique(codes)
    used = used[np.argsort([names[code] for code in used.tolist()], kind="stable")]
    position = np.zeros(int(used.max()) + 1, dtype=np.int32)
    position[used] = np.arange(len(used), dtype=np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(position[codes]), pa.array([names[code] for code in used.tolist()], type=pa.string())
    )


def check_respondents(answers: AnswerColumns, problems: ProblemList, wide: bool, where: str) -> None:
    """Find respondents that are there twice, or in two units or roles; `answers` must be sorted.

    Parameters
    ----------
    where : str
        The respondent column, for messages.
    """
    if len(answers) < 2:
        return
    c = answers.columns
    same = answers.same_respondent()
    repeated = same & (c["item"][1:] == c["item"][:-1])
    if wide and repeated.any():
        answers.drop_silent_rows()
        if len(answers) < 2:
            return
        same = answers.same_respondent()
        repeated = same & (c["item"][1:] == c["item"][:-1])
    if repeated.any():
        _report_repeated(answers, repeated, problems, wide, where)
    if wide:
        return
    person = np.concatenate([[0], np.cumsum(~same)])
    for column, called in ONE_PER_RESPONDENT.items():
        if column not in c:
            continue
        differs = same & (c[column][1:] != c[column][:-1])
        if differs.any():
            torn = np.zeros(person[-1] + 1, dtype=bool)
            torn[person[1:][differs]] = True
            problems.add_rows(
                np.unique(c["row"][torn[person]]),
                where,
                f"the same respondent in two {called} of one organisation and period",
                "give all rows of a respondent the same one",
            )


def _report_repeated(
    answers: AnswerColumns, repeated: np.ndarray, problems: ProblemList, wide: bool, where: str
) -> None:
    c = answers.columns
    if wide:  # every item tells of the same rows; one of them is enough
        repeated = repeated & (c["item"][1:] == c["item"].min())
    before, after = np.concatenate([repeated, [False]]), np.concatenate([[False], repeated])
    positions = np.flatnonzero(before | after)
    starts = np.flatnonzero(~after[positions])
    for start, stop in zip(starts[:REPEATED_SHOWN], [*starts[1:], len(positions)], strict=False):
        first = positions[start]
        organisation, period = answers.names.groups[c["group"][first]]
        item = "" if wide else f", item {answers.names.items[c['item'][first]]}"
        problems.add_rows(
            np.sort(c["row"][positions[start:stop]]),
            where,
            f"the same respondent more than once (organisation {organisation}, period {period}{item})",
            "keep one of the rows (`rows:` in the mapping can leave the others out); if many share an address,"
            " leave `respondent` out of the mapping",
            key=str(first),
        )
    if len(starts) > REPEATED_SHOWN:
        rest = np.unique(c["row"][positions[starts[REPEATED_SHOWN] :]])
        problems.add_rows(rest, where, "respondents more than once", "keep one row of each")

"""Published tables as plain arrays, for checks of all rows of a table at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dimios_core.published.status import Status

#: numbers of groups are below this: two of them fit into one whole number
GROUPS_MAX = 2**31


@dataclass(frozen=True)
class Texts:
    """A column of text.

    Attributes
    ----------
    codes : int array (rows,)
        Place of each row's text among the words.
    words : object array
        What the column may hold, each word once; the last is None, which stands for what is missing.
    """

    codes: np.ndarray
    words: np.ndarray

    def are(self, wanted: Iterable[str | None]) -> np.ndarray:
        """Tell which rows hold one of some words; None is one, too."""
        words = {*wanted}
        return np.array([word in words for word in self.words], bool)[self.codes]


@dataclass(frozen=True)
class Sheet:
    """A published table.

    Attributes
    ----------
    columns : dict
        Name -> texts, or an array (rows,) of numbers, counts or truths.
    length : int
        How many rows there are.
    """

    columns: dict[str, Texts | np.ndarray]
    length: int

    @classmethod
    def of(cls, table: pa.Table) -> Sheet:
        """Take over what a file holds."""
        columns = zip(table.column_names, table.columns, strict=True)
        return cls({name: _take_over(column) for name, column in columns}, table.num_rows)

    @classmethod
    def of_frame(cls, frame: pd.DataFrame) -> Sheet:
        """Take over a frame."""
        return cls.of(pa.Table.from_pandas(frame, preserve_index=False))

    @classmethod
    def of_rows(cls, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Sheet:
        """Make a table of plain rows."""
        return cls.of(pa.table([list(r) for r in zip(*rows, strict=True)] or [[] for _ in names], [*names]))

    @classmethod
    def empty(cls, names: Iterable[str]) -> Sheet:
        """Make a table without rows."""
        return cls.of_rows([*names], [])

    def __len__(self) -> int:
        """How many rows there are."""
        return self.length

    def __contains__(self, name: str) -> bool:
        """Whether there is such a column."""
        return name in self.columns

    def texts(self, name: str) -> Texts:
        """Return a column of text."""
        column = self.columns[name]
        assert isinstance(column, Texts)
        return column

    def number(self, name: str) -> np.ndarray:
        """Return a column as floats; NaN where nothing stands. What is neither a number nor a truth is refused by ValueError."""
        column = self.columns[name]
        return (column.words[column.codes] if isinstance(column, Texts) else column).astype(float)

    def text(self, name: str) -> np.ndarray:
        """Return a column as objects: texts, or numbers as they are; None where no text stands."""
        column = self.columns[name]
        return column.words[column.codes] if isinstance(column, Texts) else column.astype(object)

    def are(self, name: str, *wanted: str | None) -> np.ndarray:
        """Tell which rows of a column of text hold one of some words; None is one, too."""
        column = self.columns[name]
        if isinstance(column, Texts):
            return column.are(wanted)
        return np.array([(None if value != value else value) in wanted for value in column.tolist()], bool)

    def take(self, where: np.ndarray) -> Sheet:
        """Return some rows: those that are true in a bool array (rows,), or stand in an array of places."""
        at = np.flatnonzero(where) if where.dtype == bool else where
        columns = {
            name: Texts(c.codes[at], c.words) if isinstance(c, Texts) else c[at]
            for name, c in self.columns.items()
        }
        return Sheet(columns, len(at))

    @cached_property
    def shown(self) -> Sheet:
        """The rows that are published."""
        published = self.are("status", Status.PUBLISHED.label)
        return self if published.all() else self.take(published)

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Return rows of some columns as plain values."""
        return zip(*(self.text(name).tolist() for name in names), strict=True)

    def told(
        self, where: np.ndarray, about: Iterable[str], most: int | None = None
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield what rows are about that are true in a bool array, `most` of them: period ("" in a table of none), some columns."""
        at = np.flatnonzero(where)[:most]
        if not len(at):
            return
        rows = self.take(at)
        periods = rows.text("period") if "period" in rows else [""] * len(rows)
        for period, row in zip(periods, rows.rows(*about), strict=True):
            yield str(period), row

    def group(self, *names: str) -> tuple[np.ndarray, np.ndarray]:
        """Number the sets of rows that are alike in some columns, in the order in which they appear.

        Returns
        -------
        number : int array (rows,)
        first : int array (sets,)
            The first row of each set.
        """
        mixed = np.zeros(self.length, np.int64)
        for name in names:
            codes = self._number_values(name)
            mixed = mixed * (codes.max(initial=0) + 1) + codes
            if mixed.max(initial=0) >= GROUPS_MAX:
                mixed = np.unique(mixed, return_inverse=True)[1]
        _, first, number = np.unique(mixed, return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty(len(order), int)
        place[order] = np.arange(len(order))
        return place[number], first[order]

    def _number_values(self, name: str) -> np.ndarray:
        column = self.columns[name]
        if isinstance(column, Texts):
            return column.codes
        return np.unique(self.number(name), return_inverse=True)[1]


def stack(sheets: Sequence[Sheet], names: Iterable[str]) -> Sheet:
    """Put some columns of tables under each other; empty where a table has no such column."""
    parts = [
        pa.table({n: pa.array(s.text(n), from_pandas=True) if n in s else pa.nulls(len(s)) for n in names})
        for s in sheets
    ]
    return Sheet.of(pa.concat_tables(parts, promote_options="permissive"))


def _take_over(column: pa.ChunkedArray) -> Texts | np.ndarray:
    if pa.types.is_null(column.type) or not len(column):
        return Texts(np.zeros(len(column), int), np.array([None], object))
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.dictionary_encode()
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy()
    values = column.combine_chunks()
    words = values.dictionary.to_pylist()
    if len({*words, None}) <= len(words):  # whoever wrote the file told a word twice
        values = values.cast(values.type.value_type).dictionary_encode()
        words = values.dictionary.to_pylist()
    codes = values.indices.cast(pa.int64()).fill_null(len(words)).to_numpy()
    return Texts(codes, np.array([*words, None], object))

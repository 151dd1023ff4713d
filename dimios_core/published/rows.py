"""Published tables as plain rows, for readers that pick a few of them: no frame is built, no thread is started."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.published.reads import read_content

#: how published tables are packed: they are read far oftener than written, and in two thirds of the time that smaller ones take
COMPRESSION = "snappy"
#: column -> text, number, count, truth; None where there is none
Row = dict[str, Any]


@dataclass(frozen=True)
class _Texts:
    """A column of text: each row's place among the words that the column uses; what is missing is the last of them, None."""

    places: np.ndarray
    words: np.ndarray

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words[:-1].tolist())}

    def matches(self, wanted: str | Collection[str]) -> np.ndarray:
        """Return which rows hold the text, or one of them."""
        texts = (wanted,) if isinstance(wanted, str) else wanted
        places = [self._place_of[text] for text in texts if text in self._place_of]
        if len(places) == 1:
            return self.places == places[0]
        chosen = np.zeros(len(self.words), bool)
        chosen[places] = True
        return chosen[self.places]

    def pick(self, at: np.ndarray) -> list[Any]:
        """Return the texts of some rows."""
        return self.words[self.places[at]].tolist()

    def take(self, at: np.ndarray) -> _Texts:
        """Return the texts of some rows as a column."""
        return _Texts(self.places[at], self.words)

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Texts:
        """Make a column of texts."""
        place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        return cls(np.array([place[text] for text in texts], int), np.array([*place, None], dtype=object))


@dataclass(frozen=True)
class _Values:
    """A column of numbers, counts or truths, and where it is empty."""

    values: np.ndarray
    empty: np.ndarray | None

    def pick(self, at: np.ndarray) -> list[Any]:
        """Return the values of some rows."""
        found = self.values[at]
        if self.empty is None:
            return found.tolist()
        told = found.astype(object)
        told[self.empty[at]] = None
        return told.tolist()

    def take(self, at: np.ndarray) -> _Values:
        """Return the values of some rows as a column."""
        return _Values(self.values[at], None if self.empty is None else self.empty[at])


class _Stored(Mapping[str, "_Texts | _Values"]):
    """The columns of a Parquet file, read when they are first asked for; together where they are asked for together."""

    def __init__(self, content: bytes | pa.Buffer) -> None:
        self._file = pq.ParquetFile(pa.BufferReader(content))
        self._names: tuple[str, ...] = tuple(self._file.schema.names)
        self._read: dict[str, _Texts | _Values] = {}
        self.length: int = self._file.metadata.num_rows

    def __getitem__(self, name: str) -> _Texts | _Values:
        if name not in self._read:
            self.read((name,))
        return self._read[name]

    def read(self, names: Iterable[str]) -> None:
        """Read those of some columns that are not read yet.

        Raises
        ------
        KeyError
            There is no such column.
        """
        missing = [name for name in dict.fromkeys(names) if name not in self._read]
        if unknown := [name for name in missing if name not in self._names]:
            raise KeyError(*unknown)
        if missing:
            table = self._file.read(missing, use_threads=False)
            self._read |= zip(table.column_names, map(_read_column, table.columns), strict=True)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Table:
    """A table to pick rows from.

    Parameters
    ----------
    columns : mapping of name -> column
        As `read_rows` reads them.
    length : int
    """

    columns: Mapping[str, _Texts | _Values]
    length: int

    def rows(self, **wanted: str | Collection[str]) -> list[Row]:
        """Return the rows with the given texts, in the table's order.

        Parameters
        ----------
        **wanted : str or collection of str
            Columns of text, each with the text that a row must hold, or with several of which it must hold one.

        Returns
        -------
        list of dict of column -> value
            Texts are str, numbers float, counts int, truths bool. What is missing is None, never NaN.

        Raises
        ------
        KeyError
            The table has no such column.
        TypeError
            The column holds no text.
        """
        names = tuple(self.columns)
        return [dict(zip(names, values, strict=True)) for values in self.pick(*names, **wanted)]

    def pick(self, *names: str, either: Any = None, **wanted: str | Collection[str]) -> list[tuple[Any, ...]]:
        """Return some columns of the rows with the given texts, in the table's order: a tuple a row.

        Parameters
        ----------
        *names : str
            The columns, in the order of the tuples.
        either : mapping of str to str, optional
            Columns of text of which at least one must hold its text.
        **wanted : str or collection of str
            As of `rows`; so are values and errors.
        """
        if not self.length:
            return []
        self._read((*wanted, *(either or ())))
        chosen = [self._match(name, texts) for name, texts in wanted.items()]
        if either:
            chosen.append(np.logical_or.reduce([self._match(name, text) for name, text in either.items()]))
        at = np.logical_and.reduce(chosen).nonzero()[0] if chosen else np.arange(self.length)
        if not len(at):
            if unknown := set(names).difference(self.columns):
                raise KeyError(*unknown)
            return []
        self._read(names)
        return list(zip(*(self.columns[name].pick(at) for name in names), strict=True))

    def _match(self, name: str, texts: str | Collection[str]) -> np.ndarray:
        """Return which rows hold a text, or one of several, in a column."""
        column = self.columns[name]
        if not isinstance(column, _Texts):
            raise TypeError(f"column {name} holds no text to choose rows by")
        return column.matches(texts)

    def _read(self, names: Iterable[str]) -> None:
        if isinstance(self.columns, _Stored):
            self.columns.read(names)

    def take(self, places: Sequence[int], **texts: Sequence[str]) -> Table:
        """Return some rows, by their places, with other texts in columns that are named."""
        at = np.asarray(places, int)
        columns = {name: column.take(at) for name, column in self.columns.items()}
        return Table(columns | {name: _Texts.of(given) for name, given in texts.items()}, len(at))

    def read_all(self) -> None:
        """Read every column now, for those who will be forked."""
        self._read(self.columns)

    def distinct(self, column: str) -> set[str]:
        """Return the texts that a column uses."""
        return set(self.texts(column)) - {None}

    def texts(self, column: str) -> list[Any]:
        """Return a column of text, row by row; None where there is none."""
        return self.columns[column].pick(np.arange(self.length))


EMPTY = Table({}, 0)


def open_alone(path: Path) -> pq.ParquetFile:
    """Open a Parquet file to be read without starting a thread.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    """
    # from a file pyarrow reads by a thread of its own, even where it is told to use none; from memory it does not
    return pq.ParquetFile(pa.BufferReader(read_content(path).data))


def read_alone(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a Parquet file, or some of its columns, without starting a thread.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    """
    return open_alone(path).read(columns, use_threads=False)


def read_rows(path: Path) -> Table:
    """Read a Parquet file as rows to pick from, without starting a thread; where contents are kept, so are the rows.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    """
    return read_content(path).made(tabulate)


def tabulate(content: bytes | pa.Buffer) -> Table:
    """Read what a Parquet file holds as rows to pick from."""
    columns = _Stored(content)
    return Table(columns, columns.length)


def warm_up_reading() -> None:
    """Read a table that was made up in memory: what pyarrow sets up at its first one is set up then."""
    # of nothing: an array of values asks whether they are of pandas, and so loads it
    types = {"text": pa.string(), "number": pa.float64(), "count": pa.int64(), "truth": pa.bool_()}
    made_up = pa.Table.from_arrays([pa.nulls(3, kind) for kind in types.values()], list(types))
    sink = pa.BufferOutputStream()
    pq.write_table(made_up, sink, compression=COMPRESSION)
    tabulate(sink.getvalue()).rows(text="a")


def _read_column(column: pa.ChunkedArray) -> _Texts | _Values:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.dictionary_encode()
    values = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        words = np.array([*values.dictionary.to_pylist(), None], dtype=object)
        return _Texts(_fill(values.indices, len(words) - 1, _find_empty(values.indices)), words)
    if pa.types.is_floating(values.type):
        missing, numbers = _find_empty(values), _view(values)
        if missing is not None:
            numbers = np.where(missing, np.nan, numbers)
        empty = np.isnan(numbers)
        return _Values(numbers, empty if empty.any() else None)
    empty = _find_empty(values)
    return _Values(_fill(values, 0 if pa.types.is_integer(values.type) else False, empty), empty)


def _find_empty(values: pa.Array) -> np.ndarray | None:
    """Return where there is no value; None where all are there."""
    return ~_view_bits(values, values.buffers()[0]) if values.null_count else None


def _fill(values: pa.Array, filler: int, empty: np.ndarray | None) -> np.ndarray:
    """Return whole numbers or truths with `filler` where there is none."""
    found = _view(values)
    if empty is None:
        return found
    return np.where(empty, filler, found).astype(np.int64 if pa.types.is_integer(values.type) else bool)


def _view(values: pa.Array) -> np.ndarray:
    """Return numbers, counts or truths as they lie in memory: whatever stands where there is none.

    An array's own `to_numpy` loads pandas, which no reader of rows needs.
    """
    if pa.types.is_boolean(values.type):
        return _view_bits(values, values.buffers()[1])
    kind = np.dtype(values.type.to_pandas_dtype())
    if not len(values):
        return np.zeros(0, kind)
    return np.frombuffer(values.buffers()[1], kind, len(values), values.offset * kind.itemsize)


def _view_bits(values: pa.Array, bits: pa.Buffer | None) -> np.ndarray:
    """Return the bits of an array that lie in one of its buffers, as truths."""
    if bits is None:
        return np.zeros(len(values), bool)
    unpacked = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")
    return unpacked[values.offset : values.offset + len(values)].astype(bool)

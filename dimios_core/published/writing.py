"""How published tables get into a results folder, and the version of what it holds then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.published.reads import STAMP
from dimios_core.published.rows import COMPRESSION
from dimios_core.published.shaping import check_table

#: how columns of words number them: as Parquet itself does, so that a reader need not turn one kind of number into another
CODES = pa.int32()


def write_published(name: str, frame: pd.DataFrame, folder: Path) -> None:
    """Write a published table into a folder, as its schema declares it or not at all.

    Raises
    ------
    SchemaError
        It is not as its schema declares it.
    """
    check_table(name, frame)
    write_parquet(frame, folder / f"{name}.parquet")


def write_published_of(name: str, frame: pd.DataFrame, folders: Mapping[str, Path]) -> None:
    """Write each organisation's rows of a published table into its folder, with no word of any other's.

    Parameters
    ----------
    name : str
        Of the table.
    frame : DataFrame
        Several organisations' rows, shaped with `per_organisation`.
    folders : mapping
        Organisation -> its folder; one without rows gets a table without rows.

    Raises
    ------
    SchemaError
        The table is not as its schema declares it; nothing is written then.
    """
    rows = frame.drop(columns="organisation")
    check_table(name, rows)
    parts = _Parts.of(_as_arrow(rows))
    rows_of = frame.groupby("organisation", observed=True).indices
    nothing = _encode(parts.take(np.zeros(0, int)))
    for organisation, folder in folders.items():
        at = rows_of.get(organisation)
        (folder / f"{name}.parquet").write_bytes(nothing if at is None else _encode(parts.take(at)))


@dataclass(frozen=True)
class _Parts:
    """A table that rows are taken from again and again.

    Attributes
    ----------
    table : Table
    words : dict
        Column of a dictionary -> each row's code, −1 where nothing stands, and the words.
    """

    table: pa.Table
    words: dict[str, tuple[np.ndarray, pa.Array]]

    @classmethod
    def of(cls, table: pa.Table) -> _Parts:
        """Lay the dictionaries out."""
        coded = {
            field.name: table[field.name].combine_chunks()
            for field in table.schema
            if pa.types.is_dictionary(field.type)
        }
        return cls(table, {n: (c.indices.fill_null(-1).to_numpy(), c.dictionary) for n, c in coded.items()})

    def take(self, at: np.ndarray) -> pa.Table:
        """Take rows, and of dictionaries the words that these have, in their order."""
        names = self.table.column_names
        others = self.table.select([n for n in names if n not in self.words]).take(pa.array(at))
        columns = {n: _keep_used(codes[at], words) for n, (codes, words) in self.words.items()}
        return pa.table({n: columns[n] if n in columns else others[n] for n in names})


def _keep_used(codes: np.ndarray, words: pa.Array) -> pa.DictionaryArray:
    used = np.flatnonzero(np.bincount(codes + 1, minlength=len(words) + 1)[1:])
    place = np.full(len(words) + 1, -1, np.int32)
    place[used] = np.arange(len(used))
    own = place[codes]
    missing = own < 0
    return pa.DictionaryArray.from_arrays(
        pa.array(own, mask=missing if missing.any() else None), words.take(pa.array(used))
    )


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write any frame as Parquet; the bytes depend on the content alone."""
    _write(_as_arrow(frame), path)


def _as_arrow(frame: pd.DataFrame) -> pa.Table:
    # one thread: starting more takes longer than they save
    table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
    return pa.table({name: _number_words(table[name]) for name in table.column_names})


def _number_words(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.DictionaryArray:
    if not pa.types.is_dictionary(column.type):
        return column
    words = column.combine_chunks()
    return pa.DictionaryArray.from_arrays(
        words.indices.cast(CODES), words.dictionary, ordered=words.type.ordered
    )


def _write(table: pa.Table, to: Path | pa.BufferOutputStream) -> None:
    pq.write_table(table, to, compression=COMPRESSION)


def _encode(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    _write(table, sink)
    return sink.getvalue()


def write_json(value: Any, path: Path) -> None:
    """Write JSON with sorted keys and readable letters."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def hash_store(root: Path) -> str:
    """Return the version of a results folder: twelve digits of a hash over all files but the stamp."""
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.name != STAMP):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]

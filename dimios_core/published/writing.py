"""How published tables get into a results folder, and the version of what it holds then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.published.reads import STAMP
from dimios_core.published.rows import COMPRESSION
from dimios_core.published.shaping import check_table

#: from so many words on, pandas numbers them with two bytes each
SHORT_CODES_N = 127


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
    table, none = _as_arrow(rows), np.zeros(0, int)
    rows_of = frame.groupby("organisation", observed=True).indices
    for organisation, folder in folders.items():
        own = table.take(pa.array(rows_of.get(organisation, none)))
        _write(_keep_used(own), folder / f"{name}.parquet")


def _keep_used(table: pa.Table) -> pa.Table:
    """Drop the words of dictionaries that no row has; what is left keeps its order, in the smallest codes as pandas has them."""
    for i, field in enumerate(table.schema):
        if not pa.types.is_dictionary(field.type):
            continue
        column = table.column(i).combine_chunks()
        codes = column.indices.fill_null(-1).to_numpy()
        used = np.flatnonzero(np.bincount(codes + 1, minlength=len(column.dictionary) + 1)[1:])
        place = np.full(len(column.dictionary) + 1, -1, np.int8 if len(used) < SHORT_CODES_N else np.int16)
        place[used] = np.arange(len(used))
        codes = place[codes]
        own = pa.DictionaryArray.from_arrays(
            pa.array(codes, mask=codes < 0), column.dictionary.take(pa.array(used))
        )
        table = table.set_column(i, field.name, own)
    return table


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write any frame as Parquet; the bytes depend on the content alone."""
    _write(_as_arrow(frame), path)


def _as_arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression=COMPRESSION)


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

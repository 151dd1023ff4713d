"""How published tables get into a results folder, and the version of what it holds then."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.published.reads import STAMP
from dimios_core.published.shaping import check_table


def write_published(name: str, frame: pd.DataFrame, folder: Path) -> None:
    """Write a published table into a folder, as its schema declares it or not at all.

    Raises
    ------
    SchemaError
        It is not as its schema declares it.
    """
    check_table(name, frame)
    write_parquet(frame, folder / f"{name}.parquet")


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write any frame as Parquet; the bytes depend on the content alone."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")


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

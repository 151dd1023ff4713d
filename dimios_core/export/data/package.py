"""A data package: tables as CSV and Parquet with datapackage.json, put in place whole or not at all.

The same tables give the same bytes: no clock, no path, no user.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dimios_core.errors import InputError, Problem
from dimios_core.export.data.describing import (
    Meanings,
    describe_schema,
    in_each,
    list_columns,
    load_described,
)
from dimios_core.formulas import defuse
from dimios_core.replacing import PRIVATE_FILE, PRIVATE_FOLDER, recover_folder, swap_folder

DESCRIPTOR = "datapackage.json"
TYPES = {"text": pa.string(), "count": pa.int64(), "number": pa.float64(), "truth": pa.bool_()}


@dataclass(frozen=True)
class Package:
    """The content of a data package.

    Attributes
    ----------
    name : str
        By which a package knows its own folder again.
    about : dict
        Properties of the package beside its name and resources.
    tables : dict of name -> pyarrow.Table
        Each as `dimios_core.export.data.describing.load_described` declares it.
    codes : dict
        As `dimios_core.export.data.describing.gather_codes`.
    texts : dict of file name -> str
        Further files, such as README.md.
    languages : tuple of str
        Those that it speaks, the specification's own properties in the first.
    """

    name: str
    about: dict[str, Any]
    tables: dict[str, pa.Table]
    codes: Mapping[str, Meanings]
    texts: dict[str, str]
    languages: tuple[str, ...]


def shape(table: str, columns: Mapping[str, Any], languages: Sequence[str]) -> pa.Table:
    """Return a table with the columns and types that it is declared with; "" becomes missing."""
    arrays = {}
    for name, (column, _) in list_columns(table, languages).items():
        values = columns[name]
        if column.type == "text":
            values = [v or None for v in values]
        arrays[name] = pa.array(values, TYPES[column.type], from_pandas=True)
    return pa.table(arrays)


def write_csv(table: pa.Table) -> bytes:
    """Return the CSV of a table: UTF-8, comma, decimal points; empty where missing; no text that opens a formula."""
    target = io.StringIO()
    out = csv.writer(target, lineterminator="\n")
    out.writerow(table.column_names)
    columns = [_plain(column) for column in table.columns]
    out.writerows(zip(*columns, strict=True))
    return target.getvalue().encode()


def _plain(column: pa.ChunkedArray) -> list[Any]:
    values = column.to_pylist()
    if pa.types.is_boolean(column.type):
        words = {True: "true", False: "false", None: None}
        return [words[v] for v in values]
    return [defuse(v) if isinstance(v, str) else v for v in values]


def write_parquet(table: pa.Table) -> bytes:
    """Return the Parquet file of a table."""
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd", store_schema=False)
    return target.getvalue()


def build_files(package: Package) -> dict[str, bytes]:
    """Return the package's files: place below its folder -> bytes."""
    files = {name: text.encode() for name, text in package.texts.items()}
    resources: list[dict[str, Any]] = []
    for name, table in package.tables.items():
        text, columnar = f"data/{name}.csv", f"data/{name}.parquet"
        files[text], files[columnar] = write_csv(table), write_parquet(table)
        # sizes and hashes of Parquet files are left out: frictionless does not count them, and would complain
        counted = {"bytes": len(files[text]), "hash": f"sha256:{hashlib.sha256(files[text]).hexdigest()}"}
        of_text = {"encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": "\n"}, **counted}
        resources.append(_describe(package, name, name, text, "csv", "text/csv") | of_text)
        resources.append(
            _describe(package, name, f"{name}-parquet", columnar, "parquet", "application/vnd.apache.parquet")
        )
    descriptor = {"profile": "data-package", "name": package.name, **package.about, "resources": resources}
    files[DESCRIPTOR] = (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def _describe(package: Package, table: str, name: str, path: str, kind: str, media: str) -> dict[str, Any]:
    about = load_described()[table]
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": kind,
        "mediatype": media,
        **in_each("title", {code: about.title(code) for code in package.languages}),
        **in_each("description", {code: about.description(code) for code in package.languages}),
        "schema": describe_schema(table, package.codes, kind == "parquet", package.languages),
    }


def check_target(folder: Path, name: str) -> list[Problem]:
    """Tell what stands in the way of a package: only an older package of the same name may be replaced."""
    if not folder.exists() and not folder.is_symlink():
        return []
    remedy = "name a new folder with --to"
    if not folder.is_dir():
        return [Problem(f"--to {folder}", "this is no folder", remedy)]
    held = [p for p in folder.rglob("*") if not p.is_dir()]
    if not held:
        return []
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        ours = descriptor["name"] == name
        known = {folder / DESCRIPTOR, folder / "README.md", folder / "coarsening.json"}
        known |= {folder / resource["path"] for resource in descriptor["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        ours, known = False, set()
    if not ours or set(held) - known:
        return [Problem(f"--to {folder}", "the folder holds something else than such a package", remedy)]
    return []


def put_in_place(files: Mapping[str, bytes], folder: Path, private: bool) -> None:
    """Write files into a folder beside the wanted one, and rename it when all are there.

    Parameters
    ----------
    private : bool
        Only the owner may enter the folder and read its files.

    Raises
    ------
    InputError
        The place cannot be written, or the disk is full; what was there before stays.
    """
    staged = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        recover_folder(folder)
        try:
            staged.mkdir(mode=PRIVATE_FOLDER if private else 0o777)
            for name, content in files.items():
                _write(staged / name, content, private)
            swap_folder(staged, folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        what = f"cannot be written: {error.strerror or type(error).__name__}"
        raise InputError(Problem(str(folder), what, "name a folder that can be written with --to")) from error


def _write(path: Path, content: bytes, private: bool) -> None:
    path.parent.mkdir(mode=PRIVATE_FOLDER if private else 0o777, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)

"""What packages say of their tables: schemas of columns and a table of codes, from what tables are declared to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.published.schema import (
    Meanings,
    TableSchema,
    load_codes,
    load_tables,
    load_units,
    read_tables,
    shared_columns,
)

UNKNOWN_ROLE_MEANING = ("Role not known", "Okänd roll")
#: types of columns as the Table Schema specification calls them
TYPES = {"text": "string", "number": "number", "count": "integer", "truth": "boolean"}


@cache
def load_described() -> dict[str, TableSchema]:
    """Return the tables that packages can hold: the open ones among the published, and those that are theirs alone."""
    tables = {name: table for name, table in load_tables().items() if table.open}
    return tables | read_tables(_read_own(), shared=shared_columns("public"))


@cache
def _read_own() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("tables.yaml").read_text(encoding="utf-8"))


def gather_codes(tables: Iterable[str], instrument: Instrument) -> dict[str, Meanings]:
    """Return the codes of the columns of some tables: column -> code -> meanings. Roles and levels are the instrument's."""
    roles = {r.id: (instrument.text(r.name, "en"), instrument.text(r.name, "sv")) for r in instrument.roles}
    roles |= {role: UNKNOWN_ROLE_MEANING for role in instrument.role_ids if role not in roles}
    known: dict[str, Meanings] = {**load_codes(), **_read_own()["codes"], "role": roles}
    if instrument.composite is None:
        known["level"] = {code: meaning for code, meaning in known["level"].items() if code != COMPOSITE[0]}
    used = {c.codes for table in tables for c in load_described()[table].columns.values() if c.codes}
    return {column: known[column] for column in sorted(used)}


def describe_schema(table: str, codes: Mapping[str, Meanings], columnar: bool) -> dict[str, Any]:
    """Return the Table Schema of a table.

    Parameters
    ----------
    columnar : bool
        Of the Parquet file. Readers that go through pandas, as frictionless does, meet what is missing there as NaN:
        so counts that may be missing are numbers, and numbers that may be missing have no limits.
    """
    about, units, fields = load_described()[table], load_units(), []
    for column in about.columns.values():
        kind = "number" if columnar and column.type == "count" and not column.required else TYPES[column.type]
        limits = units[column.unit] if column.unit and (column.required or not columnar) else {}
        constraints: dict[str, Any] = ({"required": True} if column.required else {}) | limits
        if column.pattern:
            constraints["pattern"] = column.pattern
        if column.codes:
            constraints["enum"] = list(codes[column.codes])
        fields.append(
            {"name": column.name, "type": kind}
            | pair("title", column.title)
            | pair("description", column.description)
            | ({"unit": column.unit} if column.unit else {})
            | ({"constraints": constraints} if constraints else {})
        )
    foreign = [_read_own()["foreign"][name] for name in about.foreign]
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": list(about.key),
    } | ({"foreignKeys": foreign} if foreign else {})


def pair(name: str, texts: Iterable[str]) -> dict[str, str]:
    """Return a text as two properties: the specification's in English, one of our own in Swedish."""
    english, swedish = texts
    return {name: english, f"{name}_sv": swedish}

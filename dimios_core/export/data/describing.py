"""What packages say of their tables: schemas of columns and a table of codes, from what tables are declared to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.languages import name_language, say, usable_languages
from dimios_core.published.schema import (
    ColumnSchema,
    TableSchema,
    load_codes,
    load_tables,
    load_units,
    name_codes,
    read_tables,
)

#: code -> language -> meaning
Meanings = Mapping[str, Mapping[str, str]]
#: what the specification's own properties are in, where the model is
FIRST = "en"
#: types of columns as the Table Schema specification calls them
TYPES = {"text": "string", "number": "number", "count": "integer", "truth": "boolean"}


def choose_languages(instrument: Instrument) -> tuple[str, ...]:
    """Return the languages of a package: those of the model that there are texts in, English first."""
    usable = usable_languages()
    found = [code for code in instrument.languages if code in usable]
    if not found:
        remedy = f"add one of {', '.join(usable)} to the model, or texts (docs/languages.md)"
        raise InputError(
            Problem(f"model {instrument.id}", "there are no texts in any of its languages", remedy)
        )
    return tuple(sorted(found, key=lambda code: code != FIRST))


@cache
def load_described() -> dict[str, TableSchema]:
    """Return the tables that packages can hold: the open ones among the published, and those that are theirs alone."""
    tables = {name: table for name, table in load_tables().items() if table.open}
    return tables | read_tables(_read_own(), sharing="public")


def list_columns(table: str, languages: Sequence[str]) -> dict[str, tuple[ColumnSchema, str]]:
    """Return the columns of a table by name, each with the language that it is in; "" where it is in none.

    A text of the model is a column for each language: `name_en`, `name_sv`.
    """
    found: dict[str, tuple[ColumnSchema, str]] = {}
    for name, column in load_described()[table].columns.items():
        each = {f"{name}_{code}": (column, code) for code in languages}
        found |= each if column.translated else {name: (column, "")}
    return found


@cache
def _read_own() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("tables.yaml").read_text(encoding="utf-8"))


def gather_codes(
    tables: Iterable[str], instrument: Instrument, languages: Sequence[str]
) -> dict[str, Meanings]:
    """Return the codes of the columns of some tables: column -> code -> meanings. Roles and levels are the instrument's."""
    roles = {r.id: {code: instrument.text(r.name, code) for code in languages} for r in instrument.roles}
    unknown = {code: say(code, "package.unknown_role") for code in languages}
    roles |= {role: unknown for role in instrument.role_ids if role not in roles}
    codes = load_codes() | {name: tuple(map(str, own)) for name, own in _read_own()["codes"].items()}
    known: dict[str, Meanings] = {name: _word_codes(name, own, languages) for name, own in codes.items()}
    known["role"] = roles
    if instrument.composite is None:
        known["level"] = {code: meaning for code, meaning in known["level"].items() if code != COMPOSITE[0]}
    used = {c.codes for table in tables for c in load_described()[table].columns.values() if c.codes}
    return {column: known[column] for column in sorted(used)}


def _word_codes(name: str, codes: Iterable[str], languages: Sequence[str]) -> Meanings:
    words = {language: name_codes(name, language) for language in languages}
    return {code: {language: words[language][code] for language in languages} for code in codes}


def describe_schema(
    table: str, codes: Mapping[str, Meanings], columnar: bool, languages: Sequence[str]
) -> dict[str, Any]:
    """Return the Table Schema of a table.

    Parameters
    ----------
    columnar : bool
        Of the Parquet file. Readers that go through pandas, as frictionless does, meet what is missing there as NaN:
        so counts that may be missing are numbers, and numbers that may be missing have no limits.
    """
    about, units, fields = load_described()[table], load_units(), []
    for name, (column, of) in list_columns(table, languages).items():
        kind = "number" if columnar and column.type == "count" and not column.required else TYPES[column.type]
        limits = units[column.unit] if column.unit and (column.required or not columnar) else {}
        constraints: dict[str, Any] = ({"required": True} if column.required else {}) | limits
        if column.pattern:
            constraints["pattern"] = column.pattern
        if column.codes:
            constraints["enum"] = list(codes[column.codes])
        fields.append(
            {"name": name, "type": kind}
            | in_each("title", {code: _title(column, of, code) for code in languages})
            | in_each("description", {code: column.description(code) for code in languages})
            | ({"unit": column.unit} if column.unit else {})
            | ({"constraints": constraints} if constraints else {})
        )
    foreign = [_read_own()["foreign"][name] for name in about.foreign]
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": list(about.key),
    } | ({"foreignKeys": foreign} if foreign else {})


def _title(column: ColumnSchema, of: str, language: str) -> str:
    title = column.title(language)
    return title.replace("{{ language }}", name_language(of, language)) if of else title


def in_each(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return a text as a property for each language: the specification's own in the first, one of ours in each of the others."""
    first = next(iter(texts))
    return {name if code == first else f"{name}_{code}": text for code, text in texts.items()}

"""What packages say of their tables: schemas of columns and a table of codes, from texts.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dimios_core.instrument import Instrument

#: code -> meaning in English and Swedish
Meanings = Mapping[str, tuple[str, str]]
UNKNOWN_ROLE_MEANING = ("Role not known", "Okänd roll")


@cache
def load_texts() -> dict[str, Any]:
    """Return titles, descriptions, codes, units and keys of all tables."""
    return yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))


def list_fields(table: str) -> dict[str, dict[str, Any]]:
    """Return the columns of a table with what is said of each, in order."""
    texts = load_texts()
    return {n: texts["fields"].get(n, {}) | own for n, own in texts["tables"][table]["fields"].items()}


def gather_codes(tables: Iterable[str], instrument: Instrument) -> dict[str, Meanings]:
    """Return the codes of the columns of some tables: column -> code -> meanings. Roles are the instrument's."""
    known: dict[str, Meanings] = {c: dict(m) for c, m in load_texts()["codes"].items()}
    roles = {r.id: (instrument.text(r.name, "en"), instrument.text(r.name, "sv")) for r in instrument.roles}
    known["role"] = roles | {role: UNKNOWN_ROLE_MEANING for role in instrument.role_ids if role not in roles}
    used = {field["codes"] for table in tables for field in list_fields(table).values() if "codes" in field}
    return {column: known[column] for column in sorted(used)}


def describe_schema(table: str, codes: Mapping[str, Meanings], columnar: bool) -> dict[str, Any]:
    """Return the Table Schema of a table.

    Parameters
    ----------
    columnar : bool
        Of the Parquet file. Readers that go through pandas, as frictionless does, meet what is missing there as NaN:
        so counts that may be missing are numbers, and numbers that may be missing have no limits.
    """
    texts, fields = load_texts(), []
    about = texts["tables"][table]
    for name, field in list_fields(table).items():
        required, unit = field.get("required", False), field.get("unit", "")
        kind = "number" if columnar and field["type"] == "integer" and not required else field["type"]
        limits = texts["units"][unit] if unit and (required or not columnar) else {}
        constraints = ({"required": True} if required else {}) | limits
        if "pattern" in field:
            constraints["pattern"] = field["pattern"]
        if "codes" in field:
            constraints["enum"] = list(codes[field["codes"]])
        fields.append(
            {"name": name, "type": kind}
            | pair("title", field["title"])
            | pair("description", field["description"])
            | ({"unit": unit} if unit else {})
            | ({"constraints": constraints} if constraints else {})
        )
    foreign = [texts["foreign"][name] for name in about.get("foreign", ())]
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": about["key"],
    } | ({"foreignKeys": foreign} if foreign else {})


def pair(name: str, texts: Iterable[str]) -> dict[str, str]:
    """Return a text as two properties: the specification's in English, one of our own in Swedish."""
    english, swedish = texts
    return {name: english, f"{name}_sv": swedish}

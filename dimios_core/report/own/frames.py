"""Frames of published tables in the reader's words: names instead of keys, titles of columns, numbers as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.markup import Markup
from dimios_core.published.schema import ColumnSchema, load_codes, load_tables, name_codes
from dimios_core.published.store import PublicResults
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING, NumberFormat

#: stands for all units, or all roles
EVERYBODY = "*"
#: between the parts of what a finding's group is called
JOINED = " · "
#: of scores, and of figures of any kind, counts among them
SCORE_DECIMALS, MODEL_DECIMALS = 1, 3


def name_rows(frame: pd.DataFrame, results: PublicResults, narrator: Narrator) -> pd.DataFrame:
    """Return a copy of a frame with names in the reader's language: of points and levels, units, roles, and coded words.

    Parameters
    ----------
    frame : DataFrame
        Columns that are called as in the published tables are told by their names; others stay.
    """
    schemas, named = find_columns(frame, results), frame.copy()
    for column in map(str, frame.columns):
        names = _find_names(column, schemas.get(column), results, narrator)
        if names:
            named[column] = frame[column].astype(object).map(lambda code, names=names: _name(code, names))
    return named


def _name(code: Any, names: Mapping[Any, str]) -> Any:
    """Name a code; of a finding's group each of its parts."""
    parts = code.split(JOINED) if isinstance(code, str) else [code]
    return JOINED.join(names.get(p, p) for p in parts) if len(parts) > 1 else names.get(code, code)


def find_columns(frame: pd.DataFrame, results: PublicResults) -> dict[str, ColumnSchema]:
    """Find what the schema says of a frame's columns: that of the opened table which has most of them."""
    tables = [load_tables()[name] for name in results.opened]
    tables.sort(key=lambda table: -len(set(table.columns) & set(map(str, frame.columns))))
    found: dict[str, ColumnSchema] = {}
    for table in tables:
        found = dict(table.columns) | found
    return {str(c): found[str(c)] for c in frame.columns if str(c) in found}


def _find_names(
    column: str, schema: ColumnSchema | None, results: PublicResults, narrator: Narrator
) -> dict[Any, str]:
    model, language = results.instrument, narrator.language
    everybody = {EVERYBODY: narrator.say("own.everybody")}
    if column == "quantity":
        return dict(narrator.texts["own"]["quantity"])
    if column in ("key", "point", "thing"):
        names = {p.id: narrator.name(level, p.id) for level, parts in (
            ("dimension", model.dimensions), ("category", model.categories), ("point", model.points),
        ) for p in parts}  # fmt: skip
        names |= {COMPOSITE[1]: narrator.name(*COMPOSITE)} if model.composite else {}
        return _name_things(model, narrator) | names if column == "thing" else names
    roles = {role.id: model.text(role.name, language) for role in model.roles}
    units = {unit["id"]: unit["name"] for unit in getattr(results, "profile", {}).get("units", [])}
    if column == "whom":
        return everybody | units | roles | name_codes("type", language) | name_codes("size", language)
    if column == "role":
        return everybody | roles
    if column == "unit":
        return everybody | units
    return name_codes(schema.codes, language) if schema is not None and schema.codes in load_codes() else {}


def _name_things(model: Instrument, narrator: Narrator) -> dict[Any, str]:
    """Names of what figures of models are about, beside points and levels; terms of a model stay as it calls them."""
    roles = {role.id: model.text(role.name, narrator.language) for role in model.roles}
    return roles | narrator.texts["own"]["thing"]


def tabulate_frame(
    frame: pd.DataFrame, caption: str, results: PublicResults, narrator: Narrator, place: str
) -> tuple[Markup, list[str]]:
    """Write a frame as a table; its first column holds the row headers.

    Returns
    -------
    (html, words)
        The table, and all words in it.

    Raises
    ------
    InputError
        A frame without columns or rows, or with columns of several levels.
    """
    if frame.columns.nlevels > 1:
        what = "a frame with columns of several levels is no table"
        raise InputError(Problem(place, what, "give it columns with one name each"))
    if frame.empty:
        raise InputError(
            Problem(
                place,
                "the frame is empty",
                "check what was picked; an organisation may have nothing published of it",
            )
        )
    schemas, named = find_columns(frame, results), name_rows(frame, results, narrator)
    columns: list[Column] = []
    words: list[str] = []
    for name in frame.columns:
        schema, values = schemas.get(str(name)), frame[name]
        title = _find_title(str(name), schema, frame, narrator)
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            plain = values.to_numpy(float, na_value=np.nan)
            whole = bool((plain[np.isfinite(plain)] == np.round(plain[np.isfinite(plain)])).all())
            columns.append(
                Column(title, [write_number(v, schema, narrator.number, whole=whole) for v in plain])
            )
        else:
            texts = [NOTHING if pd.isna(v) else str(v) for v in named[name]]
            words += texts
            columns.append(Column(title, texts, numeric=False))
        words.append(title)
    return write_table(caption, columns), words


def _find_title(name: str, schema: ColumnSchema | None, frame: pd.DataFrame, narrator: Narrator) -> str:
    """Return what a column is called: as published, or as the frame calls it; keys of one level are called as that is."""
    levels = {level for level in ("point", "category") if name == "key" and _are_of(level, frame, narrator)}
    if levels:
        return narrator.say(f"table.{levels.pop()}")
    return schema.title(narrator.language) if schema is not None else name


def _are_of(level: str, frame: pd.DataFrame, narrator: Narrator) -> bool:
    parts = narrator.instrument.points if level == "point" else narrator.instrument.categories
    known = {p.id for p in parts} | {narrator.name(level, p.id) for p in parts}
    return set(map(str, frame["key"])) <= known


def write_number(
    value: float, schema: ColumnSchema | None, number: NumberFormat, *, whole: bool = False
) -> str:
    """Write a number as its column is published; one of no schema whole where its whole column is, and a count among a model's figures."""
    if pd.isna(value):
        return NOTHING
    if schema is not None and schema.unit == "share":
        return number.share(value)
    if (schema.type == "count" if schema is not None else whole) and value >= 0:
        return number.count(round(value))
    decimals = (schema.decimals if schema is not None else None) or SCORE_DECIMALS
    if decimals == MODEL_DECIMALS and value >= 1 and value == round(value):
        return number.count(round(value))
    return number.coefficient(value, decimals)

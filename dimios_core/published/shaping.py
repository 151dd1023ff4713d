"""The last step to a published table: nothing but what its schema declares, in the types and decimals that it declares.

Whatever is not declared an identifier is withheld where a row is not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pandas as pd

from dimios_core.published.schema import (
    STATUS,
    ColumnSchema,
    SchemaError,
    TableSchema,
    load_codes,
    remedy,
    table_schema,
)
from dimios_core.published.status import Status

PUBLISHED = Status.PUBLISHED.label


def shape_table(
    name: str, rows: list[dict] | list[pd.DataFrame], *, per_organisation: bool = False
) -> pd.DataFrame:
    """Make a published table of rows, or of frames, also where there is nothing.

    Parameters
    ----------
    name : str
        Of the table.
    rows : list of dict, or list of DataFrame
        Columns that are missing are empty.
    per_organisation : bool
        The table still holds several organisations: `organisation` comes first.

    Returns
    -------
    DataFrame
        The schema's columns in its order and dtypes; numbers rounded to its decimals. In rows whose `status` is not
        published every figure is missing, or the word that stands for withheld.

    Raises
    ------
    SchemaError
        A column, or a code, is declared in no schema; all that are.
    """
    table = table_schema(name)
    types = ({"organisation": "category"} if per_organisation else {}) | table.dtypes
    if not rows:
        return _shape_nothing(tuple(types.items())).copy()
    frame = pd.concat(rows, ignore_index=True) if isinstance(rows[0], pd.DataFrame) else pd.DataFrame(rows)
    if undeclared := [str(c) for c in frame if c not in types]:
        raise SchemaError(
            f"{name}: columns that are declared in no schema: {', '.join(undeclared)}. {remedy(name)}"
        )
    frame = _withhold(frame.reindex(columns=list(types)), table)
    for column in table.columns.values():
        if column.type == "number":
            frame[column.name] = frame[column.name].astype(float).round(column.decimals)
    frame = cast_columns(frame, types)
    check_codes(frame, table)
    return frame


def stack_tables(name: str, parts: list[pd.DataFrame], *, per_organisation: bool = False) -> pd.DataFrame:
    """Put the parts of a table under each other, each shaped already; one without rows has no say in it."""
    if len(parts) == 1:
        return parts[0]
    filled = [part for part in parts if len(part)] or parts[:1]
    return shape_table(name, filled, per_organisation=per_organisation)


@cache
def _shape_nothing(types: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """Return a table without rows; not to be altered."""
    return cast_columns(pd.DataFrame(columns=[name for name, _ in types]), dict(types))


def cast_columns(frame: pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame whose columns have these dtypes; those that have them already are left alone."""
    others = {c: t for c, t in types.items() if c in frame and str(frame[c].dtype) != t}
    return frame.assign(**{c: frame[c].astype(t) for c, t in others.items()})


def _withhold(frame: pd.DataFrame, table: TableSchema) -> pd.DataFrame:
    """Empty what is no identifier in rows that are not published."""
    if not table.figures or frame.empty:
        return frame
    for column, hidden in _hide(frame, table):
        own = frame[column.name]
        frame[column.name] = (
            own.mask(hidden) if column.withheld is None else own.astype(object).mask(hidden, column.withheld)
        )
    return frame


def _hide(frame: pd.DataFrame, table: TableSchema) -> Iterator[tuple[ColumnSchema, np.ndarray]]:
    """Yield each figure with the rows that it is withheld in: a bool array (rows,)."""
    statuses = dict.fromkeys(column.under or STATUS for column in table.figures)
    hidden = {name: (frame[name] != PUBLISHED).to_numpy() for name in statuses}
    for column in table.figures:
        yield column, hidden[column.under or STATUS]


def check_codes(frame: pd.DataFrame, table: TableSchema) -> None:
    """See that coded columns hold their codes, the word for withheld, or nothing.

    Raises
    ------
    SchemaError
        They hold something else.
    """
    if frame.empty:
        return
    codes = load_codes()
    for column in table.columns.values():
        if not column.codes:
            continue
        known = {*codes[column.codes], *column.also, column.withheld, ""}
        if others := sorted({str(v) for v in frame[column.name].dropna().unique()} - known):
            raise SchemaError(
                f"{table.name}: {column.name} holds {', '.join(others)}, which no schema declares. {remedy(table.name)}"
            )


def check_table(name: str, frame: pd.DataFrame) -> None:
    """See that a table is as its schema declares it, before it is written.

    Raises
    ------
    SchemaError
        Columns, their order or types are others, a row that is not published carries a figure, or a code is unknown.
    """
    table = table_schema(name)
    held = {str(c): str(t) for c, t in frame.dtypes.items()}
    if list(held.items()) != list(table.dtypes.items()):
        undeclared, missing = (
            [c for c in held if c not in table.columns],
            [c for c in table.columns if c not in held],
        )
        others = [f"{c} is {held[c]}, not {t}" for c, t in table.dtypes.items() if c in held and held[c] != t]
        told = [f"declared in no schema: {', '.join(undeclared)}"] if undeclared else []
        told += [f"missing: {', '.join(missing)}"] if missing else []
        told += others or ([] if told else ["columns in another order"])
        raise SchemaError(f"{name} cannot be published: {'; '.join(told)}. {remedy(name)}")
    check_codes(frame, table)
    if carrying := _find_carrying(frame, table):
        raise SchemaError(f"{name} cannot be published: rows that are withheld carry {', '.join(carrying)}.")


def _find_carrying(frame: pd.DataFrame, table: TableSchema) -> list[str]:
    """Return the figures that stand in rows that are withheld."""
    if not table.figures or frame.empty:
        return []
    found = []
    for column, hidden in _hide(frame, table):
        values = frame[column.name][hidden]
        carried = values.notna() if column.withheld is None else values != column.withheld
        if np.asarray(carried, bool).any():
            found.append(column.name)
    return found

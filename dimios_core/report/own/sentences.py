"""Sentences of an own page whose names and numbers are those of published rows, written as all pages write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any, TypeAlias

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.published.store import PublicResults
from dimios_core.report.narrative import Narrator
from dimios_core.report.own.frames import find_columns, name_rows, write_number

#: a row of a published frame: `frame.iloc[0]`, or a frame of one row
Row: TypeAlias = pd.Series | pd.DataFrame


def tell_rows(
    text: str, row: Row | None, rows: Mapping[str, Row], results: PublicResults, narrator: Narrator
) -> str:
    """Fill the fields of a sentence: {score} of the row, {high.score} of the one given as `high`.

    Parameters
    ----------
    text : str
        With the names of published columns in braces.
    row, rows : Row or None, mapping of str to Row
        What {column}, and {name.column}, stand for.

    Raises
    ------
    InputError
        A field that no row has, or a frame of several rows; all at once.
    """
    given = {"": row, **rows} if row is not None else dict(rows)
    problems = [
        Problem(
            f"say, row {name!r}" if name else "say",
            f"the frame has {len(one)} rows",
            "pick one: frame.iloc[[0]]",
        )
        for name, one in given.items()
        if isinstance(one, pd.DataFrame) and len(one) != 1
    ]
    if problems:
        raise InputError(problems)
    told = {
        f"{name}.{column}" if name else column: words
        for name, one in given.items()
        for column, words in _write_row(one, results, narrator)
    }
    parts = list(Formatter().parse(text))
    for _, wanted, spec, conversion in parts:
        if wanted is not None and (wanted not in told or spec or conversion):
            known = ", ".join(told) or "a row"
            problems.append(
                Problem(f"say, {{{wanted}}}", "no row has it as it is written", f"use one of {known}")
            )
    if problems:
        raise InputError(problems)
    return "".join(before + (told[wanted] if wanted is not None else "") for before, wanted, _, _ in parts)


def pick_told(text: str, name: str, row: Row) -> pd.DataFrame:
    """Return a row as a frame: what says what it is about, and of its numbers those that a sentence tells."""
    frame = row if isinstance(row, pd.DataFrame) else pd.DataFrame([row]).infer_objects()
    frame = frame.reset_index() if any(frame.index.names) else frame
    fields = [field for _, field, _, _ in Formatter().parse(text) if field]
    return frame[
        [
            c
            for c in frame.columns
            if not pd.api.types.is_numeric_dtype(frame[c]) or (f"{name}.{c}" if name else str(c)) in fields
        ]
    ]


def _write_row(row: Row | None, results: PublicResults, narrator: Narrator) -> Iterator[tuple[str, str]]:
    frame = row if isinstance(row, pd.DataFrame) else pd.DataFrame([row])
    frame = frame.reset_index() if any(frame.index.names) else frame
    schemas, named = find_columns(frame, results), name_rows(frame, results, narrator)
    for column in map(str, frame.columns):
        value: Any = frame[column].iloc[0]
        schema = schemas.get(column)
        if schema is not None and schema.type in ("number", "count"):
            yield column, write_number(value, schema, narrator.number)
        else:
            yield column, str(named[column].iloc[0])

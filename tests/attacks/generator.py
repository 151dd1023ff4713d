"""Leaks to plant in published tables: every table × column × kind, made by rule, the same in every run.

A plant takes a table as it is published and gives back an altered one, or None where there is no row that it could alter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import pandas as pd

PUBLISHED = "published"
#: columns that say what a row is about
ABOUT = {
    "period", "period_from", "unit", "role", "level", "key", "status", "dont_know_status", "group", "kind", "other", "weighting",
    "cells", "measure", "part", "id", "type", "size", "county", "name", "point", "groups", "panels", "value_of", "needed",
    "frame_n", "points_n", "pairs_n", "periods_n", "bin_low", "bin_high",
}  # fmt: skip
#: how far a figure is moved, by the largest value of its column
SHARES_UP_TO, SHARE_MOVED, MOVED = 1.5, 0.2, 5

Plant = Callable[[pd.DataFrame, str, np.random.Generator], pd.DataFrame | None]


@dataclass(frozen=True)
class Planted:
    """A table with something planted in it."""

    table: str
    column: str
    kind: str
    frame: pd.DataFrame

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.kind}"


def figures_of(frame: pd.DataFrame) -> list[str]:
    """List the columns of a table that hold numbers about people or organisations."""
    numeric = [c for c in frame if pd.api.types.is_numeric_dtype(frame[c]) and frame[c].dtype != bool]
    return [c for c in numeric if c not in ABOUT]


def shown_rows(frame: pd.DataFrame, column: str = "") -> np.ndarray:
    """Positions of published rows, in which a column is told."""
    shown = (frame["status"] == PUBLISHED).to_numpy() if "status" in frame else np.ones(len(frame), bool)
    return np.flatnonzero(shown & (frame[column].notna().to_numpy() if column else True))


def withheld_rows(frame: pd.DataFrame) -> np.ndarray:
    """Positions of rows that are not published."""
    return (
        np.flatnonzero((frame["status"] != PUBLISHED).to_numpy()) if "status" in frame else np.zeros(0, int)
    )


def _set(frame: pd.DataFrame, row: int, **values: object) -> pd.DataFrame:
    own = frame.copy()
    for column, value in values.items():
        held = own[column].astype(object).to_list()
        held[row] = value
        own[column] = pd.Series(held, index=own.index).astype(object if isinstance(value, str) else "float64")
    return own


def _pick(rows: np.ndarray, rng: np.random.Generator) -> int | None:
    return int(rng.choice(rows)) if len(rows) else None


def in_a_withheld_row(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A figure, as published ones are, in a row that is withheld."""
    row, other = _pick(withheld_rows(frame), rng), _pick(shown_rows(frame, column), rng)
    return (
        None
        if row is None or other is None
        else _set(frame, row, **{column: float(frame[column].iloc[other])})
    )


def one_more_decimal(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A figure with more decimals than are published."""
    row = _pick(shown_rows(frame, column), rng)
    return None if row is None else _set(frame, row, **{column: float(frame[column].iloc[row]) + 0.00047})


def moved(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A published figure that is five more, or a share that is 0.2 more."""
    row = _pick(shown_rows(frame, column), rng)
    if row is None:
        return None
    share = frame[column].astype(float).abs().max() <= SHARES_UP_TO
    return _set(
        frame, row, **{column: round(float(frame[column].iloc[row]) + (SHARE_MOVED if share else MOVED), 3)}
    )


def complement(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """What a figure leaves of the whole, in its place."""
    rows = shown_rows(frame, column)
    value = frame[column].astype(float).to_numpy()
    whole = 1 if np.nanmax(np.abs(value), initial=0) <= SHARES_UP_TO else 100
    rows = rows[np.abs(whole - 2 * value[rows]) >= 0.2 * whole]
    row = _pick(rows, rng)
    return None if row is None else _set(frame, row, **{column: round(whole - float(value[row]), 3)})


#: kinds that are planted in one column
IN_A_COLUMN: dict[str, Plant] = {
    "in a withheld row": in_a_withheld_row,
    "one more decimal": one_more_decimal,
    "moved": moved,
    "complement": complement,
}


def called_published(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A withheld row that is called published, without its figures."""
    del column
    row = _pick(withheld_rows(frame), rng)
    return None if row is None else _set(frame, row, status=PUBLISHED)


def called_published_with_figures(
    frame: pd.DataFrame, column: str, rng: np.random.Generator
) -> pd.DataFrame | None:
    """A withheld row that is called published, with the figures of a published one."""
    del column
    row, other = _pick(withheld_rows(frame), rng), _pick(shown_rows(frame), rng)
    if row is None or other is None:
        return None
    return _copied(frame, other, row)


def of_another_row(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A published row with all the figures of another one."""
    del column
    rows = shown_rows(frame)
    if len(rows) < 2:
        return None
    figures = figures_of(frame)
    row = _pick(rows, rng)
    apart = (
        frame[figures].iloc[rows].astype(float).sub(frame[figures].iloc[row].astype(float)).abs().max(axis=1)
    )
    others = rows[(apart >= (MOVED if apart.max() >= MOVED else 0.1)).to_numpy()]
    other = _pick(others, rng)
    return None if other is None else _copied(frame, other, int(row))


def _copied(frame: pd.DataFrame, source: int, target: int) -> pd.DataFrame:
    words = [c for c in ("status", "bound", "certainty", "placement", "band") if c in frame]
    figures = {c: float(v) if pd.notna(v := frame[c].iloc[source]) else np.nan for c in figures_of(frame)}
    return _set(frame, target, **figures, **{c: str(frame[c].iloc[source]) for c in words})


def stands_twice(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A row that stands twice."""
    del column
    row = _pick(shown_rows(frame), rng)
    return None if row is None else pd.concat([frame, frame.iloc[[row]]], ignore_index=True)


def of_nobody(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A row about a place that there is not."""
    del column
    name = next(
        (c for c in ("unit", "group", "key", "part", "value", "groups", "id", "point") if c in frame), None
    )
    row = _pick(shown_rows(frame), rng)
    if row is None or name is None:
        return None
    return pd.concat([frame, _set(frame.iloc[[row]], 0, **{name: "elsewhere"})], ignore_index=True)


def one_more_column(frame: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame | None:
    """A column that is in no list."""
    del column, rng
    return frame.assign(people=1)


#: kinds that are planted in a row
IN_A_ROW: dict[str, Plant] = {
    "called published": called_published,
    "called published, with figures": called_published_with_figures,
    "figures of another row": of_another_row,
    "stands twice": stands_twice,
    "of nobody": of_nobody,
    "one more column": one_more_column,
}


def plant_all(table: str, frame: pd.DataFrame) -> Iterator[Planted]:
    """Yield a table with each kind planted in it, in each column."""
    for column in figures_of(frame):
        for kind, plant in IN_A_COLUMN.items():
            yield from _planted(table, column, kind, plant, frame)
    for kind, plant in IN_A_ROW.items():
        yield from _planted(table, "", kind, plant, frame)


def plant_some(table: str, frame: pd.DataFrame) -> Iterator[Planted]:
    """Yield a table with one kind planted in each column, one after the other, and each kind of row."""
    kinds = cycle(IN_A_COLUMN.items())
    for column, (kind, plant) in zip(figures_of(frame), kinds, strict=False):
        yield from _planted(table, column, kind, plant, frame)
    for kind, plant in IN_A_ROW.items():
        yield from _planted(table, "", kind, plant, frame)


def _planted(table: str, column: str, kind: str, plant: Plant, frame: pd.DataFrame) -> Iterator[Planted]:
    rng = np.random.default_rng(list(f"{table} {column} {kind}".encode()))
    altered = plant(frame, column, rng)
    if altered is not None:
        yield Planted(table, column, kind, altered)

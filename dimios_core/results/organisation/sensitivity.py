"""How much weights matter: the organisation's levels under other weightings (method 2 and 3).

Everything here is worked out from figures as they are published, rounded and bounded, so that it cannot tell
more than they do; whoever has the files can do the same sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, DIRECT
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree

PUBLISHED, NO_ANSWERS = Status.PUBLISHED.label, Status.NO_ANSWERS.label
#: zero rule of the geometric mean: a point score below this counts as this (percent)
GEOMETRIC_LEAST_PCT = 1.0
MODEL, EQUAL_POINTS, GEOMETRIC, FRAME = "model", "equal_points", "geometric", "frame"
WEIGHTINGS = (MODEL, EQUAL_POINTS, GEOMETRIC, FRAME)
#: partitions of an organisation, the finest first
PARTITIONS = ("unit-role", "role", "unit")
Group = tuple[str, str]


@dataclass(frozen=True)
class PublishedPoints:
    """Point scores of one organisation and period as published.

    Attributes
    ----------
    row_of : dict of (unit, role) -> row
    score_pct : float array (groups, points)
        NaN where not published.
    empty : bool array (groups, points)
        Nobody answered.
    """

    row_of: dict[Group, int]
    score_pct: np.ndarray
    empty: np.ndarray


def level_weights(columns: Columns, usable: np.ndarray) -> np.ndarray:
    """Return the model's weights a_k of usable points in categories, dimensions and the composite.

    Parameters
    ----------
    usable : bool array (points,)

    Returns
    -------
    float array (level rows above the points, points)
        Each row sums to 1 where every category below it has a usable point.
    """
    within, _ = columns.point_weights_within(usable[None, :])
    category = (within * columns.in_category.T).astype(float)
    dimension = columns.category_weight.T @ category
    return np.vstack([category, dimension, columns.dimension_weight.T @ dimension])


def weigh_to_frame(score_pct: np.ndarray, invited_n: np.ndarray) -> np.ndarray:
    """Return point scores weighted to the frame: Σ N_h θ_hk / Σ N_h.

    It is the mean of the answers to a point with weights w = N_h/n_h, n_h the cell's answers to that point.

    Parameters
    ----------
    score_pct : float array (cells, points)
        NaN makes the point NaN.
    invited_n : array (cells,)
        N_h of cells that together are the whole frame.
    """
    return invited_n @ score_pct / invited_n.sum()


def weigh_otherwise(
    scores: pd.DataFrame, rates: pd.DataFrame, tree: UnitTree, columns: Columns
) -> pd.DataFrame:
    """Levels of one organisation under the model's weights, equal weights, a geometric mean, and the frame's.

    Parameters
    ----------
    scores : DataFrame
        As from `dimios_core.results.gate.publish_scores`, one organisation.
    rates : DataFrame
        As from `dimios_core.results.organisation.rates.compute_rates`, with a column `period`; may be empty.
    tree : UnitTree
    columns : Columns

    Returns
    -------
    DataFrame
        period, level (category, dimension, maturity), key, weighting, status, score (percent, one decimal),
        cells. Weightings: `model` (the published score); `equal_points` (every published point of the level
        alike); `geometric` (the model's weights, geometric mean; a point below 1 counts as 1); `frame` (each
        point Σ N_h θ_hk / Σ N_h over cells h, then the model's weights). `cells` says which cells: the finest
        of "unit-role", "role" and "unit" (leaf units) that the organisation falls apart into with every point
        used and every number invited published; `incomplete` where there is no such partition. Other statuses
        are the level's own.
    """
    # plain values once: periods have few rows, and are read value by value below
    points = _plain(
        scores[(scores["level"] == "point").to_numpy()], ["period", "unit", "role", "key", "status", "score"]
    )
    invited = _plain(rates[(rates["status"] == PUBLISHED).to_numpy()], ["period", "unit", "role", "invited"])
    levels = scores[
        (scores["unit"] == ALL) & (scores["role"] == ALL) & ~scores["level"].isin(["point", "item"])
    ]
    own = _plain(levels, ["period", "level", "key", "status", "score"])
    above = columns.level_rows[columns.columns_n :]
    frames = []
    for period, level_rows in own.items():
        published = _read_points(points.get(period, []), columns)
        known = {(level, key): (status, score) for level, key, status, score in level_rows}
        status = np.array([known[row][0] for row in above], object)
        model = np.array([known[row][1] for row in above], float)
        score, cells = weigh_points(
            published, find_partitions(published, invited.get(period, []), tree), columns
        )
        shown = (status == PUBLISHED)[:, None]
        table = np.where(shown, np.column_stack([model, score]), np.nan)
        statuses = np.repeat(status[:, None], len(WEIGHTINGS), axis=1)
        lacks = shown[:, 0] & (cells == "")
        statuses[lacks, -1] = Status.INCOMPLETE.label
        where = np.full(table.shape, "", object)
        where[:, -1] = np.where(shown[:, 0], cells, "")
        frames.append(
            {
                "period": [period] * table.size,
                "level": [level for level, _ in above for _ in WEIGHTINGS],
                "key": [key for _, key in above for _ in WEIGHTINGS],
                "weighting": [*WEIGHTINGS] * len(above),
                "status": statuses.ravel().tolist(),
                "score": np.round(table, 1).ravel().tolist(),
                "cells": where.ravel().tolist(),
            }
        )
    names = frames[0] if frames else {}
    return shape_table(
        "sensitivity", [pd.DataFrame({n: [v for f in frames for v in f[n]] for n in names})] if frames else []
    )


def weigh_points(
    published: PublishedPoints, partitions: dict[str, tuple[np.ndarray, np.ndarray]], columns: Columns
) -> tuple[np.ndarray, np.ndarray]:
    """Scores (levels, weightings but the model's), and the cells that each level is weighted to the frame by."""
    whole = published.score_pct[published.row_of[ALL, ALL]]
    a = level_weights(columns, ~np.isnan(whole))
    used = a > 0
    point = np.nan_to_num(whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        equal = used @ point / used.sum(axis=1)
    geometric = np.exp(a @ np.log(np.maximum(point, GEOMETRIC_LEAST_PCT)))
    frame, cells = np.full(len(a), np.nan), np.full(len(a), "", object)
    for kind in reversed(PARTITIONS):
        if kind in partitions:
            at, invited_n = partitions[kind]
            weighted = weigh_to_frame(published.score_pct[at], invited_n)
            covered = ~(used & np.isnan(weighted)).any(axis=1)
            frame = np.where(covered, a @ np.nan_to_num(weighted), frame)
            cells = np.where(covered, kind, cells)
    return np.column_stack([equal, geometric, frame]), cells


def publish_sensitivity(
    scores: pd.DataFrame, rates: pd.DataFrame, trees: Mapping[str, UnitTree], columns: Columns
) -> pd.DataFrame:
    """Return `weigh_otherwise` of every organisation of a batch, with a column `organisation` first."""
    rates_of = dict(iter(rates.groupby("organisation", observed=True)))
    frames = [
        weigh_otherwise(own, rates_of.get(name, rates.iloc[:0]), trees[str(name)], columns).assign(
            organisation=name
        )
        for name, own in scores.groupby("organisation", observed=True, sort=False)
    ]
    return shape_table("sensitivity", frames, per_organisation=True)


def _plain(frame: pd.DataFrame, names: list[str]) -> dict[str, list[tuple]]:
    """Rows as tuples, gathered by the first column."""
    gathered: dict[str, list[tuple]] = {}
    for first, *row in zip(*(frame[n].astype(object).tolist() for n in names), strict=True):
        gathered.setdefault(first, []).append(tuple(row))
    return gathered


def _read_points(points: list[tuple], columns: Columns) -> PublishedPoints:
    row_of: dict[Group, int] = {}
    at = {p: k for k, p in enumerate(columns.point_ids)}
    where = [(row_of.setdefault((u, r), len(row_of)), at[k]) for u, r, k, _, _ in points]
    rows, keys = np.array(where, int).reshape(len(points), 2).T
    score = np.full((len(row_of), columns.points_n), np.nan)
    score[rows, keys] = [s if status == PUBLISHED else np.nan for _, _, _, status, s in points]
    empty = np.zeros(score.shape, bool)
    empty[rows, keys] = [status == NO_ANSWERS for _, _, _, status, _ in points]
    return PublishedPoints(row_of, score, empty)


def find_partitions(
    published: PublishedPoints, rates: list[tuple], tree: UnitTree
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Rows and numbers invited of the cells of every partition that covers both the answers and the frame."""
    invited = {(u, r): int(n) for u, r, n in rates}
    if (ALL, ALL) not in invited:
        return {}
    parents = set(tree.parent.values())
    leaves = {u for u, _ in published.row_of if u != ALL and (u.endswith(DIRECT) or u not in parents)}
    found = {}
    for kind in PARTITIONS:
        cells = [
            (key, row)
            for key, row in published.row_of.items()
            if (key[0] in leaves) == ("unit" in kind) and (key[1] != ALL) == ("role" in kind)
            if not published.empty[row].all()
            if key[0] in leaves or key[0] == ALL
        ]
        numbers = np.array([invited.get(key, -1) for key, _ in cells], int)
        # the cells must be all of the frame: people invited where nobody answered are in no cell
        if len(cells) and (numbers > 0).all() and numbers.sum() == invited[ALL, ALL]:
            found[kind] = np.array([row for _, row in cells]), numbers
    return found

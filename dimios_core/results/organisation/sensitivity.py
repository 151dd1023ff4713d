"""How much weights matter: the organisation's levels under other weightings (method 2 and 3).

Everything here is worked out from figures as they are published, rounded and bounded, so that it cannot tell
more than they do; whoever has the files can do the same sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL
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


def publish_sensitivity(
    scores: pd.DataFrame, rates: pd.DataFrame, trees: Mapping[str, UnitTree], columns: Columns
) -> pd.DataFrame:
    """Levels of organisations under the model's weights, equal weights, a geometric mean, and the frame's.

    Parameters
    ----------
    scores : DataFrame
        As from `dimios_core.results.gate.publish_scores`.
    rates : DataFrame
        As from `dimios_core.results.organisation.rates.compute_rates`, with columns `organisation` and `period`; may be empty.
    trees : mapping
        Organisation -> its units.
    columns : Columns

    Returns
    -------
    DataFrame
        organisation, period, level (category, dimension, maturity), key, weighting, status, score (percent, one decimal),
        cells. Weightings: `model` (the published score); `equal_points` (every published point of the level
        alike); `geometric` (the model's weights, geometric mean; a point below 1 counts as 1); `frame` (each
        point Σ N_h θ_hk / Σ N_h over cells h, then the model's weights). `cells` says which cells: the finest
        of "unit-role", "role" and "unit" (leaf units) that the organisation falls apart into with every point
        used and every number invited published; `incomplete` where there is no such partition. Other statuses
        are the level's own.
    """
    points = _read_points(scores[(scores["level"] == "point").to_numpy()], columns)
    invited = _plain(rates[(rates["status"] == PUBLISHED).to_numpy()], ["unit", "role", "invited"])
    whole = ((scores["unit"] == ALL) & (scores["role"] == ALL)).to_numpy()
    levels = scores[whole & ~scores["level"].isin(["point", "item"]).to_numpy()]
    own = _plain(levels, ["level", "key", "status", "score"])
    above = columns.level_rows[columns.columns_n :]
    rows: dict[str, list] = {n: [] for n in ("organisation", "period", "status", "score", "cells")}
    for (organisation, period), level_rows in own.items():
        published = points[organisation, period]
        known = {(level, key): (status, score) for level, key, status, score in level_rows}
        status = np.array([known[row][0] for row in above], object)
        model = np.array([known[row][1] for row in above], float)
        partitions = find_partitions(published, invited.get((organisation, period), []), trees[organisation])
        score, cells = weigh_points(published, partitions, columns)
        shown = status == PUBLISHED
        statuses = np.repeat(status[:, None], len(WEIGHTINGS), axis=1)
        statuses[shown & (cells == ""), -1] = Status.INCOMPLETE.label
        where = np.full(statuses.shape, "", object)
        where[:, -1] = np.where(shown, cells, "")
        rows["organisation"] += [organisation] * statuses.size
        rows["period"] += [period] * statuses.size
        rows["status"] += statuses.ravel().tolist()
        rows["score"] += np.where(shown[:, None], np.column_stack([model, score]), np.nan).ravel().tolist()
        rows["cells"] += where.ravel().tolist()
    about = [(level, key, weighting) for level, key in above for weighting in WEIGHTINGS] * len(own)
    named = dict(zip(("level", "key", "weighting"), zip(*about, strict=True), strict=True)) if own else {}
    frames = [pd.DataFrame(rows | named)] if own else []
    return shape_table("sensitivity", frames, per_organisation=True)


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


def _plain(frame: pd.DataFrame, names: list[str]) -> dict[tuple[str, str], list[tuple]]:
    """Rows as tuples, gathered by organisation and period."""
    gathered: dict[tuple[str, str], list[tuple]] = {}
    plain = (frame[n].astype(object).tolist() for n in ("organisation", "period", *names))
    for organisation, period, *row in zip(*plain, strict=True):
        gathered.setdefault((organisation, period), []).append(tuple(row))
    return gathered


def _read_points(points: pd.DataFrame, columns: Columns) -> dict[tuple[str, str], PublishedPoints]:
    """Read rows of points: organisation and period -> point scores of its groups."""
    names = ["organisation", "period", "unit", "role"]
    group = points.groupby(names, observed=True, sort=False).ngroup().to_numpy()
    first = np.unique(group, return_index=True)[1]
    at = group, pd.Index(columns.point_ids).get_indexer(points["key"].astype(object))
    score = np.full((len(first), columns.points_n), np.nan)
    score[at] = points["score"].where(points["status"] == PUBLISHED)
    empty = np.zeros(score.shape, bool)
    empty[at] = points["status"] == NO_ANSWERS
    gathered = _plain(points.iloc[first].assign(row=np.arange(len(first))), ["unit", "role", "row"])
    found = {}
    for block, groups in gathered.items():
        rows = [row for *_, row in groups]
        row_of = {(unit, role): i for i, (unit, role, _) in enumerate(groups)}
        found[block] = PublishedPoints(row_of, score[rows], empty[rows])
    return found


def find_partitions(
    published: PublishedPoints, rates: list[tuple], tree: UnitTree
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Rows and numbers invited of the cells of every partition that covers both the answers and the frame."""
    invited = {(u, r): int(n) for u, r, n in rates}
    if (ALL, ALL) not in invited:
        return {}
    leaves = tree.leaves_of(u for u, _ in published.row_of)
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

"""Means of all groups, and nothing else: for who wants the figures of method 2 without their uncertainty.

Answers are summed as they are stored, without a matrix of respondents; from `linearise` come the same means, with
variances. Unrounded and not checked for disclosure: restricted, as the answers are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from dimios_core.instrument import Instrument
from dimios_core.published.conventions import ALL
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree, list_nodes, list_roles
from dimios_core.results.scoring.matrix import RESPONDENT_COLUMNS, build_respondents, read_labels, score_items
from dimios_core.results.scoring.stored import list_trees

#: columns of stored answers that means are made of, where every point has one item
CELL_COLUMNS = ("unit", "role", "item", "answer", "weight")
MEANS_SCHEMA = pa.schema(
    [
        (name, pa.dictionary(pa.int32(), pa.string()))
        for name in ("organisation", "period", "unit", "role", "point")
    ]
    + [("mean", pa.float64()), ("n", pa.int64())]
)


@dataclass(frozen=True)
class _Cells:
    """Σw, Σwy and n of those who were registered on the same unit with the same role, arrays (units, roles, points)."""

    units: list[str]
    roles: list[str]
    weight: np.ndarray
    total: np.ndarray
    n: np.ndarray


def compute_group_means(
    store: ResponseStore,
    instrument: Instrument,
    periods_of: Mapping[str, Iterable[str]] | None = None,
    executor: Executor | None = None,
) -> pa.Table:
    """Compute the mean of every measure point for every group of every organisation and period.

    Groups are those of `dimios_core.results.scoring.groups.build_block`: the whole, units, roles, units × roles.

    Parameters
    ----------
    store : ResponseStore
    instrument : Instrument
    periods_of : mapping, optional
        Organisation -> periods; default all that is stored.
    executor : Executor, optional
        Works on organisations side by side. Threads serve well: most of the time is spent outside Python.

    Returns
    -------
    pyarrow.Table
        organisation, period, unit, role, point (dictionaries of string; "*" is all), mean (float64, percent
        0-100, of those who answered, weighted), n (int64, how many answered, > 0). Groups that nobody answered
        in have no row. By organisation, period and group.

    Raises
    ------
    InputError
        A file is missing or damaged.

    Examples
    --------
    >>> import tempfile
    >>> from dimios_core.instrument import load_instrument
    >>> empty = ResponseStore(tempfile.mkdtemp())
    >>> compute_group_means(empty, load_instrument("dimios")).num_rows
    0
    """
    if periods_of is None:
        stored = [(o, p) for p in store.periods() for o in store.organisations(p)]
    else:
        stored = [(o, p) for o, periods in periods_of.items() for p in periods]
    columns, trees = Columns(instrument), list_trees(store.register(), {o for o, _ in stored})
    one = partial(_compute_one, store, columns, trees)
    parts = (executor.map if executor else map)(one, sorted(stored))
    return pa.concat_tables([MEANS_SCHEMA.empty_table(), *parts]).unify_dictionaries()


def _compute_one(
    store: ResponseStore, columns: Columns, trees: Mapping[str, UnitTree], at: tuple[str, str]
) -> pa.Table:
    organisation, period = at
    sum_cells = _sum_respondents if columns.split_items else _sum_items
    cells = sum_cells(store, organisation, period, columns)
    units, is_in = _place_units(trees[organisation], cells)
    roles = list_roles({r for k, r in enumerate(cells.roles) if cells.n[:, k].any()})
    of_role = [cells.roles.index(r) for r in roles]

    def add_up(values: np.ndarray) -> np.ndarray:
        by_role = np.concatenate([values.sum(axis=1, keepdims=True), values[:, of_role]], axis=1)
        return (is_in @ by_role.reshape(len(values), -1)).reshape(len(units), *by_role.shape[1:])

    weight, total, n = add_up(cells.weight), add_up(cells.total), add_up(cells.n)
    unit, role, point = np.nonzero(n)
    labels = {
        "organisation": (np.zeros(len(unit), int), [organisation]),
        "period": (np.zeros(len(unit), int), [period]),
        "unit": (unit, units),
        "role": (role, [ALL, *roles]),
        "point": (point, columns.point_ids),
    }
    arrays = {name: _encode(*given) for name, given in labels.items()}
    arrays |= {"mean": (total / np.where(n > 0, weight, 1.0))[n > 0], "n": n[n > 0].astype(int)}
    return pa.table(arrays, schema=MEANS_SCHEMA)


def _place_units(tree: UnitTree, cells: _Cells) -> tuple[list[str], np.ndarray]:
    """Units that have a result, and which units' people belong to them, float array (results, units)."""
    leaves = [tree.leaf_of(unit) for unit in cells.units]
    nodes = list_nodes(tree, set(leaves))
    number = {node: i for i, node in enumerate(nodes)}
    is_in = np.zeros((len(nodes), len(leaves)))
    for k, leaf in enumerate(leaves):
        is_in[[number[node] for node in tree.chain(leaf)], k] = 1
    return nodes, is_in


def _sum_items(store: ResponseStore, organisation: str, period: str, columns: Columns) -> _Cells:
    """Sum answers as they are stored: each point has one item, and its mean in percent follows from theirs."""
    table = store.read(period, organisation, CELL_COLUMNS)
    (unit, units), (role, roles), (item, items) = (read_labels(table[c]) for c in ("unit", "role", "item"))
    answer, weights = table["answer"].to_numpy(), table["weight"].to_numpy()
    shape = (len(units), len(roles), len(items))
    outside = len(units) * len(roles) * len(items)
    cell = np.where(np.isnan(answer), outside, (unit * len(roles) + role) * len(items) + item)
    number = {name: k for k, name in enumerate(items)}
    at = np.array([number.get(i, -1) for i in columns.item_ids])

    def add_up(values: np.ndarray | None = None) -> np.ndarray:
        sums = np.bincount(cell, values, outside + 1)[:outside].reshape(shape)
        return np.where(at >= 0, sums[:, :, at], 0.0)

    n = add_up()
    weight, total = (
        (n, add_up(answer)) if (weights == 1).all() else (add_up(weights), add_up(weights * answer))
    )
    mean = np.divide(total, weight, out=np.zeros(total.shape), where=weight > 0)
    return _Cells(units, roles, weight, weight * score_items(mean, np.arange(len(at)), columns), n)


def _sum_respondents(store: ResponseStore, organisation: str, period: str, columns: Columns) -> _Cells:
    """Sum people's means, where a point has several items, over those that one has answered."""
    people = build_respondents(store.read(period, organisation, RESPONDENT_COLUMNS), columns)
    units, unit = np.unique(people.unit.astype(str), return_inverse=True)
    roles, role = np.unique(people.role.astype(str), return_inverse=True)
    n = people.answered[:, columns.points].astype(float)
    weight = people.weight[:, None] * n
    total = weight * np.nan_to_num(people.score_pct[:, columns.points])
    inside = (unit * len(roles) + role == np.arange(len(units) * len(roles))[:, None]).astype(float)
    shape = (len(units), len(roles), columns.points_n)
    return _Cells(
        units.tolist(), roles.tolist(), *((inside @ values).reshape(shape) for values in (weight, total, n))
    )


def _encode(codes: np.ndarray, labels: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(codes.astype(np.int32), pa.array(labels, pa.string()))

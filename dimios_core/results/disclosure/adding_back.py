"""What was suppressed to protect others and need not be: it is published after all (method 5).

Suppression takes one figure after another until nothing small can be worked out; some that went early are not needed
once others have gone. They come back one at a time, each only if nothing small can be worked out then. Order and choice
rest on counts alone: groups that are missed most first, the same order in every column, and what completes a
category before single points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dimios_core.published.status import Status
from dimios_core.results.disclosure.returning import Returning
from dimios_core.results.scoring.columns import CATEGORY_WEIGHT_NEEDED
from dimios_core.results.scoring.groups import Block

#: what sums of weights may be off by
ROUND_OFF = 1e-12


def add_back(
    block: Block,
    counts: np.ndarray,
    status: np.ndarray,
    dominated: np.ndarray,
    items_of: Mapping[int, Sequence[int]],
    category_weight: np.ndarray,
    size: np.ndarray,
) -> np.ndarray:
    """Publish again what was suppressed for others and gives nothing away.

    Parameters
    ----------
    block : Block
    counts : int array (atoms, columns)
    status : int array (groups, columns) of Status
        After suppression; not changed.
    dominated : bool array (groups, columns)
        Never added back, nor to be worked out.
    items_of : mapping
        Column of a point -> columns of its items: they come back all or none, and only with the point.
    category_weight : float array (points, categories)
    size : int array (groups,)
        People of each group: of two that are missed alike, the larger comes back first.

    Returns
    -------
    int array (groups, columns) of Status
    """
    waiting = (status == Status.SUPPRESSED_COMPLEMENT) & (block.rows @ counts >= block.threshold) & ~dominated
    order = np.lexsort((np.arange(block.groups_n), -size, -block.worth))
    order = order[waiting[order].any(axis=1)]
    shown = status == Status.PUBLISHED
    columns = {
        c: Returning(block.rows, counts[:, c], shown[:, c], waiting[:, c], dominated[:, c], block.threshold)
        for c in np.flatnonzero(waiting.any(axis=0)).tolist()
    }
    for weight in category_weight.T:
        for group in order.tolist():
            _complete(columns, shown, group, weight)
    items = {column for own in items_of.values() for column in own}
    for group in order.tolist():
        for column in columns.keys() - items:
            _take(columns, shown, group, [column])
        for point, own in items_of.items():
            if shown[group, point]:
                _take(columns, shown, group, own)
    return np.where(shown, Status.PUBLISHED, status)


def _complete(columns: dict[int, Returning], shown: np.ndarray, group: int, weight: np.ndarray) -> None:
    """Publish a group's points of one category if that makes it complete."""
    points = np.flatnonzero(weight)
    needed = CATEGORY_WEIGHT_NEEDED * weight.sum() - ROUND_OFF
    reached = weight[points[shown[group, points]]].sum()
    if reached >= needed:
        return
    back = [c for c in points.tolist() if c in columns and not shown[group, c] and columns[c].allows(group)]
    if reached + weight[back].sum() >= needed:
        _publish(columns, shown, group, back)


def _take(columns: dict[int, Returning], shown: np.ndarray, group: int, wanted: Sequence[int]) -> None:
    """Publish a group in some columns, all of them or none."""
    hidden = [c for c in wanted if not shown[group, c]]
    if all(c in columns and columns[c].allows(group) for c in hidden):
        _publish(columns, shown, group, hidden)


def _publish(columns: dict[int, Returning], shown: np.ndarray, group: int, wanted: list[int]) -> None:
    for column in wanted:
        columns[column].publish(group)
        shown[group, column] = True

"""What was suppressed to protect others and need not be: it is published after all (method 5).

Suppression takes one figure after another until nothing small can be worked out; some that went early are not needed
once others have gone. They come back one at a time, each only if nothing small can be worked out then. Order and choice
rest on counts alone: groups that are missed most first, the same order in every column, and what completes a
category before single points.
"""

from __future__ import annotations

import numpy as np

from dimios_core.published.status import Status
from dimios_core.results.disclosure.leaks import Leaks
from dimios_core.results.scoring.columns import CATEGORY_WEIGHT_NEEDED
from dimios_core.results.scoring.groups import Block

#: what sums of weights may be off by
ROUND_OFF = 1e-12


def add_back(
    block: Block,
    counts: np.ndarray,
    status: np.ndarray,
    dominated: np.ndarray,
    items_of: dict[int, list[int]],
    category_weight: np.ndarray,
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
    items_of : dict
        Column of a point -> columns of its items: they come back all or none, and only with the point.
    category_weight : float array (points, categories)

    Returns
    -------
    int array (groups, columns) of Status
    """
    returning = _Returning(block, counts, status.copy(), dominated)
    people = block.rows @ np.bincount(block.atom_of, minlength=len(block.atoms))
    order = np.lexsort((np.arange(block.groups_n), -people, -block.worth))
    order = order[returning.waiting[order].any(axis=1)]
    for weight in category_weight.T:
        needed = CATEGORY_WEIGHT_NEEDED * weight.sum() - ROUND_OFF
        for group in order:
            returning.complete(group, weight, needed)
    items = {column for columns in items_of.values() for column in columns}
    for group in order:
        for column in sorted(set(np.flatnonzero(returning.waiting[group]).tolist()) - items):
            returning.take(group, [column])
        for point, columns in items_of.items():
            if returning.status[group, point] == Status.PUBLISHED:
                returning.take(group, columns)
    return returning.status


class _Returning:
    """The pattern while figures come back to it, and which combinations were found to give nothing away."""

    def __init__(self, block: Block, counts: np.ndarray, status: np.ndarray, dominated: np.ndarray) -> None:
        self._block, self._dominated, self.status = block, dominated, status
        self._few = np.minimum(counts, block.threshold)
        enough = block.rows @ counts >= block.threshold
        #: groups and columns that may come back
        self.waiting = (status == Status.SUPPRESSED_COMPLEMENT) & enough & ~dominated
        self._is_safe: dict[bytes, bool] = {}

    def complete(self, group: int, weight: np.ndarray, needed: float) -> None:
        """Publish a group's points of one category if that makes it complete."""
        points = np.flatnonzero(weight)
        shown = self.status[group, points] == Status.PUBLISHED
        waiting = points[~shown & self.waiting[group, points]]
        reached = weight[points[shown]].sum()
        if reached >= needed or reached + weight[waiting].sum() < needed:
            return
        back = [column for column in waiting.tolist() if self._may_return(group, column)]
        if reached + weight[back].sum() >= needed:
            self.status[group, back] = Status.PUBLISHED

    def take(self, group: int, columns: list[int]) -> None:
        """Publish a group in some columns, all of them or none."""
        hidden = [c for c in columns if self.status[group, c] != Status.PUBLISHED]
        if all(self.waiting[group, c] and self._may_return(group, c) for c in hidden):
            self.status[group, hidden] = Status.PUBLISHED

    def _may_return(self, group: int, column: int) -> bool:
        published = self.status[:, column] == Status.PUBLISHED
        published[group] = True
        few, guarded = self._few[:, column], self._dominated[:, column]
        key = published.tobytes() + guarded.tobytes() + few.tobytes()
        if key not in self._is_safe:
            leaks = Leaks(self._block.rows, few, self._block.threshold, guarded)
            self._is_safe[key] = not leaks.find(published)
        return self._is_safe[key]

"""Which withheld groups of one column may be published beside the others, one after another (method 5).

What is asked of a group is whether some small union can be worked out once its row joins the published ones. With all
rows projected on what the published ones leave open, that is so if and only if a union's projection is parallel to
the group's. Projections are kept up to date as groups come back, which is far less work than a decomposition each.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dimios_core.results.disclosure.leaks import Leaks
from dimios_core.results.disclosure.recoverable import collapse, group_basis, list_subsets

#: more unions than this are not listed; each question then takes the row-space check anew
UNIONS_MAX = 5_000
#: squared lengths below this are none: rows are of zeros and ones
TINY = 1e-9


class Returning:
    """One column while groups come back to it.

    Parameters
    ----------
    rows : bool array (groups, atoms)
    counts : int array (atoms,)
    published, waiting : bool arrays (groups,)
        What is published, and what may come back. Nothing small follows from what is published.
    guarded : bool array (groups,)
        Withheld groups that must not be worked out though they hold the threshold.
    threshold : int
    """

    def __init__(
        self,
        rows: np.ndarray,
        counts: np.ndarray,
        published: np.ndarray,
        waiting: np.ndarray,
        guarded: np.ndarray,
        threshold: int,
    ) -> None:
        self._rows, self._counts, self._threshold = rows, counts, threshold
        self._published, self._waiting, self._guarded = published.copy(), waiting.copy(), guarded

    def allows(self, group: int) -> bool:
        """Tell whether nothing small can be worked out once `group` is published too."""
        if self._waiting[group] and not self._is_safe(group):
            self._waiting[group] = False  # nor ever later: more is known then
        return bool(self._waiting[group])

    def publish(self, group: int) -> None:
        """Count a group that `allows` let through as published."""
        self._published[group], self._waiting[group] = True, False
        if self._open is None:
            return
        unions, groups = self._open
        direction = groups[group]
        length = direction @ direction
        if length > TINY:
            for rows in (unions, groups):
                rows -= np.outer(rows @ direction / length, direction)

    def _is_safe(self, group: int) -> bool:
        if self._open is None:
            published = self._published.copy()
            published[group] = True
            return not Leaks(self._rows, self._counts, self._threshold, self._guarded).find(published)
        unions, groups = self._open
        direction = groups[group]
        length = direction @ direction
        if length <= TINY:  # it follows already
            return True
        along = unions @ direction
        return bool(((unions * unions).sum(axis=1) - along * along / length > TINY).all())

    @cached_property
    def _open(self) -> tuple[np.ndarray, np.ndarray] | None:
        """What published rows leave open of small unions and of groups, float arrays (…, classes); None: too many."""
        live = self._counts > 0
        may_be = (self._published | self._waiting | self._guarded) & self._rows[:, live].any(axis=1)
        first, inverse = collapse(self._rows[may_be][:, live])
        count = np.bincount(inverse, self._counts[live], minlength=len(first)).astype(int)
        shown = self._rows[:, live][:, first]
        groups = shown.astype(float)
        small = np.flatnonzero(count < self._threshold)
        if _count_unions(count[small], self._threshold) > UNIONS_MAX:
            return None
        members = list_subsets(count[small], self._threshold, half=self._threshold - 1)[1:]
        unions = np.zeros((len(members), len(small) + 1))
        unions[np.arange(len(members))[:, None], members] = 1
        targets = np.zeros((len(members), len(first)))
        targets[:, small] = unions[:, :-1]
        targets = np.vstack([targets, groups[self._guarded & (self._rows @ self._counts > 0)]])
        basis = group_basis(shown[self._published])
        return targets - (targets @ basis.T) @ basis, groups - (groups @ basis.T) @ basis


def _count_unions(count: np.ndarray, threshold: int) -> int:
    """How many subsets hold fewer than `threshold` together, the empty one included."""
    ways = np.zeros(threshold, int)
    ways[0] = 1
    for n in count.tolist():
        ways[n:] += ways[: threshold - n].copy()
    return int(ways.sum())

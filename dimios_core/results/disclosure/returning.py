"""Which withheld groups of one column may be published beside the others, one after another (method 5).

What is asked of a group is whether some small union can be worked out once its row joins the published ones. With all
rows projected on what the published ones leave open, that is so if and only if a union's projection is parallel to
the group's. Projections are kept up to date as groups come back, which is far less work than a decomposition each, and
all groups that wait are looked at together.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from dimios_core.results.disclosure.leaks import Leaks
from dimios_core.results.disclosure.recoverable import collapse, list_subsets, null_basis

#: more unions than this are not listed; each question then takes the row-space check anew
UNIONS_MAX = 5_000
#: what is open of so many columns is remembered
OPEN_KEPT = 16
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
        # the threshold or more is all the same
        few = np.minimum(counts, threshold).astype(np.int64)
        masks = (x.tobytes() for x in (published, waiting, guarded))
        self._open = _lay_open(rows.tobytes(), rows.shape, few.tobytes(), *masks, threshold)
        self._is_new = True

    def allows(self, group: int) -> bool:
        """Tell whether nothing small can be worked out once `group` is published too."""
        # what is not safe never will be: more is known then
        if self._open is None:
            self._waiting[group] = self._waiting[group] and self._is_safe(group)
        elif self._is_new:
            at = np.flatnonzero(self._waiting)
            self._waiting[at] = _find_safe(self._open[0], self._open[1][at])
            self._is_new = False
        return bool(self._waiting[group])

    def publish(self, group: int) -> None:
        """Count a group that `allows` let through as published."""
        self._published[group], self._waiting[group], self._is_new = True, False, True
        if self._open is None:
            return
        unions, groups = self._open
        direction = groups[group]
        length = direction @ direction
        if length > TINY:
            self._open = (
                unions - np.outer(unions @ direction / length, direction),
                groups - np.outer(groups @ direction / length, direction),
            )

    def _is_safe(self, group: int) -> bool:
        published = self._published.copy()
        published[group] = True
        return not Leaks(self._rows, self._counts, self._threshold, self._guarded).find(published)


def _find_safe(unions: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Tell of each group whether no union is parallel to it, or it follows already; rows of both are what is open of them."""
    length = (groups * groups).sum(axis=1)
    follows = length <= TINY
    along = unions @ groups.T
    left = (unions * unions).sum(axis=1)[:, None] - along * along / np.where(follows, 1, length)
    return follows | (left > TINY).all(axis=0)


@lru_cache(maxsize=OPEN_KEPT)
def _lay_open(
    all_rows: bytes,
    shape: tuple[int, int],
    all_counts: bytes,
    is_published: bytes,
    is_waiting: bytes,
    is_guarded: bytes,
    threshold: int,
) -> tuple[np.ndarray, np.ndarray] | None:
    """What published rows leave open of small unions and of groups, float arrays (…, dimensions); None: too many unions.

    Arrays are given as their bytes: columns of one organisation often share them. What comes back is not to be changed.
    """
    rows, counts = np.frombuffer(all_rows, bool).reshape(shape), np.frombuffer(all_counts, np.int64)
    published, waiting, guarded = (np.frombuffer(x, bool) for x in (is_published, is_waiting, is_guarded))
    live = counts > 0
    may_be = (published | waiting | guarded) & rows[:, live].any(axis=1)
    first, inverse = collapse(rows[may_be][:, live])
    count = np.bincount(inverse, counts[live], minlength=len(first)).astype(int)
    groups = rows[:, live][:, first].astype(float)
    small = np.flatnonzero(count < threshold)
    if _count_unions(count[small], threshold) > UNIONS_MAX:
        return None
    members = list_subsets(count[small], threshold, half=threshold - 1)[1:]
    unions = np.zeros((len(members), len(small) + 1))
    unions[np.arange(len(members))[:, None], members] = 1
    targets = np.zeros((len(members), len(first)))
    targets[:, small] = unions[:, :-1]
    targets = np.vstack([targets, groups[guarded & (rows @ counts > 0)]])
    open_ = null_basis(groups[published])
    return targets @ open_, groups @ open_


def _count_unions(count: np.ndarray, threshold: int) -> int:
    """How many subsets hold fewer than `threshold` together, the empty one included."""
    ways = np.zeros(threshold, int)
    ways[0] = 1
    for n in count.tolist():
        ways[n:] += ways[: threshold - n].copy()
    return int(ways.sum())

"""What must not be worked out from a set of published groups, and whether it can be (method 5)."""

from __future__ import annotations

from itertools import islice

import numpy as np

from dimios_core.results.disclosure.recoverable import RowSpace

#: how many recoverable unions are dealt with before looking again
UNIONS_A_ROUND = 50
#: a coefficient below this means that a published group has no part in a union
PART_MIN = 1e-6


class Leaks:
    """Small unions and protected groups whose sum follows from published groups, for one column's counts.

    Parameters
    ----------
    rows : bool array (groups, atoms)
    counts : int array (atoms,)
    threshold : int
    protected : bool array (groups,), optional
        Groups that must not be worked out though they hold the threshold, while they are not published.
    """

    def __init__(
        self,
        rows: np.ndarray,
        counts: np.ndarray,
        threshold: int,
        protected: np.ndarray | None = None,
    ) -> None:
        self._rows, self._counts, self._threshold = rows, counts, threshold
        self._guarded = np.zeros(len(rows), bool) if protected is None else protected & (rows @ counts > 0)

    def find(self, published: np.ndarray) -> list[np.ndarray]:
        """List some leaks of what is published; empty where there is none.

        Returns
        -------
        list of bool arrays (published groups,)
            Which of the published groups, in their order, a leak is worked out from; never none of them.
        """
        space = RowSpace(self._rows[published], self._counts)
        found = list(islice(space.small_unions(self._threshold), UNIONS_A_ROUND))
        if not found and (guarded := self._guarded & ~published).any():
            hidden = self._rows[guarded] & (self._counts > 0)
            found = list(hidden[space.contains(hidden)])
        return list(np.abs(space.combinations(np.array(found)).T) > PART_MIN) if found else []

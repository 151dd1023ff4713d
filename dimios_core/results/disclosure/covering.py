"""Which published figures bound a mean that is not told: by counts alone (method 5).

A sum cannot be larger than that of any union which holds it, and the smallest such union binds first. Which figures
give that union depends on who is in which group, not on what they answered: so does what is withheld next, and only
how far it goes depends on answers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import optimize

from dimios_core.results.disclosure.recoverable import collapse

#: a coefficient below this means that a figure has no part in a union
PART_MIN = 1e-6


def find_cover(rows: np.ndarray, counts: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Find the published groups whose sums bound a group from above most closely, as far as counts tell.

    Coefficients c with Σ c·row ≥ target on every atom and the fewest people Σ c·n.

    Parameters
    ----------
    rows : bool array (published groups, atoms)
    counts : int array (atoms,)
        People; 0 where nobody answered.
    target : bool array (atoms,)

    Returns
    -------
    int array
        Published groups, in their order, with a part in it; empty where nothing covers the target.
    """
    if not len(rows):
        return np.zeros(0, int)
    live = counts > 0
    first, class_of = collapse(np.vstack([rows, target])[:, live])
    size = np.bincount(class_of, counts[live]).astype(int)
    known, wanted = rows[:, live][:, first], target[live][first]
    return np.array(_cover(known.tobytes(), known.shape, size.tobytes(), wanted.tobytes()), int)


@lru_cache(maxsize=4096)
def _cover(rows: bytes, shape: tuple[int, int], counts: bytes, target: bytes) -> tuple[int, ...]:
    known = np.frombuffer(rows, bool).reshape(shape).astype(float)
    wanted = np.frombuffer(target, bool).astype(float)
    size = known @ np.frombuffer(counts, int)
    # whole numbers are asked of nothing: `milp` is the plainest way to the same solver
    covers = optimize.LinearConstraint(-known.T, -np.inf, -wanted)
    found = optimize.milp(size, constraints=covers, bounds=optimize.Bounds(-np.inf, np.inf))
    return () if found.x is None else tuple(np.flatnonzero(np.abs(found.x) > PART_MIN).tolist())

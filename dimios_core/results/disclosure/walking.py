"""How far the means of groups can surely move while everything published stays the same: without linear programming.

The true sums are one solution; how far one can walk from them without leaving the feasible region is a lower bound
of the width that linear programming would find (`dimios_core.results.disclosure.feasible`).
"""

from __future__ import annotations

import numpy as np

from dimios_core.results.disclosure.recoverable import row_basis

#: the inner part of the limits that starting points are pulled to, and how often
MARGIN_SHARE = 0.15
PROJECTIONS_N = 8
TINY = 1e-12


def find_centre(total: np.ndarray, capacity: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Return sums that agree with what is published and lie well inside their limits; a row a column.

    The true sums often lie on a limit (one answer, at an end of the scale), and there is no room to walk.
    Projections on what is published and on the inner part of the limits take turns.
    """
    margin = MARGIN_SHARE * capacity
    inner = total
    for _ in range(PROJECTIONS_N):
        pulled = np.clip(inner, margin, capacity - margin) - total
        inner = total + pulled - (pulled @ basis.T) @ basis
    # back towards the true sums, as far as the limits ask for
    step = inner - total
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(step > 0, (capacity - total) / step, np.where(step < 0, -total / step, np.inf))
    return total + np.clip(room.min(axis=1, keepdims=True), 0, 1) * step


def walk(start: np.ndarray, capacity: np.ndarray, known: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Tell how far the means of targets can move from `start`, percentage points: a lower bound of their width.

    Parameters
    ----------
    start, capacity : float arrays (atoms,)
        Sums, and the largest they can be.
    known : float array (published groups, atoms)
    targets : float array (targets, atoms)

    Notes
    -----
    Directions are projected with each sum scaled by its distance to the nearer limit (as in affine scaling).
    """
    near = np.minimum(start, capacity - start)
    scale = np.where(near > TINY * capacity, near, 0)
    basis = row_basis(known * scale)
    scaled = targets * scale
    direction = (scaled - (scaled @ basis.T) @ basis) * scale
    direction[np.abs(direction) < 1e-9 * capacity] = 0
    gain = (targets * direction).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = (capacity - start) / direction, -start / direction
        forward = np.where(direction > 0, up, np.where(direction < 0, down, np.inf)).min(axis=1)
        backward = np.where(direction > 0, -down, np.where(direction < 0, -up, np.inf)).min(axis=1)
        moved = np.where(gain > TINY, gain * (forward + backward), 0)
    return moved / (targets @ capacity) * 100

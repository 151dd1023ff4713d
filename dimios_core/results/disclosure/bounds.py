"""How closely suppressed means can be guessed: bounds by linear programming (method 5).

A sum that cannot be worked out exactly may still be pinned down: no answer is below 0 or above 100, so a
small group inside a published one that lies near an end of the scale cannot lie far from that end. For
every group that is suppressed because it is small, or because one respondent weighs too much in it, the
smallest and largest mean that agree with everything published must lie at least twenty percentage points
apart (Hundepool et al. 2012, ch. 4; docs/decisions/0019-bounds.md).

Most groups are far from narrow. A screen finds that without linear programming: the true sums are one
solution, and how far one can walk from them without leaving the feasible region is a lower bound of the width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from dimios_core.published.status import Status
from dimios_core.results.disclosure.pattern import suppress
from dimios_core.results.scoring.groups import Block

#: what the feasible range of a suppressed mean must at least span, percentage points
WIDTH_MIN_PP = 20.0
#: published means have one decimal
ROUNDING_PP = 0.05
#: means this close to an end of the scale are published as bounds only, "at most 5" or "at least 95"
END_PP = 1e-9
END_LOW_PCT, END_HIGH_PCT = 5.0, 95.0
#: a dual value below this means that a published figure has no part in a bound
DUAL_MIN = 1e-9
#: what linear programming may be off by
TOLERANCE_PP = 1e-6
#: targets that go into one linear program: enough to spread the cost of starting it, few enough to stay quick
TARGETS_A_PROGRAM = 64
#: the inner part of the limits that starting points are pulled to, and how often
MARGIN_SHARE = 0.15
PROJECTIONS_N = 8
TINY = 1e-12


@dataclass(frozen=True)
class Cells:
    """The atoms of one block and column, as the check sees them.

    Attributes
    ----------
    rows : bool array (groups, atoms)
    weight : float array (atoms,)
        Sum of the weights of those who answered; their number where nobody is weighted.
    total : float array (atoms,)
        Weighted sum of scores in percent, 0 <= total <= 100·weight.
    """

    rows: np.ndarray
    weight: np.ndarray
    total: np.ndarray


def widen_bounds(
    block: Block,
    status: np.ndarray,
    weight: np.ndarray,
    total: np.ndarray,
    answered: np.ndarray,
    dominated: np.ndarray,
    items_of: dict[int, list[int]],
) -> np.ndarray:
    """Suppress further figures until no protected mean is bounded more narrowly than twenty points.

    Parameters
    ----------
    block : Block
    status : int array (groups, columns) of Status
        As `dimios_core.results.disclosure.pattern.decide_pattern` left the scores; not changed.
    weight, total : float arrays (atoms, columns)
        Weight of those who answered, and their weighted sum of scores in percent.
    answered : int array (atoms, columns)
        Answers: the counts that the row-space check runs on again.
    dominated : bool array (groups, columns)
        One respondent carries too much of the weight: protected as small groups are.
    items_of : dict
        Column of a point -> columns of its items.

    Returns
    -------
    int array (groups, columns) of Status
    """
    status = status.copy()
    inside = block.rows @ weight > 0
    protected = inside & ((status == Status.SUPPRESSED_SMALL) | (dominated & (status != Status.PUBLISHED)))
    waiting = np.flatnonzero(protected.any(axis=0) & (status == Status.PUBLISHED).any(axis=0))
    while len(waiting):
        published = status == Status.PUBLISHED
        lowered = []
        for column, found in _find_narrow(block.rows, weight, total, published, protected, waiting).items():
            cells = Cells(block.rows, weight[:, column], total[:, column])
            kept = published[:, column].copy()
            for group in _choose(cells, kept, found, block.worth):
                kept[group] = False
            kept = suppress(block.rows, answered[:, column], kept, block.worth, block.threshold)
            status[published[:, column] & ~kept, column] = Status.SUPPRESSED_COMPLEMENT
            lowered.append(column)
        waiting = np.array(lowered, int)
    for point, items in items_of.items():
        apart = ~(status[:, [point, *items]] == Status.PUBLISHED).all(axis=1)
        for column in items:
            status[apart & (status[:, column] == Status.PUBLISHED), column] = Status.SUPPRESSED_COMPLEMENT
    return status


def _choose(
    cells: Cells, published: np.ndarray, found: list[tuple[int, np.ndarray]], worth: np.ndarray
) -> list[int]:
    """The least missed published figure of each narrow group's bounds; groups that share one go together."""
    size = cells.rows @ cells.weight
    dropped: set[int] = set()
    for _, involved in found:
        if not dropped & set(involved.tolist()):
            dropped.add(min(involved.tolist(), key=lambda g: (worth[g], size[g], g)))
    return sorted(dropped)


def _find_narrow(
    rows: np.ndarray,
    weight: np.ndarray,
    total: np.ndarray,
    published: np.ndarray,
    protected: np.ndarray,
    columns: np.ndarray,
) -> dict[int, list[tuple[int, np.ndarray]]]:
    """Column -> narrow groups with the published groups that bound them."""
    alike: dict[bytes, list[int]] = {}
    for column in columns.tolist():
        live = weight[:, column] > 0
        alike.setdefault(published[:, column].tobytes() + live.tobytes(), []).append(column)
    found: dict[int, list[tuple[int, np.ndarray]]] = {}
    for together in alike.values():
        shown, live = published[:, together[0]], weight[:, together[0]] > 0
        doubtful = _screen(
            rows[:, live], shown, protected[:, together], weight[live][:, together], total[live][:, together]
        )
        for column, groups in zip(together, doubtful, strict=True):
            cells = Cells(rows, weight[:, column], total[:, column])
            bounds = bound_means(cells, shown, groups)
            narrow = [
                (int(g), bounds.involved[i])
                for i, g in enumerate(groups)
                if bounds.high[i] - bounds.low[i] < WIDTH_MIN_PP - TOLERANCE_PP and len(bounds.involved[i])
            ]
            if narrow:
                found[column] = narrow
    return found


def _screen(
    rows: np.ndarray, shown: np.ndarray, protected: np.ndarray, weight: np.ndarray, total: np.ndarray
) -> list[np.ndarray]:
    """Groups of each column whose width the screen cannot prove; all columns show the same groups and atoms.

    From sums s that agree with everything published, walk along directions d that change no published sum, as
    far as 0 <= s <= 100·w allows: the target's mean moves by λ·(t·d). Where the steps of both ways together
    span enough, the true range does too.
    """
    targets = np.flatnonzero(protected.any(axis=1))
    known = rows[shown].astype(float)
    _, values, vt = np.linalg.svd(known, full_matrices=False)
    basis = vt[values > 1e-9 * max(1.0, values.max(initial=0))]
    capacity = 100 * weight.T
    start = _centre(total.T, capacity, basis)
    indicator = rows[targets].astype(float)
    doubtful = protected[targets].T.copy()
    for column in range(len(capacity)):
        at = np.flatnonzero(doubtful[column])
        width = walk(start[column], capacity[column], known, indicator[at])
        doubtful[column, at[width >= WIDTH_MIN_PP]] = False
    return [targets[d] for d in doubtful]


def _centre(total: np.ndarray, capacity: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Sums that agree with what is published and lie well inside their limits; a row a column.

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
    _, values, vt = np.linalg.svd(known * scale, full_matrices=False)
    basis = vt[values > 1e-9 * max(1.0, values.max(initial=0))]
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


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest mean of some groups (percent), and the published groups that set them."""

    low: np.ndarray
    high: np.ndarray
    involved: list[np.ndarray]


def bound_means(cells: Cells, published: np.ndarray, groups: np.ndarray) -> Bounds:
    """Bound the means of groups given what is published, by linear programming.

    Parameters
    ----------
    cells : Cells
    published : bool array (groups,)
        Their means are known to one decimal; at an end of the scale only that they are ≤ 5 or ≥ 95.
    groups : int array (targets,)

    Returns
    -------
    Bounds
        low, high: float arrays (targets,), percent.
    """
    parts = [
        _solve(cells, published, groups[i : i + TARGETS_A_PROGRAM])
        for i in range(0, len(groups), TARGETS_A_PROGRAM)
    ]
    if not parts:
        return Bounds(np.zeros(0), np.zeros(0), [])
    return Bounds(
        np.concatenate([p.low for p in parts]),
        np.concatenate([p.high for p in parts]),
        [i for p in parts for i in p.involved],
    )


def _solve(cells: Cells, published: np.ndarray, groups: np.ndarray) -> Bounds:
    """All targets at once: one program, block-diagonal, a copy of the sums per target and direction.

    Unknown is x = sum/100·weight, the mean of an atom as a share, 0 <= x <= 1.
    """
    live = cells.weight > 0
    w = cells.weight[live]
    standing = np.flatnonzero(published & (cells.rows[:, live].any(axis=1)))
    size = cells.rows @ cells.weight
    known = cells.rows[standing][:, live] * w / size[standing][:, None]
    mean = (cells.rows[standing] @ cells.total) / size[standing]
    low = np.where(
        mean >= 100 - END_PP, END_HIGH_PCT, np.where(mean <= END_PP, 0, np.round(mean, 1) - ROUNDING_PP)
    )
    high = np.where(
        mean <= END_PP, END_LOW_PCT, np.where(mean >= 100 - END_PP, 100, np.round(mean, 1) + ROUNDING_PP)
    )
    one = sparse.csr_array(np.vstack([known, -known]))
    limit = np.concatenate([high, -low]) / 100
    targets = cells.rows[groups][:, live] * w / size[groups][:, None]
    copies = 2 * len(groups)
    result = linprog(
        np.concatenate([targets, -targets]).ravel(),
        A_ub=sparse.kron(sparse.eye_array(copies), one, format="csr"),
        b_ub=np.tile(limit, copies),
        bounds=(0, 1),
        method="highs",
    )
    if result.x is None:  # cannot be, the true sums are a solution: leave nothing to chance
        nothing = np.zeros(len(groups))
        return Bounds(nothing, nothing, [standing] * len(groups))
    x = result.x.reshape(2, len(groups), -1)
    duals = np.abs(result.ineqlin.marginals.reshape(2, len(groups), 2, len(standing))).max(axis=(0, 2))
    return Bounds(
        100 * (targets * x[0]).sum(axis=1),
        100 * (targets * x[1]).sum(axis=1),
        [standing[d > DUAL_MIN] for d in duals],
    )

"""The smallest and largest means that agree with everything published, by linear programming (method 5).

Where nobody is weighted, sums are whole numbers of steps, and so are the limits of published sums. Groups are units of a
tree, and roles within units of a tree: two laminar families, whose rows are totally unimodular (Edmonds 1970). The
corners of the region are then whole numbers too: what linear programming finds is what integer programming would,
and every whole number between is possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from dimios_core.results.disclosure.limits import Cells

#: a dual value below this means that a published figure has no part in a bound
DUAL_MIN = 1e-9
#: unknowns that go into one linear program: enough to spread the cost of starting it, few enough to stay quick
UNKNOWNS_A_PROGRAM = 4_000
#: limits are this much wider, as a share: what is feasible stays so in spite of rounding errors
SLACK = 1e-9


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest mean of some groups (percent), how wide that is, and whether published figures set it."""

    low: np.ndarray
    high: np.ndarray
    width: np.ndarray
    is_bound: np.ndarray


@dataclass(frozen=True)
class Question:
    """Which groups' means are to be bounded, in one column.

    Attributes
    ----------
    cells : Cells
    published : bool array (groups,)
        What is told of them is known (`Cells.limits`).
    groups : int array (targets,)
    rooms : bool
        Whether near an end only a bound is told.
    beyond : bool array (targets,)
        Single atoms of one answer that is yes or no, whose range is all or nothing: their width counts what one more
        such answer than there is would add, at the end where that is less.
    """

    cells: Cells
    published: np.ndarray
    groups: np.ndarray
    rooms: bool
    beyond: np.ndarray


def bound_means(questions: Sequence[Question]) -> list[Bounds]:
    """Bound the means of groups given what is published; many columns at once, which costs less than one by one."""
    programs = [_set_up(q) for q in questions]
    found: list[Bounds] = []
    size, first = 0, 0
    for i, program in enumerate(programs):
        size += program.cost.size
        if size >= UNKNOWNS_A_PROGRAM or i == len(programs) - 1:
            found += _solve(programs[first : i + 1])
            size, first = 0, i + 1
    return found


@dataclass(frozen=True)
class _Program:
    """One column's part of a linear program: a copy of its atoms' means per target and direction.

    Unknown is x = sum/100·weight, the mean of an atom as a share, 0 <= x <= 1. `known` is what is told of one copy, first
    from above, then from below: float array (2 · standing groups, atoms).
    """

    standing: np.ndarray
    targets: np.ndarray
    cost: np.ndarray
    known: np.ndarray
    limit: np.ndarray
    box: np.ndarray

    @property
    def copies_n(self) -> int:
        """How many copies there are."""
        return 2 * len(self.targets)


def _set_up(question: Question) -> _Program:
    cells, groups = question.cells, question.groups
    live = cells.weight > 0
    w, size, rows = cells.weight[live], cells.size, cells.rows[:, live]
    standing = np.flatnonzero(question.published & rows.any(axis=1))
    known = rows[standing] * w / size[standing][:, None]
    low, high = cells.limits(standing, rooms=question.rooms)
    targets = rows[groups] * w / size[groups][:, None]
    over = ((targets > 0) & question.beyond[:, None]).ravel()
    least, most = np.r_[-1.0 * over, np.zeros(over.size)], np.r_[np.ones(over.size), 1.0 + over]
    return _Program(
        standing=standing,
        targets=targets,
        cost=np.concatenate([targets, -targets]).ravel(),
        known=np.vstack([known, -known]),
        limit=np.tile(np.concatenate([high / 100 + SLACK, -low / 100 + SLACK]), 2 * len(groups)),
        box=np.stack([least, most], axis=1),
    )


def _put_together(programs: list[_Program]) -> sparse.csr_array:
    """What is known of all copies of all programs, block-diagonal."""
    values, columns, values_n, first = [], [], [np.zeros(1, int)], 0
    for p in programs:
        row, column = np.nonzero(p.known)
        start = first + p.known.shape[1] * np.arange(p.copies_n)[:, None]
        values.append(np.tile(p.known[row, column], p.copies_n))
        columns.append((start + column).ravel())
        values_n.append(np.tile(np.bincount(row, minlength=len(p.known)), p.copies_n))
        first += p.cost.size
    ends = np.cumsum(np.concatenate(values_n))
    return sparse.csr_array(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(ends) - 1, first)
    )


def _solve(programs: list[_Program]) -> list[Bounds]:
    result = linprog(
        np.concatenate([p.cost for p in programs]),
        A_ub=_put_together(programs),
        b_ub=np.concatenate([p.limit for p in programs]),
        bounds=np.vstack([p.box for p in programs]),
        method="highs",
    )
    if result.x is None:  # cannot be, the true sums are a solution: leave nothing to chance
        return [_unknown(p) for p in programs]
    found, x_at, row_at = [], 0, 0
    for p in programs:
        targets_n, standing_n = len(p.targets), len(p.standing)
        x = result.x[x_at : x_at + p.cost.size].reshape(2, targets_n, -1)
        duals = np.abs(result.ineqlin.marginals[row_at : row_at + len(p.limit)])
        duals = duals.reshape(2, targets_n, 2 * standing_n).max(axis=(0, 2), initial=0)
        x_at, row_at = x_at + p.cost.size, row_at + len(p.limit)
        least, most = 100 * (p.targets * x).sum(axis=2)
        low, high = np.maximum(least, 0), np.minimum(most, 100)
        width = np.minimum(most - low, high - least)
        found.append(Bounds(low, high, width, duals > DUAL_MIN))
    return found


def _unknown(program: _Program) -> Bounds:
    nothing = np.zeros(len(program.targets))
    return Bounds(nothing, nothing, nothing, np.full(len(nothing), len(program.standing) > 0))

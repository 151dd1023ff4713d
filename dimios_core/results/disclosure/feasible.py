"""The smallest and largest means that agree with everything published, by linear programming (method 5).

Where nobody is weighted, sums are whole numbers of steps, and so are the limits of published sums. Groups are units of a
tree, and roles within units of a tree: two laminar families, whose rows are totally unimodular (Edmonds 1970). The
corners of the region are then whole numbers too: what linear programming finds is what integer programming would,
and every whole number between is possible. What is told of a sum is given with both sides at once: as two rows, one in
a hundred programs is called infeasible, which none is, as the true sums are a solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from dimios_core.results.disclosure.limits import Cells

#: unknowns that go into one linear program: enough to spread the cost of starting it, few enough to stay quick
UNKNOWNS_A_PROGRAM = 4_000
#: a sum whose limits are this close is known, percent
KNOWN_PCT = 1e-6


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest mean of some groups (percent), and how wide that is."""

    low: np.ndarray
    high: np.ndarray
    width: np.ndarray


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
        size += program.least.size
        if size >= UNKNOWNS_A_PROGRAM or i == len(programs) - 1:
            found += _solve(programs[first : i + 1])
            size, first = 0, i + 1
    return found


@dataclass(frozen=True)
class _Program:
    """One column's part of a linear program: a copy of what is unknown for each target, and for its least and its most.

    Unknown are the sums (percent) of atoms that are not told by themselves.

    Attributes
    ----------
    told : bool array (told, unknown)
        Published groups with something unknown in them.
    low, high : float arrays (told,)
        What the sum of that lies between.
    targets : bool array (targets, unknown)
    least, most : float arrays (2, targets, unknown)
        Limits of each unknown, in the copies for the least and for the most.
    known : float array (targets,)
        What is known of each target's sum.
    size : float array (targets,)
        Weight.
    """

    told: np.ndarray
    low: np.ndarray
    high: np.ndarray
    targets: np.ndarray
    least: np.ndarray
    most: np.ndarray
    known: np.ndarray
    size: np.ndarray

    @property
    def copies_n(self) -> int:
        """How many copies there are."""
        return 2 * len(self.targets)


def _set_up(question: Question) -> _Program:
    cells, groups = question.cells, question.groups
    live = cells.weight > 0
    rows, size = cells.rows[:, live], cells.size
    shown = np.flatnonzero(question.published & rows.any(axis=1))
    told, targets = rows[shown], rows[groups]
    low, high = (limit * size[shown] for limit in cells.limits(shown, rooms=question.rooms))
    # what is told of one atom alone limits it; where it is known then, it is no unknown
    alone = told.sum(axis=1) == 1
    least, most = np.zeros(live.sum()), 100 * cells.weight[live]
    at = told[alone].argmax(axis=1)
    np.maximum.at(least, at, low[alone])
    np.minimum.at(most, at, high[alone])
    unknown = most - least > KNOWN_PCT
    known = np.where(unknown, 0, (least + most) / 2)
    left = ~alone & told[:, unknown].any(axis=1)
    least, most = least[unknown], most[unknown]
    over = (targets & question.beyond[:, None])[:, unknown]
    return _Program(
        told=told[np.ix_(left, unknown)],
        low=(low - told @ known)[left],
        high=(high - told @ known)[left],
        targets=targets[:, unknown],
        least=np.stack([np.where(over, -most, least), np.tile(least, (len(groups), 1))]),
        most=np.stack([np.tile(most, (len(groups), 1)), np.where(over, 2 * most, most)]),
        known=targets @ known,
        size=size[groups],
    )


def _put_together(programs: list[_Program]) -> sparse.csr_array:
    """What is told, of all copies of all programs, block-diagonal."""
    columns, values_n, first = [], [np.zeros(1, int)], 0
    for p in programs:
        row, column = np.nonzero(p.told)
        start = first + p.told.shape[1] * np.arange(p.copies_n)[:, None]
        columns.append((start + column).ravel())
        values_n.append(np.tile(np.bincount(row, minlength=len(p.told)), p.copies_n))
        first += p.least.size
    at, ends = np.concatenate(columns), np.cumsum(np.concatenate(values_n))
    return sparse.csr_array((np.ones(len(at)), at, ends), shape=(len(ends) - 1, first))


def _find_ends(programs: list[_Program]) -> np.ndarray | None:
    """All unknowns where targets are least, then where they are most, program by program; None: there is no solution."""
    cost = np.concatenate([np.stack([p.targets, -1.0 * p.targets]).ravel() for p in programs])
    if not cost.size:  # all is told
        return cost
    # no unknown needs to be told that it is a whole number: `milp` is what takes both sides of a row
    found = optimize.milp(
        cost,
        constraints=optimize.LinearConstraint(
            _put_together(programs),
            np.concatenate([np.tile(p.low, p.copies_n) for p in programs]),
            np.concatenate([np.tile(p.high, p.copies_n) for p in programs]),
        ),
        bounds=optimize.Bounds(
            np.concatenate([p.least.ravel() for p in programs]),
            np.concatenate([p.most.ravel() for p in programs]),
        ),
    )
    return found.x


def _solve(programs: list[_Program]) -> list[Bounds]:
    ends = _find_ends(programs)
    if ends is None:  # cannot be, the true sums are a solution: leave nothing to chance
        return [Bounds(*np.zeros((3, len(p.targets)))) for p in programs]
    found, first = [], 0
    for p in programs:
        unknown = ends[first : first + p.least.size].reshape(p.least.shape)
        first += p.least.size
        least, most = ((p.targets * unknown).sum(axis=2) + p.known) / p.size
        low, high = np.maximum(least, 0), np.minimum(most, 100)
        found.append(Bounds(low, high, np.minimum(most - low, high - least)))
    return found

"""How closely means that are not told can be guessed, and what is withheld against it (method 5).

A sum that cannot be worked out exactly may still be pinned down: no answer is below 0 or above 100, so a small group
inside a published one that lies near an end of the scale cannot lie far from that end. For every group that is
suppressed because it is small, or because one respondent weighs too much in it, the smallest and largest mean that
agree with everything published must lie at least twenty percentage points apart (Hundepool et al. 2012, ch. 4;
docs/decisions/0019-bounds.md, 0039-whole-numbers-and-adding-back.md). No larger group near an end may be known to the
last answer: only a bound would be told of it.

Most groups are far from narrow, which `walk` finds without linear programming.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dimios_core.published.status import Status
from dimios_core.results.disclosure.covering import find_cover
from dimios_core.results.disclosure.feasible import Question, bound_means
from dimios_core.results.disclosure.limits import Cells
from dimios_core.results.disclosure.pattern import tie_items
from dimios_core.results.disclosure.recoverable import row_basis
from dimios_core.results.disclosure.walking import find_centre, walk
from dimios_core.results.scoring.ends import find_ends
from dimios_core.results.scoring.groups import Block

#: what the feasible range of a protected mean must at least span, percentage points
WIDTH_MIN_PP = 20.0
#: what the range of a larger group's mean near an end must span where weights differ and there are no steps
END_WIDTH_MIN_PP = 1.0
#: what linear programming may be off by
TOLERANCE_PP = 1e-3


@dataclass(frozen=True)
class Sums:
    """What is known within the house of one organisation and period; arrays over atoms have a row an atom.

    Attributes
    ----------
    answers : int array (atoms, columns)
    weight, total : float arrays (atoms, columns)
        Weight of those who answered, and their weighted sum of scores in percent.
    grid : int array (groups, columns)
        Steps of one answer's score from 0 to 100 percent; 0 where weights differ (`limits.Cells`).
    dominated : bool array (groups, columns)
        One respondent carries too much of the weight: protected as small groups are.
    """

    answers: np.ndarray
    weight: np.ndarray
    total: np.ndarray
    grid: np.ndarray
    dominated: np.ndarray

    def cells(self, block: Block, column: int) -> Cells:
        """One column of a block."""
        return Cells(
            block.rows, self.weight[:, column], self.total[:, column], self.answers[:, column],
            self.grid[:, column], block.threshold - 1,
        )  # fmt: skip


def widen_bounds(
    block: Block, status: np.ndarray, sums: Sums, items_of: Mapping[int, Sequence[int]]
) -> np.ndarray:
    """Suppress further figures until nothing protected is bounded too narrowly.

    Parameters
    ----------
    block : Block
    status : int array (groups, columns) of Status
        As `dimios_core.results.disclosure.pattern.decide_pattern` left the scores; not changed.
    sums : Sums
    items_of : mapping
        Column of a point -> columns of its items.

    Returns
    -------
    int array (groups, columns) of Status
        What is withheld here depends on answers, and is never added back.
    """
    status = status.copy()
    needed = find_needed(block, status, sums)
    large = block.rows @ sums.answers >= block.threshold
    # small groups first: what is withheld for them must not depend on who is near an end
    for wanted in (np.where(large, 0, needed), np.where(large, needed, 0)):
        _widen(block, status, sums, wanted)
    tie_items(status, items_of)
    return status


def _widen(block: Block, status: np.ndarray, sums: Sums, needed: np.ndarray) -> None:
    """Lower the status of figures until every range is as wide as is needed."""
    waiting = np.flatnonzero((needed > 0).any(axis=0) & (status == Status.PUBLISHED).any(axis=0))
    # what is wide stays so, whatever else is withheld
    doubtful = _find_doubtful(block, sums, status == Status.PUBLISHED, needed, waiting)
    while doubtful:
        published = status == Status.PUBLISHED
        doubtful = _find_narrow(block, sums, published, needed, doubtful)
        for column, groups in doubtful.items():
            # less is known then, so nothing small can be worked out that could not before
            dropped = _choose(
                block, sums.cells(block, column), published[:, column], groups, needed[:, column]
            )
            status[published[:, column] & dropped, column] = Status.SUPPRESSED_COMPLEMENT


def find_needed(block: Block, status: np.ndarray, sums: Sums) -> np.ndarray:
    """Tell what the range of each group's mean must at least span, percentage points, 0 where anything may be known.

    Small and dominated groups need twenty points and one step of one answer more: whoever sees that a figure was
    withheld for them knows that their range was narrower than what is asked for. Groups of the threshold or more whose
    mean lies in the room at an end, published or not, must leave two sums open.

    Returns
    -------
    float array (groups, columns)
    """
    size = block.rows @ sums.weight
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where((sums.grid > 0) & (size > 0), 100 / (sums.grid * size), 0)
    small = (status == Status.SUPPRESSED_SMALL) | (sums.dominated & (status != Status.PUBLISHED))
    needed = np.where(small & (size > 0), WIDTH_MIN_PP + step, 0)
    for column in range(status.shape[1]):
        cells = sums.cells(block, column)
        near = (block.rows @ sums.answers[:, column] >= block.threshold) & (
            find_ends(cells.mean, cells.room) != 0
        )
        open_pp = np.where(cells.grid > 0, step[:, column], END_WIDTH_MIN_PP)
        needed[:, column] = np.maximum(needed[:, column], np.where(near, open_pp, 0))
    return needed


def _choose(
    block: Block, cells: Cells, published: np.ndarray, narrow: np.ndarray, needed: np.ndarray
) -> np.ndarray:
    """The least missed published figure of those that bound each narrow group; groups that share one go together.

    Which it is does not depend on what was answered. Returns a bool array (groups,).
    """
    live = cells.rows & (cells.answers > 0)
    people = np.bincount(block.atom_of, minlength=len(block.atoms)) * (cells.answers > 0)
    size, dropped = cells.rows @ people, np.zeros(len(live), bool)
    low, high = cells.limits(narrow)
    for group, own_width in zip(narrow.tolist(), (high - low).tolist(), strict=True):
        same = (live == live[group]).all(axis=1)
        if published[group] and own_width < needed[group] - TOLERANCE_PP:
            dropped |= same
            continue
        others = np.flatnonzero(published & ~same)
        cover = others[find_cover(cells.rows[others], people, live[group])]
        touching = others[(live[others] & live[group]).any(axis=1)]
        involved = cover if len(cover) else touching
        if len(involved) and not dropped[involved].any():
            least = min(involved.tolist(), key=lambda g: (block.worth[g], size[g], g))
            dropped |= (live == live[least]).all(axis=1)
    return dropped if (dropped & published).any() else published  # cannot be: leave nothing to chance


def _find_doubtful(
    block: Block, sums: Sums, published: np.ndarray, needed: np.ndarray, columns: np.ndarray
) -> dict[int, np.ndarray]:
    """Column -> groups that are not found wide at once."""
    alike: dict[bytes, list[int]] = {}
    for column in columns.tolist():
        live = sums.weight[:, column] > 0
        alike.setdefault(published[:, column].tobytes() + live.tobytes(), []).append(column)
    doubtful: dict[int, np.ndarray] = {}
    for together in alike.values():
        shown, live = published[:, together[0]], sums.weight[:, together[0]] > 0
        weight, total = sums.weight[live][:, together], sums.total[live][:, together]
        found = _screen(block.rows[:, live], shown, needed[:, together], weight, total)
        doubtful |= {column: groups for column, groups in zip(together, found, strict=True) if len(groups)}
    return doubtful


def _find_narrow(
    block: Block, sums: Sums, published: np.ndarray, needed: np.ndarray, doubtful: dict[int, np.ndarray]
) -> dict[int, np.ndarray]:
    """Column -> those of its doubtful groups that are narrow, in order."""
    asked: list[int] = []
    questions: list[Question] = []
    for column, groups in doubtful.items():
        own = _ask(sums.cells(block, column), published[:, column], groups, needed[:, column])
        questions += own
        asked += [column] * len(own)
    narrow: dict[int, list[int]] = {}
    for column, question, bounds in zip(asked, questions, bound_means(questions), strict=True):
        too_little = bounds.width < needed[question.groups, column] - TOLERANCE_PP
        if question.published.any():
            narrow.setdefault(column, []).extend(question.groups[too_little].tolist())
    return {column: np.array(sorted(groups)) for column, groups in narrow.items() if groups}


def _ask(cells: Cells, shown: np.ndarray, groups: np.ndarray, needed: np.ndarray) -> list[Question]:
    """Questions about a column's doubtful groups: small ones as if all means were told, larger ones with their rooms.

    Whether a small group is narrow must not depend on who else is near an end: with rooms, a figure that is withheld
    would tell that some other is not in its room.
    """
    small = cells.rows[groups] @ cells.answers <= cells.few
    both = [(groups[small], False), (groups[~small], True)]
    return [Question(cells, shown, own, rooms, needed[own] > 100) for own, rooms in both if len(own)]


def _screen(
    rows: np.ndarray, shown: np.ndarray, needed: np.ndarray, weight: np.ndarray, total: np.ndarray
) -> list[np.ndarray]:
    """Groups of each column whose width the screen cannot prove; all columns show the same groups and atoms.

    From sums s that agree with everything published, walk along directions d that change no published sum, as
    far as 0 <= s <= 100·w allows: the target's mean moves by λ·(t·d). Where the steps of both ways together
    span enough, the true range does too.
    """
    targets = np.flatnonzero((needed > 0).any(axis=1))
    known = rows[shown].astype(float)
    basis = row_basis(known)
    capacity = 100 * weight.T
    start = find_centre(total.T, capacity, basis)
    indicator = rows[targets].astype(float)
    doubtful = needed[targets].T > 0
    for column in range(len(capacity)):
        at = np.flatnonzero(doubtful[column])
        width = walk(start[column], capacity[column], known, indicator[at])
        doubtful[column, at[width >= needed[targets[at], column]]] = False
    return [targets[d] for d in doubtful]

"""Disclosure control: which figures of an organisation may be published (method 5).

Decided from counts alone, before anything is estimated, so that no published figure is built on a
suppressed one. Suppression runs to a fixed point: as long as the sum of a suppressed group, or of any
union of atoms with fewer answers than the threshold, can be worked out from what is published, the
least missed of the figures involved is suppressed too.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

from dimios_core.published.status import Status
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.scoring.groups import Block

#: largest share of the weights that one respondent may carry
DOMINANCE_SHARE_MAX = 0.25
#: how many recoverable unions are dealt with before looking again
UNIONS_A_ROUND = 50


def suppress(
    rows: np.ndarray, counts: np.ndarray, published: np.ndarray, worth: np.ndarray, threshold: int
) -> np.ndarray:
    """Suppress further groups until nothing below the threshold can be worked out.

    Parameters
    ----------
    rows : bool array (groups, atoms)
    counts : int array (atoms,)
        Answers (or non-answerers) in each atom.
    published : bool array (groups,)
        What the threshold alone would let through.
    worth : float array (groups,)
        What a reader would miss most is dropped last; ties drop the group with fewest answers.
    threshold : int

    Returns
    -------
    bool array (groups,)
        What may be published; always a subset of `published`.
    """
    published = published.copy()
    live = counts > 0
    group_count = rows @ counts
    while True:
        space = RowSpace(rows[published], counts)
        unions = list(islice(space.small_unions(threshold), UNIONS_A_ROUND))
        if not unions:
            hidden = rows[~published & (group_count > 0)] & live
            unions = list(hidden[space.contains(hidden)])
        if not unions:
            return published
        standing = np.flatnonzero(published)
        dropped: set[int] = set()
        for union in unions:
            involved = set(standing[np.abs(space.combination(union)) > 1e-6].tolist())
            if not involved & dropped:
                dropped.add(min(involved, key=lambda g: (worth[g], group_count[g], g)))
        published[list(dropped)] = False


def decide_pattern(
    block: Block,
    answered: np.ndarray,
    asked: np.ndarray,
    dominated: np.ndarray,
    items_of: dict[int, list[int]],
) -> np.ndarray:
    """Decide the status of every group and column of one organisation and period.

    Parameters
    ----------
    block : Block
    answered : int array (atoms, columns)
        Answers r behind each column.
    asked : int array (atoms, columns)
        Answers and "don't know" together: the base of don't-know shares, which follow the same pattern.
    dominated : bool array (groups, columns)
        One respondent carries more than a quarter of the weight.
    items_of : dict
        Column of a point -> columns of its items, where they have columns of their own. The items of a
        point are published all or none, and only with the point (the last would follow from the others).

    Returns
    -------
    int array (groups, columns) of `Status`
    """
    people = np.bincount(block.atom_of, minlength=len(block.atoms))
    group_people = block.rows @ people
    cell_answered = block.rows @ answered
    status = np.full(cell_answered.shape, Status.PUBLISHED, int)
    status[cell_answered < block.threshold] = Status.SUPPRESSED_SMALL
    status[cell_answered == 0] = Status.NO_ANSWERS
    status[(status == Status.PUBLISHED) & dominated] = Status.SUPPRESSED_COMPLEMENT
    status[group_people < block.threshold] = Status.SUPPRESSED_SMALL
    status[group_people == 0] = Status.NO_ANSWERS

    large = group_people >= block.threshold
    kept = suppress(block.rows, people, large, block.worth, block.threshold)
    _lower(status, (large & ~kept)[:, None] & np.ones(status.shape[1], bool))
    settled: dict[bytes, np.ndarray] = {}
    for column in range(status.shape[1]):
        published = status[:, column] == Status.PUBLISHED
        bases = (answered[:, column], asked[:, column])
        key = published.tobytes() + bases[0].tobytes() + bases[1].tobytes()
        if key not in settled:
            settled[key] = suppress_jointly(block, bases, published)
        _lower(status[:, column], published & ~settled[key])
    for point, items in items_of.items():
        together = (status[:, [point, *items]] == Status.PUBLISHED).all(axis=1)
        for column in items:
            _lower(status[:, column], ~together)
    return status


def suppress_jointly(block: Block, bases: tuple[np.ndarray, ...], published: np.ndarray) -> np.ndarray:
    """Suppress until one pattern holds for scores and for don't-know shares alike.

    Parameters
    ----------
    bases : int arrays (atoms,)
        Answers, and answers with "don't know", of one column.
    published : bool array (groups,)

    Returns
    -------
    bool array (groups,)
        A subset of `published`.
    """
    while True:
        before = published
        for counts in bases:
            published = suppress(block.rows, counts, published, block.worth, block.threshold)
        if (published == before).all():
            return published


def _lower(status: np.ndarray, where: np.ndarray) -> None:
    status[where & (status == Status.PUBLISHED)] = Status.SUPPRESSED_COMPLEMENT

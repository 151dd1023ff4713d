"""Disclosure control: which figures of an organisation may be published (method 5).

Decided from counts alone, before anything is estimated, so that no published figure is built on a
suppressed one. Suppression runs to a fixed point: as long as the sum of a suppressed group, or of any
union of atoms with fewer answers than the threshold, can be worked out from what is published, the
least missed of the figures involved is suppressed too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dimios_core.published.status import Status
from dimios_core.results.disclosure.adding_back import add_back
from dimios_core.results.disclosure.leaks import Leaks
from dimios_core.results.scoring.groups import Block

#: largest share of the weights that one respondent may carry
DOMINANCE_SHARE_MAX = 0.25


def suppress(
    rows: np.ndarray,
    counts: np.ndarray,
    published: np.ndarray,
    worth: np.ndarray,
    threshold: int,
    *,
    size: np.ndarray | None = None,
    protected: np.ndarray | None = None,
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
        What a reader would miss most is dropped last.
    threshold : int
    size : int array (groups,), optional
        Ties drop the smallest group; default the groups' counts.
    protected : bool array (groups,), optional
        Withheld groups that must not be worked out though they hold the threshold. A withheld group that is
        none of them may be: nothing is disclosed where that many answered.

    Returns
    -------
    bool array (groups,)
        What may be published; always a subset of `published`.
    """
    published = published.copy()
    leaks = Leaks(rows, counts, threshold, protected)
    least_first = np.lexsort((rows @ counts if size is None else size, worth))
    while leaking := leaks.find(published):
        standing, dropped = published.copy(), np.zeros(len(published), bool)
        involved = np.zeros(len(published), bool)
        for union in leaking:
            involved[standing] = union
            if not (involved & dropped).any():
                dropped[least_first[involved[least_first].argmax()]] = True
        published &= ~dropped
    return published


@dataclass(frozen=True)
class Pattern:
    """What may be published of one organisation and period, int arrays (groups, columns) of `Status`.

    Attributes
    ----------
    scores : decided on counts of answers
    dont_know : decided on counts of answers and "don't know" together, the base of don't-know shares
    """

    scores: np.ndarray
    dont_know: np.ndarray


def decide_pattern(
    block: Block,
    answered: np.ndarray,
    asked: np.ndarray,
    dominated: tuple[np.ndarray, np.ndarray],
    items_of: Mapping[int, Sequence[int]],
    category_weight: np.ndarray | None = None,
) -> Pattern:
    """Decide the status of every group and column of one organisation and period.

    Parameters
    ----------
    block : Block
    answered : int array (atoms, columns)
        Answers r behind each column.
    asked : int array (atoms, columns)
        Answers and "don't know" together.
    dominated : two bool arrays (groups, columns)
        One respondent carries more than a quarter of the weight of those who answered, and of those asked.
    items_of : mapping
        Column of a point -> columns of its items, where they have columns of their own. The items of a
        point are published all or none, and only with the point (the last would follow from the others).
    category_weight : float array (points, categories), optional
        Weight of each point in its category, 0 elsewhere: figures that complete a category are added back first.

    Returns
    -------
    Pattern
        `no_answers` where nobody was asked. Where answers are few because many said "don't know", their
        share is told and the score is `suppressed_small`. `suppressed_dominated` where one respondent weighs too much.

    Notes
    -----
    Nothing here depends on what was answered, nor on which column it was beyond its counts.
    """
    people = np.bincount(block.atom_of, minlength=len(block.atoms))
    group_people = block.rows @ people
    large = group_people >= block.threshold
    withheld = large & ~suppress(block.rows, people, large, block.worth, block.threshold)
    nobody = block.rows @ asked == 0
    categories = np.zeros((nobody.shape[1], 0)) if category_weight is None else category_weight
    patterns = []
    for counts, heavy, above in zip(
        (answered, asked), dominated, (categories, categories[:, :0]), strict=True
    ):
        status = np.full(nobody.shape, Status.PUBLISHED, int)
        status[block.rows @ counts < block.threshold] = Status.SUPPRESSED_SMALL
        heavy = heavy & (status == Status.PUBLISHED)
        status[heavy] = Status.SUPPRESSED_DOMINATED
        status[nobody] = Status.NO_ANSWERS
        status[~large] = Status.SUPPRESSED_SMALL
        status[group_people == 0] = Status.NO_ANSWERS
        _lower(status, withheld[:, None] & np.ones(status.shape[1], bool))
        _suppress_columns(block, counts, status, heavy, group_people)
        tie_items(status, items_of)
        patterns.append(add_back(block, counts, status, heavy, items_of, above, group_people))
    return Pattern(*patterns)


def _suppress_columns(
    block: Block, counts: np.ndarray, status: np.ndarray, dominated: np.ndarray, size: np.ndarray
) -> None:
    """Lower the status of groups whose figures would give small ones away, column by column."""
    settled: dict[bytes, np.ndarray] = {}
    few = np.minimum(counts, block.threshold)  # the threshold or more is all the same
    for column in range(status.shape[1]):
        published, guarded = status[:, column] == Status.PUBLISHED, dominated[:, column]
        key = published.tobytes() + guarded.tobytes() + few[:, column].tobytes()
        if key not in settled:
            settled[key] = suppress(
                block.rows,
                few[:, column],
                published,
                block.worth,
                block.threshold,
                size=size,
                protected=guarded,
            )
        _lower(status[:, column], published & ~settled[key])


def tie_items(status: np.ndarray, items_of: Mapping[int, Sequence[int]]) -> None:
    """Lower the status of the items of a point, in place, where not all of them and the point are published."""
    for point, items in items_of.items():
        together = (status[:, [point, *items]] == Status.PUBLISHED).all(axis=1)
        for column in items:
            _lower(status[:, column], ~together)


def _lower(status: np.ndarray, where: np.ndarray) -> None:
    status[where & (status == Status.PUBLISHED)] = Status.SUPPRESSED_COMPLEMENT

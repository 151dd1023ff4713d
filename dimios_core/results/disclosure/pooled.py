"""What follows from several publications together: figures about few owners, by any combination (method 5).

Several versions of a table are one table, over *records*: an owner's contribution, and how it changed. Every published
figure of every version is a 0/1 row over them. What a reader can work out is the row space of all rows; a vector of it
with fewer than `threshold` owners tells something about these few, whatever its coefficients. Owners are people where
figures are of an organisation's groups, and organisations where they are means of organisations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

import numpy as np

from dimios_core.results.disclosure.recoverable import collapse, list_subsets, row_basis

TOLERANCE = 1e-7
#: more sets of few owners than this are not gone through: the publication counts as unsafe
SETS_MAX = 200_000
#: determinants below this are looked at again
DETERMINANT_MIN = 1e-9


@dataclass(frozen=True)
class Few:
    """Something about few owners that follows from all rows, and from neither side's alone.

    Attributes
    ----------
    records : bool array (records,)
        Whom it is about.
    involved : int array
        Rows of the new side that it takes.
    """

    records: np.ndarray
    involved: np.ndarray


def find_few(
    before: np.ndarray,
    after: np.ndarray,
    owner: np.ndarray,
    threshold: int,
    at_most: int = 1,
    *,
    decided: bool = True,
) -> list[Few]:
    """Find what old and new rows together tell about one to threshold − 1 owners.

    Parameters
    ----------
    before, after : bool arrays (rows, records)
        Rows of everything published before, and of what would be published now.
    owner : int array (records,)
        Whose record it is; one owner may have several, as answers change.
    threshold : int
    at_most : int, optional
        Stop after so many.
    decided : bool, optional
        What the new rows tell by themselves is decided elsewhere; else it counts, too.

    Returns
    -------
    list of Few
        Empty if every such vector is a sum of such vectors of the old rows and of the new ones, each by themselves:
        what a single publication may tell is decided elsewhere. Where there are too many sets of owners to go
        through, one that is about everybody.

    Notes
    -----
    Records that all rows treat alike form a class; a class of enough owners has no part in what is looked for.
    Vectors that vanish on all large classes form the space W; of a set T of small classes, W holds a vector within T if
    and only if the rows of T in a basis of W's null space are linearly dependent.
    """
    space = _Small.of(before, after, owner, threshold, decided)
    if space is None:
        return []
    sets = _list_sets(space.owners, threshold)
    if sets is None:
        return [Few(np.isin(space.class_of, space.at), space.new_rows)]
    found: list[Few] = []
    for chosen in space.dependent_sets(sets):
        if (few := space.judge(chosen)) is not None:
            found.append(few)
            if len(found) == at_most:
                break
    return found


def differs_by_few(before: np.ndarray, after: np.ndarray, owner: np.ndarray, threshold: int) -> bool:
    """Tell whether two rows over records differ by the records of one to threshold − 1 owners: the plainest case."""
    owners = len(np.unique(owner[before != after]))
    return 0 < owners < threshold


@dataclass(frozen=True)
class _Small:
    """The vectors of the row space that vanish on classes of many owners.

    Attributes
    ----------
    rows : float array (rows, classes)
        Old rows first; classes of all sizes.
    old_n : int
        How many of them were published before.
    at : int array (small classes,)
        The small classes that these vectors touch.
    null, null_before, null_after : float arrays (small classes, dimensions)
        Null space of these vectors over the small classes; of those that old rows give by themselves, and new rows.
    owners : list of frozenset
        Owners of each small class.
    class_of : int array (records,)
        −1 where no row sees the record.
    new_rows : int array
        Number, among the rows given, of each row that only the new side has.
    """

    rows: np.ndarray
    old_n: int
    at: np.ndarray
    null: np.ndarray
    null_before: np.ndarray
    null_after: np.ndarray
    owners: list[frozenset[int]]
    class_of: np.ndarray
    new_rows: np.ndarray

    @classmethod
    def of(
        cls, before: np.ndarray, after: np.ndarray, owner: np.ndarray, threshold: int, decided: bool
    ) -> _Small | None:
        """Lay the rows out over classes; None where nothing can follow that one side does not tell alone."""
        known = {row.tobytes() for row in before}
        is_new = np.array([row.tobytes() not in known for row in after], bool)
        if not is_new.any() or (decided and not len(before)):
            return None
        both = np.vstack([np.unique(before, axis=0), after[is_new]])
        old_n = len(both) - int(is_new.sum())
        seen = both.any(axis=0)
        first, inverse = collapse(both[:, seen])
        classes = both[:, seen][:, first]
        class_of = np.full(len(owner), -1)
        class_of[seen] = inverse
        pairs = np.unique(np.stack([inverse, owner[seen]]), axis=1)
        owners_n = np.bincount(pairs[0], minlength=classes.shape[1])
        rows, large = classes.astype(float), owners_n >= threshold
        own = (after if decided else after[:0])[:, seen][:, first].astype(float)
        spaces = [_vanishing(r, large) for r in (rows, rows[:old_n], own)]
        ranks = [len(s) for s in spaces]
        if ranks[0] in ranks[1:]:  # the joint space is one side's own (0 included)
            return None
        at = np.flatnonzero(~large)
        at = at[(np.abs(spaces[0][:, at]) > TOLERANCE).any(axis=0)]
        owners = [frozenset(pairs[1][pairs[0] == c].tolist()) for c in at]
        null, *sides = (_null_space(s[:, at]) for s in spaces)
        return cls(rows, old_n, at, null, sides[0], sides[1], owners, class_of, np.flatnonzero(is_new))

    def dependent_sets(self, sets: dict[int, np.ndarray]) -> Iterator[np.ndarray]:
        """Those of the sets of small classes (by their size) that hold a vector; smallest first."""
        norm = np.linalg.norm(self.null, axis=1)
        scaled = self.null / np.where(norm > TOLERANCE, norm, np.inf)[:, None]
        draw = np.random.default_rng(len(self.at))
        for size in sorted(sets):
            some = sets[size]
            # sets that are dependent stay so in any projection; others, but for a chance of nothing, do not become so
            projected = scaled @ draw.standard_normal((scaled.shape[1], size))
            for start in range(0, len(some), 20_000):
                part = some[start : start + 20_000]
                near = np.abs(np.linalg.det(projected[part])) < DETERMINANT_MIN
                yield from part[near]

    def judge(self, chosen: np.ndarray) -> Few | None:
        """Tell what a set of small classes holds that neither side tells alone; None where there is nothing."""
        vectors = _left_null(self.null[chosen])
        if not len(vectors):
            return None
        alone = np.vstack([_left_null(n[chosen]) for n in (self.null_before, self.null_after)])
        basis = _row_basis(alone)
        rest = vectors - (vectors @ basis.T) @ basis
        size = np.abs(rest).max(axis=1)
        if size.max(initial=0) < TOLERANCE:
            return None
        vector = np.zeros(self.rows.shape[1])
        vector[self.at[chosen]] = vectors[int(size.argmax())]
        coefficient = np.linalg.lstsq(self.rows.T, vector, rcond=None)[0]
        involved = np.flatnonzero(np.abs(coefficient[self.old_n :]) > TOLERANCE)
        touched = np.flatnonzero(np.abs(vector) > TOLERANCE)
        return Few(np.isin(self.class_of, touched), self.new_rows[involved])


def _vanishing(rows: np.ndarray, large: np.ndarray) -> np.ndarray:
    """Basis of the row space's vectors that are 0 on large classes, orthonormal rows."""
    if not len(rows):
        return np.zeros((0, rows.shape[1]))
    vectors = _left_null(rows[:, large]) @ rows
    vectors[:, large] = 0
    return _row_basis(vectors)


def _row_basis(rows: np.ndarray) -> np.ndarray:
    """Orthonormal basis of the row space."""
    return row_basis(rows, TOLERANCE) if rows.size else np.zeros((0, rows.shape[1]))


def _null_space(rows: np.ndarray) -> np.ndarray:
    """Orthonormal basis of what is orthogonal to all rows, shape (columns, dimensions)."""
    if not rows.size:
        return np.eye(rows.shape[1])
    _, values, vt = np.linalg.svd(rows, full_matrices=True)
    rank = int((values > TOLERANCE * max(1.0, values.max(initial=0))).sum())
    return vt[rank:].T


def _left_null(rows: np.ndarray) -> np.ndarray:
    """Orthonormal rows v with v · rows = 0."""
    return _null_space(rows.T).T


def _list_sets(owners: list[frozenset[int]], threshold: int) -> dict[int, np.ndarray] | None:
    """Sets of classes with fewer than threshold owners together, by their size; None where there are too many.

    A set holds every class of its owners: an owner may have several.
    """
    sizes = np.array([len(o) for o in owners])
    apart = len(frozenset().union(*owners)) == sizes.sum()
    if not apart:
        return _grow_sets(owners, threshold)
    if sum(comb(len(owners), k) for k in range(1, min(threshold, len(owners) + 1))) > SETS_MAX:
        return None
    members = list_subsets(sizes, threshold, min(threshold - 1, len(owners)))
    filled = (members < len(owners)).sum(axis=1)
    return {int(k): members[filled == k][:, :k] for k in np.unique(filled) if k}


def _grow_sets(owners: list[frozenset[int]], threshold: int) -> dict[int, np.ndarray] | None:
    """The same where classes share owners."""
    found: set[tuple[int, ...]] = set()
    waiting = [(frozenset[int](), 0)]
    looked = set[frozenset[int]]()
    while waiting:
        held, first = waiting.pop()
        for i in range(first, len(owners)):
            together = held | owners[i]
            if len(together) >= threshold or together in looked:
                continue
            looked.add(together)
            found.add(tuple(j for j, o in enumerate(owners) if o <= together))
            waiting.append((together, 0))
            if len(looked) > SETS_MAX // 10:
                return None
    by_size: dict[int, list[tuple[int, ...]]] = {}
    for one in found:
        by_size.setdefault(len(one), []).append(one)
    return {size: np.array(sorted(some), int) for size, some in by_size.items()}

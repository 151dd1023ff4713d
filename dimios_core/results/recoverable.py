"""What can be worked out from published sums: the row-space check (method 5).

Every published figure is a linear row over the sums of *atoms*. The sum of a union of atoms can be
worked out exactly if and only if its indicator lies in the row space of what is published
(Hundepool et al. 2012, ch. 4). Atoms that every published row treats alike can never be told apart,
so they are first collapsed into *classes*; a recoverable union is a union of classes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

TOLERANCE = 1e-8


class RowSpace:
    """The row space of a set of published groups.

    Parameters
    ----------
    rows : bool array (published groups, atoms)
    counts : int array (atoms,)
        Answers behind each atom. Atoms without answers have a known sum, zero, and drop out.
    """

    def __init__(self, rows: np.ndarray, counts: np.ndarray) -> None:
        self._seen = (counts > 0) & rows.any(axis=0)
        self._empty = counts == 0
        first, inverse = _collapse(rows[:, self._seen])
        #: class of each seen atom
        self._class_of = inverse
        #: published groups × classes
        self.by_class = rows[:, self._seen][:, first].astype(float)
        #: answers in each class
        self.class_count = np.bincount(inverse, counts[self._seen], minlength=len(first))
        self._null: np.ndarray | None = None

    @property
    def null(self) -> np.ndarray:
        """Basis of the null space, shape (classes, dimensions); a union is recoverable iff its rows sum to 0."""
        if self._null is None:
            _, s, vt = np.linalg.svd(self.by_class, full_matrices=True)
            rank = int((s > TOLERANCE * max(1.0, s.max(initial=0))).sum())
            self._null = vt[rank:].T
        return self._null

    def _over_classes(self, unions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Unions over classes, and which of them are made of whole, seen classes; `unions` is (unions, atoms)."""
        counted = unions & ~self._empty
        whole = ~(counted & ~self._seen).any(axis=1)
        one_hot = self._class_of[:, None] == np.arange(len(self.class_count))
        inside = counted[:, self._seen].astype(float) @ one_hot
        whole &= ((inside == 0) | (inside == one_hot.sum(axis=0))).all(axis=1)
        return inside > 0, whole

    def contains(self, unions: np.ndarray) -> np.ndarray:
        """Tell of each union (bool array (unions, atoms)) whether its sum can be worked out exactly."""
        classes, whole = self._over_classes(unions)
        if not whole.any():
            return whole
        return whole & (np.abs(classes.astype(float) @ self.null).max(axis=1, initial=0) < TOLERANCE)

    def combination(self, union: np.ndarray) -> np.ndarray:
        """Return coefficients c over the published groups with Σ c·row = union (which must be contained)."""
        classes, _ = self._over_classes(union[None, :])
        return np.linalg.lstsq(self.by_class.T, classes[0].astype(float), rcond=None)[0]

    def class_maximum(self, values: np.ndarray) -> np.ndarray:
        """Largest value of an array over atoms within each class, shape (classes,)."""
        largest = np.zeros(len(self.class_count), values.dtype)
        np.maximum.at(largest, self._class_of, values[self._seen])
        return largest

    def small_unions(self, threshold: int, lower: np.ndarray | None = None) -> Iterator[np.ndarray]:
        """Yield recoverable unions of classes with more than zero and fewer than `threshold` answers.

        Parameters
        ----------
        lower : int array (classes,), optional
            Smallest number of answers a class may have, where the exact count is not known.

        Notes
        -----
        Each class holds at least one answer, so a union has at most threshold − 1 of them, each small
        itself. Classes that can be worked out alone come first; of the others, unions are put together
        from two halves whose null-space rows cancel, found by sorting one random projection and then
        confirmed in full.
        """
        count = self.class_count if lower is None else lower
        small = np.flatnonzero(count < threshold)
        if not len(small):
            return
        alone = np.abs(self.null[small]).max(axis=1, initial=0) < TOLERANCE
        for one in small[alone]:
            yield self._atoms(np.array([one]))
        small = small[~alone]
        members = _subsets(count[small], threshold, half=threshold // 2)
        direction = np.random.default_rng(self.null.shape[1]).standard_normal(self.null.shape[1])
        projected = np.r_[self.null[small] @ direction, 0.0]  # the last stands for "no further member"
        total = projected[members].sum(axis=1)
        order = np.argsort(total, kind="stable")
        lo, hi = np.searchsorted(total[order], [-total - TOLERANCE, -total + TOLERANCE])
        yielded: set[tuple[int, ...]] = set()
        for i in np.flatnonzero(hi > lo):
            for j in order[lo[i] : hi[i]]:
                union = tuple(sorted({*members[i].tolist(), *members[j].tolist()} - {len(small)}))
                if not union or union in yielded or count[small[list(union)]].sum() >= threshold:
                    continue
                yielded.add(union)
                classes = small[list(union)]
                if np.abs(self.null[classes].sum(axis=0)).max(initial=0) < TOLERANCE:
                    yield self._atoms(classes)

    def _atoms(self, classes: np.ndarray) -> np.ndarray:
        union = np.zeros(len(self._seen), bool)
        union[np.flatnonzero(self._seen)[np.isin(self._class_of, classes)]] = True
        return union


def _collapse(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First atom of each distinct column of `rows`, and the class of every atom."""
    if rows.shape[1] == 0:
        return np.zeros(0, int), np.zeros(0, int)
    packed = np.ascontiguousarray(np.packbits(rows, axis=0).T)
    _, first, inverse = np.unique(
        packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    return first, inverse


def _subsets(count: np.ndarray, threshold: int, half: int) -> np.ndarray:
    """List the subsets of up to `half` classes with fewer than `threshold` answers together.

    Returns an int array (subsets, half), padded with len(count), which stands for nobody.
    """
    nobody = len(count)
    members = np.full((1, max(half, 1)), nobody)
    answers, last = np.zeros(1, int), np.array([-1])
    found = [members]
    for size in range(half):
        room = nobody - 1 - last
        grown = np.repeat(np.arange(len(members)), room)
        following = np.arange(room.sum()) - np.repeat(np.cumsum(room) - room, room) + last[grown] + 1
        kept = answers[grown] + count[following] < threshold
        grown, following = grown[kept], following[kept]
        members, answers, last = members[grown], answers[grown] + count[following], following
        members[:, size] = following
        found.append(members)
    return np.vstack(found)

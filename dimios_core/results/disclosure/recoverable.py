"""What can be worked out from published sums: the row-space check (method 5).

Every published figure is a linear row over the sums of *atoms*. The sum of a union of atoms can be
worked out exactly if and only if its indicator lies in the row space of what is published
(Hundepool et al. 2012, ch. 4). Atoms that every published row treats alike can never be told apart,
so they are first collapsed into *classes*; a recoverable union is a union of classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from math import comb

import numpy as np
from scipy import optimize

TOLERANCE = 1e-8
#: a direction shorter than this is none
BASIS_TOLERANCE = 1e-9
#: more subsets than this are searched by integer programming instead of being listed
SUBSETS_MAX = 20_000
#: pairs of half unions that are looked at together: enough to make arrays long, few enough to stop early
PAIRS_AT_A_TIME = 4096
#: decompositions, and lists of subsets, that are remembered
FACTORS_KEPT = 64
SUBSETS_KEPT = 256
LISTS_KEPT = 64
#: unions that are remembered of one question; where the threshold is four or more, some sixty megabytes at most in all
UNIONS_KEPT = 5_000


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
        first, inverse = collapse(rows[:, self._seen])
        #: class of each seen atom
        self._class_of = inverse
        #: published groups × classes
        self.by_class = rows[:, self._seen][:, first].astype(float)
        #: answers in each class
        self.class_count = np.bincount(inverse, counts[self._seen], minlength=len(first))
        self._one_hot = inverse[:, None] == np.arange(len(first))

    @cached_property
    def null(self) -> np.ndarray:
        """Basis of the null space, shape (classes, dimensions); a union is recoverable iff its rows sum to 0."""
        return null_basis(self.by_class)

    def _over_classes(self, unions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Unions over classes, and which of them are made of whole, seen classes; `unions` is (unions, atoms)."""
        counted = unions & ~self._empty
        whole = ~(counted & ~self._seen).any(axis=1)
        inside = counted[:, self._seen].astype(float) @ self._one_hot
        whole &= ((inside == 0) | (inside == self._one_hot.sum(axis=0))).all(axis=1)
        return inside > 0, whole

    def contains(self, unions: np.ndarray) -> np.ndarray:
        """Tell of each union (bool array (unions, atoms)) whether its sum can be worked out exactly."""
        classes, whole = self._over_classes(unions)
        if not whole.any():
            return whole
        return whole & (np.abs(classes.astype(float) @ self.null).max(axis=1, initial=0) < TOLERANCE)

    def combination(self, union: np.ndarray) -> np.ndarray:
        """Return coefficients c over the published groups with Σ c·row = union (which must be contained)."""
        return self.combinations(union[None, :])[:, 0]

    def combinations(self, unions: np.ndarray) -> np.ndarray:
        """Return `combination` of several unions, bool array (unions, atoms), as an array (published groups, unions).

        They are the shortest ones. With rows A and null space N they are A·(AᵀA + NNᵀ)⁻¹·union, as unions are orthogonal to N.
        """
        classes, _ = self._over_classes(unions)
        whole = self.by_class.T @ self.by_class + self.null @ self.null.T
        return self.by_class @ np.linalg.solve(whole, classes.T.astype(float))

    def class_maximum(self, values: np.ndarray) -> np.ndarray:
        """Largest value of an array over atoms within each class, shape (classes,)."""
        largest = np.zeros(len(self.class_count), values.dtype)
        np.maximum.at(largest, self._class_of, values[self._seen])
        return largest

    def lone_classes(self) -> list[np.ndarray]:
        """List the classes whose sum can be worked out alone, as bool arrays (atoms,)."""
        alone = np.abs(self.null).max(axis=1, initial=0) < TOLERANCE
        return [self._atoms(np.array([one])) for one in np.flatnonzero(alone)]

    def small_unions(
        self, threshold: int, lower: np.ndarray | None = None, group_n: np.ndarray | None = None
    ) -> Iterator[np.ndarray]:
        """Yield recoverable unions of classes with more than zero and fewer than `threshold` answers.

        Parameters
        ----------
        lower : int array (classes,), optional
            Smallest number of answers a class may have, where the exact count is not known. What is yielded
            may then hold more, or none: its count follows from `combination` and the groups' counts.
        group_n : int array (published groups,), optional
            Answers of the published groups; with `lower`, spares the integer search what holds too many.

        Notes
        -----
        Each class holds at least one answer, so a union has at most threshold − 1 of them, each small
        itself. Classes that can be worked out alone come first.
        """
        count = self.class_count if lower is None else lower
        small = np.flatnonzero(count < threshold)
        if not len(small):
            return
        alone = np.abs(self.null[small]).max(axis=1, initial=0) < TOLERANCE
        for one in small[alone]:
            yield self._atoms(np.array([one]))
        small = small[~alone]
        if is_searched(len(small), threshold):
            yield from self._search_small_unions(small, count[small], threshold, group_n)
            return
        for unions in find_cancelling(self.null[small], threshold):
            answers = unions @ count[small]
            for union in unions[(answers > 0) & (answers < threshold)]:
                yield self._atoms(small[union])

    def _search_small_unions(
        self, small: np.ndarray, count: np.ndarray, threshold: int, group_n: np.ndarray | None
    ) -> Iterator[np.ndarray]:
        """Find the same unions by integer programming, smallest first, where there are too many subsets to list.

        Indicators x over the small classes and coefficients c over the published groups with x = Σ c·row and
        0 < Σ count·x < threshold; each union found is excluded before the next is looked for.
        """
        rows_n, small_n = len(self.by_class), len(small)
        select = np.zeros((self.by_class.shape[1], small_n))
        select[small, np.arange(small_n)] = 1
        tie = optimize.LinearConstraint(np.hstack([select, -self.by_class.T]), 0, 0)
        size = np.concatenate([count, np.zeros(rows_n)])
        limits = [tie, optimize.LinearConstraint(size[None, :], 1, threshold - 1)]
        if group_n is not None:
            implied = np.concatenate([np.zeros(small_n), group_n])
            limits.append(optimize.LinearConstraint(implied[None, :], 1, threshold - 1))
        bounds = optimize.Bounds(
            np.r_[np.zeros(small_n), np.full(rows_n, -np.inf)],
            np.r_[np.ones(small_n), np.full(rows_n, np.inf)],
        )
        integral = np.r_[np.ones(small_n), np.zeros(rows_n)]
        while True:
            found = optimize.milp(size, constraints=limits, bounds=bounds, integrality=integral)
            if found.x is None:
                return
            chosen = found.x[:small_n] > 0.5
            if np.abs(self.null[small[chosen]].sum(axis=0)).max(initial=0) < TOLERANCE:
                yield self._atoms(small[chosen])
            exclude = np.concatenate([np.where(chosen, 1.0, -1.0), np.zeros(rows_n)])
            limits.append(optimize.LinearConstraint(exclude[None, :], -np.inf, chosen.sum() - 1))

    def _atoms(self, classes: np.ndarray) -> np.ndarray:
        union = np.zeros(len(self._seen), bool)
        union[self._seen] = self._one_hot[:, classes].any(axis=1)
        return union


def is_searched(classes_n: int, threshold: int) -> bool:
    """Tell whether so many classes have too many subsets to list: by `group_n`, `small_unions` leaves out some of them then."""
    return sum(comb(classes_n, k) for k in range(threshold // 2 + 1)) > SUBSETS_MAX


def find_cancelling(null: np.ndarray, threshold: int) -> Iterator[np.ndarray]:
    """Yield the unions of fewer than `threshold` classes whose rows of the null space sum to 0, each once.

    Unions are put together from two halves whose rows cancel, found by sorting one random projection and then confirmed
    in full. The columns of one organisation often ask the same: what is found is remembered, where it is not very much.

    Parameters
    ----------
    null : float array (classes, dimensions)

    Yields
    ------
    bool array (unions, classes)
        Without the empty one; some of `threshold` classes may be among them. Not to be changed.
    """
    known = _list_cancelling(null.tobytes(), null.shape, threshold)
    yield from _search_cancelling(null, threshold) if known is None else known


@lru_cache(maxsize=LISTS_KEPT)
def _list_cancelling(rows: bytes, shape: tuple[int, int], threshold: int) -> list[np.ndarray] | None:
    """List all of `find_cancelling`; None: too many to keep."""
    found, unions_n = [], 0
    for unions in _search_cancelling(np.frombuffer(rows).reshape(shape), threshold):
        unions.flags.writeable = False
        found.append(unions)
        unions_n += len(unions)
        if unions_n > UNIONS_KEPT:
            return None
    return found


def _search_cancelling(null: np.ndarray, threshold: int) -> Iterator[np.ndarray]:
    classes_n = len(null)
    members = list_subsets(np.ones(classes_n, int), threshold, half=threshold // 2)
    direction = np.random.default_rng(null.shape[1]).standard_normal(null.shape[1])
    total = np.r_[null @ direction, 0.0][members].sum(axis=1)  # the last stands for "no further member"
    order = np.argsort(total, kind="stable")
    lo, hi = np.searchsorted(total[order], [-total - TOLERANCE, -total + TOLERANCE])
    yielded: set[bytes] = set()
    for i, j in _pairs(order, lo, hi):
        unions = np.zeros((len(i), classes_n + 1), bool)
        unions[np.arange(len(i))[:, None], np.hstack([members[i], members[j]])] = True
        unions = unions[:, :-1]
        cancels = np.abs(unions.astype(float) @ null).max(axis=1, initial=0) < TOLERANCE
        found = {u.tobytes(): u for u in unions[cancels & unions.any(axis=1)]}
        new = [union for told, union in found.items() if told not in yielded]
        yielded.update(found)
        yield np.array(new, bool).reshape(len(new), classes_n)


def _pairs(order: np.ndarray, lo: np.ndarray, hi: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (i, j) for every i and every j ≥ i in order[lo[i]:hi[i]], some thousands at a time; (j, i) is the same."""
    width = np.maximum(hi - lo, 0)
    end = np.cumsum(width)
    for start in range(0, int(end[-1]), PAIRS_AT_A_TIME):
        at = np.arange(start, min(start + PAIRS_AT_A_TIME, int(end[-1])))
        i = np.searchsorted(end, at, side="right")
        j = order[lo[i] + at - (end - width)[i]]
        yield i[j >= i], j[j >= i]


def null_basis(groups: np.ndarray) -> np.ndarray:
    """Return an orthonormal basis of what rows of zeros and ones (float) leave open, shape (columns, dimensions).

    What a row tells of one column alone is known; without it, rows tell others alone. Only what is left then is decomposed.
    """
    unknown = np.ones(groups.shape[1], bool)
    while (alone := groups @ unknown == 1).any():
        unknown &= ~groups[alone].any(axis=0)
    left = groups[:, unknown] > 0
    left = left[left.any(axis=1)]
    open_ = _null_space(left.tobytes(), left.shape)
    null = np.zeros((len(unknown), open_.shape[1]))
    null[unknown] = open_
    return null


@lru_cache(maxsize=FACTORS_KEPT)
def _null_space(rows: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Null space of a 0/1 matrix, given as the bytes of its bools: the columns of one organisation often have the same."""
    groups = np.frombuffer(rows, bool).reshape(shape).astype(float)
    _, values, vt = np.linalg.svd(groups, full_matrices=True)
    null = vt[(values > TOLERANCE * max(1.0, values.max(initial=0))).sum() :].T
    null.flags.writeable = False
    return null


def row_basis(rows: np.ndarray, tolerance: float = BASIS_TOLERANCE) -> np.ndarray:
    """Return an orthonormal basis of the row space, shape (dimensions, columns).

    Directions of a singular value below `tolerance`, as a share of the largest (or of 1), are none.
    """
    _, values, vt = np.linalg.svd(rows, full_matrices=False)
    return vt[values > tolerance * max(1.0, values.max(initial=0))]


def collapse(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first atom of each distinct column of `rows`, and the class of every atom."""
    if rows.shape[1] == 0:
        return np.zeros(0, int), np.zeros(0, int)
    packed = np.ascontiguousarray(np.packbits(rows, axis=0).T)
    _, first, inverse = np.unique(
        packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    return first, inverse


def list_subsets(count: np.ndarray, threshold: int, half: int) -> np.ndarray:
    """List the subsets of up to `half` classes with fewer than `threshold` answers together.

    Returns an int array (subsets, half), padded with len(count), which stands for nobody; not to be changed.
    """
    return _list_subsets(tuple(count.tolist()), threshold, half)


@lru_cache(maxsize=SUBSETS_KEPT)
def _list_subsets(counts: tuple[int, ...], threshold: int, half: int) -> np.ndarray:
    count = np.array(counts, int)
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
    subsets = np.vstack(found)
    subsets.flags.writeable = False
    return subsets

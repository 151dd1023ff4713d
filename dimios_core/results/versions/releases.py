"""Whether a new version of an organisation's answers may replace the one that was published (method 5).

Two versions of a mean give away what differs between them: twelve answers with mean 50.0, then thirteen with
mean 51.9, and the thirteenth is 75. A new version is released only if, in every published group and column
and in everything that can be worked out from both versions together, nobody or at least threshold respondents
were added, removed or changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dimios_core.published.status import Status
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.estimate import decide_status
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Block, UnitTree, build_block
from dimios_core.results.scoring.matrix import Respondents, build_respondents

#: what figures rest on: scores on answers, don't-know shares on answers and "don't know"
BASES = ("answers", "asked")


@dataclass(frozen=True)
class Version:
    """One organisation and period as it was, or would be, published.

    Attributes
    ----------
    respondents : Respondents
    tree : UnitTree
    block : Block
    shown : two bool arrays (groups, columns)
        What of it may be published: scores, and don't-know shares (in the order of `BASES`).
    """

    respondents: Respondents
    tree: UnitTree
    block: Block
    shown: tuple[np.ndarray, np.ndarray]


def build_version(
    table: pa.Table, strata_merge: dict[str, str], tree: UnitTree, threshold: int, columns: Columns
) -> Version | None:
    """Lay out response rows under a unit tree; None if the tree lacks a unit that somebody belongs to."""
    respondents = build_respondents(table, columns, 0, strata_merge, threshold)
    if not set(respondents.unit) <= {"", *tree.parent}:
        return None
    block = build_block("", "", threshold, tree, respondents.unit, respondents.role)
    pattern = decide_status(respondents, block, 0, columns)
    shown = pattern.scores == Status.PUBLISHED, pattern.dont_know == Status.PUBLISHED
    return Version(respondents, tree, block, shown)


def may_replace(old: Version, new: Version) -> bool:
    """Tell whether `new` may be published after `old`.

    Respondents are paired first by all they said and where they belong, then by pseudonym; somebody who moved
    between units or roles counts as removed there and added here.

    Notes
    -----
    Per column, unknown are the old sum u of every cross-classified atom (leaf and role in the old tree, leaf
    and role in the new), and the difference d that the respondents who differ make in it. The old version
    publishes rows over u, the new one rows over u + d; the row-space check then runs on all rows together, and
    finds what follows about few respondents who differ, and about few who do not but whose groups changed.
    """
    pairs = _pair(old, new)
    differing = [_differ(old.respondents, new.respondents, pairs, base) for base in BASES]
    if not any(d.any() for d in differing) and _same_layout(old, new):
        return True
    threshold = max(old.block.threshold, new.block.threshold)
    if not _counts_pass(old, new, pairs, differing, threshold):
        return False
    # an old sum and a difference may be worked out, or a new sum and a difference: both ways round
    return _is_safe_both(old, new, pairs, differing, threshold) and _is_safe_both(
        new, old, _Pairs(pairs.new, pairs.old), differing, threshold
    )


def _same_layout(old: Version, new: Version) -> bool:
    """Nobody moved, and the same groups are published of the same people."""
    return (
        old.tree.parent == new.tree.parent
        and old.block.atoms == new.block.atoms
        and all(map(np.array_equal, old.shown, new.shown))
    )


@dataclass(frozen=True)
class _Pairs:
    """Rows of respondents in the old and the new version; −1 where there is none."""

    old: np.ndarray
    new: np.ndarray


def _pair(old: Version, new: Version) -> _Pairs:
    a, b = old.respondents, new.respondents
    was, now = _records(a), _records(b)
    same = {(p, key): j for j, (p, key) in enumerate(zip(b.person, now, strict=True))}
    found = [(i, same.pop((p, key), -1)) for i, (p, key) in enumerate(zip(a.person, was, strict=True))]
    left: dict[tuple, list[int]] = {}
    for (_, key), j in same.items():
        left.setdefault(key, []).append(j)
    found = [(i, left[was[i]].pop() if j < 0 and left.get(was[i]) else j) for i, j in found]
    rest = [i for i, j in found if j < 0]
    found = [(i, j) for i, j in found if j >= 0]
    by_person = {(b.person[j], b.unit[j], b.role[j]): j for js in left.values() for j in js}
    found += [(i, by_person.pop((a.person[i], a.unit[i], a.role[i]), -1)) for i in rest]
    found += [(-1, j) for j in by_person.values()]
    ordered = np.array(sorted(found), int).reshape(-1, 2)
    return _Pairs(ordered[:, 0], ordered[:, 1])


def _records(people: Respondents) -> list[tuple]:
    """Everything that enters figures, respondent by respondent; pseudonyms do not."""
    return [
        (u, r, h, n, w, y.tobytes(), d.tobytes())
        for u, r, h, n, w, y, d in zip(
            people.unit, people.role, people.stratum, people.neighbour, people.weight,
            np.nan_to_num(people.score_pct, nan=-1.0), people.dont_know, strict=True,
        )
    ]  # fmt: skip


def _said(people: Respondents, base: str) -> np.ndarray:
    return people.answered if base == "answers" else people.answered | people.dont_know


def _differ(old: Respondents, new: Respondents, pairs: _Pairs, base: str) -> np.ndarray:
    """Which pairs make a difference in which column, bool array (pairs, columns)."""

    def weighed(people: Respondents, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        said = _said(people, base)
        value = people.score_pct if base == "answers" else people.dont_know.astype(float)
        weight = np.where(said, people.weight[:, None], 0.0)
        return _taken(np.where(said, value, -1.0), index, -1.0), _taken(weight, index, 0.0)

    (y1, w1), (y2, w2) = weighed(old, pairs.old), weighed(new, pairs.new)
    strata = _taken(old.stratum, pairs.old, "") != _taken(new.stratum, pairs.new, "")
    return (y1 != y2) | (w1 != w2) | (strata[:, None] & ((w1 > 0) | (w2 > 0)))


def _counts_pass(
    old: Version, new: Version, pairs: _Pairs, differing: list[np.ndarray], threshold: int
) -> bool:
    """In every group that both versions publish, nobody or enough differ (or came, or went)."""
    was = {key: g for g, key in enumerate(zip(old.block.unit, old.block.role, strict=True))}
    person = _persons(old, new, pairs)
    for g, key in enumerate(zip(new.block.unit, new.block.role, strict=True)):
        if key not in was:
            continue
        before, after = _inside(old.block, was[key], pairs.old), _inside(new.block, g, pairs.new)
        for base, differs, was_shown, is_shown in zip(BASES, differing, old.shown, new.shown, strict=True):
            both = was_shown[was[key]] & is_shown[g]
            said = _taken(_said(old.respondents, base), pairs.old, False)
            moved = (before != after)[:, None] & said  # the tree changed around them
            touched = ((differs & (before | after)[:, None]) | moved)[:, both]
            people = np.zeros((person.max(initial=-1) + 1, touched.shape[1]), bool)
            np.logical_or.at(people, person, touched)  # somebody who moved is one person, in two pairs
            count = people.sum(axis=0)
            if ((count > 0) & (count < threshold)).any():
                return False
    return True


def _persons(old: Version, new: Version, pairs: _Pairs) -> np.ndarray:
    """Number of the person behind each pair."""
    known = np.where(
        pairs.old >= 0,
        _taken(old.respondents.person, pairs.old, 0),
        _taken(new.respondents.person, pairs.new, 0),
    )
    return np.unique(known, return_inverse=True)[1]


def _taken(values: np.ndarray, index: np.ndarray, otherwise: object) -> np.ndarray:
    """Rows of `values`, and `otherwise` where the index is −1."""
    padded = np.concatenate([values, np.full((1, *values.shape[1:]), otherwise, values.dtype)])
    return padded[index]


def _inside(block: Block, group: int, index: np.ndarray) -> np.ndarray:
    return _taken(block.rows[group, block.atom_of], index, False)


def _is_safe_both(
    first: Version, second: Version, pairs: _Pairs, differing: list[np.ndarray], threshold: int
) -> bool:
    """The joint row-space check over the first version's sums and the differences to the second."""
    before = _taken(first.block.atom_of, pairs.old, -1)
    index = {atom: i for i, atom in enumerate(second.block.atoms)}
    after = _taken(second.block.atom_of, pairs.new, -1)
    for p in np.flatnonzero(pairs.new < 0):
        after[p] = _would_be(first.respondents, pairs.old[p], second, index)
    cells, cell = np.unique(np.stack([before, after], axis=1), axis=0, return_inverse=True)
    cell = cell.ravel()
    settled: dict[bytes, bool] = {}
    for base, differs, shown, later_shown in zip(BASES, differing, first.shown, second.shown, strict=True):
        said = _taken(_said(first.respondents, base), pairs.old, False)
        for column in range(differs.shape[1]):
            behind = [np.bincount(cell, x[:, column], len(cells)).astype(int) for x in (said, differs)]
            counts = np.concatenate(behind)
            rows = _spread(first.block.rows[shown[:, column]], cells[:, 0])
            later = _spread(second.block.rows[later_shown[:, column]], cells[:, 1])
            key = rows.tobytes() + later.tobytes() + counts.tobytes()
            if key not in settled:
                one, other = np.hstack([rows, np.zeros_like(rows)]), np.hstack([later, later])
                settled[key] = _is_safe(one, other, counts, threshold)
            if not settled[key]:
                return False
    return True


def _spread(rows: np.ndarray, atom: np.ndarray) -> np.ndarray:
    """Rows over atoms as rows over cross-classified atoms; −1 is in no group."""
    return np.hstack([rows, np.zeros((len(rows), 1), bool)])[:, atom]


def _would_be(people: Respondents, i: int, other: Version, index: dict[tuple[str, str], int]) -> int:
    """The other version's atom that somebody who is not in it would belong to; −1 where there is none."""
    unit = people.unit[i]
    if unit and unit not in other.tree.parent:
        return -1
    return index.get((other.tree.leaf_of(unit), people.role[i]), -1)


def _is_safe(one: np.ndarray, other: np.ndarray, counts: np.ndarray, threshold: int) -> bool:
    """Whether nothing about few follows from both versions' rows that does not follow from one of them alone."""
    half = len(counts) // 2
    alone = [RowSpace(rows, counts) for rows in (one, other)]
    for union in RowSpace(np.vstack([one, other]), counts).small_unions(threshold):
        if (union & (counts > 0))[half:].any():
            return False
        if not any(space.contains(union[None, :])[0] for space in alone):
            return False
    return True

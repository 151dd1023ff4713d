"""What two sides' rows tell together about few owners, against every set of owners tried by ranks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from dimios_core.results.disclosure.pooled import find_few


def rank(rows: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(rows, 1e-9)) if rows.size else 0


def vectors_within(rows: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Vectors of the row space that are 0 outside, as rows."""
    outside = rows[:, ~inside].astype(float)
    if not outside.shape[1]:
        return rows.astype(float)
    u, s, _ = np.linalg.svd(outside)
    return u[:, int((s > 1e-9).sum()) :].T @ rows


def tells(before: np.ndarray, after: np.ndarray, owner: np.ndarray, threshold: int) -> bool:
    """Whether few owners are told by both sides together: every set of owners, by ranks alone."""
    both = np.vstack([before, after])
    for k in range(1, threshold):
        for few in combinations(sorted(set(owner.tolist())), k):
            inside = np.isin(owner, few)
            own = [vectors_within(side, inside) for side in (before, after)]
            if rank(vectors_within(both, inside)) > rank(np.vstack(own)):
                return True
    return False


def test_five_more_then_without_them_and_with_one():
    # records: 30 who stay (one class), five of the second version, one of the third
    owner = np.arange(36)
    first, second = owner < 30, owner < 35
    third = (owner < 30) | (owner == 35)
    assert not find_few(first[None], second[None], owner, 5)
    assert not find_few(second[None], third[None], owner, 5)  # six differ
    (few,) = find_few(np.array([first, second]), third[None], owner, 5)
    assert np.flatnonzero(few.records).tolist() == [35]
    assert few.involved.tolist() == [0]


def test_a_change_counts_its_owner_once():
    # four people change, each in their own row as well: eight records, four owners
    owner = np.r_[np.arange(20), np.arange(4)]
    old = np.r_[np.ones(20, bool), np.zeros(4, bool)]
    new = np.ones(24, bool)
    assert find_few(old[None], new[None], owner, 5)
    assert not find_few(old[None], new[None], owner, 4)


def test_what_one_side_tells_alone_is_decided_elsewhere():
    rows = np.array([[1, 1, 0], [1, 0, 0]], bool)
    assert not find_few(rows[:1], rows, np.arange(3), 5)


@pytest.mark.parametrize("seed", range(200))
def test_random_versions_against_all_sets(seed):
    draw = np.random.default_rng(seed)
    records_n, threshold = int(draw.integers(5, 11)), int(draw.integers(2, 5))
    owner = np.arange(records_n)
    if seed % 2:
        owner[-2:] = owner[:2]  # two people changed their answer
    groups = draw.random((int(draw.integers(2, 6)), records_n)) < 0.6
    before = groups[draw.random(len(groups)) < 0.7]
    after = groups ^ (draw.random(groups.shape) < 0.08)
    if not len(before):
        before = groups[:1]
    assert bool(find_few(before, after, owner, threshold)) == tells(before, after, owner, threshold)

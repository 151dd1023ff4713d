"""What can be worked out from published sums, against ranks and pseudo-inverses of whole tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from dimios_core.results.disclosure import recoverable
from dimios_core.results.disclosure.leaks import Leaks
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.disclosure.returning import Returning

THRESHOLD = 5


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Groups (units, roles, units × roles, the whole) over atoms, answers of each atom, and what is published."""
    rng = np.random.default_rng(seed)
    unit, role = (x.ravel() for x in np.meshgrid(np.arange(3), np.arange(3)))
    rows = np.vstack(
        [np.ones((1, 9)), unit == np.arange(3)[:, None], role == np.arange(3)[:, None], np.eye(9)]
    )
    counts = rng.choice([0, 1, 2, 3, 6, 9], 9)
    return rows > 0, counts, (rows @ counts >= THRESHOLD) & (rng.random(len(rows)) < 0.8)


def follows(rows: np.ndarray, union: np.ndarray) -> bool:
    return np.linalg.matrix_rank(np.vstack([rows, union])) == np.linalg.matrix_rank(rows)


@pytest.mark.parametrize("seed", range(30))
def test_small_unions_are_all_that_raise_no_rank(seed):
    rows, counts, published = drawn(seed)
    live = counts > 0
    known = rows[published][:, live].astype(float)
    unions = [np.array(u, bool) for u in product([0, 1], repeat=int(live.sum()))]
    few = [u for u in unions if 0 < counts[live][u].sum() < THRESHOLD and follows(known, u)]
    space = RowSpace(rows[published], counts)
    found = {u[live].tobytes() for u in space.small_unions(THRESHOLD)}
    lone = [u[live] for u in space.lone_classes()]
    assert found <= {u.tobytes() for u in few}
    assert bool(found) is bool(few)
    # what holds something that is known alone is told by that
    assert {u.tobytes() for u in few if not any((one <= u).all() for one in lone)} <= found


@pytest.mark.parametrize("seed", range(30))
def test_combinations_are_the_shortest_ones(seed):
    rows, counts, published = drawn(seed)
    space = RowSpace(rows[published], counts)
    unions = rows[published & (rows @ counts > 0)]
    live = counts > 0
    wanted = np.linalg.pinv(rows[published][:, live].T.astype(float)) @ unions[:, live].T
    assert space.combinations(unions) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_what_comes_back_gives_nothing_small_away(seed):
    rows, counts, _ = drawn(seed)
    large = rows @ counts >= THRESHOLD
    shown = np.zeros(len(rows), bool)
    column = Returning(rows, counts, shown, large, np.zeros(len(rows), bool), THRESHOLD)
    leaks = Leaks(rows, counts, THRESHOLD)
    for group in np.random.default_rng(seed).permutation(np.flatnonzero(large)).tolist():
        after = shown.copy()
        after[group] = True
        assert column.allows(group) is not bool(leaks.find(after))
        if column.allows(group):
            column.publish(group)
            shown = after


def test_more_unions_than_are_remembered_are_found_as_well(monkeypatch):
    table = [
        [1, 1, 0, 0],
        [0, 0, 1, 1],
        [1, 0, 1, 0],
        [0, 1, 0, 1],
    ]  # of four, both rows and both columns are told
    rows, counts = np.kron(np.eye(3), table) > 0, np.ones(12, int)
    listed = [u.tolist() for u in RowSpace(rows, counts).small_unions(THRESHOLD)]
    assert len(listed) == 3 * (4 + 1) + 3 * 16  # of a table the margins and all of it; margins of two tables
    monkeypatch.setattr(recoverable, "UNIONS_KEPT", 3)
    recoverable._list_cancelling.cache_clear()
    assert [u.tolist() for u in RowSpace(rows, counts).small_unions(THRESHOLD)] == listed
    recoverable._list_cancelling.cache_clear()

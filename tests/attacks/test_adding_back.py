"""A reader who knows the algorithm: what is withheld, and what came back, tells nothing that figures do not.

Small layouts, one point. Every set of sums that the answers can have goes through what decides about publishing; sets
that look alike to the reader, in figures and in what is missing, must leave every small mean twenty points wide,
and no group at an end known to be so. `make long` adds more people a layout. (Published files show the decision: `status`, and figures where it lets them.)
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from dimios_core.published.status import Status
from dimios_core.results.disclosure.bounds import Sums, widen_bounds
from dimios_core.results.disclosure.pattern import decide_pattern
from dimios_core.results.scoring.groups import Block, UnitTree, build_block

THRESHOLD = 5
WIDTH_MIN = 20


def lay_out(sizes: dict[tuple[str, str], int], parent: dict[str, str]) -> Block:
    placed = [cell for cell, n in sizes.items() for _ in range(n)]
    unit, role = (np.array(x, object) for x in zip(*placed, strict=True))
    return build_block("2026", "x", THRESHOLD, UnitTree(parent), unit, role)


def publish(block: Block, n: np.ndarray, total: np.ndarray, steps: int) -> np.ndarray:
    """The status of every group, as `dimios score` decides it."""
    nobody = np.zeros((block.groups_n, 1), bool)
    grid = np.full((block.groups_n, 1), steps)
    column = n[:, None]
    before = decide_pattern(block, column, column, (nobody, nobody), {}).scores
    sums = Sums(column, column.astype(float), 100 / steps * total[:, None], grid, nobody)
    return widen_bounds(block, before, sums, {})[:, 0]


def look(block: Block, n: np.ndarray, total: np.ndarray, steps: int, status: np.ndarray) -> tuple:
    """What the reader sees: figures of one decimal, bounds near an end, and what is withheld."""
    seen: list[object] = []
    for row, s in zip(block.rows, status, strict=True):
        size = int(n[row].sum())
        if s != Status.PUBLISHED or size == 0:
            seen.append(str(s))
            continue
        mean, room = 100 / steps * total[row].sum() / size, min(5, 400 / size)
        seen.append("low" if mean <= room + 1e-9 else "high" if mean >= 100 - room - 1e-9 else round(mean, 1))
    return tuple(seen)


LAYOUTS = {
    "two small units below one": ({("b", "-"): 3, ("c", "-"): 4, ("e", "-"): 7}, {"bc": "", "b": "bc", "c": "bc", "e": ""}, 2),
    "a small unit and two large": ({("b", "-"): 2, ("c", "-"): 5, ("e", "-"): 6}, dict.fromkeys("bce", ""), 3),
    "people of their own units": ({(u, "-"): 1 for u in "abcde"} | {("f", "-"): 6}, dict.fromkeys("abcdef", ""), 2),
    "yes or no": ({(u, "-"): 1 for u in "abcde"} | {("f", "-"): 9, ("g", "-"): 7}, dict.fromkeys("abcdefg", ""), 1),
    "roles of two units": ({("b", "p"): 2, ("b", "t"): 5, ("c", "p"): 5, ("c", "t"): 6}, dict.fromkeys("bc", ""), 1),
    "roles, mostly small": ({("b", "p"): 1, ("b", "t"): 4, ("c", "p"): 6, ("c", "t"): 3}, dict.fromkeys("bc", ""), 1),
    "three roles": ({("b", "p"): 5, ("b", "t"): 2, ("c", "p"): 3, ("c", "t"): 6, ("c", "a"): 2}, dict.fromkeys("bc", ""), 1),
}  # fmt: skip


#: layouts of the most sets of sums; others are alike
LONG = {"yes or no", "three roles"}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long) if n in LONG else n for n in LAYOUTS]
)
def test_a_reader_who_knows_the_algorithm(name):
    sizes, parent, steps = LAYOUTS[name]
    block = lay_out(sizes, parent)
    n = np.bincount(block.atom_of, minlength=len(block.atoms))
    seen: dict[tuple, list[tuple]] = {}
    for total in product(*(range(steps * k + 1) for k in n.tolist())):
        sums = np.array(total)
        view = look(block, n, sums, steps, publish(block, n, sums, steps))
        seen.setdefault(view, []).append(total)
    assert len(seen) > 1
    size = block.rows @ n
    small = (size > 0) & (size < THRESHOLD)
    disclosed = []
    for view, alike in seen.items():
        means = 100 / steps * (np.array(alike) @ block.rows.T) / np.maximum(size, 1)
        width = means.max(axis=0) - means.min(axis=0)
        disclosed += [
            (block.unit[g], block.role[g], width[g], view, len(alike))
            for g in np.flatnonzero(small & (width < WIDTH_MIN - 1e-9))
        ]
    assert disclosed == [], f"{len(disclosed)} of {len(seen)} views"

"""Bounds: what is left open about suppressed means, checked against hand arithmetic and a slow independent search."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from dimios_core.published.status import Status
from dimios_core.results.audit.bounds import narrow_groups
from dimios_core.results.disclosure.bounds import WIDTH_MIN_PP, Cells, bound_means, widen_bounds
from dimios_core.results.disclosure.pattern import decide_pattern
from dimios_core.results.scoring.groups import UnitTree, build_block

THRESHOLD = 5
ROLES = ("p", "t", "a")


def test_bounds_of_the_worked_example():
    # B = 3, C = 4, together 675 of 700: B's sum is at least 675 - 400 = 275, its mean at least 91.67
    rows = np.array([[1, 1], [1, 0], [0, 1]], bool)
    cells = Cells(rows, np.array([3.0, 4.0]), np.array([280.0, 395.0]))
    bounds = bound_means(cells, np.array([True, False, False]), np.array([1, 2]))
    # one decimal: 96.4 may be anything up to 96.45, or down to 96.35
    assert bounds.low[0] == pytest.approx((7 * 96.35 - 400) / 3)
    assert bounds.low[0] == pytest.approx(91.7, abs=0.25)
    assert bounds.high[0] == pytest.approx(100)
    assert bounds.involved[0].tolist() == [0]


def test_a_bound_is_told_only_as_a_bound():
    # ten fives: "at least 95"; three of them are then anywhere from (950 - 700)/3 to 100
    rows = np.array([[1, 1], [1, 0]], bool)
    cells = Cells(rows, np.array([3.0, 7.0]), np.array([300.0, 700.0]))
    bounds = bound_means(cells, np.array([True, False]), np.array([1]))
    assert bounds.low[0] == pytest.approx(250 / 3)
    assert bounds.high[0] == pytest.approx(100)


def scored(cells: dict[tuple[str, str], list[float]], parent: dict[str, str]):
    """Block, and status before and after, of one column; `cells` maps (unit, role) to scores in percent."""
    placed = [(u, r, y) for (u, r), values in cells.items() for y in values]
    unit, role, y = (np.array(x, object) for x in zip(*placed, strict=True))
    block = build_block("2026", "x", THRESHOLD, UnitTree(parent), unit, role)
    n = np.bincount(block.atom_of, minlength=len(block.atoms))[:, None]
    total = np.bincount(block.atom_of, y.astype(float), minlength=len(block.atoms))[:, None]
    dominated = np.zeros((block.groups_n, 1), bool)
    before = decide_pattern(block, n, n, (dominated, dominated), {}).scores
    after = widen_bounds(block, before, n.astype(float), total, n, dominated, {})
    return block, n[:, 0], total[:, 0], before[:, 0], after[:, 0]


def slow_width(block, n, total, shown, group) -> float:
    """The width by one plain linear program, in sums."""
    size = block.rows @ n
    limits = []
    for g in np.flatnonzero(shown & (size > 0)):
        mean = block.rows[g] @ total / size[g]
        low, high = round(mean, 1) - 0.05, round(mean, 1) + 0.05
        if mean >= 100 - 1e-9:
            low, high = 95, 100
        if mean <= 1e-9:
            low, high = 0, 5
        limits += [
            (block.rows[g].astype(float), high * size[g]),
            (-block.rows[g].astype(float), -low * size[g]),
        ]
    a, b = (np.array([x[i] for x in limits]) for i in (0, 1)) if limits else (None, None)
    ends = [
        linprog(s * block.rows[group].astype(float), a, b, bounds=[(0, 100 * k) for k in n]).fun
        for s in (1, -1)
    ]
    return (-ends[1] - ends[0]) / size[group]


def test_the_union_of_the_worked_example_is_not_published():
    # d is small too, so that B∪C, role p of the units, is not given up for other reasons
    cells = {
        ("b", "unknown"): [75, 100, 100],
        ("c", "unknown"): [100, 100, 100, 100],
        ("e", "unknown"): [50] * 12,
    }
    block, n, total, before, after = scored(cells, {"bc": "", "b": "bc", "c": "bc", "e": ""})
    at = block.unit.index("bc")
    assert before[at] == Status.PUBLISHED
    assert slow_width(block, n, total, before == Status.PUBLISHED, block.unit.index("b")) < 8.6
    assert after[at] == Status.SUPPRESSED_COMPLEMENT
    # its sibling would give it back, and goes along; the whole stays
    assert after[block.unit.index("e")] == Status.SUPPRESSED_COMPLEMENT
    assert after[block.unit.index("*")] == Status.PUBLISHED


def test_in_the_middle_of_the_scale_nothing_more_is_suppressed():
    cells = {("b", "unknown"): [25, 50, 75], ("c", "unknown"): [50, 50, 25, 100], ("e", "unknown"): [50] * 12}
    _, _, _, before, after = scored(cells, {"bc": "", "b": "bc", "c": "bc", "e": ""})
    assert (before == after).all()


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("fives", [0.5, 0.9])
def test_every_small_group_keeps_twenty_points(seed, fives):
    rng = np.random.default_rng(seed)
    units = ["u1", "u1a", "u1b", "u2", "u3"]
    cells = {}
    for cell in product(units, ROLES):
        size = int(rng.choice([0, 1, 2, 3, 4, 6, 9]))
        if size:
            cells[cell] = np.where(rng.random(size) < fives, 100, rng.integers(0, 5, size) * 25).tolist()
    parent = {"u1": "", "u1a": "u1", "u1b": "u1", "u2": "", "u3": ""}
    block, n, total, before, after = scored(cells, parent)
    assert ((before == after) | (before == Status.PUBLISHED)).all()
    shown = after == Status.PUBLISHED
    size = block.rows @ n
    for g in np.flatnonzero((size > 0) & (size < THRESHOLD)):
        assert slow_width(block, n, total, shown, g) > WIDTH_MIN_PP - 1e-4


def test_items_go_with_their_point():
    # two items, the first narrow: the point (column 0) stays where it is wide, both items go
    unit = np.array(["b"] * 3 + ["c"] * 4 + ["e"] * 12, object)
    tree = UnitTree({"bc": "", "b": "bc", "c": "bc", "e": ""})
    block = build_block("2026", "x", THRESHOLD, tree, unit, np.array(["unknown"] * 19, object))
    n = np.repeat(np.bincount(block.atom_of)[:, None], 3, axis=1)
    total = np.array([[150.0, 300, 0], [200, 375, 25], [600, 600, 600]])
    dominated = np.zeros((block.groups_n, 3), bool)
    items = {0: [1, 2]}
    before = decide_pattern(block, n, n, (dominated, dominated), items).scores
    after = widen_bounds(block, before, n.astype(float), total, n, dominated, items)
    at = block.unit.index("bc")
    assert before[at].tolist() == [Status.PUBLISHED] * 3
    assert after[at].tolist() == [
        Status.PUBLISHED,
        Status.SUPPRESSED_COMPLEMENT,
        Status.SUPPRESSED_COMPLEMENT,
    ]


@pytest.mark.parametrize(("score", "found"), [(96.4, 2), (50.0, 0), (3.6, 2)])
def test_the_audit_finds_a_narrow_group_in_published_files(score, found):
    # B and C are suppressed, together 7 answers: B may be 3 or 4, and so may C
    rows = pd.DataFrame(
        [
            ("*", "published", 19, round((7 * score + 12 * 60) / 19, 1)),
            ("bc", "published", 7, score),
            ("e", "published", 12, 60.0),
        ]
        + [(u, "suppressed_small", 0, np.nan) for u in ("b", "c")],
        columns=["unit", "status", "n", "score"],
    ).assign(role="*", bound="")
    tree = UnitTree({"bc": "", "b": "bc", "c": "bc", "e": ""})
    narrow = narrow_groups(rows, tree, THRESHOLD)
    assert [n[0] for n in narrow] == ["b", "c"][:found]
    assert all(w == pytest.approx(8.4, abs=0.4) for *_, w in narrow)

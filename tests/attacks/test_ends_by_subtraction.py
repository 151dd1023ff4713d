"""Unanimity by subtraction: the whole less the others must not say that all who are left gave the same answer.

A unit of which only a bound is told, or nothing, could be the difference of figures that are told exactly.
`make long` adds each case at the other end or mirrored, and more seeds.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.attacks.publishing import list_units
from tests.attacks.sides import take_turns
from tests.attacks.solving import find_disclosed, find_ranges
from tests.attacks.test_integers import draw, publish, scaled

FLAT = {"u": "", "v": "", "w": ""}
#: w and x are below v
TREE = {"u": "", "v": "", "w": "v", "x": "v"}


def attack(outputs, answers_n, sizes, alike, parent, seed=1):
    instrument = scaled(answers_n)
    people = draw(instrument, sizes, dict.fromkeys(alike, 1.0), seed)
    for cell, end in alike.items():
        inside = (people["unit"] == cell[0]) & (people["role"] == cell[1])
        people.loc[inside, [i.id for p in instrument.points for i in p.items]] = end
    units = list_units(*parent)
    units["parent"] = list(parent.values())
    tables = publish(outputs, instrument, people, units)
    return tables["scores"], find_disclosed(find_ranges(tables["scores"], people, instrument, parent))


@pytest.mark.parametrize(("n", "end"), take_turns([(5,), (7,), (10,), (16,), (30,)]))
def test_a_unit_of_one_mind_beside_another(tmp_path, n, end):
    # unit u is told as a bound; v and the whole are told exactly, and u is the whole less v
    sizes = {("u", "unknown"): n, ("v", "unknown"): 20}
    scores, found = attack(tmp_path, 5, sizes, {("u", "unknown"): end}, {"u": "", "v": ""})
    assert found == []
    assert (scores.query("unit == '*' and level == 'point'")["status"] == "published").all()


@pytest.mark.parametrize("answers_n", [2, 4, 11, *(pytest.param(n, marks=pytest.mark.long) for n in (3, 7))])
def test_on_other_scales(tmp_path, answers_n):
    sizes = {("u", "unknown"): 12, ("v", "unknown"): 20, ("w", "unknown"): 9}
    found = attack(tmp_path, answers_n, sizes, {("u", "unknown"): float(answers_n)}, FLAT)[1]
    assert found == []


@pytest.mark.parametrize("end", [1.0, 5.0])
def test_a_role_of_a_unit_that_is_not_told(tmp_path, end):
    # p of u is of one mind; what is told are units, roles, and the others of unit × role
    sizes = {("u", "p"): 8, ("u", "t"): 9, ("v", "p"): 15, ("v", "t"): 11}
    assert attack(tmp_path, 5, sizes, {("u", "p"): end}, {"u": "", "v": ""})[1] == []


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.long) for n in (3, 4, 5))])
def test_below_a_unit_with_small_ones_beside(tmp_path, seed):
    rng = np.random.default_rng(seed)
    cells = [(u, r) for u in ("u", "w", "x") for r in ("p", "t")]
    sizes = {c: int(n) for c, n in zip(cells, rng.choice([2, 3, 5, 6, 9, 14], len(cells)), strict=True)}
    alike = {cells[i]: float(rng.choice([1, 5])) for i in rng.choice(len(cells), 2, replace=False)}
    assert attack(tmp_path, 5, sizes, alike, TREE, seed)[1] == []

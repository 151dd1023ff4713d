"""Unit trees, their direct leaves, and the groups and atoms of a block."""

from __future__ import annotations

import numpy as np
import pytest

from dimios_core.published.conventions import ALL
from dimios_core.results.scoring.groups import UnitTree, build_block

#: the organisation holds u1 (with u1a, u1b below it, and u1a1 below that) and u2
TREE = UnitTree({"u1": "", "u2": "", "u1a": "u1", "u1b": "u1", "u1a1": "u1a"})


def lay_out(people: list[tuple[str, str]], tree: UnitTree = TREE):
    unit = np.array([u for u, _ in people], object)
    role = np.array([r for _, r in people], object)
    return build_block("2026", "org", 5, tree, unit, role)


def sizes(block) -> dict[tuple[str, str], int]:
    """People of every group, counted through the members."""
    group, _ = block.members()
    counted = np.bincount(group, minlength=block.groups_n)
    return dict(zip(zip(block.unit, block.role, strict=True), counted.tolist(), strict=True))


@pytest.mark.parametrize(
    ("unit", "leaf"),
    [
        ("", ".direct"),
        ("u1", "u1.direct"),
        ("u1a", "u1a.direct"),
        ("u1a1", "u1a1"),
        ("u1b", "u1b"),
        ("u2", "u2"),
    ],
)
def test_people_of_a_unit_with_units_below_are_its_direct_leaf(unit, leaf):
    assert TREE.leaf_of(unit) == leaf


def test_without_units_everybody_is_the_whole():
    assert UnitTree({}).leaf_of("") == ALL
    assert UnitTree({}).chain(ALL) == [ALL]


@pytest.mark.parametrize(
    ("leaf", "chain"),
    [
        ("u1a1", ["u1a1", "u1a", "u1", "*"]),
        ("u1a.direct", ["u1a.direct", "u1a", "u1", "*"]),
        ("u1.direct", ["u1.direct", "u1", "*"]),
        (".direct", [".direct", "*"]),
        ("u2", ["u2", "*"]),
    ],
)
def test_chain_goes_up_to_the_whole(leaf, chain):
    assert TREE.chain(leaf) == chain
    assert TREE.depth(leaf) == len(chain) - 1


def test_every_respondent_is_counted_once_in_each_unit_above():
    people = [("u1a1", "p")] * 3 + [("u1a", "t")] * 2 + [("u1", "p")] * 4 + [("u2", "p")] + [("", "t")] * 5
    counted = sizes(lay_out(people))
    by_unit = {u: n for (u, r), n in counted.items() if r == ALL}
    assert by_unit == {
        "*": 15, ".direct": 5, "u1": 9, "u1.direct": 4, "u1a": 5, "u1a.direct": 2, "u1a1": 3, "u1b": 0, "u2": 1,
    }  # fmt: skip
    assert {r: n for (u, r), n in counted.items() if u == ALL} == {"*": 15, "p": 8, "t": 7}
    assert counted["u1", "t"] == 2
    assert ("u2", "t") not in counted  # nobody: no such group
    assert counted["u1b", ALL] == 0  # a registered unit stands though nobody answered


def test_atoms_are_leaf_by_role_and_every_group_is_a_union_of_them():
    block = lay_out([("u1a1", "p"), ("u1a1", "t"), ("u1", "unknown"), ("u2", "p")])
    assert block.atoms == [("u1.direct", "unknown"), ("u1a1", "p"), ("u1a1", "t"), ("u2", "p")]
    at = {key: block.rows[i].tolist() for i, key in enumerate(zip(block.unit, block.role, strict=True))}
    assert at["*", "*"] == [True] * 4
    assert at["u1", "*"] == [True, True, True, False]
    assert at["u1a", "p"] == [False, True, False, False]
    assert at["*", "unknown"] == [True, False, False, False]  # "unknown" is a group beside the roles


def test_where_no_role_is_known_there_are_no_role_groups():
    block = lay_out([("u1b", "unknown")] * 3 + [("u2", "unknown")] * 2)
    assert set(block.role) == {ALL}


def test_where_no_units_are_registered_roles_still_are_groups():
    block = lay_out([("", "p")] * 3 + [("", "t")] * 2, UnitTree({}))
    assert sizes(block) == {("*", "*"): 5, ("*", "p"): 3, ("*", "t"): 2}


def test_a_block_without_respondents_has_its_units_and_no_members():
    block = lay_out([])
    assert block.groups_n == 6
    assert sizes(block) == {(u, "*"): 0 for u in ("*", "u1", "u2", "u1a", "u1b", "u1a1")}


def test_the_whole_is_missed_most_then_roles_then_units_from_the_top():
    block = lay_out([("u1a1", "p"), ("u1a", "t"), ("u2", "p")])
    worth = dict(zip(zip(block.unit, block.role, strict=True), block.worth.tolist(), strict=True))
    order = [("*", "*"), ("*", "p"), ("u1", "*"), ("u1a", "*"), ("u1a1", "*"), ("u1", "p")]
    ranked = [worth[k] for k in order]
    assert ranked == sorted(ranked, reverse=True)
    assert len(set(ranked)) == len(ranked)

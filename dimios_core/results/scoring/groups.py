"""Groups of respondents: the organisation, its units, its roles, and units × roles.

*Atoms* (method 5) are leaf unit × role. A parent unit's own people are its leaf "<unit>.direct";
people directly under the organisation are ".direct". Every group is a union of atoms, so one
0/1 matrix, groups × atoms, carries the whole structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

ALL = "*"
DIRECT = ".direct"
UNKNOWN_ROLE = "unknown"


@dataclass(frozen=True)
class UnitTree:
    """The units of one organisation; `parent` maps unit -> parent unit ("" = the organisation)."""

    parent: Mapping[str, str]

    def leaf_of(self, unit: str) -> str:
        """Return the leaf that people placed on `unit` belong to (`ALL` where there are no units)."""
        if unit == "" and not self.parent:
            return ALL
        has_children = unit == "" or unit in self.parent.values()
        return unit + DIRECT if has_children else unit

    def chain(self, leaf: str) -> list[str]:
        """Return the leaf and everything above it, up to `ALL`."""
        if leaf == ALL:
            return [ALL]
        chain = [leaf]
        unit = leaf.removesuffix(DIRECT) if leaf.endswith(DIRECT) else self.parent[leaf]
        while unit:
            chain.append(unit)
            unit = self.parent[unit]
        return [*chain, ALL]

    def depth(self, unit: str) -> int:
        """Return 0 for the organisation, 1 for units directly under it, and so on."""
        return len(self.chain(unit)) - 1


@dataclass(frozen=True)
class Block:
    """The groups of one organisation in one period.

    Attributes
    ----------
    period, organisation : str
    threshold : int
        Answers needed behind a published figure.
    unit, role : list of str, one per group
        `*` for all.
    atoms : list of (leaf, role)
        Atoms with at least one respondent.
    rows : bool array (groups, atoms)
        Which atoms a group consists of; a unit nobody answered for has an empty row.
    atom_of : int array (respondents,)
        Atom of each respondent of the block.
    """

    period: str
    organisation: str
    threshold: int
    unit: list[str]
    role: list[str]
    atoms: list[tuple[str, str]]
    rows: np.ndarray
    atom_of: np.ndarray
    depth: np.ndarray

    @property
    def groups_n(self) -> int:
        """How many groups there are."""
        return len(self.unit)

    @property
    def worth(self) -> np.ndarray:
        """How much a reader would miss a group: unit × role least, then deep units, roles, the whole most."""
        crossed = np.array([u != ALL and r != ALL for u, r in zip(self.unit, self.role, strict=True)])
        whole = np.array([u == ALL and r == ALL for u, r in zip(self.unit, self.role, strict=True)])
        by_role = np.array([u == ALL and r != ALL for u, r in zip(self.unit, self.role, strict=True)])
        deepest = self.depth.max(initial=0)
        return np.where(crossed, 0, np.where(whole, 1000, np.where(by_role, 500, 1 + deepest - self.depth)))

    def members(self) -> tuple[np.ndarray, np.ndarray]:
        """Return (group, respondent) index pairs of the block, sorted by group."""
        group, respondent = np.nonzero(self.rows[:, self.atom_of])
        return group, respondent


def build_block(
    period: str, organisation: str, threshold: int, tree: UnitTree, unit: np.ndarray, role: np.ndarray
) -> Block:
    """Lay out the groups of one organisation and period.

    Parameters
    ----------
    unit, role : str arrays (respondents,)
        Unit as registered ("" = directly under the organisation) and role of each respondent.

    Returns
    -------
    Block
        Groups in reading order: the whole, units in the tree's order, roles, units × roles. Roles are
        left out where none is known. Combinations that nobody belongs to are left out; units are not.
    """
    leaf = {u: tree.leaf_of(u) for u in set(unit)}
    pairs = [(leaf[u], r) for u, r in zip(unit, role, strict=True)]
    atoms = sorted(set(pairs))
    index = {a: i for i, a in enumerate(atoms)}
    chains = {name: tree.chain(name) for name, _ in atoms}

    units = list(tree.parent)
    with_direct = {name for name, _ in atoms if name.endswith(DIRECT)}
    nodes = [ALL, *([DIRECT] if DIRECT in with_direct else [])]
    for u in units:
        nodes += [u, *([u + DIRECT] if u + DIRECT in with_direct else [])]
    roles = sorted({r for _, r in atoms})
    if set(roles) <= {UNKNOWN_ROLE}:
        roles = []

    rows = {(node, ALL): np.zeros(len(atoms), bool) for node in nodes}
    for a, (name, r) in enumerate(atoms):
        for node in chains[name]:
            for key in [(node, ALL)] + ([(node, r)] if roles else []):
                rows.setdefault(key, np.zeros(len(atoms), bool))[a] = True
    order = {node: i for i, node in enumerate(nodes)}
    keys = sorted(rows, key=lambda k: (k[0] != ALL and k[1] != ALL, k[1] != ALL, order[k[0]], k[1]))
    return Block(
        period=period,
        organisation=organisation,
        threshold=threshold,
        unit=[k[0] for k in keys],
        role=[k[1] for k in keys],
        atoms=atoms,
        rows=np.array([rows[k] for k in keys]).reshape(len(keys), len(atoms)),
        atom_of=np.array([index[p] for p in pairs], int),
        depth=np.array([tree.depth(k[0]) for k in keys]),
    )

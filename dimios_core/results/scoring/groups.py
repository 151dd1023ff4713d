"""Groups of respondents: the organisation, its units, its roles, and units × roles.

*Atoms* (method 5) are leaf unit × role. A parent unit's own people are its leaf "<unit>.direct";
people directly under the organisation are ".direct". Every group is a union of atoms, so one
0/1 matrix, groups × atoms, carries the whole structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from dimios_core.published.conventions import ALL, DIRECT, UNKNOWN_ROLE


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

    def leaves_of(self, units: Iterable[str]) -> set[str]:
        """Return the units that no other lies below, people directly under a unit among them; not the organisation."""
        parents = set(self.parent.values())
        return {u for u in units if u != ALL and (u.endswith(DIRECT) or u not in parents)}

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
    def groups(self) -> list[tuple[str, str]]:
        """Unit and role of every group."""
        return list(zip(self.unit, self.role, strict=True))

    @cached_property
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


@dataclass(frozen=True)
class Members:
    """Which respondents belong to which group: index pairs, sorted by group."""

    group: np.ndarray
    respondent: np.ndarray
    groups_n: int

    @cached_property
    def start(self) -> np.ndarray:
        """Where each group's members begin, and behind the last where they end, shape (groups + 1,)."""
        return np.searchsorted(self.group, np.arange(self.groups_n + 1))

    def take(self, groups: np.ndarray) -> Members:
        """Return the members of some groups, renumbered 0, 1, … in the order given (repeats allowed)."""
        size = np.diff(self.start)[groups]
        offset = np.repeat(self.start[:-1][groups] - np.r_[0, np.cumsum(size)[:-1]], size)
        return Members(
            np.repeat(np.arange(len(groups)), size),
            self.respondent[np.arange(size.sum()) + offset],
            len(groups),
        )

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum member values (members, …) by group: shape (groups, …)."""
        return self._add(np.arange(len(self.group)), values)

    def sums_of(self, values: np.ndarray) -> np.ndarray:
        """Sum values of respondents (respondents, …) over each group's members: shape (groups, …)."""
        return self._add(self.respondent, values)

    def _add(self, at: np.ndarray, values: np.ndarray) -> np.ndarray:
        ones = np.ones(len(at))
        return sparse.csr_matrix((ones, at, self.start), shape=(self.groups_n, len(values))) @ values


def list_nodes(tree: UnitTree, leaves: Set[str]) -> list[str]:
    """Return the units that have a result, in reading order: the whole, then the tree with people's own leaves."""
    nodes = [ALL, *([DIRECT] if DIRECT in leaves else [])]
    for unit in tree.parent:
        nodes += [unit, *([unit + DIRECT] if unit + DIRECT in leaves else [])]
    return nodes


def list_roles(found: Set[str]) -> list[str]:
    """Return the roles that have a result, in order: none where no role is known."""
    return [] if found <= {UNKNOWN_ROLE} else sorted(found)


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
    chains = {name: tree.chain(name) for name in {name for name, _ in atoms}}

    nodes = list_nodes(tree, {name for name, _ in atoms})
    roles = list_roles({r for _, r in atoms})

    keys = {(node, ALL) for node in nodes}
    held: list[tuple[tuple[str, str], int]] = []
    for a, (name, r) in enumerate(atoms):
        for node in chains[name]:
            held.append(((node, ALL), a))
            if roles:
                held.append(((node, r), a))
    keys.update(key for key, _ in held)
    order = {node: i for i, node in enumerate(nodes)}
    listed = sorted(keys, key=lambda k: (k[0] != ALL and k[1] != ALL, k[1] != ALL, order[k[0]], k[1]))
    number = {key: g for g, key in enumerate(listed)}
    rows = np.zeros((len(listed), len(atoms)), bool)
    rows[[number[key] for key, _ in held], [a for _, a in held]] = True
    depth = {node: tree.depth(node) for node in nodes}
    return Block(
        period=period,
        organisation=organisation,
        threshold=threshold,
        unit=[k[0] for k in listed],
        role=[k[1] for k in listed],
        atoms=atoms,
        rows=rows,
        atom_of=np.array([index[p] for p in pairs], int),
        depth=np.array([depth[k[0]] for k in listed]),
    )

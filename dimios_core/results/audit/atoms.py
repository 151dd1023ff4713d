"""What the published rows of one key say about groups and the atoms that they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dimios_core.published.conventions import ALL, DIRECT
from dimios_core.published.status import Status
from dimios_core.results.audit.grid import PUBLISHED, Fault, Grid
from dimios_core.results.audit.sheets import Texts
from dimios_core.results.disclosure.recoverable import RowSpace, is_searched
from dimios_core.results.scoring.groups import UnitTree

#: what an atom of the threshold or more is told to be
LARGE = (PUBLISHED, Status.SUPPRESSED_COMPLEMENT.label, Status.SUPPRESSED_DOMINATED.label)


@dataclass(frozen=True)
class Atoms:
    """The atoms that groups of an organisation are made of.

    Attributes
    ----------
    names : list of (unit, role)
        The groups.
    at : list of int
        Which of the groups are atoms.
    above : dict
        Leaf -> itself and everything above it.
    inside : bool array (groups, atoms)
        Which atoms a group consists of.
    """

    names: list[tuple[str, str]]
    at: list[int]
    above: dict[str, set[str]]
    inside: np.ndarray

    @classmethod
    def of(cls, names: list[tuple[str, str]], tree: UnitTree) -> Atoms:
        """Find the atoms of groups: the smallest that there are, leaf units by role where there are roles."""
        parents = set(tree.parent.values())
        by_role = any(r != ALL for _, r in names)
        leaves = [
            u for u, r in names if r == ALL and u != ALL and (u.endswith(DIRECT) or u not in parents)
        ] or [ALL]
        above = {leaf: set(tree.chain(leaf)) for leaf in leaves}
        place = {name: i for i, name in enumerate(names)}
        at = (
            [i for i, (u, r) in enumerate(names) if r != ALL and u in above]
            if by_role
            else [place[u, ALL] for u in leaves]
        )
        return cls(names, at, above, _lie_inside(names, [names[i] for i in at], above))

    def look(self, status: Texts, n: np.ndarray) -> GroupRows:
        """Take what the rows of one key say of the groups: arrays (groups,), each group told of once."""
        shown, of_atoms = status.are([PUBLISHED]), Texts(status.codes[self.at], status.words)
        return GroupRows(
            [self.names[i] for i in np.flatnonzero(shown)],
            self.inside[shown],
            n[shown].astype(int),
            of_atoms.are(LARGE),
            of_atoms.are([Status.NO_ANSWERS.label]),
            [self.names[i] for i in self.at],
            self.above,
        )


def _lie_inside(
    names: list[tuple[str, str]], atoms: list[tuple[str, str]], above: dict[str, set[str]]
) -> np.ndarray:
    rows = [[u in above[a] and r in (ALL, b) for a, b in atoms] for u, r in names]
    return np.array(rows, bool).reshape(len(names), len(atoms))


@dataclass(frozen=True)
class Unions:
    """Unions of atoms whose sum follows from published groups.

    Attributes
    ----------
    atoms : bool array (unions, atoms)
    combinations : float array (published groups, unions)
        Each union as a sum of groups.
    """

    atoms: np.ndarray
    combinations: np.ndarray


@dataclass(frozen=True)
class GroupRows:
    """What the published rows of one key say about groups and atoms."""

    names: list[tuple[str, str]]
    rows: np.ndarray  # published groups × atoms
    n: np.ndarray  # answers of published groups
    large: np.ndarray  # atoms that are known to hold at least the threshold
    empty: np.ndarray  # atoms that are known to hold nothing
    atoms: list[tuple[str, str]]
    above: dict[str, set[str]]  # leaf -> itself and everything above it

    def indicator(self, names: list[tuple[str, str]]) -> np.ndarray:
        """Groups (unit, role) as rows over the atoms, bool array (groups, atoms)."""
        return _lie_inside(names, self.atoms, self.above)

    def recoverable(self, threshold: int, made: dict[bytes, Unions] | None = None) -> list[str]:
        """Unions of small atoms whose sum follows from the published rows, with 0 < answers < threshold.

        Parameters
        ----------
        threshold : int
        made : dict, optional
            What was found of other keys, and may be used again: it grows.
        """
        empty = self.empty.copy()
        while True:
            unions = self._unite(empty, threshold, {} if made is None else made)
            answers = np.round(self.n @ unions.combinations).astype(int)
            if (small := (answers != 0) & (answers < threshold)).any():
                return [
                    f"{size} small groups together hold {n}, and their sum follows"
                    for size, n in zip(unions.atoms[small].sum(axis=1), answers[small], strict=True)
                ]
            newly_empty = unions.atoms[answers == 0].any(axis=0)
            if not newly_empty.any():
                return []
            empty |= newly_empty

    def _unite(self, empty: np.ndarray, threshold: int, made: dict[bytes, Unions]) -> Unions:
        """Find unions of small atoms that published rows tell of, whatever they hold, of groups that are published alike once."""
        parts = (np.array(self.rows.shape), self.rows, self.large, empty)
        alike = b"".join(part.tobytes() for part in parts)
        if alike not in made:
            space = RowSpace(self.rows, (~empty).astype(int))
            lower = np.where(space.class_maximum(self.large), threshold, 1)
            found = [*space.small_unions(threshold, lower, self.n)]
            atoms = np.array(found, bool).reshape(len(found), len(empty))
            unions = Unions(atoms, space.combinations(atoms))
            if is_searched(len(lower), threshold):
                return unions
            made[alike] = unions
        return made[alike]


def find_recoverable(grid: Grid, tree: UnitTree) -> Iterator[Fault]:
    """Find small groups whose sum follows from what is published of a point or an item: every key by itself."""
    told = ~grid.status.are([None])
    unions: dict[bytes, Unions] = {}
    for period, groups in grid.of_period.items():
        made: dict[bytes, Atoms] = {}
        for column in range(grid.columns.columns_n):
            at = np.array(groups)[told[groups, column]]
            if at.tobytes() not in made:
                made[at.tobytes()] = Atoms.of([grid.groups[i][1:] for i in at], tree)
            status = Texts(grid.status.codes[at, column], grid.status.words)
            rows = made[at.tobytes()].look(status, grid.n[at, column])
            key = grid.columns.level_rows[column][1]
            yield from ((str(period), key, what) for what in rows.recoverable(grid.threshold, unions))

"""What the published rows of one key say about groups and the atoms that they are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, DIRECT
from dimios_core.published.status import Status
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.scoring.groups import UnitTree

PUBLISHED = Status.PUBLISHED.label

#: what an atom of the threshold or more is told to be
LARGE = (PUBLISHED, Status.SUPPRESSED_COMPLEMENT.label, Status.SUPPRESSED_DOMINATED.label)


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
        rows = [[u in self.above[a] and r in (ALL, b) for a, b in self.atoms] for u, r in names]
        return np.array(rows, bool).reshape(len(names), len(self.atoms))

    @classmethod
    def of(cls, frame: pd.DataFrame, tree: UnitTree) -> GroupRows:
        status = {
            (u, r): (s, n)
            for u, r, s, n in zip(frame["unit"], frame["role"], frame["status"], frame["n"], strict=True)
        }
        parents = set(tree.parent.values())
        by_role = any(r != ALL for _, r in status)
        leaves = [
            u for u, r in status if r == ALL and u != ALL and (u.endswith(DIRECT) or u not in parents)
        ] or [ALL]
        if by_role:
            atoms = [(u, r) for u, r in status if r != ALL and u in leaves]
        else:
            atoms = [(u, ALL) for u in leaves]
        above = {leaf: set(tree.chain(leaf)) for leaf in leaves}
        shown = [key for key, (s, _) in status.items() if s == PUBLISHED]
        rows = np.array([[u in above[a] and r in (ALL, b) for a, b in atoms] for u, r in shown], bool)
        states = [status[a][0] for a in atoms]
        return cls(
            shown,
            rows.reshape(len(shown), len(atoms)),
            np.array([int(status[key][1]) for key in shown], int),
            np.array([s in LARGE for s in states], bool),
            np.array([s == Status.NO_ANSWERS.label for s in states], bool),
            atoms,
            above,
        )

    def signature(self) -> bytes:
        """Two keys with the same signature give the same findings."""
        parts = (self.rows, self.n, self.large, self.empty)
        return b"|".join(np.asarray(p).tobytes() for p in parts) + repr(self.names).encode()

    def recoverable(self, threshold: int) -> list[str]:
        """Unions of small atoms whose sum follows from the published rows, with 0 < answers < threshold."""
        empty = self.empty.copy()
        found: list[str] = []
        while True:
            space = RowSpace(self.rows, (~empty).astype(int))
            large = space.class_maximum(self.large)
            lower = np.where(large, threshold, 1)
            newly_empty = np.zeros(len(empty), bool)
            for union in space.small_unions(threshold, lower, self.n):
                answers = round(float(self.n @ space.combination(union)))
                if answers == 0:
                    newly_empty |= union
                elif answers < threshold:
                    found.append(
                        f"{int(union.sum())} small groups together hold {answers}, and their sum follows"
                    )
            if found or not newly_empty.any():
                return found
            empty |= newly_empty

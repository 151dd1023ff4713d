"""Groups × strata, and the variance within them (method 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.matrix import Respondents


@dataclass(frozen=True)
class Cells:
    """Groups × strata that hold somebody; the groups themselves where there is one stratum.

    Attributes
    ----------
    members : Members
        Of the cells; `order` brings values of the groups' members into their order.
    group, stratum : int arrays (cells,)
        `stratum` is the index into `names`.
    neighbour : str array (cells,) or None
        Stratum that a stratum of one merges with; None where there is one stratum.
    """

    members: Members
    order: np.ndarray | slice
    group: np.ndarray
    stratum: np.ndarray
    names: np.ndarray
    neighbour: np.ndarray | None
    groups_n: int

    @classmethod
    def of(cls, respondents: Respondents, members: Members) -> Cells:
        names, code = respondents.strata
        groups = np.arange(members.groups_n)
        if len(names) < 2:
            return cls(members, slice(None), groups, np.zeros_like(groups), names, None, members.groups_n)
        key = members.group * len(names) + code[members.respondent]
        order = np.argsort(key, kind="stable")
        found, first, cell = np.unique(key[order], return_index=True, return_inverse=True)
        who = members.respondent[order]
        neighbour = respondents.neighbour[who[first]].astype(str)
        return cls(
            Members(cell, who, len(found)), order, found // len(names), found % len(names), names, neighbour,
            members.groups_n,
        )  # fmt: skip

    def add_up(self, values: np.ndarray) -> np.ndarray:
        """Sum values of cells (cells, …) by group."""
        if self.neighbour is None:
            return values
        return Members(self.group, np.arange(len(self.group)), self.groups_n).sums(values)


def stratified_variance(
    cells: Cells, sums: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Σ_h n_h/(n_h − 1) Σ (z − z̄_h)², respondents and number of strata, per group and level row.

    `sums` are n, Σ z and Σ z² of the cells, arrays (cells, level rows).
    """
    n = cells.add_up(sums[0]).astype(int)
    if cells.neighbour is not None and (cells.neighbour != "").any():
        _merge_lone_strata(sums, cells)
    n_h, s1, s2 = sums
    centred = np.maximum(s2 - divide(s1**2, n_h, fill=0.0), 0.0)
    one = np.where(n_h == 1, np.nan, np.where(n_h > 1, divide(n_h, n_h - 1, fill=0.0) * centred, 0.0))
    return cells.add_up(one), n, cells.add_up((n_h > 0).astype(float)).astype(int)


def _merge_lone_strata(sums: tuple[np.ndarray, ...], cells: Cells) -> None:
    """Add a stratum of one to the neighbour that the mapping names, row by row, in place.

    Whether a stratum holds only one respondent differs between level rows. Strata are taken in the order of
    their names, so two that name each other become one.
    """
    n, names = sums[0], cells.names
    neighbour = np.asarray(cells.neighbour)
    key = cells.group * len(names) + cells.stratum
    wanted = np.minimum(np.searchsorted(names, neighbour), len(names) - 1)
    beside_key = cells.group * len(names) + wanted
    beside = np.minimum(np.searchsorted(key, beside_key), len(key) - 1)
    named = (names[wanted] == neighbour) & (key[beside] == beside_key) & (beside != np.arange(len(key)))
    for h in range(len(names)):
        here = np.flatnonzero(named & (cells.stratum == h))
        lone = (n[here] == 1) & (n[beside[here]] > 0)
        for values in sums:
            values[beside[here]] += np.where(lone, values[here], 0.0)
            values[here] = np.where(lone, 0.0, values[here])


def divide(a: np.ndarray | float, b: np.ndarray, fill: float = np.nan) -> np.ndarray:
    """Return a/b where b > 0, else `fill`."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    return np.divide(a, b, out=np.full(b.shape, fill), where=b > 0)

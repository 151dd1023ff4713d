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

    def merge_lone(self, sums: tuple[np.ndarray, ...]) -> tuple[np.ndarray | None, tuple[np.ndarray, ...]]:
        """Add strata of one to the neighbours that the mapping names, row by row.

        Whether a stratum holds only one respondent differs between level rows. Strata are taken in the order of
        their names, so two that name each other become one; where the one that is named has gone with another, that is
        where whoever names it goes, too.

        Parameters
        ----------
        sums : tuple of arrays (cells, level rows)
            n first.

        Returns
        -------
        home : int array (cells, level rows), or None
            Cell that each cell counts with; None where no mapping names neighbours.
        sums : tuple of arrays (cells, level rows)
        """
        if self.neighbour is None or not (self.neighbour != "").any():
            return None, sums
        n = sums[0].copy()
        home = np.tile(np.arange(len(n))[:, None], n.shape[1])
        names = self.names
        key = self.group * len(names) + self.stratum
        wanted = np.minimum(np.searchsorted(names, self.neighbour), len(names) - 1)
        beside_key = self.group * len(names) + wanted
        beside = np.minimum(np.searchsorted(key, beside_key), len(key) - 1)
        named = (
            (names[wanted] == self.neighbour) & (key[beside] == beside_key) & (beside != np.arange(len(key)))
        )
        for h in range(len(names)):
            here = np.flatnonzero(named & (self.stratum == h))
            into = home[beside[here]], np.arange(n.shape[1])
            lone = (n[here] == 1) & (n[into] > 0)
            n[into] += lone
            n[here] -= lone
            home[here] = np.where(lone, into[0], home[here])
        merged = tuple(np.zeros_like(values) for values in sums)
        for total, values in zip(merged, sums, strict=True):
            np.add.at(total, (home, np.arange(n.shape[1])), values)
        return home, merged


def stratified_variance(
    cells: Cells, sums: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Σ_h n_h/(n_h − 1) Σ (z − z̄_h)², respondents and number of strata, per group and level row.

    `sums` are n, Σ z and Σ z² of the cells, arrays (cells, level rows).
    """
    n = cells.add_up(sums[0]).astype(int)
    n_h, s1, s2 = cells.merge_lone(sums)[1]
    centred = np.maximum(s2 - divide(s1**2, n_h, fill=0.0), 0.0)
    one = np.where(n_h == 1, np.nan, np.where(n_h > 1, divide(n_h, n_h - 1, fill=0.0) * centred, 0.0))
    return cells.add_up(one), n, cells.add_up((n_h > 0).astype(float)).astype(int)


def design_deviations(
    respondents: Respondents, members: Members, influence: np.ndarray, in_use: np.ndarray
) -> np.ndarray:
    """Return √(n_h/(n_h − 1))·(z − z̄_h) of every member: sums of their squares are variances, of products covariances.

    Parameters
    ----------
    influence : float array (members, level rows)
        z, percentage points.
    in_use : bool array (members, level rows)
        Member has an answer there.

    Returns
    -------
    float array (members, level rows)
        0 for members not in use, and in a stratum of one, of which nothing is known.
    """
    if not len(members.group):
        return influence
    cells = Cells.of(respondents, members)
    order = cells.order
    counts = tuple(cells.members.sums(x[order]) for x in (in_use.astype(float), influence))
    home, (n_h, s1) = cells.merge_lone(counts)
    mine = cells.members.group
    at = mine if home is None else (home[mine], np.arange(influence.shape[1]))
    mean, factor = divide(s1, n_h, fill=0.0)[at], np.sqrt(divide(n_h, n_h - 1, fill=0.0))[at]
    found = np.zeros_like(influence)
    found[order] = np.where(in_use[order], factor * (influence[order] - mean), 0.0)
    return found


def divide(a: np.ndarray | float, b: np.ndarray, fill: float = np.nan) -> np.ndarray:
    """Return a/b where b > 0, else `fill`."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    return np.divide(a, b, out=np.full(b.shape, fill), where=b > 0)

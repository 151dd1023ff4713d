"""Within what people are drawn: unit × role, and what is too small for that pooled upwards in the tree of units."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, DIRECT
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.survey.frame import ALWAYS

#: expected answers of a stratum that is drawn from; fewer do not tell how much people in it differ
EXPECTED_MIN = 8
#: unit × role is a stratum of its own from here on, if all were asked: so that there is something to draw
CROSSED_MIN = 2 * EXPECTED_MIN
#: what strata of those who are invited for certain begin with; no unit does
CERTAIN = "always:"


@dataclass(frozen=True)
class Cells:
    """People of a frame by unit, role and whether they are drawn; each cell lies in one stratum.

    Attributes
    ----------
    unit, role : lists of str (cells,)
        Unit as registered ("" is directly under the organisation).
    people_n : int array (cells,)
    stratum : int array (cells,)
        Position in `names`.
    names : list of str (strata,)
        "<unit>/<role>", "<unit>/*", "*/*", or "always:<unit>/<role>".
    cell_of : int array (people,)
        Cell of everybody in the frame, in the frame's order.
    """

    unit: list[str]
    role: list[str]
    people_n: np.ndarray
    stratum: np.ndarray
    names: list[str]
    cell_of: np.ndarray

    @property
    def population(self) -> np.ndarray:
        """N_h: people of each stratum, int array (strata,)."""
        return np.bincount(self.stratum, self.people_n, len(self.names)).astype(int)

    @property
    def certain(self) -> np.ndarray:
        """Strata that are invited whole, whatever the plan; bool array (strata,)."""
        return np.array([name.startswith(CERTAIN) for name in self.names])


def choose_neighbours(answers: np.ndarray) -> np.ndarray:
    """Choose the stratum that each goes with where one of it alone answers: one answer tells no variance (`strata_merge`).

    It is the one that leaves the fewest groups without an interval: `Σ_g P(one of h in g)·P(none of o in g)`, smallest over o, with Poisson's
    chances m·exp(−m) and exp(−m).

    Parameters
    ----------
    answers : float array (groups, strata)
        Answers that are expected of a stratum in a group: the whole, units, roles.

    Returns
    -------
    int array (strata,)
        Its own number where there is no other.

    Examples
    --------
    >>> choose_neighbours(np.array([[9.0, 9.0, 9.0], [8.0, 1.0, 0.1], [1.0, 8.0, 8.9]])).tolist()
    [1, 0, 0]
    """
    cost = (answers * np.exp(-answers)).T @ np.exp(-answers)
    np.fill_diagonal(cost, np.inf)
    return cost.argmin(axis=1)


def chance_of_no_interval(answers: np.ndarray, neighbour: np.ndarray) -> np.ndarray:
    """Return how likely a group is to have no interval, as one alone answers in a stratum and none in the one that it goes with.

    `1 − Π_o (1 − P(none of o)·(1 − Π_h (1 − P(one of h))))` over the strata o that others name, and those h that name o; Poisson's chances as in
    `choose_neighbours`.

    Parameters
    ----------
    answers : float array (groups, strata)
    neighbour : int array (strata,)
        As `choose_neighbours` returns it.

    Returns
    -------
    float array (groups,)

    Examples
    --------
    Half an answer is expected of each of two strata: one alone by e^-½/2 = 0.303, none by 0.607, and either may be the one.

    >>> chance_of_no_interval(np.array([[0.5, 0.5]]), np.array([1, 0])).round(3).tolist()
    [0.334]
    """
    none = np.exp(-answers)
    not_one = 1 - answers * none
    told = np.ones(len(answers))
    for o in np.unique(neighbour):
        told *= 1 - none[:, o] * (1 - not_one[:, neighbour == o].prod(axis=1))
    return 1 - told


def stratify(people: pd.DataFrame, tree: UnitTree, rate: float) -> Cells:
    """Decide within what people are drawn.

    A cell of unit × role is a stratum where at least `CROSSED_MIN` would answer if all its people were asked. Smaller cells of a
    unit make one stratum together, if `EXPECTED_MIN` of them would, else with the unit's smallest cell that is one. Where there is none, they
    go with those of the unit above, and at last with what is left of the whole organisation; where that is too little, the
    smallest stratum joins it. Whoever is invited for certain is in a stratum of her own
    kind.

    Parameters
    ----------
    people : pandas.DataFrame
        `Frame.people`.
    tree : UnitTree
        The organisation's units.
    rate : float
        Share of the invited who answer, 0-1.

    Returns
    -------
    Cells

    """
    grouped = people.assign(certain=people["draw"] == ALWAYS).groupby(["unit", "role", "certain"], sort=True)
    sizes = grouped.size()
    listed, people_n = sizes.index.tolist(), sizes.to_numpy()
    name_of = _name_strata(listed, people_n, tree, rate)
    names = sorted(set(name_of))
    return Cells(
        [unit for unit, _, _ in listed],
        [role for _, role, _ in listed],
        people_n,
        np.array([names.index(name) for name in name_of], int),
        names,
        grouped.ngroup().to_numpy(),
    )


def _name_strata(
    cells: list[tuple[str, str, bool]], people_n: np.ndarray, tree: UnitTree, rate: float
) -> list[str]:
    names = [f"{CERTAIN}{unit or DIRECT}/{role}" for unit, role, _ in cells]
    pools: dict[str, list[int]] = defaultdict(list)
    for c, (unit, role, certain) in enumerate(cells):
        if not certain:
            if people_n[c] * rate >= CROSSED_MIN:
                names[c] = f"{unit or DIRECT}/{role}"
            else:
                pools[unit].append(c)
    for unit in sorted({*tree.parent, *pools} - {""}, key=lambda u: (-tree.depth(u), u)):
        pool = pools.get(unit, [])
        if people_n[pool].sum() * rate < EXPECTED_MIN:
            beside = _find_smallest(
                [c for c, name in enumerate(names) if name == f"{unit}/{cells[c][1]}"], people_n
            )
            if pool and beside is None:
                pools[tree.parent[unit]] += pool
                continue
            pool = [*pool, beside] if pool and beside is not None else []
        for c in pool:
            names[c] = f"{unit}/{ALL}"
    rest = pools[""]
    if rest and people_n[rest].sum() * rate < EXPECTED_MIN:
        rest = rest + _find_smallest_stratum(names, people_n)
    for c in rest:
        names[c] = f"{ALL}/{ALL}"
    return names


def _find_smallest(cells: list[int], people_n: np.ndarray) -> int | None:
    return min(cells, key=lambda c: (people_n[c], c), default=None)


def _find_smallest_stratum(names: list[str], people_n: np.ndarray) -> list[int]:
    """Return the cells of the stratum of the fewest people that are drawn; none where there is no stratum yet."""
    drawn: dict[str, list[int]] = defaultdict(list)
    for c, name in enumerate(names):
        if not name.startswith(CERTAIN):
            drawn[name].append(c)
    return min(drawn.values(), key=lambda cells: people_n[cells].sum(), default=[])

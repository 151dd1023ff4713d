"""A sample that anyone can draw again: no random numbers, a hash of seed and person decides."""

from __future__ import annotations

import hashlib

import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.survey.planning import Plan, hash_frame
from dimios_core.survey.sampled import PLAN, Invited
from dimios_core.survey.strata import stratify


def lot_of(seed: str, person_id: str) -> str:
    """Return the lot that a person has drawn: SHA-256 of seed, a line feed and person-id, as hexadecimal digits.

    Whoever has the lowest lots of a stratum is invited. The lots of two people are independent of each other and of the order
    of the list; nobody can choose a person's lot without choosing the seed (Ohlsson 1995, permanent random numbers).

    Examples
    --------
    ``printf '2026\\n17' | sha256sum`` gives the same:

    >>> lot_of("2026", "17")[:16]
    'ccdce32e35113ce6'
    """
    return hashlib.sha256(f"{seed}\n{person_id}".encode()).hexdigest()


def draw_sample(people: pd.DataFrame, tree: UnitTree, plan: Plan, seed: str) -> tuple[Invited, ...]:
    """Draw the sample of a plan.

    Parameters
    ----------
    people : pandas.DataFrame
        `dimios_core.survey.frame.Frame.people`.
    tree : UnitTree
    plan : Plan
    seed : str
        Any text; told beforehand, it lets anyone draw the same sample of the same frame.

    Returns
    -------
    tuple of Invited
        By stratum, then by lot; weights N_h/n_h.

    Raises
    ------
    InputError
        The frame, or its units, are not those of the plan.
    """
    cells = stratify(people, tree, plan.rate)
    planned = {stratum.name: stratum for stratum in plan.strata}
    population = dict(zip(cells.names, cells.population.tolist(), strict=True))
    if hash_frame(people) != plan.frame or population != {name: s.people for name, s in planned.items()}:
        what = "it is the plan of another frame, or of other units"
        raise InputError(Problem(PLAN, what, "plan again: dimios survey plan"))
    lots = people.assign(
        stratum=[cells.names[cells.stratum[c]] for c in cells.cell_of],
        lot=[lot_of(seed, person) for person in people["person_id"]],
    ).sort_values(["stratum", "lot"])
    drawn = lots[lots.groupby("stratum").cumcount() < lots["stratum"].map(lambda name: planned[name].invited)]
    return tuple(
        Invited(
            row["person_id"], row["name"], row["email"] or None, row["unit"], row["role"], row["language"], row["stratum"],
            planned[row["stratum"]].people / planned[row["stratum"]].invited, not row["email"],
        )
        for row in drawn.to_dict("records")
    )  # fmt: skip

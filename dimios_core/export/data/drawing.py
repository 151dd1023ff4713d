"""Who may be in a research package: two thirds of every large enough cell, by lot; and whose link between periods is kept.

Whoever holds an organisation's published figures and a package can find out which unit most respondents belong to, even
from a random quarter of them (docs/decisions/0041-research-package-not-joinable.md). So unit and role of everybody count as
known, although units are not told. A *cell* is the people of one unit and role in one period.
"""

from __future__ import annotations

import pandas as pd

#: a cell is the people who share these columns
CELL = ["organisation", "period", "unit", "role"]
#: of a cell, at most so many of so many people are in a package: two are left out of the smallest, so that no answer of
#: anybody is fixed where all who are drawn answered alike
DRAWN, OF = 2, 3


def find_large(records: pd.DataFrame) -> pd.Series:
    """Tell which records are of cells with enough people.

    Parameters
    ----------
    records : DataFrame
        A row a person and period: `CELL` (text), and alike (int): how many people a cell must have, the same for all of
        an organisation.
    """
    return records.groupby(CELL)["alike"].transform("size") >= records["alike"]


def draw_part(records: pd.DataFrame) -> pd.Series:
    """Draw two thirds of every cell, rounded down: those with the lowest lots.

    A person's lot is the same in all periods and packages. So she tends to be drawn in all of her periods, and packages
    of several purposes hold the same people: put together, they are no more than one of them.

    Parameters
    ----------
    records : DataFrame
        `CELL`, and lot (float or int, different for all people).
    """
    cells = records.groupby(CELL)["lot"]
    return cells.rank(method="first") <= cells.transform("size") * DRAWN // OF


def break_links(records: pd.DataFrame) -> pd.Series:
    """Break links between periods until enough people, drawn or not, have each trajectory of units and roles.

    Those of a cell who are told apart in this period alone are none or enough, too: else the smallest of the cell's other
    trajectories gives up its link.

    Parameters
    ----------
    records : DataFrame
        A row a person and period: `CELL`, person (any ids, of one organisation), and alike. Every cell is large enough.

    Returns
    -------
    Series of bool
        Whether a pseudonym may follow the person of the row from period to period.

    Raises
    ------
    ValueError
        A cell has too few people.
    """
    records = records.sort_values("period", kind="stable")
    person = records.groupby(["organisation", "person"]).ngroup()
    alone = records.groupby(CELL).ngroup().astype(str)
    followed = person.map(alone.groupby(person).agg(" ".join))
    linked = pd.Series(True, index=records.index)
    while True:
        trajectory = followed.where(linked, alone)
        people = trajectory.map(trajectory.value_counts()) / (trajectory.str.count(" ") + 1)
        small, several = people < records["alike"], trajectory != alone
        if not small.any():
            return linked.sort_index()
        broken = small & several
        if not broken.any():
            broken = _choose_smallest(alone, trajectory, people, several & alone.isin(alone[small]))
        linked &= ~person.isin(person[broken])


def _choose_smallest(
    alone: pd.Series, trajectory: pd.Series, people: pd.Series, candidates: pd.Series
) -> pd.Series:
    """Return which rows are of the smallest candidate trajectory of their cell, one for each cell."""
    if not candidates.any():
        raise ValueError("a cell has fewer people than have to be alike")
    frame = pd.DataFrame({"alone": alone, "trajectory": trajectory, "people": people})[candidates]
    chosen = frame.sort_values(["people", "trajectory"]).drop_duplicates("alone")["trajectory"]
    return trajectory.isin(chosen)

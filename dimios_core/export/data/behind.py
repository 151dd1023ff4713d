"""Which questions a research package may tell of a cell: what is told gives nothing away of those who are left out.

A cell is the people of one unit and role in one period; who belongs to it counts as known (`drawing.py`). Two
thirds of it, at most, are in the package. What the others of a published group answered together follows by subtraction, so it has to rest on
enough answers; or the sum of exactly this cell can be worked out from published figures anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.export.data.drawing import CELL
from dimios_core.instrument import Instrument
from dimios_core.published.conventions import ALL, DIRECT, DONT_KNOW_MOST
from dimios_core.published.status import Status
from dimios_core.published.store import list_organisations, load_results

#: a cell: the unit that people are placed on ("" directly under the organisation), and their role
Cell = tuple[str, str]
PERSON = ["organisation", "period", "person"]
#: answers of those left out that stay unknown one by one, whatever follows from published figures about their sum
UNKNOWN_MIN = 2
#: kind of an answer on the scale
ANSWERED = "answered"
#: how far rounding may take a sum that can be worked out from its cells
TOLERANCE = 1e-8


def keep_told(answers: pd.DataFrame, records: pd.DataFrame, results: Path, model: Instrument) -> pd.DataFrame:
    """Keep the answers that a package may hold.

    Parameters
    ----------
    answers : DataFrame
        organisation, period, unit, role (text), person, item, answer_kind, of the answers behind published results.
    records : DataFrame
        organisation, period, person, drawn (bool), alike (int), of all people of large enough cells.
    results : Path
        The results folder.
    model : Instrument

    Returns
    -------
    DataFrame
        The rows of `answers` of those drawn, to questions that may be told of their cells; in the same order.
    """
    question = [*CELL, "item"]
    given = answers.merge(records[[*PERSON, "drawn", "alike"]], on=PERSON)
    # one fewer than alike: a sum is of enough answers with a single one from elsewhere
    others = (given["answer_kind"] == ANSWERED) & ~given["drawn"]
    unknown = others.groupby([given[c] for c in question]).transform("sum")
    enough = unknown >= given["alike"] - 1
    behind = pd.DataFrame(_list_recoverable(answers, results, model), columns=question).assign(behind=True)
    known = given.merge(behind, on=question, how="left")["behind"].notna()
    return given.loc[given["drawn"] & (enough | (known & (unknown >= UNKNOWN_MIN))), answers.columns]


def _list_recoverable(answers: pd.DataFrame, results: Path, model: Instrument) -> list[tuple[str, ...]]:
    """List organisation, period, unit, role and item of all that can be worked out of single cells."""
    told: list[tuple[str, ...]] = []
    published = set(list_organisations(results))
    for organisation, own in answers.groupby("organisation"):
        if organisation not in published:
            continue
        stood = load_results(str(organisation), results)
        parent = {unit["id"]: unit["parent"] for unit in stood.profile["units"]}
        for period, here in own.groupby("period"):
            cells = list(here[["unit", "role"]].drop_duplicates().itertuples(index=False, name=None))
            questions = find_recoverable(stood.scores[stood.scores["period"] == period], parent, cells, model)
            told += [
                (str(organisation), str(period), *cell, item) for cell in cells for item in questions[cell]
            ]
    return told


def find_recoverable(
    scores: pd.DataFrame, parent: Mapping[str, str], cells: list[Cell], model: Instrument
) -> dict[Cell, set[str]]:
    """Tell which questions of each cell can be worked out from published figures.

    Parameters
    ----------
    scores : DataFrame
        Published scores of one organisation and period: unit, role, level, key, status, bound, dont_know_share.
    parent : mapping
        Unit -> the unit above it, "" for the organisation.
    cells : list of (unit, role)
        All cells with a respondent.
    model : Instrument

    Returns
    -------
    dict
        Cell -> ids of items whose score and share of don't know can both be worked out for exactly this cell.
    """
    shown = scores[
        (scores["status"] == Status.PUBLISHED.label)
        & ~scores["bound"].isin(["at_least", "at_most"])
        & (scores["dont_know_share"] < DONT_KNOW_MOST)
        & scores["level"].isin(["point", "item"])
    ]
    groups = {
        key: frozenset(rows[["unit", "role"]].astype(str).itertuples(index=False, name=None))
        for key, rows in shown.groupby(["level", "key"], observed=True)
    }
    settled = {some: _find_in_row_space(some, parent, cells) for some in set(groups.values())}
    of = {(str(level), str(key)): settled[some] for (level, key), some in groups.items()}
    told: dict[Cell, set[str]] = {cell: set() for cell in cells}
    for item, point in model.point_of_item.items():
        # items without rows of their own anywhere leave nothing to subtract from
        own = [i for i, p in model.point_of_item.items() if p == point and ("item", i) in of]
        figures = [("point", point), *([("item", item)] if own else [])]
        for cell in set.intersection(*(of.get(figure, set()) for figure in figures)):
            told[cell].add(item)
    return told


def _find_in_row_space(groups: Iterable[Cell], parent: Mapping[str, str], cells: list[Cell]) -> set[Cell]:
    """Return the cells whose indicator lies in the row space of the published groups (as method 5 has it)."""
    rows = np.array([[_holds(group, cell, parent) for cell in cells] for group in sorted(groups)], float)
    if not rows.size:
        return set()
    _, size, basis = np.linalg.svd(rows, full_matrices=False)
    basis = basis[size > TOLERANCE]
    missed = np.abs(np.eye(len(cells)) - basis.T @ basis).max(axis=1)
    return {cell for cell, far in zip(cells, missed, strict=True) if far < TOLERANCE}


def _holds(group: Cell, cell: Cell, parent: Mapping[str, str]) -> bool:
    """Tell whether people of a cell belong to a published unit and role."""
    unit, role = group
    if role not in (ALL, cell[1]):
        return False
    if unit.endswith(DIRECT):
        return unit.removesuffix(DIRECT) == cell[0]
    above = cell[0]
    while above and above != unit:
        above = parent.get(above, "")
    return unit == ALL or (above != "" and above == unit)

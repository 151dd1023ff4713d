"""Which groups will get figures: the disclosure pattern of results, on answers that are expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.instrument.lead import lead_of
from dimios_core.published.status import Status
from dimios_core.results.disclosure.pattern import decide_pattern
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Block, UnitTree, build_block
from dimios_core.results.scoring.upwards import Upwards
from dimios_core.survey.strata import Cells

#: a whole result, some figures, none
WHOLE, PART, NONE = "whole", "part", "none"


@dataclass(frozen=True)
class Forecast:
    """What each group will get.

    Attributes
    ----------
    unit, role : lists of str (groups,)
        `*` for all; in the order of reports.
    figures : list of str (groups,)
        "whole": the figure that a report leads with, too; "part": some questions or categories; "none".
    people : bool array (groups, cells)
        Whom a group consists of.
    """

    unit: list[str]
    role: list[str]
    figures: list[str]
    people: np.ndarray


def count_whole(expected: np.ndarray) -> np.ndarray:
    """Count whole people or answers of what is expected, along its first axis: sums of neighbours are right to within one.

    Examples
    --------
    >>> count_whole(np.array([0.6, 0.6, 0.6, 0.6, 2.0])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.diff(np.floor(np.cumsum(expected, axis=0) + 1e-9), axis=0, prepend=0).astype(int)


def forecast_figures(
    cells: Cells,
    expected: np.ndarray,
    tree: UnitTree,
    threshold: int,
    columns: Columns,
    answered: np.ndarray,
    asked: np.ndarray,
) -> Forecast:
    """Forecast what may be published of every group, if as many answer as are expected.

    Parameters
    ----------
    cells : Cells
    expected : float array (cells,)
        Answers.
    tree : UnitTree
    threshold : int
        Answers needed behind a published figure.
    columns : Columns
    answered, asked : float arrays (columns,)
        Share of respondents who answer each question; who answer or say "don't know".

    Returns
    -------
    Forecast
        Of groups that somebody of the frame belongs to.

    Notes
    -----
    It rests on counts alone. What is withheld because answers lie at an end of the scale, would be bounded narrowly or carry unequal weights is not
    foreseen, nor what an anonymous survey keeps back.
    """
    unit, role = np.array(cells.unit, object), np.array(cells.role, object)
    laid_out = build_block("", "", threshold, tree, unit, role)
    figures = dict.fromkeys(laid_out.groups, NONE)
    people = count_whole(expected)
    if people.any():
        block = build_block("", "", threshold, tree, np.repeat(unit, people), np.repeat(role, people))
        figures |= zip(block.groups, _decide(block, columns, answered, asked), strict=True)
    return Forecast(
        laid_out.unit,
        laid_out.role,
        [figures[key] for key in laid_out.groups],
        laid_out.rows[:, laid_out.atom_of],
    )


def _decide(block: Block, columns: Columns, answered: np.ndarray, asked: np.ndarray) -> list[str]:
    people = np.bincount(block.atom_of)[:, None]  # atoms of a unit stand together
    answers = count_whole(people * answered)
    nobody = np.zeros((block.groups_n, columns.columns_n), bool)
    pattern = decide_pattern(
        block, answers, np.maximum(count_whole(people * asked), answers), (nobody, nobody), columns.items_of,
        columns.point_weight[:, None] * columns.in_category,
    )  # fmt: skip
    shown = pattern.scores == Status.PUBLISHED
    some = shown.any(axis=1)
    answers_n = np.tile(some[:, None], len(columns.level_rows)).astype(int)
    lead = columns.level_rows.index(lead_of(columns.instrument))
    whole = Upwards(columns, shown[:, columns.points]).complete(answers_n)[:, lead]
    return [WHOLE if w else PART if s else NONE for w, s in zip(whole, some, strict=True)]

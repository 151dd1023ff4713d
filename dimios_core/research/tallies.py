"""Counts, shares, means and changes of groups, summed block by block: of any number of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.levels import to_categories, to_levels
from dimios_core.research.rows import IDENTIFIERS
from dimios_core.responses.labels import suggest
from dimios_core.responses.store import ANSWER_KINDS

By = str | Sequence[str]
DEFAULT_BY = ("organisation", "period")


def counts(answers: Answers, by: By = DEFAULT_BY) -> pd.DataFrame:
    """Count respondents, and their answers by kind.

    Parameters
    ----------
    by : str or sequence of str
        Levels of the index.

    Returns
    -------
    pandas.DataFrame
        Index `by`, int columns respondents_n (rows: a respondent and period), answered_n, dont_know_n, missing_n (of items).

    Raises
    ------
    InputError
        A level that there is not.
    """
    return _gather(answers, _count, by)


def shares(answers: Answers, by: By = DEFAULT_BY) -> pd.DataFrame:
    """Return how each item was answered, as shares (0-1) of a group's respondents.

    Returns
    -------
    pandas.DataFrame
        Index (*by, item), a column for each answer that somebody gave (on the item's scale), then dont_know and missing. A row adds
        up to 1.
    """
    found = _gather(answers, _count_answers, by, ["item"]).fillna(0.0)
    kinds = list(ANSWER_KINDS[1:])
    found = found[[*sorted(c for c in found.columns if c not in kinds), *kinds]]
    order = pd.Index(answers.columns.item_ids)
    return found.div(found.sum(axis=1), axis=0).sort_index(key=lambda level: _rank(level, order))


def means(answers: Answers, by: By = DEFAULT_BY, answers_min: int = 1) -> pd.DataFrame:
    """Return means of points, and the categories, dimensions and composite ("maturity") that they make, 0-100 percent.

    Parameters
    ----------
    answers_min : int, optional
        A point that fewer have answered is NaN.

    Returns
    -------
    pandas.DataFrame
        Index `by`. A point is the plain mean of those who answered it; the others follow from the group's points, by the rules of
        method 2 (a category needs two thirds of its points' weight). Without design weights and strata, which
        `dimios score` honours: for questions, not for reports.
    """
    n, total = sum_points(answers, by)
    return complete_means((total / n.where(n > 0)).where(n >= answers_min), answers)


def complete_means(points: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """Add categories, dimensions and composite to means of points."""
    categories = to_categories(points, answers.columns)
    return pd.concat([points, categories, to_levels(categories, answers.columns)], axis=1)


def changes(
    answers: Answers, first: str, last: str, by: By = "organisation", answers_min: int = 5
) -> pd.DataFrame:
    """Return how much higher means of groups are in one period than in another, percentage points.

    Parameters
    ----------
    first, last : str
        Periods.
    by : str or sequence of str
        Levels of the index other than period.

    Returns
    -------
    pandas.DataFrame
        Index `by`, columns as `means`; groups with answers in both. How certain they are: `bootstrap(answers, "changes", …)`.
    """
    levels = [by] if isinstance(by, str) else list(by)
    both = means(answers.select(periods=[first, last]), [*levels, "period"], answers_min)
    found = both.xs(last, level="period") - both.xs(first, level="period")
    return found.dropna(how="all")


def sum_points(answers: Answers, by: By) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return by group how many answered each point, and the sum of their scores (percent)."""
    found = _gather(answers, sum_block, by)
    return found["n"].astype(int), found["total"]


def _gather(
    answers: Answers, work: Callable[[list[str], Answers], pd.DataFrame], by: By, more: Sequence[str] = ()
) -> pd.DataFrame:
    levels = [by] if isinstance(by, str) else list(by)
    problems = [
        Problem(
            "by",
            f"there is no identifier “{b}”{suggest(b, IDENTIFIERS)}",
            f"use some of {', '.join(IDENTIFIERS)}",
        )
        for b in levels
        if b not in IDENTIFIERS
    ]
    if problems:
        raise InputError(problems)
    parts = pd.concat(answers.map(partial(work, levels)))
    return parts.groupby(level=[*levels, *more]).sum(min_count=1)


def _count(by: list[str], block: Answers) -> pd.DataFrame:
    kinds = {f"{name}_n": (block.kind == at).sum(axis=1) for at, name in enumerate(ANSWER_KINDS)}
    frame = pd.DataFrame({"respondents_n": 1} | kinds, block.index)
    return frame.groupby(level=by).sum()


def sum_block(by: list[str], block: Answers) -> pd.DataFrame:
    """Return of one block by group how many answered each point ("n", …), and the sum of their scores ("total", …)."""
    points = block.points()
    grouped = points.groupby(level=by)
    return pd.concat({"n": grouped.count(), "total": grouped.sum()}, axis=1)


def _count_answers(by: list[str], block: Answers) -> pd.DataFrame:
    index = block.index.droplevel([n for n in IDENTIFIERS if n not in by])
    code, groups = pd.factorize(index)
    values, place = np.unique(block.answer[block.kind == 0], return_inverse=True)
    cell = np.where(block.kind == 0, 0, len(values) + block.kind - 1).astype(np.int64)
    cell[block.kind == 0] = place
    items_n, wide = cell.shape[1], len(values) + 2
    flat = ((code[:, None] * items_n + np.arange(items_n)) * wide + cell).ravel()
    found = np.bincount(flat, minlength=len(groups) * items_n * wide).reshape(-1, wide)
    rows = groups.repeat(items_n).to_frame(index=False)
    rows.columns = by if len(by) > 1 else by[:1]
    rows["item"] = np.tile(np.array(block.columns.item_ids, object), len(groups))
    return pd.DataFrame(found, pd.MultiIndex.from_frame(rows), [*values.tolist(), *ANSWER_KINDS[1:]])


def _rank(level: pd.Index, order: pd.Index) -> pd.Index:
    return pd.Index(order.get_indexer(level)) if level.name == "item" else level

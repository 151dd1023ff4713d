"""Which scores a model of people is made of: of answers or a frame, by group, from the means of others."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.rows import IDENTIFIERS
from dimios_core.research.tallies import sum_points


def take_points(data: Answers | pd.DataFrame, centre: str | list[str] | None = None) -> pd.DataFrame:
    """Return point scores of answers, or a frame as it is (a row a person, a column an item, NaN unanswered).

    Parameters
    ----------
    centre : str or list of str, optional
        Index levels ("organisation", or several); each group's mean is taken from each column, so that only how people
        within it differ is left.

    Raises
    ------
    InputError
        A column that is no number, or a level that the index lacks.
    """
    frame = data.points() if isinstance(data, Answers) else data
    text = [str(c) for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    if text:
        remedy = f"keep identifiers in the index, as {', '.join(IDENTIFIERS)}"
        raise InputError([Problem(f"column {c}", "it holds no numbers", remedy) for c in text])
    if centre is None:
        return frame
    levels = [centre] if isinstance(centre, str) else list(centre)
    for level in levels:
        group_of(frame, level)
    return frame - frame.groupby(level=levels).transform("mean")


def group_of(frame: pd.DataFrame, level: str) -> np.ndarray:
    """Return each row's value of an index level.

    Raises
    ------
    InputError
        There is no such level.
    """
    if level not in frame.index.names:
        known = ", ".join(str(n) for n in frame.index.names)
        raise InputError(
            Problem("by, centre or group", f"there is no identifier “{level}”", f"use one of {known}")
        )
    return frame.index.get_level_values(level).to_numpy()


@dataclass(frozen=True)
class Reading:
    """How blocks of stored answers become scores, as `take_points` makes them of a frame.

    Attributes
    ----------
    columns : tuple of str
        Points.
    group : str or None
        Index level.
    centre : tuple of str
        Index levels whose groups' means are taken away.
    middles : pandas.DataFrame or None
        These means, where a group lies in several blocks.
    """

    columns: tuple[str, ...]
    group: str | None = None
    centre: tuple[str, ...] = ()
    middles: pd.DataFrame | None = None

    @classmethod
    def of(
        cls, answers: Answers, columns: list[str] | None, group: str | None, centre: str | list[str] | None
    ) -> Reading:
        """Look up means by which to centre, where they need a pass of their own: organisations lie in one block each."""
        levels = [centre] if isinstance(centre, str) else list(centre or ())
        middles = None
        if levels and "organisation" not in levels:
            n, total = sum_points(answers, levels)
            middles = total / n
        return cls(tuple(columns or answers.columns.point_ids), group, tuple(levels), middles)

    def read(self, block: Answers) -> dict[Hashable, np.ndarray]:
        """Scores by group ("" without groups), float (people, points); who has answered none is left out."""
        if self.middles is None:
            frame = take_points(block, list(self.centre) or None)
        else:
            frame = block.points()
            keys = frame.index.droplevel([n for n in IDENTIFIERS if n not in self.centre])
            keys = keys.reorder_levels(list(self.centre)) if len(self.centre) > 1 else keys
            frame = frame - self.middles.reindex(keys).to_numpy()
        return split(frame[list(self.columns)], self.group)


def split(frame: pd.DataFrame, group: str | None) -> dict[Hashable, np.ndarray]:
    """A frame's rows by a level of its index, as arrays."""
    parts = {"": frame} if group is None else dict(list(frame.groupby(group_of(frame, group))))
    return {g: part.to_numpy(float) for g, part in parts.items()}

"""Sums that means, covariances and everything made of them follow from: they add up over blocks of any number of answers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from dimios_core.errors import InputError, Problem
from dimios_core.research.answers import Answers
from dimios_core.research.reading import Reading, split, take_points

#: people behind any model of covariances
PEOPLE_MIN = 20


@dataclass(frozen=True)
class Sums:
    """Sums over people, by pair of items: of those who answered both.

    Attributes
    ----------
    people_n : int
        Who have answered anything.
    n : float array (items, items)
        How many answered both.
    first : float array (items, items)
        Sum of the row's item over them.
    second : float array (items, items)
        Sum of products.
    lowest, highest : float array (items,)
        Of each item; infinite where nobody answered.
    """

    people_n: int
    n: np.ndarray
    first: np.ndarray
    second: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray

    @classmethod
    def of(cls, y: np.ndarray) -> Sums:
        """Sum up people's scores, float (people, items), NaN where not answered."""
        seen = ~np.isnan(y)
        known, filled = seen.astype(float), np.where(seen, y, 0.0)
        return cls(
            int(seen.any(axis=1).sum()), known.T @ known, filled.T @ known, filled.T @ filled,
            np.where(seen, y, np.inf).min(axis=0, initial=np.inf), np.where(seen, y, -np.inf).max(axis=0, initial=-np.inf),
        )  # fmt: skip

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.people_n + other.people_n, self.n + other.n, self.first + other.first, self.second + other.second,
            np.minimum(self.lowest, other.lowest), np.maximum(self.highest, other.highest),
        )  # fmt: skip

    def keep(self, at: list[int]) -> Sums:
        """Sums of some of the items; `people_n` stays that of all."""
        both = np.ix_(at, at)
        return Sums(
            self.people_n,
            self.n[both],
            self.first[both],
            self.second[both],
            self.lowest[at],
            self.highest[at],
        )

    @property
    def mean(self) -> np.ndarray:
        """Each item's mean, of those who answered it, float (items,)."""
        return np.diagonal(self.first, axis1=-2, axis2=-1) / np.diagonal(self.n, axis1=-2, axis2=-1)

    @property
    def variance(self) -> np.ndarray:
        """Each item's variance among those who answered it, divided by their number, float (items,)."""
        n, second = (np.diagonal(a, axis1=-2, axis2=-1) for a in (self.n, self.second))
        return second / n - self.mean**2

    def covariance(self, ddof: int) -> np.ndarray:
        """Covariances of each pair, from its own means, divided by n − ddof, float (items, items)."""
        return (self.second - self.first * np.swapaxes(self.first, -1, -2) / self.n) / (self.n - ddof)

    def check(self, names: list[str]) -> None:
        """Refuse what no covariance can be had of; all faults at once.

        Raises
        ------
        InputError
            Too few people, or an item that does not vary.
        """
        if self.people_n < PEOPLE_MIN:
            what = f"only {self.people_n} people are left"
            remedy = (
                'take more periods or organisations, or missing="two_stage", which uses who answered in part'
            )
            raise InputError(Problem("answers", what, remedy))
        flat = [
            Problem(f"column {name}", "all answers are alike, or there are none", "leave it out")
            for name, varies in zip(names, self.highest > self.lowest, strict=True)
            if not varies
        ]
        if flat:
            raise InputError(flat)


def gather_sums(
    data: Answers | pd.DataFrame,
    columns: list[str] | None = None,
    group: str | None = None,
    centre: str | list[str] | None = None,
    complete: bool = False,
) -> dict[Hashable, Sums]:
    """Sum up point scores of answers, or a frame's columns.

    Parameters
    ----------
    columns : list of str, optional
        Default all.
    group : str, optional
        Index level: sums of each of its groups; without, of all, under "".
    centre : str or list of str, optional
        Index levels whose groups' means are taken from each column first.
    complete : bool, optional
        People with every answer alone.

    Raises
    ------
    InputError
        As `take_points`.
    """
    if isinstance(data, Answers) and data.are_stored:
        reading = Reading.of(data, columns, group, centre)
        parts = list(data.map(partial(_sum_block, reading, complete)))
    else:
        frame = take_points(data, centre)
        parts = [_sum_up(split(frame if columns is None else frame[columns], group), complete)]
    found: dict[Hashable, Sums] = {}
    for part in parts:
        for name, sums in part.items():
            found[name] = found[name] + sums if name in found else sums
    return {name: found[name] for name in sorted(found, key=str)}


def _sum_block(reading: Reading, complete: bool, block: Answers) -> dict[Hashable, Sums]:
    return _sum_up(reading.read(block), complete)


def _sum_up(parts: dict[Hashable, np.ndarray], complete: bool) -> dict[Hashable, Sums]:
    return {g: Sums.of(y[~np.isnan(y).any(axis=1)] if complete else y) for g, y in parts.items()}

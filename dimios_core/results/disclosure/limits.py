"""What published means tell of sums: between which limits each lies (method 5).

A mean of one decimal leaves an interval; answers are whole steps on a scale, so its sum is the whole number of steps
in it. Below 1000/steps answers (250 on a scale of five) there is only one. Where a bound is told, the sum may be
anything in the room at that end (`dimios_core.results.scoring.ends`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dimios_core.results.scoring.ends import end_room, find_ends

#: published means have one decimal
ROUNDING_PP = 0.05
#: what a whole number of steps may be off by
ROUND_OFF = 1e-6


@dataclass(frozen=True)
class Cells:
    """The atoms of one block and column, as the checks see them.

    Attributes
    ----------
    rows : bool array (groups, atoms)
    weight : float array (atoms,)
        Sum of the weights of those who answered; their number where nobody is weighted.
    total : float array (atoms,)
        Weighted sum of scores in percent, 0 <= total <= 100·weight.
    answers : int array (atoms,)
    grid : float array (groups,)
        Steps in which one answer's score can move from 0 to 100 percent, for whom a group consists of; 0 where
        weights differ, and sums are not whole numbers of anything.
    few : int
        One less than the threshold.
    """

    rows: np.ndarray
    weight: np.ndarray
    total: np.ndarray
    answers: np.ndarray
    grid: np.ndarray
    few: int

    @property
    def size(self) -> np.ndarray:
        """Weight of every group, shape (groups,)."""
        return self.rows @ self.weight

    @property
    def mean(self) -> np.ndarray:
        """Mean of every group, percent, shape (groups,); NaN where nobody answered."""
        size = self.size
        return np.divide(self.rows @ self.total, size, out=np.full(len(size), np.nan), where=size > 0)

    @property
    def room(self) -> np.ndarray:
        """How near an end a group's mean is told as a bound, percentage points, shape (groups,)."""
        return end_room(self.rows @ self.answers, np.array(self.few), self.grid == 0)

    def limits(self, groups: np.ndarray, *, rooms: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest mean (percent) that agree with what is told of groups (int array) once published.

        Without `rooms`, as if near an end more than a bound were told.
        """
        mean, room, grid, size = self.mean[groups], self.room[groups], self.grid[groups], self.size[groups]
        end, told = find_ends(mean, room) * rooms, np.round(mean, 1)
        low = np.where(end < 0, 0, np.where(end > 0, 100 - room, told - ROUNDING_PP))
        high = np.where(end < 0, room, np.where(end > 0, 100, told + ROUNDING_PP))
        steps = np.where(grid > 0, size * grid / 100, 1)  # of a sum, a percentage point of the mean
        whole_low, whole_high = np.ceil(low * steps - ROUND_OFF), np.floor(high * steps + ROUND_OFF)
        return np.where(grid > 0, whole_low / steps, low), np.where(grid > 0, whole_high / steps, high)

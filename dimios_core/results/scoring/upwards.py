"""From measure points up: sums of a group's columns carried to categories, dimensions and the composite (method 2)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members


class Upwards:
    """Carries values of columns up to categories, dimensions and the composite, with each group's weights."""

    def __init__(self, columns: Columns, usable: np.ndarray) -> None:
        self.columns = columns
        self.weights, self.category_complete = columns.point_weights_within(usable)
        self.entered = self.weights > 0
        self.within = (columns.category_weight > 0).astype(float)

    def _stack(self, category: np.ndarray, combine_c: np.ndarray, combine_d: np.ndarray) -> np.ndarray:
        dimension = category @ combine_c
        return np.concatenate([category, dimension, dimension @ combine_d], axis=-1)

    def shares(self) -> np.ndarray:
        """a_k of every level above the points, shape (groups, points, level rows above)."""
        c = self.columns
        category = self.weights[:, :, None] * c.in_category
        return self._stack(category, c.category_weight, c.dimension_weight)

    def carry(self, own: np.ndarray) -> np.ndarray:
        """Σ a_k x_k for every level row; `own` is (groups, columns)."""
        c = self.columns
        category = (own[:, : c.points_n] * self.weights) @ c.in_category
        return np.hstack([own, self._stack(category, c.category_weight, c.dimension_weight)])

    def carry_squares(self, own: np.ndarray) -> np.ndarray:
        """Σ a_k² x_k for every level row; `own` is (groups, columns), NaN where there are no answers."""
        c = self.columns
        category = (np.nan_to_num(own[:, : c.points_n]) * self.weights**2) @ c.in_category
        return np.hstack([own, self._stack(category, c.category_weight**2, c.dimension_weight**2)])

    def count(self, own: np.ndarray) -> np.ndarray:
        """Σ x_k over the points that entered each level row; `own` is (groups, columns)."""
        c = self.columns
        category = (own[:, : c.points_n] * self.entered) @ c.in_category
        return np.hstack([own, self._stack(category, self.within, np.ones_like(c.dimension_weight))])

    def reach(self, answered: np.ndarray, members: Members) -> np.ndarray:
        """Tell whether a member has an answer among the points of each level above the points."""
        c = self.columns
        category = (self.entered[:, :, None] & (c.in_category > 0)).astype(np.float32)
        asks = self._stack(category, self.within, np.ones_like(c.dimension_weight)).astype(np.float32)
        has = answered[:, : c.points_n].astype(np.float32)
        found = np.empty((len(members.group), asks.shape[2]), np.float32)
        for g, (first, last) in enumerate(pairwise(members.start.tolist())):
            np.matmul(has[members.respondent[first:last]], asks[g], out=found[first:last])
        return found > 0

    def complete(self, n: np.ndarray) -> np.ndarray:
        """Tell which level rows have a score: answers, two thirds of a category, all categories above."""
        c = self.columns
        category = self.category_complete
        dimension = (category @ self.within) == self.within.sum(axis=0)
        composite = np.repeat(dimension.all(axis=1, keepdims=True), c.composites_n, axis=1)
        own = np.ones((len(category), c.columns_n), bool)
        return np.hstack([own, category, dimension, composite]) & (n > 0)

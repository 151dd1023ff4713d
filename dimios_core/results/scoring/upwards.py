"""From measure points up: sums of a group's columns carried to categories, dimensions and the composite (method 2)."""

from __future__ import annotations

import numpy as np

from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import Members

WORD_BYTES = 8


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
        """Tell whether a member has an answer among the points of each level above the points.

        Answers, and points that entered a category, are compared as bits.
        """
        c = self.columns
        has = _pack(answered[:, : c.points_n])
        asks = _pack(self.entered[:, None, :] & (c.in_category.T > 0))
        category = np.zeros((len(members.group), asks.shape[1]), bool)
        for word in range(has.shape[-1]):
            category |= (has[members.respondent, None, word] & asks[members.group, :, word]) != 0
        return self._stack(category.astype(float), self.within, np.ones_like(c.dimension_weight)) > 0

    def complete(self, n: np.ndarray) -> np.ndarray:
        """Tell which level rows have a score: answers, two thirds of a category, all categories above."""
        c = self.columns
        category = self.category_complete
        dimension = (category @ self.within) == self.within.sum(axis=0)
        composite = np.repeat(dimension.all(axis=1, keepdims=True), c.composites_n, axis=1)
        own = np.ones((len(category), c.columns_n), bool)
        return np.hstack([own, category, dimension, composite]) & (n > 0)


def _pack(flags: np.ndarray) -> np.ndarray:
    """Pack the last axis of a bool array into words of 64 bits."""
    packed = np.packbits(flags, axis=-1)
    words = np.zeros((*flags.shape[:-1], -(-packed.shape[-1] // WORD_BYTES) * WORD_BYTES), np.uint8)
    words[..., : packed.shape[-1]] = packed
    return words.view(np.uint64)

"""The instrument as arrays: which columns a respondent has, and how they build up to the composite.

A *column* is a measure point, or an item of a point that has several. A *level row* is anything
that gets a score: columns first, then categories, dimensions and the composite where there is one, always in this order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np

from dimios_core.instrument import COMPOSITE, Instrument, Scale

#: a category needs this share of its point weight, else it is incomplete (method 2)
CATEGORY_WEIGHT_NEEDED = 2 / 3


@dataclass(frozen=True)
class Columns:
    """The columns and level rows of one instrument.

    Attributes
    ----------
    instrument : Instrument
    """

    instrument: Instrument

    @cached_property
    def point_ids(self) -> list[str]:
        """Identifiers of the measure points, in the instrument's order."""
        return [p.id for p in self.instrument.points]

    @cached_property
    def split_items(self) -> list[tuple[str, int]]:
        """Items that get a column of their own: (item id, index of its point), of points with several items."""
        return [(i.id, k) for k, p in enumerate(self.instrument.points) if len(p.items) > 1 for i in p.items]

    @cached_property
    def items_of(self) -> dict[int, list[int]]:
        """Column of a point -> columns of its items, of points with several."""
        columns: dict[int, list[int]] = {}
        for j, (_, point) in enumerate(self.split_items):
            columns.setdefault(point, []).append(self.points_n + j)
        return columns

    @cached_property
    def item_ids(self) -> list[str]:
        """Identifiers of all items, point by point."""
        return [i.id for p in self.instrument.points for i in p.items]

    @cached_property
    def item_lowest(self) -> np.ndarray:
        """Lowest answer of every item's scale, shape (items,)."""
        return np.array([self._scale(self.instrument.items[i].scale).lowest for i in self.item_ids], float)

    @cached_property
    def item_highest(self) -> np.ndarray:
        """Highest answer of every item's scale, shape (items,)."""
        return np.array([self._scale(self.instrument.items[i].scale).highest for i in self.item_ids], float)

    @cached_property
    def item_reversed(self) -> np.ndarray:
        """Whether an item's scale runs the other way, bool array (items,)."""
        return np.array([self.instrument.items[i].reversed for i in self.item_ids], bool)

    @property
    def points_n(self) -> int:
        """How many measure points there are."""
        return len(self.point_ids)

    @property
    def columns_n(self) -> int:
        """How many columns there are: points and split items."""
        return self.points_n + len(self.split_items)

    @property
    def composites_n(self) -> int:
        """How many levels there are above the dimensions: one, or none."""
        return int(self.instrument.composite is not None)

    @property
    def points(self) -> slice:
        """Columns of measure points."""
        return slice(0, self.points_n)

    @property
    def items(self) -> slice:
        """Columns of split items."""
        return slice(self.points_n, self.columns_n)

    @cached_property
    def step_pct(self) -> np.ndarray:
        """Distance in percent between neighbouring values of a column, shape (columns,).

        100/(answer categories − 1) for one item; a mean of m items is m times finer.
        """
        steps = []
        for point in self.instrument.points:
            one = [100 / (self._scale(i.scale).answer_categories_n - 1) for i in point.items]
            steps.append(max(one) / len(one))
        steps += [
            100 / (self._scale(self.instrument.items[item].scale).answer_categories_n - 1)
            for item, _ in self.split_items
        ]
        return np.array(steps)

    @cached_property
    def steps_n(self) -> tuple[np.ndarray, np.ndarray]:
        """Whole steps from 0 to 100 percent of one answer's score, two int arrays (columns,).

        Where every item of a point is answered, and where some may be left out: of which all means of answered
        items are whole numbers. Sums of answers are whole numbers of these steps.
        """
        scales = [
            [self._scale(i.scale).answer_categories_n - 1 for i in p.items] for p in self.instrument.points
        ]
        split = [
            self._scale(self.instrument.items[i].scale).answer_categories_n - 1 for i, _ in self.split_items
        ]
        whole = [lcm(*own) * len(own) for own in scales] + split
        partly = [lcm(*own) * lcm(*range(1, len(own) + 1)) for own in scales] + split
        return np.array(whole), np.array(partly)

    @cached_property
    def point_weight(self) -> np.ndarray:
        """Weight of each point in its category, as in the model file, shape (points,)."""
        return np.array([p.weight for p in self.instrument.points], float)

    @cached_property
    def in_category(self) -> np.ndarray:
        """1 where a point belongs to a category, shape (points, categories)."""
        ids = [c.id for c in self.instrument.categories]
        return np.array([[float(p.category == c) for c in ids] for p in self.instrument.points])

    @cached_property
    def points_within(self) -> np.ndarray:
        """How many measure points of the model each level row rests on, int array (level rows,)."""
        category = self.in_category.sum(axis=0)
        dimension = category @ (self.category_weight > 0)
        composite = [dimension.sum()] * self.composites_n
        return np.concatenate([np.ones(self.columns_n), category, dimension, composite]).astype(int)

    @cached_property
    def category_weight(self) -> np.ndarray:
        """Weight of each category in each dimension, columns summing to 1, shape (categories, dimensions)."""
        ids = [d.id for d in self.instrument.dimensions]
        raw = np.array(
            [[c.weight if c.dimension == d else 0.0 for d in ids] for c in self.instrument.categories], float
        )
        return raw / raw.sum(axis=0)

    @cached_property
    def dimension_weight(self) -> np.ndarray:
        """Weight of each dimension in the composite, summing to 1, shape (dimensions, composites: 1 or 0)."""
        raw = np.array([[d.weight] for d in self.instrument.dimensions], float)
        return raw[:, : self.composites_n] / raw.sum()

    @cached_property
    def level_rows(self) -> list[tuple[str, str]]:
        """(level, key) of every level row, in the order of all arrays over level rows."""
        return (
            [("point", k) for k in self.point_ids]
            + [("item", i) for i, _ in self.split_items]
            + [("category", c.id) for c in self.instrument.categories]
            + [("dimension", d.id) for d in self.instrument.dimensions]
            + [COMPOSITE] * self.composites_n
        )

    def _scale(self, name: str) -> Scale:
        return self.instrument.scales[name]

    def point_weights_within(self, usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights of usable points within their categories, and which categories are complete.

        Parameters
        ----------
        usable : bool array (groups, points)
            Points that may enter; the others are left out and the weights renormalised.

        Returns
        -------
        weights : float array (groups, points)
            Sum to 1 within each category that has a usable point; 0 for points left out.
        complete : bool array (groups, categories)
            At least two thirds of the category's point weight is usable.
        """
        kept = usable * self.point_weight
        total = kept @ self.in_category
        needed = CATEGORY_WEIGHT_NEEDED * (self.point_weight @ self.in_category)
        share = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        return kept * (share @ self.in_category.T), total >= needed - 1e-12


def items_of(columns: Columns) -> dict[str, list[str]]:
    """Column -> its items, of points and of split items."""
    points = {p.id: [i.id for i in p.items] for p in columns.instrument.points}
    return points | {item: [item] for item, _ in columns.split_items}

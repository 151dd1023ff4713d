"""From points to categories, dimensions and the composite, of people or of groups alike (method 2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.results.scoring.columns import Columns


def to_categories(points: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Weighted means of points by category; NaN where those that are there carry less than two thirds of its weight."""
    y = points.to_numpy()
    weight, complete = columns.point_weights_within(~np.isnan(y))
    scores = np.where(complete, (np.nan_to_num(y) * weight) @ columns.in_category, np.nan)
    return pd.DataFrame(scores, points.index, columns.instrument.category_ids)


def to_levels(categories: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Dimensions, and the composite ("maturity") where there is one: weighted means; NaN where one part is."""
    y = categories.to_numpy()
    dimensions = np.column_stack([y[:, w > 0] @ w[w > 0] for w in columns.category_weight.T])
    names = [*columns.instrument.dimension_ids, *["maturity"] * columns.composites_n]
    return pd.DataFrame(
        np.hstack([dimensions, dimensions @ columns.dimension_weight]), categories.index, names
    )

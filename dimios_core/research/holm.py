"""Holm's method: p values where many are tried."""

from __future__ import annotations

import numpy as np
import pandas as pd


def adjust_holm(p: pd.Series) -> pd.Series:
    """Holm's (1979) adjusted p values."""
    order = p.sort_values()
    adjusted = np.maximum.accumulate(order.to_numpy() * np.arange(len(p), 0, -1))
    return pd.Series(np.minimum(adjusted, 1.0), order.index)

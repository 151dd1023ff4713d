"""Periods as numbers: years since the first."""

from __future__ import annotations

import numpy as np
import pandas as pd


def year_of(period: str) -> float:
    """Return a period's place in time, in years; a second half is half a year later.

    Examples
    --------
    >>> year_of("2024"), year_of("2024-1"), year_of("2024-2")
    (2024.0, 2024.0, 2024.5)
    """
    year, _, half = period.partition("-")
    return float(year) + 0.5 * (half == "2")


def add_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with a column `year`: years since the first period, by its index level `period`."""
    values = frame.index.get_level_values("period")
    codes, periods = pd.factorize(values)
    years = np.array([year_of(str(p)) for p in periods])
    return frame.assign(year=(years - years.min())[codes] if len(years) else np.zeros(0))

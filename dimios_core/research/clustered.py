"""A difference within groups, with errors that allow people of one organisation to be alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats


@dataclass(frozen=True)
class Slope:
    """A regression slope within cells, with its 95 % interval and p value (t with clusters − 1 degrees of freedom)."""

    estimate: float
    se: float
    low: float
    high: float
    p: float
    n: int


#: where there is nothing to tell
NO_SLOPE = Slope(np.nan, np.nan, np.nan, np.nan, np.nan, 0)


def slope_within(y: np.ndarray, x: np.ndarray, cells: np.ndarray, clusters: np.ndarray) -> Slope:
    """Slope of y on x, both from their cells' means; errors clustered (Liang and Zeger 1986, `m/(m − 1)`).

    Parameters
    ----------
    y, x : float array (rows,)
        NaN is left out.
    cells, clusters : int array (rows,)
        Each cell lies within one cluster.
    """
    used = ~(np.isnan(y) | np.isnan(x))
    frame = pd.DataFrame({"y": y[used], "x": x[used]})
    centred = frame - frame.groupby(cells[used]).transform("mean")
    y, x = centred["y"].to_numpy(), centred["x"].to_numpy()
    square = float(x @ x)
    if not square > 0:
        return NO_SLOPE
    estimate = float(x @ y) / square
    _, code = np.unique(clusters[used], return_inverse=True)
    sums = np.bincount(code, x * (y - estimate * x))
    m = len(sums)
    se = float(np.sqrt(m / (m - 1) * (sums**2).sum())) / square
    wide = float(stats.t.ppf(0.975, m - 1)) * se
    p = float(2 * stats.t.sf(abs(estimate / se), m - 1))
    return Slope(estimate, se, estimate - wide, estimate + wide, p, len(y))

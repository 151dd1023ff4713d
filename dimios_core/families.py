"""Families of tests: what a reader looks at together is adjusted together (method 3, words of certainty)."""

from __future__ import annotations

import numpy as np


def adjust_holm(p: np.ndarray) -> np.ndarray:
    """Return p-values adjusted by Holm (1979) for one family; NaN is left out of the family and stays NaN."""
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted

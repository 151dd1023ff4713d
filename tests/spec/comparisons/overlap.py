"""Which of R's figures stand for a comparison of periods, as the same people answer, partly the same, or others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

#: overlap -> R's columns of standard error and df: a design that holds for all periods where there is one
COLUMNS = {
    "full": ("se_design", "df_design"),
    "none": ("se_design", "df_formula"),
    "partial": ("se_formula", "df_formula"),
}


def split_by_overlap(wanted: pd.DataFrame) -> Iterator[tuple[str, np.ndarray, dict[str, np.ndarray]]]:
    """Overlap, the rows that have it (bool), and R's se, df and n there; overlaps that no row has are left out."""
    for overlap, (se, df) in COLUMNS.items():
        at = (wanted["overlap"] == overlap).to_numpy()
        if at.any():
            figures = {"standard error": se, "df": df, "n": "n"}
            yield overlap, at, {name: wanted[r].to_numpy(float)[at] for name, r in figures.items()}

"""Which of R's figures stand for a comparison of periods, as the same people answer, partly the same, or others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from tests.spec.comparisons.comparison import Comparison

#: overlap -> R's columns of standard error and df: a design that holds for all periods where there is one
COLUMNS = {
    "full": ("se_design", "df_design"),
    "none": ("se_design", "df_formula"),
    "partial": ("se_formula", "df_formula"),
}


def compare_by_overlap(
    subject: str,
    case: str,
    references: Mapping[str, str],
    wanted: pd.DataFrame,
    found: Mapping[str, np.ndarray],
) -> Iterator[Comparison]:
    """Compare se, df, n, and what is named as R's column is, with R's figures of each overlap that some row has.

    `found` maps names of quantities to arrays (level rows,), in the order of the rows of `wanted`.
    """
    for overlap, (se, df) in COLUMNS.items():
        at = (wanted["overlap"] == overlap).to_numpy()
        if at.any():
            figures = {"standard error": se, "df": df}
            for name, own in found.items():
                r = wanted[figures.get(name, name)].to_numpy(float)[at]
                yield Comparison(subject, case, references[overlap], name, own[at].astype(float), r)

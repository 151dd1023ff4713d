"""A comparison of figures with those of a reference, and where R's figures lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

R = Path(__file__).parent.parent / "r"
#: relative: what sums in another order may differ by, with room to spare
SAME = 1e-10


@dataclass(frozen=True)
class Comparison:
    """Figures of this project beside those of a reference.

    Attributes
    ----------
    subject : str
        What is computed: comparisons of one subject stand in one table.
    data, reference, quantity : str
    found, wanted : float arrays
        This project's, and the reference's.
    tolerance : float
        Largest relative difference.
    """

    subject: str
    data: str
    reference: str
    quantity: str
    found: np.ndarray
    wanted: np.ndarray
    tolerance: float = SAME

    @property
    def difference(self) -> float:
        """Largest absolute difference, in the quantity's unit; infinite where only one side has a figure."""
        found, wanted = self.found, self.wanted
        if not len(wanted) or found.shape != wanted.shape or not np.isfinite(wanted).all():
            return np.inf
        return float(np.nan_to_num(np.abs(found - wanted), nan=np.inf).max())

    @property
    def holds(self) -> bool:
        """Every difference is within the tolerance of the reference's figure, or of 1 where that is smaller."""
        if np.isinf(self.difference):
            return False
        return bool(
            (np.abs(self.found - self.wanted) <= self.tolerance * np.maximum(np.abs(self.wanted), 1)).all()
        )

    def __str__(self) -> str:
        return (
            f"{self.subject}, {self.data}, {self.reference}: {self.quantity} differs by {self.difference:.3g}"
        )


def read_data(name: str) -> pd.DataFrame:
    """Answers that R and this project both read; NaN is no answer."""
    return pd.read_csv(R / "data" / f"{name}.csv", dtype={"stratum": str, "neighbour": str})


def read_figures(name: str) -> pd.DataFrame:
    """R's figures; a figure that there is none of is NaN, an empty word is a word."""
    path = R / "figures" / f"{name}.csv"
    return pd.read_csv(path, keep_default_na=False, na_values=["NA"])

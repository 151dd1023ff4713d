"""What a comparison may tell: differences of those that it is about, worked out again from what they publish by name."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.places import CONSORTIUM
from dimios_core.suites import APART


def list_differences(results: Path, place: str) -> pd.DataFrame:
    """List the differences that a file may tell of, by its place in the reports folder.

    Returns
    -------
    DataFrame
        key; difference, low, high (percentage points, unrounded, of every two that the file's name names); no rows for a
        file that is no comparison.
    """
    period, owner, *_, name = place.split("/")
    compared = name.split(".")[0].split(APART)[1:]
    named = results / "public" / "named.parquet"
    if owner != CONSORTIUM or not compared or not named.exists():
        return pd.DataFrame({"key": []})
    rows = pd.read_parquet(named)
    rows = rows[(rows["period"] == period) & rows["id"].isin(compared)].dropna(
        subset=["score", "low", "high"]
    )
    rows = rows.astype({"id": str, "level": str, "key": str}).set_index(["level", "key"])
    own = {i: frame[["score", "low", "high"]] for i, frame in rows.groupby("id")}
    found = [
        own[one].merge(own[other], left_index=True, right_index=True, suffixes=("", "_other")).reset_index()
        for one, other in combinations(sorted(own), 2)
    ]
    if not found:
        return pd.DataFrame({"key": []})
    both = pd.concat(found, ignore_index=True)
    difference = both["score"] - both["score_other"]
    below = np.sqrt((both["score"] - both["low"]) ** 2 + (both["high_other"] - both["score_other"]) ** 2)
    above = np.sqrt((both["high"] - both["score"]) ** 2 + (both["score_other"] - both["low_other"]) ** 2)
    return pd.DataFrame(
        {"key": both["key"], "difference": difference, "low": difference - below, "high": difference + above}
    )

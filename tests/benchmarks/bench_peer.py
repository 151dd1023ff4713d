"""The yardstick: what a plain pandas script makes of the same export, and no more than group means.

Read the file, melt it, translate the labels, and take means per item of every organisation, unit, role and
unit × role. No checks, no pseudonyms, no store, no intervals, no changes, no disclosure control.

Run as `python -m tests.benchmarks.bench_peer EXPORT MEANS`; MEANS gets the organisations' means (Parquet).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from dimios_core.responses import load_mapping
from tests.benchmarks.generate import MAPPING

GROUPS: tuple[list[str], ...] = ([], ["unit"], ["role"], ["unit", "role"])


def compute_means(export: Path) -> list[pd.DataFrame]:
    """Return the means per organisation, period and item, over all, units, roles, and units × roles."""
    mapping = load_mapping(MAPPING)
    columns = mapping.columns
    keys = {
        columns.organisation.column: "organisation",
        columns.period.column: "period",
        columns.unit.column: "unit",
        columns.role.column: "role",
    }
    frame = pd.read_csv(export, sep=";", encoding="cp1252", usecols=[*keys, *mapping.items])
    long = frame.rename(columns=keys | dict(mapping.items)).melt(
        id_vars=list(keys.values()), var_name="item", value_name="answer"
    )
    long["answer"] = long["answer"].map(mapping.answers.labels)
    return [
        long.groupby(["organisation", "period", *group, "item"], dropna=False)["answer"].mean().reset_index()
        for group in GROUPS
    ]


if __name__ == "__main__":
    compute_means(Path(sys.argv[1]))[0].to_parquet(sys.argv[2])

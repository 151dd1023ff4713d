"""Columns and types of the published tables over all organisations, and of an organisation's own quality tables.

What the columns mean is told where the tables are made; a reader finds the same columns where a file is missing.
"""

from __future__ import annotations

import pandas as pd

_TEXT, _NUMBER, _COUNT = "category", "float64", "Int64"
_ROW = dict.fromkeys(("group", "kind", "level", "key"), _TEXT)
_CLAIM = dict.fromkeys(("se", "df", "ci_low", "ci_high", "own_low", "own_high"), _NUMBER)

#: table -> column -> dtype
TABLES: dict[str, dict[str, str]] = {
    "group_levels": {
        "period": _TEXT, **_ROW, "status": _TEXT, "organisations_n": _COUNT, "frame_n": _COUNT, "mean": _NUMBER,
        **_CLAIM, "dont_know_share": _NUMBER, "between_sd": _NUMBER,
    },
    "group_changes": {
        "period": _TEXT, "period_from": _TEXT, **_ROW, "status": _TEXT, "organisations_n": _COUNT,
        "mean_from": _NUMBER, "mean": _NUMBER, "change": _NUMBER, **_CLAIM, "certainty": _TEXT, "plain_from": _NUMBER,
        "plain": _NUMBER,
    },
    "distribution": {"period": _TEXT, **_ROW, "bin_low": _NUMBER, "bin_high": _NUMBER, "organisations_n": _COUNT},
    "named": {
        **dict.fromkeys(("period", "id", "name", "type", "size", "county", "level", "key"), "str"),
        **dict.fromkeys(("score", "low", "high"), _NUMBER), "period_from": "str", "change": _NUMBER, "certainty": "str",
    },
    "coverage": {
        **dict.fromkeys(("period", "kind", "value"), _TEXT),
        **dict.fromkeys(("organisations_n", "frame_n", "respondents_n", "invited_n", "answered_n"), _COUNT),
        "rate": _NUMBER,
    },
    "reliability": {
        **dict.fromkeys(("period", "key", "measure", "status"), _TEXT),
        **dict.fromkeys(("value", "ci_low", "ci_high"), _NUMBER),
        **dict.fromkeys(("n", "organisations_n", "points_n"), _COUNT),
    },
    "variance_shares": {
        "period": _TEXT, "part": _TEXT, **dict.fromkeys(("share", "ci_low", "ci_high"), _NUMBER),
        "organisations_n": _COUNT,
    },
    "panel_participation": {
        **dict.fromkeys(("period", "groups", "panels"), "str"), "organisations_n": "int64", "named_n": "int64",
    },
    "quality": {
        **dict.fromkeys(("period", "key", "measure", "status"), _TEXT),
        **dict.fromkeys(("value", "ci_low", "ci_high"), _NUMBER), "n": _COUNT, "points_n": _COUNT,
    },
    "spread": {**dict.fromkeys(("period", "part", "status"), _TEXT), "share": _NUMBER},
    "trends": {
        **dict.fromkeys(("period", "period_from"), _TEXT), "periods_n": _COUNT,
        **dict.fromkeys(("unit", "role", "level", "key", "status"), _TEXT),
        **dict.fromkeys(("slope", "se", "df", "ci_low", "ci_high"), _NUMBER), "certainty": _TEXT,
    },
    "contrasts": {
        **dict.fromkeys(("period", "kind", "unit", "role", "other", "level", "key", "status"), _TEXT),
        **dict.fromkeys(("difference", "se", "df", "ci_low", "ci_high"), _NUMBER), "certainty": _TEXT,
        "detectable": _NUMBER, "n": _COUNT,
    },
    "standardised": {
        **dict.fromkeys(("period", "period_from", "level", "key", "status"), _TEXT),
        **dict.fromkeys(("mix_shift", "kept_share"), _NUMBER), "needed": "bool",
        **dict.fromkeys(("change", "se", "df", "ci_low", "ci_high", "plain"), _NUMBER),
    },
    "sensitivity": {
        **dict.fromkeys(("period", "level", "key", "weighting", "status"), _TEXT), "score": _NUMBER, "cells": _TEXT,
    },
}  # fmt: skip


def shape_table(
    name: str, rows: list[dict] | list[pd.DataFrame], *, per_organisation: bool = False
) -> pd.DataFrame:
    """Make one table of rows, or of frames, with its columns and types, also where there is nothing.

    Parameters
    ----------
    per_organisation : bool
        The table still holds several organisations: `organisation` comes first.
    """
    types = ({"organisation": _TEXT} if per_organisation else {}) | TABLES[name]
    if rows and isinstance(rows[0], pd.DataFrame):
        frame = pd.concat(rows, ignore_index=True)
    else:
        frame = pd.DataFrame(rows, columns=list(types))
    return frame[list(types)].astype(types)

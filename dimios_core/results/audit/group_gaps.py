"""Audit of how groups lie against all organisations: every row follows from the published levels, and none is missing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from dimios_core.families import adjust_holm
from dimios_core.results.audit.grid import HALF_UNIT, PUBLISHED, Fault
from dimios_core.results.scoring.intervals import CONFIDENCE

WHOLE = "all"
ALPHA = 1 - CONFIDENCE
#: period, group, level, key
Place = tuple[str, str, str, str]


def check_group_gaps(gaps: pd.DataFrame, levels: pd.DataFrame) -> Iterator[Fault]:
    """Yield what published levels do not give: period, what it is about, what is wrong.

    Parameters
    ----------
    gaps, levels : DataFrame
        The tables group_gaps and group_levels as published.
    """
    if gaps.empty:  # results from before there was the table have none
        return
    expected = _work_out(levels)
    found = {_place(r): r for r in gaps.to_dict("records")}
    for place in expected.keys() - found.keys():
        yield place[0], _name(place), "a difference to all that is missing"
    for place, row in found.items():
        if (own := expected.get(place)) is None:
            yield place[0], _name(place), "a difference to all that no published levels give"
            continue
        told = [float(row[n]) for n in ("gap", "ci_low", "ci_high")]
        wanted = [own["gap"], own["gap"] - own["half"], own["gap"] + own["half"]]
        if row["organisations_n"] != own["n"] or not all(
            abs(a - b) <= HALF_UNIT or (math.isnan(a) and math.isnan(b))
            for a, b in zip(told, wanted, strict=True)
        ):
            yield place[0], _name(place), "a difference to all that its levels do not give"
        elif row["certainty"] != own["word"]:
            yield place[0], _name(place), "a word of certainty that its interval does not give"


def _work_out(levels: pd.DataFrame) -> dict[Place, dict[str, Any]]:
    shown = {_place(r): r for r in levels.to_dict("records") if r["status"] == PUBLISHED}
    found: dict[Place, dict[str, Any]] = {}
    families: dict[tuple[str, str, str], list[Place]] = {}
    for place, row in shown.items():
        period, group, level, key = place
        whole = shown.get((period, WHOLE, level, key))
        if whole is None or row["organisations_n"] >= whole["organisations_n"]:
            continue
        f, own, every = row["organisations_n"] / whole["organisations_n"], _half(row), _half(whole)
        half = math.sqrt(max(every**2 - (f * own) ** 2, 0) + ((1 - f) * own) ** 2)
        gap = row["mean"] - whole["mean"]
        found[place] = {"gap": gap, "half": half, "n": row["organisations_n"], "word": "unknown"}
        if half > 0:
            families.setdefault((period, group, level), []).append(place)
    for places in families.values():
        z = [abs(found[p]["gap"]) / found[p]["half"] * ndtri(1 - ALPHA / 2) for p in places]
        for place, p_value in zip(places, adjust_holm(2 * ndtr(-np.array(z))), strict=True):
            up = "increase" if found[place]["gap"] > 0 else "decrease"
            found[place]["word"] = up if p_value < ALPHA else "none"
    return found


def _half(row: dict[str, Any]) -> float:
    low, mean, high = (float(row[n]) for n in ("own_low", "mean", "own_high"))
    return max(mean - low, high - mean) if low <= 0 or high >= 100 else (high - low) / 2


def _place(row: dict[str, Any]) -> Place:
    return str(row["period"]), str(row["group"]), str(row["level"]), str(row["key"])


def _name(place: Place) -> str:
    return f"group_gaps {place[1]} {place[3]}"

"""Small units: what a unit's own figure and those of the other units say together, beside the own figure (method 3).

Everything here is worked out from figures as they are published, so that it cannot tell more than they do; a unit without a
figure of its own gets none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.organisation.fay_herriot import fay_herriot
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.scoring.intervals import NORMAL, t_quantile
from dimios_core.results.scoring.shared_spread import OWN_SPREAD_N

PUBLISHED, INCOMPLETE = Status.PUBLISHED.label, Status.INCOMPLETE.label
#: units with a figure that it takes to say what they have in common
UNITS_MIN = 5
#: half widths of own intervals above this are wide, percentage points
WIDE_HALF_PP = 5.0
SET = ["period", "level", "key"]


def publish_small_units(scores: pd.DataFrame, trees: Mapping[str, UnitTree]) -> pd.DataFrame:
    """Estimates of organisations' leaf units whose own interval is wide.

    Parameters
    ----------
    scores : DataFrame
        As from `dimios_core.results.gate.publish_scores`. Used are leaf units (all roles) with a
        published score that is no bound, of every level but items; ψ is the square of half the published interval over
        its quantile: z, as of a shared variance, below twenty answers, else t(df; .975).
    trees : mapping
        Organisation -> its units.

    Returns
    -------
    DataFrame
        organisation, period, unit, level, key, status, own (the published score, percent), estimate, se (root of the mean squared
        error), ci_low, ci_high (estimate ± 1.96·se, cut at 0 and 100), weight (of the own score, 0-1). A row for every
        used score whose interval is wider than ±5 percentage points; `incomplete` where fewer than five units have one.
    """
    used, unit = _choose_used(scores, trees)
    number = used.groupby(["organisation", *SET], observed=True, sort=False).ngroup().to_numpy()

    def laid(name: str) -> np.ndarray:
        out = np.full((int(number.max(initial=-1)) + 1, int(unit.max(initial=-1)) + 1), np.nan)
        out[number, unit] = used[name].to_numpy(float, na_value=np.nan)
        return out

    found = estimate_sets(*(laid(name) for name in ("score", "ci_low", "ci_high", "df", "n")))
    wide = found.wide[number, unit]
    names = ("organisation", "period", "unit", "level", "key")
    about = {n: used[n].astype(object).to_numpy()[wide] for n in names}
    status = np.where(found.enough[number][wide], PUBLISHED, INCOMPLETE)
    figures = {
        n: getattr(found, n)[number, unit][wide]
        for n in ("own", "estimate", "se", "ci_low", "ci_high", "weight")
    }
    return shape_table(
        "small_units", [pd.DataFrame(about | {"status": status} | figures)], per_organisation=True
    )


@dataclass(frozen=True)
class SmallUnits:
    """What sets of units say of each of them; all shapes (sets, units), NaN where there is no estimate.

    Attributes
    ----------
    wide : bool array
        The own interval is wider than ±5 percentage points: there is a row about it.
    enough : bool array (sets,)
        At least five units have an interval.
    own, estimate, se, ci_low, ci_high, weight : float arrays
        As in the table.
    """

    wide: np.ndarray
    enough: np.ndarray
    own: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    weight: np.ndarray


def estimate_sets(
    score: np.ndarray, low: np.ndarray, high: np.ndarray, df: np.ndarray, n: np.ndarray
) -> SmallUnits:
    """Estimate sets of units from their published figures: float arrays (sets, units), NaN where a unit is not used."""
    half = (high - low) / 2
    variance = (half / np.where(n < OWN_SPREAD_N, NORMAL, t_quantile(df))) ** 2
    enough = (variance > 0).sum(axis=1) >= UNITS_MIN
    wide = (half > WIDE_HALF_PP) & (variance > 0)
    asked = enough & wide.any(axis=1)
    found = fay_herriot(score[asked], variance[asked])
    estimate, se, weight = (np.full(score.shape, np.nan) for _ in range(3))
    estimate[asked], se[asked], weight[asked] = found.estimate, found.se, found.weight
    ends = np.maximum(estimate - NORMAL * se, 0), np.minimum(estimate + NORMAL * se, 100)
    return SmallUnits(wide, enough, score, estimate, se, *ends, weight)


def _choose_used(scores: pd.DataFrame, trees: Mapping[str, UnitTree]) -> tuple[pd.DataFrame, np.ndarray]:
    """Choose published scores of leaf units, of everybody in them, that are no bounds; with each unit's number in its organisation."""
    shown = (scores["status"] == PUBLISHED) & (scores["role"] == ALL) & (scores["unit"] != ALL)
    told = scores[shown & ~scores["bound"].isin(["at_most", "at_least"]) & (scores["level"] != "item")]
    names = ["organisation", "unit"]
    pair = told.groupby(names, observed=True, sort=False).ngroup().to_numpy()
    first = told.iloc[np.unique(pair, return_index=True)[1]]
    pairs = list(zip(*(first[n].astype(object) for n in names), strict=True))
    units: dict[str, list[str]] = {}
    for organisation, unit in pairs:
        units.setdefault(organisation, []).append(unit)
    number_of: dict[tuple[str, str], int] = {}
    for organisation, own in units.items():
        leaves = trees[organisation].leaves_of(own)
        number_of |= {(organisation, unit): i for i, unit in enumerate(u for u in own if u in leaves)}
    number = np.array([number_of.get(p, -1) for p in pairs], int)[pair]
    return told[number >= 0], number[number >= 0]

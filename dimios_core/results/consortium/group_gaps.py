"""How groups of organisations lie against all organisations: worked out from published levels alone (method 4).

Nothing is read but what `group_levels` publishes, so nothing can follow from these differences that did not follow from it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.published.conventions import GROUP_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.sector import HIGHEST_PCT, LOWEST_PCT
from dimios_core.results.scoring.compare import certain_direction
from dimios_core.results.scoring.intervals import CONFIDENCE, t_quantile, two_sided_p

#: the group of all organisations
EVERYBODY = "all"
KEY = ["period", "level", "key"]


def half_of_difference(own_half: np.ndarray, all_half: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Half of the 95 % interval of a group's mean minus that of all, the group among them.

    `h² = (1 − f)²·h_g² + (h² − f²·h_g²)`, f = n/N, where h is half of the interval of all: the mean of all is
    `f · the group's + (1 − f) · the others'`, so the difference is `(1 − f)` times that between two groups that share nobody,
    and `h² − f²·h_g²` is the others' part. Rounding may leave that part below zero: it counts as nothing then.

    Parameters
    ----------
    own_half, all_half : float arrays
        Halves of the intervals about just these organisations, percentage points.
    share : float array or float
        The group's share of the organisations, 0-1.

    Returns
    -------
    float array

    Examples
    --------
    Ten of sixty organisations, 1.0 and 0.4: √(0.6944 + 0.1322).

    >>> round(float(half_of_difference(np.array(1.0), np.array(0.4), 1 / 6)), 3)
    0.909
    """
    own, everybody = np.square(own_half), np.square(all_half)
    return np.sqrt((1 - share) ** 2 * own + np.fmax(everybody - share**2 * own, 0))


def publish_group_gaps(levels: pd.DataFrame) -> pd.DataFrame:
    """Differences of groups' means to that of all organisations, as claims about just these organisations.

    Parameters
    ----------
    levels : DataFrame
        As published (`dimios_core.results.consortium.sector.publish_group_levels`).

    Returns
    -------
    DataFrame
        period, group, kind, level, key, organisations_n (Int64); gap (percentage points, the group minus all), ci_low,
        ci_high (95 %, not adjusted; missing where one of the levels has no interval), certainty ("increase": above,
        "decrease": below, "none", "unknown"; Holm over the keys of a level of one group and period). Only rows of groups
        whose level is published beside that of all; a group of all organisations has none.
    """
    shown = levels[(levels["status"] == Status.PUBLISHED.label).to_numpy()].astype(dict.fromkeys(KEY, str))
    whole = shown[(shown["group"] == EVERYBODY).to_numpy()]
    beside = shown.merge(
        whole[[*KEY, "organisations_n", "mean", "own_low", "own_high"]], on=KEY, suffixes=("", "_all")
    )
    beside = beside[(beside["organisations_n"] < beside["organisations_n_all"]).to_numpy(bool)]
    number, number_all = (_number(beside, f"organisations_n{s}") for s in ("", "_all"))
    gap = _number(beside, "mean") - _number(beside, "mean_all")
    half = half_of_difference(half_interval(beside), half_interval(beside, "_all"), number / number_all)
    many = np.full(len(beside), np.inf)
    # as many degrees of freedom as it takes: the halves have their own t quantiles in them
    p_value = two_sided_p(gap, half / t_quantile(many), many)
    adjusted = np.full(len(beside), np.nan)
    family = beside.groupby(["period", "group", "level"], sort=False, observed=True).ngroup().to_numpy()
    for n in np.unique(family):
        adjusted[family == n] = adjust_holm(p_value[family == n])
    return shape_table(
        "group_gaps",
        [
            pd.DataFrame(
                {c: beside[c].astype(object) for c in ("period", "group", "kind", "level", "key")}
                | {"organisations_n": beside["organisations_n"], "gap": np.round(gap, 1)}
                | {"ci_low": np.round(gap - half, 1), "ci_high": np.round(gap + half, 1)}
                | {"certainty": certain_direction(gap, adjusted, number, GROUP_MIN, 1 - CONFIDENCE)}
            )
        ],
    )


def half_interval(levels: pd.DataFrame, suffix: str = "") -> np.ndarray:
    """Half of the interval about just these organisations; of one that was cut at an end of the scale, its longer side."""
    mean, low, high = (_number(levels, f"{n}{suffix}") for n in ("mean", "own_low", "own_high"))
    cut = (low <= LOWEST_PCT) | (high >= HIGHEST_PCT)
    return np.where(cut, np.fmax(mean - low, high - mean), (high - low) / 2)


def _number(frame: pd.DataFrame, name: str) -> np.ndarray:
    return frame[name].to_numpy(float, na_value=np.nan)

"""Trends: the slope of a group's score over three or more calendar years (method 3)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, CERTAINTY_N_MIN, TREND_YEARS_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.estimate import Batch
from dimios_core.results.gate import LABELS, adjust_by_family, long_frame, row_status
from dimios_core.results.organisation.straightness import straight_p
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import certain_direction, panel_covariance
from dimios_core.results.scoring.groups import Members
from dimios_core.results.scoring.intervals import CONFIDENCE, FEW_N, t_quantile, two_sided_p
from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.matrix import Respondents


@dataclass(frozen=True)
class Slopes:
    """Slopes of trends, arrays (trends, level rows).

    Attributes
    ----------
    value_pp : float array
        Percentage points a year; NaN where a period has no score.
    se : float array
        Standard error, never below the rounding floor of the slope.
    df : float array
        Degrees of freedom.
    n : int array
        Respondents of the period with the fewest.
    straight_p : float array
        p of the levels lying on a line (`straight_p`).
    """

    value_pp: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    straight_p: np.ndarray


def slope_over_years(
    respondents: Respondents,
    members: Members,
    usable: np.ndarray,
    groups: np.ndarray,
    years: np.ndarray,
    columns: Columns,
    common_min: np.ndarray | int = 1,
) -> Slopes:
    """Slope Σ c_t θ_t of groups over the same number of periods, c_t = (t − t̄)/Σ(t − t̄)².

    V = c'Vc = Σ c_t² V_t + 2 Σ_{s<t} c_s c_t C_st, with the panel covariance C_st of
    `dimios_core.results.scoring.compare.panel_covariance` between every two periods.

    Parameters
    ----------
    usable : bool array (groups, columns)
        Columns that may enter; a trend rests on those that are usable in all its periods.
    groups : int array (trends, periods)
        Group numbers in the order of time.
    years : float array (trends, periods)
        t, in calendar years.
    common_min : int or int array (trends, 1), optional
        Two periods with fewer common people count as if they had none, as in `change_between`.

    Returns
    -------
    Slopes
        df is min df_t (people less strata) where two periods have common people. Else it is Satterthwaite's for a sum of
        independent variances: (Σ c_t² V_t)² / Σ (c_t² V_t)²/df_t.
    """
    centred = years - years.mean(axis=1, keepdims=True)
    c = (centred / (centred**2).sum(axis=1, keepdims=True))[:, :, None]
    periods_n = groups.shape[1]
    both = np.logical_and.reduce([usable[groups[:, t]] for t in range(periods_n)])
    sides = [members.take(groups[:, t]) for t in range(periods_n)]
    scores = [score_groups(respondents, side, both, columns) for side in sides]
    theta, own, floors = (
        np.stack(x) for x in zip(*((s.score_pct, s.variance, s.floor) for s in scores), strict=True)
    )
    variance = np.sum([c[:, t] ** 2 * own[t] for t in range(periods_n)], axis=0)
    floor = np.sqrt(np.sum([(c[:, t] * floors[t]) ** 2 for t in range(periods_n)], axis=0))
    panel = np.zeros(variance.shape, bool)
    together = np.zeros((periods_n, *own.shape))
    together[range(periods_n), range(periods_n)] = np.maximum(own, floors**2)
    for s, t in combinations(range(periods_n), 2):
        covariance, common = panel_covariance(respondents, sides[s], sides[t], scores[s], scores[t])
        enough = common >= np.maximum(common_min, 1)
        together[s, t] = together[t, s] = np.where(enough, covariance, 0.0)
        variance = variance + 2 * c[:, s] * c[:, t] * together[s, t]
        panel |= enough
    df = np.where(panel, np.min([s.df for s in scores], axis=0), _satterthwaite_df(c, scores))
    return Slopes(
        value_pp=np.sum([c[:, t] * theta[t] for t in range(periods_n)], axis=0),
        se=np.maximum(np.sqrt(np.maximum(variance, 0.0)), floor),
        df=df,
        n=np.min([s.n for s in scores], axis=0),
        straight_p=straight_p(theta, together, floors, years, df),
    )


def _satterthwaite_df(c: np.ndarray, scores: list) -> np.ndarray:
    """Degrees of freedom of Σ c_t² V_t, V_t floored; NaN where a period has none."""
    parts = [c[:, t] ** 2 * np.maximum(s.variance, s.floor**2) for t, s in enumerate(scores)]
    df = np.array([s.df for s in scores], float)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.sum(parts, axis=0) ** 2 / np.sum(np.array(parts) ** 2 / df, axis=0)
    return np.where((df >= 1).all(axis=0), total, np.nan)


def publish_trends(batch: Batch, respondents: Respondents, columns: Columns) -> pd.DataFrame:
    """Trends of the whole, units and roles as they may be published.

    For every calendar year from an organisation's third there is one trend a group, over the last period of
    every year so far, on the points that all these periods have. It is published only where the level is in
    every one of them, and is withheld where one is at an end of the scale.

    Words follow p adjusted by Holm within a family: one last period, one level, and the whole, all roles, or
    all units.

    Returns
    -------
    DataFrame
        organisation, period (last), period_from (first), periods_n (Int64), unit, role, level, key, status;
        slope (percentage points a year), se (NaN below twelve respondents in a period), df, ci_low, ci_high
        (two decimals, not adjusted); line ("line"; "uneven": the levels do not lie on one, by a p adjusted like that of
        the slope; "unknown"); certainty ("increase", "decrease", "none", "unknown", which it is where the levels are
        uneven). Figures are missing unless status is published.
    """
    windows = _list_windows(batch)
    frames = [
        _publish_window(batch, respondents, columns, np.array([w for w in windows if len(w) == n], int))
        for n in sorted({len(w) for w in windows})
    ]
    if not frames:
        return shape_table("trends", [], per_organisation=True)
    frame = pd.concat(frames, ignore_index=True)
    kind = np.where(frame["unit"] != ALL, 2, 0) + np.where(frame["role"] != ALL, 1, 0)
    family = [frame["organisation"], frame["period"], frame["level"], kind]
    adjusted, straight = (adjust_by_family(frame.pop(name), family) for name in ("p", "straight_p"))
    n = frame.pop("n").to_numpy()
    words = certain_direction(frame["slope"].to_numpy(), adjusted, n, CERTAINTY_N_MIN, 1 - CONFIDENCE)
    line = np.where(np.isnan(straight), "unknown", np.where(straight < 1 - CONFIDENCE, "uneven", "line"))
    frame["line"] = np.where(n < CERTAINTY_N_MIN, "unknown", line)
    # levels that lie on no line have no direction
    frame["certainty"] = np.where(frame["line"] == "uneven", "unknown", words)
    frame["se"] = frame["se"].mask(n < FEW_N)
    return shape_table("trends", [frame], per_organisation=True)


def _list_windows(batch: Batch) -> list[tuple[int, ...]]:
    """Group numbers of every trend, in the order of time: groups that are there in all the years."""
    last: dict[str, dict[str, int]] = {}
    for i, block in enumerate(batch.blocks):
        years = last.setdefault(block.organisation, {})
        year = block.period[:4]
        if year not in years or batch.blocks[years[year]].period < block.period:
            years[year] = i
    windows = []
    for years in last.values():
        in_order = [_number_groups(batch, years[year]) for year in sorted(years)]
        for end in range(TREND_YEARS_MIN, len(in_order) + 1):
            first, *others = in_order[:end]
            windows += [
                (g, *(o[key] for o in others)) for key, g in first.items() if all(key in o for o in others)
            ]
    return windows


def _number_groups(batch: Batch, block: int) -> dict[tuple[str, str], int]:
    """Group numbers of a block's whole, units and roles."""
    first = int(np.searchsorted(batch.block_of, block))
    return {key: first + g for g, key in enumerate(batch.blocks[block].groups) if ALL in key}


def _publish_window(
    batch: Batch, respondents: Respondents, columns: Columns, groups: np.ndarray
) -> pd.DataFrame:
    """Rows of all trends over the same number of years; `groups` is (trends, periods)."""
    blocks = batch.block_of[groups]
    years = np.array([int(b.period[:4]) for b in batch.blocks], float)[blocks]
    threshold = np.array([b.threshold for b in batch.blocks], int)[blocks].max(axis=1)[:, None]
    slopes = slope_over_years(respondents, batch.members, batch.usable, groups, years, columns, threshold)
    status = row_status(batch, columns)[groups].max(axis=1)
    status = np.where((status == Status.PUBLISHED) & np.isnan(slopes.value_pp), Status.INCOMPLETE, status)
    ends = (batch.scores.end[groups] != 0).any(axis=1)
    status = np.where((status == Status.PUBLISHED) & ends, Status.SUPPRESSED_COMPLEMENT, status)
    half = t_quantile(slopes.df) * slopes.se
    p, straight = (
        np.where(status == Status.PUBLISHED, x, np.nan)
        for x in (two_sided_p(slopes.value_pp, slopes.se, slopes.df), slopes.straight_p)
    )
    frame = long_frame(
        batch, columns, groups[:, -1], status=LABELS[status], slope=slopes.value_pp, se=slopes.se, df=slopes.df,
        ci_low=slopes.value_pp - half, ci_high=slopes.value_pp + half, p=p, straight_p=straight,
        n=slopes.n.astype(float),
    )  # fmt: skip
    rows_n = len(columns.level_rows)
    period = np.array([b.period for b in batch.blocks], object)
    frame.insert(2, "period_from", np.repeat(period[blocks[:, 0]], rows_n))
    frame.insert(3, "periods_n", groups.shape[1])
    return frame[frame["level"] != "item"]

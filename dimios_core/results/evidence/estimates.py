"""Evidence for initiatives: how points moved where something was done, against similar organisations (method 4).

It is association: organisations chose for themselves what to do. For each measure point, organisations that
started an initiative for it (treated) are paired with organisations of the same type that did not, and the
pairs' differences in change are averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.intervals import CONFIDENCE, adjust_holm, t_quantile, two_sided_p

#: fewer pairs: nothing is said
PAIRS_MIN = 6
#: how far apart the earlier levels of a pair may lie, percentage points
CALIPER_PP = 10.0
#: months from the start of an initiative to the beginning of the follow-up's field period, at least
MONTHS_TO_WORK = 6
#: first and last month of the field periods (method 2); a plain year does not say when in it was measured
FIELD_MONTHS = {"": (2, 11), "1": (2, 5), "2": (8, 11)}
#: a leverage this near 1 leaves no residual to take a variance from
LEVERAGE_MAX = 1 - 1e-9
TOO_FEW = "too_few"


@dataclass(frozen=True)
class Pair:
    """A treated organisation and its match.

    Attributes
    ----------
    treated, control, type : str
    baseline, followup : str
        Periods of both.
    change_treated, change_control : float
        Change of the point's score from baseline to follow-up, percentage points.
    start_treated, start_control : float
        Mean of the point's score over the periods up to the baseline, percent.
    """

    treated: str
    control: str
    type: str
    baseline: str
    followup: str
    change_treated: float
    change_control: float
    start_treated: float
    start_control: float


def field_months(period: str) -> tuple[int, int]:
    """Return first and last month of a period's field work, counted from year 0.

    A plain year is February to November: whenever in the year an organisation measured, it lies within.

    Examples
    --------
    >>> [divmod(m - 1, 12) for m in field_months("2025-1")]
    [(2025, 1), (2025, 4)]
    """
    year, _, half = period.partition("-")
    first, last = FIELD_MONTHS[half]
    return 12 * int(year) + first, 12 * int(year) + last


def month_number(month: str) -> int:
    """Return the month of a text YYYY-MM, counted as in `field_months`."""
    year, number = month.split("-")
    return 12 * int(year) + int(number)


def choose_window(start: str, periods: Sequence[str]) -> tuple[str, str] | None:
    """Choose the measurements before and after the start of an initiative.

    Parameters
    ----------
    start : str
        YYYY-MM.
    periods : sequence of str
        The organisation's measurements.

    Returns
    -------
    (baseline, follow-up) or None
        The last one whose field period ended before the start, and the first one whose field period began at
        least six months after it; None where either is missing.
    """
    month = month_number(start)
    before = [p for p in periods if field_months(p)[1] < month]
    after = [p for p in periods if field_months(p)[0] - month >= MONTHS_TO_WORK]
    return (max(before), min(after)) if before and after else None


def pair_organisations(
    scores: dict[str, dict[str, float]],
    types: dict[str, str],
    treated: dict[str, str],
    started: dict[str, str],
) -> list[Pair]:
    """Match treated organisations 1:1, without replacement, to similar ones.

    Parameters
    ----------
    scores : dict
        Organisation -> period -> score of the point, percent; only what is published.
    types : dict
        Organisation -> type.
    treated : dict
        Organisation -> month its initiative for the point started.
    started : dict
        Organisation -> first month of *any* initiative for the point, shown or not: such an organisation is no
        control once it has started.

    Returns
    -------
    list of Pair
        As many pairs as there can be within `CALIPER_PP` and, among these, those that lie closest together in all
        (the assignment problem); by treated organisation. An organisation is in one pair at most.
    """
    windows = {
        o: window
        for o, start in sorted(treated.items())
        if started.get(o, start) >= start
        and (window := choose_window(start, sorted(scores.get(o, {})))) is not None
    }
    controls = sorted(set(scores) - set(windows))
    if not windows or not controls:
        return []
    forbidden = CALIPER_PP * (len(windows) + 1)  # one pair more is worth any distance
    cost = np.full((len(windows), len(controls)), forbidden)
    for i, (mine, window) in enumerate(windows.items()):
        for j, other in enumerate(controls):
            if types[mine] != types[other] or not set(window) <= set(scores[other]):
                continue
            if other in started and month_number(started[other]) <= field_months(window[1])[1]:
                continue
            distance = abs(_level_until(scores[mine], window[0]) - _level_until(scores[other], window[0]))
            if distance <= CALIPER_PP:
                cost[i, j] = distance
    names = list(windows)
    rows, columns = linear_sum_assignment(cost)
    return [
        _make_pair(names[i], controls[j], types[names[i]], windows[names[i]], scores)
        for i, j in zip(rows, columns, strict=True)
        if cost[i, j] < forbidden
    ]


def _level_until(scores: dict[str, float], baseline: str) -> float:
    return fmean(score for period, score in scores.items() if period <= baseline)


def _make_pair(
    treated: str, control: str, kind: str, window: tuple[str, str], scores: dict[str, dict[str, float]]
) -> Pair:
    baseline, followup = window
    mine, other = scores[treated], scores[control]
    return Pair(
        treated, control, kind, baseline, followup,
        mine[followup] - mine[baseline], other[followup] - other[baseline],
        _level_until(mine, baseline), _level_until(other, baseline),
    )  # fmt: skip


def average_pairs(differences: Sequence[float]) -> tuple[float, float, int, float, float]:
    """Return mean, se, df and 95 % interval of pair differences: t on pairs − 1.

    Examples
    --------
    >>> [round(float(v), 3) for v in average_pairs([3, 7, -2, 6, 1])]
    [3.0, 1.643, 4.0, -1.562, 7.562]
    """
    d = np.asarray(differences, float)
    mean, se, df = float(d.mean()), float(d.std(ddof=1) / np.sqrt(len(d))), len(d) - 1
    half = float(t_quantile(np.array(df))) * se
    return mean, se, df, mean - half, mean + half


def regress_hc3(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least squares with heteroscedasticity-consistent standard errors HC3 (MacKinnon & White 1985).

    Parameters
    ----------
    y : float array (n,)
    x : float array (n, k)
        Of full rank.

    Returns
    -------
    coefficient, se : float arrays (k,)
        `V = (X'X)⁻¹ X' diag(e²/(1 − h)²) X (X'X)⁻¹`; se is NaN where a leverage h is 1.
    """
    inverse = np.linalg.pinv(x.T @ x)
    coefficient = inverse @ x.T @ y
    leverage = np.einsum("nk,kl,nl->n", x, inverse, x)
    if (leverage > LEVERAGE_MAX).any():
        return coefficient, np.full(x.shape[1], np.nan)
    scaled = (x * ((y - x @ coefficient) / (1 - leverage))[:, None]) @ inverse
    return coefficient, np.sqrt((scaled**2).sum(axis=0))


def regress_change(pairs: Sequence[Pair]) -> tuple[float, float, float]:
    """Return the sensitivity analysis: coefficient of treatment and its 95 % interval.

    Change on treatment, type and earlier level over the organisations of the pairs, with HC3 and t on rows −
    columns. NaN where there are too few rows.
    """
    change = np.array([[p.change_treated, p.change_control] for p in pairs]).ravel()
    level = np.array([[p.start_treated, p.start_control] for p in pairs]).ravel()
    treated = np.tile([1.0, 0.0], len(pairs))
    kind = np.repeat([p.type for p in pairs], 2)
    dummies = [(kind == k).astype(float) for k in sorted(set(kind))[1:]]
    x = np.column_stack([treated, np.ones(len(change)), level - level.mean(), *dummies])
    df = len(change) - x.shape[1]
    if df < 1:
        return np.nan, np.nan, np.nan
    coefficient, se = regress_hc3(change, x)
    half = float(t_quantile(np.array(df))) * se[0]
    return float(coefficient[0]), float(coefficient[0] - half), float(coefficient[0] + half)


def estimate_evidence(
    wholes: Sequence[Whole], types: dict[str, str], initiatives: pd.DataFrame, columns: Columns
) -> pd.DataFrame:
    """Weigh the evidence for every measure point, and let through what rests on pairs enough.

    Parameters
    ----------
    wholes : sequence of Whole
        All organisations and periods; only published point scores enter.
    types : dict
        Organisation -> type.
    initiatives : DataFrame
        All stored ones (`dimios_core.actions.initiatives`). Treated are organisations whose initiative is validated
        and has their consent; all others with an initiative for the point are on neither side once it has started.
    columns : Columns

    Returns
    -------
    DataFrame
        The table evidence, a row a measure point in the model's order: status "published",
        or "too_few" (fewer than six pairs: no figures); pairs_n, organisations_n (Int64; the latter those with an
        initiative that counts); difference, se, ci_low, ci_high, hc3_difference, hc3_low, hc3_high (percentage points,
        one decimal); df; certainty (increase, decrease, none by p adjusted by Holm over points; unknown where too
        few); rank (Int64; 1 for the highest lower limit; missing unless that is above zero).
    """
    counted = initiatives[initiatives["validated"].astype(bool) & (initiatives["consent"] != "none")]
    rows, p_values, lows = [], [], []
    for k, point in enumerate(columns.point_ids):
        scores: dict[str, dict[str, float]] = {}
        for whole in wholes:
            if whole.status[k] == Status.PUBLISHED:
                scores.setdefault(whole.organisation, {})[whole.period] = float(whole.score_pct[k])
        treated = counted[counted["point"] == point].groupby("organisation")["start"].min().to_dict()
        started = initiatives[initiatives["point"] == point].groupby("organisation")["start"].min().to_dict()
        pairs = pair_organisations(scores, types, treated, started)
        row = {"point": point, "status": TOO_FEW, "pairs_n": len(pairs), "organisations_n": len(treated)}
        p_value, low = np.nan, np.nan
        if len(pairs) >= PAIRS_MIN:
            mean, se, df, low, high = average_pairs([p.change_treated - p.change_control for p in pairs])
            p_value = float(two_sided_p(np.array(mean), np.array(se), np.array(df)))
            figures = (mean, se, df, low, high, *regress_change(pairs))
            names = ("difference", "se", "df", "ci_low", "ci_high", "hc3_difference", "hc3_low", "hc3_high")
            row |= {"status": Status.PUBLISHED.label, **dict(zip(names, figures, strict=True))}
        rows.append(row)
        p_values.append(p_value)
        lows.append(low)
    frame = pd.DataFrame(rows)
    if "difference" not in frame:
        frame["difference"] = np.nan
    adjusted, lower = adjust_holm(np.array(p_values, float)), pd.Series(lows, dtype=float)
    direction = np.where(frame["difference"].astype(float) > 0, "increase", "decrease")
    certain = np.where(adjusted < 1 - CONFIDENCE, direction, "none")
    told = frame.assign(
        certainty=np.where(np.isnan(adjusted), "unknown", certain),
        rank=lower.where(lower > 0).rank(ascending=False, method="first"),
    )
    return shape_table("evidence", [told])

"""Evidence for initiatives: how points moved where something was done, against similar organisations (method 4).

It is association: organisations chose for themselves what to do. Pairs (`pairs`) are made by measure point (`by_point`)
and by kind of initiative (`by_kind`); their differences in change are averaged here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.evidence.pairs import Pair
from dimios_core.results.scoring.intervals import CONFIDENCE, t_quantile, two_sided_p

#: fewer pairs: nothing is said
PAIRS_MIN = 6
#: a leverage this near 1 leaves no residual to take a variance from
LEVERAGE_MAX = 1 - 1e-9
TOO_FEW = "too_few"


@dataclass(frozen=True)
class Matched:
    """Pairs for one measure point or kind, and how many organisations have an initiative that counts."""

    pairs: list[Pair]
    organisations_n: int


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
    table: str, about: str, matched: Mapping[str, Matched], withheld: Collection[str] = ()
) -> pd.DataFrame:
    """Weigh the evidence for every measure point or kind, and let through what rests on pairs enough.

    Parameters
    ----------
    table : {"evidence", "evidence_kinds"}
    about : {"point", "kind"}
        The column that says what a row is about.
    matched : mapping
        What a row is about -> its pairs.
    withheld : collection of str
        Rows that would tell of fewer pairs than six (`find_telling`).

    Returns
    -------
    DataFrame
        The table, a row for each of `matched` in its order: status "published", "too_few" (fewer than six pairs) or
        "suppressed_complement" (withheld), both without figures; pairs_n, organisations_n (Int64; the latter those with an
        initiative that counts); difference, se, ci_low, ci_high, hc3_difference, hc3_low, hc3_high (percentage points,
        one decimal); df; certainty (increase, decrease, none by p adjusted by Holm over the rows; unknown where there are
        no figures); rank (Int64; 1 for the highest lower limit; missing unless that is above zero).
    """
    rows, p_values, lows = [], [], []
    for key, found in matched.items():
        pairs = found.pairs
        row = {about: key, "status": TOO_FEW, "pairs_n": len(pairs), "organisations_n": found.organisations_n}
        p_value, low = np.nan, np.nan
        if key in withheld:
            row["status"] = Status.SUPPRESSED_COMPLEMENT.label
        elif len(pairs) >= PAIRS_MIN:
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
    return shape_table(table, [told])

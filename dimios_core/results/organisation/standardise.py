"""Changes standardised to the earlier period's mix of roles (method 3).

The plain change of an organisation moves also when other people answer than last time. The standardised change
holds the roles' shares still.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.estimate import Batch, Changes
from dimios_core.results.gate import LABELS, change_status, long_frame, round_share
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.intervals import FEW_N, t_quantile
from dimios_core.results.scoring.matrix import Respondents

#: a larger shift of the mix: the standardised change stands beside the plain one
MIX_SHIFT_MAX = 0.10
#: share of the earlier mix that must remain after roles without a published change are dropped
KEPT_SHARE_MIN = 0.80


def standardise_change(
    share: np.ndarray, change_pp: np.ndarray, se: np.ndarray, df: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return Σ p_r1 (θ_r2 − θ_r1) with V = Σ p_r1² V(role change), and the share of the mix that was kept.

    Parameters
    ----------
    share : float array (roles,)
        p_r1: each role's share of the earlier respondents, 0-1.
    change_pp, se, df : float arrays (roles, level rows)
        Change of each role; NaN where it may not be used. Such roles are dropped and p is renormalised.

    Returns
    -------
    change_pp, se, df, kept_share : float arrays (level rows,)
        df is Satterthwaite's, V²/Σ(p⁴ V_r²/df_r). Roles count as independent: people who changed role between
        the periods are in no role's panel. NaN where no role is kept.
    """
    used = ~np.isnan(change_pp) & ~np.isnan(se)
    kept = share @ used
    with np.errstate(divide="ignore", invalid="ignore"):
        p = share[:, None] * used / kept
        parts = p**2 * np.where(used, se, 0.0) ** 2
        variance = parts.sum(axis=0)
        total_df = variance**2 / np.where(used, parts**2 / df, 0.0).sum(axis=0)
    change = (p * np.where(used, change_pp, 0.0)).sum(axis=0)
    return change, np.sqrt(variance), total_df, kept


def publish_standardised(
    batch: Batch, respondents: Respondents, changes: Changes, columns: Columns
) -> pd.DataFrame:
    """Standardised changes of organisations with roles, beside the plain ones.

    Built on published role changes alone: a suppressed role would follow from the standardised change, the
    plain one and the other roles.

    Parameters
    ----------
    changes : Changes
        From `dimios_core.results.estimate.estimate_changes`.

    Returns
    -------
    DataFrame
        organisation, period, period_from, level, key, status; mix_shift: ½ Σ |p_r2 − p_r1| over respondents'
        roles ("unknown" is one of them), and kept_share: the share of the earlier mix whose roles have a
        published change (0-1, three decimals; steps of 5 % below 20 respondents); needed (bool): mix_shift is
        above 0.10, told also where the figures are `incomplete`; change, se (NaN below twelve respondents),
        df, ci_low, ci_high, plain: the plain change (percentage points, one decimal). `incomplete` where less
        than 80 % of the mix is kept. Empty where no roles are known.
    """
    status = change_status(batch, changes, columns)
    d = changes.difference
    rows_n = len(columns.level_rows)
    role = np.array(batch.role, object)
    overall = np.array(batch.unit, object) == ALL
    weight = batch.members.sums(respondents.weight[batch.members.respondent])
    usable = status == Status.PUBLISHED
    change, se, df = (np.where(usable, x, np.nan) for x in (d.value_pp, d.se, d.df))
    wholes = np.flatnonzero(overall[changes.later] & (role[changes.later] == ALL))
    by_role = np.flatnonzero(overall[changes.later] & (role[changes.later] != ALL))
    pair = np.stack([batch.block_of[changes.earlier], batch.block_of[changes.later]], 1)
    chosen, rows, shifts = [], [], []
    for whole in wholes:
        before, after = (_role_weights(batch, weight, overall, role, block) for block in pair[whole])
        if not before or not after:
            continue
        mine = by_role[(pair[by_role] == pair[whole]).all(axis=1)]
        share = np.array([before[role[g]] for g in changes.earlier[mine]]) / sum(before.values())
        rows.append(standardise_change(share, change[mine], se[mine], df[mine]))
        shifts.append(_mix_shift(before, after))
        chosen.append(whole)
    if not chosen:
        return shape_table("standardised", [], per_organisation=True)
    value, error, freedom, kept = (np.array(x) for x in zip(*rows, strict=True))
    n = np.minimum(batch.people_n[changes.earlier[chosen]], batch.people_n[changes.later[chosen]])[:, None]
    n = np.repeat(n, rows_n, axis=1)
    shift = round_share(np.repeat(np.array(shifts)[:, None], rows_n, axis=1), n)
    own = status[chosen]
    own = np.where((own == Status.PUBLISHED) & (kept < KEPT_SHARE_MIN), Status.INCOMPLETE, own)
    half = t_quantile(freedom) * error
    frame = long_frame(
        batch, columns, changes.later[chosen], status=LABELS[own], mix_shift=shift, kept_share=round_share(kept, n),
        needed=(shift > MIX_SHIFT_MAX) & (status[chosen] == Status.PUBLISHED), change=value,
        se=np.where(n < FEW_N, np.nan, error), df=freedom, ci_low=value - half, ci_high=value + half,
        plain=d.value_pp[chosen],
    )  # fmt: skip
    periods = np.array([b.period for b in batch.blocks], object)
    frame["period_from"] = np.repeat(periods[pair[chosen, 0]], rows_n)
    frame = frame[frame["level"] != "item"].drop(columns=["unit", "role"])  # always the whole
    return shape_table("standardised", [frame], per_organisation=True)


def _role_weights(
    batch: Batch, weight: np.ndarray, overall: np.ndarray, role: np.ndarray, block: int
) -> dict[str, float]:
    """Sum of weights of each role's respondents in a block; empty where no roles are known."""
    groups = np.flatnonzero((batch.block_of == block) & overall & (role != ALL))
    return {role[g]: float(weight[g]) for g in groups}


def _mix_shift(before: dict[str, float], after: dict[str, float]) -> float:
    """½ Σ |p_r2 − p_r1| over all roles of either period."""
    b, a = sum(before.values()), sum(after.values())
    return 0.5 * sum(abs(after.get(r, 0.0) / a - before.get(r, 0.0) / b) for r in before | after)

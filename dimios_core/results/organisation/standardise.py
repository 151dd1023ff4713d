"""Changes standardised to the earlier period's mix of roles (method 3).

The plain change of an organisation moves also when other people answer than last time. The standardised change
holds the roles' shares still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, MIX_EFFECT_MIN_PP
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.estimate import Batch, Changes
from dimios_core.results.gate import LABELS, change_status, long_frame, round_share
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.intervals import FEW_N, t_quantile
from dimios_core.results.scoring.matrix import Respondents

#: a larger shift of the mix may matter where its effect cannot be worked out
MIX_SHIFT_MAX = 0.10
#: no mean of n answers between 0 and 100 varies more than this over n
VARIANCE_MAX = 2500.0
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


@dataclass(frozen=True)
class Side:
    """Roles of an organisation in one of two periods, in one order.

    Attributes
    ----------
    share : float array (roles,)
        Of the (weighted) respondents, 0-1.
    people_n : int array (roles,)
    se, df : float arrays (roles, level rows)
        Floored standard error of the role's level in percentage points; NaN for a role without anybody.
    """

    share: np.ndarray
    people_n: np.ndarray
    se: np.ndarray
    df: np.ndarray

    @classmethod
    def of(cls, batch: Batch, group_of: dict[str, int], roles: list[str], weight: np.ndarray) -> Side:
        """Take roles from a batch; `group_of` maps the roles of one block that has them to their groups."""
        group = np.array([group_of.get(r, -1) for r in roles])
        there = group >= 0
        own = np.where(there, weight[group], 0.0)
        se, df = (
            np.where(there[:, None], x[group], np.nan) for x in (batch.scores.floored_se, batch.scores.df)
        )
        return cls(own / own.sum(), np.where(there, batch.people_n[group], 0), se, df)


def mix_error(before: Side, after: Side, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return se and degrees of freedom of what the mix makes of a change: the plain one minus the standardised one.

    With p the shares and q = p₁ of the roles used, scaled up to 1, it is Σ (p₂ − q) θ₂ − Σ (p₁ − q) θ₁, so with the shares as
    they are V = Σ (p₂ − q)² V(θ₂) + Σ (p₁ − q)² V(θ₁). Roles that may not be used count with the largest variance that a
    mean of so many can have, whatever they answered.

    Parameters
    ----------
    before, after : Side
    used : bool array (roles, level rows)
        Roles whose change is published.

    Returns
    -------
    se, df : float arrays (level rows,)
        df is Satterthwaite's, over the roles used.
    """
    kept = before.share @ used
    with np.errstate(divide="ignore", invalid="ignore"):
        q = before.share[:, None] * used / kept
        parts, freedom = [], []
        for side in (before, after):
            most = VARIANCE_MAX / np.maximum(side.people_n, 1)[:, None]
            parts.append((side.share[:, None] - q) ** 2 * np.where(used, side.se**2, most))
            freedom.append(np.where(used, side.df, np.inf))
        part, df = np.concatenate(parts), np.concatenate(freedom)
        variance = part.sum(axis=0)
        return np.sqrt(variance), variance**2 / (part**2 / df).sum(axis=0)


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
        published change (0-1, three decimals; steps of 5 % below 20 respondents); needed (bool): the mix has an effect
        of one percentage point or more that is larger than chance would make it (`mix_error`), or, where the figures
        are `incomplete`, mix_shift is above 0.10; change, se (NaN below twelve respondents), df, ci_low, ci_high, plain:
        the plain change, mix_effect: plain less change, mix_low, mix_high: its 95 % interval (percentage points, one
        decimal). `incomplete` where less than 80 % of the mix is kept. Empty where no roles are known.
    """
    status = change_status(batch, changes, columns)
    d = changes.difference
    rows_n = len(columns.level_rows)
    role, unit = np.array(batch.role, object), np.array(batch.unit, object)
    weight = batch.members.sums(respondents.weight[batch.members.respondent])
    usable = status == Status.PUBLISHED
    change, se, df = (np.where(usable, x, np.nan) for x in (d.value_pp, d.se, d.df))
    of_all = unit[changes.later] == ALL
    wholes = np.flatnonzero(of_all & (role[changes.later] == ALL))
    by_role = np.flatnonzero(of_all & (role[changes.later] != ALL))
    pair = np.stack([batch.block_of[changes.earlier], batch.block_of[changes.later]], 1)
    groups_of = _number_roles(batch, unit, role)
    chosen, rows, shifts = [], [], []
    for whole in wholes:
        groups = [groups_of.get(int(block), {}) for block in pair[whole]]
        if not all(groups):
            continue
        roles = list(groups[0] | groups[1])
        before, after = (Side.of(batch, g, roles, weight) for g in groups)
        value, error, freedom = (np.full((len(roles), rows_n), np.nan) for _ in range(3))
        mine = by_role[(pair[by_role] == pair[whole]).all(axis=1)]
        at = [roles.index(r) for r in role[changes.later[mine]]]
        value[at], error[at], freedom[at] = change[mine], se[mine], df[mine]
        used = ~np.isnan(value) & ~np.isnan(error)
        rows.append(
            (*standardise_change(before.share, value, error, freedom), *mix_error(before, after, used))
        )
        shifts.append(0.5 * np.abs(after.share - before.share).sum())
        chosen.append(whole)
    if not chosen:
        return shape_table("standardised", [], per_organisation=True)
    value, error, freedom, kept, mix_se, mix_df = (np.array(x) for x in zip(*rows, strict=True))
    n = np.minimum(batch.people_n[changes.earlier[chosen]], batch.people_n[changes.later[chosen]])[:, None]
    n = np.repeat(n, rows_n, axis=1)
    shift = round_share(np.repeat(np.array(shifts)[:, None], rows_n, axis=1), n)
    own = status[chosen]
    own = np.where((own == Status.PUBLISHED) & (kept < KEPT_SHARE_MIN), Status.INCOMPLETE, own)
    half, effect, mix_half = (
        t_quantile(freedom) * error,
        d.value_pp[chosen] - value,
        t_quantile(mix_df) * mix_se,
    )
    certain = (np.abs(effect) > mix_half) & (np.abs(effect) >= MIX_EFFECT_MIN_PP)
    needed = np.where(own == Status.PUBLISHED, certain, (shift > MIX_SHIFT_MAX) & (own == Status.INCOMPLETE))
    frame = long_frame(
        batch, columns, changes.later[chosen], status=LABELS[own], mix_shift=shift, kept_share=round_share(kept, n),
        needed=needed & (status[chosen] == Status.PUBLISHED), change=value, se=np.where(n < FEW_N, np.nan, error),
        df=freedom, ci_low=value - half, ci_high=value + half, plain=d.value_pp[chosen], mix_effect=effect,
        mix_low=effect - mix_half, mix_high=effect + mix_half,
    )  # fmt: skip
    periods = np.array([b.period for b in batch.blocks], object)
    frame["period_from"] = np.repeat(periods[pair[chosen, 0]], rows_n)
    frame = frame[frame["level"] != "item"].drop(columns=["unit", "role"])  # always the whole
    return shape_table("standardised", [frame], per_organisation=True)


def _number_roles(batch: Batch, unit: np.ndarray, role: np.ndarray) -> dict[int, dict[str, int]]:
    """Block -> role -> its group, of blocks in which roles are known."""
    found: dict[int, dict[str, int]] = {}
    for g in np.flatnonzero((unit == ALL) & (role != ALL)).tolist():
        found.setdefault(int(batch.block_of[g]), {})[str(role[g])] = g
    return found

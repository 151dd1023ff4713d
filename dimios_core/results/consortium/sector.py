"""Claims about a sector: levels of peer groups and changes of their panels (method 4).

`own_low`, `own_high` are about these organisations; `ci_low`, `ci_high` about the sector that they come from, as
if they had been drawn from it by lot. Participation is self-selected, and has to be said to be.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.published.conventions import GROUP_MIN, QUARTILES_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.frames import Frames, sampled_fraction
from dimios_core.results.consortium.panels import Panel
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import certain_direction
from dimios_core.results.scoring.intervals import CONFIDENCE, t_quantile, two_sided_p

#: where an interval of means of organisations is cut
LOWEST_PCT, HIGHEST_PCT = 0.0, 100.0
LEVEL_FIGURES = (
    "mean",
    "se",
    "df",
    "ci_low",
    "ci_high",
    "own_low",
    "own_high",
    "dont_know_share",
    "between_sd",
)
CHANGE_FIGURES = (
    "mean_from", "mean", "change", "se", "df", "ci_low", "ci_high", "own_low", "own_high",
)  # fmt: skip


def sector_variance(
    value: np.ndarray, variance: np.ndarray, frame_n: int | None, between: np.ndarray | None = None
) -> np.ndarray:
    """Variance of the mean of M organisations' values as a claim about the N of their sector.

    `V = (1 − M/N)·s²/M + Σ V_j/(M·N)`, the variance of two-stage sampling (Cochran 1977, ch. 11; Särndal,
    Swensson & Wretman 1992, ch. 4), with M − 1 degrees of freedom. s² is the variance between the
    organisations' *estimated* values, so it holds the errors V_j already. As V = (1 − f)·s²/M + f·Σ V_j/M²
    with f = M/N, the claim moves from s²/M, a small part of a large sector, to Σ V_j/M², the sector in full.
    Where N is not known, f = 0: a frame without an end. V = s²/M is then no smaller, on average, than for
    any true N, and adding Σ V_j/M² would count the organisations' own errors twice.

    Parameters
    ----------
    value, variance : float arrays (organisations, keys)
        Scores or changes in percent, and their variances V_j (floored).
    frame_n : int or None
    between : float array (keys,), optional
        s² of all organisations, for a group of fewer than twelve: with few of them, their own s² and the named
        ones would tell the sum of squares of those that are not shown.

    Returns
    -------
    float array (keys,)
        NaN for one organisation.
    """
    m = len(value)
    f = sampled_fraction(m, frame_n)
    if between is None or m >= QUARTILES_MIN:
        between = value.var(axis=0, ddof=1) if m > 1 else np.full(value.shape[1], np.nan)
    return (1 - f) * between / m + f * variance.sum(axis=0) / m**2


def own_error(variance: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standard error and Satterthwaite df of the mean as these organisations: `V = Σ V_j/M²`.

    Parameters
    ----------
    variance, df : float arrays (organisations, keys)
    """
    m = len(variance)
    total = variance.sum(axis=0)
    return np.sqrt(total) / m, total**2 / (variance**2 / df).sum(axis=0)


def _interval(mean: np.ndarray, se: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    half = t_quantile(df) * se
    return mean - half, mean + half


def _clip(interval: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return np.clip(interval[0], LOWEST_PCT, HIGHEST_PCT), np.clip(interval[1], LOWEST_PCT, HIGHEST_PCT)


def publish_group_levels(
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    people: pd.DataFrame,
    benchmarks: pd.DataFrame,
    frames: Frames,
    columns: Columns,
) -> pd.DataFrame:
    """Levels of every peer group and period as sector claims, with the status of their benchmarks.

    The interval is on the plain t scale, cut at 0 and 100: what is averaged are organisations' means, some
    tens of points from the ends, and changes and gaps beside it are on the same scale.

    Parameters
    ----------
    wholes : list of Whole
    groups : list of (PeerGroup, bool array (organisations,))
    people : DataFrame
        Register columns id, type, in the order of the membership arrays.
    benchmarks : DataFrame
        As published (`dimios_core.results.consortium.wholes.publish_benchmarks`): its status decides.
    frames : Frames

    Returns
    -------
    DataFrame
        period, group, kind, level, key, status; organisations_n, frame_n (Int64, null where unknown); mean, se,
        df, ci_low, ci_high (percent, the sector), own_low, own_high (percent, these organisations);
        dont_know_share (0-1, of points and split items: the mean of the organisations' shares, three
        decimals); between_sd (percentage points, from twelve organisations). Percent with one decimal.
    """
    levels, keys = zip(*columns.level_rows, strict=True)
    states = benchmarks.drop_duplicates(["period", "group"]).astype({"period": str, "group": str})
    status = {(p, g): s for p, g, s in zip(states["period"], states["group"], states["status"], strict=True)}
    parts = []
    for period in sorted({w.period for w in wholes}):
        complete = {w.organisation: w for w in wholes if w.period == period and w.complete}
        between = _variance_of_all([w.score_pct for w in complete.values()], len(keys))
        for group, member in groups:
            own = [complete[o] for o, m in zip(people["id"], member, strict=True) if m and o in complete]
            head = {"period": period, "group": group.id, "kind": group.kind, "level": levels, "key": keys}
            shown = status[period, group.id] == Status.PUBLISHED.label
            figures = dict.fromkeys(LEVEL_FIGURES, np.full(len(keys), np.nan))
            types = set(people.loc[people["id"].isin([w.organisation for w in own]), "type"])
            frame_n = frames.of(group, types)
            if shown:
                figures = _level_figures(own, frame_n, columns, between)
            parts.append(
                pd.DataFrame(
                    head
                    | {"status": status[period, group.id], "organisations_n": len(own) if shown else None}
                    | {"frame_n": frame_n}
                    | figures
                )
            )
    return shape_table("group_levels", parts)


def _variance_of_all(values: list[np.ndarray], keys_n: int) -> np.ndarray:
    """s² of all organisations, shape (keys,); NaN where they are fewer than twelve themselves."""
    if len(values) < QUARTILES_MIN:
        return np.full(keys_n, np.nan)
    return np.array(values).var(axis=0, ddof=1)


def _level_figures(
    own: list[Whole], frame_n: int | None, columns: Columns, between: np.ndarray
) -> dict[str, np.ndarray]:
    score = np.array([w.score_pct for w in own])
    variance = np.array([w.se**2 for w in own])
    df = np.array([w.df for w in own], float)
    mean, se = score.mean(axis=0), np.sqrt(sector_variance(score, variance, frame_n, between))
    low, high = _clip(_interval(mean, se, np.full(len(mean), len(own) - 1.0)))
    own_low, own_high = _clip(_interval(mean, *own_error(variance, df)))
    unknown = np.full(len(mean), np.nan)
    unknown[: columns.columns_n] = np.round(np.mean([w.dont_know_share for w in own], axis=0), 3)
    spread = score.std(axis=0, ddof=1) if len(own) >= QUARTILES_MIN else np.full(len(mean), np.nan)
    figures = {
        "mean": mean, "se": se, "df": np.full(len(mean), len(own) - 1.0), "ci_low": low, "ci_high": high,
        "own_low": own_low, "own_high": own_high, "between_sd": spread,
    }  # fmt: skip
    return {name: np.round(v, 1) for name, v in figures.items()} | {"dont_know_share": unknown}


def publish_group_changes(
    wholes: list[Whole],
    panels: list[Panel],
    groups: list[tuple[PeerGroup, np.ndarray]],
    people: pd.DataFrame,
    group_levels: pd.DataFrame,
    frames: Frames,
    columns: Columns,
) -> pd.DataFrame:
    """Changes of the same organisations between two years, beside the plain means of all that took part.

    The mean change of the panel, with the sector variance of each organisation's own change. Words follow p
    adjusted by Holm over the keys of one level of one group and period pair.

    Parameters
    ----------
    panels : list of Panel
    group_levels : DataFrame
        As published: its means are the plain ones.

    Returns
    -------
    DataFrame
        period, period_from, group, kind, level, key, status; organisations_n (Int64); mean_from, mean (percent, of
        the panel), change, se, df, ci_low, ci_high (percentage points, the sector; not adjusted), own_low,
        own_high (these organisations); certainty ("increase", "decrease", "none", "unknown"); plain_from,
        plain (percent, means of all that took part in each year). One decimal.
    """
    levels, keys = zip(*columns.level_rows, strict=True)
    level = np.array(levels)
    of = {(w.organisation, w.period): w for w in wholes}
    shown_levels = group_levels[group_levels["status"] == Status.PUBLISHED.label]
    plain = {
        (str(p), str(g)): rows["mean"].to_numpy()
        for (p, g), rows in shown_levels.groupby(["period", "group"], observed=True, sort=False)
    }
    nothing = np.full(len(keys), np.nan)
    parts = []
    for panel in panels:
        between = _variance_of_all(
            [panel.changes[o].change_pp for o in people["id"][panel.members]], len(keys)
        )
        for group, member in groups:
            own = people["id"][member & panel.members].tolist()
            published = panel.published[group.id]
            status = Status.SUPPRESSED_COMPLEMENT if len(own) >= GROUP_MIN else Status.SUPPRESSED_SMALL
            figures = dict.fromkeys(CHANGE_FIGURES, nothing)
            certainty = np.full(len(keys), "unknown", object)
            if published:
                status = Status.PUBLISHED
                types = set(people["type"][member & panel.members])
                before = np.array([of[o, panel.period_from].score_pct for o in own])
                after = np.array([of[o, panel.period].score_pct for o in own])
                change = np.array([panel.changes[o].change_pp for o in own])
                variance = np.array([panel.changes[o].se ** 2 for o in own])
                df = np.array([panel.changes[o].df for o in own], float)
                mean, se = (
                    change.mean(axis=0),
                    np.sqrt(sector_variance(change, variance, frames.of(group, types), between)),
                )
                sector_df = np.full(len(keys), len(own) - 1.0)
                low, high = _interval(mean, se, sector_df)
                own_low, own_high = _interval(mean, *own_error(variance, df))
                p_value, adjusted = two_sided_p(mean, se, sector_df), nothing.copy()
                for name in dict.fromkeys(levels):
                    adjusted[level == name] = adjust_holm(p_value[level == name])
                # words need organisations enough, which a published mean has
                certainty = certain_direction(
                    mean, adjusted, np.full(len(keys), len(own)), GROUP_MIN, 1 - CONFIDENCE
                )
                figures = {
                    "mean_from": before.mean(axis=0), "mean": after.mean(axis=0), "change": mean, "se": se,
                    "df": sector_df, "ci_low": low, "ci_high": high, "own_low": own_low, "own_high": own_high,
                }  # fmt: skip
            parts.append(
                pd.DataFrame(
                    {
                        "period": panel.period,
                        "period_from": panel.period_from,
                        "group": group.id,
                        "kind": group.kind,
                    }
                    | {"level": levels, "key": keys, "status": status.label}
                    | {"organisations_n": len(own) if published else None}
                    | {name: np.round(v, 1) for name, v in figures.items()}
                    | {"certainty": certainty}
                    | {
                        "plain_from": plain.get((panel.period_from, group.id), nothing)
                        if published
                        else nothing,
                        "plain": plain.get((panel.period, group.id), nothing) if published else nothing,
                    }
                )
            )
    return shape_table("group_changes", parts)

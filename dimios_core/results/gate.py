"""The gate: the only way from estimates to what may be published (method 5).

What passes has its status and, as the schema of its table says, its decimals; a suppressed row carries no figures at all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.published.conventions import ALL, CERTAINTY_N_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.estimate import Batch, Changes, Regions
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import certain_direction
from dimios_core.results.scoring.ends import END_HIGH_PCT, END_LOW_PCT
from dimios_core.results.scoring.intervals import (
    CONFIDENCE,
    FEW_N,
    smallest_detectable,
    t_quantile,
    two_sided_p,
)
from dimios_core.results.scoring.linearise import score_groups
from dimios_core.results.scoring.matrix import Respondents

#: below this many answers, don't-know shares are shown in steps of 5 %
COARSE_SHARE_N = 20
LABELS = np.array([s.label for s in Status], object)


def long_frame(batch: Batch, columns: Columns, groups: np.ndarray, **values: np.ndarray) -> pd.DataFrame:
    """Long frame with a row a group and level row; `values` are arrays (groups, level rows)."""
    rows_n = len(columns.level_rows)
    block_of = batch.block_of[groups]
    head = {
        "organisation": np.array([b.organisation for b in batch.blocks], object)[block_of],
        "period": np.array([b.period for b in batch.blocks], object)[block_of],
        "unit": np.array(batch.unit, object)[groups],
        "role": np.array(batch.role, object)[groups],
    }
    # words are looked up once a group or level row, and only their codes repeated
    words = {name: pd.Categorical(value) for name, value in head.items()}
    frame = {
        name: pd.Categorical.from_codes(np.repeat(w.codes, rows_n), w.categories) for name, w in words.items()
    }
    for name, labels in zip(("level", "key"), zip(*columns.level_rows, strict=True), strict=True):
        w = pd.Categorical(labels, categories=list(dict.fromkeys(labels)))
        frame[name] = pd.Categorical.from_codes(np.tile(w.codes, len(groups)), w.categories)
    return pd.DataFrame(frame | {name: value.ravel() for name, value in values.items()})


def row_status(batch: Batch, columns: Columns) -> np.ndarray:
    """Status of every group and level row; levels above the points follow from their points."""
    own = batch.status
    above_n = len(columns.level_rows) - columns.columns_n
    scored = ~np.isnan(batch.scores.score_pct[:, columns.columns_n :])
    points = own[:, : columns.points_n]
    threshold = np.array([b.threshold for b in batch.blocks])[batch.block_of]
    fallback = np.full(len(own), Status.INCOMPLETE)
    dominated = points == Status.SUPPRESSED_DOMINATED
    fallback[(dominated | (points == Status.SUPPRESSED_COMPLEMENT)).all(axis=1)] = (
        Status.SUPPRESSED_COMPLEMENT
    )
    fallback[dominated.all(axis=1)] = Status.SUPPRESSED_DOMINATED
    fallback[batch.people_n < threshold] = Status.SUPPRESSED_SMALL
    fallback[batch.people_n == 0] = Status.NO_ANSWERS
    closed = (fallback == Status.SUPPRESSED_SMALL) | (fallback == Status.NO_ANSWERS)
    above = np.where(
        scored & ~closed[:, None], Status.PUBLISHED, np.repeat(fallback[:, None], above_n, axis=1)
    )
    return np.hstack([own, above])


def tabulate_estimates(
    batch: Batch, respondents: Respondents, columns: Columns, invited: dict[int, int]
) -> pd.DataFrame:
    """Everything estimated, unrounded, suppressed groups included: restricted (`estimates/`).

    Parameters
    ----------
    respondents : Respondents
        Of the batch.
    invited : dict
        Group number -> number invited, where known.

    Returns
    -------
    DataFrame
        organisation, period, unit, role, level, key (categorical); score, se, df (of the answers and their design: as R's
        `survey` has them); se_shared (that of the shared spread, where it stands for `se` in what is published);
        ci_low, ci_high (as published, which near an end of the scale is an interval of the room there; percent, 0-100);
        n (respondents with an answer among the row's points), n_points, dont_know_share (0-1), invited. Missing
        figures are NaN.
    """
    scores = batch.scores
    design = score_groups(respondents, batch.members, batch.usable, columns, as_answered=True)
    low, high = scores.interval
    groups = np.arange(len(batch.unit))
    rows_n = len(columns.level_rows)
    invited_n = np.array([invited.get(int(g), np.nan) for g in groups])
    return long_frame(
        batch, columns, groups,
        score=design.score_pct, se=design.se, se_shared=np.where(scores.shared, scores.se, np.nan), df=scores.df,
        ci_low=low, ci_high=high, n=scores.n, n_points=scores.points_n, dont_know_share=_padded(batch.dont_know_share, rows_n),
        invited=np.repeat(invited_n[:, None], rows_n, axis=1),
    )  # fmt: skip


def _padded(values: np.ndarray, rows_n: int) -> np.ndarray:
    return np.hstack([values, np.full((len(values), rows_n - values.shape[1]), np.nan)])


def _bounded(score_pct: np.ndarray, end: np.ndarray) -> np.ndarray:
    return np.where(end < 0, END_LOW_PCT, np.where(end > 0, END_HIGH_PCT, score_pct))


def round_share(share: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Round shares to three decimals, in steps of 5 % where there are fewer than twenty answers."""
    return np.where(n < COARSE_SHARE_N, np.round(np.round(share * 20) / 20, 2), np.round(share, 3))


def publish_scores(batch: Batch, columns: Columns) -> pd.DataFrame:
    """Levels as they may be published.

    Returns
    -------
    DataFrame
        organisation, period, unit, role, level, key, status, dont_know_status (categorical); score, ci_low, ci_high
        (percent, one decimal); bound ("at_most", "at_least" or ""): the score is near an end of the scale and
        only its bound is told; se (percentage points; NaN below twelve answers and beside a bound), df; n,
        n_points (Int64); dont_know_share (0-1). All figures are missing unless status is published; the share unless its
        own status is, which is empty above the points.
    """
    scores, end = batch.scores, batch.scores.end
    rows_n = len(columns.level_rows)
    status = row_status(batch, columns)
    shown = _bounded(scores.score_pct, end)
    low, high = scores.interval
    unknown_status = np.full(status.shape, "", object)
    unknown_status[:, : columns.columns_n] = LABELS[batch.dont_know_status]
    se = np.where((scores.n < FEW_N) | (end != 0), np.nan, scores.floored_se)
    frame = long_frame(
        batch, columns, np.arange(len(status)),
        status=LABELS[status], dont_know_status=unknown_status, score=shown,
        bound=np.where(end < 0, "at_most", np.where(end > 0, "at_least", "")).astype(object),
        ci_low=low, ci_high=high, se=se, df=scores.df, n=scores.n, n_points=scores.points_n,
        dont_know_share=round_share(_padded(batch.dont_know_share, rows_n), scores.n),
    )  # fmt: skip
    return shape_table("scores", [frame], per_organisation=True)


def change_status(batch: Batch, changes: Changes, columns: Columns) -> np.ndarray:
    """Status of every change and level row: published where both levels are and neither is at an end."""
    both = np.maximum(*(row_status(batch, columns)[g] for g in (changes.earlier, changes.later)))
    end = batch.scores.end
    status = np.where(
        (both == Status.PUBLISHED) & np.isnan(changes.difference.value_pp), Status.INCOMPLETE, both
    )
    ends = (end[changes.earlier] != 0) | (end[changes.later] != 0)
    return np.where((status == Status.PUBLISHED) & ends, Status.SUPPRESSED_COMPLEMENT, status)


def publish_changes(batch: Batch, changes: Changes, columns: Columns) -> pd.DataFrame:
    """Changes as they may be published: only where both levels are.

    Words follow p adjusted by Holm within a family: one period pair, one level, and the whole, all roles,
    all units, or all units × roles.

    Returns
    -------
    DataFrame
        organisation, period, period_from, unit, role, level, key, status; change, se, ci_low, ci_high
        (percentage points, one decimal; the interval is not adjusted), df, n (the smaller of both), n_points;
        certainty ("increase", "decrease", "none", "unknown"); detectable: the smallest change that would
        have shown.
    """
    status = change_status(batch, changes, columns)
    d = changes.difference
    rows_n = len(columns.level_rows)
    half = t_quantile(d.df) * d.se
    frame = long_frame(
        batch, columns, changes.later,
        status=LABELS[status], change=d.value_pp, se=d.se, ci_low=d.value_pp - half, ci_high=d.value_pp + half,
        df=d.df, n=d.n.astype(float), n_points=d.points_n.astype(float), detectable=smallest_detectable(d.se, d.df),
        p=np.where(status == Status.PUBLISHED, two_sided_p(d.value_pp, d.se, d.df), np.nan),
    )  # fmt: skip
    before = np.array([batch.blocks[b].period for b in batch.block_of[changes.earlier]], object)
    frame.insert(2, "period_from", pd.Categorical(np.repeat(before, rows_n)))
    kind = np.where(frame["unit"] != ALL, 2, 0) + np.where(frame["role"] != ALL, 1, 0)
    family = [frame["organisation"], frame["period"], frame["period_from"], frame["level"], kind]
    adjusted = adjust_by_family(frame.pop("p"), family)
    frame["certainty"] = certain_direction(
        frame["change"].to_numpy(), adjusted, frame["n"].to_numpy(), CERTAINTY_N_MIN, 1 - CONFIDENCE
    )
    frame["se"] = frame["se"].mask(frame["n"] < FEW_N)
    return shape_table("changes", [frame], per_organisation=True)


def adjust_by_family(p: pd.Series, family: list) -> np.ndarray:
    """Adjust p by Holm within families: rows that agree in all the keys of `family`; NaN stays outside."""
    number = pd.Series(0, index=p.index).groupby(family, observed=True).ngroup().to_numpy()
    adjusted = np.full(len(p), np.nan)
    values = p.to_numpy(float)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(number[known], kind="stable")]
    cuts = np.flatnonzero(np.diff(number[order])) + 1
    for rows in np.split(order, cuts):
        adjusted[rows] = adjust_holm(values[rows])
    return adjusted


def publish_regions(batch: Batch, regions: Regions, columns: Columns) -> pd.DataFrame:
    """Positions in the plane with their joint region, of the whole, units and roles.

    Returns
    -------
    DataFrame
        organisation, period, unit, role, status; across, upwards (percent), half_across, half_upwards,
        radius_major, radius_minor (percentage points), angle (degrees from the across axis), placement.
        `status` is incomplete where a dimension is, or there are fewer than eight respondents.
    """
    plane = columns.instrument.quadrants
    assert plane is not None
    at = [columns.level_rows.index(("dimension", d)) for d in (plane.across, plane.upwards)]
    status, end = row_status(batch, columns)[:, at].max(axis=1), batch.scores.end
    status = np.where((status == Status.PUBLISHED) & np.isnan(regions.across), Status.INCOMPLETE, status)
    index = batch.block_of
    figures = {
        "across": _bounded(regions.across, end[:, at[0]]),
        "upwards": _bounded(regions.upwards, end[:, at[1]]),
        "half_across": regions.half_across,
        "half_upwards": regions.half_upwards,
        "radius_major": regions.radius_major,
        "radius_minor": regions.radius_minor,
        "angle": regions.angle_deg,
    }
    frame = pd.DataFrame(
        {
            "organisation": pd.Categorical([batch.blocks[i].organisation for i in index]),
            "period": pd.Categorical([batch.blocks[i].period for i in index]),
            "unit": pd.Categorical(batch.unit),
            "role": pd.Categorical(batch.role),
            "status": LABELS[status],
        }
        | figures
        | {"placement": regions.placement}
    )
    return shape_table("regions", [frame], per_organisation=True)

"""Organisations as a whole, as peers of each other: benchmarks (method 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, PEERS_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import WORTH, PeerGroup, publishable_groups, summarise_group
from dimios_core.results.estimate import Batch
from dimios_core.results.gate import row_status
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.matrix import Respondents


@dataclass(frozen=True)
class Whole:
    """One organisation as a whole in one period, with what comparison on fewer points needs.

    Attributes
    ----------
    status : int array (level rows,) of Status
    score_pct, se, df, n : arrays (level rows,)
        `se` is floored.
    point_covariance, point_floor2 : arrays (points, points), (points,)
        Covariance of point scores n/(n − 1)·Σ u u', and squared rounding floors.
    at_end : array (level rows,)
        Not 0 where all answered alike at an end of the scale.
    ci_low, ci_high : float arrays (level rows,)
        95 % interval, percent.
    dont_know_share : float array (columns,)
        Share, 0-1.
    people_n : int
        Respondents.
    """

    organisation: str
    period: str
    status: np.ndarray
    score_pct: np.ndarray
    se: np.ndarray
    df: np.ndarray
    n: np.ndarray
    point_covariance: np.ndarray
    point_floor2: np.ndarray
    at_end: np.ndarray
    ci_low: np.ndarray
    ci_high: np.ndarray
    dont_know_share: np.ndarray
    people_n: int

    @property
    def complete(self) -> bool:
        """Every level row is published, with an interval: the organisation enters benchmarks."""
        return bool(
            (self.status == Status.PUBLISHED).all() and np.isfinite(self.se).all() and (self.df >= 1).all()
        )

    def restricted(self, usable: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        """Score and floored se of every level row when only some points may enter.

        Parameters
        ----------
        usable : bool array (points,)
        """
        weights = columns.point_weights_within(usable[None, :])[0][0]
        a = weights[:, None] * columns.in_category
        a = np.hstack([a, a @ columns.category_weight])
        a = np.hstack([a, a[:, len(columns.instrument.categories) :] @ columns.dimension_weight])
        points = slice(0, columns.points_n)
        score = a.T @ self.score_pct[points]
        variance = np.einsum("pl,pq,ql->l", a, self.point_covariance, a)
        floor2 = (a**2).T @ self.point_floor2
        own = slice(0, columns.columns_n)
        return (
            np.concatenate([self.score_pct[own], score]),
            np.concatenate([self.se[own], np.sqrt(np.maximum(variance, floor2))]),
        )


def collect_wholes(batch: Batch, respondents: Respondents, columns: Columns) -> list[Whole]:
    """Take the organisations as a whole out of a batch."""
    status, end = row_status(batch, columns), batch.scores.end
    se = batch.scores.floored_se
    low, high = batch.scores.interval
    start = np.searchsorted(batch.members.group, np.arange(batch.members.groups_n + 1))
    wholes = []
    for g, (unit, role) in enumerate(zip(batch.unit, batch.role, strict=True)):
        if (unit, role) != (ALL, ALL):
            continue
        block = batch.blocks[batch.block_of[g]]
        rows = slice(start[g], start[g + 1])
        points = slice(0, columns.points_n)
        who = batch.members.respondent[rows]
        strata = _merge_lone_strata(respondents.stratum[who], respondents.neighbour[who])
        wholes.append(
            Whole(
                block.organisation, block.period, status[g], batch.scores.score_pct[g], se[g], batch.scores.df[g],
                batch.scores.n[g], _covariance(batch.scores.influence[rows, points], strata),
                batch.scores.floor[g, points] ** 2, end[g], low[g], high[g], batch.dont_know_share[g],
                int(batch.people_n[g]),
            )
        )  # fmt: skip
    return wholes


def _merge_lone_strata(stratum: np.ndarray, neighbour: np.ndarray) -> np.ndarray:
    """Strata of one organisation, where one that holds a single respondent joins the neighbour it names, wherever that has gone."""
    merged = stratum.copy()
    _, first, size = np.unique(stratum.astype(str), return_index=True, return_counts=True)
    for i in first[size == 1]:
        home = merged[stratum == neighbour[i]]
        if (merged == merged[i]).sum() == 1 and len(home):
            merged[i] = home[0]
    return merged


def _covariance(u: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """Σ_h n_h/(n_h − 1) Σ (u − ū_h)(u − ū_h)'; NaN where a stratum holds one respondent: there is no variance."""
    total = np.zeros((u.shape[1], u.shape[1]))
    for h in set(stratum):
        inside = u[stratum == h]
        if len(inside) == 1:
            return np.full_like(total, np.nan)
        total += np.atleast_2d(np.cov(inside, rowvar=False)) * len(inside)
    return total


def choose_means(
    rows: np.ndarray, groups: list[tuple[PeerGroup, np.ndarray]], complete: np.ndarray, before: Before
) -> np.ndarray:
    """Choose the groups whose means are published in one period: as before, or so that few are safe beside all of it.

    Parameters
    ----------
    rows : bool array (groups, organisations)
        Members with a complete result in the period.
    complete : bool array (organisations,)
    before : Before

    Returns
    -------
    bool array (groups,)
    """
    if before.settled:
        return np.array([g.id in before.groups for g, _ in groups], bool)
    worth = np.array([WORTH[g.kind] for g, _ in groups])
    known = before.known[: len(complete)]
    kept = publishable_groups(rows[:, complete], worth, known[complete])
    return before.keep_beside(rows, kept, kept, worth, known)


def publish_benchmarks(
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    order: list[str],
    columns: Columns,
    before: Mapping[str, Before],
) -> pd.DataFrame:
    """Means and quartiles of every peer group and period.

    Parameters
    ----------
    wholes : list of Whole
        All organisations and periods.
    groups : list of (PeerGroup, bool array (organisations,))
    order : list of str
        Organisations in the order of the membership arrays.
    before : mapping
        Period -> what was told of it before.

    Returns
    -------
    DataFrame
        period, group, kind, level, key, status, organisations_n (Int64), mean, q1, median, q3 (percent, one
        decimal). Quartiles are missing below twelve organisations.
    """
    levels, keys = zip(*columns.level_rows, strict=True)
    frames = []
    for period in sorted({w.period for w in wholes}):
        complete = {w.organisation: w for w in wholes if w.period == period and w.complete}
        inside = np.array([o in complete for o in order])
        rows = np.array([members & inside for _, members in groups])
        sized = rows.sum(axis=1)
        kept = choose_means(rows, groups, inside, before[period])
        for (group, _), member, size, published in zip(groups, rows, sized, kept, strict=True):
            status = Status.PUBLISHED if published else Status.SUPPRESSED_SMALL
            if not published and size > PEERS_MIN:
                status = Status.SUPPRESSED_COMPLEMENT
            figures = (
                summarise_group(
                    np.array([complete[o].score_pct for o, m in zip(order, member, strict=True) if m])
                )
                if published
                else {name: np.full(len(keys), np.nan) for name in ("mean", "q1", "median", "q3")}
            )
            frames.append(
                pd.DataFrame(
                    {"period": period, "group": group.id, "kind": group.kind, "level": levels, "key": keys}
                    | {
                        "status": status.label,
                        "organisations_n": pd.array([size if published else None] * len(keys), "Int64"),
                    }
                    | figures
                )
            )
    return shape_table("benchmarks", frames)


def published_groups(benchmarks: pd.DataFrame) -> dict[str, set[str]]:
    """Return the peer groups whose means are published, per period."""
    shown = benchmarks[benchmarks["status"] == Status.PUBLISHED.label]
    return {str(p): set(f["group"].astype(str)) for p, f in shown.groupby("period", observed=True)}


def count_participation(
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    order: list[str],
    published: dict[str, set[str]],
    shown: dict[str, set[str]],
) -> pd.DataFrame:
    """Count complete organisations by the published groups they belong to: what the audit needs, no more.

    Parameters
    ----------
    shown : dict
        Period -> organisations that are dots in the plane (`dimios_core.results.consortium.positions`).

    Returns
    -------
    DataFrame
        period, groups (identifiers joined by "|"), organisations_n, shown_n (int): how many of these are dots.
    """
    place = {o: i for i, o in enumerate(order)}
    rows = [
        (
            w.period,
            "|".join(
                g.id for g, m in groups if m[place[w.organisation]] and g.id in published.get(w.period, ())
            ),
            w.organisation in shown.get(w.period, ()),
        )
        for w in wholes
        if w.complete
    ]
    frame = pd.DataFrame(rows, columns=["period", "groups", "shown"])
    counted = frame.groupby(["period", "groups"], as_index=False)["shown"].agg(["size", "sum"])
    return shape_table(
        "participation", [counted.rename(columns={"size": "organisations_n", "sum": "shown_n"})]
    )

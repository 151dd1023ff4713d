"""Organisations as a whole, as peers of each other: benchmarks and gaps (method 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.published.conventions import ALL, CERTAINTY_N_MIN, PEERS_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import WORTH, PeerGroup, publishable_groups, summarise_group
from dimios_core.results.estimate import Batch
from dimios_core.results.gate import LABELS, row_status
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import PeerSums, certain_direction, gap_to_peers
from dimios_core.results.scoring.intervals import (
    CONFIDENCE,
    smallest_detectable,
    t_quantile,
    two_sided_p,
)
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


@dataclass(frozen=True)
class Peers:
    """The complete organisations of one period, stacked once for all gaps to them.

    Attributes
    ----------
    wholes : list of Whole
    at : int array (complete organisations,)
        Their positions in the membership arrays, rising.
    score_pct, se, df : float arrays (complete organisations, level rows)
    """

    wholes: list[Whole]
    at: np.ndarray
    score_pct: np.ndarray
    se: np.ndarray
    df: np.ndarray

    @classmethod
    def of(cls, wholes: list[Whole], order: list[str]) -> Peers:
        """Stack the complete ones among the organisations of one period."""
        position = {o: i for i, o in enumerate(order)}
        complete = sorted((w for w in wholes if w.complete), key=lambda w: position[w.organisation])
        stacked = (
            np.array([getattr(w, name) for w in complete], float) for name in ("score_pct", "se", "df")
        )
        return cls(complete, np.array([position[w.organisation] for w in complete], int), *stacked)

    def restricted(self, usable: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        """Scores and floored se's of all when only some points (bool array) may enter."""
        if usable.all() or not self.wholes:
            return self.score_pct, self.se
        score, se = zip(*(w.restricted(usable, columns) for w in self.wholes), strict=True)
        return np.array(score), np.array(se)


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


def publish_gaps(
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    published: Mapping[str, set[str]],
    peers: Mapping[str, Peers],
    order: list[str],
    columns: Columns,
) -> pd.DataFrame:
    """Gaps of organisations to the groups they belong to, in each of their periods.

    The peers are scored on the points that the organisation has itself. Words follow p adjusted by Holm over
    the gaps of one level to one group.

    Parameters
    ----------
    wholes : list of Whole
        Whose gaps are asked for, an organisation and period each.
    groups, order
        As for `publish_benchmarks`; only groups that an organisation is a member of are used.
    published : mapping
        Period -> groups whose means are published; none in a period that is not there.
    peers : mapping
        Period -> complete organisations.

    Returns
    -------
    DataFrame
        organisation, period, group, level, key, status; benchmark (percent: mean of the *others*), gap, se, df, ci_low,
        ci_high (percentage points, one decimal, the interval not adjusted), certainty ("increase" = above),
        detectable, peers_n (Int64).
    """
    frames = [
        frame
        for whole in wholes
        for frame in _list_gaps(
            whole, groups, published.get(whole.period, set()), peers[whole.period], order, columns
        )
    ]
    return shape_table("gaps", frames, per_organisation=True)


def _list_gaps(
    whole: Whole,
    groups: list[tuple[PeerGroup, np.ndarray]],
    published: set[str],
    peers: Peers,
    order: list[str],
    columns: Columns,
) -> Iterator[pd.DataFrame]:
    """Yield the gaps of one period, a frame a group: columns as `publish_gaps` returns them."""
    levels, keys = zip(*columns.level_rows, strict=True)
    level = np.array(levels)
    named = pd.DataFrame(
        {"organisation": whole.organisation, "period": whole.period, "level": levels, "key": keys}
    )
    usable = whole.status[: columns.points_n] == Status.PUBLISHED
    score, se = peers.restricted(usable, columns)
    me = order.index(whole.organisation)
    for group, member in groups:
        others = member[peers.at] & (peers.at != me)
        if not member[me] or group.id not in published or others.sum() < PEERS_MIN:
            continue
        sums = PeerSums.of(score[others], se[others], peers.df[others])
        gap, gap_se, df = gap_to_peers(whole.score_pct, whole.se, whole.df.astype(float), sums)
        status = np.where((whole.status == Status.PUBLISHED) & np.isnan(gap), Status.INCOMPLETE, whole.status)
        status = np.where(
            (status == Status.PUBLISHED) & (whole.at_end != 0), Status.SUPPRESSED_COMPLEMENT, status
        )
        p_value = np.where(status == Status.PUBLISHED, two_sided_p(gap, gap_se, df), np.nan)
        adjusted = np.full(len(keys), np.nan)
        for name in dict.fromkeys(levels):
            adjusted[level == name] = adjust_holm(p_value[level == name])
        half = t_quantile(df) * gap_se
        figures = {
            "benchmark": sums.score / sums.m, "gap": gap, "se": gap_se, "df": df, "ci_low": gap - half,
            "ci_high": gap + half, "detectable": smallest_detectable(gap_se, df),
        }  # fmt: skip
        certainty = certain_direction(gap, adjusted, whole.n, CERTAINTY_N_MIN, 1 - CONFIDENCE)
        yield named.assign(
            group=group.id, status=LABELS[status], certainty=certainty, peers_n=int(others.sum()), **figures
        )

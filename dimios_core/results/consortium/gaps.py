"""Gaps of organisations to the others of their groups (method 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from dimios_core.families import adjust_holm
from dimios_core.published.conventions import CERTAINTY_N_MIN, PEERS_MIN
from dimios_core.published.shaping import shape_table
from dimios_core.published.status import Status
from dimios_core.results.consortium.benchmarks import PeerGroup
from dimios_core.results.consortium.wholes import Whole
from dimios_core.results.gate import LABELS
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.compare import PeerSums, certain_direction, gap_to_peers
from dimios_core.results.scoring.intervals import CONFIDENCE, smallest_detectable, t_quantile, two_sided_p


@dataclass(frozen=True)
class Peers:
    """The complete organisations of one period, stacked once for all gaps to them.

    Attributes
    ----------
    wholes : list of Whole
    at : int array (complete organisations,)
        Their positions in the membership arrays, rising.
    df : float array (complete organisations, level rows)
    terms : float array (complete organisations, 3, level rows)
        What each adds to `PeerSums`.
    """

    wholes: list[Whole]
    at: np.ndarray
    df: np.ndarray
    terms: np.ndarray

    @classmethod
    def of(cls, wholes: list[Whole], order: list[str]) -> Peers:
        """Stack the complete ones among the organisations of one period."""
        position = {o: i for i, o in enumerate(order)}
        complete = sorted((w for w in wholes if w.complete), key=lambda w: position[w.organisation])
        score, se, df = (
            np.array([getattr(w, name) for w in complete], float) for name in ("score_pct", "se", "df")
        )
        at = np.array([position[w.organisation] for w in complete], int)
        return cls(complete, at, df, PeerSums.terms(score, se, df) if complete else np.zeros((0, 3, 0)))

    def restricted(self, usable: np.ndarray, columns: Columns) -> np.ndarray:
        """Return `terms` when only some points (bool array) may enter."""
        if usable.all() or not self.wholes:
            return self.terms
        score, se = zip(*(w.restricted(usable, columns) for w in self.wholes), strict=True)
        return PeerSums.terms(np.array(score), np.array(se), self.df)

    def around(
        self, whole: Whole, groups: list[tuple[str, np.ndarray]], me: int, columns: Columns
    ) -> Iterator[tuple[str, PeerSums]]:
        """Yield the groups (id, members) that an organisation, the one at `me`, has peers enough in, with the others' sums.

        They are scored on the points that it has itself.
        """
        terms = self.restricted(whole.status[: columns.points_n] == Status.PUBLISHED, columns)
        for group, member in groups:
            others = member[self.at] & (self.at != me)
            if member[me] and others.sum() >= PEERS_MIN:
                yield group, PeerSums.add_up(terms[others])


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
    found = [
        (whole, group, sums)
        for whole in wholes
        for group, sums in peers[whole.period].around(
            whole,
            [(g.id, m) for g, m in groups if g.id in published.get(whole.period, ())],
            order.index(whole.organisation),
            columns,
        )
    ]
    frames = [_tabulate_gaps(found, columns)] if found else []
    return shape_table("gaps", frames, per_organisation=True)


def _tabulate_gaps(found: list[tuple[Whole, str, PeerSums]], columns: Columns) -> pd.DataFrame:
    """Gaps of organisations to a group of others each, one after another and level by level: columns as `publish_gaps` returns them."""
    own, named, others = zip(*found, strict=True)
    levels, keys = (np.array(part, object) for part in zip(*columns.level_rows, strict=True))
    score, se, df, n, given, end = (
        np.array([getattr(whole, name) for whole in own])
        for name in ("score_pct", "se", "df", "n", "status", "at_end")
    )
    sums = PeerSums(*(np.array([getattr(one, f.name) for one in others]) for f in fields(PeerSums)))
    sums = replace(sums, m=sums.m[:, None])
    gap, gap_se, df = gap_to_peers(score, se, df.astype(float), sums)
    status = np.where((given == Status.PUBLISHED) & np.isnan(gap), Status.INCOMPLETE, given)
    status = np.where((status == Status.PUBLISHED) & (end != 0), Status.SUPPRESSED_COMPLEMENT, status)
    p_value = np.where(status == Status.PUBLISHED, two_sided_p(gap, gap_se, df), np.nan)
    adjusted = np.full(p_value.shape, np.nan)
    for level in dict.fromkeys(levels):
        for row, p in zip(adjusted, p_value, strict=True):
            row[levels == level] = adjust_holm(p[levels == level])
    half = t_quantile(df) * gap_se
    figures = {
        "benchmark": sums.score / sums.m, "gap": gap, "se": gap_se, "df": df, "ci_low": gap - half,
        "ci_high": gap + half, "detectable": smallest_detectable(gap_se, df), "status": LABELS[status],
        "certainty": certain_direction(gap, adjusted, n, CERTAINTY_N_MIN, 1 - CONFIDENCE),
    }  # fmt: skip
    about = {
        "organisation": [whole.organisation for whole in own], "period": [whole.period for whole in own], "group": named,
        "peers_n": sums.m[:, 0],
    }  # fmt: skip
    return pd.DataFrame(
        {name: np.repeat(np.array(values), len(keys)) for name, values in about.items()}
        | {"level": np.tile(levels, len(own)), "key": np.tile(keys, len(own))}
        | {name: values.ravel() for name, values in figures.items()}
    )

"""Bounds from published files alone: how closely a careful reader can guess a suppressed mean.

The files do not say how many answers a suppressed group has, only that they are fewer than the threshold. The
auditor works out what published groups leave over (a unit without its published children, and so on), and asks
how far the mean of a small group in it can lie from the ends of the scale, for any number of answers that it
may have. `dimios score` knows the counts and uses all published figures at once (`dimios_core.results.disclosure.bounds`);
this is a second pair of eyes, on what stands in the files.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.published.status import Status
from dimios_core.published.store import PublishedResults
from dimios_core.results.audit.tables import PUBLISHED, AuditFinding, GroupRows
from dimios_core.results.disclosure.bounds import ROUNDING_PP, TOLERANCE_PP, WIDTH_MIN_PP
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.scoring.groups import UnitTree

SMALL = Status.SUPPRESSED_SMALL.label


def audit_bounds(results: Path, organisation: str) -> list[AuditFinding]:
    """Find small groups whose mean is bounded more narrowly than twenty points by what published ones leave over.

    Organisations whose respondents carry different weights are left out: the files do not tell the weights.
    """
    published = PublishedResults(results, organisation)
    profile, scores = published.profile, published.scores
    if profile.get("weighted"):
        return []
    tree = UnitTree({u["id"]: u["parent"] for u in profile["units"]})
    columns = scores[scores["level"].isin(["point", "item"])]
    columns = columns.astype({"unit": object, "role": object, "status": object, "bound": object})
    columns = columns.assign(n=columns["n"].fillna(0).astype(int))
    found = []
    for (period, key), rows in columns.groupby(["period", "key"], observed=True, sort=False):
        if {PUBLISHED, SMALL} <= set(rows["status"]):
            for unit, role, width in narrow_groups(rows, tree, int(profile["threshold"])):
                what = f"the mean of a small group ({unit}, {role}) lies within {width:.1f} points"
                found.append(AuditFinding(organisation, str(period), str(key), what))
    return found


def narrow_groups(rows: pd.DataFrame, tree: UnitTree, threshold: int) -> list[tuple[str, str, float]]:
    """Small suppressed groups of one period and key whose range is too narrow: unit, role, width.

    Parameters
    ----------
    rows : DataFrame
        unit, role, status, n, score, bound as published.
    """
    groups = GroupRows.of(rows, tree)
    told = {(r.unit, r.role): (r.score, r.bound) for r in rows.itertuples()}
    low, high = np.array([_range(*told[name]) for name in groups.names]).reshape(-1, 2).T
    space = RowSpace(groups.rows, (~groups.empty).astype(int))
    left_over = [u for u in space.lone_classes() if not (u & groups.large).any()]
    hidden = rows[rows["status"] == SMALL]
    names = list(zip(hidden["unit"], hidden["role"], strict=True))
    targets = groups.indicator(names) & ~groups.empty
    narrowest: dict[int, float] = {}
    for union in left_over:
        c = space.combination(union)
        answers = round(float(groups.n @ c))
        ends = np.sort(np.stack([c * groups.n * low, c * groups.n * high]), axis=0).sum(axis=1)
        for t in np.flatnonzero(targets.any(axis=1) & ~(targets & ~union).any(axis=1)).tolist():
            rest = int((union & ~targets[t]).sum())
            width = _width(ends[0], ends[1], answers, rest, threshold)
            narrowest[t] = min(width, narrowest.get(t, width))
    return [(*names[t], w) for t, w in sorted(narrowest.items()) if w < WIDTH_MIN_PP - TOLERANCE_PP]


def _range(score: float, bound: str) -> tuple[float, float]:
    if bound:
        return (0.0, score) if bound == "at_most" else (score, 100.0)
    return score - ROUNDING_PP, score + ROUNDING_PP


def _width(low: float, high: float, answers: int, rest_atoms: int, threshold: int) -> float:
    """Width of the mean of a small group in a union with a known sum, over all numbers of answers it may have."""
    fewest = max(1, answers - rest_atoms * (threshold - 1))
    numbers = np.arange(fewest, min(threshold - 1, answers) + 1)
    if not len(numbers):
        return 100.0
    least = np.clip((low - 100 * (answers - numbers)) / numbers, 0, 100)
    most = np.clip(high / numbers, 0, 100)
    return float(most.max() - least.min())

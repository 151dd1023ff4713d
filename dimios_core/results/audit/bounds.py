"""Bounds from published files alone: how closely a careful reader can guess a suppressed mean.

The files do not say how many answers a suppressed group has, only that they are fewer than the threshold. The
auditor works out what published groups leave over (a unit without its published children, and so on), and asks
how far the mean of a small group in it can lie from the ends of the scale, for any number of answers that it
may have; and whether all of a larger one that is left over must have answered alike at an end. Sums are whole
numbers of steps of the scale. `dimios score` knows the counts and uses all published figures at once
(`dimios_core.results.disclosure.bounds`); this is a second pair of eyes, on what stands in the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from dimios_core.published.status import Status
from dimios_core.published.store import PublishedResults
from dimios_core.results.audit.asked import models_of
from dimios_core.results.audit.atoms import Atoms
from dimios_core.results.audit.grid import PUBLISHED
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.audit.tables import AuditFinding
from dimios_core.results.disclosure.bounds import TOLERANCE_PP, WIDTH_MIN_PP
from dimios_core.results.disclosure.limits import ROUND_OFF, ROUNDING_PP
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.scoring.columns import items_of
from dimios_core.results.scoring.ends import end_room
from dimios_core.results.scoring.groups import UnitTree

SMALL = Status.SUPPRESSED_SMALL.label


def audit_bounds(results: Path, organisation: str) -> list[AuditFinding]:
    """Find what published groups leave over and bound too narrowly.

    Organisations whose respondents carry different weights are left out: the files do not tell the weights.
    """
    published = PublishedResults(results, organisation)
    profile, scores = published.profile, published.scores
    if profile.get("weighted"):
        return []
    tree = UnitTree({u["id"]: u["parent"] for u in profile["units"]})
    # where somebody may have left an item out: the finest steps that a sum can lie on
    steps = {
        version: dict(zip(items_of(columns), columns.steps_n[1].tolist(), strict=True))
        for version, columns in models_of(published, profile["periods"]).columns.items()
    }
    shown = scores[scores["level"].isin(["point", "item"])]
    shown = shown.astype({"unit": object, "role": object, "status": object, "bound": object})
    shown = shown.assign(n=shown["n"].fillna(0).astype(int))
    found = []
    for (period, key), rows in shown.groupby(["period", "key"], observed=True, sort=False):
        if PUBLISHED in set(rows["status"]):
            left_over = LeftOver(
                rows, tree, int(profile["threshold"]), steps[published.version_of(str(period))][str(key)]
            )
            found += [
                AuditFinding(organisation, str(period), str(key), what) for what in left_over.findings()
            ]
    return found


class LeftOver:
    """What the published groups of one period and key leave over, and between which limits its sum lies.

    Parameters
    ----------
    rows : DataFrame
        unit, role, status, n, score, bound as published.
    tree : UnitTree
    threshold : int
    steps_n : int
        Whole steps from 0 to 100 percent of one answer.
    """

    def __init__(self, rows: pd.DataFrame, tree: UnitTree, threshold: int, steps_n: int) -> None:
        self._rows, self._threshold, self._steps_n = rows, threshold, steps_n
        names = list(zip(rows["unit"], rows["role"], strict=True))
        status, n = Sheet.of_frame(rows[["status"]]).texts("status"), rows["n"].to_numpy()
        self._groups = groups = Atoms.of(names, tree).look(status, n)
        told = {(r.unit, r.role): (r.score, r.bound) for r in rows.itertuples()}
        ranges = [
            self._range(*told[name], n) for name, n in zip(groups.names, groups.n.tolist(), strict=True)
        ]
        self._low, self._high = np.array(ranges).reshape(-1, 2).T
        self._space = RowSpace(groups.rows, (~groups.empty).astype(int))

    def findings(self) -> Iterator[str]:
        """Tell in words what is bounded too narrowly."""
        for unit, role, width in self.narrow_groups():
            yield f"the mean of a small group ({unit}, {role}) lies within {width:.1f} points"
        for answers in self.unanimous():
            yield f"{answers} who are left over by published groups all answered alike, at an end of the scale"

    def narrow_groups(self) -> list[tuple[str, str, float]]:
        """List small suppressed groups whose range is too narrow: unit, role, width."""
        groups = self._groups
        hidden = self._rows[self._rows["status"] == SMALL]
        if hidden.empty:
            return []
        names = list(zip(hidden["unit"], hidden["role"], strict=True))
        targets = groups.indicator(names) & ~groups.empty
        narrowest: dict[int, float] = {}
        for union, combination in self._alone:
            if (union & groups.large).any():
                continue
            answers, low, high = self._sum_of(union, combination)
            for t in np.flatnonzero(targets.any(axis=1) & ~(targets & ~union).any(axis=1)).tolist():
                rest = int((union & ~targets[t]).sum())
                width = _width(low, high, answers, rest, self._threshold)
                narrowest[t] = min(width, narrowest.get(t, width))
        return [(*names[t], w) for t, w in sorted(narrowest.items()) if w < WIDTH_MIN_PP - TOLERANCE_PP]

    def unanimous(self) -> list[int]:
        """List the answers of what is left over, the threshold or more, and can have but one answer."""
        found = []
        for union, combination in self._alone:
            answers, low, high = self._sum_of(union, combination)
            at_an_end = low > 100 * answers - TOLERANCE_PP or high < TOLERANCE_PP
            if answers >= self._threshold and at_an_end:
                found.append(answers)
        return found

    @cached_property
    def _alone(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Classes whose sum can be worked out, each with what it is worked out from: coefficients of the groups."""
        unions = self._space.lone_classes()
        return list(zip(unions, self._space.combinations(np.array(unions)).T, strict=True)) if unions else []

    def _sum_of(self, union: np.ndarray, c: np.ndarray) -> tuple[int, float, float]:
        """Answers of a union that is worked out by coefficients, and the smallest and largest sum that it may have."""
        answers = round(float(self._groups.n @ c))
        ends = np.sort(np.stack([c * self._low, c * self._high]), axis=0).sum(axis=1)
        if (self._rows["bound"] != "").any() and ends[0] < ends[1]:
            # what is told exactly may say more than a bound that it could be combined with
            ends = np.clip(self._search(union), 0, 100 * answers)
        return answers, float(ends[0]), float(ends[1])

    def _search(self, union: np.ndarray) -> np.ndarray:
        """Smallest and largest sum of a union over all sums of atoms that agree with what is told."""
        rows = self._groups.rows.astype(float)
        limits = np.concatenate([self._high, -self._low])
        cost = (union & ~self._groups.empty).astype(float)
        most = np.where(self._groups.empty, 0.0, np.inf)
        box = np.stack([np.zeros(len(most)), most], axis=1)
        solved = [
            linprog(sign * cost, np.vstack([rows, -rows]), limits + ROUND_OFF, bounds=box) for sign in (1, -1)
        ]
        return (
            np.array([solved[0].fun, -solved[1].fun]) if all(s.x is not None for s in solved) else np.zeros(2)
        )

    def _range(self, score: float, bound: str, n: int) -> tuple[float, float]:
        """Smallest and largest sum, in percent, that agree with what is told of a group of n answers."""
        low, high = score - ROUNDING_PP, score + ROUNDING_PP
        if bound:
            room = float(end_room(np.array(n), np.array(self._threshold - 1)))
            low, high = (0.0, room) if bound == "at_most" else (100 - room, 100.0)
        step = 100 / self._steps_n
        return float(np.ceil(n * low / step - ROUND_OFF)) * step, float(
            np.floor(n * high / step + ROUND_OFF)
        ) * step


def _width(low: float, high: float, answers: int, rest_atoms: int, threshold: int) -> float:
    """Width of the mean of a small group in a union with a known sum, over all numbers of answers it may have."""
    fewest = max(1, answers - rest_atoms * (threshold - 1))
    numbers = np.arange(fewest, min(threshold - 1, answers) + 1)
    if not len(numbers):
        return 100.0
    least = np.clip((low - 100 * (answers - numbers)) / numbers, 0, 100)
    most = np.clip(high / numbers, 0, 100)
    return float(most.max() - least.min())

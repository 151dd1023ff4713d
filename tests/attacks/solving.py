"""What integer programming makes of published means: the smallest and largest mean of every group that is not told.

The reader knows how many in each unit and role answered each point, and the steps of the scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from dimios_core.instrument import Instrument

#: what a limit may be off by, in steps of the scale
ROUND_OFF = 1e-6
#: what a suppressed small mean must leave open, percentage points
WIDTH_MIN = 20


@dataclass(frozen=True)
class Range:
    """What a reader finds out about a group; percent."""

    unit: str
    role: str
    key: str
    n: int
    mean: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def score_answers(answers: np.ndarray, instrument: Instrument, point: str) -> tuple[np.ndarray, int]:
    """Scores of a point in steps, people without an answer −1, and how many steps the scale has.

    `answers` are those of its items, 0 or NaN where there is none; everybody answers all items or none.
    """
    items = next(p.items for p in instrument.points if p.id == point)
    scale = instrument.scales[items[0].scale]
    steps = (np.nan_to_num(answers) - scale.lowest) / scale.step
    top = scale.answer_categories_n - 1
    for j, item in enumerate(items):
        steps[:, j] = top - steps[:, j] if item.reversed else steps[:, j]
    said = (np.nan_to_num(answers) > 0).all(axis=1)
    return np.where(said, steps.sum(axis=1), -1).astype(int), top * len(items)


def find_ranges(
    scores: pd.DataFrame,
    people: pd.DataFrame,
    instrument: Instrument,
    parent: dict[str, str],
    threshold: int = 5,
) -> Iterator[Range]:
    """Every group's range on every point, as far as anything is published of the point and somebody answered.

    Parameters
    ----------
    scores : DataFrame
        The organisation's published levels.
    people : DataFrame
        unit (leaves only), role, and the answers; which of them fit what is published is for the reader to find.
    parent : dict
        Unit -> the unit above it, "" where there is none.
    """
    atoms = sorted(set(zip(people["unit"], people["role"], strict=True)))
    atom_of = np.array([atoms.index(a) for a in zip(people["unit"], people["role"], strict=True)])
    for point in instrument.points:
        told = scores[(scores["level"] == "point") & (scores["key"] == point.id)]
        steps, top = score_answers(people[[i.id for i in point.items]].to_numpy(float), instrument, point.id)
        n = np.bincount(atom_of[steps >= 0], minlength=len(atoms))
        total = np.bincount(atom_of[steps >= 0], steps[steps >= 0], len(atoms))
        groups = {
            (r.unit, r.role): np.array([_is_in(a, r.unit, r.role, parent) for a in atoms])
            for r in told.itertuples()
        }
        known = [
            _limit(r, groups[r.unit, r.role], n, top, threshold)
            for r in told.itertuples()
            if r.status == "published"
        ]
        for (unit, role), row in groups.items():
            if size := int(n[row].sum()):
                low, high = solve(row, known, n * top)
                to_pct = 100 / (size * top)
                yield Range(
                    unit, role, point.id, size, total[row].sum() * to_pct, low * to_pct, high * to_pct
                )


def _is_in(atom: tuple[str, str], unit: str, role: str, parent: dict[str, str]) -> bool:
    chain, at = ["*"], atom[0]
    while at:
        chain.append(at)
        at = parent[at]
    return unit in chain and role in ("*", atom[1])


def _limit(
    row: object, inside: np.ndarray, n: np.ndarray, top: int, threshold: int
) -> optimize.LinearConstraint:
    """What a published mean says of its sum, in steps."""
    size = int(n[inside].sum())
    assert size == row.n, "the reader counts as the file does"
    room = min(5, 100 * (threshold - 1) / size)
    if row.bound:
        low, high = (0, room) if row.bound == "at_most" else (100 - room, 100)
    else:
        low, high = row.score - 0.05, row.score + 0.05
    first, last = np.ceil(low * size * top / 100 - ROUND_OFF), np.floor(high * size * top / 100 + ROUND_OFF)
    return optimize.LinearConstraint(inside[None].astype(float), first, last)


def solve(target: np.ndarray, known: list[optimize.LinearConstraint], most: np.ndarray) -> tuple[int, int]:
    """Smallest and largest sum of the target's atoms, each a whole number from 0 to `most`."""
    ends = []
    for sign in (1, -1):
        found = optimize.milp(
            sign * target.astype(float),
            constraints=known,
            bounds=optimize.Bounds(0, most),
            integrality=np.ones(len(most)),
        )
        assert found.status == 0, found.message
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def find_disclosed(ranges: Iterator[Range], threshold: int = 5) -> list[Range]:
    """Small groups bounded within twenty points, and larger ones at an end of which only one sum is possible."""
    return [
        r
        for r in ranges
        if (r.n < threshold and r.width < WIDTH_MIN - 1e-6)
        or (r.n >= threshold and r.width < 1e-6 and min(r.mean, 100 - r.mean) < 1e-6)
    ]

"""Publish release after release, keep what a stranger could read of each, and put all of them together."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import Instrument
from dimios_core.results.score import ScoreSummary, score_responses
from tests.building import make_instrument, make_organisations, write_store

POINTS = {"a": "c1", "b": "c2", "c": "c1", "d": "c2", "e": "c1", "f": "c2"}
INSTRUMENT = make_instrument(POINTS, {"c1": "across", "c2": "up"}, quadrants=True)
#: answers of made-up people to each point, by their number: as mixed as answers are
ANSWERS = np.random.default_rng(11).integers(1, 6, (10_000, len(POINTS))).astype(float)


def people(numbers: range | list[int], unit: str = "", role: str = "unknown", **more: object) -> pd.DataFrame:
    """Respondents by number; who they are says what they answer."""
    frame = pd.DataFrame({"respondent": list(numbers)})
    frame[list(POINTS)] = ANSWERS[frame["respondent"]]
    about = {"organisation": "org", "period": "2026", "unit": unit, "role": role}
    return frame.assign(who=frame["respondent"], **(about | more))


def registered(parent: dict[str, str], organisation: str = "org") -> pd.DataFrame:
    """Register rows of units."""
    names = list(parent)
    return pd.DataFrame(
        {"organisation": organisation, "unit": names, "name": names, "parent": list(parent.values())}
    )


@dataclass
class Reader:
    """Somebody who keeps every release, and knows who belongs where; not what anybody answered.

    Attributes
    ----------
    outputs : Path
    sums : list of (bool array over records, float)
        Every published score of point a as a sum over records, with what it is; and the same for don't-know shares.
    """

    outputs: Path
    point: str = "a"
    records: dict[tuple[int, float], int] = field(default_factory=dict)
    told: list[tuple[frozenset[int], float]] = field(default_factory=list)

    def release(
        self, rows: pd.DataFrame, units: pd.DataFrame | None = None, threshold: int = 5,
        instrument: Instrument = INSTRUMENT, organisations: pd.DataFrame | None = None,
    ) -> ScoreSummary:  # fmt: skip
        """Ingest and score, and read what is published of everybody's answers then."""
        shutil.rmtree(self.outputs / "responses", ignore_errors=True)
        about = organisations
        if about is None:
            about = make_organisations(*sorted(set(rows["organisation"])), threshold=threshold)
        write_store(self.outputs, instrument, rows.drop(columns="who"), about, units)
        made = score_responses(self.outputs, instrument)
        for organisation in sorted(set(rows["organisation"])):
            self._read(rows[rows["organisation"] == organisation], organisation, units)
        return made

    def _read(self, rows: pd.DataFrame, organisation: str, units: pd.DataFrame | None) -> None:
        """What is told now; where it is what was told before, it is of the answers of then."""
        path = self.outputs / "results" / f"organisation={organisation}" / "scores.parquet"
        if not path.exists():
            return
        scores = pd.read_parquet(path).astype(object)
        parent = {} if units is None else dict(zip(units["unit"], units["parent"], strict=True))
        for period, own in rows.groupby("period"):
            shown = scores[(scores["key"] == self.point) & (scores["status"] == "published")]
            for row in shown[shown["period"] == period].itertuples():
                here = [row.unit == "*" or row.unit in _chain(u, parent) for u in own["unit"]]
                self._note(own[np.array(here) & ((own["role"] == row.role) | (row.role == "*"))], row)

    def _note(self, inside: pd.DataFrame, row: object) -> None:
        if row.bound == "":
            said = inside[inside[self.point] > 0]
            total = float(25 * (said[self.point] - 1).sum())
            # a figure that does not fit these answers is of those that were published before
            if len(said) == row.n and abs(total / row.n - row.score) < 0.051:
                self._add(said, said[self.point], total)

    def _add(self, said: pd.DataFrame, value: pd.Series, total: float) -> None:
        keys = list(zip(said["who"], value, strict=True))
        row = frozenset(self.records.setdefault(k, len(self.records)) for k in keys)
        self.told.append((row, total))

    def learns_about_few(self, threshold: int = 5) -> list[set[int]]:
        """Sets of fewer than threshold people about whom something follows from all that was told."""
        owner = np.array([who for who, _ in self.records], int)
        rows = np.zeros((len(self.told), len(owner)))
        for i, (row, _) in enumerate(self.told):
            rows[i, list(row)] = 1
        return list_told(rows, owner, threshold)


def list_told(rows: np.ndarray, owner: np.ndarray, threshold: int) -> list[set[int]]:
    """Sets of fewer than threshold owners within which some combination of rows lies, by ranks alone."""
    classes, of = np.unique(rows, axis=1, return_inverse=True)
    owners = [set(owner[of.ravel() == c].tolist()) for c in range(classes.shape[1])]
    small = [c for c in range(len(owners)) if len(owners[c]) < threshold]
    large = [c for c in range(len(owners)) if c not in small]
    # only what vanishes on all large classes
    u, s, _ = np.linalg.svd(classes[:, large]) if large else (np.eye(len(classes)), np.zeros(0), None)
    within = u[:, int((s > 1e-9).sum()) :].T @ classes
    full = np.linalg.matrix_rank(within, 1e-8)
    touched = [c for c in small if np.abs(within[:, c]).max(initial=0) > 1e-8]
    found = []
    for k in range(1, 2 * threshold):
        for some in combinations(touched, k):
            few = set().union(*(owners[c] for c in some))
            if len(few) < threshold and not any(few >= one for one in found):
                outside = [c for c in touched if c not in some]
                if np.linalg.matrix_rank(within[:, outside], 1e-8) < full:
                    found.append(few)
    return found


def _chain(unit: str, parent: dict[str, str]) -> list[str]:
    chain = []
    while unit:
        chain.append(unit)
        unit = parent.get(unit, "")
    return chain

"""Published tables by the version of the model that each period was asked with, as the audit reads them.

Periods of an earlier version have levels of their own. Beside later ones stands what follows from their published points on
what both versions have in common: that is what a change or a trend from one version to the next may rest on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from dimios_core.documents import format_path
from dimios_core.instrument import find_crosswalk_faults
from dimios_core.published.store import PublicResults
from dimios_core.results.audit.grid import PUBLISHED, Fault, Grid, carry_up, shares_of_points
from dimios_core.results.scoring.models import Models

Frames = dict[str, pd.DataFrame]


def models_of(public: PublicResults, periods: Collection[str]) -> Models:
    """Return the published models, and which of them each period was asked with."""
    return Models(public.models, {p: public.version_of(p) for p in periods})


def check_models(public: PublicResults) -> Iterator[Fault]:
    """Find published models whose crosswalk does not fit the earlier one that is published, too."""
    for version, model in sorted(public.models.items()):
        before = public.models.get(model.crosswalk.from_version) if model.crosswalk is not None else None
        if before is not None:
            for path, what, _ in find_crosswalk_faults(before, model):
                yield "", f"model, version {version}, {format_path(path)}", what


def take_version(frames: Frames, public: PublicResults, version: int) -> Frames:
    """Return tables with the rows whose periods were asked with a version; those of no period, or of points by name, as they are."""
    return {name: _rows_of(frame, public, version) for name, frame in frames.items()}


def list_by_version(frames: Frames, public: PublicResults, version: int) -> Frames:
    """Return the tables, or rows of them, whose levels are those of a version: what is of no period is told by the latest."""
    return {
        name: frame
        for name, frame in take_version(frames, public, version).items()
        if _is_of_periods(frame) or version == public.instrument.version
    }


def _is_of_periods(frame: pd.DataFrame) -> bool:
    return "period" in frame and "point" not in frame


def _rows_of(frame: pd.DataFrame, public: PublicResults, version: int) -> pd.DataFrame:
    if not _is_of_periods(frame) or len(public.models) == 1:
        return frame
    periods = frame["period"].astype(object).fillna("").astype(str)
    asked = {p: public.version_of(p) for p in set(periods)}
    return frame[periods.map(asked).eq(version).to_numpy()].reset_index(drop=True)


def widen(
    own: pd.DataFrame, scores: pd.DataFrame, models: Models, version: int, threshold: int, weighted: bool
) -> pd.DataFrame:
    """Return the levels of a version's periods, and beside them those of earlier ones on what they have in common.

    Parameters
    ----------
    own : DataFrame
        An organisation's published levels of periods that were asked with the version.
    scores : DataFrame
        Those of all periods.
    models : Models
        With its periods.

    Returns
    -------
    DataFrame
        `own` itself where no version comes before; else it, and below it of earlier periods points and items that mean the
        same, and levels above them as far as these suffice, with `n` at its most: the sum of their numbers.
    """
    period = scores["period"].astype(object)
    parts = [own]
    columns = models.columns[version]
    for earlier in (v for v in models.versions if v < version):
        then = models.columns[earlier].level_rows
        rows = {
            then[i]: columns.level_rows[j] for j, i in enumerate(models.places(earlier, version)) if i >= 0
        }
        before = scores[period.isin(models.periods(earlier)).to_numpy()]
        named = [
            rows.get(row)
            for row in zip(before["level"].astype(object), before["key"].astype(object), strict=True)
        ]
        kept = before[[row is not None for row in named]]
        keys = [row[1] for row in named if row is not None]
        common = kept.assign(key=pd.Categorical(keys))
        parts += [common, _lay_above(common, Grid.of(common, columns, threshold, weighted))]
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else own


def _lay_above(own: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    columns, points = grid.columns, grid.columns.points
    value = carry_up(columns, grid.points, grid.told[:, points])
    within = (shares_of_points(columns, grid.points)[0] > 0).astype(float)
    n = np.einsum("gp,gpl->gl", np.nan_to_num(grid.n[:, points]), within)
    entered = within.sum(axis=1)
    low, high = (
        np.einsum("gp,gpl->gl", side[:, points].astype(float), within)
        for side in (grid.bound < 0, grid.bound > 0)
    )
    rows = []
    for g, k in zip(*np.nonzero(np.isfinite(value)), strict=True):
        period, unit, role = grid.groups[g]
        level, key = columns.level_rows[columns.columns_n + k]
        bound = "at_most" if low[g, k] == entered[g, k] else "at_least" if high[g, k] == entered[g, k] else ""
        rows.append({
            "period": period, "unit": unit, "role": role, "level": level, "key": key, "status": PUBLISHED,
            "score": value[g, k], "bound": bound, "n": int(n[g, k]),
        })  # fmt: skip
    return pd.DataFrame(
        rows, columns=["period", "unit", "role", "level", "key", "status", "score", "bound", "n"]
    )

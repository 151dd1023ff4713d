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
from dimios_core.results.audit.sheets import Sheet, stack
from dimios_core.results.scoring.models import Models

Sheets = dict[str, Sheet]
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


def take_version(sheets: Sheets, public: PublicResults, version: int) -> Sheets:
    """Return tables with the rows whose periods were asked with a version; those of no period, or of points by name, as they are."""
    return {
        name: sheet if (where := _are_of(sheet, public, version)) is None else sheet.take(where)
        for name, sheet in sheets.items()
    }


def take_frames(frames: Frames, sheets: Sheets, public: PublicResults, version: int) -> Frames:
    """Return frames of the same tables with the same rows."""
    return {
        name: frame
        if (where := _are_of(sheets[name], public, version)) is None
        else frame[where].reset_index(drop=True)
        for name, frame in frames.items()
    }


def list_by_version(sheets: Sheets, public: PublicResults, version: int) -> Sheets:
    """Return the tables, or rows of them, whose levels are those of a version: what is of no period is told by the latest."""
    return {
        name: sheet
        for name, sheet in take_version(sheets, public, version).items()
        if _is_of_periods(sheet) or version == public.instrument.version
    }


def _is_of_periods(sheet: Sheet) -> bool:
    return "period" in sheet and "point" not in sheet


def _are_of(sheet: Sheet, public: PublicResults, version: int) -> np.ndarray | None:
    """Tell which rows are of periods that were asked with a version; None where the table stays as it is."""
    if not _is_of_periods(sheet) or len(public.models) == 1:
        return None
    number, first = sheet.group("period")
    asked = [public.version_of(period or "") == version for (period,) in sheet.take(first).rows("period")]
    return np.array(asked, bool)[number]


def widen(own: Sheet, scores: Sheet, models: Models, version: int, threshold: int, weighted: bool) -> Sheet:
    """Return the levels of a version's periods, and beside them those of earlier ones on what they have in common.

    Parameters
    ----------
    own : Sheet
        An organisation's published levels of periods that were asked with the version.
    scores : Sheet
        Those of all periods.
    models : Models
        With its periods.

    Returns
    -------
    Sheet
        `own` itself where no version comes before; else it, and below it of earlier periods points and items that mean the
        same, and levels above them as far as these suffice, with `n` at its most: the sum of their numbers.
    """
    parts = [own]
    columns = models.columns[version]
    for earlier in (v for v in models.versions if v < version):
        then = models.columns[earlier].level_rows
        rows = {
            then[i]: columns.level_rows[j] for j, i in enumerate(models.places(earlier, version)) if i >= 0
        }
        before = scores.take(scores.are("period", *models.periods(earlier)))
        named = [rows.get(row) for row in before.rows("level", "key")]
        kept = before.take(np.array([row is not None for row in named], bool))
        today = Sheet.of_rows(["key"], [[row[1]] for row in named if row is not None])
        common = Sheet({**kept.columns, **today.columns}, len(kept))
        parts += [common, _lay_above(Grid.of(common, columns, threshold, weighted))]
    return stack(parts, own.columns) if len(parts) > 1 else own


def _lay_above(grid: Grid) -> Sheet:
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
        rows.append((
            period, unit, role, level, key, PUBLISHED, float(value[g, k]), bound, int(n[g, k])
        ))  # fmt: skip
    return Sheet.of_rows(["period", "unit", "role", "level", "key", "status", "score", "bound", "n"], rows)

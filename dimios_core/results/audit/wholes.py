"""What organisations' own folders say of them as a whole: what public tables are held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dimios_core.published.conventions import ALL
from dimios_core.results.audit.grid import GROUP, Grid
from dimios_core.results.audit.rules import groups_of
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.scoring.columns import Columns


@dataclass(frozen=True)
class WholeRows:
    """One organisation as a whole in one period, as its own folder tells it; arrays (level rows,).

    Attributes
    ----------
    told : float array
        Scores as means of organisations rest on them; NaN where not published.
    low, high, share : float arrays
        Interval in percent; don't-know shares.
    exact : bool array
        A score is told, not a bound.
    invited, answered : float
        NaN where they are not published.
    """

    organisation: str
    period: str
    told: np.ndarray
    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    share: np.ndarray
    loose: np.ndarray
    exact: np.ndarray
    n: np.ndarray
    invited: float
    answered: float

    @property
    def complete(self) -> bool:
        """Every level is published, with an interval: the organisation enters benchmarks."""
        return bool(np.isfinite(self.told).all() and np.isfinite(self.low).all())


def take_wholes(organisation: str, grid: Grid, rates: Sheet) -> list[WholeRows]:
    """Take an organisation as a whole out of its levels and response rates."""
    asked = {
        str(period): (float(invited), float(answered))
        for period, unit, role, invited, answered in rates.shown.rows(*GROUP, "invited", "answered")
        if (unit, role) == (ALL, ALL)
    }
    return [
        WholeRows(
            organisation, period, np.where(grid.shown[i], grid.told[i], np.nan), grid.score[i], grid.ci_low[i],
            grid.ci_high[i], grid.dont_know_share[i], grid.loose[i], grid.bound[i] == 0, grid.n[i],
            *asked.get(period, (np.nan, np.nan)),
        )
        for (period, unit, role), i in grid.number.items()
        if (unit, role) == (ALL, ALL)
    ]  # fmt: skip


@dataclass(frozen=True)
class Everybody:
    """All organisations as wholes, with what they are.

    Attributes
    ----------
    wholes : list of WholeRows
    profiles : dict
        Organisation -> organisation.json.
    columns : Columns
    """

    wholes: list[WholeRows]
    profiles: dict[str, dict[str, Any]]
    columns: Columns

    @cached_property
    def complete(self) -> dict[str, list[WholeRows]]:
        """Period -> organisations that enter its benchmarks, by what their folders say today."""
        found: dict[str, list[WholeRows]] = {}
        for whole in self.wholes:
            found.setdefault(whole.period, [])
            if whole.complete:
                found[whole.period].append(whole)
        return found

    @cached_property
    def of(self) -> dict[tuple[str, str], WholeRows]:
        """(organisation, period) -> whole."""
        return {(w.organisation, w.period): w for w in self.wholes}

    @cached_property
    def groups(self) -> dict[str, set[str]]:
        """Organisation -> ids of its peer groups."""
        return {organisation: groups_of(profile) for organisation, profile in self.profiles.items()}

    def members(self, group: str, period: str) -> list[WholeRows]:
        """Return the organisations of a peer group that enter its benchmarks in a period."""
        return [w for w in self.complete.get(period, []) if group in self.groups[w.organisation]]

    @cached_property
    def level_row(self) -> dict[tuple[str, str], int]:
        """(level, key) -> place in the arrays."""
        return {row: i for i, row in enumerate(self.columns.level_rows)}


def stack(wholes: Iterable[WholeRows], name: str) -> np.ndarray:
    """Put one of the arrays of several wholes on top of each other, (organisations, level rows)."""
    return np.array([getattr(w, name) for w in wholes])

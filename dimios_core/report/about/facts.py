"""Facts of the page on how the measurement was made: reliability, trends, the mix of roles, other weightings.

Facts only pick among published figures; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dimios_core.report.facts import PUBLISHED, WHOLE, Comparison
from dimios_core.report.internal.facts import Group, Key
from dimios_core.results.store import PublishedResults

#: other weightings than the model's, in the order to show
OTHER_WEIGHTINGS = ("equal_points", "geometric", "frame")
BROAD_LEVELS = ("maturity", "dimension", "category")
#: how alike the points of a category are answered: with three points or more, and with two
INTERNAL = ("alpha", "spearman_brown")


@dataclass(frozen=True)
class Coefficient:
    """A published measure of reliability, 0-1.

    Attributes
    ----------
    n : int
        Respondents behind it.
    organisations_n : int or None
        None for the organisation's own.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    points_n: int
    organisations_n: int | None = None

    @property
    def own(self) -> bool:
        """It rests on the organisation's own answers."""
        return self.organisations_n is None


@dataclass(frozen=True)
class RoleMix:
    """The change since another period, plain and with the mix of roles held still.

    Attributes
    ----------
    since : str
    needed : bool
        The mix has shifted so much that the plain change alone may mislead.
    shift, kept : float or None
        Shares 0-1; None where they are not published.
    changes : dict of (level, key) -> (standardised, plain in percentage points or None)
    """

    since: str
    needed: bool
    shift: float | None
    kept: float | None
    changes: Mapping[Key, tuple[Comparison, float | None]]


@dataclass(frozen=True)
class AboutFacts:
    """What is published on the quality of one organisation's measurement in one period.

    Attributes
    ----------
    period : str
    years_n : int
        Calendar years measured until the period.
    trend_since : str or None
        First period of the trend; None without a trend.
    coefficients : dict of (category, measure) -> Coefficient
        The own where it is published, else the pooled one.
    slopes : dict of (group, (level, key)) -> Comparison
        Percentage points a year.
    role_mix : RoleMix or None
        None without an earlier measurement or without roles.
    weightings : dict of ((level, key), weighting) -> score in percent
        Published ones only.
    cells : str
        What the frame's weights are counted by: "unit-role", "role", "unit", or "".
    weighted : bool
        Respondents carry weights of their own.
    """

    period: str
    years_n: int
    trend_since: str | None
    coefficients: Mapping[tuple[str, str], Coefficient]
    slopes: Mapping[tuple[Group, Key], Comparison]
    role_mix: RoleMix | None
    weightings: Mapping[tuple[Key, str], float]
    cells: str
    weighted: bool

    def internal(self, category: str) -> tuple[str, Coefficient] | None:
        """Return a category's measure of internal consistency with its name; None where there is none."""
        return next(
            ((m, c) for m in INTERNAL if (c := self.coefficients.get((category, m))) is not None), None
        )

    def trend_groups(self) -> list[Group]:
        """Return the groups with a published slope of maturity, a dimension or a category."""
        return list(dict.fromkeys(g for (g, _), c in self.slopes.items() if c.published))


def gather_about(results: PublishedResults, period: str, previous: str | None) -> AboutFacts:
    """Gather the facts of one organisation and period.

    Parameters
    ----------
    results : PublishedResults
    period : str
    previous : str or None
        The period that changes are counted from.

    Returns
    -------
    AboutFacts
    """
    trends = results.trends
    trends = trends[(trends["period"] == period) & trends["level"].isin(BROAD_LEVELS)]
    sensitivity = results.sensitivity
    sensitivity = sensitivity[(sensitivity["period"] == period) & (sensitivity["status"] == PUBLISHED)]
    cells = {str(c) for c in sensitivity["cells"] if c}
    return AboutFacts(
        period=period,
        years_n=len({p[:4] for p in results.profile["periods"] if p <= period}),
        trend_since=min(trends["period_from"].astype(str), default=None),
        coefficients=_coefficients(results, period),
        slopes={
            ((str(r.unit), str(r.role)), (str(r.level), str(r.key))): _comparison(r, r.slope)
            for r in trends.itertuples()
        },
        role_mix=_role_mix(results, period, previous),
        weightings={
            ((str(r.level), str(r.key)), str(r.weighting)): float(r.score) for r in sensitivity.itertuples()
        },
        cells=min(cells, default=""),
        weighted=bool(results.profile.get("weighted")),
    )


def _coefficients(results: PublishedResults, period: str) -> dict[tuple[str, str], Coefficient]:
    pooled = _published(results.reliability, period)
    own = _published(results.quality, period)
    found = {
        (str(r.key), str(r.measure)): _coefficient(r, int(r.organisations_n)) for r in pooled.itertuples()
    }
    for key in own["key"].unique():
        # own and pooled are never mixed within a category, but for what only all together can tell
        for name in [n for n in found if n[0] == key and not n[1].startswith("icc")]:
            del found[name]
    return found | {(str(r.key), str(r.measure)): _coefficient(r, None) for r in own.itertuples()}


def _published(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    return frame[(frame["period"] == period) & (frame["status"] == PUBLISHED)]


def _coefficient(r: Any, organisations_n: int | None) -> Coefficient:
    return Coefficient(
        float(r.value), _number(r.ci_low), _number(r.ci_high), int(r.n), int(r.points_n), organisations_n
    )


def _role_mix(results: PublishedResults, period: str, previous: str | None) -> RoleMix | None:
    rows = results.standardised
    rows = rows[
        (rows["period"] == period) & (rows["period_from"] == previous) & rows["level"].isin(BROAD_LEVELS)
    ]
    if previous is None or rows.empty:
        return None
    shown = rows[rows["status"] == PUBLISHED]
    return RoleMix(
        since=previous,
        needed=bool(rows["needed"].any()),
        shift=_number(shown["mix_shift"].max()) if len(shown) else None,
        kept=_number(shown["kept_share"].min()) if len(shown) else None,
        changes={
            (str(r.level), str(r.key)): (_comparison(r, r.change), _number(r.plain))
            for r in rows.itertuples()
        },
    )


def _comparison(r: Any, value: Any) -> Comparison:
    certainty = str(getattr(r, "certainty", "unknown"))
    return Comparison(str(r.status), _number(value), _number(r.ci_low), _number(r.ci_high), certainty)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def is_whole(group: Group) -> bool:
    """Tell whether a group is the whole organisation."""
    return group == (WHOLE, WHOLE)

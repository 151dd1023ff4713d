"""Facts of the page on how the measurement was made: reliability, the mix of roles, other weightings.

Facts only pick among published figures; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dimios_core.published.rows import Row
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import BROAD_LEVELS, PUBLISHED, Comparison, Key, pick_changes
from dimios_core.report.trends import count_years

#: other weightings than the model's, in the order to show
OTHER_WEIGHTINGS = ("equal_points", "geometric", "frame")
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
class MixedChange:
    """A change with the mix of roles held still, and what the mix makes of it.

    Attributes
    ----------
    still : Comparison
    plain : float or None
        The plain change, percentage points.
    effect, low, high : float or None
        Plain less still, with its 95 % interval.
    needed : bool
        The plain change alone may mislead.
    """

    still: Comparison
    plain: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    needed: bool = False


@dataclass(frozen=True)
class RoleMix:
    """The change since another period, plain and with the mix of roles held still.

    Attributes
    ----------
    since : str
    shift, kept : float or None
        Shares 0-1; None where they are not published.
    changes : dict of (level, key) -> MixedChange
    """

    since: str
    shift: float | None
    kept: float | None
    changes: Mapping[Key, MixedChange]


@dataclass(frozen=True)
class AboutFacts:
    """What is published on the quality of one organisation's measurement in one period.

    Attributes
    ----------
    period : str
    years_n : int
        Calendar years measured until the period.
    coefficients : dict of (category, measure) -> Coefficient
        The own where it is published, else the pooled one.
    role_mix : RoleMix or None
        None without an earlier measurement or without roles.
    weightings : dict of ((level, key), weighting) -> score in percent
        Published ones only.
    cells : str
        What the frame's weights are counted by: "unit-role", "role", "unit", or "".
    weighted : bool
        Respondents carry weights of their own.
    effective_n : int or None
        As how many of equal weight they count; None where they do, or are too few to tell.
    """

    period: str
    years_n: int
    coefficients: Mapping[tuple[str, str], Coefficient]
    role_mix: RoleMix | None
    weightings: Mapping[tuple[Key, str], float]
    cells: str
    weighted: bool
    effective_n: int | None = None

    def internal(self, category: str) -> tuple[str, Coefficient] | None:
        """Return a category's measure of internal consistency with its name; None where there is none."""
        return next(
            ((m, c) for m in INTERNAL if (c := self.coefficients.get((category, m))) is not None), None
        )


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
    columns = ("level", "key", "weighting", "score", "cells")
    weighted = results.pick("sensitivity", *columns, period=period, status=PUBLISHED)
    return AboutFacts(
        period=period,
        years_n=count_years(results, period),
        coefficients=_coefficients(results, period),
        role_mix=_role_mix(results, period, previous),
        weightings={((level, key), weighting): score for level, key, weighting, score, _ in weighted},
        cells=min({cells for *_, cells in weighted if cells}, default=""),
        weighted=bool(results.profile.get("weighted")),
        effective_n=results.profile.get("effective_n", {}).get(period),
    )


def _coefficients(results: PublishedResults, period: str) -> dict[tuple[str, str], Coefficient]:
    pooled, own = (
        {
            (r["key"], r["measure"]): _coefficient(r)
            for r in results.rows(table, period=period, status=PUBLISHED)
        }
        for table in ("reliability", "quality")
    )
    # own and pooled are never mixed within a category, but for what only all together can tell
    has_own = {key for key, _ in own}
    kept = {k: c for k, c in pooled.items() if k[0] not in has_own or k[1].startswith("icc")}
    return kept | own


def _coefficient(r: Row) -> Coefficient:
    return Coefficient(r["value"], r["ci_low"], r["ci_high"], r["n"], r["points_n"], r.get("organisations_n"))


def _role_mix(results: PublishedResults, period: str, previous: str | None) -> RoleMix | None:
    if previous is None:
        return None
    wanted = {"period": period, "period_from": previous, "level": BROAD_LEVELS}
    still = pick_changes(results, period, previous, "level", "key", table="standardised", level=BROAD_LEVELS)
    if not still:
        return None
    shown = results.pick("standardised", "mix_shift", "kept_share", status=PUBLISHED, **wanted)
    mix = results.pick("standardised", "plain", "mix_effect", "mix_low", "mix_high", "needed", **wanted)
    return RoleMix(
        since=previous,
        shift=max((shift for shift, _ in shown if shift is not None), default=None),
        kept=min((kept for _, kept in shown if kept is not None), default=None),
        changes={place: MixedChange(c, *of) for (place, c), of in zip(still.items(), mix, strict=True)},
    )

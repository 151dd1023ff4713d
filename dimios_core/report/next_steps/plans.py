"""What the organisation planned, whether it was done, and how its measure points have moved since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import WHOLE, Comparison, Figure, pick_changes, pick_figures
from dimios_core.report.organisation_facts import Facts

#: how far a plan has come
DONE, PARTLY, NOT_DONE, NOT_KNOWN = "done", "partly", "no", "unknown"


@dataclass(frozen=True)
class Plan:
    """One thing that the organisation planned, and how its measure point has moved since.

    Attributes
    ----------
    period : str
        The measurement that the plan followed.
    measure_period : str
        The one in which it should show; "" where that is not said.
    before, now : Figure or None
        The point's level in the plan's period and in the page's.
    change : Comparison or None
        Between the two; None where the files have no such change.
    kind, unit, progress : str
        What kind of measure it is, whose own plan within the organisation, and how far it has come; "" where not told.
    consent : str
        Whether the county may see it; "no" where not told.
    outcome : str
        What came of it, as the organisation says; "" where not told.
    """

    period: str
    what: str
    who: str
    when: str
    point: str
    expected: str
    measure_period: str
    before: Figure | None = None
    now: Figure | None = None
    change: Comparison | None = None
    kind: str = ""
    unit: str = ""
    progress: str = ""
    consent: str = "no"
    outcome: str = ""

    @property
    def answered(self) -> bool:
        """Somebody has told whether it was done, or that they do not know."""
        return bool(self.progress)


@dataclass(frozen=True)
class Plans:
    """An organisation's plans, seen from one measurement.

    Attributes
    ----------
    followed, open : tuple of Plan
        Those that it follows up, and those that a later one will.
    written : tuple of Plan
        All up to then, as they stand in their worksheets.
    """

    followed: tuple[Plan, ...] = ()
    open: tuple[Plan, ...] = ()
    written: tuple[Plan, ...] = ()

    @property
    def settled_points(self) -> frozenset[str]:
        """Points that something is planned for, or done: not those of a plan that came to nothing."""
        return frozenset(
            [p.point for p in self.open] + [p.point for p in self.followed if p.progress != NOT_DONE]
        )

    def find_open(self, point: str) -> Plan | None:
        """Return what is planned for a point and not followed up yet; what is not done first."""
        own = [p for p in self.open if p.point == point]
        return next((p for p in own if p.progress != DONE), own[0] if own else None)

    def find_done(self, point: str) -> Plan | None:
        """Return what was planned for a point and is followed up, unless it came to nothing."""
        return next((p for p in self.followed if p.point == point and p.progress != NOT_DONE), None)


def gather_plans(results: PublishedResults, facts: Facts) -> Plans:
    """Gather plans that the facts' measurement follows up, and those that wait; those followed up earlier are left out."""
    known = {f.name for f in fields(Plan)}  # older results lack some columns
    followed, waiting, written = [], [], []
    for r in results.rows("plans"):
        if r["point"] not in facts.instrument.point_ids or r["period"] > facts.period:
            continue
        plan = Plan(**{name: value for name, value in r.items() if name in known})
        written.append(plan)
        due = find_follow_up(plan.period, plan.measure_period, results.profile["periods"])
        if due == facts.period:
            followed.append(replace(plan, **_outcome(results, facts, plan.period, plan.point)))
        elif due is None or due > facts.period:
            waiting.append(plan)
    return Plans(tuple(followed), tuple(waiting), tuple(written))


def find_follow_up(period: str, measure_period: str, measured: Iterable[str]) -> str | None:
    """Return the measurement that follows up a plan; None where there is none yet.

    The first one after the plan's own that is not before the one the plan names, so that a skipped measurement
    drops no plan. A whole year stands for its halves.

    Examples
    --------
    >>> find_follow_up("2025", "2026", ["2025", "2027"]), find_follow_up("2025", "", ["2024", "2025", "2026"])
    ('2027', '2026')
    """
    later = sorted(p for p in measured if p > period)
    return next((p for p in later if p >= measure_period or p == measure_period[:4]), None)


def _outcome(results: PublishedResults, facts: Facts, since: str, point: str) -> dict[str, Any]:
    """The point's levels then and now, and the change between them."""
    at = {"unit": WHOLE, "role": WHOLE, "level": "point", "key": point}
    before = pick_figures(results, period=since, **at)
    changes = pick_changes(results, facts.period, since, **at)
    return {
        "before": before.get(()),
        "now": facts.figures.get(("point", point)),
        "change": changes.get(()),
    }

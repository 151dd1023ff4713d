"""Facts of the page of suggestions: weak spots, initiatives of others, evidence, and plans with their outcome.

Facts only pick, sort and count published rows; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dimios_core.published.rows import Row
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import PUBLISHED, WHOLE, Comparison, Figure, read_comparison, read_figure
from dimios_core.report.goals import Goal, gather_goals
from dimios_core.report.organisation_facts import Facts, certain_points, rank_points

#: measure points that advice is given for
WEAK_POINTS_N = 5
#: what an organisation is called that does not want its name told
UNNAMED_END = " X"


@dataclass(frozen=True)
class Evidence:
    """Change of organisations with an initiative for a point, or of a kind, beyond that of similar ones without.

    Attributes
    ----------
    about : str
        The measure point, or the kind.
    published : bool
        There were pairs enough.
    pairs_n : int
    difference : Comparison
        Percentage points, with interval and certainty.
    check : Comparison
        The same by regression (HC3), without words on certainty.
    rank : int or None
        Order of what evidence favours, 1 first; None where it favours nothing.
    """

    about: str
    published: bool
    pairs_n: int
    difference: Comparison
    check: Comparison
    rank: int | None

    @property
    def withheld(self) -> bool:
        """There are pairs enough, but the figure would tell of fewer beside others."""
        return self.difference.status == "suppressed_complement"


@dataclass(frozen=True)
class Initiative:
    """What another organisation did for a measure point.

    Attributes
    ----------
    named : bool
        The organisation lets its name be told.
    type, size, county, kind : str
        "" where not told.
    """

    id: str
    point: str
    category: str
    title: str
    what: str
    effect: str
    start: str
    type: str
    size: str
    county: str
    organisation_name: str
    contact: str
    kind: str = ""

    @property
    def named(self) -> bool:
        """The organisation's own name stands there."""
        return not self.organisation_name.endswith(UNNAMED_END)


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


@dataclass(frozen=True)
class ImprovementFacts:
    """What one organisation can do, in one period.

    Attributes
    ----------
    weak_points : tuple of Figure
        Points certainly below the peers, largest gap first; then one's own lowest.
    weak_categories : tuple of str
        All categories, weakest first; those without a result last.
    initiatives : tuple of Initiative
        Best fitting first.
    evidence : dict of point -> Evidence
    followed, open : tuple of Plan
        Plans that this measurement follows up, and those that a later one will.
    advice : dict of point -> language -> text
    kinds : tuple of Evidence
        By kind of initiative, in the order of the list of kinds.
    goals : tuple of Goal
        The organisation's own.
    """

    period: str
    weak_points: tuple[Figure, ...]
    weak_categories: tuple[str, ...]
    initiatives: tuple[Initiative, ...]
    evidence: Mapping[str, Evidence]
    followed: tuple[Plan, ...]
    open: tuple[Plan, ...]
    advice: Mapping[str, Mapping[str, str]]
    kinds: tuple[Evidence, ...] = ()
    goals: tuple[Goal, ...] = ()


def gather_improvements(results: PublishedResults, facts: Facts) -> ImprovementFacts:
    """Gather the facts of one organisation and period.

    Parameters
    ----------
    results : PublishedResults
    facts : Facts
        Of the same period.

    Returns
    -------
    ImprovementFacts
    """
    weak = find_weak_points(facts)
    categories = find_weak_categories(facts)
    evidence = {r["point"]: _evidence(r, "point") for r in results.rows("evidence")}
    followed, waiting = _plans(results, facts)
    return ImprovementFacts(
        period=facts.period,
        weak_points=tuple(weak[:WEAK_POINTS_N]),
        weak_categories=tuple(categories),
        initiatives=tuple(_initiatives(results, facts, [f.key for f in weak], categories, evidence)),
        evidence=evidence,
        followed=followed,
        open=waiting,
        advice=results.advice["points"],
        kinds=tuple(_evidence(r, "kind") for r in results.rows("evidence_kinds")),
        goals=gather_goals(results, facts),
    )


def find_weak_points(facts: Facts) -> list[Figure]:
    """Return published points, weakest first: certainly below the peers, then others below them, then by own level."""
    certain = certain_points(facts, "decrease")
    return certain + [f for f in _order_weak(facts, rank_points(facts)[::-1]) if f not in certain]


def find_weak_categories(facts: Facts) -> list[str]:
    """Return all categories, weakest first, by the same rule; those without a result last, in the model's order."""
    certain = certain_points(facts, "decrease", "category")
    shown = sorted((f for f in facts.of_level("category") if f.published), key=lambda f: f.score or 0.0)
    ordered = [f.key for f in [*certain, *(f for f in _order_weak(facts, shown) if f not in certain)]]
    return ordered + [c.id for c in facts.instrument.categories if c.id not in ordered]


def _order_weak(facts: Facts, figures: list[Figure]) -> list[Figure]:
    """Order figures by how far they lie below the peers; those that do not, or have none, keep their order after them."""

    def below(figure: Figure) -> float:
        gap = facts.gaps.get(figure.place)
        return min(gap.value, 0.0) if gap is not None and gap.published and gap.value is not None else 0.0

    return sorted(figures, key=below)


def _initiatives(
    results: PublishedResults,
    facts: Facts,
    weak: list[str],
    categories: list[str],
    evidence: Mapping[str, Evidence],
) -> list[Initiative]:
    """Initiatives of others: weakest category first, then evidence, weakest point, likeness, and the latest."""
    category_of = {p.id: p.category for p in facts.instrument.points}
    own = results.profile
    columns = [c for c in Initiative.__dataclass_fields__ if c != "category"]  # older results lack the kind
    found = [
        Initiative(category=category_of[r["point"]], **{c: r.get(c, "") for c in columns})
        for r in results.rows("initiatives")
        if r["point"] in category_of and r["organisation_name"] != own["name"]
    ]

    def fit(i: Initiative) -> tuple[Any, ...]:
        known = evidence.get(i.point)
        rank = known.rank if known is not None and known.rank is not None else len(category_of) + 1
        return (
            categories.index(i.category),
            rank,
            weak.index(i.point) if i.point in weak else len(weak),
            i.type != own["type"],
            i.size != own["size"],
        )

    latest_first = sorted(found, key=lambda i: i.start, reverse=True)
    return sorted(latest_first, key=fit)


def _evidence(r: Row, about: str) -> Evidence:
    main = Comparison(r["status"], r["difference"], r["ci_low"], r["ci_high"], r["certainty"])
    check = Comparison(r["status"], r["hc3_difference"], r["hc3_low"], r["hc3_high"])
    return Evidence(r[about], r["status"] == PUBLISHED, r["pairs_n"], main, check, r["rank"])


def _plans(results: PublishedResults, facts: Facts) -> tuple[tuple[Plan, ...], tuple[Plan, ...]]:
    """Plans that this measurement follows up, and those that wait; those followed up earlier are left out."""
    followed, waiting = [], []
    for r in results.rows("plans"):
        if r["point"] not in facts.instrument.point_ids or r["period"] > facts.period:
            continue
        plan = Plan(**r)
        due = find_follow_up(plan.period, plan.measure_period, results.profile["periods"])
        if due == facts.period:
            followed.append(replace(plan, **_outcome(results, facts, plan.period, plan.point)))
        elif due is None or due > facts.period:
            waiting.append(plan)
    return tuple(followed), tuple(waiting)


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
    before = next((read_figure(r) for r in results.rows("scores", period=since, **at)), None)
    changes = results.rows("changes", period=facts.period, period_from=since, **at)
    change = next((read_comparison(r, "change") for r in changes), None)
    return {"before": before, "now": facts.figures.get(("point", point)), "change": change}

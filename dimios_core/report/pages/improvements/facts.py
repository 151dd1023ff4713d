"""Facts of the page of suggestions: weak spots, initiatives of others, evidence, plans with their outcome, and next steps.

Facts only pick, sort and count published rows; nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dimios_core.published.gathering import gather_public_once
from dimios_core.published.store import PublishedResults
from dimios_core.report.figures import Figure
from dimios_core.report.goals import Goal, gather_goals
from dimios_core.report.messages.message import Message
from dimios_core.report.next_steps.initiatives import (
    Evidence,
    Initiative,
    gather_initiatives,
    order_initiatives,
    read_evidence,
)
from dimios_core.report.next_steps.plans import Plan, gather_plans
from dimios_core.report.next_steps.steps import Means, NextSteps, choose_next_steps
from dimios_core.report.next_steps.weak import Weakness, find_weakness
from dimios_core.report.organisation_facts import Facts

#: measure points that the page tells of
WEAK_POINTS_N = 5


@dataclass(frozen=True)
class ImprovementFacts:
    """What one organisation can do, in one period.

    Attributes
    ----------
    weak_points : tuple of Figure
        What the messages ask to deal with, then what lies lowest; one at least has a recommendation and no plan yet, where
        there is any such point.
    weak_categories : tuple of str
        All categories, in the order of their weakest points; those without a result last.
    strong_points : frozenset of str
        Points that are certainly strengths: what others did for them is not among what fits best.
    initiatives : tuple of Initiative
        Best fitting first.
    evidence : dict of point -> Evidence
    followed, open : tuple of Plan
        Plans that this measurement follows up, and those that a later one will.
    written : tuple of Plan
        All plans up to then, as they stand in their worksheets.
    advice : dict of point -> language -> text
        Recommendations, but for points that something is planned for, or done, already.
    kinds : tuple of Evidence
        By kind of initiative, in the order of the list of kinds.
    goals : tuple of Goal
        The organisation's own.
    steps : NextSteps
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
    strong_points: frozenset[str] = frozenset()
    written: tuple[Plan, ...] = ()
    steps: NextSteps = field(default_factory=lambda: NextSteps((), (), {}))


def gather_improvements(
    results: PublishedResults, facts: Facts, ranked: Sequence[Message]
) -> ImprovementFacts:
    """Gather the facts of one organisation and period.

    Parameters
    ----------
    results : PublishedResults
    facts : Facts
        Of the same period.
    ranked : sequence of Message
        All messages of the same period, in their order.

    Returns
    -------
    ImprovementFacts
    """
    weakness = find_weakness(facts, ranked)
    known = gather_public_once(read_evidence, results)
    evidence, kinds = {e.about: e for e in known["point"]}, known["kind"]
    found = gather_initiatives(results)
    initiatives = tuple(order_initiatives(found, weakness.points, evidence, kinds, results.profile))
    plans, goals = gather_plans(results, facts), gather_goals(results, facts)
    advice = {p: t for p, t in results.advice["points"].items() if p not in plans.settled_points}
    helping = frozenset((level, e.about) for level, of in known.items() for e in of if e.helps)
    means = Means(plans, goals, initiatives, helping, advice)
    return ImprovementFacts(
        period=facts.period,
        weak_points=choose_weak_points(weakness, advice),
        weak_categories=order_categories(facts, weakness),
        initiatives=initiatives,
        evidence=evidence,
        followed=plans.followed,
        open=plans.open,
        advice=advice,
        kinds=kinds,
        goals=goals,
        strong_points=frozenset(key for level, key in weakness.strengths if level == "point"),
        written=plans.written,
        steps=choose_next_steps(facts, ranked, weakness, means),
    )


def choose_weak_points(weakness: Weakness, advice: Mapping[str, Mapping[str, str]]) -> tuple[Figure, ...]:
    """Choose the points to tell of: the weakest; where none of them has a recommendation, the next that has one, too."""
    chosen = weakness.weak[:WEAK_POINTS_N]
    if any(f.key in advice for f in chosen):
        return chosen
    others = [f for f in weakness.points if f not in chosen and f.place not in weakness.strengths]
    return (*chosen, *[f for f in others if f.key in advice][:1])


def order_categories(facts: Facts, weakness: Weakness) -> tuple[str, ...]:
    """Order all categories by their weakest point; those without a point that can be shown last, in the model's order."""
    category_of = {p.id: p.category for p in facts.instrument.points}
    ordered = dict.fromkeys(category_of[f.key] for f in weakness.points)
    return tuple(dict.fromkeys([*ordered, *(c.id for c in facts.instrument.categories)]))

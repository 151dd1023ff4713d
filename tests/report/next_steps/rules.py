"""What must hold of any organisation's next steps, read off the facts alone: none of it asks the code that chose them.

Each rule raises AssertionError where it does not hold.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from dimios_core.report.figures import Key
from tests.report.messages.making import DIMIOS
from tests.report.next_steps.making import ADVICE, OWN, Case


def certainties(case: Case, place: Key) -> set[str]:
    """What is certain of a figure: "increase", "decrease", both or neither."""
    found = (case.facts.gaps.get(place), case.facts.changes.get(place))
    return {c.certainty for c in found if c is not None and c.published} & {"increase", "decrease"}


def is_strength(case: Case, place: Key) -> bool:
    """It is certainly above the peers or has risen, and nothing certain says otherwise; goals are another matter."""
    return certainties(case, place) == {"increase"} and not has_goal(case, place)


def has_goal(case: Case, place: Key) -> bool:
    return any((g.level, g.key) == place for g in case.sources.goals)


def is_shown(case: Case, point: str) -> bool:
    return case.facts.figures["point", point].published


def category_of(point: str) -> str:
    return next(p.category for p in DIMIOS.points if p.id == point)


# -- initiatives -----------------------------------------------------------------------------------------


def initiatives_for_strengths_come_last(case: Case) -> None:
    ordered = [i for i in case.ordered() if not has_goal(case, ("point", i.point))]
    strong = [is_strength(case, ("point", i.point)) or not is_shown(case, i.point) for i in ordered]
    assert strong == sorted(strong), [(i.point, s) for i, s in zip(ordered, strong, strict=True)]


def initiatives_follow_the_gaps_where_nothing_is_certain(case: Case) -> None:
    facts = case.facts
    certain = any(certainties(case, place) for place in facts.figures)
    if certain or case.sources.goals or facts.group is None:
        return
    gaps = [facts.gaps["point", i.point].value for i in case.ordered() if is_shown(case, i.point)]
    assert gaps == sorted(gaps)


def a_point_to_deal_with_comes_before_one_that_only_lies_low(case: Case) -> None:
    """Certain falls and gaps of a point itself stand before points of which, and of whose wider figures, nothing is certain."""
    order = [f.key for f in case.weakness().points]
    own = [p for p in order if "decrease" in certainties(case, ("point", p))]
    calm = [
        p
        for p in order
        if not any(certainties(case, place) or has_goal(case, place) for place in list_wider(p))
    ]
    if own and calm:
        assert max(map(order.index, own)) < min(map(order.index, calm))


def list_wider(point: str) -> list[Key]:
    category = category_of(point)
    dimension = next(c.dimension for c in DIMIOS.categories if c.id == category)
    return [("point", point), ("category", category), ("dimension", dimension), ("maturity", "maturity")]


def of_one_point_evidence_comes_before_likeness(case: Case) -> None:
    ranks = {e.about: e.rank for e in case.kinds}

    def fit(i) -> tuple:
        return ranks.get(i.kind, 99), i.type != OWN["type"], i.size != OWN["size"], i.county != OWN["county"]

    for _, group in itertools.groupby(case.ordered(), key=lambda i: i.point):
        own = [fit(i) for i in group]
        assert own == sorted(own)
    points = [point for point, _ in itertools.groupby(i.point for i in case.ordered())]
    assert len(points) == len(set(points))


# -- advice ----------------------------------------------------------------------------------------------


def advice_is_always_there(case: Case) -> None:
    """Where any point can be shown that is no strength and has no plan, a recommendation is given, and for no strength."""
    planned = {p.point for p in case.plans.open} | {
        p.point for p in case.plans.followed if p.progress != "no"
    }
    may = [
        p
        for p in ADVICE
        if is_shown(case, p)
        and not certainties(case, ("point", p)) & {"increase"}
        and not has_goal(case, ("point", p))
        and p not in planned
    ]
    assert bool(case.advised()) or not may, may
    assert not [p for p in case.advised() if is_strength(case, ("point", p))]


def advice_never_repeats_a_plan(case: Case) -> None:
    planned = {p.point for p in case.plans.open} | {
        p.point for p in case.plans.followed if p.progress != "no"
    }
    assert not planned & set(case.advised())
    for language in ("sv", "en"):
        told = case.told(language)
        for priority in told.steps.priorities:
            if priority.point in planned:
                assert ADVICE[priority.point][language] not in told.do(priority)


# -- priorities ------------------------------------------------------------------------------------------


def no_strength_is_a_priority(case: Case) -> None:
    for p in case.steps().priorities:
        assert not is_strength(case, p.place), p.place
        assert not p.point or not is_strength(case, ("point", p.point)), p.point


def what_certainly_asks_first_is_a_priority(case: Case) -> None:
    """A category that is certainly below or has fallen is one of the three, or three others that are as certain are."""
    steps = case.steps().priorities
    sure = [p for p in steps if p.message is not None]
    for level in ("category", "point"):
        for _, key in (k for k in case.facts.figures if k[0] == level):
            if "decrease" in certainties(case, (level, key)) and len(sure) < 3:
                near = {key, category_of(key)} if level == "point" else {key}
                points = {p.point for p in steps}
                assert points & {key} or {p.place[1] for p in steps} & near, (level, key)


def a_goal_that_is_missed_is_a_priority(case: Case) -> None:
    missed = [
        g
        for g in case.sources.goals
        if g.year <= 2026 and g.state == "not_yet" and g.now is not None and (g.now.n or 0) >= 8
    ]
    if missed:
        places = {(g.level, g.key) for g in missed}
        told = case.steps().priorities
        assert any(
            {p.place, ("point", p.point)} & places or (p.message is not None and p.message.kind == "goal")
            for p in told
        ), places


def there_are_three_of_each_at_most_and_none_twice(case: Case) -> None:
    steps = case.steps()
    assert len(steps.priorities) <= 3 and len(steps.questions) == 3
    points = [p.point for p in steps.priorities if p.point]
    assert len(points) == len(set(points))
    told = case.told()
    asked = [told.ask(q) for q in steps.questions]
    assert len(set(asked)) == 3 and all(a.endswith("?") for a in asked), asked


def a_reason_is_a_figure_with_its_uncertainty(case: Case) -> None:
    for language, word in (("sv", "osäkerhet"), ("en", "uncertainty")):
        told = case.told(language)
        for p in told.steps.priorities:
            words = told.why(p)
            assert re.search(r"\d[.,]\d", words) and words[0].isupper() and words.endswith("."), words
            assert word in words or re.search(r"\(\d+[.,]\d–\d+[.,]\d\)", words), words


def what_is_not_certain_is_not_called_so(case: Case) -> None:
    told = case.told()
    for p in told.steps.priorities:
        sure = "decrease" in certainties(case, p.place) or (
            p.message is not None and p.message.kind == "goal"
        )
        unsure = re.search(r"inte säkerställd|för få|bland det lägsta", told.why(p)) is not None
        assert sure != unsure, (p.place, told.why(p))


RULES: tuple[Callable[[Case], None], ...] = (
    initiatives_for_strengths_come_last,
    initiatives_follow_the_gaps_where_nothing_is_certain,
    a_point_to_deal_with_comes_before_one_that_only_lies_low,
    of_one_point_evidence_comes_before_likeness,
    advice_is_always_there,
    advice_never_repeats_a_plan,
    no_strength_is_a_priority,
    what_certainly_asks_first_is_a_priority,
    a_goal_that_is_missed_is_a_priority,
    there_are_three_of_each_at_most_and_none_twice,
    a_reason_is_a_figure_with_its_uncertainty,
    what_is_not_certain_is_not_called_so,
)

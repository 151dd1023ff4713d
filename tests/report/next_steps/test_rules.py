"""The rules of next steps hold of any organisation; and each goes red where what chooses them is spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dimios_core.report.next_steps import initiatives, steps, weak
from dimios_core.report.next_steps.plans import Plans
from dimios_core.report.next_steps.telling import StepsTelling
from tests.report.messages.making import describe
from tests.report.next_steps import making, rules
from tests.report.next_steps.making import draw_case

ORGANISATIONS_N = 150
#: a goal was missed while the pace did not lead to another one, which stood before it
MISSED_BEHIND_ANOTHER = 1948
#: a point has certainly fallen as a part of something wider, which is told of another of its points
FALLEN_AS_A_PART = 2434


def test_the_rules_hold_of_any_organisation():
    for seed in (*range(ORGANISATIONS_N), MISSED_BEHIND_ANOTHER, FALLEN_AS_A_PART):
        case = draw_case(seed)
        for rule in rules.RULES:
            try:
                rule(case)
            except AssertionError as error:
                raise AssertionError(f"{rule.__name__}, {seed}: {error}\n{describe(case.sources)}") from error


@pytest.mark.long
def test_the_rules_hold_of_many_organisations():
    for seed in range(1000, 4000):
        for rule in rules.RULES:
            rule(draw_case(seed))


def _turned(order: Callable) -> Callable:
    return lambda *given: order(*given)[::-1]


def _without_strengths(find: Callable) -> Callable:
    return lambda ranked: frozenset()


def _points_turned(find: Callable) -> Callable:
    def turned(*given: Any) -> Any:
        found = find(*given)
        return replace(found, points=found.points[::-1])

    return turned


def _nothing_certain(find: Callable) -> Callable:
    return lambda *given: replace(find(*given), entries=())


def _likeness_first(order: Callable) -> Callable:
    return lambda found, points, evidence, kinds, own: order(found, points, evidence, (), own)


#: what a mistake would look like: (where, what it calls, what it would call instead, the rule that finds it)
MISTAKES = [
    (making, "order_initiatives", _turned, "initiatives_for_strengths_come_last"),
    (weak, "find_strengths", _without_strengths, "initiatives_for_strengths_come_last"),
    (weak, "find_strengths", _without_strengths, "no_strength_is_a_priority"),
    (weak, "_height", lambda find: lambda f, p: -find(f, p), "initiatives_follow_the_gaps_where_nothing_is_certain"),
    (weak, "_DEALT", lambda kinds: (), "a_point_to_deal_with_comes_before_one_that_only_lies_low"),
    (weak, "_DEALT", lambda kinds: ("gap", "change"), "a_goal_that_is_missed_is_a_priority"),
    (weak, "_DEALT", lambda kinds: ("goal",), "what_certainly_asks_first_is_a_priority"),
    (making, "order_initiatives", _likeness_first, "of_one_point_evidence_comes_before_likeness"),
    (initiatives, "_rank", lambda rank: lambda e: -rank(e), "of_one_point_evidence_comes_before_likeness"),
    (making, "choose_weak_points", lambda choose: lambda w, a: w.weak[:5], "advice_is_always_there"),
    (making, "find_weakness", _points_turned, "advice_is_always_there"),
    (Plans, "settled_points", lambda old: property(lambda self: frozenset()), "advice_never_repeats_a_plan"),
    (Plans, "settled_points", lambda old: property(lambda self: frozenset(p.point for p in self.open)), "advice_never_repeats_a_plan"),
    (making, "find_weakness", _nothing_certain, "what_certainly_asks_first_is_a_priority"),
    (steps, "_choose_entries", lambda choose: lambda entries, ranked: list(entries[:3]), "a_goal_that_is_missed_is_a_priority"),
    (steps, "PRIORITIES_N", lambda n: 5, "there_are_three_of_each_at_most_and_none_twice"),
    (steps, "QUESTIONS_N", lambda n: 2, "there_are_three_of_each_at_most_and_none_twice"),
    (StepsTelling, "why", lambda why: lambda self, p: why(self, p).partition(" (")[0] + ".", "a_reason_is_a_figure_with_its_uncertainty"),
    (StepsTelling, "why", lambda why: lambda self, p: why(self, p).replace(", men skillnaden är inte säkerställd", ""), "what_is_not_certain_is_not_called_so"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "name", "spoil", "found_by"), MISTAKES,
    ids=[f"{m.__name__.rpartition('.')[2]}-{n}-{rule}" for m, n, _, rule in MISTAKES],
)  # fmt: skip
def test_what_is_chosen_otherwise_is_found(monkeypatch, where, name, spoil, found_by):
    monkeypatch.setattr(where, name, spoil(getattr(where, name)))
    rule = getattr(rules, found_by)
    with pytest.raises(AssertionError):
        for seed in range(ORGANISATIONS_N):
            rule(draw_case(seed))

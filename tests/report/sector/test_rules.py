"""The rules hold of any group and any county, in both languages and voices; and each goes red where something is spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dimios_core.report.pages.county_report import against, lacks
from dimios_core.report.sector import messages, telling
from tests.report.sector import rules
from tests.report.sector.making import TARGET, draw_county, draw_group, tell

GROUPS_N, COUNTIES_N = 250, 150


@pytest.mark.parametrize(("language", "voice"), [("sv", "you"), ("en", "you"), ("sv", "we"), ("en", "we")])
def test_the_rules_hold_of_any_group(language, voice):
    for seed in range(GROUPS_N):
        facts = draw_group(seed)
        told = tell(facts, language, voice, TARGET if seed % 2 else None)
        for rule in rules.RULES:
            rule(facts, told)


def test_the_rules_hold_of_any_county():
    strong = lacking = taught = 0
    for seed in range(COUNTIES_N):
        facts = draw_county(seed)
        for rule in rules.COUNTY_RULES:
            rule(facts)
        strong += len(against.list_standing(facts, "point", "above"))
        lacking += len(lacks.list_lacks(facts))
        taught += sum(bool(t.teachers) for t in lacks.list_teaching(facts))
    assert min(strong, lacking, taught) > 50  # they had something to look at


def _without_falls(find: Callable) -> Callable:
    return lambda facts: (m for m in find(facts) if m.direction != "down")


def _all_certain(compare: Callable) -> Callable:
    def certain(*args: Any, **more: Any) -> Any:
        message = compare(*args, **more)
        return replace(message, certainty="certain") if message else message

    return certain


def _nothing_certain(compare: Callable) -> Callable:
    def uncertain(*args: Any, **more: Any) -> Any:
        message = compare(*args, **more)
        return replace(message, certainty="uncertain") if message else message

    return uncertain


def _no_interval(bracket: Callable) -> Callable:
    return lambda self, low, high: ""


def _never_enough(words: Callable) -> Callable:
    return lambda text: 0


#: what a mistake would look like: (where, what it calls, what it would call instead, the rule that finds it)
MISTAKES = [
    (messages, "_find_changes", _without_falls, "a_certain_fall_is_never_hidden"),
    (messages, "_find_gaps", _without_falls, "a_county_below_says_so"),
    (messages, "compare", _all_certain, "only_what_is_certain_is_claimed"),
    (messages, "compare", _nothing_certain, "nothing_that_is_not_certain_denies_what_is"),
    (telling.GroupTelling, "_bracket", _no_interval, "it_has_a_figure_with_its_uncertainty"),
    (telling, "count_words", _never_enough, "headline_is_short_and_whole"),
]


@pytest.mark.parametrize(("where", "name", "mistake", "rule"), MISTAKES)
def test_a_mistake_turns_its_rule_red(monkeypatch, where, name, mistake, rule):
    monkeypatch.setattr(where, name, mistake(getattr(where, name)))
    with pytest.raises(AssertionError):
        for seed in range(GROUPS_N):
            facts = draw_group(seed)
            getattr(rules, rule)(facts, tell(facts, "sv", target=TARGET))


def _with_strengths(listed: Callable) -> Callable:
    """Forget that what the county is strong at is no lack."""

    def spoilt(facts: Any, level: str = "point") -> Any:
        gaps = {k: g._replace(certainty="none") for k, g in facts.group.gaps.items()}
        return listed(replace(facts, group=replace(facts.group, gaps=gaps)), level)

    return spoilt


def _by_level(listed: Callable) -> Callable:
    """Call what is high strong, whatever the country is like."""

    def spoilt(facts: Any, level: str, side: str) -> Any:
        keys = [k for k in facts.group.gaps if k[0] == level]
        keys.sort(key=lambda k: -facts.group.level(k).mean)
        return [against._stand(facts, k) for k in keys[:3]]

    return spoilt


def _one_is_several(count: Callable) -> Callable:
    return lambda facts: 1


def _anybody(compare: Callable) -> Callable:
    return lambda member, key, low, high: 1 if low is None else compare(member, key, low, high)


COUNTY_MISTAKES = [
    (lacks, "list_lacks", _with_strengths, "no_point_is_a_strength_and_a_lack"),
    (against, "list_standing", _by_level, "a_strength_is_certain_against_the_country"),
    (lacks, "count_several", _one_is_several, "a_lack_is_of_several_that_are_shown"),
    (lacks, "compare_member", _anybody, "a_teacher_is_above_and_does_something_and_lacks_nothing"),
]


@pytest.mark.parametrize(("where", "name", "mistake", "rule"), COUNTY_MISTAKES)
def test_a_mistake_about_a_county_turns_its_rule_red(monkeypatch, where, name, mistake, rule):
    monkeypatch.setattr(where, name, mistake(getattr(where, name)))
    with pytest.raises(AssertionError):
        for seed in range(COUNTIES_N):
            getattr(rules, rule)(draw_county(seed))

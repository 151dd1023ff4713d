"""The rules hold of any organisation, in both languages and voices; and each goes red where the ranking is spoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dimios_core.report.messages import cards, choosing, finding, headline, ranking, telling
from dimios_core.report.messages.message import Message
from tests.report.messages import rules
from tests.report.messages.making import describe, draw_organisations, tell

ORGANISATIONS_N = 150


@pytest.mark.parametrize(("language", "voice"), [("sv", "you"), ("en", "you"), ("sv", "we"), ("en", "we")])
def test_the_rules_hold_of_any_organisation(language, voice):
    for sources in draw_organisations(ORGANISATIONS_N):
        told = tell(sources, language, voice)
        for rule in rules.RULES:
            try:
                rule(sources, told)
            except AssertionError as error:
                raise AssertionError(f"{rule.__name__}: {error}\n{describe(sources)}") from error


@pytest.mark.long
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_rules_hold_of_many_organisations(language):
    for sources in draw_organisations(5000, start=1000):
        told = tell(sources, language)
        for rule in rules.RULES:
            rule(sources, told)


def _drop_falls(find: Callable) -> Callable:
    return lambda sources: [m for m in find(sources) if (m.kind, m.direction) != ("change", "down")]


def _drop_first(rank: Callable) -> Callable:
    return lambda sources: rank(sources)[1:]


def _turn(find: Callable) -> Callable:
    def turned(sources: Any) -> list[Message]:
        ways = {"up": ("down", "deal"), "down": ("up", "build")}
        return [
            replace(m, direction=ways[m.direction][0], asks=ways[m.direction][1]) if m.kind == "gap" else m
            for m in find(sources)
        ]

    return turned


def _forget_parts(fold: Callable) -> Callable:
    return lambda messages, model: [replace(m, parts=()) for m in fold(messages, model)]


def _call_all_certain(find: Callable) -> Callable:
    return lambda sources: [replace(m, certainty="certain") for m in find(sources)]


def _without_second(choose: Callable) -> Callable:
    return lambda messages: replace(choose(messages), second=None)


def _without(kind: str) -> Callable:
    return lambda find: lambda sources: [m for m in find(sources) if m.kind != kind]


#: what a mistake would look like: (module, what it calls, what it would call instead, the rule that finds it)
MISTAKES = [
    (ranking, "find_messages", _drop_falls, "a_fall_is_never_hidden"),
    (telling, "rank_messages", _drop_first, "the_list_is_in_its_order"),
    (telling, "rank_messages", _drop_first, "widest_certain_are_told"),
    (ranking, "find_messages", _turn, "cards_tell_what_is_certain_and_nothing_else"),
    (ranking, "fold_messages", _forget_parts, "certain_categories_are_told"),
    (ranking, "fold_messages", lambda fold: lambda messages, model: list(messages), "the_list_is_in_its_order"),
    (ranking, "find_messages", _call_all_certain, "cards_tell_what_is_certain_and_nothing_else"),
    (ranking, "rank_of", lambda rank: lambda m: tuple(-r for r in rank(m)), "the_list_is_in_its_order"),
    (ranking, "ASKS", lambda asks: asks[::-1], "the_list_is_in_its_order"),
    (ranking, "CERTAINTIES", lambda order: order[::-1], "the_list_is_in_its_order"),
    (ranking, "LEVELS", lambda levels: levels[::-1], "the_list_is_in_its_order"),
    (headline, "choose_headline", _without_second, "a_fall_is_never_hidden"),
    (headline, "choose_headline", lambda choose: lambda messages: replace(choose(messages), lead=None), "nothing_weaker_denies_what_is_certain"),
    (headline, "HEADLINE_WORDS", lambda n: 60, "headline_is_short"),
    (headline, "_bracket", lambda write: lambda narrator, low, high: "", "what_leads_has_its_figure_and_uncertainty"),
    (headline, "tell_place", lambda write: lambda narrator, m: "ert läge är Fritt spelrum", "the_quadrant_comes_last_and_by_name"),
    (choosing, "can_see_all", lambda see: lambda facts: True, "nothing_is_weakest_where_not_all_is_seen"),
    (ranking, "find_messages", _without("response"), "a_low_response_is_told"),
    (finding, "LOW_RESPONSE_SHARE", lambda share: 0.5, "a_low_response_is_told"),
    (cards, "FIRST_KINDS", lambda kinds: kinds[:1], "cards_tell_what_is_certain_and_nothing_else"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "name", "spoil", "found_by"), MISTAKES,
    ids=[f"{m.__name__.rpartition('.')[2]}-{n}-{rule}" for m, n, _, rule in MISTAKES],
)  # fmt: skip
def test_a_finding_that_is_dropped_turned_or_ranked_otherwise_is_found(
    monkeypatch, module, name, spoil, found_by
):
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    rule = getattr(rules, found_by)
    with pytest.raises(AssertionError):
        for sources in draw_organisations(ORGANISATIONS_N):
            rule(sources, tell(sources))

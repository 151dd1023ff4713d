"""Tables of a comparison: the same figures as its charts."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.comparison.facts import Chosen, ComparisonFacts, Pair
from dimios_core.report.sector.wording import say_span


def tabulate_levels(narrator: Narrator, facts: ComparisonFacts, keys: Sequence[Key], caption: str) -> Markup:
    """Write each organisation's level with its interval, a row a figure."""
    columns = [
        Column(narrator.say("comparison.table.what"), [narrator.name(*k) for k in keys], numeric=False)
    ]
    columns += [Column(one.name, [_say_level(narrator, one, k) for k in keys]) for one in facts.chosen]
    return write_table(caption, columns)


def _say_level(narrator: Narrator, one: Chosen, key: Key) -> str:
    level = one.levels.get(key)
    if level is None:
        return NOTHING
    number = narrator.number
    return f"{number.score(level.value)} ({number.interval(level.low, level.high)})"


def tabulate_differences(narrator: Narrator, pair: Pair, keys: Sequence[Key], caption: str) -> Markup:
    """Write the differences of two organisations with intervals and words, a row a figure."""
    say, found = narrator.say, [pair.differences[k] for k in keys]
    return write_table(
        caption,
        [
            Column(say("comparison.table.what"), [narrator.name(*k) for k in keys], numeric=False),
            Column(say("comparison.table.difference"), [narrator.number.signed(d.value) for d in found]),
            Column(say("table.interval"), [say_span(narrator, d.low, d.high) for d in found]),
            Column(say("table.certainty"), [say(f"certainty.{d.certainty}") for d in found], numeric=False),
        ],
    )

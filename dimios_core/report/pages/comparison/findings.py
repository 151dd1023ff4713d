"""What a comparison says: whether it is certain who lies above, first of the whole, then of its parts."""

from __future__ import annotations

from typing import Any

from dimios_core.report.figures import Key
from dimios_core.report.finding import NAMED_N, Finding
from dimios_core.report.pages.comparison.facts import ComparisonFacts, Pair


def find_lead(facts: ComparisonFacts) -> list[Finding]:
    """Return how each pair lies on the figure that is told first; nothing where one of them has none."""
    return [find_difference(pair, facts.lead) for pair in facts.pairs if facts.lead in pair.differences]


def find_difference(pair: Pair, key: Key) -> Finding:
    """Return how two organisations lie on a figure."""
    difference = pair.differences[key]
    one, other = pair.one.name, pair.other.name
    if difference.certainty == "decrease":
        one, other = other, one
    sizes = sorted((abs(difference.low), abs(difference.high)))
    numbers = {"one": one, "other": other, "size": abs(difference.value)}
    if difference.certainty == "none":
        return Finding("comparison_none", (key,), numbers | {"low": difference.low, "high": difference.high})
    return Finding("comparison_certain", (key,), numbers | {"low": sizes[0], "high": sizes[1]})


def find_parts(pair: Pair, level: str) -> Finding:
    """Return on which parts of a level two organisations differ for certain."""
    above, below = (pair.certain(level, word) for word in ("increase", "decrease"))
    kind = {(True, True): "both", (True, False): "above", (False, True): "below", (False, False): "nothing"}
    numbers: dict[str, Any] = {"one": pair.one.name, "other": pair.other.name, "level": level}
    for word, keys in (("above", above), ("below", below)):
        numbers |= {word: keys[:NAMED_N], f"more_{word}": len(keys[NAMED_N:])}
    return Finding(f"comparison_{kind[bool(above), bool(below)]}", (), numbers)

"""Facts of two or three organisations that all may see by name, and how they differ. Published figures alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dimios_core.errors import InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.instrument.lead import lead_of
from dimios_core.published.differences import Difference, Level, compare
from dimios_core.published.store import PublicResults
from dimios_core.report.figures import Key

#: how many are set beside each other
FEWEST_N, MOST_N = 2, 3


@dataclass(frozen=True)
class Chosen:
    """An organisation that is shown by name, with its levels; those at an end of the scale have none."""

    id: str
    name: str
    levels: Mapping[Key, Level]


@dataclass(frozen=True)
class Pair:
    """Two of them, and their differences: the first minus the other, where both have a level."""

    one: Chosen
    other: Chosen
    differences: Mapping[Key, Difference]

    def certain(self, level: str, word: str) -> list[Key]:
        """List the keys of a level whose difference is certain in a direction, the largest first."""
        found = [k for k, d in self.differences.items() if k[0] == level and d.certainty == word]
        return sorted(found, key=lambda k: -abs(self.differences[k].value))


@dataclass(frozen=True)
class ComparisonFacts:
    """What is published of the chosen organisations in one period, by name."""

    instrument: Instrument
    chosen: tuple[Chosen, ...]
    pairs: tuple[Pair, ...]

    @property
    def lead(self) -> Key:
        """The figure that is told first."""
        return lead_of(self.instrument)

    def keys_of(self, level: str) -> list[Key]:
        """List the keys of a level that somebody has, in the model's order."""
        ids = {
            "dimension": self.instrument.dimension_ids,
            "category": self.instrument.category_ids,
            "point": self.instrument.point_ids,
        }[level]
        return [(level, i) for i in ids if any((level, i) in one.levels for one in self.chosen)]


def list_named(results: PublicResults, period: str) -> dict[str, str]:
    """List the organisations that all may see by name in a period: id -> name."""
    rows = results.rows("named", period=period)
    return {r["id"]: r["name"] for r in rows if r["id"] and r["name"]}


def check_chosen(results: PublicResults, period: str, given: Sequence[str]) -> None:
    """Check that two or three organisations are given that all may see by name.

    Raises
    ------
    InputError
        Too few, too many, or some that do not share their result by name; all problems at once.
    """
    named = list_named(results, period)
    problems = []
    if not FEWEST_N <= len(set(given)) <= MOST_N:
        what = f"{len(set(given))} organisations are given"
        problems.append(Problem("organisations", what, f"give {FEWEST_N} or {MOST_N} different ones"))
    choices = ", ".join(sorted(named)) or "nobody"
    problems += [
        Problem(
            f"organisations: {i}",
            f"it does not share its result by name in {period}",
            f"choose among: {choices}",
        )
        for i in dict.fromkeys(given)
        if i not in named
    ]
    if problems:
        raise InputError(problems)


def gather_comparison(results: PublicResults, period: str, given: Sequence[str]) -> ComparisonFacts:
    """Gather the levels of organisations that are shown by name, and their differences.

    The family of an adjustment is one level: all its keys, of all pairs.
    """
    chosen = sorted(
        (_gather(results, period, i) for i in set(given)), key=lambda one: (one.name.casefold(), one.id)
    )
    couples = list(combinations(chosen, 2))
    found: list[dict[Key, Difference]] = [{} for _ in couples]
    for level in ("maturity", "dimension", "category", "point"):
        places = [
            (n, key)
            for n, (one, other) in enumerate(couples)
            for key in one.levels
            if key[0] == level and key in other.levels
        ]
        family = compare([(couples[n][0].levels[key], couples[n][1].levels[key]) for n, key in places])
        for (n, key), difference in zip(places, family, strict=True):
            found[n][key] = difference
    pairs = (Pair(one, other, own) for (one, other), own in zip(couples, found, strict=True))
    return ComparisonFacts(results.instrument, tuple(chosen), tuple(pairs))


def _gather(results: PublicResults, period: str, organisation: str) -> Chosen:
    rows = results.rows("named", period=period, id=organisation)
    levels = {
        (r["level"], r["key"]): Level(r["score"], r["low"], r["high"])
        for r in rows
        if None not in (r["score"], r["low"], r["high"])
    }
    return Chosen(organisation, rows[0]["name"], levels)

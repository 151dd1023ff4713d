"""Titles of a county's slides that tell its result."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.finding import Finding
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts
from dimios_core.report.pages.county_report.findings import find_county_change
from dimios_core.report.sector.sector_facts import GroupLevel

#: figures that a title names
TITLE_NAMES_N = 2


def title_where(narrator: Narrator, level: GroupLevel) -> str:
    """Return the group's mean, or that it cannot be shown."""
    kind = "title" if level.mean is not None else "title_hidden"
    name = narrator.name(level.level, level.key)
    return narrator.say(f"slides.county.where.{kind}", name=name, mean=level.mean, n=level.organisations_n)


def title_path(narrator: Narrator, facts: CountyFacts) -> str:
    """Return how those that took part both times have changed, as far as that is shown."""
    change = find_county_change(facts)[0]
    word = change.kind.removeprefix("county_change_")
    kind = word if word in ("increase", "decrease", "none") else "hidden"
    return narrator.say(f"slides.county.path.title_{kind}", previous=change.numbers.get("previous"))


def title_apart(narrator: Narrator, apart: Finding) -> str:
    """Return how many lie above and below the group's mean."""
    counts = {f"{side}_n": len(apart.numbers.get(side, ())) for side in ("above", "below")}
    kind = apart.kind.removeprefix("county_apart_")
    return narrator.say(f"slides.county.apart.title_{kind}", **counts)


def title_against(narrator: Narrator, own: Sequence[GroupLevel], country: Sequence[GroupLevel | None]) -> str:
    """Return on which category the group lies farthest before the country, and on which farthest behind."""
    ahead = {
        f.key: f.mean - c.mean
        for f, c in zip(own, country, strict=True)
        if f.mean is not None and c is not None and c.mean is not None
    }
    if not ahead:
        return narrator.say("slides.county.against.title_hidden")
    high, low = max(ahead, key=lambda k: ahead[k]), min(ahead, key=lambda k: ahead[k])
    kind = "title" if ahead[low] < 0 < ahead[high] else "title_above" if ahead[low] >= 0 else "title_below"
    names = {word: narrator.name("category", key) for word, key in (("high", high), ("low", low))}
    return narrator.say(f"slides.county.against.{kind}", **names)

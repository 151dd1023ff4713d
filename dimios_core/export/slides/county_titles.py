"""Titles of a county's slides: each is what the slide says."""

from __future__ import annotations

from dimios_core.export.slides.many_drawings import TITLE_NAMES_N
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.against import ABOVE, BELOW, Standing, list_standing
from dimios_core.report.pages.county_report.facts import CountyFacts


def title_against(narrator: Narrator, facts: CountyFacts) -> str:
    """Return which categories lie above and below the country for certain, or that none does."""
    if not facts.group.gaps:
        return narrator.say("slides.county.against.title_hidden")
    names = {side: name_first(narrator, list_standing(facts, "category", side)) for side in (ABOVE, BELOW)}
    kind = "_".join(side for side, listed in names.items() if listed) or "none"
    return narrator.say(f"slides.county.against.title_{kind}", **names)


def title_standing(narrator: Narrator, facts: CountyFacts, side: str) -> str:
    """Return what lies on a side of the country for certain: categories, else points; or that nothing does."""
    found = list_standing(facts, "category", side) or list_standing(facts, "point", side)
    kind = side if found else f"{side}_none" if facts.group.gaps else f"{side}_hidden"
    return narrator.say(f"slides.county.standing.{kind}", names=name_first(narrator, found))


def name_first(narrator: Narrator, standing: list[Standing]) -> str:
    """Name the first, and say that there are more."""
    names = [narrator.name(*s.key) for s in standing[:TITLE_NAMES_N]]
    listed = narrator.number.listed(names)
    return narrator.say("messages.title.more", names=listed) if len(standing) > TITLE_NAMES_N else listed

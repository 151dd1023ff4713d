"""Which messages published facts hold, kind by kind, in no order yet."""

from __future__ import annotations

from collections.abc import Iterator

from dimios_core.published.conventions import CERTAINTY_N_MIN
from dimios_core.report.figures import Figure
from dimios_core.report.finding import FEW_N, LOW_RESPONSE_SHARE, is_flagged
from dimios_core.report.goals import NOT_YET, REACHED, Goal
from dimios_core.report.messages.message import (
    BUILD,
    CERTAIN,
    CHANGE,
    CONTRAST,
    DEAL,
    DONT_KNOW,
    DOWN,
    GAP,
    GOAL,
    NEITHER,
    POSITION,
    RESPONSE,
    TALK,
    TARGET,
    UNCERTAIN,
    UNKNOWN,
    UP,
    Message,
    compare,
)
from dimios_core.report.messages.pace import HIDDEN, MET, MISSED, OFF_WAY, ON_WAY, SURE, find_way
from dimios_core.report.messages.sources import Sources
from dimios_core.report.organisation_facts import Facts, rank_unknowns

#: what a difference asks by where it points
_ASKS = {UP: BUILD, DOWN: DEAL}
_TALKS = {UP: TALK, DOWN: TALK}
_LEVELS = ("maturity", "dimension", "category", "point")


def find_messages(sources: Sources) -> list[Message]:
    """Return every message of an organisation and period, in no order yet."""
    facts = sources.facts
    return [
        *_find_differences(facts),
        *_find_contrasts(sources),
        *_find_goals(sources),
        *_find_target(sources),
        *_find_unknowns(facts),
        *_find_response(facts),
        *_find_position(facts),
    ]


def _find_differences(facts: Facts) -> Iterator[Message]:
    """Changes since the measurement before, and gaps to the peers."""
    gaps = facts.gaps if facts.group is not None else {}
    for kind, found, since in ((CHANGE, facts.changes, facts.previous or ""), (GAP, gaps, "")):
        for (level, key), comparison in found.items():
            if level not in _LEVELS:
                continue
            numbers = {
                "group": facts.group if kind == GAP else None,
                "figure": facts.figures.get((level, key)),
                "reference": comparison.reference,
            }
            message = compare(kind, (level, key), comparison, _ASKS, since=since, numbers=numbers)
            if message is not None:
                yield message


def _find_contrasts(sources: Sources) -> Iterator[Message]:
    """How units and roles differ from the rest of the organisation."""
    for contrast in sources.contrasts:
        if contrast.kind not in ("unit_rest", "role_rest"):
            continue
        numbers = {"contrast": contrast}
        message = compare(CONTRAST, contrast.key, contrast.comparison, _TALKS, numbers=numbers)
        if message is not None:
            yield message


def _find_goals(sources: Sources) -> Iterator[Message]:
    """Own goals: how it goes with each."""
    points = {MET: (UP, BUILD), ON_WAY: (UP, BUILD), MISSED: (DOWN, DEAL), OFF_WAY: (DOWN, DEAL)}
    for goal in sources.goals:
        pace = sources.trends.pace((goal.level, goal.key))
        way = find_way(goal, pace, sources.year)
        direction, asks = points.get(way, (NEITHER, TALK))
        certainty = CERTAIN if way in SURE else UNKNOWN if way == HIDDEN else UNCERTAIN
        size = abs(goal.now.score - goal.value) if goal.now is not None and goal.now.score is not None else 0
        numbers = {"goal": goal, "way": way, "pace": pace}
        yield Message(
            GOAL,
            goal.level,
            goal.key,
            certainty,
            direction,
            asks,
            size,
            since=str(goal.year),
            numbers=numbers,
        )


def _find_target(sources: Sources) -> Iterator[Message]:
    """The national target, held against the composite as an own goal is."""
    target, whole = sources.target, sources.facts.composite
    if target is None or whole is None or whole.score is None:
        return
    state = Goal(whole.level, whole.key, target.to_score, target.to_year, whole).state
    points = {REACHED: (UP, BUILD, CERTAIN), NOT_YET: (DOWN, DEAL, CERTAIN)}
    direction, asks, certainty = points.get(state, (NEITHER, TALK, UNCERTAIN))
    size = abs(whole.score - target.to_score)
    yield Message(
        TARGET,
        whole.level,
        whole.key,
        certainty,
        direction,
        asks,
        size,
        numbers={"target": target, "state": state},
    )


def _find_unknowns(facts: Facts) -> Iterator[Message]:
    """Points that many do not know; where there are none, the one that most do not know.

    A share describes those who were asked: it is certain where they are enough to say anything for certain.
    """
    known = rank_unknowns(facts)
    flagged = [f for f in known if is_flagged(f)]
    for figure in flagged or known[:1]:
        certainty = UNCERTAIN if not flagged else CERTAIN if _enough(facts) else UNKNOWN
        share = figure.dont_know_share or 0.0
        numbers = {"figure": figure, "share": share}
        yield Message(
            DONT_KNOW, figure.level, figure.key, certainty, NEITHER, TALK, 100 * share, numbers=numbers
        )


def _enough(facts: Facts) -> bool:
    return facts.respondents_n is None or facts.respondents_n >= CERTAINTY_N_MIN


def _find_response(facts: Facts) -> Iterator[Message]:
    """A low response, in share or in number."""
    level, key = facts.lead.level, facts.lead.key
    share = facts.response[0] / facts.response[1] if facts.response is not None else None
    n = facts.respondents_n
    low, few = share is not None and share < LOW_RESPONSE_SHARE, n is not None and n < FEW_N
    if low or few:
        numbers = {"share": share if low else None, "n": n if few else None}
        size = 100 * (1 - share) if share is not None else 0.0
        yield Message(RESPONSE, level, key, CERTAIN, DOWN, TALK, size, numbers=numbers)


def _find_position(facts: Facts) -> Iterator[Message]:
    """The place among the quadrants: in one, on a border between two, or in none that can be told."""
    plane, position = facts.instrument.quadrants, facts.position
    if plane is None or position is None:
        return
    level, key = "dimension", plane.upwards
    if position.placement == "unplaced" or position.across is None or position.upwards is None:
        numbers: dict[str, object] = {
            "cells": (),
            "missing": position.across is None or position.upwards is None,
        }
        yield Message(POSITION, level, key, UNKNOWN, NEITHER, TALK, 0.0, numbers=numbers)
        return
    cells = tuple(c for name in position.placement.split("-") for c in plane.cells if c.id == name)
    sides = {side for c in cells for side in (c.across, c.upwards)}
    asks = (BUILD if sides == {"high"} else DEAL if sides == {"low"} else TALK) if len(cells) == 1 else TALK
    direction = {BUILD: UP, DEAL: DOWN}.get(asks, NEITHER)
    certainty = CERTAIN if len(cells) == 1 else UNCERTAIN
    yield Message(POSITION, level, key, certainty, direction, asks, 0.0, numbers={"cells": cells})


def can_see_all(facts: Facts) -> bool:
    """Tell whether every category can be seen: else nothing is said of what is highest or lowest."""
    return all(f.published for f in facts.of_level("category"))


def list_ends(facts: Facts, direction: str) -> list[Figure]:
    """List published points from one end: by their difference to the peers, where there are any, else by level."""
    points = [f for f in facts.of_level("point") if f.published and f.score is not None]
    sign = -1 if direction == UP else 1
    if facts.group is not None and any(_gap(facts, *f.place) is not None for f in points):
        points = [f for f in points if (gap := _gap(facts, *f.place)) is not None and sign * gap < 0]
        return sorted(points, key=lambda f: sign * (_gap(facts, *f.place) or 0.0))
    return sorted(points, key=lambda f: sign * (f.score or 0.0))


def _gap(facts: Facts, level: str, key: str) -> float | None:
    gap = facts.gaps.get((level, key))
    return gap.value if gap is not None and gap.published else None

"""The next steps of one organisation: three priorities, three things to talk about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dimios_core.report.figures import Comparison, Figure, Key
from dimios_core.report.goals import REACHED, Goal
from dimios_core.report.messages.choosing import pick
from dimios_core.report.messages.message import (
    CERTAIN,
    CHANGE,
    CONTRAST,
    DEAL,
    DONT_KNOW,
    GAP,
    GOAL,
    RESPONSE,
    Message,
)
from dimios_core.report.messages.pace import MISSED
from dimios_core.report.messages.ranking import list_above
from dimios_core.report.next_steps.initiatives import Initiative
from dimios_core.report.next_steps.plans import Plan, Plans
from dimios_core.report.next_steps.weak import Entry, Weakness
from dimios_core.report.organisation_facts import Facts

#: how many priorities and how many questions there are
PRIORITIES_N, QUESTIONS_N = 3, 3
#: what is asked where the figures ask nothing more
SINCE, HOPED, MISSING, LISTEN = "since", "hoped", "missing", "listen"


@dataclass(frozen=True)
class Priority:
    """Something to deal with.

    Attributes
    ----------
    place : (level, key)
        What it is about.
    point : str
        The measure point to begin with; "" where there is none to name.
    message : Message or None
        What says for certain that it is to be dealt with; None where it only lies lowest.
    figure : Figure or None
        The level of what it is about, where it is published.
    gap : Comparison or None
        How that lies against the peers; None where it is not compared.
    plan : Plan or None
        What is planned for the point already, and not followed up yet.
    done : Plan or None
        What was planned for it and is followed up now.
    goal : Goal or None
        The organisation's own goal for what it is about, not reached yet.
    initiative : Initiative or None
        What others did for the point that fits best.
    helped : bool
        Initiatives for the point, or of its kind, go with a rise for certain.
    """

    place: Key
    point: str
    message: Message | None
    figure: Figure | None
    gap: Comparison | None
    plan: Plan | None
    done: Plan | None
    goal: Goal | None
    initiative: Initiative | None
    helped: bool = False


@dataclass(frozen=True)
class Question:
    """Something to talk about: what a message leaves open, or a question that any measurement leaves."""

    message: Message | None
    asks: str = ""


@dataclass(frozen=True)
class NextSteps:
    """What an organisation may do next, in one period.

    Attributes
    ----------
    priorities : tuple of Priority
        Three at most; none that is certainly a strength.
    questions : tuple of Question
        Three.
    advice : dict of point -> language -> text
        General recommendations.
    """

    priorities: tuple[Priority, ...]
    questions: tuple[Question, ...]
    advice: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Means:
    """What there is to act with.

    Attributes
    ----------
    plans : Plans
    goals : tuple of Goal
    initiatives : tuple of Initiative
        In the order in which they fit.
    helping : frozenset of (level, key)
        Points ("point") and kinds ("kind") whose initiatives go with a rise, for certain.
    advice : dict of point -> language -> text
    """

    plans: Plans = field(default_factory=Plans)
    goals: tuple[Goal, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    helping: frozenset[Key] = frozenset()
    advice: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def choose_next_steps(facts: Facts, ranked: Sequence[Message], weakness: Weakness, means: Means) -> NextSteps:
    """Choose the next steps: what is certain in the order of the messages, then the weakest measure points."""
    entries = _choose_entries(weakness.entries, ranked)
    priorities = [_describe(facts, e.place, e.point, e.message, means) for e in entries]
    taken = {p.point for p in priorities}
    for figure in weakness.weak:
        if (
            len(priorities) < PRIORITIES_N
            and figure.key not in taken
            and figure.place not in weakness.strengths
        ):
            said = weakness.certain.get(figure.key)
            priorities.append(_describe(facts, figure.place, figure.key, said, means))
    questions = tuple(_choose_questions(facts, ranked, {p.place for p in priorities}))[:QUESTIONS_N]
    return NextSteps(tuple(priorities), questions, means.advice)


def _choose_entries(entries: Sequence[Entry], ranked: Sequence[Message]) -> list[Entry]:
    """Choose the first three; a goal that is certainly missed is one of them, whatever stands before it.

    Where no goal's year has come, one counts as missed that the pace certainly does not lead to.
    """
    chosen = list(entries[:PRIORITIES_N])
    behind = [m for m in pick(ranked, GOAL) if m.certain and m.asks == DEAL]
    missed = {m.place for m in behind if m.numbers["way"] == MISSED} or {m.place for m in behind}
    about = [e for e in entries if {e.place, ("point", e.point)} & missed]
    if about and not any(e in about for e in chosen):
        chosen[-1] = about[0]
    return chosen


def _describe(facts: Facts, place: Key, point: str, message: Message | None, means: Means) -> Priority:
    figure, gap = facts.figures.get(place), facts.gaps.get(place)
    # a goal for something wider is no date for this
    own = [("point", point), place, *list_above(facts.instrument, "point", point)[:1]] if point else [place]
    near = [g for g in means.goals if (g.level, g.key) in own and g.state != REACHED]
    initiative = next((i for i in means.initiatives if i.point == point), None)
    return Priority(
        place,
        point,
        message,
        figure if figure is not None and figure.published else None,
        gap if gap is not None and gap.published else None,
        means.plans.find_open(point),
        means.plans.find_done(point),
        min(near, key=lambda g: own.index((g.level, g.key)), default=None),
        initiative,
        initiative is not None and bool({("point", point), ("kind", initiative.kind)} & means.helping),
    )


def _choose_questions(facts: Facts, ranked: Sequence[Message], told: set[Key]) -> Iterator[Question]:
    """List what to talk about: what many do not know, who sees it otherwise, what cannot be told; then what is always open."""
    unknown, contrasts = pick(ranked, DONT_KNOW), [m for m in pick(ranked, CONTRAST) if m.certain]
    if unknown and unknown[0].size > 0:
        yield Question(unknown[0])
    if contrasts:
        yield Question(contrasts[0])
    if low := pick(ranked, RESPONSE):
        yield Question(low[0])
    open_to_chance = [
        m
        for m in (*pick(ranked, CHANGE), *pick(ranked, GAP))
        if m.certainty != CERTAIN and m.place not in told and (m.low or 0.0) <= 0 <= (m.high or 0.0)
    ]
    if open_to_chance:
        yield Question(max(open_to_chance, key=lambda m: m.size))
    yield Question(None, SINCE if facts.previous is not None else HOPED)
    if not low:
        yield Question(None, MISSING)
    yield Question(None, LISTEN)

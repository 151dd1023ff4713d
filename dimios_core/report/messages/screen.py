"""The first screen beside the figure: last time, peers, the national target, own goals, and a low response."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dimios_core.report.data_tables import say_score
from dimios_core.report.figures import Comparison, Figure
from dimios_core.report.goals import NOT_YET, OPEN, Goal
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.messages.choosing import pick
from dimios_core.report.messages.message import GOAL, RESPONSE, TARGET, Message
from dimios_core.report.messages.pace import UNSURE
from dimios_core.report.organisation_facts import Facts, History


@dataclass(frozen=True)
class Line:
    """What a figure is held against: a name, a figure of its own ("" where there is none), and what is said of it."""

    name: str
    figure: str
    words: str

    @property
    def text(self) -> str:
        """Figure and words."""
        return f"{self.figure} {self.words}".strip()


def tell_low_response(narrator: GroupNarrator, messages: Sequence[Message]) -> str:
    """Return that few have answered, of the invited or in number; "" where that is not so."""
    for message in pick(messages, RESPONSE):
        share, n = message.numbers["share"], message.numbers["n"]
        kind = "both" if share is not None and n is not None else "share" if share is not None else "n"
        return narrator.say(f"messages.low_response.{kind}", share=share, n=n)
    return ""


def tell_change(narrator: GroupNarrator, change: Comparison | None, previous: str | None) -> str:
    """Return a figure's change since the measurement before, beside its level; "" where none is published."""
    if change is None or not change.published or change.value is None or previous is None:
        return ""
    return narrator.say(f"messages.screen.dimension_{change.certainty}", value=change.value, period=previous)


def list_lines(narrator: GroupNarrator, history: History, messages: Sequence[Message]) -> Iterator[Line]:
    """List what the lead is held against: the measurement before, the peers, the national target, own goals."""
    facts = narrator.facts
    if facts.composite is not None:
        yield from _tell_before(narrator, facts, history, facts.composite)
        yield from _tell_peers(narrator, facts, facts.composite)
    for message in pick(messages, TARGET):
        target = message.numbers["target"]
        name = narrator.say("messages.screen.target", value=target.to_score, year=str(target.to_year))
        yield Line(name, "", narrator.say(f"messages.screen.target_{message.numbers['state']}"))
    for message in pick(messages, GOAL):
        yield tell_goal(narrator, message)


def _tell_before(narrator: GroupNarrator, facts: Facts, history: History, figure: Figure) -> Iterator[Line]:
    if facts.previous is None:
        return
    before = history.figures.get((facts.previous, *figure.place))
    name = narrator.say("messages.screen.before", period=facts.previous)
    if before is None or before.score is None or before.low is None or before.high is None:
        reason = narrator.say(f"status.{before.status if before is not None else 'no_answers'}")
        yield Line(name, "", narrator.say("messages.screen.before_hidden", reason=reason))
        return
    words = f"({narrator.number.interval(before.low, before.high)})"
    change = facts.changes.get(figure.place)
    if change is not None and change.published and change.value is not None:
        words += ": " + narrator.say(
            f"messages.screen.change_{change.certainty}",
            value=change.value,
            detectable=change.detectable,
        )
    yield Line(name, narrator.number.percent(before.score), words)


def _tell_peers(narrator: GroupNarrator, facts: Facts, figure: Figure) -> Iterator[Line]:
    gap = facts.gaps.get(figure.place)
    if facts.group is None or gap is None or gap.reference is None:
        return
    name = narrator.say("page.peers_mean", group=facts.group)
    words = ""
    if gap.published and gap.value is not None:
        words = f"({narrator.say(f'messages.screen.gap_{gap.certainty}', value=gap.value)})"
    yield Line(name, narrator.number.percent(gap.reference), words)


def tell_goal(narrator: GroupNarrator, message: Message) -> Line:
    """Return an own goal and how it goes with it: the level now, the pace, and what they bear out."""
    say, goal, way, pace = (
        narrator.say,
        message.numbers["goal"],
        message.numbers["way"],
        message.numbers["pace"],
    )
    name = say(
        "messages.screen.goal",
        name=narrator.name(goal.level, goal.key, running=True),
        value=goal.value,
        year=str(goal.year),
    )
    figure = say(f"messages.screen.way.{_name_way(goal, way, narrator.facts.period)}")
    words = []
    now = goal.now
    if now is not None and now.low is not None and now.high is not None:
        level = say_score(narrator, now)
        words.append(say("messages.screen.way_now", level=level, low=now.low, high=now.high))
    if pace is not None and pace.value is not None and goal.state in (NOT_YET, OPEN):
        words.append(say("messages.screen.pace", value=pace.value, low=pace.low, high=pace.high))
    return Line(name, f"{figure}:" if words else figure, ", ".join(words))


def _name_way(goal: Goal, way: str, period: str) -> str:
    """Return which words tell how it goes: once the year has come, or the level holds the goal, there is no pace to speak of."""
    if way == UNSURE and int(period[:4]) >= goal.year:
        return "unsure_due"
    if way == "no_pace" and goal.state == OPEN:
        return "unsure_due"
    return way

"""The next steps in words, for pages, slides and paper: one set of facts, told alike everywhere."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from dimios_core.instrument.lead import begin_large, begin_small
from dimios_core.report.data_tables import say_unknown
from dimios_core.report.dates import write_date
from dimios_core.report.groups.narrator import GroupNarrator
from dimios_core.report.messages.cards import tell_contrast
from dimios_core.report.messages.headline import tell_lead
from dimios_core.report.messages.message import (
    CHANGE,
    CONTRAST,
    DONT_KNOW,
    GAP,
    GOAL,
    RESPONSE,
    UNCERTAIN,
    Message,
)
from dimios_core.report.messages.screen import tell_goal, tell_low_response
from dimios_core.report.narrative import Narrator
from dimios_core.report.next_steps.initiatives import Initiative
from dimios_core.report.next_steps.steps import NextSteps, Priority, Question

#: letters of a text of the organisation's own that are shown where it stands whole elsewhere
SHOWN_LETTERS_N = 180


@dataclass(frozen=True)
class StepsTelling:
    """Next steps, and who tells them."""

    steps: NextSteps
    narrator: GroupNarrator

    def title(self, priority: Priority) -> str:
        """Return what a priority is about: "Teknik: börja med Skugg-IT"."""
        name = self.narrator.name(*priority.place)
        if priority.place[0] == "point" or not priority.point:
            return name
        point = self.narrator.name("point", priority.point, running=True)
        return self.narrator.say("next.title", name=name, point=point)

    def short_title(self, priority: Priority) -> str:
        """Return what something is to be done about, by one name, and what is planned."""
        name = self.narrator.name(*(("point", priority.point) if priority.point else priority.place))
        return f"{name}: {shorten(priority.plan.what)}" if priority.plan is not None else name

    def why(self, priority: Priority) -> str:
        """Return why it is a priority: a figure with its uncertainty."""
        message = priority.message
        if message is None:
            told = self._differs(priority)
        elif message.kind == GOAL:
            line = tell_goal(self.narrator, message)
            told = f"{line.name}: {begin_small(line.text)}"
        else:
            told = tell_lead(self.narrator, message, 0)
        return f"{begin_large(told)}."

    def _differs(self, priority: Priority) -> str:
        """Return how what is not certain lies against the peers; by its level where there are none."""
        narrator, figure, gap = self.narrator, priority.figure, priority.gap
        name = narrator.name(*priority.place)
        group = narrator.facts.group
        if gap is not None and gap.value is not None and group is not None:
            kind = "few" if gap.certainty == "unknown" else "chance"
            way = "under" if gap.value < 0 else "over" if gap.value > 0 else "same"
            words = narrator.say(f"next.why.{way}", name=name, size=abs(gap.value), group=group)
            return words + narrator.say(f"next.why.{kind}", low=gap.low, high=gap.high)
        if figure is None or figure.score is None:
            return narrator.say("next.why.hidden", name=name)
        return narrator.say("next.why.level", name=name, score=figure.score, low=figure.low, high=figure.high)

    def do(self, priority: Priority) -> tuple[str, str]:
        """Return what to do, as a label and words: what is planned already, else the recommendation; ("", "") for neither."""
        say, text = self.narrator.say, self.narrator.instrument.text
        if priority.plan is not None:
            return say("next.planned"), shorten(priority.plan.what)
        if priority.done is not None:
            return say(f"next.followed.{priority.done.progress or 'unknown'}"), shorten(priority.done.what)
        advice = self.steps.advice.get(priority.point)
        return (say("next.advice"), text(advice, self.narrator.language)) if advice else ("", "")

    def others(self, priority: Priority) -> tuple[str, str]:
        """Return what others did, as a label and words; ("", "") where nothing is known."""
        found = priority.initiative
        if found is None:
            return "", ""
        label = "next.helped" if priority.helped else "next.others"
        return self.narrator.say(label), f"{found.title} ({describe_initiative(self.narrator, found)})"

    def who(self, priority: Priority) -> str:
        """Return who sees to it, by the plan; "" to be filled in."""
        return shorten(priority.plan.who) if priority.plan is not None else ""

    def when(self, priority: Priority) -> str:
        """Return by when, by the plan or one's own goal; "" to be filled in."""
        if priority.plan is not None:
            return write_date(priority.plan.when, self.narrator.language)
        return self.narrator.say("next.by", year=str(priority.goal.year)) if priority.goal is not None else ""

    def ask(self, question: Question) -> str:
        """Return a question for the conversation."""
        message, narrator = question.message, self.narrator
        if message is None:
            return narrator.say(f"next.ask.{question.asks}", previous=narrator.facts.previous)
        return f"{self._tell(message)} {narrator.say(f'next.ask.{message.kind}')}"

    def _tell(self, message: Message) -> str:
        narrator = self.narrator
        if message.kind == RESPONSE:
            return tell_low_response(narrator, [message])
        if message.kind == CONTRAST:
            return tell_contrast(narrator, message)
        name = narrator.name(*message.place, running=True)
        if message.kind == DONT_KNOW:
            kind = "most" if message.certainty == UNCERTAIN else "many"
            share = say_unknown(narrator, message.numbers["figure"])
            return narrator.say(f"next.open.unknown_{kind}", name=name, share=share)
        assert message.kind in (CHANGE, GAP)
        numbers = {"value": message.value, "low": message.low, "high": message.high, "since": message.since}
        return narrator.say(
            f"next.open.{message.kind}", name=name, group=message.numbers.get("group"), **numbers
        )


def shorten(text: str) -> str:
    """Return the beginning of a text of the organisation's own, whole where it is short."""
    return textwrap.shorten(text, SHOWN_LETTERS_N, placeholder=" …") if len(text) > SHOWN_LETTERS_N else text


def name_organisation(narrator: Narrator, initiative: Initiative) -> str:
    """Return an organisation's name, or "Kommun X" and the like in the reader's language."""
    if initiative.named:
        return initiative.organisation_name
    return narrator.say(f"improve.unnamed.{initiative.type or 'other'}")


def describe_initiative(narrator: Narrator, initiative: Initiative) -> str:
    """Return who did it and since when: "Kommun X, medelstor, Skåne län, sedan januari 2024"."""
    parts = [name_organisation(narrator, initiative)]
    if initiative.size:
        parts.append(narrator.say(f"improve.sizes.{initiative.size}"))
    if initiative.county:
        parts.append(narrator.texts["peers"]["counties"].get(initiative.county, initiative.county))
    if initiative.start:
        parts.append(narrator.say("improve.since", start=write_date(initiative.start, narrator.language)))
    return ", ".join(parts)

"""The first words of a report on a group of organisations: at most two sentences and thirty-five words.

A county leads with what lies against the country, or has changed, for certain; the country leads with its level. Falls come
before rises, and none that is certain is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dimios_core.instrument import COMPOSITE
from dimios_core.instrument.lead import begin_large
from dimios_core.report.messages.choosing import Headline, choose_headline
from dimios_core.report.messages.headline import HEADLINE_WORDS, count_words
from dimios_core.report.messages.message import CHANGE, DOWN, GAP, Message
from dimios_core.report.narrative import Narrator
from dimios_core.report.reference import Target
from dimios_core.report.sector.messages import rank_group
from dimios_core.report.sector.sector_facts import EVERYBODY, GroupLevel, SectorFacts, hidden_kind

#: narrower figures that a lead and its other side name
PARTS_N = ((2, 1), (1, 1), (1, 0), (0, 0))


@dataclass(frozen=True)
class GroupTelling:
    """The ranked messages of a group of organisations, and their first words.

    Parameters
    ----------
    narrator : Narrator
    facts : SectorFacts
    country : SectorFacts or None
        All organisations, where the group is not all.
    target : Target or None
        What the composite is held against.
    """

    narrator: Narrator
    facts: SectorFacts
    country: SectorFacts | None = None
    target: Target | None = None

    @cached_property
    def ranked(self) -> tuple[Message, ...]:
        """All messages, what asks most first."""
        return rank_group(self.facts)

    @cached_property
    def chosen(self) -> Headline:
        """What the first two sentences tell."""
        return choose_headline(self.ranked)

    def headline(self) -> str:
        """Return the first two sentences: the richest wording that keeps within thirty-five words."""
        told = [self._write(clauses) for clauses in self._list_wordings()]
        return next((text for text in told if count_words(text) <= HEADLINE_WORDS), told[-1])

    def lead(self) -> str:
        """Return what leads, as a title: without its interval and without a full stop."""
        headline = self.chosen
        if headline.lead is None or (self.is_everybody and headline.tells_level):
            return begin_large(self._level(sure=False))
        if headline.tells_level:
            return begin_large(self._second(headline.lead))
        but = self._but(headline.but, 0) if headline.but is not None else ""
        return begin_large(self._lead(headline.lead, 0 if but else 1, sure=False) + but)

    def level_title(self) -> str:
        """Return the level as a title, beside the target where there is one."""
        return begin_large(self._level(sure=False, target=True))

    def change(self) -> str:
        """Return how those that took part both times have changed, as a title."""
        first = next((m for m in self.ranked if m.kind == CHANGE and m.certain), None)
        return begin_large(
            self._second(first) if first is not None else self._since() or self._say("hidden_since")
        )

    @property
    def is_everybody(self) -> bool:
        """The group is all organisations."""
        return self.facts.group == EVERYBODY

    # -- wordings ------------------------------------------------------------------------------------

    def _list_wordings(self) -> Iterator[tuple[str, ...]]:
        """List what the sentences may be made of, the richest first: (first, second)."""
        if self.is_everybody or self.chosen.tells_level:
            yield from self._list_level_wordings()
            return
        headline = self.chosen
        assert headline.lead is not None
        seconds = self._list_seconds(headline)
        for parts_n, but_n in PARTS_N:
            lead = self._lead(headline.lead, parts_n)
            but = self._but(headline.but, but_n) if headline.but is not None else ""
            for second in seconds:
                yield lead + but, second
        lead = self._lead(headline.lead, 0)
        if headline.but is not None and not _is_fall(headline.second):
            yield lead + self._but(headline.but, 0), ""
        yield lead, seconds[-1]

    def _list_seconds(self, headline: Headline) -> list[str]:
        """List second sentences, the richest first."""
        if headline.second is not None:
            return [self._second(headline.second, sized=True), self._second(headline.second)]
        if headline.lead is not None and headline.lead.kind == CHANGE:
            return [self._level(others=True), self._level()]
        return [self._since()]

    def _list_level_wordings(self) -> Iterator[tuple[str, ...]]:
        """List wordings where the level comes first; what has changed for certain is never left out."""
        certain = [m for m in self.ranked if m.certain and m.kind in (CHANGE, GAP)]
        others = not self.is_everybody
        levels = [
            self._level(others=others, apart=not any(m.kind == GAP for m in certain), target=True),
            self._level(others=others),
            self._level(),
        ]
        headline = choose_headline([m for m in certain if not self.is_everybody or m.kind == CHANGE])
        if headline.lead is None:
            for level in levels:
                yield level, self._since()
            return
        but = self._but(headline.but, 0) if headline.but is not None else ""
        more = self._second(headline.second) if headline.second is not None else ""
        for level in levels if self.is_everybody else ():
            yield level, self._lead(headline.lead, 1) + but
            yield level, self._lead(headline.lead, 0) + but
        first = self._second(headline.lead)
        for level in levels:
            if more:
                yield level, self._say("and", first=first + but, second=more)
            else:
                yield level, first + but
        # what is no fall gives way
        if not _is_fall(headline.second):
            yield levels[-1], first + but
        yield levels[-1], self._say("and", first=first, second=more) if more else first

    def _write(self, clauses: Sequence[str]) -> str:
        return " ".join(f"{begin_large(s)}." for s in clauses if s)

    # -- clauses -------------------------------------------------------------------------------------

    def _say(self, path: str, **values: object) -> str:
        kind = "all" if self.is_everybody else "county"
        who = self.narrator.texts["sector"]["who"][kind][self.narrator.voice]
        return self.narrator.say(f"sector.first.{path}", who=who, since_period=self.facts.previous, **values)

    def _tell(self, form: str, message: Message, **values: str) -> str:
        texts = self.narrator.texts["sector"]["first"][form]
        top = message.place == COMPOSITE and f"{message.says}_top" in texts
        return self._say(
            f"{form}.{message.says}{'_top' if top else ''}",
            name=self.narrator.name(*message.place, running=True),
            size=message.size,
            since=message.since,
            n=message.numbers.get("n"),
            uncertainty=values.pop("uncertainty", ""),
            **values,
        )

    def _lead(self, message: Message, parts_n: int, sure: bool = True) -> str:
        uncertainty = self._bracket(message.low, message.high) if sure else ""
        return self._tell("lead", message, uncertainty=uncertainty) + self._clearly(message, parts_n)

    def _but(self, message: Message, parts_n: int) -> str:
        return f", {self._tell('but', message)}{self._clearly(message, parts_n)}"

    def _second(self, message: Message, sized: bool = False) -> str:
        if not sized:
            return self._tell("second", message)
        return self._tell("second_sized", message, uncertainty=self._bracket(message.low, message.high))

    def _clearly(self, message: Message, n: int) -> str:
        parts = [p for p in message.parts if p.level == "category"][:n]
        names = [self.narrator.name(*p.place, running=True) for p in parts]
        return f", {self.narrator.say('messages.parts', names=names)}" if names else ""

    def _since(self) -> str:
        """Return that no change is certain, or why there is none to tell of; only where none is certain."""
        changes = list(self.facts.changes.values())
        if self.facts.previous is None:
            return self._say("first")
        if any(c.published for c in changes):
            return self._say("unchanged")
        return ""

    def _level(
        self, sure: bool = True, others: bool = False, apart: bool = False, target: bool = False
    ) -> str:
        """Return the level of what nothing stands above; beside the country's, or the target, where told to.

        `apart` says that the difference to the country is not certain; only where none is.
        """
        words = self.narrator.number.listed([self._level_of(f, sure) for f in self.facts.tops])
        top = self.facts.composite
        if top is None or not top.published:
            return words
        gap = self.facts.gaps.get(COMPOSITE)
        if others and self.country is not None and self.country.lead.mean is not None:
            words += f", {self._say('level.others', mean=self.country.lead.mean)}"
            if apart and gap is not None:
                words += f"; {self._say('level.not_apart')}"
        if (
            target
            and self.is_everybody
            and self.target is not None
            and top.low is not None
            and top.high is not None
        ):
            side = self.side(top)
            words += "; " if side == "open" else ", "
            words += self._say(f"level.target_{side}", target=self.target.to_score)
        return words

    def side(self, level: GroupLevel) -> str:
        """Return how a level lies to the target, as far as its interval tells."""
        assert self.target is not None and level.low is not None and level.high is not None
        score = self.target.to_score
        return "met" if level.low >= score else "below" if level.high < score else "open"

    def _level_of(self, figure: GroupLevel, sure: bool) -> str:
        name = self.narrator.name(figure.level, figure.key)
        if not figure.published:
            return self._say(f"level.hidden_{hidden_kind(figure.status)}", name=name)
        low, high = (figure.low, figure.high) if self.is_everybody else (figure.own_low, figure.own_high)
        uncertainty = self._bracket(low, high) if sure else ""
        values = {"mean": figure.mean, "n": figure.organisations_n}
        return self._say("level.name", name=name, uncertainty=uncertainty, **values)

    def _bracket(self, low: float | None, high: float | None) -> str:
        """Return an interval in brackets; of a difference its size, whatever its direction."""
        if low is None or high is None:
            return ""
        if high <= 0:
            low, high = -high, -low
        return f" ({self.narrator.say('messages.uncertainty', low=low, high=high)})"


def _is_fall(message: Message | None) -> bool:
    return message is not None and (message.kind, message.direction) == (CHANGE, DOWN)

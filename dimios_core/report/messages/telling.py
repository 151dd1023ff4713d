"""The messages of one organisation and period with who tells them: what pages, slides and mails draw from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dimios_core.published.gathering import gather_once
from dimios_core.published.store import PublishedResults
from dimios_core.report.groups.narrator import GroupNarrator, narrate_groups
from dimios_core.report.messages.cards import tell_changes, tell_unknowns, write_beginning, write_card
from dimios_core.report.messages.headline import write_gaps, write_headline, write_lead
from dimios_core.report.messages.message import BUILD, DEAL, Message
from dimios_core.report.messages.ranking import rank_messages
from dimios_core.report.messages.screen import Line, list_lines, tell_low_response
from dimios_core.report.messages.sources import Sources, gather_sources
from dimios_core.report.messages.titles import (
    title_card,
    title_categories,
    title_changes,
    title_unknowns,
    title_views,
)
from dimios_core.report.organisation_facts import History


@dataclass(frozen=True)
class Telling:
    """The ranked messages of one organisation and period, and their words in one language and voice.

    Parameters
    ----------
    sources : Sources
    language : str
    voice : str
        "you" or "we", as of `Narrator`.
    """

    sources: Sources
    language: str
    voice: str = "you"

    @cached_property
    def ranked(self) -> tuple[Message, ...]:
        """All messages, what asks most first."""
        return rank_messages(self.sources)

    @cached_property
    def narrator(self) -> GroupNarrator:
        """Names figures, units and roles."""
        return narrate_groups(self.sources.facts, self.sources.groups, self.language, self.voice)

    def headline(self) -> str:
        """Return the first two sentences."""
        return write_headline(self.narrator, self.ranked)

    def lead(self) -> str:
        """Return what leads, as a title."""
        return write_lead(self.narrator, self.ranked)

    def gaps(self) -> str:
        """Return how one lies against the peers, where that is certain: the first sentence of a comparison; else ""."""
        return write_gaps(self.narrator, self.ranked)

    def title(self, about: str) -> str:
        """Return a message as a title: of "changes", "categories", "build", "deal" or "unknown"."""
        if about in (BUILD, DEAL):
            return title_card(self.narrator, self.ranked, about)
        write = {"changes": title_changes, "categories": title_categories, "unknown": title_unknowns}[about]
        return write(self.narrator, self.ranked)

    def title_views(self, compared: bool) -> str:
        """Return how units and roles see the organisation, as a title; `compared` where any difference is shown."""
        return title_views(self.narrator, self.ranked, compared)

    def card(self, asks: str) -> Sequence[str]:
        """Return the sentences of a card: "build", "deal" or "talk"."""
        return write_card(self.narrator, self.ranked, asks)

    def beginning(self) -> str:
        """Return where to begin."""
        return write_beginning(self.narrator, self.ranked)

    def unknowns(self) -> str:
        """Return what many do not know."""
        return tell_unknowns(self.narrator, self.ranked)

    def changes(self) -> list[str]:
        """Return all that has changed for certain since the measurement before, or that nothing has."""
        return tell_changes(self.narrator, self.ranked)

    def lines(self, history: History) -> list[Line]:
        """Return what the lead is held against, as names and words: last time, peers, the national target, own goals."""
        return list(list_lines(self.narrator, history, self.ranked))

    def low_response(self) -> str:
        """Return that few have answered; "" where that is not so."""
        return tell_low_response(self.narrator, self.ranked)


def open_telling(results: PublishedResults, period: str, language: str, voice: str = "you") -> Telling:
    """Open the messages of published results; tabs of a report that tell of them share the ranking."""
    return gather_once(_gather_telling, results, period, language, voice)


def _gather_telling(results: PublishedResults, period: str, language: str, voice: str) -> Telling:
    return Telling(gather_sources(results, period), language, voice)

"""What decks on many organisations share: their charts as outlines, what is not known, and how a deck is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.export.slides.speaker import PROFILE_MIN_N, SHARES_N, Speaker
from dimios_core.instrument.lead import begin_large
from dimios_core.office.slides.outline import Deck, Levels, Profile, Shares, Slide
from dimios_core.report.base_pages import ConsortiumPage
from dimios_core.report.narrative import Narrator
from dimios_core.report.sector.messages import list_unknowns, rank_unknowns
from dimios_core.report.sector.sector_facts import GroupLevel, SectorFacts

#: score, lower and upper end of its interval
Interval = tuple[float | None, float | None, float | None]
#: figures that a title names
TITLE_NAMES_N = 2


@dataclass(frozen=True)
class ManySpeaker(Speaker):
    """Speaks for many organisations in one period: of a page's facts, in the page's words.

    Parameters
    ----------
    report : ConsortiumPage
        The page whose facts are told.
    """

    report: ConsortiumPage

    @property
    def narrator(self) -> Narrator:
        """The page's narrator."""
        return self.report.narrator

    def put_together(self, subtitle: str, slides: Sequence[Slide]) -> Deck:
        """Return the deck of some slides, with what it was made of."""
        page, reads = self.report, self.report.results.reads
        return Deck(
            title=self.say("title", period=page.period),
            subtitle=subtitle,
            footer=self.label_footer(begin_large(page.subject), page.period, page.demo_label),
            notes=f"{self.say('use')}\n{self.say('made_of', version=reads.version)}",
            language=page.language,
            slides=tuple(slides),
            reads=reads.as_dict(),
        )

    def draw_levels(
        self,
        names: Sequence[str],
        figures: Sequence[Interval],
        *,
        own: str,
        reference: str = "",
        references: Sequence[float | None] = (),
        joined: bool = False,
    ) -> Levels | None:
        """Return levels with their intervals, beside references; None where none is published."""
        if all(score is None for score, _, _ in figures):
            return None
        scores, lows, highs = zip(*figures, strict=True)
        called = (own, self.say("interval"))
        return Levels(tuple(names), scores, lows, highs, *called, reference, tuple(references), joined)

    def unknown_slide(self, facts: SectorFacts) -> Slide:
        """Return what most do not know, and of how much many do not."""
        many_n = len(list_unknowns(facts))
        words = self.say("many.unknown.many", n=many_n) if many_n else self.say("many.unknown.few")
        shown = rank_unknowns(facts)[:SHARES_N]
        names = tuple(self.narrator.name("point", p.key) for p in shown)
        shares = tuple(p.dont_know_share for p in shown)
        chart = Shares(names, shares, self.narrator.say("chart.dont_know")) if shown else None
        kind = "title" if shown else "title_hidden"
        title = self.say(f"many.unknown.{kind}", points=shown[:TITLE_NAMES_N])
        lead = words if shown else self.narrator.say("messages.card.unknown_hidden")
        told = self.say("many.unknown.told")
        return Slide(title, lead, (), "", "", chart, None, self.write_notes("unknown", words), told)

    def profile(self, levels: Levels | None) -> list[Slide]:
        """Return levels and their reference as a profile, for those who are used to one; none where one is missing."""
        if levels is None or len(levels.names) < PROFILE_MIN_N or not levels.reference:
            return []
        if None in (*levels.scores, *levels.references):  # a gap would be read as a level
            return []
        chart = Profile(levels.names, levels.own, levels.scores, levels.reference, levels.references)
        told = self.say("many.profile.told", own=levels.own, reference=levels.reference)
        title, notes = self.say("many.profile.title"), self.write_notes("profile")
        return [Slide(title, chart=chart, notes=notes, told=told)]

    def write_interval(self, low: float | None, high: float | None, signed: bool = False) -> str:
        """Return an interval as a table's cell, or a dash."""
        if low is None or high is None:
            return "–"
        narrator = self.narrator
        if signed:
            return narrator.say("internal.to", low=low, high=high)
        return narrator.number.interval(low, high)

    def name_points(self, points: Sequence[GroupLevel]) -> list[str]:
        """Return the names of figures for the middle of a sentence."""
        return [self.narrator.name(p.level, p.key, running=True) for p in points]

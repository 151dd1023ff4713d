"""The deck of all organisations together: one message a slide, and what follows from it as questions."""

from __future__ import annotations

from dimios_core.export.slides.many_drawings import TITLE_NAMES_N
from dimios_core.export.slides.national_drawings import NationalSpeaker
from dimios_core.office.slides.outline import Deck, Slide, SlideTable
from dimios_core.published.store import PublicResults
from dimios_core.report.pages.national_status.facts import gather_spread
from dimios_core.report.pages.national_status.findings import (
    find_level_ends,
    find_moves,
    find_panel,
    find_spread,
    find_types,
    list_lagging,
    list_leading,
)
from dimios_core.report.pages.national_status.page import NationalStatus
from dimios_core.report.pages.national_status.telling_follows import tell_conclusion
from dimios_core.report.sector.sector_facts import GroupLevel


def plan_national_deck(results: PublicResults, period: str, language: str) -> Deck:
    """Plan the deck of all organisations together, from the public part of the results alone."""
    return _Planner(NationalStatus(results, period, language).spoken_by("we")).plan()


class _Planner(NationalSpeaker):
    """Slide by slide."""

    def plan(self) -> Deck:
        slides = [
            self.where(), *self.path(), *self.groups(), self.categories(), self.ends("weak", list_lagging(self.facts)),
            self.ends("strong", list_leading(self.facts)), self.unknown_slide(self.facts), *self.spread(), *self.follows(),
            self.decisions(), self.reading(), *self.profile(self.draw_categories()),
        ]  # fmt: skip
        return self.put_together(self.say("national.subtitle"), slides)

    # -- where the sector is -------------------------------------------------------------------------

    def where(self) -> Slide:
        narrator, level = self.narrator, self.facts.composite
        words, big, under = self.report.telling.headline(), "", ""
        if level is not None and level.published and level.mean is not None and level.low is not None:
            big = narrator.number.percent(level.mean)
            under = narrator.say("sector.interval_sector", low=level.low, high=level.high)
        notes = self.write_notes("where", words, self.tell_participation())
        title = self.report.telling.level_title()
        return Slide(title, words, (self.tell_participation(),), big, under, notes=notes)

    def path(self) -> list[Slide]:
        if len(self.report.years()) < 2:  # the first measurement has none behind it
            return []
        same, *plain = find_panel(self.facts)
        moves = find_moves(self.facts, "category") if self.facts.previous is not None else []
        words = self.narrator.tell_all([same, *moves])
        notes = self.write_notes("path", words, self.narrator.tell_all(plain))
        told = self.say("national.path.told")
        title = self.report.telling.change()
        return [Slide(title, words, (), "", "", self.draw_years(), None, notes, told)]

    def groups(self) -> list[Slide]:
        """The types, where any can be shown."""
        chart = self.draw_groups()
        if chart is None:
            return []
        found = find_types(self.report.types, self.report.lead)
        words = self.narrator.tell_all(found)
        kind = found[0].kind.removeprefix("sector_types_")
        title = self.say(f"national.groups.{kind}", **found[0].numbers)
        told = self.say("national.groups.told")
        return [Slide(title, words, (), "", "", chart, None, self.write_notes("agree", words), told)]

    # -- what is strong and weak ---------------------------------------------------------------------

    def categories(self) -> Slide:
        found = find_level_ends(self.facts, "category")
        words, told = self.narrator.tell_all(found), self.say("national.categories.told")
        kind = "title" if found[0].kind == "sector_ends" else "title_hidden"
        title = self.say(f"national.categories.{kind}", **found[0].numbers)
        notes = self.write_notes("against", words)
        return Slide(title, words, (), "", "", self.draw_categories(), None, notes, told)

    def ends(self, kind: str, points: list[GroupLevel]) -> Slide:
        names = self.name_points(points[:TITLE_NAMES_N])
        hidden = not self.facts.shown("point")
        form = kind if points else f"{kind}_hidden" if hidden else f"{kind}_none"
        title = self.say(f"national.ends.{form}", names=names)
        lead = self.say(f"national.ends.{kind}_told", n=len(points)) if points else ""
        notes = self.write_notes("strengths" if kind == "strong" else "weaknesses", lead)
        return Slide(title, lead, table=self.write_points(points), notes=notes)

    def spread(self) -> list[Slide]:
        parts = gather_spread(self.report.results, self.report.period)
        if not parts:
            return []
        words = self.narrator.tell_all(find_spread(parts, [], None))
        largest = max(parts, key=lambda p: p.share).part
        title = self.say(f"national.spread.{largest}")
        return [Slide(title, words, table=self.write_spread(parts), notes=self.write_notes("agree", words))]

    # -- what follows --------------------------------------------------------------------------------

    def follows(self) -> list[Slide]:
        """What is certain, and the questions that it asks of whom."""
        told = [tell_conclusion(self.narrator, c) for c in self.report.conclusions]
        if not told:
            return []
        claims = tuple((w.heading, w.claim) for w in told)
        asked = tuple((w.heading, w.who.rstrip(":"), w.question) for w in told)
        headers = tuple(self.say(f"national.follows.{c}") for c in ("what", "claim", "who", "question"))
        notes = self.write_notes("questions", *(w.claim for w in told))
        return [
            Slide(
                self.say("national.follows.title", n=len(told)),
                table=SlideTable(headers[:2], claims, (3, 10)),
                notes=notes,
            ),
            Slide(
                self.say("national.follows.title_asked"),
                table=SlideTable((headers[0], *headers[2:]), asked, (4, 4, 9)),
                notes=notes,
            ),
        ]

    def reading(self) -> Slide:
        parts = ("selected", "sector", "unweighted", "panel", "caution")
        points = tuple(self.narrator.say(f"sector.reading.{c}") for c in parts)
        return Slide(self.say("reading.title"), points=points, notes=self.write_notes("reading"))

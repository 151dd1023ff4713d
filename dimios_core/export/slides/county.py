"""The deck of the organisations of a county that measure together: one message a slide."""

from __future__ import annotations

from dimios_core.export.slides.county_drawings import CountySpeaker
from dimios_core.export.slides.county_titles import title_against, title_standing
from dimios_core.export.slides.many_drawings import TITLE_NAMES_N
from dimios_core.export.slides.speaker import NAMED_N
from dimios_core.office.slides.outline import Deck, Slide
from dimios_core.published.store import PublicResults
from dimios_core.report.pages.county_report.against import (
    ABOVE,
    BELOW,
    find_heat,
    find_standing,
    list_standing,
)
from dimios_core.report.pages.county_report.doing import find_done, tell_teacher
from dimios_core.report.pages.county_report.findings import (
    find_apart,
    find_county_years,
    find_member_changes,
    find_sharing,
)
from dimios_core.report.pages.county_report.lacks import (
    count_several,
    find_lacks,
    find_teaching,
    low_level_of,
)
from dimios_core.report.pages.county_report.page import CountyReport


def plan_county_deck(results: PublicResults, county: str, period: str, language: str) -> Deck:
    """Plan the deck of a county's organisations, from the public part of the results alone."""
    return _Planner(CountyReport(results, county, period, language).spoken_by("we")).plan()


class _Planner(CountySpeaker):
    """Slide by slide."""

    def plan(self) -> Deck:
        slides = [
            self.where(), *self.path(), self.against(), self.standing(BELOW), self.standing(ABOVE), self.heat(),
            self.lacks(), *self.teaching(), self.done(), self.unknown_slide(self.facts.group), self.questions(), self.decisions(),
            self.reading(), *self.profile(self.draw_against()),
        ]  # fmt: skip
        return self.put_together(self.say("county.subtitle", name=self.report.subject), slides)

    # -- where the group is --------------------------------------------------------------------------

    def where(self) -> Slide:
        narrator, facts, key = self.narrator, self.facts, self.report.lead
        level, chart = facts.group.composite, self.draw_members()
        big = under = ""
        if chart is None and level is not None and level.mean is not None and level.own_low is not None:
            big = narrator.number.percent(level.mean)
            under = narrator.say("county.interval", low=level.own_low, high=level.own_high)
        words = f"{self.report.telling.headline()} {narrator.tell(find_sharing(facts))}"
        more = narrator.tell_all([find_apart(facts, key), *find_member_changes(facts, key)])
        notes, told = self.write_notes("where", words, more), self.say("county.where.told")
        return Slide(self.report.telling.lead(), words, (), big, under, chart, None, notes, told)

    def path(self) -> list[Slide]:
        history = self.report.history(self.report.lead)
        if len(history.years) == 1:  # the first measurement has none behind it
            return []
        words = self.narrator.tell_all(find_county_years(history, self.report.period))
        told, notes = self.say("county.path.told"), self.write_notes("path", words)
        title = self.report.telling.change()
        return [Slide(title, words, (), "", "", self.draw_years(), None, notes, told)]

    # -- against the country -------------------------------------------------------------------------

    def against(self) -> Slide:
        told = self.say("county.against.told")
        words = self.narrator.tell_all([*find_standing(self.facts, BELOW), *find_standing(self.facts, ABOVE)])
        title, notes = title_against(self.narrator, self.facts), self.write_notes("against", words)
        return Slide(title, told, (), "", "", self.draw_against(), None, notes, told)

    def standing(self, side: str) -> Slide:
        found = [*list_standing(self.facts, "category", side), *list_standing(self.facts, "point", side)]
        words = self.narrator.tell_all(find_standing(self.facts, side))
        notes = self.write_notes("strengths" if side == ABOVE else "weaknesses", words)
        title = title_standing(self.narrator, self.facts, side)
        return Slide(title, words, table=self.write_standing(found), notes=notes)

    def heat(self) -> Slide:
        table = self.write_heat(self.report.categories)
        words = self.narrator.tell_all(find_heat(self.facts, self.report.categories))
        kind = "title" if table is not None else "title_hidden"
        title = self.say(f"county.heat.{kind}", n=len(self.facts.members))
        lead = f"{words} {self.say('county.heat.marks')}" if table is not None else words
        return Slide(title, lead, table=table, notes=self.write_notes("agree", words))

    # -- what to do together -------------------------------------------------------------------------

    def lacks(self) -> Slide:
        narrator, found = self.narrator, find_lacks(self.facts, self.report.lacking)
        words = narrator.tell(found)
        border = low_level_of(self.report.results.instrument)
        rule = narrator.say("county.lacks_rule", border=border, several=count_several(self.facts))
        kind = found.kind.replace("county_lacks", "title")
        points = [k.point for k in self.report.lacking[:TITLE_NAMES_N]]
        title = self.say(f"county.lacks.{kind}", points=points)
        notes = self.write_notes("weaknesses", words, rule)
        return Slide(title, words, table=self.write_lacks(), notes=notes)

    def teaching(self) -> list[Slide]:
        narrator, found = self.narrator, self.report.teachings
        if not found:
            return []
        words = narrator.tell(find_teaching(found))
        told = [tell_teacher(narrator, x) for t in found for x in t.teachers]
        here = any(t.here and t.teachers for t in found)
        kind = "here" if here else "elsewhere" if told else "none"
        notes = self.write_notes("others", *dict.fromkeys(told))
        title = self.say(f"county.teach.title_{kind}")
        return [Slide(title, words, table=self.write_teaching(), notes=notes)]

    def done(self) -> Slide:
        words, table = self.narrator.tell_all(find_done(self.facts)), self.write_done()
        title = self.say(f"county.done.{'title' if table is not None else 'title_none'}")
        return Slide(title, words, table=table, notes=self.write_notes("plan", words))

    def questions(self) -> Slide:
        facts, asked = self.facts, []
        for name, side in (("weak", BELOW), ("strong", ABOVE)):
            found = list_standing(facts, "category", side) or list_standing(facts, "point", side)
            if found:
                keys = [s.key for s in found[:NAMED_N]]
                asked.append(self.say(f"county.questions.{name}", keys=keys))
        if self.report.lacking:
            asked.append(self.say("county.questions.lacks"))
        if any(t.teachers for t in self.report.teachings):
            asked.append(self.say("county.questions.teach"))
        previous = facts.previous
        change = "county.questions.change" if previous else "county.questions.change_first"
        asked += [self.say(change, previous=previous), self.say("questions.hidden")]
        return Slide(self.say("questions.title"), points=tuple(asked), notes=self.write_notes("questions"))

    def reading(self) -> Slide:
        parts = ("these", "country", "sharing", "apart", "panel")
        points = tuple(self.narrator.say(f"county.reading.{c}") for c in parts)
        return Slide(self.say("reading.title"), points=points, notes=self.write_notes("reading"))

"""What the slides of a county are drawn of: its page's facts, speaking as "we", as outlines of charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.export.slides.many_drawings import ManySpeaker
from dimios_core.export.slides.speaker import ROWS_N
from dimios_core.office.slides.outline import Levels, SlideTable
from dimios_core.published.schema import name_codes
from dimios_core.report.figures import Key
from dimios_core.report.pages.county_report.against import Standing, compare_to_country
from dimios_core.report.pages.county_report.doing import describe_idea, list_begun, list_plans
from dimios_core.report.pages.county_report.facts import CountyFacts
from dimios_core.report.pages.county_report.page import CountyReport
from dimios_core.report.pages.county_report.sharing import SharedPlan

#: members that a chart or table has room for
MEMBERS_N = 12
LACKS_N = 6
DONE_N = 8
#: beside a number: clearly above the country, clearly below
MARKS = {1: " ▲", -1: " ▼", 0: ""}


@dataclass(frozen=True)
class CountySpeaker(ManySpeaker):
    """Speaks for the organisations of a county."""

    report: CountyReport

    @property
    def facts(self) -> CountyFacts:
        """What is published of the county."""
        return self.report.facts

    # -- charts --------------------------------------------------------------------------------------

    def draw_members(self) -> Levels | None:
        """The organisations shown by name against the group's mean; None where there are none."""
        key, level = self.report.lead, self.facts.group.lead
        members = self.facts.by_name(key)[:MEMBERS_N]
        if not members:
            return None
        return self.draw_levels(
            [m.name for m, _ in members], [(f.score, f.low, f.high) for _, f in members],
            own=self.narrator.name(*key), reference=self.say("county.own"), references=[level.mean] * len(members),
        )  # fmt: skip

    def draw_years(self) -> Levels | None:
        """The group's mean at each measurement."""
        history = self.report.history(self.report.lead)
        if not history.shown:
            return None
        figures = [(v.mean, v.own_low, v.own_high) for v in history.years.values()]
        return self.draw_levels(list(history.years), figures, own=self.say("county.own"), joined=True)

    def draw_against(self) -> Levels | None:
        """The categories beside the country's."""
        own = self.facts.group.of_level("category")
        if not own:
            return None
        return self.draw_levels(
            [self.narrator.name("category", f.key) for f in own],
            [(f.mean, f.own_low, f.own_high) for f in own],
            own=self.say("county.own"),
            reference=self.say("county.country"),
            references=[self.facts.country.level(("category", f.key)).mean for f in own],
        )

    # -- tables --------------------------------------------------------------------------------------

    def write_standing(self, standing: Sequence[Standing]) -> SlideTable | None:
        """Figures with their difference to the country and its interval, the level second."""
        narrator, number = self.narrator, self.narrator.number
        rows = []
        for s in standing[:ROWS_N]:
            gap, level = self.facts.group.gaps[s.key], self.facts.group.level(s.key)
            rows.append(
                (
                    narrator.name(*s.key), number.signed(s.value), self.write_interval(gap.low, gap.high, signed=True),
                    number.score(s.level), self.write_interval(level.own_low, level.own_high),
                )
            )  # fmt: skip
        interval = narrator.say("table.interval")
        headers = (
            self.say("county.standing.what"), narrator.say("county.table.gap"), interval,
            self.say("county.own") + " (%)", interval,
        )  # fmt: skip
        return SlideTable(headers, tuple(rows), (6, 3, 4, 3, 4), (1, 2, 3, 4)) if rows else None

    def write_heat(self, keys: Sequence[Key]) -> SlideTable | None:
        """Organisations by categories: number with its interval, and whether it is clearly above or below the country."""
        facts = self.facts
        if not facts.members:
            return None
        words = {"increase": 1, "decrease": -1}
        country, group = [], []
        for k in keys:
            every, own, gap = facts.country.level(k), facts.group.level(k), facts.group.gaps.get(k)
            country.append(self._cell(every.mean, every.own_low, every.own_high, 0))
            sign = words.get(gap.certainty, 0) if gap is not None else 0
            group.append(self._cell(own.mean, own.own_low, own.own_high, sign))
        rows = [(self.say("county.country"), *country), (self.say("county.own"), *group)]
        for m in facts.members[:MEMBERS_N]:
            cells = [
                self._cell(f.score, f.low, f.high, compare_to_country(facts, m, k))
                if (f := m.figure(k)) is not None
                else self.narrator.say("county.not_shown")
                for k in keys
            ]
            rows.append((m.name, *cells))
        headers = ("", *(self.narrator.name(*k) for k in keys))
        return SlideTable(headers, tuple(rows), (5, *(3 for _ in keys)), tuple(range(1, len(keys) + 1)))

    def _cell(self, value: float | None, low: float | None, high: float | None, sign: int) -> str:
        """Return a number with its interval, in whole percent, and its mark."""
        if value is None:
            return "–"
        interval = f" ({low:.0f}–{high:.0f})" if low is not None and high is not None else ""
        return f"{self.narrator.number.score(value)}{interval}{MARKS[sign]}"

    def write_lacks(self) -> SlideTable | None:
        """What several lack, and who."""
        narrator = self.narrator
        rows = tuple(
            (
                narrator.name(*k.key),
                narrator.say("county.count", n=len(k.either), of_n=k.shown_n),
                narrator.number.listed([m.name for m in k.either]),
            )
            for k in self.report.lacking[:LACKS_N]
        )
        headers = tuple(self.say(f"county.lacks.{part}") for part in ("point", "of", "who"))
        return SlideTable(headers, rows, (5, 3, 10)) if rows else None

    def write_teaching(self) -> SlideTable | None:
        """What several lack, whom to ask, and what these have done."""
        narrator, rows = self.narrator, []
        for t in [t for t in self.report.teachings if t.teachers][:ROWS_N]:
            first = t.teachers[0]
            done = [describe_idea(narrator, i) for i in first.ideas[:1]]
            done += [
                narrator.say("county.teach.plan", point=narrator.name("point", p.point))
                for p in first.plans[:1]
            ]
            figure = f"{narrator.number.score(first.figure.score)} ({self.write_interval(first.figure.low, first.figure.high)})"
            rows.append((narrator.name(*t.lack.key), first.member.name, figure, done[0]))
        headers = tuple(self.say(f"county.teach.{part}") for part in ("what", "who", "level", "done"))
        return SlideTable(headers, tuple(rows), (4, 4, 4, 7)) if rows else None

    def write_done(self) -> SlideTable | None:
        """Shared plans, first those to follow up, and initiatives that began since last time."""
        facts, narrator = self.facts, self.narrator
        plans = [*list_plans(facts, facts.previous), *list_plans(facts, facts.group.period)]
        rows = [(p.name, *self._describe_plan(p)) for p in plans]
        begun = self.say("county.done.begun")
        rows += [(i.name, describe_idea(narrator, i), begun) for i in list_begun(facts)]
        headers = tuple(self.say(f"county.done.{part}") for part in ("who", "what", "progress"))
        return SlideTable(headers, tuple(rows[:DONE_N]), (4, 8, 4)) if rows else None

    def _describe_plan(self, plan: SharedPlan) -> tuple[str, str]:
        """Return what a plan is about, and how far it has come."""
        about, language = self.narrator.name("point", plan.point), self.narrator.language
        kinds, words = name_codes("action_kind", language), name_codes("progress", language)
        told = f"{about} ({kinds[plan.kind].lower()})" if plan.kind in kinds else about
        return told, words.get(plan.progress) or self.say("county.done.planned")

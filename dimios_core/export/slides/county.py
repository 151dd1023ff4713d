"""The deck of the organisations of a county that measure together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dimios_core.export.slides.county_titles import (
    TITLE_NAMES_N,
    title_against,
    title_apart,
    title_path,
    title_where,
)
from dimios_core.export.slides.speaker import INITIATIVES_N, NAMED_N, ROWS_N, SHARES_N, Speaker
from dimios_core.office.slides.outline import Deck, Levels, Shares, Slide, SlideTable
from dimios_core.published.store import PublicResults
from dimios_core.report.dates import write_date
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.findings import (
    count_several,
    find_apart,
    find_common,
    find_county_change,
    find_county_level,
    find_county_years,
    find_lacks,
    find_member_changes,
    find_sharing,
    list_lacks,
    low_level_of,
)
from dimios_core.report.pages.county_report.page import CountyReport
from dimios_core.report.sector.sector_facts import GroupLevel, rank_levels

#: members that a chart or table has room for
MEMBERS_N = 12
LACKS_N = 6


def plan_county_deck(results: PublicResults, county: str, period: str, language: str) -> Deck:
    """Plan the deck of a county's organisations, from the public part of the results alone."""
    return _Planner(CountyReport(results, county, period, language).spoken_by("we")).plan()


@dataclass(frozen=True)
class _Planner(Speaker):
    report: CountyReport

    @property
    def narrator(self) -> Narrator:
        return self.report.narrator

    @cached_property
    def ranked(self) -> list[GroupLevel]:
        """Points with a published mean, highest first."""
        return rank_levels(self.report.facts.group, "point")

    def plan(self) -> Deck:
        report = self.report
        demo = report.results.stamp.get("demo")
        slides = (
            self.where(), *self.path(), self.against(), self.ends("strengths", self.ranked[:ROWS_N], 0),
            self.ends("weaknesses", self.ranked[::-1][:ROWS_N], 1), self.apart(), self.lacks(), self.unknown(),
            self.others(), self.questions(), self.decisions(), self.reading(),
        )  # fmt: skip
        reads = report.results.reads
        return Deck(
            title=self.say("title", period=report.period),
            subtitle=self.say("county.subtitle", name=report.subject),
            footer=self.label_footer(
                report.subject, report.period, demo["label"][report.language] if demo else ""
            ),
            notes=f"{self.say('use')}\n{self.say('made_of', version=reads.version)}",
            language=report.language,
            slides=slides,
            reads=reads.as_dict(),
        )

    # -- where the group is --------------------------------------------------------------------------

    def where(self) -> Slide:
        narrator, facts = self.narrator, self.report.facts
        level, key = facts.group.lead, self.report.lead
        words = narrator.tell_all([*find_county_change(facts), find_sharing(facts)])
        members = [(m.name, f) for m in facts.members if (f := m.figure(key))][:MEMBERS_N]
        chart = None
        if members:
            chart = self._levels(
                tuple(name for name, _ in members), *zip(*((f.score, f.low, f.high) for _, f in members), strict=True),
                own=self.narrator.name(*key), reference=self.say("county.own"),
                references=tuple(level.mean for _ in members),
            )  # fmt: skip
        level_words = narrator.tell_all(find_county_level(facts))
        big, under = "", ""
        told_alone = facts.group.composite is not None and not members
        if level.mean is not None and level.own_low is not None and told_alone:
            big = narrator.number.percent(level.mean)
            under = narrator.say("county.interval", low=level.own_low, high=level.own_high)
        title, told = title_where(narrator, level), self.say("county.where.told")
        moved = narrator.tell_all(find_member_changes(facts, key))
        notes = self.write_notes("where", level_words, words, moved)
        lead = f"{level_words} {words}"
        return Slide(title, lead, (), big, under, chart, None, notes, told)

    def path(self) -> list[Slide]:
        history = self.report.history(self.report.lead)
        years = list(history.years.items())
        if len(years) == 1:  # the first measurement has none behind it
            return []
        words = self.narrator.tell_all(find_county_years(history, self.report.period))
        chart = None
        if history.shown:
            columns = zip(*((v.mean, v.own_low, v.own_high) for _, v in years), strict=True)
            chart = self._levels(tuple(p for p, _ in years), *columns, joined=True)
        title, told = title_path(self.narrator, self.report.facts), self.say("county.path.told")
        return [Slide(title, words, (), "", "", chart, None, self.write_notes("path", words), told)]

    def against(self) -> Slide:
        facts, narrator = self.report.facts, self.narrator
        own = facts.group.of_level("category")
        country = [facts.country.levels.get(("category", f.key)) for f in own]
        chart = None
        if any(f.published for f in own):
            columns = zip(*((f.mean, f.own_low, f.own_high) for f in own), strict=True)
            chart = self._levels(
                tuple(narrator.name("category", f.key) for f in own), *columns, reference=self.say("county.country"),
                references=tuple(c.mean if c is not None else None for c in country),
            )  # fmt: skip
        words = narrator.tell_all(find_county_level(facts))
        title, told = title_against(self.narrator, own, country), self.say("county.against.told")
        return Slide(title, told, (), "", "", chart, None, self.write_notes("against", words), told)

    def _levels(
        self,
        names: tuple[str, ...],
        scores: Sequence[float | None],
        lows: Sequence[float | None],
        highs: Sequence[float | None],
        *,
        own: str = "",
        reference: str = "",
        references: tuple[float | None, ...] = (),
        joined: bool = False,
    ) -> Levels:
        called = own or self.say("county.own")
        limits = (self.say("low"), self.say("high"))
        return Levels(
            names, tuple(scores), tuple(lows), tuple(highs), called, *limits, reference, references, joined
        )

    # -- what is shared, and what is not -------------------------------------------------------------

    def ends(self, name: str, points: Sequence[GroupLevel], kind: int) -> Slide:
        narrator, facts, number = self.narrator, self.report.facts, self.narrator.number
        common = find_common(facts)
        words = [f for f in common if ("county_strong", "county_weak")[kind] in f.kind]
        told = narrator.tell_all(words)
        rows = []
        for p in points:
            country = facts.country.levels.get(("point", p.key))
            interval = (
                number.interval(p.own_low, p.own_high)
                if p.own_low is not None and p.own_high is not None
                else "–"
            )
            mean = number.score(country.mean) if country is not None and country.mean is not None else "–"
            rows.append((narrator.name("point", p.key), number.score(p.mean or 0), interval, mean))
        headers = (
            narrator.say("table.point"), self.say("county.own") + " (%)", narrator.say("table.interval"),
            self.say("county.country") + " (%)",
        )  # fmt: skip
        table = SlideTable(headers, tuple(rows), (6, 4, 4, 4), (1, 2, 3)) if rows else None
        form = "title" if points else "title_hidden"
        title = self.say(f"county.{name}.{form}", points=points[:TITLE_NAMES_N])
        return Slide(title, told, table=table, notes=self.write_notes(name, told))

    def apart(self) -> Slide:
        narrator, facts, number = self.narrator, self.report.facts, self.narrator.number
        apart = find_apart(facts, self.report.lead)
        words = narrator.tell(apart)
        rows = []
        for m in facts.members[:MEMBERS_N]:
            figure = m.figure(self.report.lead)
            if figure is None:
                continue
            interval = (
                number.interval(figure.low, figure.high)
                if figure.low is not None and figure.high is not None
                else "–"
            )
            change = "–"
            if figure.change is not None:
                sure = narrator.say(f"change_certainty.{figure.certainty}")
                change = f"{number.signed(figure.change)} {narrator.say('page.since', period=figure.period_from)}, {sure}"
            rows.append((m.name, number.score(figure.score), interval, change))
        headers = (
            narrator.say("county.table.organisation"), self.say("county.apart.own"), narrator.say("table.interval"),
            self.say("county.apart.change"),
        )  # fmt: skip
        table = SlideTable(headers, tuple(rows), (5, 3, 3, 6), (1, 2)) if rows else None
        notes = self.write_notes("agree", words, narrator.tell(find_sharing(facts)))
        return Slide(title_apart(narrator, apart), words, table=table, notes=notes)

    def lacks(self) -> Slide:
        narrator, facts = self.narrator, self.report.facts
        lacks = list_lacks(facts)
        found = find_lacks(facts, lacks)
        words = narrator.tell(found)
        rows = tuple(
            (
                narrator.name("point", k.point.key),
                narrator.say("county.count", n=len(k.either), of_n=k.shown_n),
                narrator.number.listed([m.name for m in k.either]),
            )
            for k in lacks[:LACKS_N]
        )
        headers = tuple(self.say(f"county.lacks.{part}") for part in ("point", "of", "who"))
        rule = narrator.say(
            "county.lacks_rule",
            border=low_level_of(self.report.results.instrument),
            several=count_several(facts),
        )
        table = SlideTable(headers, rows, (5, 3, 10)) if rows else None
        kind = found.kind.replace("county_lacks", "title")
        points = [k.point for k in lacks[:TITLE_NAMES_N]]
        return Slide(
            self.say(f"county.lacks.{kind}", points=points),
            words,
            table=table,
            notes=self.write_notes("weaknesses", words, rule),
        )

    def unknown(self) -> Slide:
        narrator = self.narrator
        known = [p for p in self.report.facts.group.shown("point") if p.dont_know_share is not None]
        known.sort(key=lambda p: -(p.dont_know_share or 0))
        shown = known[:SHARES_N]
        names = tuple(narrator.name("point", p.key) for p in shown)
        shares = tuple(p.dont_know_share for p in shown)
        chart = Shares(names, shares, narrator.say("chart.dont_know")) if shown else None
        told, kind = self.say("county.unknown.told"), "title" if shown else "title_hidden"
        title = self.say(f"county.unknown.{kind}", points=shown[:TITLE_NAMES_N])
        lead = told if shown else narrator.say("messages.card.unknown_hidden")
        return Slide(title, lead, (), "", "", chart, None, self.write_notes("unknown"), "")

    # -- what to do ----------------------------------------------------------------------------------

    def others(self) -> Slide:
        narrator, county = self.narrator, self.report.county
        points = self.report.results.instrument.point_ids
        found = [r for r in self.report.results.rows("initiatives", county=county) if r["point"] in points]
        # the weakest points of the group come first, and no idea twice
        order = {p.key: i for i, p in enumerate(self.ranked[::-1])}
        found.sort(key=lambda r: (order.get(r["point"], len(order)), r["title"], r["organisation_name"]))
        rows: list[tuple[str, ...]] = []
        told: list[str] = []
        seen: set[str] = set()
        for r in found:
            if r["title"] in seen or len(rows) == INITIATIVES_N:
                continue
            seen.add(r["title"])
            since = (
                narrator.say("improve.since", start=write_date(r["start"], self.report.language))
                if r["start"]
                else ""
            )
            who = ", ".join(w for w in (r["organisation_name"], since) if w)
            rows.append(
                (
                    f"{r['title']} ({narrator.name('point', r['point'], running=True)})",
                    who,
                    r["effect"] or "–",
                )
            )
            told.append(f"{r['title']}: {r['what']} {r['contact']}".strip())
        headers = tuple(self.say(f"others.{part}") for part in ("what", "who", "effect"))
        table = SlideTable(headers, tuple(rows), (4, 4, 5)) if rows else None
        title = self.say("county.others.title")
        lead = "" if rows else self.say("county.others.none")
        return Slide(title, lead, table=table, notes=self.write_notes("others", *told))

    def questions(self) -> Slide:
        facts = self.report.facts
        asked = []
        if self.ranked:
            asked.append(self.say("county.questions.weak", points=self.ranked[::-1][:NAMED_N]))
            asked.append(self.say("county.questions.strong", points=self.ranked[:NAMED_N]))
        if list_lacks(facts):
            asked.append(self.say("county.questions.lacks"))
        if len(facts.members) > 1:
            asked.append(self.say("county.questions.apart"))
        previous = facts.group.previous
        change = "county.questions.change" if previous else "county.questions.change_first"
        asked += [self.say(change, previous=previous), self.say("questions.hidden")]
        return Slide(self.say("questions.title"), points=tuple(asked), notes=self.write_notes("questions"))

    def reading(self) -> Slide:
        points = [
            self.narrator.say(f"county.reading.{c}")
            for c in ("these", "sharing", "apart", "panel", "caution")
        ]
        return Slide(self.say("reading.title"), points=tuple(points), notes=self.write_notes("reading"))

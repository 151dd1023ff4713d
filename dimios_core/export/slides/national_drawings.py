"""What the slides of the nation are drawn of: its page's facts as outlines of charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.export.slides.many_drawings import ManySpeaker
from dimios_core.export.slides.speaker import ROWS_N
from dimios_core.office.slides.outline import Levels, SlideTable
from dimios_core.report.pages.national_status.facts import SpreadPart
from dimios_core.report.pages.national_status.findings import find_participation
from dimios_core.report.pages.national_status.page import NationalStatus
from dimios_core.report.pages.national_status.tables import name_groups, say_shares
from dimios_core.report.sector.sector_facts import GroupLevel, SectorFacts


@dataclass(frozen=True)
class NationalSpeaker(ManySpeaker):
    """Speaks for all organisations."""

    report: NationalStatus

    @property
    def facts(self) -> SectorFacts:
        """What is published of all organisations together."""
        return self.report.facts

    def draw_years(self) -> Levels | None:
        """The mean at each measurement, beside the target."""
        years = {p: v for p, v in self.report.years().items() if v.published}
        if not years:
            return None
        target, composite = self.report.telling.target, self.facts.composite
        told = target is not None and composite is not None
        return self.draw_levels(
            list(years), [(v.mean, v.low, v.high) for v in years.values()], own=self.say("national.own"), joined=True,
            reference=self.say("national.target") if told else "",
            references=[target.to_score] * len(years) if told and target is not None else (),
        )  # fmt: skip

    def draw_groups(self) -> Levels | None:
        """The types of organisations that are shown, beside all."""
        key = self.report.lead
        shown = [t for t in self.report.types if t.level(key).published]
        if not shown:
            return None
        levels = [t.level(key) for t in shown]
        return self.draw_levels(
            name_groups(self.narrator, shown), [(f.mean, f.low, f.high) for f in levels],
            own=self.say("national.own"), reference=self.say("national.everybody"),
            references=[self.facts.level(key).mean] * len(shown),
        )  # fmt: skip

    def draw_categories(self) -> Levels | None:
        """The categories beside the composite."""
        figures = self.facts.shown("category")
        if not figures:
            return None
        composite = self.facts.composite
        mean = composite.mean if composite is not None and composite.published else None
        reference = "" if mean is None else self.narrator.name(*self.report.lead)
        return self.draw_levels(
            [self.narrator.name("category", f.key) for f in figures], [(f.mean, f.low, f.high) for f in figures],
            own=self.say("national.own"), reference=reference, references=[mean] * len(figures) if reference else (),
        )  # fmt: skip

    def write_points(self, points: Sequence[GroupLevel]) -> SlideTable | None:
        """Points with their intervals and the changes of those that took part both times."""
        narrator, number, rows = self.narrator, self.narrator.number, []
        for p in points[:ROWS_N]:
            change, told = self.facts.changes.get(("point", p.key)), "–"
            if change is not None and change.published and change.change is not None:
                sure = narrator.say(f"change_certainty.{change.certainty}")
                told = f"{number.signed(change.change)} ({self.write_interval(change.low, change.high, signed=True)}), {sure}"
            rows.append(
                (narrator.name("point", p.key), number.score(p.mean or 0), self.write_interval(p.low, p.high), told)
            )  # fmt: skip
        headers = (
            narrator.say("table.point"), self.say("national.own") + " (%)", narrator.say("table.interval"),
            self.say("national.change"),
        )  # fmt: skip
        return SlideTable(headers, tuple(rows), (6, 3, 3, 8), (1, 2)) if rows else None

    def write_spread(self, parts: Sequence[SpreadPart]) -> SlideTable | None:
        """Where the spread lies."""
        narrator = self.narrator
        rows = [
            (narrator.say(f"sector.parts.{p.part}"), narrator.number.share(p.share), say_shares(narrator, p))
            for p in parts
        ]
        headers = tuple(narrator.say(f"sector.table.{c}") for c in ("part", "share", "change_interval"))
        return SlideTable(headers, tuple(rows), (6, 3, 4), (1, 2)) if rows else None

    def tell_participation(self) -> str:
        """Return who takes part."""
        return self.narrator.tell_all(find_participation(self.report.coverage))

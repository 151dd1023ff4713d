"""Nationell status: what `notebooks/consortium/national_status.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import Self

from dimios_core.instrument.lead import lead_of
from dimios_core.languages import DEFAULT
from dimios_core.report.base_pages import ConsortiumPage
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.figures import BROAD_LEVELS, Key
from dimios_core.report.finding import Finding
from dimios_core.report.pages.national_status.charts import (
    chart_coverage,
    chart_distribution,
    chart_levels,
    chart_panel,
    chart_spread,
    chart_types,
    chart_unknowns,
    chart_years,
)
from dimios_core.report.pages.national_status.facts import (
    Coverage,
    gather_coverage,
    gather_distribution,
    gather_reliability,
    gather_spread,
)
from dimios_core.report.pages.national_status.findings import (
    find_development,
    find_lagging,
    find_largest_county,
    find_level_ends,
    find_moves,
    find_panel,
    find_participation,
    find_sector_level,
    find_spread,
    find_target,
    find_types,
    find_unknown_points,
)
from dimios_core.report.pages.national_status.follows import (
    Conclusion,
    gather_helped,
    list_conclusions,
)
from dimios_core.report.pages.national_status.tables import tabulate_reliability
from dimios_core.report.pages.national_status.telling_follows import write_conclusions
from dimios_core.report.reference import Reference, read_reference
from dimios_core.report.sector.controls import offer_groups, offer_keys, split_key
from dimios_core.report.sector.opening import write_opening
from dimios_core.report.sector.sector_facts import (
    EVERYBODY,
    GroupLevel,
    SectorFacts,
    gather_group,
    gather_years,
    list_groups,
)
from dimios_core.report.sector.telling import GroupTelling
from dimios_core.report.widgets import Control

#: how the figures are computed, in this order
METHOD = ("selected", "sector", "unweighted", "panel", "lag", "hidden", "reliability", "reference")
#: small type at the end of the page
READING = ("who", "caution")


class NationalStatus(ConsortiumPage):
    """All organisations together in one period: level, change, target, and what lies behind them."""

    name = "national_status"

    @classmethod
    def open(cls, period: str | int, language: str = DEFAULT, results: str = "") -> Self:
        """Open the national report.

        Parameters
        ----------
        period : str or int
            "2026" or "2026-1"; 2026, too, which Papermill makes of `-p period 2026`.
        language : str
            Code of a language of the model that there are texts in, such as "sv".
        results : str
            The results folder; empty: found through `DIMIOS_RESULTS` or the project.

        Raises
        ------
        InputError
            No published results of that period, or an unknown language.
        """
        published, period = cls.open_public(period, language, results)
        return cls(published, period, language)

    @property
    def subject(self) -> str:
        """The sector."""
        return self.narrator.say("sector.subject")

    @property
    def levels(self) -> list[tuple[str, str, float | None]]:
        """The sector's levels in the page's period."""
        return [(f.level, f.key, f.mean) for f in self.facts.levels.values()]

    @cached_property
    def facts(self) -> SectorFacts:
        """What is published of all organisations together."""
        return self.gather(EVERYBODY)

    @property
    def lead(self) -> Key:
        """The figure that the report leads with."""
        return lead_of(self.results.instrument)

    @cached_property
    def types(self) -> list[SectorFacts]:
        """What is published of each type of organisation, largest group first."""
        return [self.gather(g) for g in list_groups(self.results, self.period, "type")]

    @cached_property
    def reference(self) -> Reference:
        """Published figures of earlier years and targets."""
        return read_reference(self.results.reference)

    @cached_property
    def coverage(self) -> list[Coverage]:
        """Who took part."""
        return gather_coverage(self.results, self.period)

    @property
    def _demo(self) -> bool:
        return bool(self.results.stamp.get("demo"))

    def _groups(self) -> Control:
        return offer_groups(self.narrator, [self.facts, *(t for t in self.types if t.lead.published)])

    def gather(self, group: str) -> SectorFacts:
        """Gather what is published of one group."""
        return gather_group(self.results, self.period, group)

    # -- the opening ---------------------------------------------------------------------------------

    @cached_property
    def telling(self) -> GroupTelling:
        """The ranked messages about the sector, in words."""
        return GroupTelling(self.narrator, self.facts, None, self.reference.target_of(self.period))

    def opening(self) -> Piece:
        """The level of the sector and how sure it is, the change, the latest target and the dimensions."""
        return self.open_page(write_opening(self.telling, "sector.interval_sector"))

    @cached_property
    def conclusions(self) -> list[Conclusion]:
        """What follows for the sector."""
        parts = gather_spread(self.results, self.period)
        return list_conclusions(self.facts, self.types, parts, gather_helped(self.results))

    def follows(self) -> Piece:
        """What follows for the sector, as questions to those who could do something."""
        say = self.narrator.say
        kind = "intro" if self.conclusions else "none"
        words = self.answer(say(f"sector.follows.{kind}")) + write_conclusions(
            self.narrator, self.conclusions
        )
        return self.piece(say("sector.follows.title"), words)

    # -- the evidence --------------------------------------------------------------------------------

    def development(self) -> LivePiece:
        """The level over the years, with published figures of earlier years and targets; choose the group."""

        def render(group: str) -> str:
            return self.answer(*self._development_words(group)) + self.render(self.development_chart(group))

        return self.live(self.narrator.say("sector.development"), (self._groups(),), render)

    def _development_words(self, group: str) -> list[Finding]:
        reference = self.reference if group == EVERYBODY else Reference()
        found = find_development(self.years(group), reference, self._demo)
        target = find_target(self.facts, reference) if group == EVERYBODY else None
        return [*found[:1], target, *found[1:]] if target is not None else found

    def years(self, group: str = EVERYBODY) -> dict[str, GroupLevel]:
        """What the report leads with, period by period, oldest first, of a group."""
        years = gather_years(self.results, group, self.lead)
        return {p: v for p, v in years.items() if p <= self.period}

    def by_type(self) -> LivePiece:
        """Level and change of each type of organisation; choose what."""

        def render(key: str) -> str:
            return self.answer(*find_types(self.types, split_key(key))) + self.render(
                self.types_chart(split_key(key))
            )

        return self.live(self.narrator.say("sector.types"), (offer_keys(self.narrator),), render)

    def categories(self) -> LivePiece:
        """Dimensions and categories, then measure points: which lag behind, which rose for certain; choose the group."""

        def render(group: str) -> str:
            facts = self.gather(group)
            broad = find_level_ends(facts, "category")
            points = [find_lagging(facts), *find_moves(facts, "point")]
            return (
                self.answer(*broad)
                + self.render(self.levels_chart(facts, BROAD_LEVELS, broad))
                + f'<h3 class="part">{escape(self.narrator.say("sector.points"))}</h3>'
                + self.answer(*points)
                + self.render(self.levels_chart(facts, ("point",), points))
            )

        return self.live(self.narrator.say("sector.categories"), (self._groups(),), render)

    def same_organisations(self) -> Piece:
        """The organisations that took part both times beside all that took part."""
        words = self.answer(*find_panel(self.facts))
        return self.piece(self.narrator.say("sector.panel"), words + self.render(self.panel_chart()))

    def spread(self) -> Piece:
        """How much lies between organisations and how much inside them."""
        words = self.answer(*self._spread_words())
        charts = (self.spread_chart(), self.distribution_chart())
        return self.piece(self.narrator.say("sector.spread"), words + self._titled(*charts))

    def dont_know(self) -> Piece:
        """What people do not know."""
        words = self.answer(find_unknown_points(self.facts))
        return self.piece(self.narrator.say("sector.dont_know"), words + self.render(self.unknowns_chart()))

    def participation(self) -> Piece:
        """Who takes part, of how many, and how many answered."""
        words = self.answer(*find_participation(self.coverage), *self._largest_county())
        charts = (self.coverage_chart("type"), self.coverage_chart("county_municipalities"))
        return self.piece(self.narrator.say("sector.participation"), words + self._titled(*charts))

    def _titled(self, *charts: Chart | None) -> str:
        """Charts of one section, each under its name."""
        return "".join(f"<h3>{escape(c.name)}</h3>{self.render(c)}" for c in charts if c is not None)

    # -- how it is made ------------------------------------------------------------------------------

    def method(self) -> Piece:
        """How the figures are computed, the reliability of the categories, and the sources."""
        say = self.narrator.say
        words = "".join(f'<p class="small">{escape(say(f"sector.reading.{m}"))}</p>' for m in METHOD)
        sources = self.reference.sources(self.language)
        if sources:
            words += f'<p class="small">{escape(say("sector.sources", sources=sources))}</p>'
        rows = gather_reliability(self.results, self.period)
        if rows:
            table = tabulate_reliability(self.narrator, rows)
            words += f"<details><summary>{escape(say('sector.table.reliability'))}</summary>{table}</details>"
        return self.piece(say("sector.method"), words)

    def how_to_read(self) -> Piece:
        """Whose answers these are, and cautions."""
        return self.small_print([self.narrator.say(f"sector.reading.{name}") for name in READING])

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the report by name."""
        found = {
            "development": self.development_chart(),
            "types": self.types_chart(),
            "categories": self.levels_chart(
                self.facts, BROAD_LEVELS, find_level_ends(self.facts, "category")
            ),
            "points": self.levels_chart(self.facts, ("point",), [find_lagging(self.facts)]),
            "panel": self.panel_chart(),
            "spread": self.spread_chart(),
            "distribution": self.distribution_chart(),
            "dont_know": self.unknowns_chart(),
            "types_part": self.coverage_chart("type"),
            "counties_part": self.coverage_chart("county_municipalities"),
        }
        return Charts.of(found)

    def development_chart(self, group: str = EVERYBODY) -> Chart | None:
        """The line over the years of a group."""
        words = self._tell(self._development_words(group)) or self._tell(find_sector_level(self.facts))
        return chart_years(self.narrator, self.years(group), group, self.reference, words, self._demo)

    def types_chart(self, key: Key | None = None) -> Chart | None:
        """The types of organisations; on what the report leads with where nothing else is chosen."""
        if not self.types:
            return None
        key = key or self.lead
        return chart_types(self.narrator, self.types, key, self._tell(find_types(self.types, key)))

    def levels_chart(self, facts: SectorFacts, levels: tuple[str, ...], words: list[Finding]) -> Chart | None:
        """Rows of some levels of a group."""
        if not any(facts.of_level(level) for level in levels):
            return None
        return chart_levels(self.narrator, facts, levels, self._tell(words))

    def panel_chart(self) -> Chart | None:
        """Changes of the same organisations."""
        return chart_panel(self.narrator, self.facts, self._tell(find_panel(self.facts)))

    def spread_chart(self) -> Chart | None:
        """Shares of the spread."""
        parts = gather_spread(self.results, self.period)
        return chart_spread(self.narrator, parts, self._tell(self._spread_words()[:1]))

    def distribution_chart(self) -> Chart | None:
        """How the organisations are spread."""
        bins = gather_distribution(self.results, self.period, EVERYBODY, self.lead)
        return chart_distribution(self.narrator, bins, self._tell(self._spread_words()[-1:]))

    def _spread_words(self) -> list[Finding]:
        bins = gather_distribution(self.results, self.period, EVERYBODY, self.lead)
        return find_spread(gather_spread(self.results, self.period), bins, self.facts.lead.between_sd)

    def unknowns_chart(self) -> Chart | None:
        """Shares of don't-know."""
        return chart_unknowns(self.narrator, self.facts, self._tell([find_unknown_points(self.facts)]))

    def coverage_chart(self, kind: str) -> Chart | None:
        """How large a part takes part."""
        found = find_participation(self.coverage) if kind == "type" else self._largest_county()
        return chart_coverage(self.narrator, self.coverage, kind, self._tell(found))

    def _largest_county(self) -> list[Finding]:
        return find_largest_county(self.coverage, self.narrator.texts["peers"]["counties"])

    def _tell(self, findings: list[Finding]) -> str:
        return self.narrator.tell_all(findings)

"""Länsrapport: what `notebooks/consortium/county_report.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import Self

from dimios_core.errors import InputError, Problem
from dimios_core.instrument.lead import lead_of
from dimios_core.languages import DEFAULT, load_texts
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import ConsortiumPage, write_given
from dimios_core.report.charts.chart import Chart, Charts
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.figures import Key
from dimios_core.report.finding import Finding
from dimios_core.report.pages.county_report.against import ABOVE, BELOW, find_heat, find_standing
from dimios_core.report.pages.county_report.charts import (
    chart_against,
    chart_heat,
    chart_history,
    chart_lacks,
    chart_members,
)
from dimios_core.report.pages.county_report.doing import find_done, write_done, write_teaching
from dimios_core.report.pages.county_report.facts import (
    CountyFacts,
    CountyHistory,
    gather_county,
    gather_county_history,
    list_counties,
)
from dimios_core.report.pages.county_report.findings import (
    find_apart,
    find_county_years,
    find_member_changes,
    find_sharing,
)
from dimios_core.report.pages.county_report.lacks import (
    Lack,
    Teaching,
    count_several,
    find_lacks,
    find_teaching,
    list_lacks,
    list_teaching,
    low_level_of,
)
from dimios_core.report.sector.controls import offer_keys, split_key
from dimios_core.report.sector.opening import write_opening
from dimios_core.report.sector.telling import GroupTelling

COUNTY_DIGITS_N = 2
#: small type at the end of the page, in this order
READING = ("these", "country", "sharing", "apart", "panel", "plans", "who", "caution")


class CountyReport(ConsortiumPage):
    """The organisations of one county that measure together, in one period."""

    name = "county_report"

    def __init__(self, results: PublicResults, county: str, period: str, language: str) -> None:
        super().__init__(results, period, language)
        self.county = county

    @classmethod
    def open(cls, county: str | int, period: str | int, language: str = DEFAULT, results: str = "") -> Self:
        """Open the report of one county.

        Parameters
        ----------
        county : str or int
            Two-digit code, for example "14", or its number.
        period : str or int
            "2026" or "2026-1"; 2026, too, which Papermill makes of `-p period 2026`.
        language : str
            Code of a language of the model that there are texts in, such as "sv".
        results : str
            The results folder; empty: found through `DIMIOS_RESULTS` or the project.

        Raises
        ------
        InputError
            No published results of that period, an unknown language, or a county whose organisations are not
            shown together in that period.
        """
        published, period = cls.open_public(period, language, results)
        county = write_given(county, COUNTY_DIGITS_N)
        shown = list_counties(published, period)
        if county not in shown:
            names = load_texts(language)["peers"]["counties"]
            choices = ", ".join(f"{c} ({names.get(c, c)})" for c in shown)
            what = f"the organisations of county {county!r} are not shown together in {period}"
            raise InputError(
                Problem("county", what, f"choose among: {choices}" if shown else "no county is shown")
            )
        return cls(published, county, period, language)

    @property
    def subject(self) -> str:
        """The county's name."""
        return str(self.narrator.texts["peers"]["counties"].get(self.county, self.county))

    @property
    def owner(self) -> dict[str, str]:
        """All organisations together, and the county that the page is about."""
        return {**super().owner, "county": self.county}

    @property
    def levels(self) -> list[tuple[str, str, float | None]]:
        """The county's levels in the page's period."""
        return [(f.level, f.key, f.mean) for f in self.facts.group.levels.values()]

    @cached_property
    def facts(self) -> CountyFacts:
        """What is published of the county's organisations."""
        return gather_county(self.results, self.county, self.period)

    @property
    def lead(self) -> Key:
        """The figure that the report leads with."""
        return lead_of(self.results.instrument)

    def history(self, key: Key) -> CountyHistory:
        """One figure over the periods."""
        return gather_county_history(self.results, self.county, self.period, key)

    # -- sections ------------------------------------------------------------------------------------

    @cached_property
    def telling(self) -> GroupTelling:
        """The ranked messages about the county, in words."""
        return GroupTelling(self.narrator, self.facts.group, self.facts.country)

    def opening(self) -> Piece:
        """How the group lies against the country, what has changed, and who is shown."""
        more = [self.narrator.tell(find_sharing(self.facts))]
        return self.open_page(write_opening(self.telling, "county.interval", more))

    def against(self) -> Piece:
        """Strengths and weaknesses against the country: categories, then points."""
        charts = [self.against_chart(level) for level in ("category", "point")]
        words = self.answer(*find_standing(self.facts, BELOW), *find_standing(self.facts, ABOVE))
        return self.piece(self.narrator.say("county.against"), words + self._titled(*charts))

    def _titled(self, *charts: Chart | None) -> str:
        """Charts of one section, each under its name."""
        return "".join(f"<h3>{escape(c.name)}</h3>{self.render(c)}" for c in charts if c is not None)

    def heat(self) -> Piece:
        """Each organisation that shows its result, category by category."""
        words = self.answer(*find_heat(self.facts, self.categories))
        return self.piece(self.narrator.say("county.heat"), words + self.render(self.heat_chart()))

    @property
    def categories(self) -> list[Key]:
        """The categories of the model."""
        return [("category", c) for c in self.results.instrument.category_ids]

    def members(self) -> LivePiece:
        """Each organisation that shows its result against the group; choose what."""

        def render(key: str) -> str:
            words = [find_apart(self.facts, split_key(key)), find_sharing(self.facts)]
            return self.answer(*words) + self.render(self.members_chart(split_key(key)))

        return self.live(self.narrator.say("county.members"), (offer_keys(self.narrator),), render)

    def lacks(self) -> Piece:
        """Competences that several lack, and the rule."""
        say, border = self.narrator.say, low_level_of(self.results.instrument)
        rule = say("county.lacks_rule", border=border, several=count_several(self.facts))
        words = self.answer(find_lacks(self.facts, self.lacking)) + f'<p class="small">{escape(rule)}</p>'
        return self.piece(say("county.lacks"), words + self.render(self.lacks_chart()))

    @cached_property
    def lacking(self) -> list[Lack]:
        """The points that several lack."""
        return list_lacks(self.facts)

    def teaching(self) -> Piece:
        """Whom to ask about what several lack."""
        found = self.teachings
        words = self.answer(find_teaching(found)) + write_teaching(self.narrator, found)
        return self.piece(self.narrator.say("county.teach.title"), words)

    @cached_property
    def teachings(self) -> list[Teaching]:
        """Whom to ask, thing by thing."""
        return list_teaching(self.facts)

    def done(self) -> Piece:
        """What was decided and done since last time, as far as it is shared."""
        words = self.answer(*find_done(self.facts)) + write_done(self.narrator, self.facts)
        return self.piece(self.narrator.say("county.done.title"), words)

    def over_years(self) -> LivePiece:
        """The group and each shown organisation over the years; choose what."""

        def render(key: str) -> str:
            words = self._year_words(split_key(key))
            return self.answer(*words) + self.render(self.history_chart(split_key(key)))

        return self.live(self.narrator.say("county.years"), (offer_keys(self.narrator),), render)

    def _year_words(self, key: Key) -> list[Finding]:
        return [*find_county_years(self.history(key), self.period), *find_member_changes(self.facts, key)]

    def how_to_read(self) -> Piece:
        """Whom the figures are about, and cautions."""
        return self.small_print([self.narrator.say(f"county.reading.{name}") for name in READING])

    # -- charts --------------------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the report by name."""
        found = {
            "against_category": self.against_chart("category"),
            "against_point": self.against_chart("point"),
            "heat": self.heat_chart(),
            "members": self.members_chart(),
            "lacks": self.lacks_chart(),
            "history": self.history_chart(),
        }
        return Charts.of(found)

    def members_chart(self, key: Key | None = None) -> Chart | None:
        """Each shown organisation against the group; on what the report leads with where nothing else is chosen."""
        key = key or self.lead
        return chart_members(self.narrator, self.facts, key, self.narrator.tell(find_apart(self.facts, key)))

    def against_chart(self, level: str) -> Chart | None:
        """The figures of a level against the country."""
        words = [*find_standing(self.facts, BELOW), *find_standing(self.facts, ABOVE)]
        return chart_against(self.narrator, self.facts, level, self.narrator.tell_all(words))

    def heat_chart(self) -> Chart | None:
        """Organisations by categories."""
        words = self.narrator.tell_all(find_heat(self.facts, self.categories))
        return chart_heat(self.narrator, self.facts, self.categories, words)

    def lacks_chart(self) -> Chart | None:
        """How many lack a point."""
        words = self.narrator.tell(find_lacks(self.facts, self.lacking))
        return chart_lacks(self.narrator, self.facts, self.lacking, words)

    def history_chart(self, key: Key | None = None) -> Chart | None:
        """The group's line and each shown organisation's; of what the report leads with where nothing else is chosen."""
        key = key or self.lead
        words = self.narrator.tell_all(self._year_words(key))
        return chart_history(self.narrator, self.facts, self.history(key), words)

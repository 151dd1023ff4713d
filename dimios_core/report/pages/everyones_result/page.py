"""Allas resultat: what `notebooks/organisation/everyones_result.ipynb` calls, section by section."""

from __future__ import annotations

from functools import cached_property

from dimios_core.instrument.lead import lead_of, list_upper_keys
from dimios_core.markup import Markup, join, markup
from dimios_core.published.conventions import GROUP_MIN, QUARTILES_MIN
from dimios_core.published.store import PublicResults
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.charts.chart import Charts
from dimios_core.report.charts.county_map import place_counties
from dimios_core.report.display import LivePiece, Piece
from dimios_core.report.figures import PUBLISHED, Key, PeerGroupFact
from dimios_core.report.finding import NAMED_N
from dimios_core.report.messages.sources import Sources
from dimios_core.report.messages.telling import Telling
from dimios_core.report.pages.everyones_result.charts import EveryonesCharts
from dimios_core.report.pages.everyones_result.facts import (
    OtherOrganisation,
    gather_group,
    gather_groups,
    gather_others,
    gather_rises,
    list_spread_groups,
)
from dimios_core.report.pages.everyones_result.findings import (
    find_places,
    find_similar,
    tell_place,
)
from dimios_core.report.pages.everyones_result.similar import (
    NEAREST_N,
    SIZE_STEP_PP,
    TYPE_PP,
    Similar,
    list_risen,
    list_similar,
)
from dimios_core.report.pages.everyones_result.tables import tell_rises
from dimios_core.report.widgets import Control

#: small type at the end: the page's own, then those that all pages share
OWN_READING = ("self_selected", "quartiles", "sharing", "change")
READING = ("interval", "certain", "hidden", "caution")
#: how many of those that rose are told of in a line of their own
RISEN_N = 5
ALL = PeerGroupFact("all", "all", 0)


class EveryonesResult(OrganisationPage):
    """All organisations with one's own marked: spread, peer groups, counties, and who is most alike."""

    name = "everyones_result"

    @classmethod
    def prepare(cls, results: PublicResults, language: str, threshold: int, voice: str) -> None:
        """Place the counties on the maps of the newest period."""
        (level, key), rows = lead_of(results.instrument), results.table("benchmarks")
        newest = max(rows.distinct("period"))
        place_counties(len(rows.rows(period=newest, level=level, key=key, kind="county")))

    # -- the opening ---------------------------------------------------------------------------------

    def headline(self) -> Piece:
        """Where we lie among all, in words that the interval bears; never a rank."""
        say, facts = self.narrator.say, self.facts
        levels = (self.lead[0], "category")
        groups = {level: gather_group(self.results, self.period, "all", level) for level in levels}
        tell_all = self.narrator.tell_all
        lead = [self.messages.gaps()]
        lead += [tell_all(tell_place(f, groups[f.level].get(f.key))) for f in facts.tops]
        big = Markup()
        if any(f.published for f in facts.of_level("category")):
            lead.append(tell_all(find_places(facts.of_level("category"), groups["category"])))
        if facts.composite is not None and facts.composite.score is not None:
            percent = self.narrator.number.percent(facts.composite.score)
            what = self.narrator.name(*self.lead).lower()
            big = markup('<p class="big">{}</p><p class="what">{}</p>', percent, what)
        quiet = [say("everyones.opening"), *([say("everyones.new")] if facts.previous is None else [])]
        figure = groups[self.lead[0]].get(self.lead[1])
        if figure is not None and figure.group.peers_n:
            quiet.append(say("everyones.opening_groups", all_n=figure.group.peers_n, period=self.period))
            counts = {"shown_n": len(self.others), "named_n": sum(bool(o.id) for o in self.others)}
            quiet.append(say("everyones.opening_hidden", hidden_n=self.hidden_n, **counts))
        return self.open_page(
            markup(
                '{}<p class="lead">{}</p><p class="quiet">{}</p>',
                big,
                " ".join(w for w in lead if w),
                " ".join(quiet),
            )
        )

    @cached_property
    def messages(self) -> Telling:
        """What the report says first of how one lies against others."""
        return Telling(Sources(self.facts), self.language, self.voice)

    @property
    def lead(self) -> Key:
        """The figure that the page leads with."""
        return lead_of(self.results.instrument)

    @cached_property
    def others(self) -> list[OtherOrganisation]:
        """The other organisations that show what the page leads with in the page's period."""
        return gather_others(self.results, self.period, *self.lead)

    @cached_property
    def others_n(self) -> int:
        """Other organisations with a complete result in the period, shown or not; 0 where that is not published."""
        all_of = gather_groups(self.results, self.period, *self.lead)
        figure = next((f for f in all_of if f.group.id == "all"), None)
        if figure is None or not figure.group.peers_n:
            return 0
        mine = self.results.pick("gaps", "peers_n", period=self.period, group="all", status=PUBLISHED)
        return max((n for (n,) in mine), default=figure.group.peers_n)

    @property
    def hidden_n(self) -> int:
        """Other organisations that are part of means only."""
        return max(self.others_n - len(self.others), 0)

    # -- all organisations ---------------------------------------------------------------------------

    def distribution(self) -> LivePiece:
        """All organisations on one figure; choose which figure, group and period."""

        def render(figure: str, group: str, period: str) -> Markup:
            chart = self._charts(period).strip(*split_figure(figure), group)
            return self.answer(chart.conclusion) + self.render(chart)

        controls = (self.figure_control, self.group_control, self.period_control())
        return self.live(self.narrator.say("everyones.distribution"), controls, render)

    def categories(self) -> LivePiece:
        """The spread category by category; choose group and period."""
        return self._strips("category")

    def points(self) -> LivePiece:
        """The spread measure point by measure point; choose group and period."""
        return self._strips("point")

    def _strips(self, level: str) -> LivePiece:
        def render(group: str, period: str) -> Markup:
            chart = self._charts(period).strips(level, group)
            return self.answer(chart.conclusion) + self.render(chart)

        controls = (self.group_control, self.period_control())
        return self.live(self.narrator.say(f"everyones.places.{level}"), controls, render)

    def groups(self) -> LivePiece:
        """One's own against each of the fixed peer groups; choose figure and period."""

        def render(figure: str, period: str) -> Markup:
            chart = self._charts(period).groups(*split_figure(figure))
            return self.answer(chart.conclusion) + self.render(chart)

        controls = (self.figure_control, self.period_control())
        return self.live(self.narrator.say("everyones.groups"), controls, render)

    def counties(self) -> LivePiece:
        """The map of counties; choose figure and period."""

        def render(figure: str, period: str) -> Markup:
            chart = self._charts(period).counties(*split_figure(figure))
            return self.answer(chart.conclusion) + self.render(chart)

        controls = (self.figure_control, self.period_control())
        return self.live(self.narrator.say("everyones.counties"), controls, render)

    # -- sources of inspiration ----------------------------------------------------------------------

    @cached_property
    def start_pct(self) -> float | None:
        """One's own starting level: what the page leads with at the measurement before, else now; percent."""
        if self.facts.previous is not None:
            before = self.history.figures.get((self.facts.previous, *self.lead))
            if before is not None and before.score is not None:
                return before.score
        return self.facts.lead.score

    @property
    def similar_ones(self) -> list[Similar]:
        """The organisations most like one's own among those that show themselves, nearest first."""
        return self.by_likeness[:NEAREST_N]

    @cached_property
    def by_likeness(self) -> list[Similar]:
        """All organisations that show themselves, the most like one's own first."""
        profile = self.results.profile
        kind, size = str(profile["type"]), str(profile.get("size") or "")
        rises = gather_rises(self.results, self.period)
        return list_similar(kind, size, self.start_pct, self.others, rises)

    def similar(self) -> Piece:
        """Who is most like one's own, and which of them rose for certain: whom to ask."""
        say, title = self.narrator.say, self.narrator.say("everyones.similar")
        shown = {"shown_n": len(self.others), "hidden_n": self.hidden_n, "all_n": self.others_n}
        hidden = markup('<p class="small">{}</p>', say("everyones.similar_hidden", **shown))
        answer = self.answer(*find_similar(self.similar_ones, self.by_likeness[NEAREST_N:]))
        lines = join(
            markup("<li>{}</li>", self._tell_rise(s))
            for s in list_risen(self.by_likeness)[:RISEN_N]
            if s.rises
        )
        how = say("everyones.similar_how", step=SIZE_STEP_PP, kind=TYPE_PP, start=self.start_pct)
        chart = self._charts(self.period).similar() if self.similar_ones else None
        html = answer + (markup("<ul>{}</ul>", lines) if lines else Markup()) + self.render(chart)
        return self.piece(title, markup('{}<p class="small">{}</p>{}', html, how, hidden))

    def _tell_rise(self, one: Similar) -> str:
        other = one.organisation
        return self.narrator.say(
            "everyones.rise_line",
            name=other.name,
            change=other.change,
            period_from=other.period_from,
            rises=tell_rises(self.narrator, one, NAMED_N),
            cut=len(one.rises) > NAMED_N,
        )

    def how_to_read(self) -> Piece:
        """Who takes part, how it is computed, cautions."""
        say, limits = self.narrator.say, {"quartiles": QUARTILES_MIN, "group_min": GROUP_MIN}
        own = [say(f"everyones.reading.{name}", **limits) for name in OWN_READING]
        return self.small_print(own + [say(f"reading.{name}") for name in READING])

    # -- charts and controls -------------------------------------------------------------------------

    @property
    def charts(self) -> Charts:
        """Every chart of the page by name."""
        drawn = self._charts(self.period)
        found = {
            "distribution": drawn.strip(*self.lead, "all"),
            "categories": drawn.strips("category", "all"),
            "points": drawn.strips("point", "all"),
            "groups": drawn.groups(*self.lead),
            "counties": drawn.counties(*self.lead),
        }
        if self.similar_ones:
            found["similar"] = drawn.similar()
        return Charts(found)

    def _charts(self, period: str) -> EveryonesCharts:
        return EveryonesCharts(self.results, self.narrate_choice(period), tuple(self.by_likeness))

    @cached_property
    def figure_control(self) -> Control:
        """The control that chooses what is shown: what all adds up to, a category or a measure point."""
        say, model = self.narrator.say, self.facts.instrument
        listed = list_upper_keys(model)
        listed += [("category", c) for c in model.category_ids] + [("point", p) for p in model.point_ids]
        options = tuple((self.narrator.name(*k), ":".join(k)) for k in listed)
        return Control("figure", say("everyones.control_figure"), options, ":".join(self.lead))

    @cached_property
    def group_control(self) -> Control:
        """The control that chooses whom one is shown among."""
        found = list_spread_groups(self.results, self.period) or [ALL]
        count = self.narrator.number.count
        options = tuple(
            (
                f"{self.narrator.name_group(g)} ({count(g.peers_n)})"
                if g.peers_n
                else self.narrator.name_group(g),
                g.id,
            )
            for g in found
        )
        return Control("group", self.narrator.say("control.group"), options, found[0].id)


def split_figure(value: str) -> tuple[str, str]:
    """Split a control's value, "category:innovation", into level and key."""
    level, _, key = value.partition(":")
    return level, key

"""The charts of the page on all organisations: figures, conclusion, key and table put together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dimios_core.instrument.lead import begin_large
from dimios_core.published.store import PublishedResults
from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import STEPS_N, colour_of
from dimios_core.report.charts.county_map import CountyMean, draw_counties
from dimios_core.report.charts.groups import Own, PeerGroup, SimilarOne, draw_groups, draw_similar
from dimios_core.report.charts.legend import list_drawn
from dimios_core.report.charts.scales import WHOLE_SCALE, step_means, write_ends
from dimios_core.report.charts.strip import NAMES_MAX, Box, Dot, OwnFigure, Spread, StripWords, draw_strip
from dimios_core.report.charts.strips import Strip, draw_strips
from dimios_core.report.data_tables import say_score
from dimios_core.report.figures import Figure, PeerGroupFact
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.everyones_result.facts import (
    GroupFigure,
    OtherOrganisation,
    gather_group,
    gather_groups,
    gather_others,
    list_own_groups,
)
from dimios_core.report.pages.everyones_result.findings import (
    HIGH,
    LOW,
    find_counties,
    find_groups,
    find_place,
    find_places,
    find_similar,
    tell_place,
)
from dimios_core.report.pages.everyones_result.similar import NEAREST_N, Similar
from dimios_core.report.pages.everyones_result.tables import (
    name_others,
    tabulate_groups,
    tabulate_others,
    tabulate_similar,
    tabulate_spread,
)

#: names beside dots on a phone: those of the most similar
NARROW_NAMES_MAX = 8


@dataclass(frozen=True)
class EveryonesCharts:
    """Charts of one period.

    Parameters
    ----------
    results : PublishedResults
    narrator : FactsNarrator
        Its facts tell the period.
    by_likeness : tuple of Similar
        The most similar are named first where there are more names than fit.
    """

    results: PublishedResults
    narrator: FactsNarrator
    by_likeness: tuple[Similar, ...]

    @property
    def period(self) -> str:
        """The period that is shown."""
        return self.narrator.facts.period

    def strip(self, level: str, key: str, group_id: str) -> Chart:
        """All organisations of a group on one figure."""
        say, figure = self.narrator.say, self.narrator.facts.figures[level, key]
        group = self._pick_group(group_id, level).get(key) or _no_group(group_id, level, key)
        others = [o for o in gather_others(self.results, self.period, level, key) if _belongs(o, group.group)]
        title = say("everyones.chart.strip", name=self.narrator.name(level, key), group=group.group)
        own, spread = self._own(figure), self._spread(group)
        named = {n: self._choose_names(others, NARROW_NAMES_MAX if n else NAMES_MAX) for n in (False, True)}
        words = StripWords(
            **{n: say(f"everyones.{n}") for n in ("how_many", "you", "half", "named", "no_spread")}
        )
        dots = {n: [Dot(o.name, o.score, o.id in named[n]) for o in others] for n in (False, True)}
        wide, narrow = (draw_strip(own, spread, dots[n], words, WHOLE_SCALE, narrow=n) for n in (False, True))
        key_words = say("everyones.chart.strip_key", **write_ends(WHOLE_SCALE))
        table = tabulate_spread(self.narrator, [figure], {key: group}, title)
        if others:
            cut = len(named[False]) < sum(bool(o.id) for o in others)
            key_words += " " + say("everyones.chart.strip_key_others", cut=cut, **list_drawn(wide))
            table += tabulate_others(self.narrator, others, name_others(self.narrator, others))
        conclusion = self.narrator.tell_all(tell_place(figure, group))
        return Chart("everyones-strip", title, conclusion, wide, narrow, key_words, table)

    def strips(self, level: str, group_id: str) -> Chart:
        """The figures of a level as small strips."""
        say, figures = self.narrator.say, self.narrator.facts.of_level(level)
        groups = self._pick_group(group_id, level)
        certain = {f.key for f in figures if find_place(f, groups.get(f.key)) in (HIGH, LOW)}
        group = next((g.group for g in groups.values()), _no_group(group_id, level, "").group)
        title = say("everyones.chart.strips", level=say(f"chart.levels.{level}"), group=group)
        strips = [
            Strip(
                self.narrator.name(level, f.key),
                self._own(f),
                _find_middle(groups[f.key]) if f.key in groups else None,
                f.key in certain,
            )
            for f in figures
        ]
        wide, narrow = draw_both(draw_strips, strips, WHOLE_SCALE)
        return Chart(
            id=f"everyones-{level}",
            name=title,
            conclusion=self.narrator.tell_all(find_places(figures, groups)),
            wide=wide,
            narrow=narrow,
            key=say("everyones.chart.strips_key", **list_drawn(wide), **write_ends(WHOLE_SCALE)),
            table=tabulate_spread(self.narrator, figures, groups, title),
        )

    def groups(self, level: str, key: str) -> Chart:
        """One's own figure against each of the fixed groups; of the counties one's own."""
        say, figure = self.narrator.say, self.narrator.facts.figures[level, key]
        own = list_own_groups(self.results.profile)
        found = [
            f
            for f in gather_groups(self.results, self.period, level, key)
            if f.group.kind != "county" or f.group.id in own
        ]
        shown = [f for f in found if f.published or f.group.id in own]
        title = say("everyones.chart.groups", name=self.narrator.name(level, key))
        colour = colour_of(self.narrator.instrument, level, key)
        wide, narrow = draw_both(
            draw_groups,
            Own(figure.score, figure.low, figure.high, colour),
            [self._peer_group(f, f.group.id in own) for f in shown],
            WHOLE_SCALE,
        )
        words = "groups_key" if figure.published else "groups_key_own_missing"
        names = [self._name_group(f, f.group.id in own) for f in found]
        return Chart(
            id="everyones-groups",
            name=title,
            conclusion=self.narrator.tell(find_groups(found)),
            wide=wide,
            narrow=narrow,
            key=say(f"everyones.chart.{words}", **list_drawn(wide), **write_ends(WHOLE_SCALE)),
            table=tabulate_groups(self.narrator, found, title, "group", names),
        )

    def counties(self, level: str, key: str) -> Chart:
        """The map of counties."""
        say, number = self.narrator.say, self.narrator.number
        own = str(self.results.profile.get("county") or "")
        found = [f for f in gather_groups(self.results, self.period, level, key) if f.group.kind == "county"]
        means = [f.mean for f in found if f.mean is not None]
        start, width = step_means(means) if means else (0.0, 1)
        lows = [start + width * i for i in range(STEPS_N) if means and start + width * i <= max(means)]
        steps = (
            number.listed([say("everyones.chart.counties_from", low=f"{v:.0f}") for v in lows])
            if lows
            else NOTHING
        )
        title = say("everyones.chart.counties", name=self.narrator.name(level, key))
        counties = [self._county(f) for f in found]
        wide, narrow = draw_both(
            draw_counties, counties, own, colour_of(self.narrator.instrument, level, key)
        )
        return Chart(
            id="everyones-counties",
            name=title,
            conclusion=self.narrator.tell_all(find_counties(found, own)),
            wide=wide,
            narrow=narrow,
            key=say("everyones.chart.counties_key", step=width, steps=steps, own=own),
            table=tabulate_groups(self.narrator, found, title, "county", [c.name for c in counties]),
        )

    def similar(self) -> Chart:
        """The organisations most like one's own, and how they changed; at least one."""
        say, similar = self.narrator.say, list(self.by_likeness[:NEAREST_N])
        names = name_others(self.narrator, [s.organisation for s in similar])
        own_pct = self.narrator.facts.lead.score
        title = say("everyones.chart.similar")
        rows = [self._similar_one(s.organisation, name) for s, name in zip(similar, names, strict=True)]
        wide, narrow = draw_both(draw_similar, own_pct, rows, WHOLE_SCALE)
        return Chart(
            id="everyones-similar",
            name=title,
            conclusion=self.narrator.tell_all(find_similar(similar, list(self.by_likeness[NEAREST_N:]))),
            wide=wide,
            narrow=narrow,
            key=say(
                "everyones.chart.similar_key",
                own=own_pct is not None,
                **list_drawn(wide),
                **write_ends(WHOLE_SCALE),
            ),
            table=tabulate_similar(self.narrator, similar, names, title),
        )

    # -- facts into what charts are made of ----------------------------------------------------------

    def _own(self, figure: Figure) -> OwnFigure:
        colour = colour_of(self.narrator.instrument, figure.level, figure.key)
        return OwnFigure(figure.score, figure.low, figure.high, say_score(self.narrator, figure), colour)

    def _spread(self, group: GroupFigure) -> Spread:
        boxes = tuple(
            Box(b.low, b.high, b.organisations_n, self._tell_edge(group, i)) for i, b in enumerate(group.bins)
        )
        q1, q3 = ("" if q is None else self.narrator.number.score(q) for q in (group.q1, group.q3))
        return replace(_find_middle(group), boxes=boxes, q1_words=q1, q3_words=q3)

    def _tell_edge(self, group: GroupFigure, i: int) -> str:
        """Say how far a bin reaches: the outer ones are open."""
        one, last = group.bins[i], len(group.bins) - 1
        if last == 0:
            return ""
        if i == 0:
            return self.narrator.say("everyones.below", edge=f"{one.high:.0f}")
        if i == last:
            return self.narrator.say("everyones.above", edge=f"{one.low:.0f}")
        return f"{one.low:.0f}–{one.high:.0f}"

    def _name_group(self, figure: GroupFigure, own: bool) -> str:
        """Name a group; one's own ones carry a star."""
        name = self.narrator.name_group(figure.group)
        return begin_large(name) + (" *" if own else "")

    def _peer_group(self, figure: GroupFigure, own: bool) -> PeerGroup:
        name, number = self._name_group(figure, own), self.narrator.number
        if figure.mean is None:
            reason = self.narrator.say(f"everyones.group_status.{figure.status}")
            return PeerGroup(name, None, reason=reason)
        gap, certain = "", False
        if figure.gap is not None and figure.gap.value is not None:
            gap, certain = number.signed(figure.gap.value), figure.gap.certain
        words = number.score(figure.mean)
        return PeerGroup(name, figure.mean, figure.low, figure.high, words, gap, certain)

    def _county(self, figure: GroupFigure) -> CountyMean:
        code = figure.group.id.partition(":")[2]
        name = self.narrator.texts["peers"]["counties"].get(code, code)
        if figure.mean is None:
            reason = self.narrator.say(f"everyones.group_status_short.{figure.status}")
            return CountyMean(code, name, None, reason=reason)
        return CountyMean(
            code, name, figure.mean, figure.low, figure.high, self.narrator.number.score(figure.mean)
        )

    def _similar_one(self, other: OtherOrganisation, name: str) -> SimilarOne:
        number = self.narrator.number
        told = f"{name}: {number.score(other.score)}"
        if other.change is None:
            return SimilarOne(name, other.score, other.low, other.high, told)
        return SimilarOne(
            name, other.score, other.low, other.high, told, other.start,
            f"{name} {other.period_from}: {number.score(other.start)}", number.signed(other.change),
            other.certainty in ("increase", "decrease"),
        )  # fmt: skip

    # -- choices -------------------------------------------------------------------------------------

    def _pick_group(self, group_id: str, level: str) -> dict[str, GroupFigure]:
        return gather_group(self.results, self.period, group_id, level)

    def _choose_names(self, others: list[OtherOrganisation], most_n: int) -> set[str]:
        """Return whose names are written: all where they fit, else those of the most similar."""
        named = {o.id for o in others if o.id}
        if len(named) <= most_n:
            return named
        return {s.organisation.id for s in self.by_likeness[:NEAREST_N]} & named


def _belongs(other: OtherOrganisation, group: PeerGroupFact) -> bool:
    """Tell whether an organisation is known to belong to a group; one without a name tells its type alone."""
    value = group.id.partition(":")[2]
    told = {
        "all": "",
        "type": other.type,
        "size": other.size,
        "type-size": f"{other.type}-{other.size}",
        "county": other.county,
    }
    return told[group.kind] == value


def _find_middle(group: GroupFigure) -> Spread:
    """Return how a group is spread as small strips show it."""
    return Spread(q1=group.q1, median=group.median, q3=group.q3, mean=group.mean)


def _no_group(group_id: str, level: str, key: str) -> GroupFigure:
    group = PeerGroupFact(group_id, group_id.partition(":")[0], 0)
    return GroupFigure(group, level, key, "suppressed_small")

"""The charts of the page on all organisations: figures, conclusion, key and table put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dimios_core.published.store import PublishedResults
from dimios_core.report.charts import Chart
from dimios_core.report.charts.county_map import STEPS, draw_counties, step_means
from dimios_core.report.charts.groups import draw_groups, draw_similar
from dimios_core.report.charts.parts import INK
from dimios_core.report.charts.strip import NAMES_MAX, draw_strip
from dimios_core.report.charts.strips import draw_strips
from dimios_core.report.figures import PeerGroupFact
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

#: levels whose small multiples carry boxes; the many points show the middle half alone
BOXED = ("dimension", "category")
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
        named = {n: self._choose_names(others, NARROW_NAMES_MAX if n else NAMES_MAX) for n in (False, True)}
        title = say("everyones.chart.strip", name=self.narrator.name(level, key), group=group.group)
        wide, narrow = _draw_both(
            lambda n: draw_strip(self.narrator, figure, group, others, named[n], narrow=n)
        )
        words = say("everyones.chart.strip_key", **_shown_scale(wide))
        table = tabulate_spread(self.narrator, [figure], {key: group}, title)
        if others:
            cut = len(named[False]) < sum(bool(o.id) for o in others)
            words += " " + say("everyones.chart.strip_key_others", cut=cut)
            table += tabulate_others(self.narrator, others, name_others(self.narrator, others))
        conclusion = self.narrator.tell_all(tell_place(figure, group))
        return Chart("everyones-strip", title, conclusion, wide, narrow, words, table)

    def strips(self, level: str, group_id: str) -> Chart:
        """The figures of a level as small strips."""
        say, figures = self.narrator.say, self.narrator.facts.of_level(level)
        groups = self._pick_group(group_id, level)
        certain = {f.key for f in figures if find_place(f, groups.get(f.key)) in (HIGH, LOW)}
        boxed = level in BOXED and any(g.bins for g in groups.values())
        group = next((g.group for g in groups.values()), _no_group(group_id, level, "").group)
        title = say("everyones.chart.strips", level=say(f"chart.levels.{level}"), group=group)
        wide, narrow = _draw_both(
            lambda n: draw_strips(self.narrator, figures, groups, certain, boxes=boxed, narrow=n)
        )
        return Chart(
            id=f"everyones-{level}",
            name=title,
            conclusion=self.narrator.tell_all(find_places(figures, groups)),
            wide=wide,
            narrow=narrow,
            key=say("everyones.chart.strips_key", boxes=boxed, **_shown_scale(wide)),
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
        wide, narrow = _draw_both(lambda n: draw_groups(self.narrator, figure, shown, own, narrow=n))
        words = "groups_key" if figure.published else "groups_key_own_missing"
        names = [self.narrator.name_group(f.group) for f in found]
        names = [
            n[:1].upper() + n[1:] + (" *" if f.group.id in own else "")
            for n, f in zip(names, found, strict=True)
        ]
        return Chart(
            id="everyones-groups",
            name=title,
            conclusion=self.narrator.tell(find_groups(found)),
            wide=wide,
            narrow=narrow,
            key=say(f"everyones.chart.{words}", **_shown_scale(wide)),
            table=tabulate_groups(self.narrator, found, title, "group", names),
        )

    def counties(self, level: str, key: str) -> Chart:
        """The map of counties."""
        say, number = self.narrator.say, self.narrator.number
        own = str(self.results.profile.get("county") or "")
        found = [f for f in gather_groups(self.results, self.period, level, key) if f.group.kind == "county"]
        means = [f.mean for f in found if f.mean is not None]
        start, width = step_means(means) if means else (0.0, 1)
        lows = [
            start + width * i for i in range(len(STEPS[INK])) if means and start + width * i <= max(means)
        ]
        steps = (
            number.listed([say("everyones.chart.counties_from", low=f"{v:.0f}") for v in lows])
            if lows
            else NOTHING
        )
        title = say("everyones.chart.counties", name=self.narrator.name(level, key))
        wide, narrow = _draw_both(lambda n: draw_counties(self.narrator, found, own, narrow=n))
        codes = [f.group.id.partition(":")[2] for f in found]
        known = self.narrator.texts["peers"]["counties"]
        return Chart(
            id="everyones-counties",
            name=title,
            conclusion=self.narrator.tell_all(find_counties(found, own)),
            wide=wide,
            narrow=narrow,
            key=say("everyones.chart.counties_key", step=width, steps=steps, own=own),
            table=tabulate_groups(self.narrator, found, title, "county", [known.get(c, c) for c in codes]),
        )

    def similar(self) -> Chart:
        """The organisations most like one's own, and how they changed; at least one."""
        say, similar = self.narrator.say, list(self.by_likeness[:NEAREST_N])
        names = name_others(self.narrator, [s.organisation for s in similar])
        own_pct = self.narrator.facts.maturity.score
        title = say("everyones.chart.similar")
        wide, narrow = _draw_both(lambda n: draw_similar(self.narrator, similar, names, own_pct, narrow=n))
        return Chart(
            id="everyones-similar",
            name=title,
            conclusion=self.narrator.tell_all(find_similar(similar, list(self.by_likeness[NEAREST_N:]))),
            wide=wide,
            narrow=narrow,
            key=say("everyones.chart.similar_key", own=own_pct is not None, **_shown_scale(wide)),
            table=tabulate_similar(self.narrator, similar, names, title),
        )

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


def _no_group(group_id: str, level: str, key: str) -> GroupFigure:
    group = PeerGroupFact(group_id, group_id.partition(":")[0], 0)
    return GroupFigure(group, level, key, "suppressed_small")


def _draw_both(draw: Callable[[bool], dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    return draw(False), draw(True)


def _shown_scale(figure: dict[str, Any]) -> dict[str, str]:
    low, high = figure["layout"]["xaxis"]["range"]
    return {"low": f"{low:.0f}", "high": f"{high:.0f}"}

"""Charts of the county report: facts -> a chart with its conclusion and its table."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.intervals import draw_levels, make_interval, mark_reference
from dimios_core.report.charts.rows import list_values
from dimios_core.report.charts.scales import cut_scale, write_ends
from dimios_core.report.charts.shares import draw_shares, make_share
from dimios_core.report.charts.years import Mean, YearLines, draw_years
from dimios_core.report.dates import time_of
from dimios_core.report.figures import Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory
from dimios_core.report.pages.county_report.findings import Lack, compare_member
from dimios_core.report.pages.county_report.tables import (
    tabulate_common,
    tabulate_history,
    tabulate_lacks,
    tabulate_members,
)
from dimios_core.report.sector.sector_facts import rank_levels


def chart_members(narrator: Narrator, facts: CountyFacts, key: Key, conclusion: str) -> Chart | None:
    """Build rows of the organisations shown by name, highest first, under the group's mean; None for no mean."""
    level = facts.group.levels.get(key)
    if level is None or not level.published or level.mean is None:
        return None
    say, number = narrator.say, narrator.number
    colour = colour_of(facts.group.instrument, *key)
    shown = facts.ranked(key)
    apart = [compare_member(m, key, level.own_low, level.own_high) for m, _ in shown]
    mean = number.score(level.mean)
    rows = [make_interval(say("county.group"), level.mean, level.own_low, level.own_high, mean)]
    for (m, f), a in zip(shown, apart, strict=True):
        reference = mark_reference(level.mean, m.name)
        words = number.score(f.score)
        rows.append(
            make_interval(
                m.name, f.score, f.low, f.high, words, bold=a != 0, colour=colour, reference=reference
            )
        )
    scale = cut_scale(list_values(rows))
    wide, narrow = draw_both(draw_levels, rows, scale)
    title = say("county.chart.members", name=narrator.name(*key))
    table = tabulate_members(narrator, facts, key, title)
    key_words = say("county.chart.members_key", **write_ends(scale))
    return Chart("members", title, conclusion, wide, narrow, key_words, table)


def chart_common(narrator: Narrator, facts: CountyFacts, conclusion: str) -> Chart | None:
    """Build rows of the points, the group's highest first, with the country's mean and the shown organisations."""
    say, number, group = narrator.say, narrator.number, facts.group
    points = rank_levels(group, "point")
    if not points:
        return None
    rows = []
    for p in points:
        name, mean = narrator.name("point", p.key), p.mean or 0.0
        others = [(f.score, f"{m.name}: {number.score(f.score)}") for m, f in facts.by_name(("point", p.key))]
        country = facts.country.levels.get(("point", p.key))
        reference = None
        if country is not None and country.mean is not None:
            reference = mark_reference(country.mean, name)
        rows.append(
            make_interval(
                name, mean, p.own_low, p.own_high, number.score(mean), reference=reference, others=others,
                colour=colour_of(group.instrument, "point", p.key),
            )
        )  # fmt: skip
    scale = cut_scale(list_values(rows))
    wide, narrow = draw_both(draw_levels, rows, scale)
    title = say("county.chart.common")
    key = say("county.chart.common_key", members=bool(facts.members), **write_ends(scale))
    return Chart("common", title, conclusion, wide, narrow, key, tabulate_common(narrator, facts, title))


def chart_lacks(
    narrator: Narrator, facts: CountyFacts, lacks: Sequence[Lack], conclusion: str
) -> Chart | None:
    """Build bars of how many of the shown organisations lack a point; the table tells which ones."""
    if not lacks:
        return None
    say = narrator.say
    names = [narrator.name("point", k.point.key) for k in lacks]
    counts = [say("county.count", n=len(k.either), of_n=k.shown_n) for k in lacks]
    bars = [
        make_share(name, len(k.either) / k.shown_n, words)
        for name, k, words in zip(names, lacks, counts, strict=True)
    ]
    wide, narrow = draw_both(draw_shares, bars)
    title = say("county.chart.lacks")
    table = tabulate_lacks(narrator, facts, lacks, title)
    return Chart("lacks", title, conclusion, wide, narrow, say("county.chart.lacks_key"), table)


def chart_history(
    narrator: Narrator, facts: CountyFacts, history: CountyHistory, conclusion: str
) -> Chart | None:
    """Build the group's line over the periods with each shown organisation; None where no mean is published."""
    say = narrator.say
    means = [
        Mean(time_of(p), p, f.mean, f.own_low, f.own_high)
        for p, f in history.years.items()
        if f.published and f.mean is not None
    ]
    if not means:
        return None
    members = {n: [(time_of(p), v) for p, v in scores.items()] for n, scores in history.members.items()}
    lines = YearLines(
        means,
        members=members,
        name=say("county.group"),
        colour=colour_of(facts.group.instrument, *history.key),
    )
    wide, narrow = draw_both(draw_years, lines, narrator.number)
    title = say("county.chart.years", name=narrator.name(*history.key))
    key = say("county.chart.years_key", members=bool(members), **write_ends(lines.scale()))
    return Chart("history", title, conclusion, wide, narrow, key, tabulate_history(narrator, history, title))

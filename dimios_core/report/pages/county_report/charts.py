"""Charts of the county report: facts -> a chart with its conclusion and its table."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.charts.chart import Chart, draw_both
from dimios_core.report.charts.colours import colour_of
from dimios_core.report.charts.heat import HeatRow, draw_heat
from dimios_core.report.charts.heat_sheet import HeatCell
from dimios_core.report.charts.intervals import draw_changes, draw_levels, make_interval, mark_reference
from dimios_core.report.charts.legend import list_drawn
from dimios_core.report.charts.rows import list_values
from dimios_core.report.charts.scales import WHOLE_SCALE, cut_changes, cut_scale, write_ends
from dimios_core.report.charts.shares import draw_shares, make_share
from dimios_core.report.charts.years import Mean, YearLines, draw_years
from dimios_core.report.dates import time_of
from dimios_core.report.figures import Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.against import compare_to_country
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, Member
from dimios_core.report.pages.county_report.findings import compare_member
from dimios_core.report.pages.county_report.lacks import Lack
from dimios_core.report.pages.county_report.tables import (
    tabulate_against,
    tabulate_heat,
    tabulate_history,
    tabulate_lacks,
    tabulate_members,
)
from dimios_core.report.sector.sector_facts import GroupLevel
from dimios_core.report.sector.wording import say_status


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
    wide, narrow = draw_both(draw_levels, rows, WHOLE_SCALE)
    title = say("county.chart.members", name=narrator.name(*key))
    table = tabulate_members(narrator, facts, key, title)
    key_words = say("county.chart.members_key", **list_drawn(wide), **write_ends(WHOLE_SCALE))
    return Chart("members", title, conclusion, wide, narrow, key_words, table)


def chart_against(narrator: Narrator, facts: CountyFacts, level: str, conclusion: str) -> Chart | None:
    """Build rows of how the figures of a level lie against the country, the farthest above first; None for none."""
    say, number = narrator.say, narrator.number
    gaps = {k: g for k, g in facts.group.gaps.items() if k[0] == level and g.value is not None}
    if not gaps:
        return None
    keys = sorted(gaps, key=lambda k: -(gaps[k].value or 0.0))
    rows = [
        make_interval(
            narrator.name(*k), gaps[k].value or 0.0, gaps[k].low, gaps[k].high, number.signed(gaps[k].value or 0.0),
            bold=gaps[k].certain, colour=colour_of(facts.group.instrument, *k),
        )
        for k in keys
    ]  # fmt: skip
    wide, narrow = draw_both(draw_changes, rows, cut_changes(list_values(rows)))
    title, key = say(f"county.chart.against_{level}"), say("county.chart.against_key", **list_drawn(wide))
    table = tabulate_against(narrator, facts, keys, title)
    return Chart(f"against-{level}", title, conclusion, wide, narrow, key, table)


def chart_heat(narrator: Narrator, facts: CountyFacts, keys: Sequence[Key], conclusion: str) -> Chart | None:
    """Build the heat map of the country, the group and the organisations shown by name; None where there are none of these."""
    if not facts.members or not keys:
        return None
    say = narrator.say
    gaps = facts.group.gaps
    country = [_heat_level(narrator, facts.country.level(k), False) for k in keys]
    group = [_heat_level(narrator, facts.group.level(k), k in gaps and gaps[k].certain) for k in keys]
    rows = [HeatRow(say("county.country"), 0, country), HeatRow(say("county.group"), 0, group)]
    rows += [
        HeatRow(m.name, 1, [_heat_member(narrator, facts, m, k) for k in keys], apart=m is facts.members[0])
        for m in facts.members
    ]
    scale = cut_scale([c.score for row in rows for c in row.cells if c.score is not None])
    wide, narrow = draw_both(draw_heat, rows, [narrator.name(*k) for k in keys], scale)
    title, key = (
        say("county.chart.heat"),
        say("county.chart.heat_key", **list_drawn(wide), **write_ends(scale)),
    )
    table = tabulate_heat(narrator, facts, keys, title)
    return Chart("county-heat", title, conclusion, wide, narrow, key, table)


def _heat_level(narrator: Narrator, level: GroupLevel, certain: bool) -> HeatCell:
    if not level.published or level.mean is None:
        return HeatCell(None, reason=say_status(narrator, level.status))
    interval = (
        f"{level.own_low:.0f}–{level.own_high:.0f}"
        if level.own_low is not None and level.own_high is not None
        else ""
    )
    return HeatCell(level.mean, f"{level.mean:.0f}", interval, certain)


def _heat_member(narrator: Narrator, facts: CountyFacts, member: Member, key: Key) -> HeatCell:
    figure = member.figure(key)
    if figure is None:
        return HeatCell(None, reason=narrator.say("county.not_shown"))
    interval = (
        f"{figure.low:.0f}–{figure.high:.0f}" if figure.low is not None and figure.high is not None else ""
    )
    certain = compare_to_country(facts, member, key) != 0
    return HeatCell(figure.score, f"{figure.score:.0f}", interval, certain)


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

"""Charts and tables of the county report."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.charts import Chart
from dimios_core.report.charts.interval_rows import IntervalRow, draw_interval_rows, scale_of_rows
from dimios_core.report.charts.parts import INK
from dimios_core.report.charts.share_bars import ShareBar, draw_share_bars
from dimios_core.report.charts.years import Mean, YearLines, draw_years
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.narrative import Narrator
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, MemberFigure
from dimios_core.report.pages.county_report.findings import Lack, compare_member, count_agreeing
from dimios_core.report.sector.charts import BOTH, color_of, say_scale
from dimios_core.report.sector.facts import Key
from dimios_core.report.sector.findings import rank_levels
from dimios_core.report.sector.reference import time_of
from dimios_core.report.sector.tables import (
    NOTHING,
    say_count,
    say_interval,
    say_number,
    say_span,
    say_status,
)

WORDS = {1: "above", -1: "below", 0: "none"}


def chart_members(narrator: Narrator, facts: CountyFacts, key: Key, conclusion: str) -> Chart | None:
    """Build rows of the organisations shown by name, highest first, under the group's mean; None for no mean."""
    level = facts.group.levels.get(key)
    if level is None or not level.published or level.mean is None:
        return None
    say, number = narrator.say, narrator.number
    color = color_of(facts.group.instrument, *key)
    shown = [(m, f) for m in facts.members if (f := m.figure(key)) is not None]
    shown.sort(key=lambda pair: -pair[1].score)
    apart = [compare_member(m, key, level.own_low, level.own_high) for m, _ in shown]
    rows = [
        IntervalRow(
            say("county.group"),
            level.mean,
            level.own_low,
            level.own_high,
            number.score(level.mean),
            color=INK,
        )
    ]
    rows += [
        IntervalRow(m.name, f.score, f.low, f.high, _say_member(narrator, f), a != 0, color, level.mean)
        for (m, f), a in zip(shown, apart, strict=True)
    ]
    scale = scale_of_rows(rows)
    wide, narrow = (draw_interval_rows(rows, scale, narrow=n) for n in BOTH)
    title = say("county.chart.members", name=narrator.name(*key))
    figures = [f for _, f in shown]
    dash = [NOTHING]
    table = write_table(
        title,
        [
            Column(say("county.table.organisation"), [r.name for r in rows], numeric=False),
            Column(say("county.table.result"), [number.score(r.value or 0.0) for r in rows]),
            Column(
                say("sector.table.change_interval"), [say_interval(narrator, r.low, r.high) for r in rows]
            ),
            Column(
                say("county.table.apart"),
                dash + [say(f"county.apart.{WORDS[a]}") for a in apart],
                numeric=False,
            ),
            Column(
                say("sector.table.change"), dash + [say_number(narrator, f.change, True) for f in figures]
            ),
            Column(
                say("sector.table.certainty"),
                dash + [_say_change(narrator, f) for f in figures],
                numeric=False,
            ),
        ],
    )
    return Chart(
        "members", title, conclusion, wide, narrow, say("county.chart.members_key", **say_scale(wide)), table
    )


def _say_member(narrator: Narrator, figure: MemberFigure) -> str:
    return narrator.number.score(figure.score)


def _say_change(narrator: Narrator, figure: MemberFigure) -> str:
    if figure.change is None:
        return NOTHING
    since = narrator.say("page.since", period=figure.period_from)
    return f"{narrator.say(f'change_certainty.{figure.certainty}')} {since}"


def chart_common(narrator: Narrator, facts: CountyFacts, conclusion: str) -> Chart | None:
    """Build rows of the points, the group's highest first, with the country's mean and the shown organisations."""
    say, number, group = narrator.say, narrator.number, facts.group
    points = rank_levels(group, "point")
    if not points:
        return None
    country = {p.key: facts.country.levels.get(("point", p.key)) for p in points}
    scores = [[(f.score, m.name) for m in facts.members if (f := m.figure(("point", p.key)))] for p in points]
    rows = []
    for p, own in zip(points, scores, strict=True):
        others = [(v, f"{name}: {number.score(v)}") for v, name in own]
        mean = country[p.key].mean if country[p.key] is not None else None  # type: ignore[union-attr]
        rows.append(
            IntervalRow(
                narrator.name("point", p.key), p.mean, p.own_low, p.own_high, number.score(p.mean or 0.0),
                False, color_of(group.instrument, "point", p.key), mean, tuple(others),
            )
        )  # fmt: skip
    scale = scale_of_rows(rows)
    wide, narrow = (draw_interval_rows(rows, scale, narrow=n) for n in BOTH)
    title = say("county.chart.common")
    agree = [[count_agreeing(facts, ("point", p.key), sign) for p in points] for sign in (1, -1)]
    columns = [
        Column(say("table.point"), [r.name for r in rows], numeric=False),
        Column(say("county.table.group"), [number.score(p.mean or 0.0) for p in points]),
        Column(say("sector.table.own"), [say_interval(narrator, p.own_low, p.own_high) for p in points]),
        Column(say("county.table.country"), [say_number(narrator, r.reference) for r in rows]),
    ]
    if facts.members:
        columns += [
            Column(
                say(f"county.table.agree_{name}"),
                [say("county.count", n=n, of_n=of_n) for n, of_n in counted],
            )
            for name, counted in zip(("above", "below"), agree, strict=True)
        ]
        shown = ["; ".join(f"{name} {number.score(v)}" for v, name in o) or NOTHING for o in scores]
        columns.append(Column(say("county.table.shown"), shown, numeric=False))
    key = say("county.chart.common_key", members=bool(facts.members), **say_scale(wide))
    return Chart("common", title, conclusion, wide, narrow, key, write_table(title, columns))


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
        ShareBar(name, len(k.either) / k.shown_n, words)
        for name, k, words in zip(names, lacks, counts, strict=True)
    ]
    wide, narrow = (draw_share_bars(bars, narrow=n) for n in BOTH)
    country = [facts.country.levels.get(("point", k.point.key)) for k in lacks]
    title = say("county.chart.lacks")
    listed = narrator.number.listed
    table = write_table(
        title,
        [
            Column(say("table.point"), names, numeric=False),
            Column(say("county.table.group"), [say_number(narrator, k.point.mean) for k in lacks]),
            Column(say("county.table.country"), [say_number(narrator, c.mean if c else None) for c in country]),
            Column(
                say("county.table.below"),
                [listed([m.name for m in k.below]) if k.below else NOTHING for k in lacks], numeric=False,
            ),
            Column(
                say("county.table.low"), [listed([m.name for m in k.low]) if k.low else NOTHING for k in lacks],
                numeric=False,
            ),
        ],
    )  # fmt: skip
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
        means, members=members, name=say("county.group"), color=color_of(facts.group.instrument, *history.key)
    )
    wide, narrow = (draw_years(lines, narrator.number, narrow=n) for n in BOTH)
    title = say("county.chart.years", name=narrator.name(*history.key))
    key = say("county.chart.years_key", members=bool(members), **say_scale(wide, "yaxis"))
    return Chart("history", title, conclusion, wide, narrow, key, tabulate_history(narrator, history, title))


def tabulate_history(narrator: Narrator, history: CountyHistory, caption: str) -> str:
    """Write the group's means with intervals and the changes of the same organisations, then each shown one's scores."""
    say, number = narrator.say, narrator.number
    periods = list(history.years)
    levels = list(history.years.values())
    before = {p: max((s for e, s in history.changes if e == p), default=None) for p in periods}
    changes = [history.changes.get((p, s)) if (s := before[p]) is not None else None for p in periods]
    columns = [
        Column(say("table.period"), periods, numeric=False),
        Column(say("sector.table.organisations"), [say_count(narrator, f.organisations_n) for f in levels]),
        Column(
            say("county.table.group"),
            [
                number.score(f.mean) if f.published and f.mean is not None else say_status(narrator, f.status)
                for f in levels
            ],
        ),
        Column(say("sector.table.own"), [say_interval(narrator, f.own_low, f.own_high) for f in levels]),
        Column(
            say("county.table.panel"),
            [say_count(narrator, c.organisations_n if c else None) for c in changes],
        ),
        Column(
            say("sector.table.change"), [say_number(narrator, c.change if c else None, True) for c in changes]
        ),
        Column(
            say("sector.table.change_interval"),
            [say_span(narrator, c.own_low, c.own_high) if c else NOTHING for c in changes],
        ),
    ]
    table = write_table(caption, columns)
    if history.members:
        names = list(history.members)
        own = [Column(say("county.table.organisation"), names, numeric=False)]
        own += [Column(p, [say_number(narrator, history.members[n].get(p)) for n in names]) for p in periods]
        table += write_table(say("county.table.result"), own)
    return table

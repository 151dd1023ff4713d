"""Tables of the county report: the same figures as its charts, with what single organisations show."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, Member, MemberFigure
from dimios_core.report.pages.county_report.findings import Lack, compare_member, count_agreeing
from dimios_core.report.sector.sector_facts import rank_levels
from dimios_core.report.sector.wording import say_count, say_interval, say_number, say_span, say_status

WORDS = {1: "above", -1: "below", 0: "none"}


def tabulate_members(narrator: Narrator, facts: CountyFacts, key: Key, caption: str) -> str:
    """Write the group's mean, then the organisations shown by name, highest first, with their changes."""
    say, number, level, shown = narrator.say, narrator.number, facts.group.levels[key], facts.ranked(key)
    apart = [WORDS[compare_member(m, key, level.own_low, level.own_high)] for m, _ in shown]
    intervals = [(level.own_low, level.own_high), *((f.low, f.high) for _, f in shown)]
    scores = [level.mean or 0.0, *(f.score for _, f in shown)]
    changes = [say_number(narrator, f.change, True) for _, f in shown]
    sure = [_say_certainty(narrator, f) for _, f in shown]
    names = [say("county.group"), *(m.name for m, _ in shown)]
    return write_table(
        caption,
        [
            Column(say("county.table.organisation"), names, numeric=False),
            Column(say("county.table.result"), [number.score(s) for s in scores]),
            Column(say("sector.table.change_interval"), [say_interval(narrator, *i) for i in intervals]),
            Column(
                say("county.table.apart"),
                [NOTHING, *(say(f"county.apart.{a}") for a in apart)],
                numeric=False,
            ),
            Column(say("sector.table.change"), [NOTHING, *changes]),
            Column(say("sector.table.certainty"), [NOTHING, *sure], numeric=False),
        ],
    )


def _say_certainty(narrator: Narrator, figure: MemberFigure) -> str:
    if figure.change is None:
        return NOTHING
    since = narrator.say("page.since", period=figure.period_from)
    return f"{narrator.say(f'change_certainty.{figure.certainty}')} {since}"


def tabulate_common(narrator: Narrator, facts: CountyFacts, caption: str) -> str:
    """Write the points, the group's highest first, beside the country's mean and the shown organisations."""
    say, number, points = narrator.say, narrator.number, rank_levels(facts.group, "point")
    keys = [("point", p.key) for p in points]
    country = [facts.country.levels.get(k) for k in keys]
    columns = [
        Column(say("table.point"), [narrator.name(*k) for k in keys], numeric=False),
        Column(say("county.table.group"), [number.score(p.mean or 0.0) for p in points]),
        Column(say("sector.table.own"), [say_interval(narrator, p.own_low, p.own_high) for p in points]),
        Column(say("county.table.country"), [say_number(narrator, c.mean if c else None) for c in country]),
    ]
    if facts.members:
        for name, sign in (("above", 1), ("below", -1)):
            counted = [count_agreeing(facts, k, sign) for k in keys]
            cells = [say("county.count", n=n, of_n=of_n) for n, of_n in counted]
            columns.append(Column(say(f"county.table.agree_{name}"), cells))
        shown = ["; ".join(f"{m.name} {number.score(f.score)}" for m, f in facts.by_name(k)) for k in keys]
        columns.append(Column(say("county.table.shown"), [s or NOTHING for s in shown], numeric=False))
    return write_table(caption, columns)


def tabulate_lacks(narrator: Narrator, facts: CountyFacts, lacks: Sequence[Lack], caption: str) -> str:
    """Write the points that several of the shown organisations lack, and which ones lack them."""
    say, listed = narrator.say, narrator.number.listed
    keys = [("point", k.point.key) for k in lacks]
    country = [facts.country.levels.get(k) for k in keys]

    def who(members: Sequence[Member]) -> str:
        return listed([m.name for m in members]) if members else NOTHING

    return write_table(
        caption,
        [
            Column(say("table.point"), [narrator.name(*k) for k in keys], numeric=False),
            Column(say("county.table.group"), [say_number(narrator, k.point.mean) for k in lacks]),
            Column(
                say("county.table.country"), [say_number(narrator, c.mean if c else None) for c in country]
            ),
            Column(say("county.table.below"), [who(k.below) for k in lacks], numeric=False),
            Column(say("county.table.low"), [who(k.low) for k in lacks], numeric=False),
        ],
    )


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

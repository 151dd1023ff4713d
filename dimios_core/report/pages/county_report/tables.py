"""Tables of the county report: the same figures as its charts, with what single organisations show."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import Key
from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.county_report.against import compare_to_country
from dimios_core.report.pages.county_report.facts import CountyFacts, CountyHistory, Member, MemberFigure
from dimios_core.report.pages.county_report.findings import compare_member
from dimios_core.report.pages.county_report.lacks import Lack
from dimios_core.report.sector.wording import say_count, say_interval, say_number, say_span, say_status

WORDS = {1: "above", -1: "below", 0: "none"}
SIGN = {"increase": 1, "decrease": -1}


def tabulate_members(narrator: Narrator, facts: CountyFacts, key: Key, caption: str) -> Markup:
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


def tabulate_against(narrator: Narrator, facts: CountyFacts, keys: Sequence[Key], caption: str) -> Markup:
    """Write the group beside the country: means, the difference with its interval, and the shown organisations."""
    say, gaps = narrator.say, facts.group.gaps
    level = keys[0][0] if keys else "point"
    columns = [
        Column(say(f"county.table.{level}"), [narrator.name(*k) for k in keys], numeric=False),
        Column(say("county.table.group"), [say_number(narrator, facts.group.level(k).mean) for k in keys]),
        Column(
            say("sector.table.own"),
            [
                say_interval(narrator, facts.group.level(k).own_low, facts.group.level(k).own_high)
                for k in keys
            ],
        ),
        Column(
            say("county.table.country"), [say_number(narrator, facts.country.level(k).mean) for k in keys]
        ),
        Column(say("county.table.gap"), [say_number(narrator, gaps[k].value, True) for k in keys]),
        Column(
            say("sector.table.change_interval"), [say_span(narrator, gaps[k].low, gaps[k].high) for k in keys]
        ),
        Column(
            say("county.table.sure"), [say(f"certainty.{gaps[k].certainty}") for k in keys], numeric=False
        ),
    ]
    if facts.members:
        number = narrator.number
        shown = ["; ".join(f"{m.name} {number.score(f.score)}" for m, f in facts.by_name(k)) for k in keys]
        columns.append(Column(say("county.table.shown"), [s or NOTHING for s in shown], numeric=False))
    return write_table(caption, columns)


def tabulate_heat(narrator: Narrator, facts: CountyFacts, keys: Sequence[Key], caption: str) -> Markup:
    """Write the country, the group and the shown organisations in rows, with a column a figure: number, interval, word."""
    say, gaps = narrator.say, facts.group.gaps
    names = [say("county.country"), say("county.group"), *(m.name for m in facts.members)]
    columns = [Column(say("county.table.organisation"), names, numeric=False)]
    for k in keys:
        country, group = facts.country.level(k), facts.group.level(k)
        certainty = gaps[k].certainty if k in gaps else "none"
        cells = [
            _cell(narrator, country.mean, country.own_low, country.own_high, 0),
            _cell(narrator, group.mean, group.own_low, group.own_high, SIGN.get(certainty, 0)),
        ]
        for m in facts.members:
            f = m.figure(k)
            score, low, high = (f.score, f.low, f.high) if f is not None else (None, None, None)
            cells.append(_cell(narrator, score, low, high, compare_to_country(facts, m, k)))
        columns.append(Column(narrator.name(*k), cells, numeric=False))
    return write_table(caption, columns)


def _cell(narrator: Narrator, value: float | None, low: float | None, high: float | None, sign: int) -> str:
    if value is None:
        return narrator.say("county.not_shown")
    words = narrator.number.score(value)
    if low is not None and high is not None:
        words += f" ({narrator.number.interval(low, high)})"
    return f"{words} {narrator.say(f'county.apart.{WORDS[sign]}')}" if sign else words


def tabulate_lacks(narrator: Narrator, facts: CountyFacts, lacks: Sequence[Lack], caption: str) -> Markup:
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


def tabulate_history(narrator: Narrator, history: CountyHistory, caption: str) -> Markup:
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

"""Tables of the national report: levels, changes, years, spread, participation, reliability."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.instrument.lead import begin_large
from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import Bin, PeerGroupFact
from dimios_core.report.narrative import Narrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.national_status.facts import Coverage, Reliability, SpreadPart
from dimios_core.report.reference import Reference
from dimios_core.report.sector.sector_facts import GroupChange, GroupLevel, SectorFacts
from dimios_core.report.sector.wording import (
    say_count,
    say_interval,
    say_number,
    say_span,
    say_status,
)


def name_groups(narrator: Narrator, groups: Sequence[SectorFacts]) -> list[str]:
    """Return the names of groups, with a capital."""
    return [begin_large(narrator.name_group(g.name)) for g in groups]


def tabulate_sector(
    narrator: Narrator,
    names: Sequence[str],
    levels: Sequence[GroupLevel],
    changes: Sequence[GroupChange | None],
    caption: str,
) -> Markup:
    """Write means with both intervals and the changes of the same organisations; a row a name."""
    say = narrator.say
    columns = [
        Column(say("sector.table.figure"), names, numeric=False),
        Column(say("sector.table.organisations"), [say_count(narrator, f.organisations_n) for f in levels]),
        Column(
            say("sector.table.mean"),
            [
                narrator.number.score(f.mean)
                if f.published and f.mean is not None
                else say_status(narrator, f.status)
                for f in levels
            ],
        ),
        Column(say("sector.table.interval"), [say_interval(narrator, f.low, f.high) for f in levels]),
        Column(say("sector.table.own"), [say_interval(narrator, f.own_low, f.own_high) for f in levels]),
    ]
    if any(c is not None for c in changes):
        columns += _change_columns(narrator, changes)
    return write_table(caption, columns)


def _change_columns(narrator: Narrator, changes: Sequence[GroupChange | None]) -> list[Column]:
    say, shown = narrator.say, [c if c is not None and c.published else None for c in changes]
    return [
        Column(
            say("sector.table.change"), [say_number(narrator, c.change if c else None, True) for c in shown]
        ),
        Column(
            say("sector.table.change_interval"),
            [say_span(narrator, c.low, c.high) if c else NOTHING for c in shown],
        ),
        Column(
            say("sector.table.certainty"),
            [say(f"change_certainty.{c.certainty}") if c else NOTHING for c in shown],
            numeric=False,
        ),
    ]


def tabulate_panel(
    narrator: Narrator, facts: SectorFacts, changes: Sequence[GroupChange], caption: str
) -> Markup:
    """Write the means of the same organisations beside those of all that took part, then the change."""
    say, period, previous = narrator.say, facts.period, facts.previous
    columns = [
        Column(say("sector.table.figure"), [narrator.name(c.level, c.key) for c in changes], numeric=False),
        Column(say("sector.table.organisations"), [say_count(narrator, c.organisations_n) for c in changes]),
    ]
    for name, part in (("panel_from", ("mean_from", "mean")), ("plain_from", ("plain_from", "plain"))):
        for when, attribute in zip((previous, period), part, strict=True):
            cells = [say_number(narrator, getattr(c, attribute)) for c in changes]
            columns.append(Column(say(f"sector.table.{name}", period=when), cells))
    return write_table(caption, [*columns, *_change_columns(narrator, changes)])


def tabulate_years(
    narrator: Narrator, years: dict[str, GroupLevel], reference: Reference, caption: str
) -> Markup:
    """Write the means of all periods, then the published figures and targets with their sources."""
    say, number, language = narrator.say, narrator.number, narrator.language
    rows: list[tuple[str, str, str, str, str, str]] = []
    for line in reference.lines:
        kind = say("sector.table.published")
        rows.append((str(line.year), kind, number.whole(line.score), NOTHING, NOTHING, line.source[language]))
    for target in reference.targets:
        for year, score in ((target.from_year, target.from_score), (target.to_year, target.to_score)):
            kind = say("sector.table.target")
            rows.append((str(year), kind, number.whole(score), NOTHING, NOTHING, target.source[language]))
    for period, f in years.items():
        mean = (
            number.percent(f.mean) if f.published and f.mean is not None else say_status(narrator, f.status)
        )
        interval, n = say_interval(narrator, f.low, f.high), say_count(narrator, f.organisations_n)
        rows.append((period, say("sector.table.measured"), mean, interval, n, NOTHING))
    titles = ("period", "kind", "figure", "interval", "organisations", "source")
    numeric = (False, False, True, True, True, False)
    columns = [
        Column(say(f"sector.table.{title}"), [r[i] for r in rows], numeric=numeric[i])
        for i, title in enumerate(titles)
    ]
    return write_table(caption, columns if reference.lines or reference.targets else columns[:-1])


def tabulate_spread(narrator: Narrator, parts: Sequence[SpreadPart], caption: str) -> Markup:
    """Write the shares of the spread with their intervals."""
    say, number = narrator.say, narrator.number
    return write_table(
        caption,
        [
            Column(say("sector.table.part"), [say(f"sector.parts.{p.part}") for p in parts], numeric=False),
            Column(say("sector.table.share"), [number.share(p.share) for p in parts]),
            Column(say("sector.table.change_interval"), [say_shares(narrator, p) for p in parts]),
            Column(
                say("sector.table.organisations"), [say_count(narrator, p.organisations_n) for p in parts]
            ),
        ],
    )


def say_shares(narrator: Narrator, part: SpreadPart) -> str:
    """Return the interval of a share, or a dash."""
    if part.low is None or part.high is None:
        return NOTHING
    return f"{100 * part.low:.0f}–{narrator.number.share(part.high)}"


def tabulate_bins(narrator: Narrator, bins: Sequence[Bin], caption: str) -> Markup:
    """Write how many organisations lie in each part of the scale."""
    say, number = narrator.say, narrator.number
    return write_table(
        caption,
        [
            Column(
                say("sector.table.bin"),
                [say("sector.bin", low=b.low, high=b.high) for b in bins],
                numeric=False,
            ),
            Column(say("sector.table.organisations"), [number.count(b.organisations_n) for b in bins]),
        ],
    )


def tabulate_unknowns(narrator: Narrator, points: Sequence[GroupLevel], caption: str) -> Markup:
    """Write the shares of don't-know of the points."""
    say, number = narrator.say, narrator.number
    return write_table(
        caption,
        [
            Column(say("table.point"), [narrator.name(p.level, p.key) for p in points], numeric=False),
            Column(say("sector.table.dont_know"), [number.share(p.dont_know_share or 0) for p in points]),
        ],
    )


def name_coverage(narrator: Narrator, part: Coverage) -> str:
    """Return what a row of the coverage is called: a type, a county, or all."""
    if part.kind == "type":
        return begin_large(narrator.name_group(PeerGroupFact(f"type:{part.value}", "type", 0)))
    if part.kind == "all":
        return begin_large(narrator.say("sector.everybody"))
    return str(narrator.texts["peers"]["counties"].get(part.value, part.value))


def tabulate_coverage(narrator: Narrator, parts: Sequence[Coverage], caption: str) -> Markup:
    """Write who took part, of how many, and how many of the invited answered."""
    say, number = narrator.say, narrator.number
    return write_table(
        caption,
        [
            Column(say("sector.table.group"), [name_coverage(narrator, p) for p in parts], numeric=False),
            Column(
                say("sector.table.organisations"), [say_count(narrator, p.organisations_n) for p in parts]
            ),
            Column(say("sector.table.frame"), [say_count(narrator, p.frame_n) for p in parts]),
            Column(say("sector.table.respondents"), [say_count(narrator, p.respondents_n) for p in parts]),
            Column(
                say("sector.table.rate"), [NOTHING if p.rate is None else number.share(p.rate) for p in parts]
            ),
        ],
    )


def tabulate_reliability(narrator: Narrator, rows: Sequence[Reliability]) -> Markup:
    """Write the reliability of the categories; values 0-1 with two decimals."""
    say, number = narrator.say, narrator.number
    return write_table(
        say("sector.table.reliability"),
        [
            Column(
                say("sector.table.category"), [narrator.name("category", r.key) for r in rows], numeric=False
            ),
            Column(
                say("sector.table.measure"),
                [say(f"sector.measures.{r.measure}") for r in rows],
                numeric=False,
            ),
            Column(
                say("sector.table.value"),
                [
                    number.coefficient(r.value) if r.value is not None else say_status(narrator, r.status)
                    for r in rows
                ],
            ),
            Column(
                say("sector.table.change_interval"),
                [
                    f"{number.coefficient(r.low)}–{number.coefficient(r.high)}"
                    if r.low is not None and r.high is not None
                    else NOTHING
                    for r in rows
                ],
            ),
            Column(say("sector.table.n"), [say_count(narrator, r.n) for r in rows]),
            Column(say("sector.table.organisations"), [say_count(narrator, r.organisations_n) for r in rows]),
        ],
    )

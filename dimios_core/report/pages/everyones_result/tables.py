"""Data tables of the page on all organisations: every mark of its charts in figures."""

from __future__ import annotations

from collections.abc import Callable

from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, say_score, write_table
from dimios_core.report.figures import Bin, Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.everyones_result.facts import GroupFigure, OtherOrganisation
from dimios_core.report.pages.everyones_result.findings import find_place
from dimios_core.report.pages.everyones_result.similar import Similar
from dimios_core.report.sector.wording import say_span


def tabulate_spread(
    narrator: FactsNarrator, figures: list[Figure], groups: dict[str, GroupFigure], caption: str
) -> Markup:
    """Write own figures beside quartiles, place and counts; one row a figure."""
    number, say = narrator.number, narrator.say
    rows = [(f, groups.get(f.key)) for f in figures]
    columns = [
        Column("", [narrator.name(f.level, f.key) for f in figures], numeric=False),
        Column(say("everyones.table.own"), [say_score(narrator, f) for f in figures]),
        Column(say("everyones.table.own_interval"), [_interval(narrator, f.low, f.high) for f in figures]),
    ]
    picks: dict[str, Callable[[GroupFigure], float | None]] = {
        "q1": lambda g: g.q1,
        "median": lambda g: g.median,
        "q3": lambda g: g.q3,
        "mean": lambda g: g.mean,
    }
    columns += [
        Column(say(f"everyones.table.{name}"), [_figure(narrator, pick(g) if g else None) for _, g in rows])
        for name, pick in picks.items()
    ]
    places = [say(f"everyones.place.{find_place(f, g)}") for f, g in rows]
    columns.append(Column(say("everyones.table.place"), places, numeric=False))
    bins = [
        ", ".join(_tell_bin(b, number.count) for b in g.bins) if g and g.bins else NOTHING for _, g in rows
    ]
    columns.append(Column(say("everyones.table.bins"), bins, numeric=False))
    return write_table(caption, columns)


def tabulate_others(narrator: FactsNarrator, others: list[OtherOrganisation], names: list[str]) -> Markup:
    """Write the organisations that show a figure, in the order given."""
    say = narrator.say
    return write_table(
        say("everyones.table.others"),
        [
            Column(say("everyones.table.organisation"), names, numeric=False),
            Column(
                say("everyones.table.type"), [say(f"everyones.type.{o.type}") for o in others], numeric=False
            ),
            Column(say("table.score"), [_figure(narrator, o.score) for o in others]),
            Column(say("table.interval"), [_interval(narrator, o.low, o.high) for o in others]),
        ],
    )


def tabulate_groups(
    narrator: FactsNarrator, figures: list[GroupFigure], caption: str, first: str, names: list[str]
) -> Markup:
    """Write groups with mean, interval, members and own difference; one without a mean says why."""
    number, say = narrator.number, narrator.say
    gaps = [f.gap if f.gap is not None and f.gap.published else None for f in figures]
    columns = [
        Column(say(f"everyones.table.{first}"), names, numeric=False),
        Column(
            say("everyones.table.mean"),
            [
                _figure(narrator, f.mean)
                if f.mean is not None
                else say(f"everyones.group_status_short.{f.status}")
                for f in figures
            ],
        ),
        Column(say("table.interval"), [_interval(narrator, f.low, f.high) for f in figures]),
        Column(
            say("everyones.table.members"),
            [number.count(f.group.peers_n) if f.group.peers_n else NOTHING for f in figures],
        ),
    ]
    if any(gaps):
        columns += [
            Column(
                say("everyones.table.gap"),
                [number.signed(g.value) if g and g.value is not None else NOTHING for g in gaps],
            ),
            Column(
                say("everyones.table.gap_interval"),
                [say_span(narrator, g.low, g.high) if g else NOTHING for g in gaps],
            ),
            Column(
                say("table.certainty"),
                [say(f"certainty.{g.certainty}") if g else NOTHING for g in gaps],
                numeric=False,
            ),
        ]
    if any(f.mean is None for f in figures):
        reasons = ["" if f.mean is not None else say(f"everyones.group_status.{f.status}") for f in figures]
        columns.append(Column(say("everyones.table.reason"), reasons, numeric=False))
    return write_table(caption, columns)


def tabulate_similar(
    narrator: FactsNarrator, similar: list[Similar], names: list[str], caption: str
) -> Markup:
    """Write the most similar organisations: level before and now, change, distance, what rose."""
    number, say = narrator.number, narrator.say
    others = [s.organisation for s in similar]
    return write_table(
        caption,
        [
            Column(say("everyones.table.organisation"), names, numeric=False),
            Column(say("everyones.table.kind"), [_tell_kind(narrator, o) for o in others], numeric=False),
            Column(
                say("everyones.table.start"),
                [number.score(o.start) if o.change is not None else NOTHING for o in others],
            ),
            Column(say("everyones.table.now"), [number.score(o.score) for o in others]),
            Column(say("table.interval"), [_interval(narrator, o.low, o.high) for o in others]),
            Column(
                say("table.change"),
                [number.signed(o.change) if o.change is not None else NOTHING for o in others],
            ),
            Column(
                say("table.change_certainty"),
                [say(f"change_certainty.{o.certainty}") if o.change is not None else NOTHING for o in others],
                numeric=False,
            ),
            Column(say("everyones.table.distance"), [number.score(s.distance_pp) for s in similar]),
            Column(
                say("everyones.table.rises"),
                [tell_rises(narrator, s) or NOTHING for s in similar],
                numeric=False,
            ),
        ],
    )


def _tell_kind(narrator: FactsNarrator, other: OtherOrganisation) -> str:
    kind = narrator.say(f"everyones.type.{other.type}")
    return f"{kind}, {narrator.say(f'everyones.size.{other.size}')}" if other.size else kind


def tell_rises(narrator: FactsNarrator, one: Similar, most_n: int | None = None) -> str:
    """Return what rose for certain, at most `most_n` of it, as words in a row; "" for nothing."""
    names = [narrator.name(*k, running=True) for k in one.rises[:most_n]]
    return narrator.number.listed(names) if names else ""


def name_others(narrator: FactsNarrator, others: list[OtherOrganisation]) -> list[str]:
    """Name organisations: by name, or "Kommun X", "Kommun Y" and so on, counted from X within each type."""
    counts: dict[str, int] = {}
    names = []
    for other in others:
        if other.name:
            names.append(other.name)
            continue
        i = counts[other.type] = counts.get(other.type, -1) + 1
        letter = "XYZ"[i % 3] + (str(i // 3 + 1) if i >= 3 else "")
        names.append(f"{narrator.say(f'everyones.anonymous.{other.type}')} {letter}")
    return names


def _figure(narrator: FactsNarrator, value: float | None) -> str:
    return NOTHING if value is None else narrator.number.score(value)


def _interval(narrator: FactsNarrator, low: float | None, high: float | None) -> str:
    return NOTHING if low is None or high is None else narrator.number.interval(low, high)


def _tell_bin(one: Bin, count: Callable[[int], str]) -> str:
    return f"{one.low:.0f}–{one.high:.0f}: {count(one.organisations_n)}"

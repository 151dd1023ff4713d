"""Tables of an organisation's own result: the same figures as its charts, with the reasons."""

from __future__ import annotations

from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, say_score, say_unknown, write_table
from dimios_core.report.figures import Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.organisation_facts import History
from dimios_core.report.pages.our_result.facts import PeerPosition


def tabulate_figures(narrator: FactsNarrator, figures: list[Figure], caption: str) -> Markup:
    """Write figures of one level beside the peers' means, with intervals, certainty and don't-know shares.

    A figure that is not published says why in its own place.
    """
    facts, say, number = narrator.facts, narrator.say, narrator.number
    level = figures[0].level
    columns = [
        Column(say(f"table.{level}"), [narrator.name(level, f.key) for f in figures], numeric=False),
        Column(say("table.score"), [say_score(narrator, f) for f in figures]),
        Column(
            say("table.interval"),
            [
                number.interval(f.low, f.high) if f.low is not None and f.high is not None else NOTHING
                for f in figures
            ],
        ),
    ]
    if facts.group is not None:
        gaps = [facts.gaps.get((level, f.key)) for f in figures]
        columns += [
            Column(
                say("table.benchmark", group=facts.group),
                [number.score(g.reference) if g and g.reference is not None else NOTHING for g in gaps],
            ),
            Column(
                say("table.gap"),
                [number.signed(g.value) if g and g.value is not None else NOTHING for g in gaps],
            ),
            Column(
                say("table.certainty"),
                [say(f"certainty.{g.certainty}") if g and g.published else NOTHING for g in gaps],
                numeric=False,
            ),
        ]
    if level == "point":
        columns.append(
            Column(
                say("table.dont_know"),
                [say_unknown(narrator, f) for f in figures],
            )
        )
    columns.append(
        Column(say("table.n"), [number.count(f.n) if f.n is not None else NOTHING for f in figures])
    )
    return write_table(caption, columns)


def tabulate_changes(narrator: FactsNarrator, figures: list[Figure], caption: str) -> Markup:
    """Write the changes of figures since the period before, with intervals and certainty."""
    facts, number, say = narrator.facts, narrator.number, narrator.say
    changes = [facts.changes.get((f.level, f.key)) for f in figures]
    return write_table(
        caption,
        [
            Column("", [narrator.name(f.level, f.key) for f in figures], numeric=False),
            Column(
                say("table.change"),
                [number.signed(c.value) if c and c.value is not None else NOTHING for c in changes],
            ),
            Column(
                say("table.interval"),
                [
                    say("internal.to", low=c.low, high=c.high)
                    if c and c.low is not None and c.high is not None
                    else NOTHING
                    for c in changes
                ],
            ),
            Column(
                say("table.change_certainty"),
                [say(f"change_certainty.{c.certainty}") if c and c.published else NOTHING for c in changes],
                numeric=False,
            ),
        ],
    )


def tabulate_dont_know(narrator: FactsNarrator, figures: list[Figure], caption: str) -> Markup:
    """Write the shares of don't-know."""
    number, say = narrator.number, narrator.say
    return write_table(
        caption,
        [
            Column(say("table.point"), [narrator.name(f.level, f.key) for f in figures], numeric=False),
            Column(say("table.dont_know"), [say_unknown(narrator, f) for f in figures]),
            Column(
                say("table.answered"), [number.count(f.n) if f.n is not None else NOTHING for f in figures]
            ),
        ],
    )


def tabulate_positions(
    narrator: FactsNarrator, history: History, peers: list[PeerPosition], caption: str
) -> Markup:
    """Write own positions over the periods, then the peers that show theirs by name."""
    number = narrator.number
    plane = narrator.facts.instrument.quadrants
    assert plane is not None
    own = [
        (f"{narrator.say('chart.quadrant_you')} {p}", history.positions[p])
        for p in history.until(narrator.facts.period)
        if p in history.positions
    ]
    places = [
        (name, p.across, p.upwards) for name, p in own if p.across is not None and p.upwards is not None
    ]
    places += sorted((p.name, p.across, p.upwards) for p in peers if p.name)
    return write_table(
        caption,
        [
            Column("", [name for name, _, _ in places], numeric=False),
            Column(narrator.name("dimension", plane.across), [number.score(a) for _, a, _ in places]),
            Column(narrator.name("dimension", plane.upwards), [number.score(u) for _, _, u in places]),
        ],
    )

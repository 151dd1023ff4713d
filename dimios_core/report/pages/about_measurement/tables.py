"""Tables of the page on how the measurement was made: the same figures as its charts, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.figures import Comparison, Key
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.about_measurement.facts import OTHER_WEIGHTINGS, Coefficient

if TYPE_CHECKING:
    from dimios_core.report.pages.about_measurement.findings import AboutNarrator


def tabulate_reliability(narrator: AboutNarrator, categories: Sequence[str], caption: str) -> Markup:
    """Write the measures of every category: one row a measure, with what it rests on."""
    about, number, say = narrator.about, narrator.number, narrator.say
    rows: list[tuple[str, str, Coefficient | None]] = []
    for key in categories:
        name = narrator.name("category", key)
        measures = [
            (m, c)
            for m in ("alpha", "omega", "spearman_brown", "icc1", "icc2")
            if (c := about.coefficients.get((key, m))) is not None
        ]
        rows += [(name, say(f"about.measures.{m}"), c) for m, c in measures] or [(name, NOTHING, None)]

    def interval(c: Coefficient | None) -> str:
        if c is None or c.low is None or c.high is None:
            return NOTHING
        return say("about.to", low=number.coefficient(c.low), high=number.coefficient(c.high))

    def basis(c: Coefficient | None) -> str:
        if c is None:
            return say("about.reliability_missing")
        kind = "own" if c.own else "pooled"
        return say(f"about.basis.{kind}", n=c.n, organisations_n=c.organisations_n or 0)

    return write_table(
        caption,
        [
            Column(say("table.category"), [r[0] for r in rows], numeric=False),
            Column(say("about.measure"), [r[1] for r in rows], numeric=False),
            Column(say("about.value"), [number.coefficient(c.value) if c else NOTHING for _, _, c in rows]),
            Column(say("table.interval"), [interval(c) for _, _, c in rows]),
            Column(say("about.points_n"), [number.count(c.points_n) if c else NOTHING for _, _, c in rows]),
            Column(say("about.rests_on"), [basis(c) for _, _, c in rows], numeric=False),
        ],
    )


def say_span(narrator: AboutNarrator, c: Comparison | None) -> str:
    """Return the interval of a difference, with signs; a dash where there is none."""
    if c is None or c.low is None or c.high is None:
        return NOTHING
    return narrator.say("internal.to", low=c.low, high=c.high)


def say_change(narrator: AboutNarrator, c: Comparison | None) -> str:
    """Write a change with its sign; why there is none where it is not published."""
    if c is None:
        return NOTHING
    return narrator.number.signed(c.value) if c.value is not None else narrator.say(f"status.{c.status}")


def tabulate_role_mix(narrator: AboutNarrator, keys: Sequence[Key], caption: str) -> Markup:
    """Write the plain change beside the standardised one."""
    say, number, mix = narrator.say, narrator.number, narrator.about.role_mix
    assert mix is not None
    found = [(c.still, c.plain) if (c := mix.changes.get(k)) else (None, None) for k in keys]

    return write_table(
        caption,
        [
            Column("", [narrator.name(*k) for k in keys], numeric=False),
            Column(say("about.plain"), [number.signed(p) if p is not None else NOTHING for _, p in found]),
            Column(say("about.standardised"), [say_change(narrator, c) for c, _ in found]),
            Column(say("table.interval"), [say_span(narrator, c) for c, _ in found]),
        ],
    )


def tabulate_weightings(narrator: AboutNarrator, keys: Sequence[Key], caption: str) -> Markup:
    """Write what every weighting gives, beside the interval of the model's own."""
    say, number, about, facts = narrator.say, narrator.number, narrator.about, narrator.facts

    def score(key: Key, weighting: str) -> str:
        value = about.weightings.get((key, weighting))
        if value is not None:
            return number.score(value)
        status = facts.figures[key].status
        return say(f"status.{status}") if weighting == "model" and status != "published" else NOTHING

    def interval(key: Key) -> str:
        f = facts.figures[key]
        return number.interval(f.low, f.high) if f.low is not None and f.high is not None else NOTHING

    columns = [
        Column("", [narrator.name(*k) for k in keys], numeric=False),
        Column(say("about.weightings.model"), [score(k, "model") for k in keys]),
        Column(say("table.interval"), [interval(k) for k in keys]),
    ]
    columns += [Column(say(f"about.weightings.{w}"), [score(k, w) for k in keys]) for w in OTHER_WEIGHTINGS]
    return write_table(caption, columns)

"""Tables of the page of suggestions: how planned points moved, and what is known of initiatives."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.markup import Markup
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.next_steps.initiatives import Evidence
from dimios_core.report.numbers import NOTHING
from dimios_core.report.pages.improvements.facts import ImprovementFacts
from dimios_core.report.pages.improvements.findings import ImprovementNarrator, InitiativeNarrator


def tabulate_outcomes(narrator: ImprovementNarrator, own: ImprovementFacts, caption: str) -> Markup:
    """Write every plan's point before and now, with the change."""
    say, number, plans = narrator.say, narrator.number, own.followed

    def level(figure: object) -> str:
        score = getattr(figure, "score", None)
        return number.score(score) if score is not None else NOTHING

    return write_table(
        caption,
        [
            Column(say("improve.what"), [p.what for p in plans], numeric=False),
            Column(say("table.point"), [narrator.name("point", p.point) for p in plans], numeric=False),
            Column(say("improve.before"), [level(p.before) for p in plans]),
            Column(say("improve.now"), [level(p.now) for p in plans]),
            Column(
                say("table.change"),
                [
                    number.signed(p.change.value) if p.change and p.change.value is not None else NOTHING
                    for p in plans
                ],
            ),
            Column(
                say("table.interval"),
                [
                    say("improve.to", low=p.change.low, high=p.change.high)
                    if p.change and p.change.low is not None
                    else NOTHING
                    for p in plans
                ],
            ),
            Column(
                say("table.change_certainty"),
                [
                    say(f"change_certainty.{p.change.certainty}")
                    if p.change and p.change.published
                    else NOTHING
                    for p in plans
                ],
                numeric=False,
            ),
        ],
    )


def tabulate_evidence(
    narrator: InitiativeNarrator, everything: Sequence[Evidence], caption: str, level: str = "point"
) -> Markup:
    """Write how much more points rose with an initiative than without, and the check; why there is none where so.

    `level` says what the evidence is about: measure points ("point"), or kinds of initiatives ("kind").
    """
    say, number = narrator.say, narrator.number

    def span(low: float | None, high: float | None) -> str:
        return say("improve.to", low=low, high=high) if low is not None and high is not None else NOTHING

    return write_table(
        caption,
        [
            Column(
                say("table.point") if level == "point" else say("improve.kind"),
                [narrator.name(level, e.about) for e in everything],
                numeric=False,
            ),
            Column(say("improve.pairs"), [number.count(e.pairs_n) for e in everything]),
            Column(
                say("improve.more"),
                [
                    number.signed(e.difference.value)
                    if e.difference.value is not None
                    else say("improve.withheld" if e.withheld else "improve.not_yet")
                    for e in everything
                ],
            ),
            Column(say("table.interval"), [span(e.difference.low, e.difference.high) for e in everything]),
            Column(
                say("table.certainty"),
                [say(f"certainty.{e.difference.certainty}") if e.published else NOTHING for e in everything],
                numeric=False,
            ),
            Column(
                say("improve.check"),
                [
                    f"{number.signed(e.check.value)} ({span(e.check.low, e.check.high)})"
                    if e.check.value is not None
                    else NOTHING
                    for e in everything
                ],
            ),
        ],
    )

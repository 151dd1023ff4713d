"""Tables of figures as accessible HTML: a caption, header cells with scope, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dimios_core.markup import Markup, attributes, join, markup, markup_each, write_rows
from dimios_core.published.conventions import DONT_KNOW_MOST
from dimios_core.report.figures import Figure
from dimios_core.report.narrative import FactsNarrator
from dimios_core.report.numbers import NOTHING
from dimios_core.report.organisation_facts import History

NUMERIC, PLAIN = attributes(class_="n"), attributes()


@dataclass(frozen=True)
class Column:
    """A column of a table; `numeric` ones are set to the right."""

    title: str
    cells: Sequence[str]
    numeric: bool = True


def write_table(caption: str, columns: Sequence[Column], css: str = "facts") -> Markup:
    """Write a table; the first column holds the row headers.

    Parameters
    ----------
    caption : str
    columns : sequence of Column
        All with the same number of cells, plain text.
    css : str
        Classes: "facts fill" for a table with cells to write in by hand.

    Returns
    -------
    Markup
        One `<table>` element.
    """
    kinds = [NUMERIC if c.numeric else PLAIN for c in columns]
    return markup(
        '<table class="{}"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        css,
        caption,
        join(markup_each('<th scope="col"{}>{}</th>', kinds, [c.title for c in columns])),
        write_rows([c.cells for c in columns], [c.numeric for c in columns[1:]]),
    )


def say_unknown(narrator: FactsNarrator, figure: Figure) -> str:
    """Return a figure's share of don't-know as it is shown: whole percent, a bound where nearly all said so, or nothing."""
    share = figure.dont_know_share
    if share is None:
        return NOTHING
    return (
        narrator.say("dont_know_most", share=share)
        if share >= DONT_KNOW_MOST
        else narrator.number.share(share)
    )


def say_score(narrator: FactsNarrator, figure: Figure) -> str:
    """Return a figure's score as it is shown: a number, a bound, or why there is none."""
    if not figure.published or figure.score is None:
        return narrator.say(f"status.{figure.status}")
    if figure.bound:
        return narrator.say(f"bound.{figure.bound}", value=figure.score)
    return narrator.number.score(figure.score)


def tabulate_history(
    narrator: FactsNarrator, history: History, keys: list[tuple[str, str]], caption: str
) -> Markup:
    """Write the scores of some figures over the periods, with intervals; one row a figure and period."""
    number, say = narrator.number, narrator.say
    rows = [(k, p, history.figures.get((p, *k))) for k in keys for p in history.until(narrator.facts.period)]
    shown = [(k, p, f) for k, p, f in rows if f is not None]
    return write_table(
        caption,
        [
            Column("", [narrator.name(*k) for k, _, _ in shown], numeric=False),
            Column(say("table.period"), [p for _, p, _ in shown], numeric=False),
            Column(say("table.score"), [say_score(narrator, f) for _, _, f in shown]),
            Column(
                say("table.interval"),
                [
                    number.interval(f.low, f.high) if f.low is not None and f.high is not None else NOTHING
                    for _, _, f in shown
                ],
            ),
        ],
    )

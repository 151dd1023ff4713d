"""Tables of facts as accessible HTML: a caption, header cells with scope, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dimios_core.report.facts import Figure
from dimios_core.report.narrative import Narrator


@dataclass(frozen=True)
class Column:
    """A column of a table; `numeric` ones are set to the right."""

    title: str
    cells: Sequence[str]
    numeric: bool = True


def write_table(caption: str, columns: Sequence[Column]) -> str:
    """Write a table; the first column holds the row headers.

    Parameters
    ----------
    caption : str
    columns : sequence of Column
        All with the same number of cells, plain text.

    Returns
    -------
    str
        One `<table>` element.
    """
    head = "".join(f'<th scope="col"{_css(c)}>{escape(c.title)}</th>' for c in columns)
    body = []
    for row in zip(*(c.cells for c in columns), strict=True):
        first, *rest = row
        cells = "".join(f"<td{_css(c)}>{escape(v)}</td>" for c, v in zip(columns[1:], rest, strict=True))
        body.append(f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>')
    return (
        f'<table class="facts"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def _css(column: Column) -> str:
    return ' class="n"' if column.numeric else ""


def tabulate_figures(narrator: Narrator, figures: list[Figure], caption: str) -> str:
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
                number.interval(f.low, f.high) if f.low is not None and f.high is not None else "–"
                for f in figures
            ],
        ),
    ]
    if facts.group is not None:
        gaps = [facts.gaps.get((level, f.key)) for f in figures]
        columns += [
            Column(
                say("table.benchmark", group=facts.group),
                [number.score(g.reference) if g and g.reference is not None else "–" for g in gaps],
            ),
            Column(
                say("table.gap"), [number.signed(g.value) if g and g.value is not None else "–" for g in gaps]
            ),
            Column(
                say("table.certainty"),
                [say(f"certainty.{g.certainty}") if g and g.published else "–" for g in gaps],
                numeric=False,
            ),
        ]
    if level == "point":
        columns.append(
            Column(
                say("table.dont_know"),
                [number.share(f.dont_know_share) if f.dont_know_share is not None else "–" for f in figures],
            )
        )
    columns.append(Column(say("table.n"), [number.count(f.n) if f.n is not None else "–" for f in figures]))
    return write_table(caption, columns)


def say_score(narrator: Narrator, figure: Figure) -> str:
    """Return a figure's score as it is shown: a number, a bound, or why there is none."""
    if not figure.published or figure.score is None:
        return narrator.say(f"status.{figure.status}")
    if figure.bound:
        return narrator.say(f"bound.{figure.bound}", value=figure.score)
    return narrator.number.score(figure.score)

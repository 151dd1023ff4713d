"""The next steps as HTML: a section of a page, and all that stands on a sheet to act on."""

from __future__ import annotations

from dimios_core.markup import Markup, join, markup
from dimios_core.report.data_tables import Column, write_table
from dimios_core.report.next_steps.telling import StepsTelling

#: empty lines for what else is decided
EMPTY_N = 2
#: by which a sheet is found among a page's pieces
CSS = "next-steps"


def write_sheet(told: StepsTelling, explain: dict[str, Markup]) -> Markup:
    """Write priorities, questions and decisions.

    Parameters
    ----------
    told : StepsTelling
    explain : dict of point -> HTML
        What explains a measure point where it is named; "" or missing for nothing.
    """
    say, steps = told.narrator.say, told.steps
    html = markup('<p class="answer">{}</p>', say("next.lead", n=len(steps.priorities)))
    for number, priority in enumerate(steps.priorities, start=1):
        rows = [(say("next.reason"), told.why(priority)), told.do(priority), told.others(priority)]
        lines = join(markup("<dt>{}</dt><dd>{}</dd>", k, v) for k, v in rows if v)
        html += markup("<h3>{}. {}</h3>{}", number, told.title(priority), explain.get(priority.point, ""))
        html += markup('<dl class="steps">{}</dl>', lines)
    asked = join(markup("<li>{}</li>", told.ask(q)) for q in steps.questions)
    html += markup('<h3 class="part">{}</h3><ol class="plain">{}</ol>', say("next.questions"), asked)
    return markup('<div class="{}">{}{}</div>', CSS, html, _write_decisions(told))


def _write_decisions(told: StepsTelling) -> Markup:
    """Write a line a priority, with who and when where that is known, and empty ones."""
    say, priorities = told.narrator.say, told.steps.priorities
    rows = [(told.short_title(p), told.who(p), told.when(p)) for p in priorities]
    rows += [("", "", "")] * EMPTY_N
    numbers = [str(n) for n, _ in enumerate(rows, start=1)]
    columns = [Column(say("next.number"), numbers, numeric=False)]
    for name, cells in zip(("what", "who", "when"), zip(*rows, strict=True), strict=True):
        columns.append(Column(say(f"next.decide.{name}"), cells, numeric=False))
    return write_table(say("next.decisions"), columns, css="facts fill")

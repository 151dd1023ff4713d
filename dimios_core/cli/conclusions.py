"""`dimios conclusions`: what organisations conclude themselves, in their own words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import Organisation, OutputsFolder

conclusions = typer.Typer(no_args_is_help=True, help="Conclusions that organisations write themselves.")
app.add_typer(conclusions, name="conclusions")

Whose = Annotated[str, typer.Option("--organisation", "-o", help="The organisation's id.")]
Period = Annotated[
    str, typer.Option("--period", "-p", help="The measurement that they are about, such as 2026.")
]


@conclusions.command("add")
def add_conclusions_command(
    file: Annotated[
        Path, typer.Argument(help="A Markdown file: headings, paragraphs, lists, bold, italic, links.")
    ],
    organisation: Whose,
    period: Period,
    by: Annotated[str, typer.Option(help="Who in the organisation stands for them.")],
    date: Annotated[str, typer.Option(help="When they were written, such as 2026-11-20.")],
    outputs: OutputsFolder = None,
) -> None:
    """Store an organisation's conclusions; they take the place of those of the same period."""
    made = open_project(outputs).conclusions.add(file, organisation, period, by=by, date=date)
    say(f"{made} Next: dimios score")


@conclusions.command("list")
def list_conclusions_command(organisation: Organisation = None, outputs: OutputsFolder = None) -> None:
    """List stored conclusions: organisation, period, date, who."""
    stored = open_project(outputs).conclusions.list(organisation)
    for row in stored[["organisation", "period", "date", "written_by"]].itertuples(index=False):
        typer.echo("  ".join(row))
    say(f"{len(stored)} conclusions.")


@conclusions.command("remove")
def remove_conclusions_command(organisation: Whose, period: Period, outputs: OutputsFolder = None) -> None:
    """Take an organisation's conclusions of a period away."""
    say(f"{open_project(outputs).conclusions.remove(organisation, period)} Next: dimios score")

"""`dimios export`: the same published figures as files to take along, and as open data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import (
    FORMATS_HELP,
    Counties,
    Language,
    Organisations,
    OutputsFolder,
    Period,
    Suites,
    Template,
    Workers,
)

export = typer.Typer(invoke_without_command=True)
app.add_typer(export, name="export")


@export.callback()
def export_reports(
    context: typer.Context,
    to: Annotated[str, typer.Option(help=FORMATS_HELP)] = "html,pdf,pptx,xlsx",
    organisation: Organisations = None,
    period: Period = "latest",
    language: Language = "sv",
    suite: Suites = None,
    county: Counties = None,
    template: Template = None,
    workers: Workers = None,
    outputs: OutputsFolder = None,
) -> None:
    """Write results as files to take along: the whole report as one HTML file and as PDF, slides, a workbook.

    HTML and PDF are made of the reports that dimios report has made, slides and workbook of the published results.
    """
    if context.invoked_subcommand is not None:
        return
    made = open_project(outputs, workers=workers).export(
        to,
        organisation or (),
        counties=county or (),
        suites=suite or (),
        period=period,
        language=language,
        template=template,
    )
    say(made)
    leave(made.exit_code)
    say("Next: dimios audit, which reads them too, before you hand them out")


@export.command("data")
def export_data(
    level: Annotated[
        str,
        typer.Option(
            help="published: figures about groups, for everybody. research: coarsened answers, for one purpose."
        ),
    ] = "published",
    to: Annotated[
        Path | None, typer.Option(help="The package's folder. Default: below exports/data of outputs.")
    ] = None,
    license_id: Annotated[
        str, typer.Option("--license", help="Of published figures: CC-BY-4.0 or CC0-1.0.")
    ] = "CC-BY-4.0",
    purpose: Annotated[str, typer.Option(help="What answers are for; stands in the package.")] = "",
    accepted: Annotated[
        bool,
        typer.Option("--i-accept-the-data-use-statement", help="Answers leave only on these conditions."),
    ] = False,
    outputs: OutputsFolder = None,
) -> None:
    """Write a Frictionless Data Package: CSV and Parquet with a description of every column.

    The level research needs --purpose and --i-accept-the-data-use-statement; without them it shows the statement.
    """
    project = open_project(outputs)
    if level == "research" and not accepted:
        typer.echo(project.data_use_statement)
    say(project.export_data(level, to, license_id=license_id, purpose=purpose, accepted=accepted))

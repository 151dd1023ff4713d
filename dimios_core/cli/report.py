"""`dimios report`: run the notebooks of a suite for many organisations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import (
    FORMATS_HELP,
    Cluster,
    Counties,
    Language,
    Organisations,
    OutputsFolder,
    Period,
    Suites,
    Template,
)
from dimios_core.project.limits import Limits


@app.command()
def report(
    organisation: Organisations = None,
    period: Period = "latest",
    language: Language = "sv",
    workers: Annotated[
        int, typer.Option(min=0, help="Notebooks at a time. Default: as many as there are processors.")
    ] = 0,
    outputs: OutputsFolder = None,
    suite: Suites = None,
    county: Counties = None,
    notebook: Annotated[
        Path | None,
        typer.Option(
            help="One notebook of your own instead of a suite, from notebooks/ (docs/own-reports.md)."
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", "-p", help="name=value for the notebook of your own; repeat for several."
        ),
    ] = None,
    no_page: Annotated[
        bool, typer.Option("--no-page", help="The notebook of your own makes no page; it may lie anywhere.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=1.0, help="Seconds that one notebook may take.")
    ] = Limits.seconds,
    memory: Annotated[
        int, typer.Option(min=50, help="Megabytes of its own that one notebook may use (Linux).")
    ] = Limits.memory_mb,
    force: Annotated[
        bool, typer.Option("--force", help="Run everything again, unchanged reports too.")
    ] = False,
    cluster: Cluster = None,
    to: Annotated[str, typer.Option(help=f"Files to take along, made afterwards. {FORMATS_HELP}")] = "",
    template: Template = None,
) -> None:
    """Make reports: run the notebooks of a suite for the organisations and the period asked for.

    Reports that would come out the same are left alone. A batch that was stopped goes on where it was when the
    same command is given again.
    """
    from dimios_core.project.interrupted import Interrupted

    project = open_project(outputs, workers=workers, cluster=cluster)
    try:
        made = project.report(
            organisation or (),
            counties=county or (),
            suites=suite or (),
            period=period,
            language=language,
            notebook=notebook,
            parameters=parameter or (),
            page=not no_page,
            to=to,
            template=template,
            force=force,
            limits=Limits(timeout, memory),
        )
    except Interrupted as stopped:
        made = stopped.summary
    say(made)
    leave(made.exit_code)
    say("Next: dimios serve")

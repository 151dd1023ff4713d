"""`dimios serve`: show the reports on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, console
from dimios_core.errors import InputError, Problem
from dimios_core.places import outputs_dir, project_root

DEFAULT_PORT = 8866


@app.command()
def serve(
    outputs: Annotated[
        Path | None, typer.Option(help="The outputs folder. Default: outputs/ of the project.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")
    ] = DEFAULT_PORT,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Show the reports, live, on this machine only (127.0.0.1), behind a token."""
    from dimios_core.page.index import OrganisationLabel
    from dimios_core.runner.jobs import published_organisations
    from dimios_core.serve import bind_loopback, make_server

    place = outputs_dir(outputs)
    results, reports = place / "results", place / "reports"

    def labels() -> dict[str, OrganisationLabel]:
        return {o.id: OrganisationLabel(o.name, o.demo) for o in published_organisations(results)}

    labels()  # a damaged results folder is told now
    if not any(reports.glob("*/*/*/*.ipynb")):
        raise InputError(
            Problem(str(reports), "there are no reports", "run `dimios report`, which makes them")
        )

    def on_ready(address: str) -> None:
        console.print("Reports are served at the address below, to this machine only. Stop with Ctrl-C.")
        typer.echo(address)

    server = make_server(
        reports,
        labels,
        bind_loopback(port),
        results=results,
        project=project_root(),
        on_ready=on_ready,
        browser=browser,
    )
    server.start()
    console.print("Stopped.")

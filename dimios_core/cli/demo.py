"""`dimios demo`: the made-up consortium, from raw files through the same steps as real answers."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import OutputsFolder
from dimios_core.project.making import DEMO_SEED


@app.command()
def demo(
    outputs: OutputsFolder = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same demo.")] = DEMO_SEED,
    reports: Annotated[bool, typer.Option(help="Make the reports, too.")] = True,
    collect: Annotated[
        bool,
        typer.Option(
            "--collect", help="One organisation instead, whose staff answers the form (dimios collect)."
        ),
    ] = False,
) -> None:
    """Make 60 fictitious organisations and take their survey exports through the whole line."""
    from dimios_core.project.interrupted import Interrupted

    project, started = open_project(outputs), time.monotonic()
    say(f"Demo data, fictitious organisations (seed {seed}) → {project.outputs}")
    try:
        made = project.demo(seed, reports=reports, collect=collect)
    except Interrupted as stopped:
        say(stopped.summary)
        raise typer.Exit(stopped.summary.exit_code) from None
    say(made)
    if made.reports is None:
        say("\nNext: dimios report")
        return
    say(f"The whole demo took {time.monotonic() - started:.0f} s.")
    leave(made.reports.exit_code)
    say("Open them: make serve (or dimios serve), and follow the link it prints.")

"""The root of the command line: the app that the command modules register on, and `main`."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from rich.console import Console

from dimios_core import Project, __version__
from dimios_core.errors import EXIT_INPUT, DimiosError, InputError
from dimios_core.project.bars import TerminalBars

PROBLEMS_SHOWN = 200

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From raw survey answers to reports on digital maturity.",
)
#: messages to the person at the keyboard go to stderr; what a program may read goes to stdout
console = Console(stderr=True, highlight=False)


def say(text: object) -> None:
    """Say something to the person at the keyboard, as it is written."""
    console.print(str(text), markup=False, soft_wrap=True)


def open_project(
    outputs: Path | None,
    instrument: Path | str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
) -> Project:
    """Return the project of an outputs folder, with bars that show how far it is."""
    bars = TerminalBars(console)
    return Project(outputs, instrument, workers=workers or None, cluster=cluster, progress=bars)


def leave(code: int) -> None:
    """End the command with an exit code, unless all is well."""
    if code:
        raise typer.Exit(code)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"dimios {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """From raw survey answers to reports on digital maturity."""


def main() -> None:
    """Run the command line; what a user can mend is shown without a traceback, exit code 2."""
    try:
        app()
    except InputError as error:
        for problem in error.problems[:PROBLEMS_SHOWN]:
            say(problem)
        if hidden := len(error.problems[PROBLEMS_SHOWN:]):
            say(f"… and {hidden} more of other kinds.")
        sys.exit(EXIT_INPUT)
    except DimiosError as error:
        say(error)
        sys.exit(EXIT_INPUT)

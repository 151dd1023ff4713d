"""The root of the command line: the app that the command modules register on, and `main`."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from dimios_core import __version__
from dimios_core.errors import EXIT_INPUT, DimiosError, InputError

PROBLEMS_SHOWN = 200

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From raw survey answers to reports on digital maturity.",
)
#: messages to the person at the keyboard go to stderr; what a program may read goes to stdout
console = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Say something to the person at the keyboard, as it is written."""
    console.print(text, markup=False, soft_wrap=True)


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
            console.print(str(problem), markup=False, soft_wrap=True)
        hidden = error.found - min(len(error.problems), PROBLEMS_SHOWN)
        if hidden > 0:
            console.print(f"… and {hidden} more.")
        sys.exit(EXIT_INPUT)
    except DimiosError as error:
        console.print(str(error), markup=False, soft_wrap=True)
        sys.exit(EXIT_INPUT)

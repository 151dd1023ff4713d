"""`dimios compare`: two or three organisations that share their result by name, beside each other."""

from __future__ import annotations

from typing import Annotated

import typer

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import Language, OutputsFolder


@app.command()
def compare(
    organisations: Annotated[
        list[str],
        typer.Argument(help="Two or three organisations' ids; each has to share its result by name."),
    ],
    period: Annotated[
        str, typer.Option(help="A period, or 'latest': the latest one with public results.")
    ] = "latest",
    language: Language = "sv",
    outputs: OutputsFolder = None,
) -> None:
    """Make a page that sets two or three organisations beside each other: what differs, and whether that is certain.

    Nothing is used but what they have chosen to publish by name. The page is for those who may see all organisations.
    """
    made = open_project(outputs).compare(*organisations, period=period, language=language)
    say(made)
    leave(made.exit_code)

"""`dimios init`: a project of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, say


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.")]) -> None:
    """Write a project of your own: notebooks, suites and other parameters to edit.

    Commands given in that folder, or below it, use it instead of what came with the program.
    """
    from dimios_core.project.starting import start_project

    place = start_project(folder)
    say(f"Notebooks, suites, instruments and mappings to edit: {place}")
    say(f"Next: cd {place}, then dimios demo, or dimios register with your own register")

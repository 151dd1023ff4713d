"""`dimios train material`, `kit` and `effect`: what a trainer prints and shows, and how a training went."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import open_project, say
from dimios_core.cli.options import Language, Model, OutputsFolder
from dimios_core.cli.train import train

To = Annotated[
    Path | None, typer.Option(help="The folder. Default: training/ of outputs, a folder a language.")
]


@train.command("material")
def write_material_command(
    week: Annotated[
        list[int] | None, typer.Option(help="A week's number; repeat for several. Default: all.")
    ] = None,
    language: Language = "sv",
    to: To = None,
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Write a guide for the facilitator, a script to record and slides with notes, for each week."""
    say(open_project(outputs, instrument).seminars.write_material(week or (), language=language, to=to))
    say("Next: dimios train kit, for what lies on the table")


@train.command("kit")
def write_kit_command(
    language: Language = "sv", to: To = None, instrument: Model = "dimios", outputs: OutputsFolder = None
) -> None:
    """Write what a group measures and works with: statement cards, plain words, sheets to draw on, forms."""
    say(open_project(outputs, instrument).seminars.write_kit(language=language, to=to))
    say("Next: print them; docs/training.md tells how they are used")


@train.command("effect")
def compare_groups_command(
    before: Annotated[Path, typer.Argument(help="Counts before the training: CSV or XLSX.")],
    after: Annotated[Path, typer.Argument(help="Counts after it.")],
    language: Language = "sv",
    to: Annotated[Path | None, typer.Option(help="A PDF to write it to.")] = None,
    outputs: OutputsFolder = None,
) -> None:
    """Tell how a group's answers differ before and after a training; nothing of fewer than five people.

    The counts are those of the form that dimios train kit writes.
    """
    typer.echo(str(open_project(outputs).seminars.compare_groups(before, after, language=language, to=to)))

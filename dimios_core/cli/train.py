"""`dimios train`: the training's pages."""

from __future__ import annotations

import typer

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import Language, Organisations, OutputsFolder, Period

train = typer.Typer(no_args_is_help=True, help="The training: weeks of reading, questions and reflections.")
app.add_typer(train, name="train")


@train.command("build")
def build_training_command(
    organisation: Organisations = None,
    period: Period = "latest",
    language: Language = "sv",
    outputs: OutputsFolder = None,
) -> None:
    """Make the training's pages on the results there are: five weeks, between measurements, measuring together.

    Pages that would come out the same are left alone. They are listed and served beside the reports.
    """
    from dimios_core.project.interrupted import Interrupted

    try:
        made = open_project(outputs).train(organisation or (), period=period, language=language)
    except Interrupted as stopped:
        made = stopped.summary
    say(made)
    leave(made.exit_code)
    say("Next: dimios serve")

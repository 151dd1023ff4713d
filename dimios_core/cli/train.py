"""`dimios train`: what the method is taught with."""

from __future__ import annotations

import typer

from dimios_core.cli.app import app

train = typer.Typer(no_args_is_help=True, help="Training in the method.")
app.add_typer(train, name="train")

"""`dimios score` and `dimios audit`."""

from __future__ import annotations

from dimios_core.cli.app import app, leave, open_project, say
from dimios_core.cli.options import Cluster, Model, OutputsFolder, Workers


@app.command()
def score(
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Score all responses, decide what may be published, audit it, and publish it to results/."""
    say(open_project(outputs, instrument, workers, cluster).score())
    say("Next: dimios report")


@app.command()
def audit(outputs: OutputsFolder = None, workers: Workers = None) -> None:
    """Read published tables, reports and exports, and tell what is or follows from them that should not. Exit code 2 if anything."""
    made = open_project(outputs, workers=workers).audit()
    say(made)
    leave(made.exit_code)

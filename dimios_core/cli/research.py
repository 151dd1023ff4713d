"""`dimios research`: findings of the workbench that leave it."""

from __future__ import annotations

from typing import Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import OutputsFolder

research = typer.Typer(no_args_is_help=True, help="Findings that leave the workbench (docs/research.md).")
app.add_typer(research, name="research")

Name = Annotated[str, typer.Argument(help="What the finding is called.")]
By = Annotated[str, typer.Option(help="Who you are; asked for.")]
Why = Annotated[str, typer.Option(help="Why, in a sentence; asked for.")]


@research.command("list")
def list_findings_command(outputs: OutputsFolder = None) -> None:
    """List findings: name, number, state, who made and who signed them, the digits of their figures."""
    stored = open_project(outputs).findings.list()
    shown = ["name", "number", "state", "made_by", "signed_by", "digits", "title"]
    for row in stored[shown].astype(str).itertuples(index=False, name=None):
        typer.echo("  ".join(text or "–" for text in row))
    say(f"{len(stored)} {'finding' if len(stored) == 1 else 'findings'}.")


@research.command("show")
def show_finding_command(name: Name, outputs: OutputsFolder = None) -> None:
    """Show the figures of the last finding of a name, and their digits."""
    findings = open_project(outputs).findings
    typer.echo(findings.show(name).to_csv(index=False), nl=False)
    about = findings.list().query("name == @name").iloc[-1]
    say(f"{about['title']}, by {about['made_by']}: {about['state']}. Digits: {about['digits']}")


@research.command("sign")
def sign_finding_command(
    name: Name,
    by: By = "",
    why: Why = "",
    digits: Annotated[
        str, typer.Option(help="Of the figures that you have looked at: dimios research show; asked for.")
    ] = "",
    outputs: OutputsFolder = None,
) -> None:
    """Sign a finding that waits, as a second person, and publish it."""
    say(f"{open_project(outputs).findings.sign(name, by=by, why=why, digits=digits)} Next: dimios report")


@research.command("withdraw")
def withdraw_finding_command(name: Name, by: By = "", why: Why = "", outputs: OutputsFolder = None) -> None:
    """Take a finding from what readers see; the ledger keeps what was told."""
    say(f"{open_project(outputs).findings.withdraw(name, by=by, why=why)} Next: dimios report")

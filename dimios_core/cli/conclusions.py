"""`dimios conclusions`: what organisations conclude themselves, in their own words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, say
from dimios_core.cli.options import OutputsFolder
from dimios_core.places import outputs_dir

conclusions = typer.Typer(no_args_is_help=True, help="Conclusions that organisations write themselves.")
app.add_typer(conclusions, name="conclusions")

Organisation = Annotated[str, typer.Option("--organisation", "-o", help="The organisation's id.")]
Period = Annotated[
    str, typer.Option("--period", "-p", help="The measurement that they are about, such as 2026.")
]


@conclusions.command("add")
def add_conclusions_command(
    file: Annotated[
        Path, typer.Argument(help="A Markdown file: headings, paragraphs, lists, bold, italic, links.")
    ],
    organisation: Organisation,
    period: Period,
    by: Annotated[str, typer.Option(help="Who in the organisation stands for them.")],
    date: Annotated[str, typer.Option(help="When they were written, such as 2026-11-20.")],
    outputs: OutputsFolder = None,
) -> None:
    """Store an organisation's conclusions; they take the place of those of the same period."""
    from dimios_core.actions.conclusions import add_conclusions, read_conclusions
    from dimios_core.responses import ResponseStore

    folder = outputs_dir(outputs)
    row = read_conclusions(file, organisation, period, by, date, ResponseStore(folder).register())
    replaced = add_conclusions(row, folder)
    say(
        f"Conclusions of {organisation}, {period}, {'replaced' if replaced else 'stored'}. Next: dimios score"
    )


@conclusions.command("list")
def list_conclusions_command(
    organisation: Annotated[
        str | None, typer.Option("--organisation", "-o", help="Only those of one organisation (its id).")
    ] = None,
    outputs: OutputsFolder = None,
) -> None:
    """List stored conclusions: organisation, period, date, who."""
    from dimios_core.actions.conclusions import load_conclusions

    stored = load_conclusions(outputs_dir(outputs))
    if organisation is not None:
        stored = stored[stored["organisation"] == organisation]
    for row in stored.to_dict("records"):
        typer.echo("  ".join(row[c] for c in ("organisation", "period", "date", "written_by")))
    say(f"{len(stored)} conclusions.")


@conclusions.command("remove")
def remove_conclusions_command(
    organisation: Organisation, period: Period, outputs: OutputsFolder = None
) -> None:
    """Take an organisation's conclusions of a period away."""
    from dimios_core.actions.conclusions import remove_conclusions

    remove_conclusions(organisation, period, outputs_dir(outputs))
    say(f"Conclusions of {organisation}, {period}, taken away. Next: dimios score")

"""`dimios goal`: goals that organisations set themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import Model, Organisation, OutputsFolder

goal = typer.Typer(no_args_is_help=True, help="Goals that organisations set themselves.")
app.add_typer(goal, name="goal")

Whose = Annotated[str, typer.Argument(metavar="ORGANISATION", help="The organisation's id.")]
Level = Annotated[str, typer.Option(help="maturity (the composite), dimension, category or point.")]
Key = Annotated[str, typer.Option(help="Id or name, on the level; not needed for maturity.")]


@goal.command("set")
def set_goal_command(
    organisation: Whose,
    level: Level,
    value: Annotated[str, typer.Option(help="The result to reach, 0 to 100 percent.")],
    year: Annotated[str, typer.Option(help="The year by which it is to be reached.")],
    key: Key = "",
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Set a goal; it takes the place of one for the same level, key and year."""
    made = open_project(outputs, instrument).goals.set(organisation, level, value, year, key)
    say(f"{made} Next: dimios score")


@goal.command("add")
def add_goals_command(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX of goals: organisation, level, key, value, year.")
    ],
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Set the goals of a file; each takes the place of one for the same organisation, level, key and year."""
    say(f"{open_project(outputs, instrument).goals.add(file)} Next: dimios score")


@goal.command("list")
def list_goals_command(organisation: Organisation = None, outputs: OutputsFolder = None) -> None:
    """List stored goals: organisation, level, key, value, year."""
    stored = open_project(outputs).goals.list(organisation)
    for row in stored.to_dict("records"):
        value = f"{row['value']:g}"
        typer.echo("  ".join([row["organisation"], row["level"], row["key"], value, str(row["year"])]))
    say(f"{len(stored)} goals.")


@goal.command("remove")
def remove_goals_command(
    organisation: Whose,
    level: Level,
    key: Key = "",
    year: Annotated[str | None, typer.Option(help="Only the one by this year. Default: all years.")] = None,
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Take goals away."""
    made = open_project(outputs, instrument).goals.remove(organisation, level, key, year)
    say(f"{made} Next: dimios score")

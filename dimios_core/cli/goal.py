"""`dimios goal`: goals that organisations set themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, say
from dimios_core.cli.options import Model, OutputsFolder
from dimios_core.places import outputs_dir

goal = typer.Typer(no_args_is_help=True, help="Goals that organisations set themselves.")
app.add_typer(goal, name="goal")

Organisation = Annotated[str, typer.Argument(help="The organisation's id.")]
Level = Annotated[str, typer.Option(help="maturity (the composite), dimension, category or point.")]
Key = Annotated[str, typer.Option(help="Id or name, on the level; not needed for maturity.")]


@goal.command("set")
def set_goal_command(
    organisation: Organisation,
    level: Level,
    value: Annotated[str, typer.Option(help="The result to reach, 0 to 100 percent.")],
    year: Annotated[str, typer.Option(help="The year by which it is to be reached.")],
    key: Key = "",
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Set a goal; it takes the place of one for the same level, key and year."""
    from dimios_core.actions.goals import read_goal, set_goal
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore

    folder = outputs_dir(outputs)
    register = ResponseStore(folder).register()
    made = read_goal(organisation, level, key, value, year, register, load_instrument(instrument))
    changed = set_goal(made, folder)
    told = f"{made['level']} {made['key']}, {made['value']:g} percent by {made['year']}"
    say(f"Goal of {organisation} {'changed' if changed else 'set'}: {told}. Next: dimios score")


@goal.command("add")
def add_goals_command(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX of goals: organisation, level, key, value, year.")
    ],
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Set the goals of a file; each takes the place of one for the same organisation, level, key and year."""
    from dimios_core.actions.goal_files import read_goals
    from dimios_core.actions.goals import set_goals
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore

    folder = outputs_dir(outputs)
    goals = read_goals(file, ResponseStore(folder).register(), load_instrument(instrument))
    done = set_goals(goals, folder)
    told = f"{done.new_n} new, {done.changed_n} changed, {done.unchanged_n} as before"
    say(f"{file.name}: {told}. Next: dimios score")


@goal.command("list")
def list_goals_command(
    organisation: Annotated[str | None, typer.Option(help="Only those of one organisation (its id).")] = None,
    outputs: OutputsFolder = None,
) -> None:
    """List stored goals: organisation, level, key, value, year."""
    from dimios_core.actions.goals import load_goals

    stored = load_goals(outputs_dir(outputs))
    if organisation is not None:
        stored = stored[stored["organisation"] == organisation]
    for row in stored.to_dict("records"):
        value = f"{row['value']:g}"
        typer.echo("  ".join([row["organisation"], row["level"], row["key"], value, str(row["year"])]))
    say(f"{len(stored)} goals.")


@goal.command("remove")
def remove_goals_command(
    organisation: Organisation,
    level: Level,
    key: Key = "",
    year: Annotated[str | None, typer.Option(help="Only the one by this year. Default: all years.")] = None,
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Take goals away."""
    from dimios_core.actions.goals import remove_goals
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore

    folder = outputs_dir(outputs)
    register = ResponseStore(folder).register()
    gone_n = remove_goals(organisation, level, key, year, folder, register, load_instrument(instrument))
    say(f"{gone_n} goals of {organisation} taken away. Next: dimios score")

"""`dimios initiatives` and `dimios plan`: what organisations do, and what they mean to do."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import Language, Model, Organisation, OutputsFolder
from dimios_core.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

initiatives = typer.Typer(no_args_is_help=True, help="What organisations report as driving their maturity.")
plan = typer.Typer(no_args_is_help=True, help="Plans that organisations make after a measurement.")
app.add_typer(initiatives, name="initiatives")
app.add_typer(plan, name="plan")


@initiatives.command("add")
def add_initiatives_command(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX of initiatives.")],
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Store initiatives. A new or changed one is shown to nobody until it is validated."""
    made = open_project(outputs, instrument).initiatives.add(file)
    say(made)
    if made.counts["new"] or made.counts["changed"]:
        say("Next: read them (dimios initiatives list --unvalidated), then dimios initiatives validate ID …")
    else:
        say("Next: dimios score")


@initiatives.command("validate")
def validate_initiatives_command(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, as listed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are stored.")] = False,
    outputs: OutputsFolder = None,
) -> None:
    """Mark initiatives as read: the text names nobody who has not agreed, and says what was done."""
    if bool(ids) == everything:
        what = "both ids and --all are given" if ids else "neither ids nor --all are given"
        raise InputError(Problem("dimios initiatives validate", what, "give ids, or --all"))
    say(f"{open_project(outputs).initiatives.validate(None if everything else ids)}. Next: dimios score")


@initiatives.command("list")
def list_initiatives_command(
    organisation: Organisation = None,
    unvalidated: Annotated[bool, typer.Option("--unvalidated", help="Only those still to be read.")] = False,
    outputs: OutputsFolder = None,
) -> None:
    """List stored initiatives; those still to be validated with their whole text."""
    stored = open_project(outputs).initiatives.list(organisation, unvalidated=unvalidated)
    for row in stored.to_dict("records"):
        state = "validated" if row["validated"] else "not validated"
        head = [row[c] for c in ("id", "organisation", "point", "kind", "start") if row[c] or c != "kind"]
        typer.echo("  ".join([*head, f"consent {row['consent']}", state, row["title"]]))
        for text in (row["what"], row["effect"], row["contact"]) if unvalidated else ():
            if text:
                typer.echo(f"    {text}")
    say(f"{len(stored)} initiatives.")


@plan.command("add")
def add_plan_command(
    file: Annotated[Path, typer.Argument(help="The worksheet, filled in: XLSX or CSV.")],
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Take in a worksheet; it replaces the organisation's plan of the same period."""
    say(f"{open_project(outputs, instrument).plans.add(file)} Next: dimios score")


@plan.command("list")
def list_plans_command(
    organisation: Organisation = None,
    due: Annotated[
        bool,
        typer.Option("--due", help="Only what is not done yet, the earliest first; with -o the steps, too."),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(help="As --due, of -o: the month in which its result came, such as 2026-11."),
    ] = None,
    language: Language = "sv",
    outputs: OutputsFolder = None,
) -> None:
    """List stored plans: organisation, period, when, measure point, progress, kind, unit, consent, what.

    --due tells what is overdue, due this month or later; with -o also what is done between two measurements.
    """
    plans = open_project(outputs).plans
    if due or since:
        _list_due(plans.list_due(_today(), organisation, since=since, language=language))
        return
    stored = plans.list(organisation)
    for row in stored.to_dict("records"):
        about = [f"{c} {row[c]}" for c in ("progress", "kind", "unit") if row[c]]
        about += ["may be shared with the county"] if row["consent"] == "yes" else []
        head = [row[c] for c in ("organisation", "period", "when", "point")]
        typer.echo("  ".join([*head, *about, row["what"]]))
    say(f"{len(stored)} things to do, in {len(stored[['organisation', 'period']].drop_duplicates())} plans.")


def _list_due(rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        who = f"{row['who']}: " if row["who"] else ""
        head = [row[c] for c in ("due", "when", "organisation", "period", "point") if row[c]]
        typer.echo("  ".join([*head, who + row["what"]]))
    counts = ", ".join(f"{(rows['due'] == state).sum()} {state}" for state in dict.fromkeys(rows["due"]))
    say(f"{len(rows)} things to do: {counts or 'none is left'}.")


def _today() -> date:
    return datetime.now().astimezone().date()


@plan.command("worksheet")
def write_worksheet_command(
    organisation: Annotated[str, typer.Argument(help="The organisation's id.")],
    period: Annotated[str, typer.Argument(help="The measurement that the plan follows, such as 2026.")],
    file: Annotated[Path | None, typer.Option(help="Where to write it (.xlsx or .csv).")] = None,
    language: Language = "sv",
    instrument: Model = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Write the empty worksheet for a group to fill in together."""
    plans = open_project(outputs, instrument).plans
    target = plans.write_worksheet(organisation, period, file, language=language)
    say(f"The worksheet is in {target}. When it is filled in: dimios plan add {target}")

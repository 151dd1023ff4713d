"""`dimios runs`: what batches there were, and how they went."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import OutputsFolder

runs = typer.Typer(no_args_is_help=True, help="Batches of reports: what ran, and how it went.")
app.add_typer(runs, name="runs")

STATUSES = ["made", "unchanged", "failed"]
LINE = "{:<20}{:<13}{:<20}{:>7}{:>11}{:>8}{:>11}"


@runs.command("list")
def list_runs(outputs: OutputsFolder = None) -> None:
    """List all batches, the newest first."""
    found = open_project(outputs).runs()
    if found.empty:
        say("There are no runs yet: `dimios report` makes one.")
        return
    typer.echo(LINE.format("run", "status", "started (UTC)", *STATUSES, "asked for"))
    for run, row in found.iterrows():
        started = row["started"][:19].replace("T", " ")
        typer.echo(LINE.format(run, row["status"], started, *row[STATUSES], row["asked_for"]))


@runs.command("show")
def show_run(
    run: Annotated[
        str, typer.Argument(help="A run's id, as `dimios runs list` tells it, or 'latest'.")
    ] = "latest",
    as_json: Annotated[bool, typer.Option("--json", help="The whole record, for a program to read.")] = False,
    outputs: OutputsFolder = None,
) -> None:
    """Show one batch: its versions, how long notebooks took, and each one that failed."""
    project = open_project(outputs)
    record = project.run_record(run)
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False, indent=1))
        return
    summary = project.runs().loc[record["run"]]
    ran = sorted(row["seconds"] for row in record["notebooks"] if row["status"] != "unchanged")
    rows = {
        "run": record["run"],
        "status": summary["status"],
        "started": record["started"],
        "ended": record["ended"] or "",
        "results": record["results_version"],
        "asked for": str(record["asked_for"]),
        **{status: str(summary[status]) for status in STATUSES},
        "seconds": f"{ran[len(ran) // 2]:.2f} in the middle, {ran[-1]:.2f} at most" if ran else "",
        "versions": ", ".join(f"{name} {version}" for name, version in record["versions"].items()),
    }
    for name, value in rows.items():
        if value:
            typer.echo(f"{name:<11}{value}")
    for row in record["notebooks"]:
        if row["error"]:
            error = row["error"]
            where = "" if error["cell"] is None else f", cell {error['cell']}"
            typer.echo(f"failed     {row['notebook']}{where}: {error['name']}: {error['message']}")

"""`dimios register` and `dimios ingest`: who takes part, and their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import OutputsFolder


@app.command("register")
def register_command(
    organisations: Annotated[Path | None, typer.Option(help="CSV or XLSX of the organisations.")] = None,
    units: Annotated[Path | None, typer.Option(help="CSV or XLSX of the unit tree.")] = None,
    invited: Annotated[Path | None, typer.Option(help="CSV or XLSX of how many were invited.")] = None,
    instrument: Annotated[str, typer.Option(help="Instrument whose roles the counts use.")] = "dimios",
    outputs: OutputsFolder = None,
) -> None:
    """Store who takes part: organisations, their units, and how many were invited.

    A file replaces its whole table; a table without a file stays as it is.
    """
    say(open_project(outputs, instrument).register(organisations, units, invited))
    say("Next: dimios ingest FILE --mapping MAPPING")


@app.command("ingest")
def ingest_command(
    files: Annotated[list[Path], typer.Argument(help="Exports: CSV, XLSX, XLSB, ODS or SPSS .sav.")],
    mapping: Annotated[str, typer.Option(help="Mapping file, or its id in parameters/mappings.")],
    instrument: Annotated[
        str | None, typer.Option(help="Instrument file or id, if not the mapping's.")
    ] = None,
    outputs: OutputsFolder = None,
    key_file: Annotated[Path | None, typer.Option(help="Secret key of the pseudonyms.")] = None,
    reject_rows: Annotated[
        bool, typer.Option("--reject-rows", help="Store the good rows; write the others beside the file.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let corrected answers replace stored ones.")
    ] = False,
) -> None:
    """Check survey exports and store their answers; a faulty file is listed whole and not stored."""
    from dimios_core.project.summaries import IngestSummary
    from dimios_core.responses import IngestError

    project = open_project(outputs, instrument)
    say(f"Reading {len(files)} file{'s' if len(files) > 1 else ''} as {mapping} into {project.outputs}")
    given = {"key_file": key_file, "reject_rows": reject_rows, "replace": replace}
    try:
        say(project.ingest(files, mapping, **given))
    except IngestError as error:
        if error.summary.files:
            say(IngestSummary.of(error.summary))
        faulty_n = len({problem.place.split(",")[0] for problem in error.problems})
        say(f"{faulty_n} file(s) need mending; nothing of them is stored:")
        raise
    say("Next: dimios score")

"""`dimios register` and `dimios ingest`: who takes part, and their answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from dimios_core.cli.app import app, console, say
from dimios_core.cli.options import OutputsFolder
from dimios_core.errors import InputError, Problem
from dimios_core.places import outputs_dir

if TYPE_CHECKING:
    from dimios_core.responses import IngestSummary

GROUPS_SHOWN = 20


def _own_folder(outputs: Path | None) -> Path:
    """Return the outputs folder, unless it holds the demo: real answers would be labelled as made up there."""
    folder = outputs_dir(outputs)
    if (folder / "responses" / "register" / "demo.json").is_file():
        what = "the folder holds the demo; real answers would be mixed with made-up ones and labelled as such"
        raise InputError(
            Problem(
                str(folder), what, "give answers of your own a folder: --outputs FOLDER, or DIMIOS_OUTPUTS"
            )
        )
    return folder


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
    from dimios_core.instrument import load_instrument
    from dimios_core.responses import ResponseStore, read_register, store_register

    if not (organisations or units or invited):
        raise InputError(
            Problem(
                "dimios register", "there is no file to read", "give --organisations, --units or --invited"
            )
        )
    folder = _own_folder(outputs)
    roles = load_instrument(instrument).role_ids if invited else None
    new = read_register(organisations, units, invited, stored=ResponseStore(folder).register(), roles=roles)
    changed = store_register(new, folder)
    say(
        f"Register: {len(new.organisations)} organisations, {len(new.units)} units,"
        f" {len(new.invited)} invited groups; {'changed: ' + ', '.join(changed) if changed else 'nothing changed'}."
    )
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
    from dimios_core.responses import IngestError, ingest, key_path, load_mapping

    folder = _own_folder(outputs)
    loaded = load_mapping(mapping)
    key = _find_key(key_path(key_file), folder)
    say(f"Reading {len(files)} file{'s' if len(files) > 1 else ''} as {loaded.id} into {folder}")
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    try:
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            tasks = {path: bar.add_task(path.name, total=1.0) for path in files}
            summary = ingest(
                files,
                loaded,
                instrument,
                folder,
                key=key,
                reject_rows=reject_rows,
                replace=replace,
                progress=lambda path, share: bar.update(tasks[path], completed=share),
            )
    except IngestError as error:
        _show(error.summary)
        say(
            f"{len({p.place.split(',')[0] for p in error.problems})} file(s) need mending; nothing of them is stored:"
        )
        raise
    _show(summary)
    say("Next: dimios score")


def _find_key(path: Path, outputs: Path) -> bytes:
    from dimios_core.responses import ResponseStore, create_key, load_key

    if path.exists() or ResponseStore(outputs).key_mark() is not None:
        return load_key(path, outputs)
    key = create_key(path, outputs)
    say(
        f"A new secret key for pseudonyms is in {path}. Back it up: without it nobody is known again next time."
    )
    return key


def _show(summary: IngestSummary) -> None:
    for file in summary.files:
        counts = {s: sum(g.status == s for g in file.groups) for s in ("new", "replaced", "unchanged")}
        told = ", ".join(f"{n} {status}" for status, n in counts.items() if n)
        people = sum(g.respondents_n for g in file.groups)
        say(f"{file.path.name}: {people} respondents; organisations × periods: {told}")
        again = [g for g in file.groups if g.known_n is not None]
        if again:
            say(
                f"  {sum(g.known_n or 0 for g in again)} of {sum(g.respondents_n for g in again)} respondents are known"
                " from the last period"
            )
        for note in file.notes:
            say(f"  {note}")
        shown = [g for g in file.groups if g.changes is not None]
        for group in shown[:GROUPS_SHOWN]:
            say(f"  {group.organisation} {group.period} replaced: {group.changes}")
        if len(shown) > GROUPS_SHOWN:
            say(f"  … and {len(shown) - GROUPS_SHOWN} more replaced")
        if file.silent_n:
            say(f"  {file.silent_n} respondents without any answer or “don't know” were left out")
        if file.rejected is not None:
            say(f"  {file.rejected_n} rows were not stored; they are in {file.rejected}, with the reasons")

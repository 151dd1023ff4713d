"""`dimios mapping`: draft a mapping from an export, and the schema that editors complete mappings by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import app, open_project, say
from dimios_core.cli.options import Model, OutputsFolder

mapping_app = typer.Typer(no_args_is_help=True, help="How an export is to be read.")
app.add_typer(mapping_app, name="mapping")


@mapping_app.command()
def draft(
    files: Annotated[
        list[Path], typer.Argument(help="Exports of one kind: CSV, XLSX, XLSB, ODS or SPSS .sav.")
    ],
    instrument: Model = "dimios",
    to: Annotated[
        Path | None, typer.Option(help="Where to write it. Default: beside the first file.")
    ] = None,
    outputs: OutputsFolder = None,
) -> None:
    """Draft a mapping: what is certain is written, what is not is asked, nothing is guessed."""
    target = to or files[0].with_name(f"{files[0].stem}.mapping.yaml")
    made = open_project(outputs, instrument).draft_mapping(files)
    made.write(target)
    if lines := made.lines_to_fill_in:
        say(
            f"The mapping is in {target}. To fill in: line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}."
        )
    else:
        say(f"The mapping is in {target}. Look it through; nothing has to be filled in.")
    say(f"Next: dimios ingest {files[0]} --mapping {target}")


@mapping_app.command()
def schema() -> None:
    """Print the JSON Schema of mappings: editors complete and check a mapping by it."""
    from dimios_core.responses import Mapping

    typer.echo(json.dumps(Mapping.model_json_schema(), ensure_ascii=False, indent=1))

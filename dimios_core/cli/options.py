"""Options that several commands take, with the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FORMATS_HELP = (
    "Formats, with commas between: html (one file), pdf (whole, short, next steps), pptx (slides), xlsx (a workbook), "
    "tables (a PDF of the tables behind the charts)."
)

Organisation = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Only those of one organisation (its id).")
]
Organisations = Annotated[
    list[str] | None,
    typer.Option("--organisation", "-o", help="An organisation's id; repeat for several. Default: all."),
]
Period = Annotated[str, typer.Option(help="A period, or 'latest': each organisation's own latest one.")]
Language = Annotated[str, typer.Option(help="One of the model, such as sv or en (docs/languages.md).")]
Suites = Annotated[
    list[str] | None,
    typer.Option(
        help="Which reports: organisation, national, county (parameters/suites/). Repeat for several. Default: organisation."
    ),
]
Counties = Annotated[
    list[str] | None,
    typer.Option(help="A county's two-digit code; repeat for several. Default: all that can be shown."),
]
Template = Annotated[
    Path | None,
    typer.Option(help="A .pptx or .potx file of your own: the slides take its looks."),
]
Model = Annotated[str | None, typer.Option("--instrument", help="Instrument id, or a model file.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; default one a core.")]
Cluster = Annotated[
    str | None,
    typer.Option(
        help="Run on a Dask cluster: its scheduler's address, tcp://host:port. All machines need the same version of "
        "the project and must see the outputs folder under the same path (shared storage)."
    ),
]
OutputsFolder = Annotated[
    Path | None, typer.Option("--outputs", help="The outputs folder. Default: outputs/ of the project.")
]

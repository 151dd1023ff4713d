"""Options that several commands take, with the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

#: the suite whose reports are meant where none is named
DEFAULT_SUITE = "organisation"

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
Model = Annotated[str, typer.Option("--instrument", help="Instrument id, or a model file.")]
OutputsFolder = Annotated[
    Path | None, typer.Option("--outputs", help="The outputs folder. Default: outputs/ of the project.")
]

"""`dimios export data`: open data packages, for everybody or for research."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dimios_core.cli.app import console
from dimios_core.cli.export import export
from dimios_core.errors import InputError, Problem
from dimios_core.locks import hold
from dimios_core.places import DATA_PACKAGES, EXPORTS, PUBLISHED_PACKAGE, outputs_dir

PUBLISHED, RESEARCH = PUBLISHED_PACKAGE, "research"


@export.command("data")
def export_data(
    level: Annotated[
        str,
        typer.Option(
            help="published: figures about groups, for everybody. research: coarsened answers, for one purpose."
        ),
    ] = PUBLISHED,
    to: Annotated[
        Path | None, typer.Option(help="The package's folder. Default: below exports/data of outputs.")
    ] = None,
    license_id: Annotated[
        str, typer.Option("--license", help="Of published figures: CC-BY-4.0 or CC0-1.0.")
    ] = "CC-BY-4.0",
    purpose: Annotated[str, typer.Option(help="What answers are for; stands in the package.")] = "",
    accepted: Annotated[
        bool,
        typer.Option("--i-accept-the-data-use-statement", help="Answers leave only on these conditions."),
    ] = False,
    outputs: Annotated[
        Path | None, typer.Option(help="The outputs folder. Default: outputs/ of the project.")
    ] = None,
) -> None:
    """Write a Frictionless Data Package: CSV and Parquet with a description of every column.

    The level research needs --purpose and --i-accept-the-data-use-statement; without them it shows the statement.
    """
    from dimios_core.export.data import published, research
    from dimios_core.export.data.package import build_files, check_target, put_in_place
    from dimios_core.export.data.readme import read_statement
    from dimios_core.languages import usable_languages

    if level not in (PUBLISHED, RESEARCH):
        remedy = f"choose {PUBLISHED} or {RESEARCH}"
        raise InputError(Problem("--level", f"there is no level '{level}'", remedy))
    private, purpose = level == RESEARCH, research.normalise_purpose(purpose)
    name = research.NAME if private else published.NAME
    problems = research.check_purpose(purpose) if private else published.check_license(license_id)
    if private and not accepted:
        flag = "--i-accept-the-data-use-statement"
        problems.append(
            Problem(flag, "the statement above is not accepted", f"read it; then give {flag} too")
        )
        typer.echo("\n\n".join(read_statement(language) for language in usable_languages()))
    place = outputs_dir(outputs)
    folder = (
        to or place / EXPORTS / DATA_PACKAGES / (research.folder_name(purpose) if private else PUBLISHED)
    ).resolve()
    problems += check_target(folder, name)
    if problems:
        raise InputError(problems)
    with hold(place, "dimios export data"):
        package = (
            research.build_research(place, purpose)
            if private
            else published.build_published(place / "results", license_id)
        )
        files = build_files(package)
        put_in_place(files, folder, private)
    size = sum(map(len, files.values())) / 1e6
    told = f"{len(package.tables)} tables as CSV and Parquet ({size:.1f} MB), {package.about['title']}"
    console.print(told, markup=False, soft_wrap=True)
    console.print(f"package    {folder}", markup=False, soft_wrap=True)
    if private:
        console.print(
            "It holds personal data. An organisation can be recognised by its published results.",
            soft_wrap=True,
        )

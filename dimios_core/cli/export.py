"""`dimios export`: the same published figures as files to take along."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dimios_core.cli.app import app, console
from dimios_core.errors import InputError, Problem
from dimios_core.locks import hold
from dimios_core.places import EXPORTS, outputs_dir


@app.command()
def export(
    to: Annotated[
        str, typer.Option(help="Formats, with commas between: html (one file), xlsx (a workbook).")
    ] = "html,xlsx",
    organisation: Annotated[
        list[str] | None,
        typer.Option("--organisation", "-o", help="An organisation's id; repeat for several. Default: all."),
    ] = None,
    period: Annotated[
        str, typer.Option(help="A period, or 'latest': each organisation's own latest one.")
    ] = "latest",
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    outputs: Annotated[
        Path | None, typer.Option(help="The outputs folder. Default: outputs/ of the project.")
    ] = None,
) -> None:
    """Write organisations' results as files to take along: the whole report as one HTML file, the figures as a workbook.

    The workbook is made of the published results, the HTML file of the reports that dimios report has made.
    """
    place = outputs_dir(outputs)
    with hold(place, "dimios export"):
        made, seconds = _export(place, to, organisation or [], period, language)
    size = sum(path.stat().st_size for path in made) / 1e6
    console.print(f"{len(made)} files ({size:.1f} MB) in {seconds:.0f} s", markup=False)
    console.print(f"exports    {place / EXPORTS}", markup=False, soft_wrap=True)
    console.print("Next: dimios audit, which reads them too, before you hand them out")


def _export(
    place: Path, to: str, organisations: list[str], period: str, language: str
) -> tuple[list[Path], float]:
    """Check everything, then make the files; return them and the seconds it took."""
    from dimios_core.export.production import Order, check_orders, produce, read_formats
    from dimios_core.runner.jobs import choose_reports, published_organisations
    from dimios_core.runner.suites import load_suite

    published = published_organisations(place / "results")
    problems: list[Problem] = []
    formats, chosen = [], []
    try:
        formats = read_formats(to)
    except InputError as error:
        problems += error.problems
    try:
        chosen = choose_reports(published, organisations=organisations, period=period, language=language)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    pages = load_suite("organisation")
    names = tuple(path.stem for path in pages.paths)
    orders = [Order(place, c.organisation, c.period, c.language, names) for c in chosen]
    check_orders(orders, formats)
    files_n, started = len(orders) * len(formats), time.monotonic()
    told = f"{files_n} files ({', '.join(formats)}; {language}, {period}) → {place / EXPORTS}"
    console.print(told, markup=False, soft_wrap=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task, made = bar.add_task("", total=files_n), []
        for path in produce(orders, formats):
            made.append(path)
            bar.update(task, advance=1, description=path.name)
    return made, time.monotonic() - started

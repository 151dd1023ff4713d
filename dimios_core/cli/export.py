"""`dimios export`: the same published figures as files to take along."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dimios_core.cli.app import app, console
from dimios_core.cli.options import (
    DEFAULT_SUITE,
    Counties,
    Language,
    Organisations,
    OutputsFolder,
    Period,
    Suites,
)
from dimios_core.cli.processes import count_processors
from dimios_core.errors import EXIT_SOME_FAILED, InputError, Problem
from dimios_core.locks import hold
from dimios_core.places import EXPORTS, outputs_dir

if TYPE_CHECKING:
    from dimios_core.export.orders import Order

T = TypeVar("T")
#: fewer reports are made faster here than processes start
FEW_N = 4
FORMATS_HELP = (
    "Formats, with commas between: html (one file), pdf (whole, short, next steps), pptx (slides), xlsx (a workbook), "
    "tables (a PDF of the tables behind the charts)."
)
TEMPLATE_HELP = "A .pptx or .potx file of your own: the slides take its looks."

export = typer.Typer(invoke_without_command=True)
app.add_typer(export, name="export")


@export.callback()
def export_reports(
    context: typer.Context,
    to: Annotated[str, typer.Option(help=FORMATS_HELP)] = "html,pdf,pptx,xlsx",
    organisation: Organisations = None,
    period: Period = "latest",
    language: Language = "sv",
    suite: Suites = None,
    county: Counties = None,
    template: Annotated[Path | None, typer.Option(help=TEMPLATE_HELP)] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default one a core.")] = None,
    outputs: OutputsFolder = None,
) -> None:
    """Write results as files to take along: the whole report as one HTML file and as PDF, slides, a workbook.

    HTML and PDF are made of the reports that dimios report has made, slides and workbook of the published results.
    """
    if context.invoked_subcommand is not None:
        return
    from dimios_core.export.production import check_orders
    from dimios_core.project.planning import plan_orders, plan_reports
    from dimios_core.runner.jobs import published_organisations

    place = outputs_dir(outputs)
    results = place / "results"
    problems: list[Problem] = []

    def attempt(action: Callable[[], T]) -> T | None:
        try:
            return action()
        except InputError as error:
            problems.extend(error.problems)
            return None

    wanted = attempt(lambda: plan_formats(to))
    looks = attempt(lambda: read_template(template))
    if organisation and county and not suite:
        remedy = "give one command for the organisations and one for the county, or name both with --suite"
        problems.append(Problem("--county", "an organisation's report is no county's", remedy))
    jobs = attempt(
        lambda: plan_reports(
            results,
            published_organisations(results),
            suite or (("county",) if county else (DEFAULT_SUITE,)),
            organisations=organisation or (),
            counties=county or (),
            period=period,
            language=language,
        )
    )
    if problems:
        raise InputError(problems)
    assert wanted is not None and jobs is not None
    orders = plan_orders(jobs, place, looks)
    with hold(place, "dimios export"):
        check_orders(orders, wanted)
        failed_n = make_exports(place, orders, wanted, workers)
    if failed_n:
        raise typer.Exit(EXIT_SOME_FAILED)
    console.print("Next: dimios audit, which reads them too, before you hand them out")


def plan_formats(to: str) -> list[str]:
    """Read which formats are meant, and see that they can be made.

    Raises
    ------
    InputError
        Unknown formats, or libraries that are not installed; all problems at once.
    """
    from dimios_core.export.production import check_libraries, read_formats

    wanted = read_formats(to)
    check_libraries(wanted)
    return wanted


def read_template(path: Path | None) -> bytes | None:
    """Read the organisation's own template for slides; None where none is given.

    Raises
    ------
    InputError
        It cannot be read, or is no template.
    """
    if path is None:
        return None
    from dimios_core.office.slides.template import check_template

    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            Problem(f"--template {path}", f"cannot be read: {error.strerror}", "give a .pptx file")
        ) from None
    check_template(content, f"--template {path}")
    return content


def make_exports(
    place: Path, orders: Sequence[Order], formats: Sequence[str], workers: int | None = None
) -> int:
    """Make the files of all orders, with progress and a closing table; return how many reports failed."""
    from dimios_core.export.production import list_files, produce

    files_n, started = sum(len(list_files(o, formats)) for o in orders), time.monotonic()
    made: list[Path] = []
    failed_n = 0
    console.print(
        f"{files_n} files ({', '.join(formats)}) of {len(orders)} reports → {place / EXPORTS}",
        markup=False,
        soft_wrap=True,
    )
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    at_once = min(workers or count_processors(), len(orders)) if len(orders) > FEW_N else 1
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=files_n)
        for done in produce(orders, formats, at_once):
            made += [] if done.error else done.paths
            if done.error:
                failed_n += 1
                bar.console.print(
                    f"failed: {done.order.stem}: {done.error}", markup=False, style="bold", soft_wrap=True
                )
            bar.update(task, advance=len(list_files(done.order, formats)), description=done.order.stem)
    size = sum(path.stat().st_size for path in made) / 1e6
    console.print(f"{len(made)} files ({size:.1f} MB) in {time.monotonic() - started:.0f} s", markup=False)
    if failed_n:
        console.print(f"{failed_n} reports failed; their other files stay as they were", markup=False)
    console.print(f"exports    {place / EXPORTS}", markup=False, soft_wrap=True)
    return failed_n

"""`dimios report`: run the notebooks of a suite for many organisations."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dimios_core.cli.app import app, console
from dimios_core.cli.export import (
    FORMATS_HELP,
    TEMPLATE_HELP,
    make_exports,
    plan_formats,
    read_template,
)
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
from dimios_core.cluster import open_cluster
from dimios_core.errors import EXIT_INPUT, EXIT_OK, EXIT_SOME_FAILED, InputError, Problem
from dimios_core.locks import hold
from dimios_core.places import outputs_dir, project_root

if TYPE_CHECKING:
    from dimios_core.runner.execution import JobOutcome
    from dimios_core.runner.production import Production

INTERRUPTED_EXIT_CODE = 130
REPORT_TIMEOUT_SECONDS = 300.0
REPORT_MEMORY_MB = 2_000


@app.command()
def report(
    organisation: Organisations = None,
    period: Period = "latest",
    language: Language = "sv",
    workers: Annotated[
        int, typer.Option(min=0, help="Notebooks at a time. Default: as many as there are processors.")
    ] = 0,
    outputs: OutputsFolder = None,
    suite: Suites = None,
    county: Counties = None,
    notebook: Annotated[
        Path | None,
        typer.Option(
            help="One notebook of your own instead of a suite, from notebooks/ (docs/own-reports.md)."
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", "-p", help="name=value for the notebook of your own; repeat for several."
        ),
    ] = None,
    no_page: Annotated[
        bool, typer.Option("--no-page", help="The notebook of your own makes no page; it may lie anywhere.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=1.0, help="Seconds that one notebook may take.")
    ] = REPORT_TIMEOUT_SECONDS,
    memory: Annotated[
        int, typer.Option(min=50, help="Megabytes of its own that one notebook may use (Linux).")
    ] = REPORT_MEMORY_MB,
    force: Annotated[
        bool, typer.Option("--force", help="Run everything again, unchanged reports too.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Run on a Dask cluster: its scheduler's address, tcp://host:port. Its workers must see the outputs"
            " folder under the same path."
        ),
    ] = None,
    to: Annotated[str, typer.Option(help=f"Files to take along, made afterwards. {FORMATS_HELP}")] = "",
    template: Annotated[Path | None, typer.Option(help=TEMPLATE_HELP)] = None,
) -> None:
    """Make reports: run the notebooks of a suite for the organisations and the period asked for.

    Reports that would come out the same are left alone. A batch that was stopped goes on where it was when the
    same command is given again.
    """
    code = make_reports(
        outputs_dir(outputs),
        organisations=organisation or (),
        period=period,
        language=language,
        workers=workers,
        suites=suite or (DEFAULT_SUITE,),
        counties=county or (),
        notebook=notebook,
        parameters=parameter or (),
        with_page=not no_page,
        timeout_seconds=timeout,
        memory_mb=memory,
        force=force,
        cluster=cluster,
        to=plan_formats(to) if to else (),
        template=read_template(template),
    )
    if code:
        raise typer.Exit(code)
    console.print("Next: dimios serve")


def make_reports(
    place: Path,
    *,
    organisations: Sequence[str] = (),
    period: str = "latest",
    language: str = "sv",
    workers: int = 0,
    suites: Sequence[str] = (DEFAULT_SUITE,),
    counties: Sequence[str] = (),
    notebook: Path | None = None,
    parameters: Sequence[str] = (),
    with_page: bool = True,
    timeout_seconds: float = REPORT_TIMEOUT_SECONDS,
    memory_mb: int = REPORT_MEMORY_MB,
    force: bool = False,
    cluster: str | None = None,
    to: Sequence[str] = (),
    template: bytes | None = None,
) -> int:
    """Run the notebooks of suites, or one notebook, with progress and a closing table; return the exit code.

    `to` names formats that whole reports are exported to afterwards, `template` is what slides look like.
    """
    from dimios_core.page import place_assets
    from dimios_core.project.planning import plan_due_orders, plan_own_report, plan_reports
    from dimios_core.runner.batches import local_executor
    from dimios_core.runner.finishing import finish_report
    from dimios_core.runner.jobs import published_organisations
    from dimios_core.runner.joining import join_pages
    from dimios_core.runner.production import Wishes, produce_reports
    from dimios_core.suites import load_suite

    results, reports = place / "results", place / "reports"
    published = published_organisations(results)
    if notebook is None and (parameters or not with_page):
        what = "own parameters, and leaving out the page, are for a notebook of your own"
        raise InputError(Problem("-p, --no-page", what, "give --notebook, too"))
    of: dict[str, Any] = {
        "organisations": organisations, "counties": counties, "period": period, "language": language,
    }  # fmt: skip
    if notebook is None:
        jobs = plan_reports(results, published, suites, **of)
    else:
        jobs = plan_own_report(results, published, notebook, parameters, with_page=with_page, **of)
    if to and notebook is not None:
        what = "files to take along are made of whole reports, not of one notebook"
        raise InputError(Problem("--to", what, "leave out --to or --notebook"))
    wishes = Wishes(timeout_seconds, memory_mb, finish_report if with_page else None, force)
    what = notebook.name if notebook else f"the suite {', '.join(dict.fromkeys(suites))}"

    def executors(jobs_n: int) -> AbstractContextManager[Executor]:
        if cluster is not None:
            return open_cluster(cluster, shared=place)
        return local_executor(min(workers or count_processors(), jobs_n))

    with hold(place, "dimios report"), _Watch(what, language, period, reports) as watch:
        if wishes.finish is not None:
            place_assets(reports)
        made = produce_reports(
            place, project_root(), jobs, executors, wishes, watch.on_start, watch.on_finish
        )
        watch.stop()
        join_pages(reports, results, made, published, load_suite(DEFAULT_SUITE).pages)
        code = _tell_end(made, len(jobs), watch.seconds, reports)
        due = plan_due_orders(made.outcomes, place, to, template) if to and made.status == "done" else []
        if due and make_exports(place, due, to, workers or None):
            code = code or EXIT_SOME_FAILED
    return code


class _Watch:
    """What the person at the keyboard sees while a batch runs."""

    def __init__(self, what: str, language: str, period: str, reports: Path) -> None:
        self._about = f"notebooks of {what} ({language}, {period}) → {reports}"
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.1f}/s"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failed]} failed"),
            console=console,
            transient=True,
        )
        self._clock = time.monotonic()
        self._ended_n = self._failed_n = 0
        self.seconds = 0.0

    def __enter__(self) -> _Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def on_start(self, to_run: int, unchanged: int) -> None:
        """Tell what will be done, and show the bar."""
        told = f"{to_run} {self._about}" + (f"; {unchanged} unchanged" if unchanged else "")
        console.print(told, markup=False, soft_wrap=True)
        if to_run:
            self._progress.start()
            self._task = self._progress.add_task("reports", total=to_run, rate=0.0, failed=0)

    def on_finish(self, outcome: JobOutcome) -> None:
        """Move the bar; tell of a failure as it happens."""
        self._ended_n += 1
        self._failed_n += outcome.status == "failed"
        rate = self._ended_n / max(time.monotonic() - self._clock, 1e-9)
        self._progress.update(self._task, advance=1, rate=rate, failed=self._failed_n)
        if outcome.error is not None:
            told = f"failed: {outcome.job}: {outcome.error}"
            self._progress.console.print(told, markup=False, style="bold", soft_wrap=True)

    def stop(self) -> None:
        """Take the bar away."""
        self.seconds = self.seconds or time.monotonic() - self._clock
        self._progress.stop()


def _tell_end(made: Production, asked_n: int, seconds: float, reports: Path) -> int:
    """Print the closing table and return the exit code."""
    counts, record = made.record.counts, made.record
    ran_n = counts["made"] + counts["failed"]
    rows = {
        "made": str(counts["made"]),
        "unchanged": str(counts["unchanged"]),
        "failed": str(counts["failed"]),
        "not run": str(asked_n - counts.total()),
        "time": f"{seconds:.0f} s" + (f" ({ran_n / max(seconds, 1e-9):.1f} a second)" if ran_n else ""),
        "reports": str(reports),
        "index": str(reports / "index.html"),
        "record": str(record.path),
    }
    for name, value in rows.items():
        if name not in ("not run", "unchanged") or value != "0":
            console.print(f"{name:<11}{value}", markup=False, soft_wrap=True)
    if made.status == "interrupted":
        console.print("Stopped by Ctrl-C; the reports made so far stay. The same command goes on from here.")
        return INTERRUPTED_EXIT_CODE
    if made.status == "disk full":
        problem = Problem(
            "outputs",
            "no space is left on its disk",
            "free some, then give the same command again: it goes on",
        )
        console.print(str(problem), markup=False, soft_wrap=True)
        return EXIT_INPUT
    if counts["failed"]:
        console.print(f"The failed runs lie in {record.folder / 'failed'}", markup=False, soft_wrap=True)
        return EXIT_SOME_FAILED
    return EXIT_OK

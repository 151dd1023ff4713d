"""`dimios report`: run the notebooks of a suite for many organisations."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dimios_core.cli.app import app, console
from dimios_core.errors import EXIT_OK, EXIT_SOME_FAILED, InputError, Problem
from dimios_core.places import outputs_dir, project_root

if TYPE_CHECKING:
    from dimios_core.runner import PublishedOrganisation, ReportJob, Suite

DEFAULT_SUITE = "organisation"
INTERRUPTED_EXIT_CODE = 130
REPORT_TIMEOUT_SECONDS = 300.0


@app.command()
def report(
    organisation: Annotated[
        list[str] | None,
        typer.Option("--organisation", "-o", help="An organisation's id; repeat for several. Default: all."),
    ] = None,
    period: Annotated[
        str, typer.Option(help="A period, or 'latest': each organisation's own latest one.")
    ] = "latest",
    language: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    workers: Annotated[
        int, typer.Option(min=0, help="Notebooks at a time. Default: as many as there are processors.")
    ] = 0,
    outputs: Annotated[
        Path | None, typer.Option(help="The outputs folder. Default: outputs/ of the project.")
    ] = None,
    suite: Annotated[
        list[str] | None,
        typer.Option(
            help="Which reports: organisation, national, county (parameters/suites/). Repeat for several. Default: organisation."
        ),
    ] = None,
    county: Annotated[
        list[str] | None,
        typer.Option(help="A county's two-digit code; repeat for several. Default: all that can be shown."),
    ] = None,
    notebook: Annotated[
        Path | None,
        typer.Option(help="One notebook of your own, run for each organisation instead of a suite."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1.0, help="Seconds that one notebook may take.")
    ] = REPORT_TIMEOUT_SECONDS,
) -> None:
    """Make reports: run the notebooks of a suite for the organisations and the period asked for."""
    code = make_reports(
        outputs_dir(outputs),
        organisations=organisation or (),
        period=period,
        language=language,
        workers=workers,
        suites=suite or (DEFAULT_SUITE,),
        counties=county or (),
        notebook=notebook,
        timeout_seconds=timeout,
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
    timeout_seconds: float = REPORT_TIMEOUT_SECONDS,
) -> int:
    """Run the notebooks of suites, or one notebook, with progress and a closing table; return the exit code."""
    from dimios_core.page import place_assets, write_page
    from dimios_core.page.index import OrganisationLabel, write_index
    from dimios_core.page.navigation import link_pages
    from dimios_core.runner import (
        JobOutcome,
        RunSettings,
        build_manifest,
        load_suite,
        name_run,
        published_organisations,
        read_results_version,
        run_batch,
        write_manifest,
    )

    results = place / "results"
    published = published_organisations(results)
    results_version = read_results_version(results)
    chosen = [] if notebook else [load_suite(name) for name in dict.fromkeys(suites)]
    jobs = _plan(chosen, notebook, published, results, organisations, counties, period, language)
    workers = min(workers or count_processors(), len(jobs))

    started = datetime.now(UTC)
    runs = place / "runs"
    run_id = name_run(started, runs)
    settings = RunSettings(
        outputs=place,
        results=results,
        run=runs / run_id,
        project=project_root(),
        timeout_seconds=timeout_seconds,
        after=write_page if notebook is None else None,  # one's own notebook may display anything
    )
    if settings.after is not None:
        place_assets(settings.reports)
    what = f"the suite {', '.join(s.id for s in chosen)}" if chosen else notebook.name if notebook else ""
    console.print(
        f"{len(jobs)} notebooks of {what} ({language}, {period}), {workers} at a time → {settings.reports}",
        markup=False,
        soft_wrap=True,
    )
    outcomes: list[JobOutcome] = []
    with Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.2f}/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} failed"),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task("reports", total=len(jobs), rate=0.0, failed=0)
        clock = time.monotonic()

        def on_finish(outcome: JobOutcome) -> None:
            outcomes.append(outcome)
            failed = sum(o.status == "failed" for o in outcomes)
            rate = len(outcomes) / max(time.monotonic() - clock, 1e-9)
            progress.update(task, advance=1, rate=rate, failed=failed)
            if outcome.error is not None:
                progress.console.print(
                    f"failed: {outcome.job}: {outcome.error}", markup=False, style="bold", soft_wrap=True
                )

        interrupted = False
        try:
            run_batch(jobs, settings, workers=workers, on_finish=on_finish)
        except KeyboardInterrupt:
            interrupted = True

    if outcomes:
        for folder in sorted({settings.reports / o.job.relative_path.parent for o in outcomes}):
            link_pages(folder)
        labels = {o.id: OrganisationLabel(o.name, o.demo) for o in published}
        write_index(settings.reports, labels, [p.stem for p in load_suite(DEFAULT_SUITE).paths])
    order = {job: number for number, job in enumerate(jobs)}
    manifest = write_manifest(
        build_manifest(
            sorted(outcomes, key=lambda o: order[o.job]),
            run_id=run_id,
            notebooks=list(dict.fromkeys(job.notebook for job in jobs)),
            results_version=results_version,
            started=started,
            ended=datetime.now(UTC),
        ),
        settings.run,
    )
    counts: Counter[str] = Counter(outcome.status for outcome in outcomes)
    _print_summary(counts, len(jobs), time.monotonic() - clock, settings.reports, manifest)
    if interrupted:
        console.print("Stopped by Ctrl-C; the reports made so far stay.")
        return INTERRUPTED_EXIT_CODE
    if counts["failed"]:
        console.print(f"The failed runs lie in {settings.run / 'failed'}", markup=False, soft_wrap=True)
        return EXIT_SOME_FAILED
    return EXIT_OK


def _plan(
    suites: Sequence[Suite],
    notebook: Path | None,
    published: Sequence[PublishedOrganisation],
    results: Path,
    organisations: Sequence[str],
    counties: Sequence[str],
    period: str,
    language: str,
) -> list[ReportJob]:
    """Return the jobs of one notebook, or of all suites asked for."""
    from dimios_core.runner import plan_consortium_jobs, plan_jobs, public_periods

    if notebook is not None:
        return plan_jobs(
            published, [notebook.resolve()], organisations=organisations, period=period, language=language
        )
    jobs: list[ReportJob] = []
    for suite in suites:
        if suite.per == "organisation":
            jobs += plan_jobs(
                published, suite.paths, organisations=organisations, period=period, language=language
            )
        else:
            per_county = suite.per == "county"
            public = public_periods(results)
            jobs += plan_consortium_jobs(
                public,
                suite.paths,
                per_county=per_county,
                counties=counties,
                period=period,
                language=language,
            )
    if not jobs:
        what = "no county has enough organisations to be shown together"
        raise InputError(Problem("--suite county", what, "choose another period or suite"))
    return jobs


def count_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _print_summary(counts: Counter[str], asked_n: int, seconds: float, reports: Path, manifest: Path) -> None:
    rows = {
        "made": str(counts["made"]),
        "failed": str(counts["failed"]),
        "not run": str(asked_n - counts.total()),
        "time": f"{seconds:.0f} s ({counts.total() / max(seconds, 1e-9):.2f} a second)",
        "reports": str(reports),
        "index": str(reports / "index.html"),
        "manifest": str(manifest),
    }
    for name, value in rows.items():
        if (name, value) != ("not run", "0"):
            console.print(f"{name:<10}{value}", markup=False, soft_wrap=True)

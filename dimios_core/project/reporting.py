"""A batch of reports, from what is asked for to pages that know their neighbours."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dimios_core.page import place_assets
from dimios_core.places import project_root
from dimios_core.project.limits import Limits
from dimios_core.project.planning import DEFAULT_SUITE, Selection, plan_reports
from dimios_core.project.progress import Progress, Watch
from dimios_core.project.standing import note_state
from dimios_core.project.summaries import ReportSummary
from dimios_core.project.workers import Machine
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.finishing import finish_report
from dimios_core.runner.jobs import published_organisations
from dimios_core.runner.joining import begin_list, join_pages
from dimios_core.runner.production import Wishes, produce_reports
from dimios_core.suites import load_suite


def make_reports(
    outputs: Path,
    selection: Selection,
    limits: Limits,
    machine: Machine,
    progress: Progress,
    *,
    force: bool = False,
) -> ReportSummary:
    """Run the notebooks that a selection means, and join their pages; the caller holds the outputs folder.

    Raises
    ------
    InputError
        Nothing is run: see `dimios_core.project.planning.plan_reports`.
    """
    results, reports = outputs / "results", outputs / "reports"
    published = published_organisations(results)
    jobs = plan_reports(results, published, selection)
    finish = finish_report if selection.page else None
    wishes = Wishes(limits.seconds, limits.memory_mb, finish, force)
    started = time.monotonic()
    with ThreadPoolExecutor(1, "list") as beside, Watch("reports", progress) as watch:
        head = beside.submit(begin_list, reports, results, published)  # whose reports are made meanwhile

        def begin(to_run: int, unchanged: int) -> None:
            told = f"{to_run} {'notebook' if to_run == 1 else 'notebooks'} of {selection} → {reports}"
            watch.say(f"{told}; {unchanged} unchanged" if unchanged else told)
            watch(0, to_run)

        def finish_one(outcome: JobOutcome) -> None:
            watch.advance(1, f"failed: {outcome.job}: {outcome.error}" if outcome.error else "")

        if finish is not None:
            place_assets(reports)
        made = produce_reports(
            outputs, project_root(), jobs, lambda n: machine.open_notebooks(n, outputs), wishes, begin, finish_one
        )  # fmt: skip
    state = note_state(outputs, made.outcomes if selection.page else (), published)
    join_pages(reports, head.result(), made, load_suite(DEFAULT_SUITE).pages, state)
    return ReportSummary(
        reports, made.record.folder, made.status, len(jobs), made.outcomes, time.monotonic() - started
    )

"""A report in a process of its own, and what becomes of it when that process does not come back."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence

from dimios_core.forking import Child, ChildError, Limits, ServerClosedError
from dimios_core.forking.shared_server import SharedServer
from dimios_core.runner.cell_errors import DISK_FULL, CellError
from dimios_core.runner.engine import GRACE_SECONDS
from dimios_core.runner.execution import JobOutcome, RunSettings, keep_failed, run_job
from dimios_core.runner.jobs import ReportJob
from dimios_core.runner.leftovers import SpoiltChildError

OnFinish = Callable[[JobOutcome], None]


def run_report(
    jobs: Sequence[ReportJob],
    settings: RunSettings,
    attempt: int = 1,
    on_finish: OnFinish = lambda outcome: None,
) -> list[JobOutcome]:
    """Run jobs that may share a child, one after another, and return how each went, whatever happens to the child.

    One that fails leaves no child to the next: the rest go on in a new one. When the disk is full, the rest is left out.

    Parameters
    ----------
    jobs
        Of one report: see `dimios_core.runner.sharing.group_jobs`.
    settings
    attempt
        From 1; of all these jobs.
    on_finish
        Called as each ends.
    """
    outcomes: list[JobOutcome] = []
    with contextlib.ExitStack() as stack:
        child: Child | None = None
        for job in jobs:
            started = time.monotonic()
            try:
                child = child or stack.enter_context(
                    contextlib.closing(SharedServer.get(settings.results, settings.languages).child())
                )
                outcome = _run_in(child, job, settings, attempt)
            except ServerClosedError as error:
                seconds = time.monotonic() - started
                outcome = JobOutcome(job, "failed", seconds, attempt, CellError("ChildDied", str(error)))
            if child is not None and outcome.error is not None:
                child.close()
            outcomes.append(outcome)
            on_finish(outcome)
            if outcome.error is not None and outcome.error.name == DISK_FULL:
                break
    return outcomes


def _run_in(child: Child, job: ReportJob, settings: RunSettings, attempt: int) -> JobOutcome:
    """Run a job in a child; one that is spoilt gives way to a new one.

    Raises
    ------
    ServerClosedError
        The parent is gone.
    """
    started = time.monotonic()

    def call() -> JobOutcome:
        limits = Limits(settings.timeout_seconds + GRACE_SECONDS, settings.memory_bytes)
        return child.call(run_job, job, settings, attempt, limits=limits)

    try:
        try:
            return call()
        except SpoiltChildError:
            return call()
    except ChildError as error:
        failure = keep_failed(job, settings, error.place, str(error))
    return JobOutcome(job, "failed", time.monotonic() - started, attempt, failure)

"""Many jobs at once, through any executor: one failure at a time, and a second chance where fair."""

from __future__ import annotations

import queue
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from dimios_core.runner.cell_errors import DISK_FULL, CellError
from dimios_core.runner.execution import JobOutcome, RunSettings
from dimios_core.runner.isolation import SharedServer, run_isolated
from dimios_core.runner.jobs import ReportJob

ATTEMPTS_N = 2

OnFinish = Callable[[JobOutcome], None]


@contextmanager
def local_executor(workers: int) -> Iterator[Executor]:
    """Yield an executor of this machine: each of its threads waits for one child at a time.

    Leaving it, by Ctrl-C too, ends every child.
    """
    executor = ThreadPoolExecutor(workers, thread_name_prefix="report")
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        with SharedServer.ended():
            executor.shutdown(wait=True)


def run_batch(
    jobs: Sequence[ReportJob],
    settings: RunSettings,
    executors: AbstractContextManager[Executor],
    *,
    on_finish: OnFinish = lambda outcome: None,
) -> list[JobOutcome]:
    """Run all jobs and return how each went, in the order of `jobs`.

    A job whose process ended, ran out of memory or out of time is tried once more. When the disk is full, jobs
    that have not begun are left out: they would fail in the same way.

    Parameters
    ----------
    jobs
        Jobs as `plan_jobs` makes them; no two for the same report.
    settings
        Shared by all.
    executors
        Gives the executor when it is entered: of this machine (`local_executor`), or of a cluster whose workers
        see the same folders (`dimios_core.cluster.open_cluster`).
    on_finish
        Called in this thread as each job ends (after its last attempt).

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C: jobs that have not begun are cancelled; reports made stay.
    """
    outcomes: dict[ReportJob, JobOutcome] = {}

    def finish(outcome: JobOutcome) -> None:
        outcomes[outcome.job] = outcome
        on_finish(outcome)

    try:
        with executors as executor:
            _run_all(jobs, settings, executor, finish)
    finally:
        shutil.rmtree(settings.work, ignore_errors=True)  # nobody works there any more
    return [outcomes[job] for job in jobs if job in outcomes]


def _run_all(jobs: Sequence[ReportJob], settings: RunSettings, executor: Executor, finish: OnFinish) -> None:
    finished: queue.SimpleQueue[Future[JobOutcome]] = queue.SimpleQueue()
    under_way: dict[Future[JobOutcome], tuple[ReportJob, int]] = {}
    disk_full = False

    def submit(job: ReportJob, attempt: int) -> None:
        future = executor.submit(run_isolated, job, settings, attempt)
        under_way[future] = job, attempt
        future.add_done_callback(finished.put)

    def cancel_waiting() -> None:
        for future in list(under_way):
            future.cancel()

    try:
        for job in jobs:
            submit(job, 1)
        while under_way:
            future = finished.get()
            job, attempt = under_way.pop(future)
            if future.cancelled():
                continue
            outcome = _take(future, job, attempt)
            if outcome.may_pass and attempt < ATTEMPTS_N and not disk_full:
                submit(job, attempt + 1)
                continue
            if outcome.error is not None and outcome.error.name == DISK_FULL and not disk_full:
                disk_full = True
                cancel_waiting()
            finish(outcome)
    except BaseException:
        cancel_waiting()
        raise


def _take(future: Future[JobOutcome], job: ReportJob, attempt: int) -> JobOutcome:
    """Return the outcome; an executor that lost the job, with its worker, is a failure of the job's process."""
    error = future.exception()
    if error is None:
        return future.result()
    failure = CellError("ChildDied", f"its worker was lost ({type(error).__name__})")
    return JobOutcome(job, "failed", 0.0, attempt, failure)

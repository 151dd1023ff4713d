"""Many jobs at once, through any executor: one failure at a time, and a second chance where fair."""

from __future__ import annotations

import queue
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from dimios_core.forking.shared_server import SharedServer
from dimios_core.runner.cell_errors import DISK_FULL, CellError
from dimios_core.runner.execution import JobOutcome, RunSettings
from dimios_core.runner.isolation import OnFinish, run_report
from dimios_core.runner.jobs import ReportJob
from dimios_core.runner.sharing import group_jobs

ATTEMPTS_N = 2


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
    """Run all jobs, those of one report in one child, and return how each went, in the order of `jobs`.

    A job whose process ended, ran out of memory or out of time is tried once more, alone. When the disk is full, jobs
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


class _Post:
    """Takes outcomes as they come, in this process; those of another come with their whole report."""

    def __init__(self, queue: queue.SimpleQueue[JobOutcome | _Running] | None = None) -> None:
        self._queue = queue

    def __call__(self, outcome: JobOutcome) -> None:
        if self._queue is not None:
            self._queue.put(outcome)

    def __reduce__(self) -> tuple[type[_Post], tuple[()]]:
        return _Post, ()


_Running = Future[list[JobOutcome]]


def _run_all(jobs: Sequence[ReportJob], settings: RunSettings, executor: Executor, finish: OnFinish) -> None:
    finished: queue.SimpleQueue[JobOutcome | _Running] = queue.SimpleQueue()
    under_way: dict[_Running, tuple[Sequence[ReportJob], int]] = {}
    told: set[tuple[ReportJob, int]] = set()
    disk_full = False

    def submit(group: Sequence[ReportJob], attempt: int) -> None:
        future = executor.submit(run_report, group, settings, attempt, _Post(finished))
        under_way[future] = group, attempt
        future.add_done_callback(finished.put)

    def cancel_waiting() -> None:
        for future in list(under_way):
            future.cancel()

    def take(outcome: JobOutcome) -> None:
        nonlocal disk_full
        if (outcome.job, outcome.attempt) in told:
            return
        told.add((outcome.job, outcome.attempt))
        if outcome.may_pass and outcome.attempt < ATTEMPTS_N and not disk_full:
            submit([outcome.job], outcome.attempt + 1)
            return
        if outcome.error is not None and outcome.error.name == DISK_FULL and not disk_full:
            disk_full = True
            cancel_waiting()
        finish(outcome)

    try:
        for group in group_jobs(jobs):
            submit(group, 1)
        while under_way:
            ended = finished.get()
            if isinstance(ended, JobOutcome):
                take(ended)
                continue
            begun, attempt = under_way.pop(ended)
            for outcome in [] if ended.cancelled() else _list_outcomes(ended, begun, attempt):
                take(outcome)
    except BaseException:
        cancel_waiting()
        raise


def _list_outcomes(future: _Running, group: Sequence[ReportJob], attempt: int) -> list[JobOutcome]:
    """Return the outcomes; an executor that lost the jobs, with its worker, is a failure of their process."""
    error = future.exception()
    if error is None:
        return future.result()
    failure = CellError("ChildDied", f"its worker was lost ({type(error).__name__})")
    return [JobOutcome(job, "failed", 0.0, attempt, failure) for job in group]

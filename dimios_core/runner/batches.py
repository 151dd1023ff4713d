"""Many jobs at once: a pool of worker processes, one failure at a time, and a second chance where fair.

Only what is no fault of the notebook's cells is tried again: a worker process that died. All jobs that
were under way then come under suspicion; each is run once more, alone, so that the guilty one is known.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from dimios_core.runner.execution import CellError, JobOutcome, RunSettings, prepare_worker, run_job
from dimios_core.runner.jobs import ReportJob

#: spawned, not forked: a worker's threads and open files are its own on every platform
START_METHOD = "spawn"
ATTEMPTS_N = 2
STOP_SECONDS = 5.0
#: a Unix socket's path has at most 104 letters, of which ours takes some 40 below this folder
SOCKETS_ROOT_LETTERS_N = 55

OnFinish = Callable[[JobOutcome], None]


def run_batch(
    jobs: Sequence[ReportJob],
    settings: RunSettings,
    *,
    workers: int,
    on_finish: OnFinish = lambda outcome: None,
) -> list[JobOutcome]:
    """Run all jobs and return how each went, in the order of `jobs`.

    Parameters
    ----------
    jobs
        Jobs as `plan_jobs` makes them.
    settings
        Shared by all.
    workers
        Worker processes, 1 or more; each runs one notebook at a time in a kernel of its own.
    on_finish
        Called in this process as each job ends (after its last attempt).

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C: the workers and their kernels are gone when it is raised on; reports made stay.
    """
    outcomes: dict[ReportJob, JobOutcome] = {}

    def finish(outcome: JobOutcome) -> None:
        outcomes[outcome.job] = outcome
        on_finish(outcome)

    sockets = Path(tempfile.mkdtemp(prefix="dimios-", dir=_choose_sockets_root()))
    try:
        suspects = _run_queue(deque(jobs), settings, sockets, workers, 1, finish)
        for attempt in range(2, ATTEMPTS_N + 1):
            again, suspects = suspects, []
            for job in again:
                suspects += _run_queue(deque([job]), settings, sockets, 1, attempt, finish)
        for job in suspects:
            error = CellError("WorkerDied", "its process ended without a word (out of memory?)")
            finish(JobOutcome(job, "failed", 0.0, ATTEMPTS_N, error))
    finally:
        for folder in (settings.run / "work", sockets):
            shutil.rmtree(folder, ignore_errors=True)
    return [outcomes[job] for job in jobs]


def _choose_sockets_root() -> str:
    """Return where kernels' sockets lie: their paths must be short, so never under outputs/."""
    usual = tempfile.gettempdir()
    return usual if os.name != "posix" or len(usual) <= SOCKETS_ROOT_LETTERS_N else "/tmp"


def _run_queue(
    queue: deque[ReportJob],
    settings: RunSettings,
    sockets: Path,
    workers: int,
    attempt: int,
    finish: OnFinish,
) -> list[ReportJob]:
    """Run the queue to its end, with a new pool whenever one breaks; return the jobs under suspicion."""
    suspects: list[ReportJob] = []
    while queue:
        pool = _WorkerPool(min(workers, len(queue)), settings)
        under_way: dict[Future[JobOutcome], ReportJob] = {}
        broken = False
        try:
            while under_way or (queue and not broken):
                while queue and not broken and len(under_way) < pool.workers:
                    try:
                        future = pool.executor.submit(run_job, queue[0], settings, sockets, attempt)
                    except BrokenProcessPool:
                        broken = True
                        break
                    under_way[future] = queue.popleft()
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    job = under_way.pop(future)
                    try:
                        finish(future.result())
                    except BrokenProcessPool:
                        broken = True
                        suspects.append(job)
        except BaseException:
            pool.end()
            raise
        pool.close()
    return suspects


class _WorkerPool:
    """A process pool whose processes can be ended at once."""

    def __init__(self, workers: int, settings: RunSettings) -> None:
        self.workers = workers
        self._before = set(multiprocessing.active_children())
        self.executor = ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context(START_METHOD),
            initializer=prepare_worker,
            initargs=(settings,),
        )

    def close(self) -> None:
        """Let the idle processes go."""
        self.executor.shutdown(wait=True, cancel_futures=True)

    def end(self) -> None:
        """End the processes now; each kills its kernel first."""
        mine = [child for child in multiprocessing.active_children() if child not in self._before]
        for child in mine:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in mine:
            child.join(max(0.0, deadline - time.monotonic()))
            if child.is_alive():
                child.kill()
        self.executor.shutdown(wait=False, cancel_futures=True)

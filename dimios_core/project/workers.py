"""Where work is done: processes and threads of this machine, or the workers of a cluster."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

from dimios_core.cluster import open_cluster
from dimios_core.languages import check_language

_MAIN_AWAY = threading.Lock()


@dataclass(frozen=True)
class Machine:
    """What a project's steps run on.

    Attributes
    ----------
    workers : int or None
        How many at a time; None for as many as there are processors.
    cluster : str or None
        Address of a Dask scheduler, whose workers score and run notebooks instead of this machine.
    """

    workers: int | None = None
    cluster: str | None = None

    @property
    def workers_n(self) -> int:
        """How many work at a time on this machine."""
        return self.workers or count_processors()

    def open_processes(self, shared: Path) -> AbstractContextManager[Executor | None]:
        """Open what computes: processes here, none where one at a time is meant, or the cluster, which sees `shared`."""
        return open_cluster(self.cluster, shared) if self.cluster else open_executor(self.workers)

    def open_notebooks(self, jobs_n: int, shared: Path) -> AbstractContextManager[Executor]:
        """Open what waits for notebooks' children: threads here, or the cluster, which sees `shared`."""
        from dimios_core.runner.batches import local_executor

        if self.cluster:
            return open_cluster(self.cluster, shared)
        return local_executor(min(self.workers_n, jobs_n))

    @contextmanager
    def expecting_notebooks(self, outputs: Path, language: str, *, pages_alone: bool) -> Iterator[None]:
        """Let what notebooks' children are forked from get ready while the block loads and plans; it ends with the block."""
        results = outputs / "results"
        elsewhere, never = self.cluster, check_language(language) or not results.is_dir()
        if elsewhere or never:
            yield
            return
        from dimios_core.forking.shared_server import MORE, SharedServer

        with SharedServer.expected(results, (language,), () if pages_alone else MORE):
            yield


@contextmanager
def open_executor(workers: int | None) -> Iterator[Executor | None]:
    """Yield processes on this machine (all cores by default); None for one."""
    count = workers or os.cpu_count() or 1
    if count == 1:
        yield None
        return
    # one thread a process: the parallelism is over organisations
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with ProcessPoolExecutor(count, mp_context=_Context()) as executor:
        yield executor


def count_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Process(SpawnProcess):
    """A process that does not run the caller's program again: a script needs no `if __name__ == "__main__"` for us."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802 - as the standard library calls it
        with _MAIN_AWAY:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")  # without a file: nothing to run
            try:
                return SpawnProcess._Popen(process_obj)
            finally:
                sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Process

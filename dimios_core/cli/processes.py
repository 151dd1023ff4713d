"""Processes on this machine, for commands whose work falls into parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context


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
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as executor:
        yield executor


def count_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

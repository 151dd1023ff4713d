"""A job in a process of its own, and what becomes of it when that process does not come back."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from dimios_core.forking import ChildError, ForkServer, Limits, ServerClosedError, environment_of_results
from dimios_core.runner.cell_errors import CellError
from dimios_core.runner.engine import GRACE_SECONDS
from dimios_core.runner.execution import JobOutcome, RunSettings, keep_failed, run_job
from dimios_core.runner.jobs import ReportJob

PRELOAD = "dimios_core.runner.preloading:preload"


class SharedServer:
    """This process's parent of children: it starts at the first job. Each worker of a cluster has its own."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _server: ClassVar[ForkServer | None] = None
    _ending: ClassVar[bool] = False

    @classmethod
    def get(cls, results: Path) -> ForkServer:
        """Return the server; a new one after it was closed, with the public part of these results at hand.

        Raises
        ------
        ServerClosedError
            The batch ends: a child that began now would be waited for.
        """
        with cls._lock:
            if cls._ending:
                raise ServerClosedError("the batch ended before it began")
            if cls._server is None:
                cls._server = ForkServer([PRELOAD], environment_of_results(results))
                atexit.register(cls.close)
            return cls._server

    @classmethod
    def close(cls) -> None:
        """End all children and their parent; jobs under way fail."""
        with cls._lock:
            server, cls._server = cls._server, None
        if server is not None:
            server.close()
            atexit.unregister(cls.close)

    @classmethod
    @contextmanager
    def ended(cls) -> Iterator[None]:
        """End all children, and begin none while the block runs: a thread may just have been about to."""
        cls._ending = True
        try:
            cls.close()
            yield
        finally:
            cls._ending = False


def run_isolated(job: ReportJob, settings: RunSettings, attempt: int = 1) -> JobOutcome:
    """Run a job in a child of its own and return how it went, whatever happens to the child."""
    started = time.monotonic()
    running = 0

    def on_news(news: tuple[str, int, None]) -> None:
        nonlocal running
        running = news[1]

    limits = Limits(settings.timeout_seconds + GRACE_SECONDS, settings.memory_bytes)
    try:
        return SharedServer.get(settings.results).call(
            run_job, job, settings, attempt, limits=limits, on_news=on_news
        )
    except ChildError as error:
        failure = keep_failed(job, settings, running, str(error))
    except ServerClosedError as error:
        failure = CellError("ChildDied", str(error))
    return JobOutcome(job, "failed", time.monotonic() - started, attempt, failure)

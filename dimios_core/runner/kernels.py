"""Kernels of a batch: private ones, watched by a clock, and a Papermill engine that runs on them.

A kernel talks over Unix sockets in a folder of its own: TCP ports race between parallel jobs and are
plain text, and two drivers that share a socket folder hang. A kernel that dies or hangs becomes an
error in its cell like any other, so that a failed run is told and stored in one way only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

ENGINE = "dimios"
#: a client that has not noticed its kernel's death by then is given up, with its process
CLIENT_GRACE_SECONDS = 30.0
CLIENT_LOST_EXIT_CODE = 70
UNIX_SOCKETS = os.name == "posix"

#: one thread each: the batch already uses every core
KERNEL_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # sets in the same order in every run
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def prepare_kernel_environment(
    environment: MutableMapping[str, str], *, results: Path, project: Path, ipython: Path
) -> None:
    """Set in `environment` what every kernel of a batch needs (in place).

    Parameters
    ----------
    results, project
        Where the notebook finds the published results and the instruments.
    ipython
        An empty folder for IPython, so that nobody's personal start-up files take part.
    """
    environment.update(KERNEL_ENVIRONMENT)
    environment["DIMIOS_RESULTS"] = str(results)
    environment["DIMIOS_PROJECT"] = str(project)
    environment["IPYTHONDIR"] = str(ipython)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # it makes every import twice as slow


class JobKernelManager(AsyncKernelManager):
    """The kernel of the job that this process runs; one at a time."""

    current: ClassVar[JobKernelManager | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        type(self).current = self

    @classmethod
    def kill_current(cls) -> None:
        """Kill the kernel of the present job, if one runs, with everything it started."""
        provisioner = cls.current.provisioner if cls.current else None
        process = getattr(provisioner, "process", None)
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if UNIX_SOCKETS:
                os.killpg(process.pid, signal.SIGKILL)  # a kernel leads a session of its own
            else:
                process.kill()


class Watchdog:
    """Kills the present kernel when its time is up; `timed_out` tells that it did."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timed_out = False
        self._timers: list[threading.Timer] = []

    def _start(self, seconds: float, action: Any) -> None:
        timer = threading.Timer(seconds, action)
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def _bark(self) -> None:
        self.timed_out = True
        JobKernelManager.kill_current()
        self._start(CLIENT_GRACE_SECONDS, lambda: os._exit(CLIENT_LOST_EXIT_CODE))

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs."""
        self._start(self.seconds, self._bark)
        try:
            yield
        finally:
            for timer in self._timers:
                timer.cancel()


class WatchedEngine(NBClientEngine):
    """Papermill's own engine on private kernels, with a time limit for the notebook as a whole."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        sockets: Path,
        timeout_seconds: float,
        **kwargs: Any,
    ) -> None:
        """Run the cells; a dead or overdue kernel is written into its cell as an error.

        Parameters
        ----------
        sockets
            An empty folder, private to this job, with a short name (a socket's path has some 100 letters).
        timeout_seconds
            For the whole notebook, kernel start included.
        """
        watchdog = Watchdog(timeout_seconds)
        transport = {"transport": "ipc"} if UNIX_SOCKETS else {}
        config = Config(
            {"JobKernelManager": {"connection_file": str(sockets / "kernel.json"), **transport}},
        )
        try:
            with watchdog.watching():
                super().execute_managed_notebook(
                    nb_man,
                    kernel_name,
                    kernel_manager_class=JobKernelManager,
                    config=config,
                    shutdown_kernel="immediate",
                    record_timing=False,
                    **kwargs,
                )
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            if watchdog.timed_out:
                name, message = (
                    "TimeoutError",
                    f"The notebook was not done after {timeout_seconds:g} seconds.",
                )
            else:
                name, message = "DeadKernelError", str(error) or "The kernel died."
            _write_error(nb_man.nb, name, message)
        finally:
            JobKernelManager.current = None


def _write_error(notebook: nbformat.NotebookNode, name: str, message: str) -> None:
    """Add an error to the cell that ran last, or to the first code cell if none did."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = [cell for cell in code if cell.metadata.papermill.get("start_time")]
    cell = started[-1] if started else code[0]
    cell.outputs.append(
        nbformat.v4.new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
    )


def register_engine() -> None:
    """Make the engine known to Papermill in this process."""
    papermill_engines.register(ENGINE, WatchedEngine)

"""The standard engine: kernels of their own, private and watched by a clock.

It runs what cannot run in a forked child: another kernel than Python's own, or another system than Linux.

A kernel talks over Unix sockets in a folder of its own: TCP ports race between parallel jobs and are
plain text, and two drivers that share a socket folder hang. A kernel that dies or hangs becomes an
error in its cell like any other, so that a failed run is told and stored in one way only.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, NotebookExecutionManager
from traitlets import Type
from traitlets.config import Config

from dimios_core.forking.sockets import UNIX_SOCKETS, choose_sockets_root
from dimios_core.runner.cell_errors import write_error

#: a client that has not noticed its kernel's death by then is given up, with its process
CLIENT_GRACE_SECONDS = 30.0
CLIENT_LOST_EXIT_CODE = 70
LOOK_AGAIN_SECONDS = 1.0


class PatientChannel(AsyncZMQSocketChannel):
    """A channel that looks again each second.

    nbclient answers for `Output` widgets while it waits for the kernel's reply on the same socket. What arrives at that
    moment is not announced to the one who waits, who would wait for ever.
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]  # as Jupyter's own
        """Return the next message; raises `queue.Empty` after `timeout` seconds, never without one."""
        if timeout is not None:
            return await super().get_msg(timeout)
        while True:
            with contextlib.suppress(Empty):
                return await super().get_msg(LOOK_AGAIN_SECONDS)


class PatientClient(AsyncKernelClient):
    """A client whose replies are never missed."""

    shell_channel_class = Type(PatientChannel)


class JobKernelManager(AsyncKernelManager):
    """The kernel of the job that this process runs; one at a time."""

    client_factory = Type(PatientClient)
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

    def __init__(self, seconds: float | None) -> None:
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
        if self.seconds is not None:
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
        timeout_seconds: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Run the cells; a dead or overdue kernel is written into its cell as an error.

        Parameters
        ----------
        timeout_seconds
            For the whole notebook, kernel start included; None means no limit.
        """
        watchdog = Watchdog(timeout_seconds)
        sockets = Path(tempfile.mkdtemp(prefix="dimios-", dir=choose_sockets_root()))
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
                    f"The notebook was not done after {watchdog.seconds:g} seconds.",
                )
            else:
                name, message = "DeadKernelError", str(error) or "The kernel died."
            _mark_error(nb_man.nb, name, message)
        finally:
            JobKernelManager.current = None
            shutil.rmtree(sockets, ignore_errors=True)


def _mark_error(notebook: nbformat.NotebookNode, name: str, message: str) -> None:
    """Add an error to the cell that ran last, or to the first code cell if none did."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = [cell for cell in code if cell.metadata.papermill.get("start_time")]
    write_error(started[-1] if started else code[0], name, message)

"""The Papermill engine `dimios`: a notebook's cells in a process forked from a preloaded parent.

`papermill --engine dimios in.ipynb out.ipynb -p organisation x` works like any engine: Papermill parametrises
and saves. A batch calls Papermill inside a child; then the cells run in that child. Where nothing can be forked,
or where a notebook asks for another kernel than Python's own, the standard engine takes over, and the log says so.

This module is imported by every Papermill of the environment: it imports little.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import nbformat
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from dimios_core.forking import ChildError, ForkServer, Limits, can_fork
from dimios_core.forking.child import in_child, tell
from dimios_core.runner.cell_errors import write_error

ENGINE = "dimios"
#: the kernel that is always this environment's Python
OWN_KERNEL = "python3"
PRELOAD = "dimios_core.runner.preloading:preload"
#: what a cell gets to end by itself once its time is up, before its process is killed
GRACE_SECONDS = 10.0


class DimiosEngine(NBClientEngine):
    """Runs cells in a process of their own, without a kernel's start, sockets and second set of imports."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        timeout_seconds: float | None = None,
        execution_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        """Run the cells of the managed notebook; a failed cell ends it, as Papermill expects.

        Parameters
        ----------
        nb_man
            Papermill's manager; its notebook gets the outputs.
        kernel_name
            Anything but this environment's Python goes to the standard engine.
        timeout_seconds, execution_timeout
            For the notebook as a whole, and for each cell. None means no limit.
        **kwargs
            Papermill's own: `log_output`, `stdout_file`, `stderr_file`, and `resources` with the notebook's folder.
        """
        if not can_fork() or kernel_name != OWN_KERNEL:
            from dimios_core.runner.kernels import WatchedEngine

            reason = f"it asks for the kernel {kernel_name}" if can_fork() else "nothing can be forked here"
            logger.info(f"The standard engine runs this notebook: {reason}.")
            WatchedEngine.execute_managed_notebook(
                nb_man, kernel_name, timeout_seconds=timeout_seconds, execution_timeout=execution_timeout, **kwargs
            )  # fmt: skip
            return
        folder = Path((kwargs.get("resources") or {}).get("metadata", {}).get("path") or Path.cwd())
        limits = _TimeLimits(timeout_seconds, execution_timeout)
        if in_child():
            _run_here(nb_man, folder, limits)
        else:
            _run_in_child(nb_man, folder, limits, _OutputLog(nb_man, kwargs))


class _TimeLimits:
    """A clock for the notebook and one for each cell; the first to run out raises in the cell."""

    def __init__(self, notebook_seconds: float | None, cell_seconds: float | None) -> None:
        self.notebook_seconds, self.cell_seconds = notebook_seconds, cell_seconds
        self._end = None if notebook_seconds is None else time.monotonic() + notebook_seconds

    @contextlib.contextmanager
    def watching_cell(self) -> Iterator[None]:
        """Raise `TimeoutError` in the block when the time is up. Blocks of C code are not interrupted."""
        left = (
            []
            if self._end is None
            else [(max(0.001, self._end - time.monotonic()), "notebook", self.notebook_seconds)]
        )
        left += [] if self.cell_seconds is None else [(self.cell_seconds, "cell", self.cell_seconds)]
        if not left:
            yield
            return
        seconds, what, limit = min(left)

        def stop(*_: object) -> None:
            raise TimeoutError(f"The {what} was not done after {limit:g} seconds.")

        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


class _OutputLog:
    """Writes outputs where Papermill was asked to: its log, and files for stdout and stderr."""

    def __init__(self, nb_man: NotebookExecutionManager, wanted: dict[str, Any]) -> None:
        self._client: Any = None
        stdout: TextIO | None = wanted.get("stdout_file")
        stderr: TextIO | None = wanted.get("stderr_file")
        if wanted.get("log_output") or stdout or stderr:
            from papermill.clientwrap import PapermillNotebookClient

            self._client = PapermillNotebookClient(
                nb_man, log_output=bool(wanted.get("log_output")), stdout_file=stdout, stderr_file=stderr, log=logger
            )  # fmt: skip

    def write(self, cell: nbformat.NotebookNode) -> None:
        """Write the outputs of a cell that has run."""
        for output in cell.get("outputs", []) if self._client is not None else ():
            self._client.log_output_message(output)


def _run_here(nb_man: NotebookExecutionManager, folder: Path, limits: _TimeLimits) -> None:
    """Run all cells in this process, which is a child that ends afterwards.

    Nothing is saved between cells, so Papermill's clock and saving for each cell are left out.
    """

    def on_end(index: int, cell: nbformat.NotebookNode, good: bool) -> None:
        if not good:
            nb_man.cell_exception(cell, index)

    _run_cells(nb_man.nb, folder, limits, lambda index, cell: tell(("start", index, None)), on_end)


def _run_in_child(
    nb_man: NotebookExecutionManager, folder: Path, limits: _TimeLimits, log: _OutputLog
) -> None:
    """Run all cells in a child, with Papermill's saving after each cell in this process."""
    running = 0

    def on_news(news: tuple[str, int, nbformat.NotebookNode | None]) -> None:
        nonlocal running
        kind, running, cell = news
        if kind == "start":
            nb_man.cell_start(nb_man.nb.cells[running], running)
            return
        assert cell is not None
        timing = nb_man.nb.cells[running].metadata.papermill
        nb_man.nb.cells[running] = cell
        cell.metadata["papermill"] = timing
        if kind == "failed":
            nb_man.cell_exception(cell, running)
        nb_man.cell_complete(cell, running)
        log.write(cell)

    seconds = None if limits.notebook_seconds is None else limits.notebook_seconds + GRACE_SECONDS
    with ForkServer([PRELOAD]) as server:
        try:
            metadata, outputs = server.call(
                run_and_tell, nb_man.nb, folder, limits, limits=Limits(seconds), on_news=on_news
            )  # fmt: skip
        except ChildError as error:
            write_error(nb_man.nb.cells[running], "ChildError", str(error))
            nb_man.cell_exception(nb_man.nb.cells[running], running)
            return
    nb_man.nb.metadata.update(metadata)
    for index, late in outputs.items():  # a later cell may have updated what an earlier one displayed
        nb_man.nb.cells[index].outputs = late


def run_and_tell(
    notebook: nbformat.NotebookNode, folder: Path, limits: _TimeLimits
) -> tuple[dict[str, Any], dict[int, list[Any]]]:
    """Run all cells in this child and tell of each; return the metadata and the outputs by cell."""
    _run_cells(
        notebook,
        folder,
        limits,
        lambda index, cell: tell(("start", index, None)),
        lambda index, cell, good: tell(("end" if good else "failed", index, cell)),
    )
    metadata = {k: notebook.metadata[k] for k in ("widgets", "language_info") if k in notebook.metadata}
    return metadata, {i: c.outputs for i, c in enumerate(notebook.cells) if c.cell_type == "code"}


def _run_cells(
    notebook: nbformat.NotebookNode,
    folder: Path,
    limits: _TimeLimits,
    on_start: Callable[[int, nbformat.NotebookNode], None],
    on_end: Callable[[int, nbformat.NotebookNode, bool], None],
) -> None:
    from dimios_core.forking.shell import CellRunner

    runner = CellRunner(notebook, folder)
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            on_start(index, cell)
        with limits.watching_cell():
            good = runner.run(index)
        on_end(index, cell, good)
        if not good:
            break
    runner.finish()

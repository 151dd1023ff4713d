"""The Papermill engine `dimios`: a notebook's cells in a process forked from a preloaded parent.

`papermill --engine dimios in.ipynb out.ipynb -p organisation x` works like any engine: Papermill parametrises
and saves. A batch calls Papermill inside a child; then the cells run in that child. Where nothing can be forked,
or where a notebook asks for another kernel than Python's own, the standard engine takes over, and the log says so.

This module is imported by every Papermill of the environment: it imports little.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

import nbformat
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from dimios_core.forking import ChildError, ForkServer, Limits, can_fork
from dimios_core.forking.cells import TimeLimits, run_and_tell, run_cells
from dimios_core.forking.child import in_child, note_place
from dimios_core.runner.cell_errors import write_error

ENGINE = "dimios"
#: the kernel that is always this environment's Python
OWN_KERNEL = "python3"
#: all that is loaded for a single notebook: it imports what it needs itself
MAKE_SHELL = "dimios_core.forking.shell:make_shell"
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
        limits = TimeLimits(timeout_seconds, execution_timeout)
        if in_child():
            _run_here(nb_man, folder, limits)
        else:
            _run_in_child(nb_man, folder, limits, _OutputLog(nb_man, kwargs))


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


def _run_here(nb_man: NotebookExecutionManager, folder: Path, limits: TimeLimits) -> None:
    """Run all cells in this process, which is a child that ends afterwards.

    Nothing is saved between cells, so Papermill's clock and saving for each cell are left out.
    """

    def on_end(index: int, cell: nbformat.NotebookNode, good: bool) -> None:
        if not good:
            nb_man.cell_exception(cell, index)

    run_cells(nb_man.nb, folder, limits, lambda index, cell: note_place(index), on_end)


def _run_in_child(
    nb_man: NotebookExecutionManager, folder: Path, limits: TimeLimits, log: _OutputLog
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
    with ForkServer([MAKE_SHELL]) as server:
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

"""All cells of a notebook, one after the other, each held to its time; in a child, whoever waits for it is told of each."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat

from dimios_core.forking.child import tell


class TimeLimits:
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


def run_and_tell(
    notebook: nbformat.NotebookNode, folder: Path, limits: TimeLimits
) -> tuple[dict[str, Any], dict[int, list[Any]]]:
    """Run all cells in this child and tell of each; return the metadata and the outputs by cell."""
    run_cells(
        notebook,
        folder,
        limits,
        lambda index, cell: tell(("start", index, None)),
        lambda index, cell, good: tell(("end" if good else "failed", index, cell)),
    )
    metadata = {k: notebook.metadata[k] for k in ("widgets", "language_info") if k in notebook.metadata}
    return metadata, {i: c.outputs for i, c in enumerate(notebook.cells) if c.cell_type == "code"}


def run_cells(
    notebook: nbformat.NotebookNode,
    folder: Path,
    limits: TimeLimits,
    on_start: Callable[[int, nbformat.NotebookNode], None],
    on_end: Callable[[int, nbformat.NotebookNode, bool], None],
) -> None:
    """Run all cells in this process, which ends afterwards, up to the first that fails.

    `on_start` hears of cells of code alone, `on_end` of every cell, and whether the notebook may go on.
    """
    from dimios_core.forking.shell import CellRunner

    runner = CellRunner(notebook, folder)
    for index, cell in enumerate(notebook.cells):
        good = True
        if cell.cell_type == "code":
            on_start(index, cell)
            with limits.watching_cell():
                good = runner.run(index)
        on_end(index, cell, good)
        if not good:
            break
    runner.finish()

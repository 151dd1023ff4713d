"""What went wrong in a notebook: how it stands in its cell, and in the record of its batch.

Imported by the engine, and so by every Papermill of the environment: it imports little.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nbformat

MESSAGE_LETTERS_N = 500
LINE_LETTERS_N = 80
ERROR_MARKER_TAG = "papermill-error-cell-tag"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
DISK_FULL = "DiskFull"


@dataclass(frozen=True)
class CellError:
    """Why a notebook failed, and in which cell of the notebook that was run.

    `cell` counts all cells of the source notebook from 1 (None where no cell is to blame); `line` is the first
    line of its code; `message` holds no path of this machine.
    """

    name: str
    message: str
    cell: int | None = None
    line: str = ""

    def __str__(self) -> str:
        where = f"cell {self.cell} ({self.line}): " if self.cell is not None else ""
        return f"{where}{self.name}: {self.message}"


def write_error(cell: nbformat.NotebookNode, name: str, message: str) -> None:
    """Add an error to the outputs of a cell that could not add it by itself."""
    if cell.cell_type != "code":
        return
    cell.outputs.append(
        nbformat.v4.new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
    )


def describe_error(raised: BaseException, paths: Sequence[tuple[str, str]]) -> CellError:
    """Return an exception as it stands in the manifest; a full disk is told as such."""
    if isinstance(raised, OSError) and raised.errno in (errno.ENOSPC, errno.EDQUOT):
        return CellError(DISK_FULL, "no space is left where the reports lie")
    return CellError(type(raised).__name__, _shorten(str(raised), paths))


def describe_cell(
    raised: Any, notebook: nbformat.NotebookNode, paths: Sequence[tuple[str, str]]
) -> CellError:
    """Return Papermill's error as it stands in the manifest; `notebook` carries Papermill's marks."""
    lines = [line.strip() for line in raised.source.splitlines() if line.strip()]
    return CellError(
        raised.ename,
        _shorten(raised.evalue, paths),
        cell=_count_source_cells(notebook),
        line=_shorten(lines[0] if lines else "", paths)[:LINE_LETTERS_N],
    )


def _count_source_cells(failed: Any) -> int:
    """Return the number of the failed cell in the source notebook, which lacks the cells Papermill adds."""
    count, marks = 0, 0
    for cell in failed.cells:
        tags = cell.metadata.get("tags", [])
        if ERROR_MARKER_TAG in tags:
            marks += 1
        elif "injected-parameters" not in tags:
            count += 1
        if marks == 2 and ERROR_MARKER_TAG not in tags:  # the cell behind the second mark
            break
    return max(count, 1)


def _shorten(message: str, paths: Sequence[tuple[str, str]]) -> str:
    from dimios_core.runner.scrubbing import cut_paths

    message = cut_paths(ANSI.sub("", message), paths)
    return message if len(message) <= MESSAGE_LETTERS_N else message[: MESSAGE_LETTERS_N - 1] + "…"

"""One job in one worker process: run the notebook aside, scrub it, and put it in place when it is whole."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dimios_core.runner.jobs import ReportJob

MESSAGE_LETTERS_N = 500
LINE_LETTERS_N = 80
ERROR_MARKER_TAG = "papermill-error-cell-tag"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

AfterHook = Callable[[Path], None]


@dataclass(frozen=True)
class RunSettings:
    """What all jobs of a batch share.

    `run` is the folder outputs/runs/<id>; `after` gets the executed notebook before it is put in
    place, and what it writes beside the notebook is put in place together with it. It must be a
    function of a module (worker processes look it up by name).
    """

    outputs: Path
    results: Path
    run: Path
    project: Path
    timeout_seconds: float = 300.0
    after: AfterHook | None = None

    @property
    def reports(self) -> Path:
        """Where reports lie."""
        return self.outputs / "reports"


@dataclass(frozen=True)
class CellError:
    """Why a notebook failed, and in which cell of the notebook that was run.

    `cell` counts all cells of the source notebook from 1 (None where no cell is to blame), `tags` are
    the cell's; `message` holds no path of this machine.
    """

    name: str
    message: str
    cell: int | None = None
    line: str = ""

    def __str__(self) -> str:
        where = f"cell {self.cell} ({self.line}): " if self.cell is not None else ""
        return f"{where}{self.name}: {self.message}"


@dataclass(frozen=True)
class JobOutcome:
    """How one job went. `seconds` is wall time; `attempt` counts from 1."""

    job: ReportJob
    status: Literal["made", "failed"]
    seconds: float
    attempt: int = 1
    error: CellError | None = None


def prepare_worker(settings: RunSettings) -> None:
    """Ready a worker process: imports once, the kernels' environment, and how to stop.

    Ctrl-C reaches every process of the terminal; only the main process acts on it, and it ends its
    workers, each of which takes its kernel along.
    """
    from dimios_core.runner import kernels

    def stop(*_: object) -> None:
        kernels.JobKernelManager.kill_current()
        os._exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    ipython = settings.run / "work" / "ipython"
    ipython.mkdir(parents=True, exist_ok=True)
    kernels.prepare_kernel_environment(
        os.environ, results=settings.results, project=settings.project, ipython=ipython
    )
    kernels.register_engine()


def run_job(job: ReportJob, settings: RunSettings, sockets: Path, attempt: int = 1) -> JobOutcome:
    """Run one notebook and put the report in place, or the failed run under the run's folder.

    `sockets` is the batch's folder for the kernels' sockets; each job makes its own in it.

    The report is made in a folder of its own and renamed into place only when it is whole: a failed
    run never replaces the last good report. Nothing is raised: one failure must not stop the others.
    """
    started = time.monotonic()
    staging = settings.run / "work" / job.relative_path.with_suffix("")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    own_sockets = Path(tempfile.mkdtemp(dir=sockets))
    error: CellError | None
    try:
        error = _make(job, settings, staging / job.relative_path.name, own_sockets)
        _put_in_place(staging, settings.reports if error is None else settings.run / "failed", job)
    except Exception as raised:  # noqa: BLE001 - whatever it is, it becomes this job's row in the manifest
        error = CellError(type(raised).__name__, _shorten(str(raised), _local_paths(job, settings)))
    finally:
        shutil.rmtree(own_sockets, ignore_errors=True)
        shutil.rmtree(staging, ignore_errors=True)
    return JobOutcome(job, "failed" if error else "made", time.monotonic() - started, attempt, error)


def _make(job: ReportJob, settings: RunSettings, target: Path, sockets: Path) -> CellError | None:
    import nbformat
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from dimios_core.runner.kernels import ENGINE
    from dimios_core.runner.scrubbing import scrub_notebook

    paths = _local_paths(job, settings)
    error: PapermillExecutionError | None = None
    try:
        execute_notebook(
            _unformatted(job.notebook),
            _unformatted(target),
            parameters=job.parameters.to_inject(),
            engine_name=ENGINE,
            request_save_on_cell_execute=False,
            progress_bar=False,
            # the kernel's folder; Papermill's own `cwd` would change this process's
            resources={"metadata": {"path": str(job.notebook.parent)}},
            sockets=sockets,
            timeout_seconds=settings.timeout_seconds,
        )
    except PapermillExecutionError as raised:
        error = raised
    notebook = nbformat.read(target, as_version=4)
    nbformat.write(scrub_notebook(notebook, paths), target)
    if error is not None:
        lines = [line.strip() for line in error.source.splitlines() if line.strip()]
        return CellError(
            error.ename,
            _shorten(error.evalue, paths),
            cell=_count_source_cells(notebook),
            line=_shorten(lines[0] if lines else "", paths)[:LINE_LETTERS_N],
        )
    if settings.after is not None:
        try:
            settings.after(target)
        except Exception as raised:  # noqa: BLE001 - the notebook is kept among the failed runs
            return CellError(type(raised).__name__, _shorten(str(raised), paths))
    return None


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


def _shorten(message: str, paths: list[tuple[str, str]]) -> str:
    from dimios_core.runner.scrubbing import cut_paths

    message = cut_paths(ANSI.sub("", message), paths)
    return message if len(message) <= MESSAGE_LETTERS_N else message[: MESSAGE_LETTERS_N - 1] + "…"


def _local_paths(job: ReportJob, settings: RunSettings) -> list[tuple[str, str]]:
    from dimios_core.runner.scrubbing import list_local_paths

    return list_local_paths(
        (settings.results, "results"),
        (settings.run, "run"),
        (settings.outputs, "outputs"),
        (settings.project, "."),
        (job.notebook.parent, "."),
    )


def _unformatted(path: Path) -> str:
    """Return the path as Papermill takes it: it reads braces as a format string."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _put_in_place(staging: Path, root: Path, job: ReportJob) -> None:
    """Rename every file of the job into its folder, the notebook last: it announces the report."""
    folder = root / job.relative_path.parent
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(staging.iterdir(), key=lambda p: (p.name == job.relative_path.name, p.name)):
        path.replace(folder / path.name)

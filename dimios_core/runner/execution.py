"""A job in a child process: run the notebook aside, scrub it, check it, and put it in place when it is whole."""

from __future__ import annotations

import gc
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import nbformat

from dimios_core.replacing import place_files
from dimios_core.runner.cell_errors import CellError, describe_cell, describe_error, write_error
from dimios_core.runner.jobs import ReportJob
from dimios_core.runner.leftovers import Leftovers
from dimios_core.runner.notebooks import load_notebook

MEGABYTE = 1_000_000
#: new objects between collections: a child lives for a moment, and each collection costs it shared pages
COLLECT_EVERY_N = 50_000
#: folder of a run in which reports are made; a batch that was killed leaves it behind
WORK = "work"
#: failures that are not the notebook's own and may not come again
PASSING = ("ChildDied", "DeadKernelError", "MemoryError", "TimeoutError")

#: gets the executed notebook, the path it will be written to, and the job; may write beside it, and may refuse
Finish = Callable[[nbformat.NotebookNode, Path, ReportJob], None]


@dataclass(frozen=True)
class RunSettings:
    """What all jobs of a batch share; it travels to every worker.

    Attributes
    ----------
    outputs, results, project : Path
        As every worker sees them.
    run : Path
        The folder outputs/runs/<id>.
    timeout_seconds : float
        For one notebook.
    memory_bytes : int
        Private memory of one notebook.
    finish : callable or None
        A function of a module: see `Finish`. What it writes beside the notebook is put in place with it.
    languages : tuple of str
        Those of the batch's reports; any where it is empty.
    """

    outputs: Path
    results: Path
    run: Path
    project: Path
    timeout_seconds: float = 300.0
    memory_bytes: int = 2_000 * MEGABYTE
    finish: Finish | None = None
    languages: tuple[str, ...] = ()

    @property
    def reports(self) -> Path:
        """Where reports lie."""
        return self.outputs / "reports"

    @property
    def work(self) -> Path:
        """Where reports are made before they are put in place."""
        return self.run / WORK


@dataclass(frozen=True)
class JobOutcome:
    """How one job went.

    Attributes
    ----------
    job : ReportJob
    status : str
        `made`; `failed`; or `unchanged`: the report of an earlier run still stands.
    seconds : float
        Wall time.
    attempt : int
        From 1.
    error : CellError or None
    reads : dict
        The published files that the notebook read, by path under results/, with what they held (see
        `dimios_core.published.store.PublicResults.reads`). Empty where the notebook does not tell.
    """

    job: ReportJob
    status: Literal["made", "failed", "unchanged"]
    seconds: float
    attempt: int = 1
    error: CellError | None = None
    reads: dict[str, str] = field(default_factory=dict)

    @property
    def may_pass(self) -> bool:
        """Whether another attempt is fair: the failure is not the notebook's own."""
        return self.error is not None and self.error.name in PASSING


def run_job(job: ReportJob, settings: RunSettings, attempt: int = 1) -> JobOutcome:
    """Run one notebook in this child and put the report in place, or the failed run under the run's folder.

    The report is made in a folder of its own and renamed into place only when it is whole: a failed run never
    replaces the last good report. Nothing that goes wrong is raised: one failure must not stop the others.

    Raises
    ------
    SpoiltChildError
        Another job has run in this child and has left something behind; this one has not begun.
    """
    started = time.monotonic()
    staging = settings.work / job.relative_path.with_suffix("")
    reads: dict[str, str] = {}
    error: CellError | None
    _prepare_environment(settings)
    Leftovers.refuse()
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        reads, error = _make(job, settings, staging / job.relative_path.name)
        _put_in_place(staging, settings.reports if error is None else settings.run / "failed", job)
    except Exception as raised:  # noqa: BLE001 - whatever it is, it becomes this job's row in the manifest
        error = describe_error(raised, list_paths(job, settings))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return JobOutcome(job, "failed" if error else "made", time.monotonic() - started, attempt, error, reads)


def keep_failed(job: ReportJob, settings: RunSettings, index: int, reason: str) -> CellError:
    """Keep a notebook aside whose process ended under way: as far as is known, with a banner at its cell.

    Parameters
    ----------
    index
        The cell that was running, counted from 0 in the notebook with its parameters.
    reason
        Why the process ended.
    """
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors

    staging = settings.work / job.relative_path.with_suffix("")
    target = staging / job.relative_path.name
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        notebook = parametrise(job)
        write_error(notebook.cells[index], "ChildDied", reason)
        try:
            raise_for_execution_errors(notebook, str(target))
        except PapermillExecutionError as raised:
            notebook = nbformat.read(target, as_version=4)
            error = describe_cell(raised, notebook, list_paths(job, settings))
        else:  # no code cell was under way
            error = CellError("ChildDied", reason)
        _write(notebook, target, list_paths(job, settings))
        _put_in_place(staging, settings.run / "failed", job)
    except OSError as raised:
        return describe_error(raised, list_paths(job, settings))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return error


def parametrise(job: ReportJob) -> nbformat.NotebookNode:
    """Return the job's notebook with its parameters, as Papermill writes them."""
    from papermill.parameterize import parameterize_notebook

    return parameterize_notebook(load_notebook(job.notebook), job.parameters.to_inject())


def list_paths(job: ReportJob, settings: RunSettings) -> Sequence[tuple[str, str]]:
    """Return the paths that a report must not tell, and what stands for each."""
    from dimios_core.runner.scrubbing import list_local_paths

    return list_local_paths(
        (settings.results, "results"),
        (settings.run, "run"),
        (settings.outputs, "outputs"),
        (settings.project, "."),
        (job.notebook.parent, "."),
    )


def _prepare_environment(settings: RunSettings) -> None:
    """Set what a notebook finds its results and the model by, in this child alone."""
    os.environ["DIMIOS_RESULTS"] = str(settings.results)
    os.environ["DIMIOS_PROJECT"] = str(settings.project)
    gc.set_threshold(COLLECT_EVERY_N)
    if settings.finish is not None:
        from dimios_core.report.display import LivePiece

        LivePiece.shows_controls = False  # a stored report has no kernel that would answer them


def _make(job: ReportJob, settings: RunSettings, target: Path) -> tuple[dict[str, str], CellError | None]:
    """Make the report, and return the published files that its notebook read, and what failed, if anything did."""
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors

    from dimios_core.page.build import read_about
    from dimios_core.runner.engine import ENGINE

    paths = list_paths(job, settings)
    parametrised = parametrise(job)
    notebook = papermill_engines.execute_notebook_with_engine(
        ENGINE,
        parametrised,
        kernel_name=papermill_engines.nb_kernel_name(ENGINE, parametrised),
        output_path=None,  # nothing is saved before it is whole
        progress_bar=False,
        resources={"metadata": {"path": str(job.notebook.parent)}},
        timeout_seconds=settings.timeout_seconds,
    )
    try:
        raise_for_execution_errors(notebook, str(target))
    except PapermillExecutionError as raised:
        notebook = nbformat.read(target, as_version=4)
        _write(notebook, target, paths)
        return {}, describe_cell(raised, notebook, paths)
    notebook = _write(notebook, target, paths)
    reads = read_about(notebook).get("reads", {})
    if settings.finish is not None:
        try:
            settings.finish(notebook, target, job)
        except OSError:
            raise
        except Exception as raised:  # noqa: BLE001 - the notebook is kept among the failed runs
            return reads, describe_error(raised, paths)
    return reads, None


def _write(
    notebook: nbformat.NotebookNode, target: Path, paths: Sequence[tuple[str, str]]
) -> nbformat.NotebookNode:
    """Scrub the notebook and write it, a line for each cell."""
    from dimios_core.runner.scrubbing import scrub_notebook

    scrubbed = scrub_notebook(notebook, paths)
    nbformat.validate(scrubbed)
    cells = ",\n".join(_dump(cell) for cell in scrubbed.cells)
    rest = _dump({key: value for key, value in scrubbed.items() if key != "cells"})
    # indented as nbformat does it, a report takes as long to write as to compute
    target.write_bytes(f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'.encode())
    return scrubbed


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _put_in_place(staging: Path, root: Path, job: ReportJob) -> None:
    """Put every file of the job into its folder, the notebook last: it announces the report."""
    folder = root / job.relative_path.parent
    folder.mkdir(parents=True, exist_ok=True)
    place_files(staging, folder, last=job.relative_path.name)

"""A batch from its jobs to reports in place: what stands is left alone, the rest is run, all of it is recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from dimios_core.runner.batches import run_batch
from dimios_core.runner.cell_errors import DISK_FULL, describe_error
from dimios_core.runner.execution import (
    MEGABYTE,
    WORK,
    Finish,
    JobOutcome,
    RunSettings,
)
from dimios_core.runner.jobs import ReportJob, introduce_siblings, read_results_version
from dimios_core.runner.made import MadeReports, hash_code
from dimios_core.runner.runs import RunRecord, Status


@dataclass(frozen=True)
class Wishes:
    """How a batch is to be made: limits of one notebook, what finishes each, and whether to run what stands."""

    timeout_seconds: float = 300.0
    memory_mb: int = 2_000
    finish: Finish | None = None
    force: bool = False


@dataclass(frozen=True)
class Production:
    """What came of a batch: its record, its status, and the folders of reports that were touched."""

    record: RunRecord
    status: Status
    outcomes: tuple[JobOutcome, ...]

    @property
    def new_folders(self) -> list[Path]:
        """Folders, under reports/, in which something was made or failed."""
        touched = {o.job.relative_path.parent for o in self.outcomes if o.status != "unchanged"}
        return sorted(touched)


def produce_reports(
    outputs: Path,
    project: Path,
    jobs: Sequence[ReportJob],
    executors: Callable[[int], AbstractContextManager[Executor]],
    wishes: Wishes,
    on_start: Callable[[int, int], None] = lambda to_run, unchanged: None,
    on_finish: Callable[[JobOutcome], None] = lambda outcome: None,
) -> Production:
    """Make all reports that do not stand already.

    Parameters
    ----------
    outputs, project : Path
    jobs
        As planned.
    executors
        Gives, for a number of jobs, the executor that runs them.
    wishes
    on_start
        Called once with how many notebooks will run and how many stand unchanged.
    on_finish
        Called for each notebook that was run, as it ends.

    Raises
    ------
    InputError
        The results have no version stamp.
    """
    results = outputs / "results"
    jobs = introduce_siblings(jobs)
    _clear_left_behind(outputs / "runs")
    record = RunRecord(outputs / "runs", jobs, read_results_version(results))
    settings = RunSettings(
        outputs, results, record.folder, project, wishes.timeout_seconds, wishes.memory_mb * MEGABYTE, wishes.finish,
        tuple(sorted({job.parameters.language for job in jobs})),
    )  # fmt: skip
    made, with_page = MadeReports(outputs, results, hash_code()), wishes.finish is not None
    standing = [] if wishes.force else [job for job in jobs if made.stands(job, with_page=with_page)]
    outcomes = [JobOutcome(job, "unchanged", 0.0) for job in standing]
    for outcome in outcomes:
        record.add(outcome)
    left_alone = set(standing)
    to_run = [job for job in jobs if job not in left_alone]
    on_start(len(to_run), len(standing))

    def finish(outcome: JobOutcome) -> None:
        outcomes.append(outcome)
        record.add(outcome)
        if outcome.status == "made":
            made.add(outcome, with_page=with_page)
        on_finish(outcome)

    status: Status = "done"
    try:
        if to_run:
            run_batch(to_run, settings, executors(len(to_run)), on_finish=finish)
        made.tidy()
    except KeyboardInterrupt:
        status = "interrupted"
    except OSError as error:  # the record itself had no room
        if describe_error(error, []).name != DISK_FULL:
            raise
        status = "disk full"
    if any(o.error is not None and o.error.name == DISK_FULL for o in outcomes):
        status = "disk full"
    _end(record, status)
    return Production(record, status, tuple(outcomes))


def _end(record: RunRecord, status: Status) -> None:
    """Close the record; on a full disk the manifest may have no room, and the lines that fitted remain."""
    try:
        record.end(status)
    except OSError:
        if status != "disk full":
            raise


def _clear_left_behind(runs: Path) -> None:
    """Remove what batches that were killed had under way; the caller holds the outputs folder."""
    for folder in runs.glob(f"*/{WORK}"):
        shutil.rmtree(folder, ignore_errors=True)

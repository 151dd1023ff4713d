"""The records of batches: what ran, with which versions, when, and how each notebook went.

outputs/runs/<id>/manifest.json     the whole record; its `status` is `running` until the batch ends
outputs/runs/<id>/notebooks.jsonl   a line for each notebook as it ends; all that is left of a batch that was killed
outputs/runs/<id>/failed/           the notebooks that failed

No record holds a path, a user or the name of a machine.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from dimios_core import __version__
from dimios_core.errors import InputError, Problem
from dimios_core.replacing import write_whole
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import ReportJob

MANIFEST_NAME, NOTEBOOKS_NAME = "manifest.json", "notebooks.jsonl"
VERSIONS_TOLD = ("papermill", "nbclient", "ipykernel", "ipython", "pandas", "pyarrow", "plotly")
Status = Literal["running", "done", "interrupted", "disk full", "killed"]


def name_run(started: datetime, taken: Path) -> str:
    """Return an identifier for a run: its start in UTC, with a number behind if `taken` has that one.

    Examples
    --------
    >>> name_run(datetime(2026, 3, 1, 8, 5, 9, tzinfo=UTC), Path("no-such-folder"))
    '20260301T080509Z'
    """
    stem = started.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    name, number = stem, 1
    while (taken / name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


class RunRecord:
    """The record of one batch, written as it goes.

    Parameters
    ----------
    runs : Path
        outputs/runs; the run makes a folder of its own there.
    jobs : sequence of ReportJob
        All that the batch was asked for.
    results_version : str
        Version stamp of the whole results folder at the start.
    """

    def __init__(self, runs: Path, jobs: Sequence[ReportJob], results_version: str) -> None:
        self._started = datetime.now(UTC)
        self.id = name_run(self._started, runs)
        self.folder = runs / self.id
        self.folder.mkdir(parents=True)
        self._order = {job: number for number, job in enumerate(jobs)}
        self._outcomes: list[JobOutcome] = []
        notebooks = dict.fromkeys(job.notebook for job in jobs)
        self._head = {
            "run": self.id,
            "tool": {"name": "dimios", "version": __version__},
            "versions": {"python": platform.python_version(), **{n: version(n) for n in VERSIONS_TOLD}},
            "results_version": results_version,
            "inputs": {n.name: hashlib.sha256(n.read_bytes()).hexdigest() for n in notebooks},
            "seed": None,  # no report draws lots
            "asked_for": len(jobs),
        }
        self._write("running", None)

    @property
    def path(self) -> Path:
        """Where the manifest lies."""
        return self.folder / MANIFEST_NAME

    @property
    def counts(self) -> Counter[str]:
        """How many notebooks ended in each way."""
        return Counter(outcome.status for outcome in self._outcomes)

    def add(self, outcome: JobOutcome) -> None:
        """Note how a job went."""
        self._outcomes.append(outcome)
        if outcome.status != "unchanged":
            with (self.folder / NOTEBOOKS_NAME).open("a", encoding="utf-8") as file:
                file.write(json.dumps(_describe(outcome), ensure_ascii=False) + "\n")

    def end(self, status: Status) -> None:
        """Write the manifest with everything in it."""
        self._write(status, datetime.now(UTC))
        (self.folder / NOTEBOOKS_NAME).unlink(missing_ok=True)

    def _write(self, status: Status, ended: datetime | None) -> None:
        """Times are UTC, ISO 8601; `seconds` is wall time; cells are counted from 1."""
        ordered = sorted(self._outcomes, key=lambda o: self._order[o.job])
        manifest = self._head | {
            "status": status,
            "started": self._started.isoformat(timespec="seconds"),
            "ended": ended and ended.isoformat(timespec="seconds"),
            "notebooks": [_describe(outcome) for outcome in ordered],
        }
        write_whole(self.path, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def _describe(outcome: JobOutcome) -> dict[str, Any]:
    job, error = outcome.job, outcome.error
    folder = "failed" if outcome.status == "failed" else "reports"
    return {
        **job.parameters.to_inject(),
        "notebook": (Path(folder) / job.relative_path).as_posix(),
        "status": outcome.status,
        "seconds": round(outcome.seconds, 2),
        "attempt": outcome.attempt,
        "error": error
        and {"name": error.name, "message": error.message, "cell": error.cell, "first_line": error.line},
    }


@dataclass(frozen=True)
class RunSummary:
    """A batch in one line; `counts` by the notebooks' status, `asked_for` notebooks in all."""

    id: str
    status: Status
    started: str
    ended: str | None
    asked_for: int
    counts: Counter[str]


def list_runs(outputs: Path, *, at_work: bool) -> list[RunSummary]:
    """Return all batches of an outputs folder, the newest first.

    Parameters
    ----------
    at_work
        Whether a batch is at work there now: then the newest one that has not ended is `running`, else `killed`.
    """
    found = []
    for path in sorted(outputs.glob(f"runs/*/{MANIFEST_NAME}"), reverse=True):
        manifest = read_run(outputs, path.parent.name)
        status: Status = manifest["status"]
        if status == "running":
            status, at_work = ("running", False) if at_work else ("killed", False)
        rows = Counter(row["status"] for row in manifest["notebooks"])
        found.append(
            RunSummary(
                manifest["run"], status, manifest["started"], manifest["ended"], manifest["asked_for"], rows
            )
        )
    return found


def read_run(outputs: Path, run: str) -> dict[str, Any]:
    """Return a batch's manifest; where the batch did not end, with the notebooks that did.

    Raises
    ------
    InputError
        There is no such run, or its manifest cannot be read.
    """
    folder = outputs / "runs" / run
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(
            Problem(f"run {run}", "there is no record of it", "see `dimios runs list`")
        ) from None
    if manifest["status"] == "running" and (folder / NOTEBOOKS_NAME).is_file():
        for line in (folder / NOTEBOOKS_NAME).read_text(encoding="utf-8").splitlines():
            try:
                manifest["notebooks"].append(json.loads(line))
            except ValueError:
                continue  # the line that the batch was killed at
    return manifest

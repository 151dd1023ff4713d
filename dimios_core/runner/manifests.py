"""The manifest of a batch: what ran, with which versions, when, and how each notebook went."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dimios_core import __version__
from dimios_core.runner.execution import JobOutcome

MANIFEST_NAME = "manifest.json"
VERSIONS_TOLD = ("papermill", "nbclient", "ipykernel", "jupyter-client", "pandas", "pyarrow", "plotly")


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


def build_manifest(
    outcomes: Sequence[JobOutcome],
    *,
    run_id: str,
    notebooks: Sequence[Path],
    results_version: str,
    started: datetime,
    ended: datetime,
) -> dict[str, Any]:
    """Return the manifest as plain JSON values.

    `inputs` holds the notebooks' SHA-256; times are UTC, ISO 8601; `seconds` is wall time per notebook;
    `error` is null or tells name, message, cell (counted from 1) and the cell's first line.
    """
    return {
        "run": run_id,
        "tool": {"name": "dimios", "version": __version__},
        "versions": {"python": platform.python_version(), **{n: version(n) for n in VERSIONS_TOLD}},
        "results_version": results_version,
        "inputs": {n.name: hashlib.sha256(n.read_bytes()).hexdigest() for n in notebooks},
        "started": started.astimezone(UTC).isoformat(timespec="seconds"),
        "ended": ended.astimezone(UTC).isoformat(timespec="seconds"),
        "notebooks": [_describe(outcome) for outcome in outcomes],
    }


def write_manifest(manifest: dict[str, Any], run: Path) -> Path:
    """Write the manifest into the run's folder and return where it lies."""
    run.mkdir(parents=True, exist_ok=True)
    path = run / MANIFEST_NAME
    unfinished = path.with_suffix(".json.tmp")
    unfinished.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def _describe(outcome: JobOutcome) -> dict[str, Any]:
    job, error = outcome.job, outcome.error
    folder = "reports" if outcome.status == "made" else "failed"
    return {
        **job.parameters.to_inject(),
        "notebook": (Path(folder) / job.relative_path).as_posix(),
        "status": outcome.status,
        "seconds": round(outcome.seconds, 2),
        "attempt": outcome.attempt,
        "error": error
        and {"name": error.name, "message": error.message, "cell": error.cell, "first_line": error.line},
    }

"""Runs a notebook of the consortium, and reads back what it shows; nothing of the library's own formatting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill

from dimios_core.runner.scrubbing import scrub_notebook
from tests.notebooks.reading import KB_MAX, ROOT, tables_of

FOLDER = ROOT / "notebooks" / "consortium"


def execute(name: str, folder: Path, results: Path, language: str, **more: str) -> Path:
    """Execute a notebook; it has to fit into the limit as it is kept."""
    made = folder / f"{name}-{language}.ipynb"
    given = {"period": "2026", "language": language, "results": str(results), **more}
    papermill.execute_notebook(FOLDER / f"{name}.ipynb", made, parameters=given, progress_bar=False)
    kept = scrub_notebook(nbformat.read(made, as_version=4), [])
    assert len(nbformat.writes(kept).encode()) < KB_MAX * 1000
    return made


def captioned(html: str) -> dict[str, tuple[list[str], list[list[str]]]]:
    """Every table by its caption: (column titles, rows of cells)."""
    captions = re.findall(r"<caption>(.*?)</caption>", html)
    return dict(zip(captions, tables_of(html), strict=True))


def run_nbval(name: str, results: Path) -> None:
    """Run a notebook under nbval, with the results that the environment tells."""
    environment = os.environ | {"DIMIOS_RESULTS": str(results)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval-lax",
        "-p",
        "no:cacheprovider",
        str(FOLDER / f"{name}.ipynb"),
    ]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert re.search(r"\d+ passed", ran.stdout)

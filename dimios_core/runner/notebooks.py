"""Notebooks that are run many times, read and checked once: each job gets a copy."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from pathlib import Path

import nbformat

from dimios_core.published.reads import Sign, sign_file
from dimios_core.suites import load_suites

NOTEBOOKS_N = 100


def load_notebook(path: Path) -> nbformat.NotebookNode:
    """Return a notebook as Papermill loads it; one that this process has loaded already is read anew only when it has changed.

    Raises
    ------
    OSError, ValueError
        It is not there, or is no notebook.
    """
    return nbformat.from_dict(_load(path, sign_file(path)))  # a copy


def keep_notebooks() -> dict[Path, nbformat.NotebookNode]:
    """Load the notebooks of the project's suites, for a process that forks a child for each report, and return them by where they lie."""
    kept = {}
    for suite in load_suites():
        for path in suite.paths:
            with contextlib.suppress(Exception):  # whoever runs it is told
                kept[path] = load_notebook(path)
    return kept


@lru_cache(NOTEBOOKS_N)
def _load(path: Path, _sign: Sign) -> nbformat.NotebookNode:
    from papermill.iorw import load_notebook_node

    return load_notebook_node(str(path))

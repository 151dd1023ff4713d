"""What a parent loads before it forks: everything that a report needs and that is nobody's data."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import find_spec
from typing import Any


def preload(*languages: str) -> None:
    """Import, compile and read once what each child of reports in these languages would otherwise do for itself.

    All languages that may be read where none is named. Starts no thread.
    """
    from dimios_core.forking.shell import make_shell

    make_shell()  # before the libraries that look for a shell

    import papermill.execute  # noqa: F401

    import dimios_core.runner.execution
    import dimios_core.runner.finishing
    import dimios_core.runner.scrubbing  # noqa: F401
    from dimios_core.page.build import load_parts
    from dimios_core.page.preloading import preload_more, preload_reports
    from dimios_core.runner.notebooks import keep_notebooks
    from dimios_core.runner.sharing import may_share

    _look_for_no_black()
    preload_reports(*languages)
    load_parts()
    kept = keep_notebooks()
    _learn_cells(kept.values())
    if not all(map(may_share, kept)):
        preload_more()


def _learn_cells(notebooks: Iterable[Any]) -> None:
    """Find out what a shell will ask about the cells of notebooks; of one with a cell that is no Python, no further."""
    from dimios_core.forking.shell import learn_sources

    for notebook in notebooks:
        with suppress(Exception), warnings.catch_warnings(action="ignore"):  # whoever runs it is told
            learn_sources(cell.source for cell in notebook.cells if cell.cell_type == "code")


def _look_for_no_black() -> None:
    """Where there is no black, let Papermill not look for it in all of Python's folders before each notebook."""
    if find_spec("black") is None:
        sys.modules["black"] = None  # type: ignore[assignment]

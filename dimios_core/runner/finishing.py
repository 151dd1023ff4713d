"""What makes an executed notebook a report: it shows what it was asked for, and it makes a page."""

from __future__ import annotations

from pathlib import Path

import nbformat

from dimios_core.page.build import build_page
from dimios_core.published.store import results_dir
from dimios_core.runner.jobs import ReportJob
from dimios_core.runner.own_figures import check_own_figures


def finish_report(notebook: nbformat.NotebookNode, target: Path, job: ReportJob) -> None:
    """Check the notebook against the published results, and write its page beside it, where both wait to be put in place.

    Raises
    ------
    OwnFiguresError
        It does not show the organisation, period and figures it was asked for.
    PageError
        It does not make a page.
    """
    check_own_figures(notebook, job, results_dir())
    page = build_page(notebook, target.stem, job.siblings)
    target.with_suffix(".html").write_bytes(page.encode())

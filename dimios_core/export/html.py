"""One organisation's whole report as one self-contained HTML file, from its executed notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from dimios_core.errors import Problem
from dimios_core.page.build import read_about
from dimios_core.page.one_file import build_one_file
from dimios_core.results.reads import hash_read_file


def make_html(report: Path, pages: Sequence[str]) -> bytes:
    """Make the file of a report.

    Parameters
    ----------
    report : Path
        The folder that its notebooks lie in: reports/<period>/<organisation>/<language>.
    pages : sequence of str
        Names of the notebooks that make a whole report.

    Raises
    ------
    PageError
        A notebook is not whole. `check_report` tells what a user can mend.
    """
    notebooks = {page: nbformat.read(report / f"{page}.ipynb", as_version=4) for page in pages}
    return build_one_file(notebooks).encode()


def check_report(report: Path, pages: Sequence[str], results: Path, remedy: str) -> list[Problem]:
    """Return what stands in the way of a file of a report: parts that are missing, or of older results."""
    missing = [page for page in pages if not (report / f"{page}.ipynb").is_file()]
    where = f"report {'/'.join(report.parts[-3:])}"
    if len(missing) == len(pages):
        return [Problem(where, "it has not been made", remedy)]
    if missing:
        return [Problem(where, f"parts are missing: {', '.join(missing)}", remedy)]
    for page in pages:
        reads = read_about(nbformat.read(report / f"{page}.ipynb", as_version=4)).get("reads", {})
        if not reads or any(hash_read_file(results, file) != held for file, held in reads.items()):
            return [Problem(where, "it was made from other results than today's", remedy)]
    return []

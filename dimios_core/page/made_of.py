"""What a page, a notebook or a file to take along says that it was made of."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from dimios_core.office.office_text import read_office_reads
from dimios_core.office.pdf_text import read_pdf_reads
from dimios_core.page.build import read_about, read_reads
from dimios_core.page.navigation import link_pages
from dimios_core.published.reads import are_of_today


def read_made_of(path: Path) -> dict[str, str]:
    """Return which published files a page, notebook, PDF, workbook or slides say they were made of; empty where they do not."""
    if path.suffix in (".xlsx", ".pptx"):
        return read_office_reads(path.read_bytes())
    if path.suffix == ".pdf":
        return read_pdf_reads(path.read_bytes())
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return read_reads(text)
    return read_about(nbformat.from_dict(json.loads(text))).get("reads", {})


def stands(path: Path, results: Path) -> bool:
    """Tell whether a file is there, whole, and all that it says it was made of is published today."""
    if not path.is_file():
        return False
    reads = _read_if_whole(path)
    return reads is not None and are_of_today(results, reads)


def remove_made_of(reports: Path, name: str) -> list[Path]:
    """Take away stored pages, and their notebooks, that say they were made of a published file.

    Parameters
    ----------
    reports : Path
        period/organisation/language/page.html and .ipynb.
    name : str
        The file's name in the results folder, such as "public/findings.parquet".

    Returns
    -------
    list of Path
        Their places in the reports folder, without suffix; their neighbours' tabs no longer lead there. What is damaged stays, and
        the audit tells it.
    """
    pieces = [p for p in reports.glob("*/*/*/*") if p.suffix in (".html", ".ipynb")]
    gone = sorted({p.with_suffix("") for p in pieces if name in (_read_if_whole(p) or ())})
    for page in gone:
        for suffix in (".html", ".ipynb"):
            page.with_suffix(suffix).unlink(missing_ok=True)
    for folder in {page.parent for page in gone}:
        link_pages(folder)
    return [page.relative_to(reports) for page in gone]


def _read_if_whole(path: Path) -> dict[str, str] | None:
    try:
        return read_made_of(path)
    except Exception:  # noqa: BLE001 - a damaged file is none, whatever its reader stumbles on
        return None

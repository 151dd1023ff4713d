"""From an executed notebook to one accessible HTML page.

The page shows what the cells displayed, in order; code and the method notes in Markdown are for researchers
and stay in the notebook. It asks no other host for anything and reads well with scripts off.
"""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path
from typing import Any

import jinja2
import nbformat

from dimios_core.errors import DimiosError
from dimios_core.page.assets import ASSETS_FOLDER, read_static
from dimios_core.page.index import INDEX
from dimios_core.page.navigation import render_breadcrumb

PAGE_BYTES_MAX = 300_000
#: from reports/<period>/<organisation>/<language>/ to the assets
ASSETS_FROM_PAGE = f"../../../{ASSETS_FOLDER}/"
INDEX_FROM_PAGE = f"../../../{INDEX}"
WORDS = {
    "sv": {"skip": "Till innehållet", "version": "Resultatversion"},
    "en": {"skip": "Skip to content", "version": "Results version"},
}


class PageError(DimiosError):
    """A notebook that does not make a page: it failed, is not whole, or is too heavy."""


def build_page(notebook: Path, assets: str = ASSETS_FROM_PAGE) -> str:
    """Build the page of an executed notebook.

    Parameters
    ----------
    notebook : Path
        Its first displayed piece carries the metadata `dimios`: title, language, results_version, demo_label.
    assets : str
        Where the page finds its assets, relative to itself, with a slash at the end.

    Returns
    -------
    str
        One HTML document.

    Raises
    ------
    PageError
        A cell failed or did not run, headings are out of order, or the page weighs more than 300 KB.
    """
    pieces, about = _read_pieces(nbformat.read(notebook, as_version=4))
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    where = [about[part] for part in ("subject", "period") if part in about]
    page = environment.from_string(read_static("page.html.j2")).render(
        **about,
        breadcrumb=render_breadcrumb(where, INDEX_FROM_PAGE, about["language"]),
        words=WORDS[about["language"]],
        pieces=pieces,
        assets=assets,
        style=read_static("page.css"),
        script=read_static("explore.js"),
    )
    _check_headings(page)
    size = len(page.encode())
    if size > PAGE_BYTES_MAX:
        raise PageError(
            f"the page weighs {size:,} bytes; {PAGE_BYTES_MAX:,} is the most a phone should have to fetch"
        )
    return page


def write_page(notebook: Path) -> None:
    """Build the page of an executed notebook and put it beside it, under the same name with .html."""
    target = notebook.with_suffix(".html")
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.write_text(build_page(notebook), encoding="utf-8")
    temporary.replace(target)


def _read_pieces(notebook: nbformat.NotebookNode) -> tuple[list[str], dict[str, Any]]:
    pieces: list[str] = []
    about: dict[str, Any] | None = None
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if cell.source.strip() and cell.execution_count is None:
            raise PageError(f"cell {number} was not run: a report is whole or not published")
        for output in cell.outputs:
            if output.output_type == "error":
                raise PageError(f"cell {number} failed: a report is whole or not published")
            html = output.get("data", {}).get("text/html")
            if html is not None:
                pieces.append("".join(html))
                about = about or output.metadata.get("dimios")
    if about is None:
        raise PageError("no cell displays a report's opening: there is nothing to make a page of")
    return pieces, dict(about)


def _check_headings(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    if levels[:1] != [1] or levels.count(1) != 1:
        raise PageError(f"a page begins with its only first-level heading; these are the levels: {levels}")
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            raise PageError(f"a heading of level {after} follows one of level {before}")

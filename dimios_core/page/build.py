"""From an executed notebook to one accessible HTML page.

The page shows what the cells displayed, in order; code and the method notes in Markdown are for researchers
and stay in the notebook. It asks no other host for anything and reads well with scripts off.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Template

from dimios_core.errors import DimiosError
from dimios_core.markup import load_template, trust
from dimios_core.page.assets import ASSETS_FOLDER, embed_static, read_static
from dimios_core.page.index import INDEX
from dimios_core.page.navigation import list_tabs, render_breadcrumb, render_tabs
from dimios_core.replacing import write_whole

PAGE_BYTES_MAX = 300_000
#: from reports/<period>/<organisation>/<language>/ to the assets
ASSETS_FROM_PAGE = f"../../../{ASSETS_FOLDER}/"
INDEX_FROM_PAGE = f"../../../{INDEX}"
READS = re.compile('<meta name="dimios-reads" content="([^"]*)">')
WORDS = {
    "sv": {
        "skip": "Till innehållet",
        "version": "Resultatversion",
        "newer": "En nyare version av resultatet finns. Sidan visar det som gällde tidigare.",
        "reload": "Läs in sidan igen",
    },
    "en": {
        "skip": "Skip to content",
        "version": "Results version",
        "newer": "There is a newer version of the results. This page shows the earlier ones.",
        "reload": "Load the page again",
    },
}


class PageError(DimiosError):
    """A notebook that does not make a page: it failed, is not whole, or is too heavy."""


def build_page(
    notebook: nbformat.NotebookNode,
    name: str = "",
    siblings: Sequence[str] = (),
    assets: str = ASSETS_FROM_PAGE,
) -> str:
    """Build the page of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Its first displayed piece carries the metadata `dimios`: title, language, demo_label; one of its pieces
        carries results_version.
    name : str
        The page's file name without suffix.
    siblings : sequence of str
        Names of the pages that lie beside it: its tabs.
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
    pieces, about = read_displayed(notebook), read_about(notebook)
    if "title" not in about:
        raise PageError("no cell displays a report's opening: there is nothing to make a page of")
    where = [about[part] for part in ("subject", "period") if part in about]
    page = load_frame().render(
        **about,
        made_of=write_reads(about.get("reads", {})),
        tabs=render_tabs(list_tabs(siblings, name, about["language"]), about["language"]),
        breadcrumb=render_breadcrumb(where, INDEX_FROM_PAGE, about["language"]),
        words=WORDS[about["language"]],
        pieces=[trust(piece) for piece in pieces],
        assets=assets,
        style=embed_static("page.css"),
        explore=embed_static("explore.js"),
        live=embed_static("live.js"),
    )
    check_headings(page)
    size = len(page.encode())
    if size > PAGE_BYTES_MAX:
        raise PageError(
            f"the page weighs {size:,} bytes; {PAGE_BYTES_MAX:,} is the most a phone should have to fetch"
        )
    return page


def write_page(notebook: nbformat.NotebookNode, target: Path, siblings: Sequence[str] = ()) -> None:
    """Build the page of an executed notebook and write it to `target`, whole or not at all."""
    write_whole(target, build_page(notebook, target.stem, siblings))


@functools.cache
def load_frame() -> Template:
    """Load the frame of every page, compiled once."""
    return load_template(read_static("page.html.j2"))


def read_about(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Return what the pieces of an executed notebook tell of the page: the metadata `dimios` of all, in order."""
    about: dict[str, Any] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about |= output.get("metadata", {}).get("dimios", {})
    return about


def read_displayed(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the HTML that the cells of an executed notebook displayed, in order.

    Raises
    ------
    PageError
        A cell failed or did not run.
    """
    pieces: list[str] = []
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
    return pieces


def write_reads(reads: Mapping[str, str]) -> str:
    """Return which published files a page was made of, as its head tells it: "name=digits", by spaces."""
    return " ".join(f"{name}={held}" for name, held in reads.items())


def read_reads(page: str) -> dict[str, str]:
    """Return which published files a stored page was made of; empty where it does not tell."""
    found = READS.search(page)
    return dict(pair.rsplit("=", 1) for pair in found[1].split()) if found else {}


def check_headings(page: str) -> None:
    """Raise a PageError unless the page begins with its only first-level heading and leaves out no level."""
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    if levels[:1] != [1] or levels.count(1) != 1:
        raise PageError(f"a page begins with its only first-level heading; these are the levels: {levels}")
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            raise PageError(f"a heading of level {after} follows one of level {before}")

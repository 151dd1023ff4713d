"""From an executed notebook to one accessible HTML page.

The page shows what the cells displayed, in order; code and the method notes in Markdown are for researchers
and stay in the notebook. It asks no other host for anything and reads well with scripts off.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

import nbformat
from jinja2 import Template

from dimios_core.errors import DimiosError
from dimios_core.languages import formats_of, load_texts
from dimios_core.markup import embed_json, load_template, markup, put_into, trust
from dimios_core.page.assets import ASSETS_FOLDER, EXERCISES, embed_static, read_static
from dimios_core.page.index import INDEX
from dimios_core.page.navigation import list_tabs, render_breadcrumb, render_sections, render_tabs
from dimios_core.page.packed import PACKED_TYPE, pack_figures
from dimios_core.page.statement import STATEMENT

#: a page above this is refused; tests hold those of the demo to 200 KB
PAGE_BYTES_MAX = 300_000
#: from reports/<period>/<organisation>/<language>/ to the assets
ASSETS_FROM_PAGE = f"../../../{ASSETS_FOLDER}/"
INDEX_FROM_PAGE = f"../../../{INDEX}"
STATEMENT_FROM_PAGE = f"../../../{STATEMENT}"
#: what every page holds: the style, and the scripts by what the frame and their words call them
STYLE = "page.css"
SCRIPTED = ("explore", "save", "address")
#: where a server puts the script that asks it for new content
LIVE = "<!--live-->"
#: what every piece of a report is, and nothing else that a cell shows
PIECE = '<section class="dimios"'
NO_OPENING = (
    "no cell shows a page's opening: begin with `report = OwnPage(…)` and `report.opening()` (docs/own-reports.md), "
    "or give --no-page"
)
#: what a cell shows by itself, and what to do instead
SHOWN_ALONE = {
    "application/vnd.plotly.v1+json": (
        "a plotly figure",
        "give it to a section: report.section(title, words, figure)",
    ),
    "application/vnd.jupyter.widget-view+json": (
        "a widget",
        "leave it out: a page has no kernel that would answer it",
    ),
    "image/": (
        "a picture",
        "give the plotly figure to a section: a picture says nothing to who cannot see it",
    ),
    "text/": ("words or a table", "give them to a section: report.section(title, words, frame)"),
    "": ("something", "give it to a section, as words, a frame or a plotly figure"),
}
_SECTION = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
READS = re.compile('<meta name="dimios-reads" content="([^"]*)">')


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
        Its first displayed piece carries the metadata `dimios`: title, language, demo_label, exercises; one of its
        pieces carries results_version.
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
        raise PageError(NO_OPENING)
    where = [about[part] for part in ("subject", "period") if part in about]
    shown, figures = pack_figures(pieces)
    page = load_frame().render(
        **about,
        made_of=write_reads(about.get("reads", {})),
        tabs=render_tabs(list_tabs(siblings, name, about["language"]), about["language"]),
        breadcrumb=render_breadcrumb(where, INDEX_FROM_PAGE, about["language"]),
        words=load_texts(about["language"])["frame"],
        said=embed_json(script_words(about["language"])),
        sections=render_sections(list_sections(pieces), about["language"]),
        pieces=[trust(piece) for piece in shown],
        figures=trust(figures),
        packed_type=PACKED_TYPE,
        assets=assets,
        statement=f"{STATEMENT_FROM_PAGE}#{about['language']}",
        style=embed_static(STYLE),
        **{name: embed_static(f"{name}.js") for name in SCRIPTED},
        training=embed_static(EXERCISES) if about.get("exercises") else "",
    )
    check_headings(page)
    size = len(page.encode())
    if size > PAGE_BYTES_MAX:
        raise PageError(
            f"the page weighs {size:,} bytes; {PAGE_BYTES_MAX:,} is the most a phone should have to fetch"
        )
    return page


def make_live(page: str, address: str) -> str:
    """Return a page whose controls a server answers at an address, with the script that asks it."""
    asking = markup("<script>{}</script>", embed_static("live.js"))
    return put_into(page, "html", data_live=address).replace(LIVE, asking, 1)


@functools.cache
def load_frame() -> Template:
    """Load the frame of every page, compiled once."""
    return load_template(read_static("page.html.j2"))


def load_parts() -> None:
    """Load what every page holds, for a process that forks a child for each report: the frame, the style, the scripts."""
    load_frame()
    for name in (STYLE, *(f"{name}.js" for name in SCRIPTED)):
        read_static(name)


def script_words(language: str) -> dict[str, Any]:
    """Return what the scripts of a page say, and how they write numbers, in a language."""
    texts, formats = load_texts(language), formats_of(language)
    numbers = {"decimal": formats.decimal, "thousands": formats.group}
    said = {part: texts[part] for part in (*SCRIPTED, "live")}
    return said | {"format": numbers}


def read_about(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Return what the pieces of an executed notebook tell of the page: the metadata `dimios` of all, in order."""
    about: dict[str, Any] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about |= output.get("metadata", {}).get("dimios", {})
    return about


def read_displayed(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the pieces that the cells of an executed notebook displayed, as HTML, in order.

    What a cell prints, and the plain text of its value, stays in the notebook.

    Raises
    ------
    PageError
        A cell failed or did not run, or it shows something that is no piece of a report: it would be missing on the page.
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
            data = output.get("data", {})
            html = data.get("text/html", "")
            html = html if isinstance(html, str) else "".join(html)  # a stored notebook may have it in lines
            shown = [kind for kind in data if kind != "text/plain" and (html or kind != "text/html")]
            if PIECE not in html and shown:
                what, remedy = next(
                    words for begin, words in SHOWN_ALONE.items() if any(k.startswith(begin) for k in shown)
                )
                raise PageError(
                    f"cell {number} shows {what} by itself: {remedy}, or end the line with a semicolon"
                )
            if "text/html" in data:  # a piece may have nothing to say
                pieces.append(html)
    return pieces


def list_sections(pieces: Sequence[str]) -> list[tuple[str, str]]:
    """Return the sections of a page that can be linked to: id and title."""
    return [(id, unescape(_TAGS.sub("", title))) for piece in pieces for id, title in _SECTION.findall(piece)]


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

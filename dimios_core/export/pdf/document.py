"""From a whole report to a PDF: the data that `static/report.typ` sets, and the run of Typst.

The PDF is tagged (PDF/UA-1), carries no time, host or path, and its bytes depend on the report alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import font_source_sans_pro
import typst

from dimios_core.export.pdf.blocks import Block, read_blocks
from dimios_core.page.build import write_reads
from dimios_core.page.whole import WholeReport

STANDARD = "ua-1"
FONT = "Source Sans Pro"
#: width of a drawing that fills the paper's width, in pixels of the drawing
FULL_PX = 760
#: a steering group reads no more
SHORT_PAGES = 4
#: share of the paper's height that a drawing may take, tried until a short version is short enough
TALLEST = (0.65, 0.55, 0.45, 0.35, 0.25)
#: ideas side by side
IDEAS = "ideas"
WORDS = {
    "sv": {
        "name": "Digital mognad", "contents": "Innehåll", "tables": "Siffrorna i tabeller", "unnamed": "Vad",
        "version": "Resultatversion {}. Samma siffror finns som webbsida, bildspel och arbetsbok.",
    },
    "en": {
        "name": "Digital maturity", "contents": "Contents", "tables": "The figures as tables", "unnamed": "What",
        "version": "Results version {}. The same figures are there as a web page, slides and a workbook.",
    },
}  # fmt: skip


def make_pdf(report: WholeReport) -> bytes:
    """Make the PDF of a whole report: title page, contents, every page as a part, all figures as tables at the end.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper.
    """
    words = WORDS[report.language]
    parts = [_make_part(report, page) for page in report.pages]
    tables: list[Block] = []
    for part in parts:
        own = list(_list_tables(part["blocks"]))
        if own:
            tables += [_heading(2, part["title"]), *own]
    appendix = [{"title": words["tables"], "blocks": tables}] if tables else []
    return _set({**_describe(report), "short": False, "parts": [*parts, *appendix], "tallest": TALLEST[0]})


def make_short_pdf(report: WholeReport) -> bytes:
    """Make the short version: the report's first page, on at most four sheets; drawings give way until it fits.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper, or its words alone take more than four pages.
    """
    words, first = WORDS[report.language], next(iter(report.pages))
    part = _make_part(report, first)
    data = _describe(report) | {
        "short": True,
        "title": f"{words['name']} {report.period}: {report.subject}",
        "parts": [part],
    }
    tries = (_set_and_count(data | {"tallest": tallest}) for tallest in TALLEST)
    for pages_n, content in tries:
        if pages_n <= SHORT_PAGES:
            # drawings a little smaller may spare a page with a few lines on it
            fewer_n, shorter = next(tries, (pages_n, content))
            return shorter if fewer_n < pages_n else content
    raise ValueError(f"a short version takes {pages_n} pages; {SHORT_PAGES} is the most")


def _describe(report: WholeReport) -> dict[str, Any]:
    words = WORDS[report.language]
    return {
        "title": f"{words['name']} {report.period}",
        "name": words["name"],
        "author": words["name"],
        "subject": report.subject,
        "period": report.period,
        "language": report.language,
        "demo_label": report.demo_label or "",
        "contents": words["contents"],
        "unnamed": words["unnamed"],
        "version": words["version"].format(report.results_version),
        "made_of": write_reads(report.reads).split(),
        "full_px": FULL_PX,
    }


def _make_part(report: WholeReport, page: str) -> dict[str, Any]:
    """Make a part of a page; the title stands in the part's heading, whom it is about on every sheet."""
    blocks = [b for b in read_blocks(report.pages[page]) if not (b["kind"] == "heading" and b["level"] == 1)]
    return {"title": report.title_of(page), "blocks": _pair_ideas([_dress(b) for b in blocks])}


def _dress(block: Block) -> Block:
    """Give a block's drawings the paper's typeface."""
    if block["kind"] == "group":
        return block | {"blocks": [_dress(b) for b in block["blocks"]]}
    if block["kind"] == "picture":
        return block | {"svg": block["svg"].replace("<svg ", f'<svg font-family="{FONT}" ', 1)}
    return block


def _pair_ideas(blocks: Sequence[Block]) -> list[Block]:
    """Gather ideas that follow each other, so that they can stand side by side."""
    found: list[Block] = []
    for block in blocks:
        if block.get("style") != "idea":
            found.append(block)
        elif found and found[-1].get("style") == IDEAS:
            found[-1]["blocks"].append(block)
        else:
            found.append({"kind": "group", "style": IDEAS, "blocks": [block]})
    return found


def _list_tables(blocks: Sequence[Block]) -> list[Block]:
    """Return the tables of all drawings."""
    found: list[Block] = []
    for block in blocks:
        found += _list_tables(block["blocks"]) if block["kind"] == "group" else block.get("tables", [])
    return found


def _heading(level: int, text: str) -> Block:
    return {"kind": "heading", "level": level, "runs": [{"text": text, "bold": False, "link": ""}]}


def _set(data: dict[str, Any]) -> bytes:
    return _set_and_count(data)[1]


def _set_and_count(data: dict[str, Any]) -> tuple[int, bytes]:
    """Set the data; return how many pages it takes, and the PDF."""
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    content: bytes = load_compiler().compile(format="pdf", pdf_standards=STANDARD, sys_inputs=inputs)
    return content.count(b"/Type/Page/"), content


@cache
def load_compiler() -> Any:
    """Load Typst with the template and the paper's typefaces alone: those of a machine would make another file."""
    typesetter: Any = typst  # its annotations do not fit its own arguments
    static, fonts = files("dimios_core.export.pdf") / "static", files(font_source_sans_pro) / "files"
    with as_file(static) as templates, as_file(fonts) as typefaces:
        return typesetter.Compiler(
            str(templates / "report.typ"), font_paths=[str(typefaces)], ignore_system_fonts=True
        )

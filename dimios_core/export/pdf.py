"""A report on paper: whole, short for a steering group, its next steps on a sheet, and its figures as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dimios_core.languages import load_texts, say
from dimios_core.office.pdf.blocks import Block, read_blocks
from dimios_core.office.pdf.paper import (
    Chapter,
    Paper,
    set_paper,
    set_sheet,
    set_short_paper,
    set_tables,
)
from dimios_core.page.build import write_reads
from dimios_core.page.whole import WholeReport
from dimios_core.report.next_steps.sheet import CSS

#: a steering group reads no more
SHORT_PAGES = 4
#: what a whole report is to keep within, where its drawings can give way for it
WHOLE_PAGES = 25
#: what a sheet to act on is found by among the pieces of a report
SHEET = f'<div class="{CSS}">'


def make_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the PDF of a whole report: title and contents, every page as a chapter.

    Parameters
    ----------
    report : WholeReport
    survey : str
        What its title calls the survey.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper.
    """
    paper = _plan_paper(report, survey, list(report.pages))
    return set_paper(replace(paper, chapters=tell_once(paper.chapters)), WHOLE_PAGES)


def make_tables_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the PDF of the tables behind a report's charts, page by page.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper.
    """
    return set_tables(_plan_paper(report, survey, list(report.pages), say(report.language, "pdf.tables")))


def make_short_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the short version, on at most four sheets: the report's first page, and last what to do next.

    Drawings, then whole sections, give way until it fits; how it is computed is two lines.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper, or its words alone take more than four pages.
    """
    first = next(iter(report.pages))
    paper = _plan_paper(report, survey, [first])
    (chapter,) = paper.chapters
    sections = _split(chapter.blocks)
    method = say(report.language, "pdf.method")
    short = replace(
        paper,
        colophon=f"{method} {paper.colophon}",
        # the last section is how to read all
        chapters=[Chapter("", blocks) for blocks in (sections[:-1] or sections)],
    )
    return set_short_paper(short, read_steps(report), SHORT_PAGES)


def make_steps_pdf(report: WholeReport, survey: str) -> bytes | None:
    """Make the sheet to act on: priorities, questions and decisions on one A4; None where the report has no such section."""
    blocks = read_steps(report)
    if not blocks:
        return None
    paper = _plan_paper(report, survey, [])
    return set_sheet(paper, blocks)


def read_steps(report: WholeReport) -> list[Block]:
    """Read the report's section on what to do next; nothing where it has none."""
    return read_blocks([piece for pieces in report.pages.values() for piece in pieces if SHEET in piece])


def _split(blocks: Sequence[Block]) -> list[list[Block]]:
    """Split a page's blocks at the headings of its sections; what stands before the first belongs to it."""
    sections: list[list[Block]] = []
    opened = False
    for block in blocks:
        starts = block["kind"] == "heading" and block["level"] == 2
        if not sections or (starts and opened):
            sections.append([])
        opened = opened or starts
        sections[-1].append(block)
    return sections


def tell_once(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Leave out what an earlier chapter says in the same small print, and a heading under which nothing is left."""
    told: list[object] = []
    found = []
    for chapter in chapters:
        small = [b["runs"] for b in chapter.blocks if b.get("style") == "small"]
        kept = [b for b in chapter.blocks if b.get("style") != "small" or b["runs"] not in told]
        if small and kept[-1]["kind"] == "heading":
            kept.pop()
        found.append(replace(chapter, blocks=kept))
        told += small
    return found


def _plan_paper(report: WholeReport, survey: str, pages: Sequence[str], part: str = "") -> Paper:
    """Return some pages of a report as a paper; its title tells whom it is about, and which part of the report it is."""
    words = load_texts(report.language)["pdf"]
    return Paper(
        title=f"{survey} {report.period}: {report.subject}{f', {part}' if part else ''}",
        name=survey,
        subject=report.subject,
        period=report.period,
        language=report.language,
        label=report.demo_label or "",
        colophon=say(report.language, "pdf.version", version=report.results_version),
        contents=words["contents"],
        unnamed=words["unnamed"],
        made_of=write_reads(report.reads).split(),
        chapters=[_plan_chapter(report, page) for page in pages],
    )


def _plan_chapter(report: WholeReport, page: str) -> Chapter:
    """Return a page as a chapter; its title stands in the chapter's heading, whom it is about on every sheet."""
    blocks = [b for b in read_blocks(report.pages[page]) if not (b["kind"] == "heading" and b["level"] == 1)]
    return Chapter(report.title_of(page), blocks)

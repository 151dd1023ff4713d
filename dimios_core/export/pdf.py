"""A report on paper: whole, short for a steering group, and the next steps on a sheet of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dimios_core.office.pdf.blocks import Block, read_blocks
from dimios_core.office.pdf.paper import Chapter, Paper, set_paper, set_sheet, set_short_paper
from dimios_core.page.build import write_reads
from dimios_core.page.whole import WholeReport
from dimios_core.report.next_steps.sheet import CSS

#: a steering group reads no more
SHORT_PAGES = 4
#: what a sheet to act on is found by among the pieces of a report
SHEET = f'<div class="{CSS}">'
WORDS = {
    "sv": {
        "contents": "Innehåll", "tables": "Siffrorna i tabeller", "unnamed": "Vad",
        "version": "Resultatversion {}. Samma siffror finns som webbsida, bildspel och arbetsbok.",
        "method": "Osäkerhet är ett 95 % konfidensintervall; säkerställt är det som står sig när många jämförelser görs. Det som "
        "bygger på för få svar visas inte. Mer om hur det är räknat finns i hela rapporten.",
    },
    "en": {
        "contents": "Contents", "tables": "The figures as tables", "unnamed": "What",
        "version": "Results version {}. The same figures are there as a web page, slides and a workbook.",
        "method": "Uncertainty is a 95% confidence interval; statistically significant is what holds when many comparisons are "
        "made. What rests on too few answers is not shown. How it is computed is told in the whole report.",
    },
}  # fmt: skip


def make_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the PDF of a whole report: title page, contents, every page as a chapter, all figures as tables at the end.

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
    return set_paper(_plan_paper(report, survey, list(report.pages), ""))


def make_short_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the short version, on at most four sheets: the report's first page, and last what to do next.

    Drawings, then whole sections, give way until it fits; how it is computed is two lines.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper, or its words alone take more than four pages.
    """
    first = next(iter(report.pages))
    paper = _plan_paper(report, survey, [first], f": {report.subject}")
    (chapter,) = paper.chapters
    sections = _split(chapter.blocks)
    words = WORDS[report.language]
    short = replace(
        paper,
        colophon=f"{words['method']} {paper.colophon}",
        # the last section is how to read all
        chapters=[Chapter("", blocks) for blocks in (sections[:-1] or sections)],
    )
    return set_short_paper(short, read_steps(report), SHORT_PAGES)


def make_steps_pdf(report: WholeReport, survey: str) -> bytes | None:
    """Make the sheet to act on: priorities, questions and decisions on one A4; None where the report has no such section."""
    blocks = read_steps(report)
    if not blocks:
        return None
    paper = _plan_paper(report, survey, [], f": {report.subject}")
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


def _plan_paper(report: WholeReport, survey: str, pages: Sequence[str], about: str) -> Paper:
    """Return some pages of a report as a paper, whose title tells what it is about where no title page does."""
    words = WORDS[report.language]
    return Paper(
        title=f"{survey} {report.period}{about}",
        name=survey,
        subject=report.subject,
        period=report.period,
        language=report.language,
        label=report.demo_label or "",
        colophon=words["version"].format(report.results_version),
        contents=words["contents"],
        tables=words["tables"],
        unnamed=words["unnamed"],
        made_of=write_reads(report.reads).split(),
        chapters=[_plan_chapter(report, page) for page in pages],
    )


def _plan_chapter(report: WholeReport, page: str) -> Chapter:
    """Return a page as a chapter; its title stands in the chapter's heading, whom it is about on every sheet."""
    blocks = [b for b in read_blocks(report.pages[page]) if not (b["kind"] == "heading" and b["level"] == 1)]
    return Chapter(report.title_of(page), blocks)

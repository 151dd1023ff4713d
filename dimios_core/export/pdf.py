"""A report on paper: whole, short for a steering group, and its figures as tables."""

from __future__ import annotations

from collections.abc import Sequence

from dimios_core.office.pdf.blocks import read_blocks
from dimios_core.office.pdf.paper import Chapter, Paper, set_paper, set_short_paper, set_tables
from dimios_core.page.build import write_reads
from dimios_core.page.whole import WholeReport

#: a steering group reads no more
SHORT_PAGES = 4
#: what a whole report is to keep within, where its drawings can give way for it
WHOLE_PAGES = 25
WORDS = {
    "sv": {
        "contents": "Innehåll", "tables": "siffrorna i tabeller", "unnamed": "Vad",
        "version": "Resultatversion {}. Siffrorna bakom diagrammen finns som tabeller på webbsidan.",
    },
    "en": {
        "contents": "Contents", "tables": "the figures as tables", "unnamed": "What",
        "version": "Results version {}. The figures behind the charts are there as tables on the web page.",
    },
}  # fmt: skip


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
    return set_paper(_plan_paper(report, survey, list(report.pages)), WHOLE_PAGES)


def make_tables_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the PDF of the tables behind a report's charts, page by page.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper.
    """
    return set_tables(_plan_paper(report, survey, list(report.pages), WORDS[report.language]["tables"]))


def make_short_pdf(report: WholeReport, survey: str) -> bytes:
    """Make the short version: the report's first page, on at most four sheets; drawings give way until it fits.

    Raises
    ------
    ValueError
        The report holds an element that is not set on paper, or its words alone take more than four pages.
    """
    first = next(iter(report.pages))
    return set_short_paper(_plan_paper(report, survey, [first]), SHORT_PAGES)


def _plan_paper(report: WholeReport, survey: str, pages: Sequence[str], part: str = "") -> Paper:
    """Return some pages of a report as a paper; its title tells whom it is about, and which part of the report it is."""
    words = WORDS[report.language]
    return Paper(
        title=f"{survey} {report.period}: {report.subject}{f', {part}' if part else ''}",
        name=survey,
        subject=report.subject,
        period=report.period,
        language=report.language,
        label=report.demo_label or "",
        colophon=words["version"].format(report.results_version),
        contents=words["contents"],
        unnamed=words["unnamed"],
        made_of=write_reads(report.reads).split(),
        chapters=[_plan_chapter(report, page) for page in pages],
    )


def _plan_chapter(report: WholeReport, page: str) -> Chapter:
    """Return a page as a chapter; its title stands in the chapter's heading, whom it is about on every sheet."""
    blocks = [b for b in read_blocks(report.pages[page]) if not (b["kind"] == "heading" and b["level"] == 1)]
    return Chapter(report.title_of(page), blocks)

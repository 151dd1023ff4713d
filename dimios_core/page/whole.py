"""A whole report: all its pages, in reading order, known to be of one organisation, period and version of the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nbformat

from dimios_core.page.build import PageError, read_about, read_displayed
from dimios_core.page.navigation import reading_order, title_of
from dimios_core.published.reads import hash_reads

#: what all pages of a report have in common
SHARED = ("subject", "period", "language", "demo_label")


@dataclass(frozen=True)
class WholeReport:
    """All pages of a report. Make it with `gather_report`.

    Attributes
    ----------
    subject, period, language : str
        Whom and when it is about, as its headings say it.
    demo_label : str or None
        What made-up data are labelled with.
    reads : dict of name -> digits
        The published files that it was made of.
    pages : dict of name -> list of str
        What the cells of each page displayed, as HTML, in reading order.
    """

    subject: str
    period: str
    language: str
    demo_label: str | None
    reads: dict[str, str]
    pages: dict[str, list[str]]

    @property
    def results_version(self) -> str:
        """Twelve digits that change when what it was made of does."""
        return hash_reads(self.reads)

    def title_of(self, page: str) -> str:
        """Return the title of a page."""
        return title_of(page, self.language)


def gather_report(notebooks: Mapping[str, nbformat.NotebookNode]) -> WholeReport:
    """Gather the pages of a report.

    Parameters
    ----------
    notebooks : mapping of name -> NotebookNode
        The executed notebooks of one subject, period and language, by their files' names.

    Raises
    ------
    PageError
        A notebook is not whole, or they are not of one report or of one version of the results.
    """
    names = sorted(notebooks, key=reading_order)
    shared, reads = _agree({name: read_about(notebooks[name]) for name in names})
    return WholeReport(**shared, reads=reads, pages={name: read_displayed(notebooks[name]) for name in names})


def _agree(abouts: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what all pages say alike, and the published files that they were made of."""
    reads: dict[str, str] = {}
    shared: dict[str, Any] = {}
    for name, about in abouts.items():
        told = {key: about.get(key) for key in SHARED}
        if None in (told["subject"], told["period"], told["language"]):
            raise PageError(
                f"{name}: no cell displays a report's opening: there is nothing to make a part of"
            )
        shared = shared or told
        if told != shared:
            raise PageError(f"{name} is not of the same report as the other parts")
        for file, held in about.get("reads", {}).items():
            if reads.setdefault(file, held) != held:
                raise PageError(f"{name} was made from other results than the other parts")
    if not shared:
        raise PageError("there are no pages to make a file of")
    return shared, dict(sorted(reads.items()))

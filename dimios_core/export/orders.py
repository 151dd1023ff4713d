"""Whose report is exported, what it is made of, and what may stand in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from dimios_core.errors import InputError, Problem
from dimios_core.instrument.lead import name_survey
from dimios_core.page.downloads import name_part, name_stem
from dimios_core.page.made_of import read_made_of
from dimios_core.page.whole import WholeReport, gather_report
from dimios_core.places import CONSORTIUM, EXPORTS
from dimios_core.published.reads import are_of_today
from dimios_core.published.store import PublicResults, PublishedResults, load_public, load_results


@dataclass(frozen=True)
class Order:
    """One report to be exported.

    Attributes
    ----------
    outputs : Path
        The outputs folder: its results and reports are read.
    owner : str
        An organisation, or `_consortium`.
    period, language : str
    pages : tuple of str
        Names of the notebooks that make a whole report.
    county : str
        Two-digit code of the county that it is about, "" for others.
    template : bytes or None
        A .pptx file whose looks the slides take.
    """

    outputs: Path
    owner: str
    period: str
    language: str
    pages: tuple[str, ...]
    county: str = ""
    template: bytes | None = None

    @property
    def kind(self) -> str:
        """The suite of reports that it is of: "organisation", "county" or "national"."""
        return "organisation" if self.owner != CONSORTIUM else "county" if self.county else "national"

    @property
    def results_folder(self) -> Path:
        """Where the published results lie."""
        return self.outputs / "results"

    @property
    def report_folder(self) -> Path:
        """Where the report's notebooks lie."""
        return self.outputs / "reports" / self.period / self.owner / self.language

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return self.outputs / EXPORTS / self.period / self.owner / self.language

    @property
    def stem(self) -> str:
        """What the files are called, so that their names tell what they are of wherever they are taken."""
        return name_stem(self.period, self.owner, self.language, self.county)

    @property
    def short_stem(self) -> str:
        """What a short version is called."""
        return name_part(self.stem, "short", self.language)

    @property
    def tables_stem(self) -> str:
        """What the tables behind its charts are called."""
        return name_part(self.stem, "tables", self.language)

    @property
    def steps_stem(self) -> str:
        """What the sheet to act on is called."""
        return name_part(self.stem, "steps", self.language)

    # -- what the files are made of: read once for all of them ---------------------------------------

    @cached_property
    def report(self) -> WholeReport:
        """The report's executed notebooks."""
        return gather_report(
            {page: nbformat.read(self.report_folder / f"{page}.ipynb", as_version=4) for page in self.pages}
        )

    def load_own(self) -> PublishedResults:
        """Load what is published of the organisation; what is read of it is noted anew for each file."""
        return load_results(self.owner, self.results_folder).as_asked(self.period)

    @property
    def survey(self) -> str:
        """What titles call the survey, in the order's language."""
        return name_survey(self.load_all().instrument, self.language)

    def load_all(self) -> PublicResults:
        """Load what is published of all together."""
        return load_public(self.results_folder).as_asked(self.period)


def check_reports(orders: Sequence[Order]) -> None:
    """Raise unless the reports that files are made of are there.

    Raises
    ------
    InputError
        A report has not been made, not whole, or from other results than today's; all problems at once.
    """
    problems = [problem for order in orders for problem in _check_report(order)]
    if problems:
        raise InputError(problems)


def _check_report(order: Order) -> list[Problem]:
    whose = {"organisation": f"-o {order.owner}", "county": f"--suite county --county {order.county}"}
    remedy = f"dimios report {whose.get(order.kind, '--suite national')} --period {order.period} --language {order.language}"
    where, remedy = f"report {'/'.join(order.report_folder.parts[-3:])}", f"run {remedy}"
    missing = [page for page in order.pages if not (order.report_folder / f"{page}.ipynb").is_file()]
    if len(missing) == len(order.pages):
        return [Problem(where, "it has not been made", remedy)]
    if missing:
        return [Problem(where, f"parts are missing: {', '.join(missing)}", remedy)]
    for page in order.pages:
        reads = read_made_of(order.report_folder / f"{page}.ipynb")
        if not are_of_today(order.results_folder, reads):
            return [Problem(where, "it was made from other results than today's", remedy)]
    return []

"""What is to be made: from suites, organisations and a period to jobs for notebooks, and from these to orders for files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.export.orders import Order
from dimios_core.export.production import is_standing
from dimios_core.languages import DEFAULT
from dimios_core.runner.comparisons import plan_comparison
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import (
    LATEST,
    OwnParameters,
    PublishedOrganisation,
    ReportJob,
    model_languages,
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
)
from dimios_core.runner.own_notebooks import check_place, plan_notebook, read_own
from dimios_core.runner.parameters import Scalar
from dimios_core.suites import load_suite

#: the suite whose reports are meant where none is named
DEFAULT_SUITE = "organisation"
#: suites that are made into files to take along
EXPORTED = ("organisation", "national", "county")


@dataclass(frozen=True)
class Selection:
    """Which reports are meant.

    Attributes
    ----------
    organisations : tuple of str
        Identifiers; empty for all.
    counties : tuple of str
        Two-digit codes; empty for all that can be shown.
    suites : tuple of str
        Names of suites (parameters/suites/); one that comes twice counts once.
    period : str
        A period, or "latest": each organisation's own latest one.
    language : str
        One of the model.
    notebook : Path or None
        One notebook of one's own, run instead of suites.
    own : OwnParameters
        What it is given beside what every report is given.
    page : bool
        It shall make a page.
    """

    organisations: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    suites: tuple[str, ...] = (DEFAULT_SUITE,)
    period: str = LATEST
    language: str = DEFAULT
    notebook: Path | None = None
    own: OwnParameters = ()
    page: bool = True

    @classmethod
    def of(
        cls,
        organisations: Iterable[str] = (),
        counties: Iterable[str] = (),
        suites: Iterable[str] = (),
        period: str = LATEST,
        language: str = DEFAULT,
        notebook: Path | str | None = None,
        parameters: Mapping[str, Scalar] | Iterable[str] = (),
        page: bool = True,
    ) -> Selection:
        """Return what is meant by what somebody gave; one organisation or one suite may be a text alone.

        Raises
        ------
        InputError
            Own parameters that cannot be, or are given without a notebook.
        """
        place = None if notebook is None else Path(notebook).resolve()
        if place is None and (parameters or not page):
            what = "own parameters, and leaving out the page, are for a notebook of your own"
            raise InputError(Problem("-p, --no-page", what, "give --notebook, too"))
        return cls(
            _list_texts(organisations),
            _list_texts(counties),
            _list_texts(suites) or (DEFAULT_SUITE,),
            str(period),
            language,
            place,
            read_own(place, parameters) if place else (),
            page,
        )

    def __str__(self) -> str:
        what = self.notebook.name if self.notebook else f"the suite {', '.join(dict.fromkeys(self.suites))}"
        return f"{what} ({self.language}, {self.period})"


def plan_reports(
    results: Path, published: Sequence[PublishedOrganisation], selection: Selection
) -> list[ReportJob]:
    """Return the jobs that a selection means, without running them.

    Parameters
    ----------
    results : Path
        The results folder.
    published : sequence of PublishedOrganisation
        Who has results there.
    selection : Selection

    Raises
    ------
    InputError
        Unknown suite, organisation, county, period or language; no county that can be shown; or a notebook of one's own that
        takes no such parameter, or lies where it can make no page.
    """
    period, language = selection.period, selection.language
    languages = model_languages(results)
    own = partial(
        plan_jobs,
        published,
        organisations=selection.organisations,
        period=period,
        language=language,
        languages=languages,
    )
    if selection.notebook is not None:
        if selection.page:
            check_place(selection.notebook)
        counties = selection.counties
        return plan_notebook(
            results, published, selection.notebook, selection.own,
            organisations=selection.organisations, counties=counties, period=period, language=language,
        )  # fmt: skip
    jobs: list[ReportJob] = []
    for suite in [load_suite(name) for name in dict.fromkeys(selection.suites)]:
        if suite.per == "organisation":
            jobs += own(suite.paths)
        elif suite.per == "comparison":
            jobs += plan_comparison(
                results,
                published,
                suite.paths,
                organisations=selection.organisations,
                period=period,
                language=language,
                languages=languages,
            )
        else:
            jobs += plan_consortium_jobs(
                public_periods(results),
                suite.paths,
                per_county=suite.per == "county",
                counties=selection.counties,
                period=period,
                language=language,
                languages=languages,
            )
    if not jobs:
        what = "no county has enough organisations to be shown together"
        raise InputError(Problem("--suite county", what, "choose another period or suite"))
    return jobs


def plan_orders(jobs: Iterable[ReportJob], outputs: Path, template: bytes | None = None) -> list[Order]:
    """Return an order for each report that jobs make: an organisation's pages are one report.

    Parameters
    ----------
    template : bytes or None
        A .pptx file whose looks the slides take.
    """
    return list(_group_by_order(jobs, outputs, template))


def plan_due_orders(
    outcomes: Iterable[JobOutcome], outputs: Path, formats: Sequence[str], template: bytes | None = None
) -> list[Order]:
    """Return the orders that a batch gives: reports that are whole.

    Those that came out the same, and whose files stand, are left out; a template may be a new one.
    """
    statuses = {outcome.job: outcome.status for outcome in outcomes}
    due = []
    for order, jobs in _group_by_order(statuses, outputs, template).items():
        found = {statuses[job] for job in jobs}
        unchanged = found == {"unchanged"} and template is None and is_standing(order, formats)
        if "failed" not in found and not unchanged:
            due.append(order)
    return due


def _group_by_order(
    jobs: Iterable[ReportJob], outputs: Path, template: bytes | None
) -> dict[Order, Collection[ReportJob]]:
    groups: dict[tuple[str, str, str, str], list[ReportJob]] = {}
    exported = {page for suite in EXPORTED for page in load_suite(suite).pages}
    for job in jobs:
        if job.notebook.stem not in exported:
            what = f"{job.notebook.stem} is of a suite that no files to take along are made of"
            raise InputError(Problem("--suite", what, f"leave out --to, or export {', '.join(EXPORTED)}"))
        p = job.parameters
        groups.setdefault((p.owner, p.period, p.language, getattr(p, "county", "")), []).append(job)
    return {
        Order(
            outputs, owner, period, language, tuple(j.relative_path.stem for j in own), county, template
        ): own
        for (owner, period, language, county), own in groups.items()
    }


def _list_texts(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)

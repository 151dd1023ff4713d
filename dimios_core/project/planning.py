"""What is to be made: from suites, organisations and a period to jobs for notebooks, and from these to orders for files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.export.orders import Order
from dimios_core.export.production import is_standing
from dimios_core.languages import DEFAULT
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import (
    LATEST,
    PublishedOrganisation,
    ReportJob,
    model_languages,
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
)
from dimios_core.suites import load_suite


def plan_reports(
    results: Path,
    published: Sequence[PublishedOrganisation],
    suites: Iterable[str],
    *,
    organisations: Sequence[str] = (),
    counties: Sequence[str] = (),
    period: str = LATEST,
    language: str = DEFAULT,
) -> list[ReportJob]:
    """Return the jobs that suites mean, without running them.

    Parameters
    ----------
    results : Path
        The results folder.
    published : sequence of PublishedOrganisation
        Who has results there.
    suites : iterable of str
        Names; one that comes twice counts once.
    organisations, counties : sequence of str
        Identifiers and two-digit codes; empty means all.
    period, language : str
        As `dimios_core.runner.jobs.plan_jobs` takes them.

    Raises
    ------
    InputError
        Unknown suite, organisation, county, period or language, or no county that can be shown.
    """
    jobs: list[ReportJob] = []
    languages = model_languages(results)
    for suite in [load_suite(name) for name in dict.fromkeys(suites)]:
        if suite.per == "organisation":
            jobs += plan_jobs(
                published,
                suite.paths,
                organisations=organisations,
                period=period,
                language=language,
                languages=languages,
            )
        else:
            jobs += plan_consortium_jobs(
                public_periods(results),
                suite.paths,
                per_county=suite.per == "county",
                counties=counties,
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
    for job in jobs:
        p = job.parameters
        groups.setdefault((p.owner, p.period, p.language, getattr(p, "county", "")), []).append(job)
    return {
        Order(
            outputs, owner, period, language, tuple(j.relative_path.stem for j in own), county, template
        ): own
        for (owner, period, language, county), own in groups.items()
    }

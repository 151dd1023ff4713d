"""What joins the pages of a batch: tabs between the pages of one report, and the list of all reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dimios_core.page.index import OrganisationLabel, index_language, name_subject, write_index
from dimios_core.page.navigation import link_pages
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import PublishedOrganisation
from dimios_core.runner.production import Production


def join_pages(
    reports: Path,
    results: Path,
    made: Production,
    published: Sequence[PublishedOrganisation],
    expected: Sequence[str],
) -> None:
    """Join the pages that a batch has made with those that were there.

    Parameters
    ----------
    reports : Path
        The folder of reports.
    results : Path
        The folder of results, for what the reports are about.
    made : Production
    published : sequence of PublishedOrganisation
        Who has results, for the names in the list.
    expected : sequence of str
        Names of the pages that make an organisation's report whole.
    """
    if made.new_folders:
        _link_neighbours(reports, made)
        labels = {o.id: OrganisationLabel(o.name, o.demo) for o in published}
        write_index(reports, labels, expected, name_subject(results), index_language(results))


def _link_neighbours(reports: Path, made: Production) -> None:
    """Give pages the tabs of neighbours that came or failed to come; pages made together know of each other."""
    by_folder: dict[Path, list[JobOutcome]] = {}
    for outcome in made.outcomes:
        by_folder.setdefault(outcome.job.relative_path.parent, []).append(outcome)
    for folder in made.new_folders:
        planned = {o.job.relative_path.stem for o in by_folder[folder]}
        there = {path.stem for path in (reports / folder).glob("*.html")}
        all_made = all(o.status == "made" for o in by_folder[folder])
        if not all_made or there != planned:
            link_pages(reports / folder)

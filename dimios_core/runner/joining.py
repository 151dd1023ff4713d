"""What joins the pages of a batch: tabs between the pages of one report, and the list of all reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dimios_core.page.entrance import build_entrance
from dimios_core.page.entrance_page import write_index
from dimios_core.page.index import index_language, list_shelves, name_subject
from dimios_core.page.navigation import link_pages
from dimios_core.page.state import State
from dimios_core.page.statement import write_statement
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import PublishedOrganisation
from dimios_core.runner.labels import label_organisations
from dimios_core.runner.production import Production


def join_pages(
    reports: Path,
    results: Path,
    made: Production,
    published: Sequence[PublishedOrganisation],
    expected: Sequence[str],
    state: State,
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
    state : State
        What failed, and who has not answered, as the list tells it.
    """
    if made.new_folders:
        _link_neighbours(reports, made)
    labels, language = label_organisations(results, published), index_language(results)
    shelves = list_shelves(reports, labels, "", expected, language=language)
    entrance = build_entrance(shelves, labels, language, state)
    reports.mkdir(parents=True, exist_ok=True)  # there is none yet where every report failed
    write_statement(reports)
    write_index(reports, entrance, name_subject(results), language)


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

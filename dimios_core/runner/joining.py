"""What joins the pages of a batch: tabs between the pages of one report, and the list of all reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dimios_core.page.entrance import build_entrance
from dimios_core.page.entrance_page import write_index
from dimios_core.page.index import OrganisationLabel, index_language, list_shelves, name_subject
from dimios_core.page.navigation import link_pages
from dimios_core.page.state import State
from dimios_core.page.statement import write_statement
from dimios_core.runner.execution import JobOutcome
from dimios_core.runner.jobs import PublishedOrganisation
from dimios_core.runner.labels import label_organisations
from dimios_core.runner.production import Production


@dataclass(frozen=True)
class ListHead:
    """What the list of reports tells that rests on results alone.

    Attributes
    ----------
    labels : mapping of identifier -> OrganisationLabel
        Who has results.
    language : str
        In which the list is written.
    subject : str
        What the reports are about, as it stands in running text.
    """

    labels: Mapping[str, OrganisationLabel]
    language: str
    subject: str


def begin_list(reports: Path, results: Path, published: Sequence[PublishedOrganisation]) -> ListHead:
    """Write the statement of accessibility and read what the list tells: all that can be done before there are reports.

    Parameters
    ----------
    reports : Path
        The folder of reports.
    results : Path
        The folder of results.
    published : sequence of PublishedOrganisation
        Who has results there.
    """
    reports.mkdir(parents=True, exist_ok=True)
    write_statement(reports)
    return ListHead(label_organisations(results, published), index_language(results), name_subject(results))


def join_pages(
    reports: Path, head: ListHead, made: Production, expected: Sequence[str], state: State
) -> None:
    """Join the pages that a batch has made with those that were there.

    Parameters
    ----------
    reports : Path
        The folder of reports.
    head : ListHead
    made : Production
    expected : sequence of str
        Names of the pages that make an organisation's report whole.
    state : State
        What failed, and who has not answered, as the list tells it.
    """
    if made.new_folders:
        _link_neighbours(reports, made)
    shelves = list_shelves(reports, head.labels, "", expected, language=head.language)
    entrance = build_entrance(shelves, head.labels, head.language, state)
    write_index(reports, entrance, head.subject, head.language)


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

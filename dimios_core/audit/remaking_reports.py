"""Makes every stored report again, and tells which pages and notebooks say something else than they should.

A whole number, a fraction or the width of a bar cannot be told from one that may be there by reading it. But reports
depend on the published results and the notebooks alone, byte for byte, so whatever was put into one stands out.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from dimios_core.languages import usable_languages
from dimios_core.page import place_assets
from dimios_core.page.state import read_state
from dimios_core.places import CONSORTIUM, project_root
from dimios_core.results.audit.tables import AuditFinding
from dimios_core.runner.batches import local_executor
from dimios_core.runner.comparisons import plan_stored
from dimios_core.runner.finishing import finish_report
from dimios_core.runner.jobs import (
    ReportJob,
    model_languages,
    plan_consortium_jobs,
    plan_jobs,
    public_periods,
    published_organisations,
)
from dimios_core.runner.joining import begin_list, join_pages
from dimios_core.runner.own_notebooks import plan_again
from dimios_core.runner.production import Wishes, produce_reports
from dimios_core.suites import list_suites, load_suite

#: what is wrong with a piece that somebody has changed, and with one that lies among reports
ALTERED = "is not what dimios report makes of today's results: make it again"
STRAY = (
    "is no file that dimios report makes of the notebooks there are: put its notebook back, or take it away"
)
FAILED = "cannot be made again: {}"


def audit_remade_reports(outputs: Path, workers: int) -> list[AuditFinding]:
    """Audit the reports folder by making its notebooks and pages again.

    Parameters
    ----------
    outputs : Path
    workers : int
        Notebooks at a time.

    Returns
    -------
    list of AuditFinding
        Pieces that are not what would be made today, and files that nobody makes. A notebook of one's own
        without a page (`dimios report --notebook FILE --no-page`) is read, and not made again.
    """
    reports = outputs / "reports"
    stored = list_pieces(reports)
    if not stored:
        return []
    with tempfile.TemporaryDirectory(prefix="dimios-audit-") as aside:
        found = make_again(outputs, Path(aside), stored, workers)
        found |= compare_reports(reports, Path(aside) / "reports")
    return [AuditFinding(*_whose(place), place.as_posix(), what) for place, what in sorted(found.items())]


def list_stored(results: Path, stored: set[Path]) -> dict[Path, ReportJob]:
    """Return the jobs that make the stored reports of suites and own pages, by the place of their notebooks.

    Own pages are made of the project's notebooks, with the parameters that the stored one was given.
    """
    published, public = published_organisations(results), public_periods(results)
    languages = [code for code in model_languages(results) if code in usable_languages()]
    known = {o.id: o.periods for o in published}
    jobs: dict[Path, ReportJob] = {}
    folders = {place.parts[:3] for place in stored if len(place.parts) == 4}
    for suite in map(load_suite, list_suites()):
        for period, owner, language in sorted(folders):
            if language not in languages:
                continue
            wish: dict[str, Any] = {"period": period, "language": language}
            if suite.per == "organisation" and period in known.get(owner, ()):
                planned = plan_jobs(published, suite.paths, organisations=[owner], **wish)
            elif suite.per == "comparison" and owner == CONSORTIUM:
                planned = plan_stored(results, published, suite, stored, period, language)
            elif suite.per != "organisation" and owner == CONSORTIUM and period in public:
                planned = plan_consortium_jobs(public, suite.paths, per_county=suite.per == "county", **wish)
            else:
                continue
            jobs |= {job.relative_path: job for job in planned}
    made = {place.with_suffix(".ipynb") for place in stored}
    jobs = {place: job for place, job in jobs.items() if place in made}
    pages = {p.with_suffix(".ipynb") for p in stored if len(p.parts) == 4 and p.suffix == ".html"}
    for place in sorted(pages - set(jobs)):
        job = plan_again(results, published, results.parent / "reports" / place, place)
        jobs |= {place: job} if job is not None else {}
    return jobs


def make_again(outputs: Path, aside: Path, stored: set[Path], workers: int) -> dict[Path, str]:
    """Make the stored reports aside as `dimios report` makes them, with the tabs of what lies beside each, and the index.

    Returns
    -------
    dict
        Place of a notebook that cannot be made again -> what is wrong.
    """
    jobs = list(list_stored(outputs / "results", stored).values())
    if not jobs:
        return {}
    reports, results = aside / "reports", aside / "results"
    results.symlink_to((outputs / "results").resolve(), target_is_directory=True)
    place_assets(reports)
    wishes = Wishes(finish=finish_report, force=True)
    made = produce_reports(
        aside, project_root(), jobs, lambda n: local_executor(max(1, min(workers, n))), wishes
    )
    published, state = published_organisations(results), read_state(outputs / "runs")
    head = begin_list(reports, results, published)
    join_pages(reports, head, made, load_suite("organisation").pages, state)
    return {o.job.relative_path: FAILED.format(o.error) for o in made.outcomes if o.error is not None}


def compare_reports(reports: Path, again: Path) -> dict[Path, str]:
    """Compare stored reports with those that were made again: place -> what is wrong."""
    found = {}
    stored = list_pieces(reports)
    for place in sorted(stored):
        if not (again / place).is_file():
            if not _is_own_notebook(place, stored):
                found[place] = STRAY
        elif (again / place).read_bytes() != (reports / place).read_bytes():
            found[place] = ALTERED
    return found


def list_pieces(reports: Path) -> set[Path]:
    """List the files of a reports folder, by their places in it."""
    found = (p.relative_to(reports) for p in reports.rglob("*") if p.is_file())
    return {place for place in found if not any(part.startswith(".") for part in place.parts)}


def _is_own_notebook(place: Path, stored: set[Path]) -> bool:
    """Tell whether it is a notebook that no suite knows, in the place of one, and without a page."""
    return len(place.parts) == 4 and place.suffix == ".ipynb" and place.with_suffix(".html") not in stored


def _whose(place: Path) -> tuple[str, str]:
    """Owner and period of a piece."""
    return (place.parts[1], place.parts[0]) if len(place.parts) == 4 else ("", "")

"""Reports as files to take along, and results as data packages."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.export.data import published, research
from dimios_core.export.data.package import build_files, check_target, put_in_place
from dimios_core.export.orders import Order
from dimios_core.export.production import (
    Exported,
    check_libraries,
    check_orders,
    list_files,
    produce,
    read_formats,
)
from dimios_core.places import DATA_PACKAGES, EXPORTS, PUBLISHED_PACKAGE
from dimios_core.project.planning import Selection, plan_due_orders, plan_orders, plan_reports
from dimios_core.project.progress import Progress, Watch
from dimios_core.project.summaries import DataSummary, ExportSummary, ReportSummary
from dimios_core.project.trying import Tried
from dimios_core.runner.jobs import published_organisations

#: fewer reports are made faster here than processes start
FEW_N = 4
PUBLISHED, RESEARCH = PUBLISHED_PACKAGE, "research"
ACCEPT = "--i-accept-the-data-use-statement"


@dataclass(frozen=True)
class Kinds:
    """What kinds of files are made: their formats, and a .pptx file whose looks the slides take (None for ours)."""

    formats: tuple[str, ...]
    template: bytes | None = None

    @classmethod
    def read(cls, to: str | Iterable[str], template: Path | str | None = None) -> Kinds:
        """Read which formats are meant ("html,pdf", or one by one), and see that they can be made.

        Raises
        ------
        InputError
            Unknown formats, libraries that are not installed, a template that cannot be read or is none; all at once.
        """
        tried = Tried()
        formats = tried.attempt(lambda: _read_formats(to if isinstance(to, str) else ",".join(to)))
        looks = tried.attempt(lambda: None if template is None else _read_template(Path(template)))
        tried.check()
        return cls(tuple(formats or ()), looks)


def plan_exports(
    outputs: Path, selection: Selection, to: str | Iterable[str], template: Path | str | None
) -> tuple[list[Order], Kinds]:
    """Return an order a report, and the kinds of files.

    Raises
    ------
    InputError
        See `Kinds.read` and `dimios_core.project.planning.plan_reports`; all problems at once.
    """
    tried, results = Tried(), outputs / "results"
    kinds = tried.attempt(lambda: Kinds.read(to, template))
    if selection.organisations and selection.counties and selection.suites == ("county",):
        remedy = "give one command for the organisations and one for the county, or name both with --suite"
        tried.problems.append(Problem("--county", "an organisation's report is no county's", remedy))
    jobs = tried.attempt(lambda: plan_reports(results, published_organisations(results), selection))
    tried.check()
    assert kinds is not None and jobs is not None
    return plan_orders(jobs, outputs, kinds.template), kinds


def refuse_loose_notebook(selection: Selection) -> None:
    """Raise where files to take along are asked for of one notebook."""
    if selection.notebook is not None:
        what = "files to take along are made of whole reports, not of one notebook"
        raise InputError(Problem("--to", what, "leave out --to or --notebook"))


def make_exports(
    outputs: Path, orders: Sequence[Order], kinds: Kinds, workers_n: int, progress: Progress
) -> ExportSummary:
    """Make the files of all orders; the caller holds the outputs folder.

    Raises
    ------
    InputError
        Reports that files are made of are missing or older.
    """
    check_orders(orders, kinds.formats)
    return _make_exports(outputs, orders, kinds, workers_n, progress)


def make_due_exports(
    outputs: Path, made: ReportSummary, kinds: Kinds, workers_n: int, progress: Progress
) -> ExportSummary:
    """Make the files of the reports that a batch has made whole; those whose files stand are left alone."""
    due = plan_due_orders(made.outcomes, outputs, kinds.formats, kinds.template)
    return _make_exports(outputs, due, kinds, workers_n, progress)


def _make_exports(
    outputs: Path, orders: Sequence[Order], kinds: Kinds, workers_n: int, progress: Progress
) -> ExportSummary:
    started, folder = time.monotonic(), outputs / EXPORTS
    if not orders:
        return ExportSummary(folder, (), 0.0)
    files_n = sum(len(list_files(order, kinds.formats)) for order in orders)
    at_once = min(workers_n, len(orders)) if len(orders) > FEW_N else 1
    done: list[Exported] = []
    with Watch("exports", progress) as watch:
        watch.say(f"{files_n} files ({', '.join(kinds.formats)}) of {len(orders)} reports → {folder}")
        watch(0, files_n)
        for exported in produce(orders, kinds.formats, at_once):
            done.append(exported)
            failure = f"failed: {exported.order.stem}: {exported.error}" if exported.error else ""
            watch.advance(len(list_files(exported.order, kinds.formats)), failure)
    return ExportSummary(folder, tuple(done), time.monotonic() - started)


def make_data_package(
    outputs: Path,
    level: str = PUBLISHED,
    folder: Path | None = None,
    *,
    license_id: str = "CC-BY-4.0",
    purpose: str = "",
    accepted: bool = False,
) -> DataSummary:
    """Write a Frictionless Data Package; the caller holds the outputs folder.

    Raises
    ------
    InputError
        See `check_data_package`; the place cannot be written.
    """
    private, purpose = level == RESEARCH, research.normalise_purpose(purpose)
    folder = (folder or outputs / EXPORTS / DATA_PACKAGES / _name_folder(private, purpose)).resolve()
    problems = _list_data_problems(level, folder, license_id, purpose, accepted)
    if problems:
        raise InputError(problems)
    package = (
        research.build_research(outputs, purpose)
        if private
        else published.build_published(outputs / "results", license_id)
    )
    files = build_files(package)
    put_in_place(files, folder, private)
    return DataSummary(
        folder, package.about["title"], tuple(package.tables), sum(map(len, files.values())), private
    )


def _name_folder(private: bool, purpose: str) -> str:
    return research.folder_name(purpose) if private else PUBLISHED


def _list_data_problems(
    level: str, folder: Path, license_id: str, purpose: str, accepted: bool
) -> list[Problem]:
    if level not in (PUBLISHED, RESEARCH):
        return [Problem("--level", f"there is no level '{level}'", f"choose {PUBLISHED} or {RESEARCH}")]
    private = level == RESEARCH
    problems = research.check_purpose(purpose) if private else published.check_license(license_id)
    if private and not accepted:
        remedy = f"read it; then give {ACCEPT} too"
        problems.append(Problem(ACCEPT, "the data-use statement is not accepted", remedy))
    return problems + check_target(folder, research.NAME if private else published.NAME)


def _read_formats(to: str) -> list[str]:
    wanted = read_formats(to)
    check_libraries(wanted)
    return wanted


def _read_template(path: Path) -> bytes:
    """Read the organisation's own template for slides."""
    from dimios_core.office.slides.template import check_template

    try:
        content = path.read_bytes()
    except OSError as error:
        what, remedy = f"cannot be read: {error.strerror}", "give a .pptx file"
        raise InputError(Problem(f"--template {path}", what, remedy)) from None
    check_template(content, f"--template {path}")
    return content

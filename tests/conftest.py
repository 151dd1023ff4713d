"""What several test folders share: tiers, private kernels, and the demo, made and scored once a test run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernels import keep_kernels_private
from tests.once import make_once
from tests.tiers import LONG, mark_tiers, running, tell_what_ran, watch_processes


@pytest.fixture(scope="session")
def heavy() -> None:
    """For tests and fixtures that start processes, or take seconds to make: they are not among the quick ones."""


@pytest.fixture(scope="session")
def demo_outputs(heavy: None, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The made-up consortium from raw files to audited results; read only, shared by all test processes."""
    from dimios_core import Project

    def make(folder: Path) -> None:
        Project(folder, progress=None).demo(reports=False)

    return make_once(tmp_path_factory, worker_id, "demo-outputs", make)


@pytest.fixture(scope="session")
def stored_reports(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An outputs folder with all reports of two organisations, one in English too, of two counties, and of the nation, and a comparison."""
    from dimios_core import Project

    def make(folder: Path) -> None:
        (folder / "results").symlink_to(demo_outputs / "results")
        suites = ("organisation", "national", "county")
        chosen = {"organisations": ("almvik", "vintersjo"), "counties": ("12", "14")}
        project = Project(folder, workers=2)
        project.report(suites=suites, **chosen).check()
        project.report("almvik", suites=suites[:2], language="en").check()
        project.compare("almvik", "bergtuna", period="2026").check()

    return make_once(tmp_path_factory, worker_id, "stored-reports", make)


@pytest.fixture(scope="session")
def training_reports(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An outputs folder with the training of one organisation, in both languages."""
    from dimios_core import Project

    def make(folder: Path) -> None:
        (folder / "results").symlink_to(demo_outputs / "results")
        project = Project(folder, workers=2, progress=None)
        for language in ("sv", "en"):
            project.train("almvik", language=language).check()

    return make_once(tmp_path_factory, worker_id, "training-reports", make)


#: files that take half a minute or more, begun first: at the end no test process is left alone with one of them. The first makes the
#: demo; the next two, begun at the same time, do not wait for it
BEGUN_FIRST = (
    "test_composite.py", "test_wheel.py", "runner/test_engine.py", "attacks/test_versions.py", "attacks/test_planted_tables.py",
    "test_hostile_texts.py", "attacks/test_planted_pages.py", "project/test_docs.py", "demo/test_demo_command.py", "serve/test_live.py",
    "recipes/test_own_reports.py", "runner/test_what_goes_wrong.py", "languages/test_third_language.py", "attacks/test_integers.py",
    "browser/test_live_page.py", "audit/test_remaking.py", "browser/test_stored_page.py", "runner/test_cluster_batch.py",
    "runner/test_batches.py", "results/test_versions.py", "export/test_workbook.py", "export/test_export_command.py",
    "attacks/test_small_groups.py", "attacks/test_choices.py", "attacks/test_ends.py", "results/test_audit_derived.py",
    "browser/test_one_file.py", "runner/test_suite_equality.py", "runner/test_report_command.py", "export/test_data_research.py",
    "results/test_nothing_recoverable.py", "real/test_bfi.py", "real/test_insteval.py", "export/test_report_to.py", "serve/test_abuse.py",
    "demo/test_psychometrics.py", "published/test_schema.py",
)  # fmt: skip


def pytest_configure() -> None:
    """Before any test is read."""
    keep_kernels_private()
    watch_processes()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort tests into tiers, and bring files that take long to the front; xdist is told to keep the order (see the Makefile)."""
    mark_tiers(items)
    places = {Path(__file__).parent / name: place for place, name in enumerate(BEGUN_FIRST)}

    def place_of(item: pytest.Item) -> int:
        return places.get(item.path, len(BEGUN_FIRST))

    items.sort(key=place_of)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Hold quick tests to what they may do."""
    with running(item):
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After the long tests, tell what ran: they run seldom, and whoever ran them says so."""
    if config.option.markexpr == LONG:
        ended = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
        terminalreporter.section("long tests that ran")
        for line in tell_what_ran([report for report in ended if report.when == "call"]):
            terminalreporter.write_line(line)

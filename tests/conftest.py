"""What several test folders share: the demo, made and scored once a test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.once import make_once


@pytest.fixture(scope="session")
def demo_outputs(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The made-up consortium from raw files to audited results; read only, shared by all test processes."""
    from dimios_core.cli.demo import run_demo

    return make_once(tmp_path_factory, worker_id, "demo-outputs", run_demo)


@pytest.fixture(scope="session")
def stored_reports(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An outputs folder with all reports of two organisations, one in English too, of two counties, and of the nation."""
    from dimios_core.cli.report import make_reports

    def make(folder: Path) -> None:
        (folder / "results").symlink_to(demo_outputs / "results")
        suites = ("organisation", "national", "county")
        chosen = {"organisations": ("almvik", "vintersjo"), "counties": ("12", "14")}
        assert make_reports(folder, suites=suites, workers=2, **chosen) == 0
        assert (
            make_reports(folder, suites=suites[:2], organisations=["almvik"], language="en", workers=2) == 0
        )

    return make_once(tmp_path_factory, worker_id, "stored-reports", make)


#: files that take half a minute or more, begun first: at the end no test process is left alone with one of them
LONG = (
    "serve/test_live.py", "demo/test_demo_command.py", "runner/test_engine.py", "runner/test_what_goes_wrong.py",
    "browser/test_live_page.py", "export/test_audit.py", "browser/test_stored_page.py", "runner/test_cluster_batch.py",
    "runner/test_batches.py", "results/test_versions.py", "export/test_workbook.py", "export/test_export_command.py",
    "browser/test_one_file.py", "runner/test_suite_equality.py", "runner/test_report_command.py",
    "results/test_nothing_recoverable.py", "real/test_bfi.py", "export/test_report_to.py", "serve/test_abuse.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the long files to the front, in this order; xdist is told to keep it (see the Makefile)."""
    places = {name: place for place, name in enumerate(LONG)}

    def place_of(item: pytest.Item) -> int:
        return places.get("/".join(item.path.parts[-2:]), len(LONG))

    items.sort(key=place_of)

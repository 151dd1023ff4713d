"""Real reports, stored, and the browser that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dimios_core.cli.report import make_reports
from tests.browser.browser import find_chromium, open_browser
from tests.once import make_once

ORGANISATIONS = ("almvik", "vintersjo")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("there is no Chromium on this machine: run `make browser` (needs apt)")
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def outputs(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An outputs folder with all reports of two organisations, one of them in English too, a county, and the nation."""

    def make(folder: Path) -> None:
        (folder / "results").symlink_to(demo_outputs / "results")
        assert make_reports(folder, organisations=ORGANISATIONS, workers=2) == 0
        assert make_reports(folder, organisations=ORGANISATIONS[:1], language="en", workers=2) == 0
        both = ("national", "county")
        assert make_reports(folder, suites=both, counties=["12"], workers=2) == 0
        assert make_reports(folder, suites=["national"], language="en", workers=1) == 0

    return make_once(tmp_path_factory, worker_id, "stored-reports", make)

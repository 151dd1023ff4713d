"""Real reports, stored, and the browser that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browser import find_chromium, open_browser


@pytest.fixture(scope="session")
def chromium(heavy: None) -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("there is no Chromium on this machine: run `make browser` (needs apt)")
    with open_browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """A browser whose pages are closed after the test: open ones would make later tests slow."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture(scope="session")
def outputs(stored_reports: Path) -> Path:
    """An outputs folder with reports."""
    return stored_reports

"""Every kind of page in every setting breaks no rule of accessibility; the statement tells what was found, and is of today."""

from __future__ import annotations

import json
import shutil
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from dimios_core.page.statement import SOFT_HYPHEN, read_tested
from tests.browser.accessibility import (
    HELD,
    describe,
    find_all_faults,
    find_faults,
    list_kinds,
    open_stored,
)
from tests.browser.browser import NARROW, Watched

#: those that other tests open their pages in are left out here
SELDOM = ("320", "dark", "forced")
SAMPLE = list(zip([kind for kind in list_kinds() if kind.place], cycle(SELDOM), strict=False))


@pytest.fixture(scope="module")
def outputs(stored_reports: Path, training_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All kinds of pages in one folder: reports, and the training beside them."""
    folder = tmp_path_factory.mktemp("all-kinds")
    shutil.copytree(stored_reports / "reports", folder / "reports")
    shutil.copytree(training_reports / "reports" / "2026", folder / "reports" / "2026", dirs_exist_ok=True)
    (folder / "results").symlink_to(stored_reports / "results")
    return folder


def test_the_statement_is_of_todays_pages_settings_and_rules():
    held = json.loads(HELD.read_text(encoding="utf-8"))
    assert held == describe(held["findings"], held["reviewed"]), (
        "run: python -m tests.browser.accessibility OUTPUTS"
    )
    assert date.fromisoformat(held["reviewed"])


@pytest.mark.parametrize(("kind", "setting"), SAMPLE, ids=[f"{k.name}-{s}" for k, s in SAMPLE])
def test_a_page_breaks_no_rule_in_a_setting(browser, outputs, kind, setting):
    with open_stored(browser, outputs, kind, setting) as watched:
        assert watched.page.locator("h1").count() == 1
        assert find_faults(watched, setting) == []


@pytest.mark.long
def test_every_kind_breaks_in_every_setting_what_the_statement_tells_and_no_other_rule(browser, outputs):
    assert find_all_faults(browser, outputs) == list(read_tested().findings)


def test_every_foot_leads_to_the_statement_in_the_pages_language(browser, outputs):
    for place, language, heading in (
        ("2026/almvik/sv/our_result.html", "sv", "Tillgänglighetsredogörelse för rapporterna"),
        ("2026/almvik/en/our_result.html", "en", "Accessibility statement for the reports"),
        ("index.html", "sv", "Tillgänglighetsredogörelse för rapporterna"),
    ):
        watched = Watched(browser, NARROW)
        watched.page.goto((outputs / "reports" / place).as_uri())
        link = watched.page.locator("footer a")
        link.focus()
        assert link.bounding_box()["height"] >= 44
        watched.page.keyboard.press("Enter")
        part = watched.page.locator(f"section#{language}")
        watched.page.wait_for_url(f"**/tillganglighet.html#{language}")
        assert part.get_attribute("lang") == language
        assert part.locator("h1, h2").first.inner_text().replace(SOFT_HYPHEN, "") == heading
        watched.page.get_by_role("link", name="Alla rapporter").click()
        assert watched.page.inner_text("h1") == "Rapporter om digital mognad"

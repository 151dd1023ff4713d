"""The whole report as one file, opened in a real browser from a folder of its own: nothing lies beside it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from dimios_core.export.orders import Order
from dimios_core.export.production import produce
from tests.browser.browser import NARROW, WIDE, Watched
from tests.pages import TABS

REPORTS = [("almvik", "sv"), ("almvik", "en"), ("vintersjo", "sv")]


@pytest.fixture(scope="module")
def files(outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """Addresses of the files, each alone in its folder."""
    addresses = {}
    for organisation, language in REPORTS:
        (done,) = produce([Order(outputs, organisation, "2026", language, TABS)], ["html"])
        (made,) = done.paths
        alone = tmp_path_factory.mktemp("alone") / made.name
        shutil.copyfile(made, alone)
        addresses[organisation, language] = alone.as_uri()
    return addresses


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("report", REPORTS, ids="-".join)
def test_it_opens_whole_asks_nobody_and_breaks_no_rule_of_accessibility(browser, files, report, size):
    watched = Watched(browser, size)
    watched.page.goto(files[report])
    assert watched.page.locator("h1").count() == 1
    assert watched.page.locator("main > section").count() == len(TABS)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert watched.page.locator("select").count() == 0
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    shown = "svg.narrow" if size == NARROW else "svg.wide"
    assert watched.count_visible(shown) == watched.page.locator(shown).count() > 15
    levels = watched.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    )
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert watched.find_violations() == []
    assert watched.outside == []
    assert watched.errors == []


def test_the_contents_lead_to_every_part(browser, files):
    watched = Watched(browser)
    watched.page.goto(files["almvik", "sv"])
    links = watched.page.locator("nav.contents a")
    assert links.count() > 30
    for i in range(0, links.count(), 7):
        place = links.nth(i).get_attribute("href")
        links.nth(i).click()
        assert watched.page.evaluate("location.hash") == place
        top = watched.page.locator(place).bounding_box()
        assert top is not None
        assert 0 <= round(top["y"]) < 900  # browsers scroll to whole pixels
    watched.page.get_by_role("link", name="Till innehållet").last.click()
    assert watched.page.evaluate("location.hash") == "#contents"


def test_it_reads_with_scripts_off(browser, files):
    watched = Watched(browser, scripts=False)
    watched.page.goto(files["almvik", "sv"])
    assert "Tre saker att ta med" in watched.page.inner_text("main")
    assert watched.page.locator("button").count() == 0
    watched.page.locator("summary").nth(1).click()
    assert watched.page.locator("details[open] table").first.is_visible()


def test_every_chart_can_be_explored_offline(browser, files):
    watched = Watched(browser)
    watched.page.goto(files["almvik", "sv"])
    figure = watched.page.locator("figure#our_result--rows-category")
    figure.locator("button.explore").click()
    figure.locator(".plotly-room .main-svg").first.wait_for()
    assert not figure.locator("svg.wide").is_visible()
    other = watched.page.locator("#about_measurement figure").first
    other.locator("button.explore").click()
    other.locator(".plotly-room .main-svg").first.wait_for()
    figure.locator("button.explore").click()
    assert figure.locator("svg.wide").is_visible()
    assert watched.outside == []
    assert watched.errors == []


def test_a_browser_that_cannot_unpack_says_so_and_keeps_the_picture(browser, files):
    watched = Watched(browser)
    watched.page.add_init_script("delete window.DecompressionStream")
    watched.page.goto(files["almvik", "sv"])
    figure = watched.page.locator("figure#our_result--rows-category")
    figure.locator("button.explore").click()
    watched.page.get_by_text("Det gick inte att öppna diagrammet här.").wait_for()
    assert figure.locator("svg.wide").is_visible()


def test_it_prints_every_part_on_a_page_of_its_own(browser, files):
    watched = Watched(browser)
    watched.page.goto(files["almvik", "sv"])
    watched.page.emulate_media(media="print")
    watched.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    breaks = watched.page.evaluate(
        "[...document.querySelectorAll('main > section')].map(s => getComputedStyle(s).breakBefore)"
    )
    assert breaks == ["page"] * len(TABS)
    tables = watched.page.locator("details table")
    assert tables.count() > 20
    assert all(tables.nth(i).is_visible() for i in range(tables.count()))
    assert watched.page.locator("button.explore").first.is_hidden()


def test_links_are_large_enough_to_touch(browser, files):
    watched = Watched(browser, NARROW)
    watched.page.goto(files["almvik", "sv"])
    for link in watched.page.locator("nav.contents a, .back a").all():
        if link.is_visible():
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44

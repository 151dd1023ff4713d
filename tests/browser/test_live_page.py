"""The live report, through the real server, in a real browser."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from tests.browser.browser import NARROW, WIDE, Watched

READY_MS = 60_000

ALMVIK = "2026 för Almviks kommun"
EACH_KIND = (
    *(
        f"{t} {ALMVIK}"
        for t in (
            "Vårt resultat",
            "Intern jämförelse",
            "Allas resultat",
            "Förbättringsförslag",
            "Om mätningen",
        )
    ),
    "Nationell status 2026 för Alla organisationer tillsammans",
    "Länsrapport Skåne län 2026 för Alla organisationer tillsammans",
)


def open_report(browser, address: str, size=WIDE, name: str = EACH_KIND[0]) -> Watched:
    watched = Watched(browser, size)
    watched.page.set_default_timeout(READY_MS)
    watched.page.goto(address)
    stored = watched.page.get_by_role("link", name=name, exact=True).get_attribute("href")
    assert stored is not None
    sections_n = watched.page.request.get(urljoin(watched.page.url, stored)).text().count("<h2")
    watched.page.get_by_role("link", name=f"levande {name}").click()
    watched.page.locator("#loading").wait_for(state="hidden")
    # Voilà shows the page first and hangs the widgets into it afterwards, one by one
    watched.page.wait_for_function("n => document.querySelectorAll('h2').length >= n", arg=sections_n)
    return watched


def marks(watched: Watched, chart: str) -> list[str | None]:
    circles = watched.page.locator(f"figure#{chart} svg.wide circle")
    circles.first.wait_for(state="attached")
    return [c.get_attribute("cx") for c in circles.all()]


def test_the_index_is_accessible_and_leads_to_the_stored_page_too(browser, address):
    watched = Watched(browser)
    watched.page.goto(address)
    watched.page.get_by_role("heading", name="Rapporter om digital mognad").wait_for()
    assert watched.find_violations() == []
    watched.page.get_by_role("link", name=EACH_KIND[0], exact=True).click()
    assert "Almviks kommun" in watched.page.inner_text("h1")
    watched.page.locator("button.explore").first.click()
    watched.page.locator(".plotly-room .main-svg").first.wait_for()
    assert watched.outside == []


def test_controls_answer_and_say_what_they_change(browser, address):
    watched = open_report(browser, address)
    before = marks(watched, "rows-category")
    assert len(before) == 6
    period = watched.page.get_by_label("Mätning").first
    period.select_option("2024")
    watched.page.wait_for_function(
        "before => { const c = document.querySelector('figure#rows-category svg.wide circle');"
        " return c && c.getAttribute('cx') !== before }",
        arg=before[0],
    )
    assert marks(watched, "rows-category") != before
    peers = watched.page.get_by_label("Jämför med").first
    labels = [t.replace("\u00a0", " ") for t in peers.locator("option").all_text_contents()]
    peers.select_option(index=next(i for i, t in enumerate(labels) if t.startswith("andra organisationer (")))
    watched.page.locator("figure#rows-category figcaption", has_text="andra organisationer").wait_for()
    level = watched.page.get_by_label("Visa")
    level.select_option(label="Kategorierna")
    watched.page.locator("figure#history-category").wait_for()
    assert watched.outside == []
    assert watched.errors == []


@pytest.mark.parametrize(
    ("name", "size"), [*((name, WIDE) for name in EACH_KIND), (EACH_KIND[0], NARROW), (EACH_KIND[1], NARROW)]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser, address, name, size):
    watched = open_report(browser, address, size, name)
    assert watched.page.locator("nav.crumbs").count() == 1
    assert watched.find_violations() == []
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert watched.page.locator("html").get_attribute("lang") == "sv"
    for control in watched.page.locator("select").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_it_shows_the_same_as_the_stored_page(browser, address, outputs):
    live = open_report(browser, address)
    stored = Watched(browser)
    stored.page.goto((outputs / "reports" / "2026" / "almvik" / "sv" / "our_result.html").as_uri())
    for chart in ("quadrant", "rows-category", "rows-point", "history-dimension"):
        assert marks(live, chart) == marks(stored, chart)
    for words in ("h1", "p.lead", ".three"):
        assert live.page.inner_text(words) == stored.page.inner_text(words)

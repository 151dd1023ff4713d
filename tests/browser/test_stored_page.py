"""The stored page, opened from a file in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.browser import NARROW, WIDE, Watched
from tests.pages import STORED

#: of two counties one: their pages are of one kind
PAGES = [place for place in STORED if not place.endswith("_14")]


def uri(outputs, page: str) -> str:
    if page.count("/") == 1:
        page += "/our_result"
    return (outputs / "reports" / "2026" / f"{page}.html").as_uri()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("page", PAGES)
def test_it_opens_whole_asks_nobody_and_breaks_no_rule_of_accessibility(browser, outputs, page, size):
    watched = Watched(browser, size)
    watched.page.goto(uri(outputs, page))
    heading = watched.page.locator("h1")
    assert heading.count() == 1
    assert heading.is_visible()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    shown, hidden = ("svg.narrow", "svg.wide") if size == NARROW else ("svg.wide", "svg.narrow")
    assert watched.count_visible("select") == watched.count_visible(hidden) == 0
    assert watched.page.locator("html").get_attribute("lang") == page.split("/")[1]
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert watched.count_visible(shown) == watched.page.locator(shown).count()
    assert watched.find_violations() == []
    assert watched.outside == []
    assert watched.errors == []


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_has_a_name_a_conclusion_and_a_table(browser, outputs, page):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, page))
    ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)), "an id stands twice on the page"
    figures = watched.page.locator("figure.chart")
    for i in range(figures.count()):
        told = figures.nth(i).evaluate(
            "f => [...f.querySelectorAll('svg')].map(s => [s.getAttribute('role'), s.querySelector('title').textContent,"
            " s.querySelector('desc').textContent])"
        )
        assert len(told) == 2
        for role, name, conclusion in told:
            assert role == "img"
            assert len(name) > 3
            assert len(conclusion) > 10
        assert figures.nth(i).locator("details table caption").first.text_content() != ""
        assert figures.nth(i).locator("details table th[scope=row]").count() > 0


def test_its_style_holds_in_every_corner(browser, outputs):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, "almvik/sv"))
    fonts = watched.page.evaluate(
        "['footer', '.skip', 'nav', 'main p'].map(s => getComputedStyle(document.querySelector(s)).fontFamily)"
    )
    assert all("Segoe UI" in font for font in fonts), fonts


def test_tabs_lead_from_page_to_page_and_the_breadcrumb_back_to_the_index(browser, outputs):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, "almvik/sv"))
    assert watched.page.locator("nav.tabs a[aria-current=page]").inner_text() == "Vårt resultat"
    for title in ("Intern jämförelse", "Allas resultat", "Förbättringsförslag", "Om mätningen"):
        watched.page.get_by_role("link", name=title, exact=True).click()
        assert watched.page.locator("h1").inner_text() == f"{title}: Almviks kommun, 2026"
        assert watched.page.locator("nav.tabs a[aria-current=page]").inner_text() == title
    watched.page.get_by_role("link", name="Alla rapporter").click()
    assert watched.page.inner_text("h1") == "Rapporter om digital mognad"


def test_it_reads_with_scripts_off(browser, outputs):
    watched = Watched(browser, scripts=False)
    watched.page.goto(uri(outputs, "almvik/sv"))
    assert "Tre saker att ta med" in watched.page.inner_text("main")
    assert watched.page.locator("button").count() == 0
    selects = watched.page.locator("select")
    assert selects.count() > 0
    assert not any(select.is_visible() for select in selects.all())
    watched.page.locator("summary").nth(1).click()
    assert watched.page.locator("details[open] table").first.is_visible()


@pytest.mark.parametrize("page", ["our_result", "improvements", "about_measurement"])
def test_words_open_by_keyboard_with_scripts_off_and_stand_in_print(browser, outputs, page):
    watched = Watched(browser, NARROW, scripts=False)
    watched.page.goto(uri(outputs, f"almvik/sv/{page}"))
    words = watched.page.locator("details").filter(
        has=watched.page.locator("summary", has_text="Vad betyder mätpunkterna?")
    )
    ask = words.get_by_text("Fråga er:").first
    assert words.count() == 1
    assert not ask.is_visible()
    words.locator("summary").press("Enter")
    assert ask.is_visible()
    words.locator("summary").press("Enter")
    assert not ask.is_visible()
    watched.page.emulate_media(media="print")
    assert ask.is_visible()


def test_the_keyboard_reaches_skip_link_tables_and_charts_in_order(browser, outputs):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, "almvik/sv"))
    reached = []
    for _ in range(24):
        watched.page.keyboard.press("Tab")
        reached.append(watched.page.evaluate("document.activeElement.textContent"))
    assert reached[:3] == ["Till innehållet", "Alla rapporter", "Vårt resultat"]
    assert reached[7] == "På den här sidan"
    of_charts = [text for text in reached[8:] if "§" not in text]
    assert of_charts[:10] == ["Utforska diagrammet", "PNG", "SVG", "CSV", "Visa som tabell"] * 2


def test_controls_are_large_enough_to_touch(browser, outputs):
    watched = Watched(browser, NARROW)
    watched.page.goto(uri(outputs, "almvik/sv"))
    for control in watched.page.locator("summary, button, nav a").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_index_finds_an_organisation_as_one_types_and_leads_to_its_page(browser, outputs):
    watched = Watched(browser, NARROW)
    watched.page.goto((outputs / "reports" / "index.html").as_uri())
    assert watched.page.evaluate("document.documentElement.scrollHeight") < 4 * NARROW[1]
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    find, found = watched.page.get_by_label("Sök namn eller län"), watched.page.locator(".found")
    find.press_sequentially("ronnstads")
    assert found.inner_text() == "1 organisation visas."
    assert watched.page.locator(".name", has_text="Rönnstads kommun").is_visible()
    find.fill("VÄSTRA götaland almvik")  # of a county, by name
    assert watched.page.locator(".entry:visible .name").all_inner_texts() == ["Almviks kommun"]
    assert watched.find_violations() == []
    watched.page.get_by_label("Typ").select_option(label="region")
    assert found.inner_text() == "Ingen organisation passar."
    watched.page.get_by_label("Typ").select_option(label="alla")
    find.fill("")
    assert watched.page.locator(".entry:visible").count() == 0  # folded again
    find.fill("almvik")
    watched.page.get_by_role("link", name="Almviks kommun", exact=True).click()
    assert "Almviks kommun" in watched.page.inner_text("h1")
    assert watched.outside == []
    assert watched.errors == []


def test_the_index_reads_by_keyboard_with_scripts_off(browser, outputs):
    watched = Watched(browser, NARROW, scripts=False)
    watched.page.goto((outputs / "reports" / "index.html").as_uri())
    assert watched.page.locator("form.find[role=search]").is_hidden()
    county = watched.page.locator("details.group", has_text="Västra Götalands län")
    county.locator("summary").first.press("Enter")
    entry = county.locator(".entry", has_text="Almviks kommun")
    assert "har svarat" in entry.inner_text()
    entry.locator("summary").press("Enter")
    watched.page.get_by_role("link", name="Om mätningen 2026 för Almviks kommun").click()
    assert watched.page.inner_text("h1") == "Om mätningen: Almviks kommun, 2026"


def test_it_prints_everything(browser, outputs):
    watched = Watched(browser)
    watched.page.goto(uri(outputs, "almvik/sv"))
    watched.page.emulate_media(media="print")
    watched.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tables = watched.page.locator("details table")
    assert tables.count() >= 5
    assert all(tables.nth(i).is_visible() for i in range(tables.count()))
    assert watched.page.locator("button.explore").first.is_hidden()

"""The form in a real browser: from the link to the thanks with scripts off and with the keyboard alone; axe-core on every page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from dimios_core.collect.tokens import make_token
from tests.browser.accessibility import SETTINGS, find_faults
from tests.browser.browser import Watched
from tests.collect.asking import SECRET, SURVEY
from tests.collect.serving import make_open_bundle, serving

#: smallest side of what is pressed, in pixels (experience: 44; WCAG 2.5.8 asks for 24)
TARGET_PX = 44


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, heavy: None) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("form")
    with serving(make_open_bundle(folder, 20)) as (_, address):
        yield address


def link_of(address: str, number: int) -> str:
    return f"{address}/{SURVEY}/l/{make_token(SECRET, SURVEY, str(number))}"


def walk(page: Page, address: str, number: int) -> Iterator[str]:
    """Go from the link to the thanks and beyond; yields each page's name once it stands there."""
    page.goto(link_of(address, number))
    yield "welcome"
    page.locator("button.first").click()
    yield "part"
    page.get_by_label("grad 4").first.check()
    page.locator("button.first").click()
    page.get_by_label("Vet ej").first.check()
    page.locator("button.first").click()
    yield "initiative"
    page.get_by_label("Rubrik").fill("En sak")
    page.locator("button.first").click()
    yield "faults"
    page.get_by_role("button", name="Hoppa över").click()
    yield "send"
    page.get_by_role("button", name="Skicka in").click()
    yield "done"
    page.get_by_role("link", name="Ta tillbaka svaren").click()
    yield "withdraw"
    page.get_by_role("button", name="Nej, behåll dem").click()
    page.get_by_role("button", name="Avsluta på den här enheten").click()
    yield "left"


def test_scripts_off_nothing_is_missing(browser: Browser, address: str) -> None:
    watched = Watched(browser, scripts=False)
    assert [*walk(watched.page, address, 1)][-1] == "left"
    assert watched.page.locator("h1").text_content() == "Du har avslutat"
    assert watched.outside == []


def test_the_keyboard_alone_answers(browser: Browser, address: str) -> None:
    """Space chooses, arrows move within a scale, Enter goes on: what is pressed is what has the focus, and it is seen."""
    page = Watched(browser).page
    page.goto(link_of(address, 2))

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "(document.activeElement.labels?.[0] || document.activeElement).innerText.trim()"
            )
            if told == name:
                style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert style != "none"
                return
        raise AssertionError(f"the keyboard does not reach {name}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to("Börja svara")
    page.keyboard.press("Enter")
    page.wait_for_url("**/del/1")
    tab_to("grad 1")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to("Vad menas?")
    page.keyboard.press("Enter")
    assert page.get_by_text("Om a.").is_visible()
    tab_to("Spara och fortsätt")
    page.keyboard.press("Enter")
    page.wait_for_url("**/del/2")
    page.goto(f"{address}/{SURVEY}/del/1")
    assert page.locator("input[name=q-a]:checked").input_value() == "2"


@pytest.mark.parametrize(
    "setting", ["320", *(pytest.param(name, marks=pytest.mark.long) for name in SETTINGS if name != "320")]
)
def test_axe_finds_nothing_and_what_is_pressed_is_large(browser: Browser, address: str, setting: str) -> None:
    size, chosen = SETTINGS[setting]
    watched = Watched(browser, size, **chosen)
    faults = {}
    for name in walk(watched.page, address, 3 + [*SETTINGS].index(setting)):
        watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        small = watched.page.evaluate(
            "px => [...document.querySelectorAll('main button, main .button, main summary, main .choices label, main input:not("
            "[type=hidden]):not([type=radio]), main select, main textarea, main .parts a')].filter(e => e.getBoundingClientRect()"
            ".height < px).map(e => e.outerHTML)",
            TARGET_PX,
        )
        faults[name] = find_faults(watched, setting) + small
    assert {name: found for name, found in faults.items() if found} == {}

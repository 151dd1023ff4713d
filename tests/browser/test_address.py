"""Choices in the address: they survive a reload, can be sent, go along to other tabs; an address can harm nothing."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest

from tests.browser.browser import NARROW, WIDE
from tests.browser.touching import (
    LEVEL,
    PERIOD,
    control,
    expected_marks,
    marks,
    open_served,
    says,
    wait_for_marks,
)

CATEGORIES, POINTS = "s-hur-star-sig-kategorierna-mot-andra", "s-var-ligger-ni-over-och-under-andra"


@pytest.fixture
def serve(browser, outputs):
    """Serve almvik's page to a fresh reader, at an address."""
    with ExitStack() as stack:

        def open_at(fragment: str = "", **given):
            watched, stand_in = open_served(stack, browser, outputs, **given)
            if fragment:
                watched.page.goto("about:blank")
                watched.page.goto(stand_in.address + fragment)
            return watched, stand_in

        yield open_at


def fragment(watched) -> str:
    return watched.page.evaluate("location.hash")


def tabs(watched) -> list[str]:
    return [a.get_attribute("href") for a in watched.page.locator(".tabs a").all()]


def test_a_choice_stands_in_the_address_and_goes_when_it_is_taken_back(serve):
    watched, stand_in = serve()
    entries = watched.page.evaluate("history.length")
    control(watched, PERIOD).select_option("2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    assert fragment(watched) == f"#{CATEGORIES}?.period=2024"
    control(watched, LEVEL).select_option("category")
    assert f"{CATEGORIES}.period=2024" in fragment(watched)
    assert "?.level=category" in fragment(watched) or "&.level=category" in fragment(watched)
    control(watched, LEVEL).select_option("dimension")
    control(watched, PERIOD).select_option("2026")
    assert fragment(watched) == f"#{CATEGORIES}"
    assert watched.page.evaluate("history.length") == entries


def test_an_address_that_was_sent_shows_the_same_and_scrolls_to_it(serve):
    watched, stand_in = serve(f"#{POINTS}?.period=2023&{CATEGORIES}.period=2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    wait_for_marks(watched, expected_marks(stand_in, 1, period="2023"), "rows-point")
    assert len(stand_in.calls) == 1  # one kernel for all
    assert abs(watched.page.locator(f"#{POINTS}").bounding_box()["y"]) < 60
    assert says(watched) == ""
    assert watched.errors == watched.outside == []


def test_tabs_take_choices_along_by_name_and_a_page_keeps_those_of_others_for_the_way_back(serve):
    watched, stand_in = serve("#?unit=care&period=2024")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    wait_for_marks(
        watched, expected_marks(stand_in, 1, period="2024"), "rows-point"
    )  # every control of that name
    assert all(href.endswith(".html#?unit=care&period=2024") for href in tabs(watched))
    assert len(tabs(watched)) == 5
    for select in watched.page.locator("main select[name=period]").all():
        select.select_option("2026")
    assert all(href.endswith(".html#?unit=care") for href in tabs(watched))


#: addresses of choices that the page does not offer, of markup, of what is none
HOSTILE = (
    "#s-nowhere?.period=2024",
    f"#{CATEGORIES}?.period=1999",
    f"#{CATEGORIES}?.period=",
    f"#{CATEGORIES}?.group=another-organisation",
    "#?__proto__=2024&constructor=2024&length=2024",
    '#"><img src=x onerror=window.caught=1>?period=<script>window.caught=1</script>',
    "#?period=%3Cimg%20src%3Dx%20onerror%3Dwindow.caught%3D1%3E",
    "#%E0%A4%A?%E0%A4%A=%E0%A4%A",
    "#javascript:window.caught=1?=&&&==&.=&..=",
    "#?" + "&".join(f"a{i}={'x' * 500}" for i in range(500)),
)


def test_what_the_page_does_not_offer_counts_for_nothing(serve):
    watched, stand_in = serve()
    shown = expected_marks(stand_in)
    for hostile in HOSTILE:
        watched.page.goto("about:blank")
        watched.page.goto(stand_in.address + hostile)
        assert marks(watched) == shown, hostile
        assert control(watched, PERIOD).input_value() == "2026"
        found = watched.page.evaluate("[window.caught, document.querySelectorAll('main img').length]")
        assert found == [None, 0], hostile
        assert all(re.fullmatch(r"\w+\.html(#\?[\w.:*&=-]*)?", href) for href in tabs(watched)), hostile
        assert len(fragment(watched)) < 2_000
    assert stand_in.calls == []
    assert watched.errors == watched.outside == []


def test_another_address_opened_on_the_same_page_is_followed_and_a_link_to_a_section_keeps_choices(serve):
    watched, stand_in = serve()
    watched.page.evaluate(f"location.hash = '#{CATEGORIES}?.period=2024'")
    wait_for_marks(watched, expected_marks(stand_in, period="2024"))
    watched.page.locator(".sections summary").click()
    watched.page.locator(f'.sections a[href="#{POINTS}"]').click()
    watched.page.wait_for_function(f"location.hash === '#{POINTS}?{CATEGORIES}.period=2024'")
    assert control(watched, PERIOD).input_value() == "2024"
    assert abs(watched.page.locator(f"#{POINTS}").bounding_box()["y"]) < 60


def test_a_page_without_a_server_says_that_it_cannot_show_the_choice(serve):
    watched, _ = serve(f"#{CATEGORIES}?.period=2024", attributes="")
    assert "kan visas bara när rapporten öppnas på servern" in watched.page.locator(".elsewhere").inner_text()
    assert fragment(watched) == f"#{CATEGORIES}?.period=2024"
    assert tabs(watched)[1].endswith("#?period=2024")
    assert watched.find_violations() == []
    watched, _ = serve("#?period=1999", attributes="")
    assert watched.page.locator(".elsewhere").count() == 0


# -- headings, and the names of what can be used --------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_section_can_be_linked_to_by_keyboard(serve, size):
    watched, _ = serve(size=size)
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    headings = watched.page.locator("main h2")
    links = watched.page.locator("main a.here")
    assert (
        links.count() == headings.count() == len(set(headings.evaluate_all("all => all.map(h => h.id)"))) > 5
    )
    for heading, link in zip(headings.all(), links.all(), strict=True):
        assert link.get_attribute("aria-label") == f"Länk till avsnittet: {heading.inner_text()}"
        assert link.get_attribute("href") == f"#{heading.get_attribute('id')}"
        box = link.bounding_box()
        assert abs(box["y"] - heading.bounding_box()["y"]) < 20  # beside its own heading
        assert box["width"] >= 44 and box["height"] >= 44 and box["x"] + box["width"] <= size[0]
    control(watched, PERIOD).select_option("2024")
    links.nth(2).focus()
    watched.page.keyboard.press("Enter")
    watched.page.get_by_text("Länken är kopierad.").wait_for()
    sent = watched.page.evaluate("navigator.clipboard.readText()")
    assert sent.endswith(f"our_result.html#{POINTS}")  # the choice of another section is not part of it
    links.nth(1).click()
    watched.page.wait_for_function("navigator.clipboard.readText().then(t => t.endsWith('?.period=2024'))")
    assert watched.find_violations() == []


def test_controls_tell_their_section_and_what_follows_them(serve):
    watched, _ = serve()
    tree = "group => [...group.querySelectorAll('select')].map(s => s.labels[0].textContent)"
    names = []
    for group in watched.page.locator("main [role=group]").all():
        heading = watched.page.locator(f"#{group.get_attribute('aria-labelledby')}")
        names += [(heading.inner_text(), *group.evaluate(tree))]
        assert "resten av sidan ändras inte" in group.locator(".follows").inner_text()
    assert len(names) == len(set(names)) == 4
    for element in watched.page.locator("main :is(a, button, select, summary)").all():
        if element.is_visible():
            assert element.evaluate(
                "e => (e.ariaLabel || e.labels?.[0]?.textContent || e.textContent).trim()"
            )

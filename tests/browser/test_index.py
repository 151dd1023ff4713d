"""The list of reports in a browser: whom to compare is chosen there, by keyboard and on a phone."""

from __future__ import annotations

from tests.browser.browser import NARROW, Watched


def test_a_chosen_comparison_is_led_to_or_told_how_it_is_made(browser, outputs):
    watched = Watched(browser, NARROW)
    watched.page.goto((outputs / "reports" / "index.html").as_uri())
    first, second, third = (
        watched.page.get_by_label(name) for name in ("Den första", "Den andra", "En tredje")
    )
    told = watched.page.locator(".compared")
    second.select_option("almvik")
    assert told.inner_text() == ""
    second.focus()
    watched.page.keyboard.press("Shift+Tab")
    watched.page.keyboard.type("Bergtuna")
    assert first.input_value() == "bergtuna"
    link = told.get_by_role("link", name="Öppna jämförelsen")
    assert link.bounding_box()["height"] >= 44
    third.select_option("tallfors")
    assert (
        told.inner_text() == "Jämförelsen finns inte än. Så görs den: dimios compare almvik bergtuna tallfors"
    )
    third.select_option("")
    link.focus()
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/comparison__almvik__bergtuna.html")
    assert watched.errors == watched.outside == []

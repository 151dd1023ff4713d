"""The training's pages in a real browser: answered at once, by keyboard, on a phone, on paper, and with scripts off."""

from __future__ import annotations

import pytest

from dimios_core.training.weeks import list_weeks
from tests.browser.browser import NARROW, WIDE, Watched

WEEK1, WEEK2 = "week1_digitalisation", "week2_governance"


def open_week(browser, outputs, name: str, size=WIDE, language: str = "sv", scripts: bool = True) -> Watched:
    watched = Watched(browser, size, scripts)
    watched.page.goto((outputs / "reports" / "2026" / "almvik" / language / f"{name}.html").as_uri())
    return watched


@pytest.mark.parametrize(("size", "language"), [(WIDE, "sv"), (NARROW, "sv"), (NARROW, "en")])
@pytest.mark.parametrize("name", list_weeks())
def test_it_fits_and_breaks_no_rule_of_accessibility(browser, training_reports, name, size, language):
    watched = open_week(browser, training_reports, name, size, language)
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    ids = watched.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    small = "[...document.querySelectorAll('.question :is(summary,select,input,button)')].filter(e => e.offsetHeight < 44)"
    assert watched.page.evaluate(f"{small}.map(e => e.outerHTML)") == []
    assert watched.find_violations() == []
    assert watched.outside == [] and watched.errors == []


def test_a_choice_is_answered_by_keyboard_with_scripts_off(browser, training_reports):
    watched = open_week(browser, training_reports, WEEK1, NARROW, scripts=False)
    question = watched.page.locator("#q-night_camera")
    answer = question.locator("summary").nth(1)
    answer.press("Enter")
    assert (
        question.locator("details[open]")
        .inner_text()
        .replace("\n", " ")
        .strip()
        .startswith("B. Boendet har skaffat")
    )
    assert "Rätt." in question.locator("details[open] p").inner_text()
    assert (
        question.locator("details[open] .mark")
        .evaluate("e => getComputedStyle(e, '::before').content")
        .startswith('"✓')
    )


def test_with_scripts_off_no_field_waits_in_vain_and_every_answer_is_there(browser, training_reports):
    watched = open_week(browser, training_reports, WEEK1, NARROW, scripts=False)
    assert watched.count_visible(".question select") == watched.count_visible(".question input") == 0
    assert watched.count_visible(".kept") == 0
    watched.page.locator("#q-five_words summary").click()
    assert "Digitalisering (" in watched.page.locator("#q-five_words details").inner_text()


def test_words_are_sorted_and_each_choice_is_answered(browser, training_reports):
    watched = open_week(browser, training_reports, WEEK1)
    row = watched.page.locator("#q-five_words li[data-answer=digitalisation]")
    row.locator("select").select_option(label="IT")
    status = row.locator("[role=status]")
    assert status.inner_text().startswith("Inte det här. IT: ")
    assert "Inte samma sak som digitalisering" in status.inner_text()
    row.locator("select").select_option(label="Digitalisering")
    assert status.inner_text().startswith("Rätt. Digitalisering: ")


def test_a_number_is_read_as_it_is_written_and_mistakes_are_explained(browser, training_reports):
    watched = open_week(browser, training_reports, WEEK2)
    question = watched.page.locator("#q-how_far")
    field, status = question.locator("input"), question.locator("[role=status]")
    right = float(question.locator(".tried").get_attribute("data-answer"))
    told = {}
    written = f"{right:.1f}".replace(".", ",")
    for given in (written, written.replace("-", "−"), f"{right + 0.1:.1f}", f"{-right:.1f}", "3", "tio", ""):
        field.fill(given)
        field.press("Enter")
        told[given] = status.inner_text()
    *rights, sign, other, word, nothing = told.values()
    assert all(text.startswith("Rätt.") and "Procentenheter är skillnaden" in text for text in rights)
    assert sign.startswith("Inte det här.") and "rätt storlek men fel tecken" in sign
    assert other.startswith("Inte det här. Ta det egna talet")
    assert (word, nothing) == ("Skriv svaret som ett tal.", "Skriv ett svar först.")


def test_steps_are_put_in_order_and_each_place_is_answered(browser, training_reports):
    watched = open_week(browser, training_reports, "between", language="en")
    row = watched.page.locator("#q-steps li[data-about-row=own]")
    row.locator("select").select_option("1")
    assert row.locator("[role=status]").inner_text().startswith("Not this one. Each thing gets an owner")
    row.locator("select").select_option("3")
    assert row.locator("[role=status]").inner_text().startswith("Right. Each thing gets an owner")


def test_what_is_written_stays_in_the_browser_prints_and_can_be_removed(browser, training_reports):
    watched = open_week(browser, training_reports, WEEK1)
    page, words = watched.page, "Att ändra hur vi arbetar."
    page.locator("#q-definition textarea").fill(words)
    page.reload()
    assert page.locator("#q-definition textarea").input_value() == words
    page.emulate_media(media="print")
    assert page.locator("#q-definition .written").is_visible()
    assert page.locator("#q-definition .written").inner_text() == words
    assert not page.locator("#q-definition textarea").is_visible()
    assert page.locator("#q-examples textarea").is_visible()  # an empty box to write in by hand
    assert watched.count_visible(".tried") == 0
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Ta bort det jag har skrivit").click()
    page.reload()
    assert page.locator("#q-definition textarea").input_value() == ""
    assert watched.outside == [] and watched.errors == []


def test_on_paper_every_answer_is_open(browser, training_reports):
    watched = open_week(browser, training_reports, WEEK2, scripts=False)
    watched.page.emulate_media(media="print")
    assert watched.page.locator("#q-who_pays details p").nth(2).is_visible()

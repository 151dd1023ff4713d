"""Somebody answers the form, scripts off: what is entered is kept, and counts once."""

from __future__ import annotations

import json
import sqlite3

import pytest

from dimios_core.collect import box
from dimios_core.collect.form import Choice
from tests.collect import asking
from tests.collect.asking import SURVEY, Browser, Site, answer_all, fill_in, make_site_of


@pytest.fixture
def site(tmp_path):
    made = make_site_of(tmp_path, 6)
    yield made
    made.stop()


def sealed(site: Site) -> list[dict]:
    """What leaves when the survey is closed."""
    box = site.boxes[SURVEY]
    box.close(site.now, early=True)
    return [json.loads(c) for (c,) in box.database.execute("SELECT content FROM answers")]


def states(site: Site) -> dict[str, int]:
    return dict(
        site.boxes[SURVEY].database.execute("SELECT state, count(*) FROM people GROUP BY state").fetchall()
    )


def test_from_the_link_to_the_sealed_file(site):
    browser = Browser(site)
    page = browser.open(1)
    assert page.status == 200 and "konfidentiella" in page.body and "Lindby &lt;kommun&gt;" in page.body
    page = answer_all(browser, 1)
    assert page.heading == "Skicka in dina svar" and "2 av 2 besvarade" in page.body
    page = browser.press(page)
    assert page.heading == "Tack för dina svar!"
    assert sealed(site) == [{"a": 1.0, "b": 2.0, "c": "dont_know"}]


def test_opening_a_link_changes_nothing(site):
    path = site.boxes[SURVEY].database.execute("PRAGMA database_list").fetchone()[2]
    before = "\n".join(site.boxes[SURVEY].database.iterdump())
    for _ in range(3):
        Browser(site).open(1)
    assert "\n".join(site.boxes[SURVEY].database.iterdump()) == before and path.endswith("answers.sqlite")


def test_a_draft_is_resumed_on_another_device_where_it_was_left(site):
    Browser(site).press(Browser(site).open(2))
    first = Browser(site)
    first.press(first.begin(2), q_a="4")
    second = Browser(site)
    page = second.begin(2)
    assert page.heading == "Folk"
    page = second.press(page, "back")
    assert [i["value"] for i in page.soup.find_all("input", checked=True)] == ["4"]
    assert states(site) == {"waiting": 5, "begun": 1}


def test_what_was_sent_in_can_be_changed_and_counts_at_once(site):
    browser = Browser(site)
    browser.press(answer_all(browser, 1))
    page = Browser(site)
    done = page.begin(1)
    assert done.heading == "Tack för dina svar!"
    page.press(page.get(f"/{SURVEY}/del/1"), q_a="5")
    assert sealed(site) == [{"a": 5.0, "b": 2.0, "c": "dont_know"}]


def test_what_was_sent_in_can_be_taken_back_for_good(site):
    browser = Browser(site)
    browser.press(answer_all(browser, 1))
    asked = browser.get(f"/{SURVEY}/ta-tillbaka")
    assert browser.press(asked, "back").heading == "Tack för dina svar!"
    assert browser.press(asked).heading == "Dina svar är borttagna"
    assert browser.open(1).status == 403
    assert states(site) == {"waiting": 5, "withdrawn": 1}
    assert sealed(site) == []


def test_nothing_of_what_was_taken_back_is_left(site, tmp_path):
    """Not in the write-ahead log either, which the next backup would take."""
    browser = Browser(site)
    page = browser.press(browser.press(browser.begin(1), q_a="1"), q_c="1")
    told = {"title": "En sak", "what": "hemligtord", "point": "p1", "kind": "process", "start": "2026-03"}
    browser.press(browser.press(page, **told))

    def held() -> bytes:
        return b"".join(path.read_bytes() for path in (tmp_path / "bundles" / SURVEY).iterdir())

    assert b"hemligtord" in held()
    browser.press(browser.get(f"/{SURVEY}/ta-tillbaka"))
    assert states(site) == {"waiting": 5, "withdrawn": 1} and b"hemligtord" not in held()


def test_who_takes_back_is_told_so_also_where_the_log_cannot_be_emptied(site, monkeypatch):
    browser = Browser(site)
    browser.press(answer_all(browser, 1))

    def fail(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(box, "empty_log", fail)
    assert browser.press(browser.get(f"/{SURVEY}/ta-tillbaka")).heading == "Dina svar är borttagna"


def test_a_draft_that_was_not_sent_in_does_not_count(site):
    answer_all(Browser(site), 1)
    assert sealed(site) == []


def test_nothing_answered_cannot_be_sent_in(site):
    browser = Browser(site)
    page = browser.press(browser.press(browser.press(browser.begin(1))))
    assert "Du har inte svarat på någon fråga" in page.body
    assert browser.post(f"/{SURVEY}/skicka", fill_in(page, "back")[1] | {"go": "next"}).status == 403
    assert states(site) == {"waiting": 6}


def test_twenty_tabs_of_one_link_are_one_answer(site):
    browser = Browser(site)
    for _ in range(20):
        browser.begin(1)
    tabs = [browser.get(f"/{SURVEY}/del/1") for _ in range(20)]
    for n, tab in enumerate(tabs):
        browser.press(tab, q_a=str(n % 5 + 1))
    ends = [browser.get(f"/{SURVEY}/skicka") for _ in range(20)]
    for end in ends:
        assert browser.press(end).heading == "Tack för dina svar!"
    assert sealed(site) == [{"a": 5.0}]


def test_a_page_of_another_link_in_the_same_browser_saves_nothing(site):
    browser = Browser(site)
    page = browser.begin(1)
    browser.begin(2)
    answer = browser.post(*fill_in(page, q_a="3"))
    assert answer.status == 409 and "annan länk" in answer.body
    assert states(site) == {"waiting": 6}


def test_a_form_of_somebody_elses_page_is_refused(site):
    browser = Browser(site)
    path, fields = fill_in(browser.begin(1), q_a="3")
    assert browser.post(path, fields | {"_xsrf": "guessed"}).status == 403
    assert browser.post(path, fields | {"check": "guessed"}).status == 409
    assert states(site) == {"waiting": 6}


@pytest.mark.parametrize("value", ["0", "6", "1.5", "nan", "<b>", "dont_know"])
def test_an_answer_that_is_none_is_refused(site, value):
    browser = Browser(site)
    path, fields = fill_in(browser.begin(1), q_a=value, q_b="1")
    assert browser.post(path, fields).status == 400
    assert states(site) == {"waiting": 6}


def test_answers_of_a_scale_to_ten_are_sent_in_one_length(tmp_path, monkeypatch):
    """A log that has sizes of requests does not tell a ten from the others."""
    monkeypatch.setattr(asking, "AGREE", [Choice(value=v) for v in range(11)])
    site = make_site_of(tmp_path, 1)
    browser = Browser(site)
    page = browser.begin(0)
    sent = [i["value"] for i in page.soup.find_all("input", attrs={"name": "q-a"})]
    assert sent == [f"{v:02}" for v in range(11)] + ["xx"]
    page = browser.press(browser.press(page, q_a="10", q_b="09"), "back")
    assert [i["value"] for i in page.soup.find_all("input", checked=True)] == ["10", "09"]
    browser.press(browser.press(browser.press(browser.press(page), q_c="xx")))
    assert sealed(site) == [{"a": 10.0, "b": 9.0, "c": "dont_know"}]
    site.stop()


def test_the_other_language_keeps_what_was_filled_in(site):
    browser = Browser(site)
    page = browser.press(browser.open(1), "language-en")
    assert page.heading == "Answer the survey" and "/l/" not in fill_in(page)[0]
    page = browser.press(page)
    assert page.soup.html["lang"] == "en" and page.heading == "Plans"
    page = browser.press(page, "language-sv", q_b="3")
    assert page.heading == "Planer"
    assert [i["value"] for i in page.soup.find_all("input", checked=True)] == ["3"]


def test_an_initiative_is_told_whole_or_not_at_all(site):
    browser = Browser(site)
    page = browser.press(browser.press(browser.begin(1), q_a="1"), q_c="1")
    given = {"title": "En sak", "what": "Vi <gjorde>\nden", "point": "p1", "kind": "process"}
    faulty = browser.post(*fill_in(page, start="mars", **given | {"title": "En\r\nsak\u202e"}))
    assert faulty.status == 422 and faulty.body.count('aria-invalid="true"') == 1
    assert browser.post(*fill_in(page, start="20٢٦-03", **given)).status == 422  # digits, but no year
    assert "Vi &lt;gjorde&gt;\nden" in faulty.body
    browser.press(browser.press(faulty, start="2026-03"))
    sealed(site)
    told = site.boxes[SURVEY].database.execute("SELECT content FROM initiatives").fetchall()
    assert [json.loads(c) for (c,) in told] == [given | {"start": "2026-03"}]


@pytest.mark.parametrize(
    "unseen", ["\u3164", "\u115f\u1160", "\u180e", "\u2800", "\U000e0041\U000e0042", "\u200b\ufeff"]
)
def test_nothing_is_told_in_letters_that_nobody_sees(site, unseen):
    """Whoever reads an initiative before it is shown has read all of it."""
    browser = Browser(site)
    page = browser.press(browser.press(browser.begin(1), q_a="1"), q_c="1")
    given = {"what": f"Vi gjorde{unseen} den", "point": "p1", "kind": "process", "start": "2026-03"}
    assert browser.post(*fill_in(page, title=unseen, **given)).status == 422
    again = browser.press(browser.press(page, title="En sak", **given), "back")
    assert again.soup.textarea.get_text() == "Vi gjorde den"


def test_a_role_is_confirmed_or_mended(tmp_path):
    site = make_site_of(tmp_path, 1, roles=True)
    browser = Browser(site)
    page = browser.begin(0)
    assert page.heading == "Vilken roll har du?"
    assert [i["value"] for i in page.soup.find_all("input", checked=True)] == ["leaders"]
    assert browser.post(*fill_in(page, role="nobody")).status == 400
    page = browser.press(page, role="unknown")
    browser.press(browser.press(browser.press(browser.press(page, q_a="1"), q_c="1")))
    box = site.boxes[SURVEY]
    box.close(site.now, early=True)
    row = box.database.execute("SELECT unit, role, stratum, weight, pseudonym FROM answers").fetchall()
    assert row == [("care", "unknown", "care/leaders", 2.5, f"{0:016x}")]
    site.stop()

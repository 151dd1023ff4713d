"""Every address of the form, as everybody: each route of the table × who asks × what is asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from dimios_core.collect.box import SESSION_SECONDS
from dimios_core.collect.bundle import make_bundle
from dimios_core.collect.guard import Guarded
from dimios_core.collect.keys import make_key
from dimios_core.collect.routes import ROUTES
from dimios_core.collect.tokens import TOKEN_PATTERN, make_token
from tests.collect.asking import SECRET, SURVEY, Answer, Browser, Site, answer_all, ask, fill_in, make_form

OTHER = "alvsjo-2026"
RESPONDENT = 1
#: who asks -> what makes them so
ASKERS = ("nobody", "respondent", "anothers", "expired", "closed", "withdrawn", "early")
#: addresses that need nobody known: they hold a link's token, or are the door
DOORS = {"l", "valkommen", "borja"}
#: a page that is for whoever has sent in, or is still filling in, leads to the other from there
LED = 303


def list_paths() -> list[str]:
    """Every address of the table, made whole."""
    token = make_token(SECRET, SURVEY, str(RESPONDENT))
    paths = []
    for pattern, _ in ROUTES:
        path = pattern.replace("([a-z0-9][a-z0-9-]*)", SURVEY).replace(f"({TOKEN_PATTERN})", token)
        paths.append(path.replace("([1-9][0-9]?)", "1"))
    return paths


def test_the_table_is_whole_and_every_route_is_guarded():
    paths = list_paths()
    assert len(paths) == len(set(paths)) == 12
    assert not any("(" in path for path in paths)
    assert all(issubclass(handler, Guarded) for _, handler in ROUTES)
    for path, (pattern, _) in zip(paths, ROUTES, strict=True):
        assert re.fullmatch(pattern, path)


@pytest.fixture(params=["confidential", "anonymous"])
def site(request, tmp_path):
    bundles, keys = tmp_path / "bundles", tmp_path / "keys"
    bundles.mkdir()
    for survey in (SURVEY, OTHER):
        form = make_form(request.param, survey=survey)
        make_bundle(bundles / survey, form, [ask(n, survey=survey) for n in range(4)])
        if form.is_anonymous:
            make_key(keys, survey, apart_from=(bundles,))
    made = Site(bundles / SURVEY, bundles / OTHER, keys=keys)
    yield made
    made.stop()


def become(site: Site, who: str) -> tuple[Browser, dict[str, str]]:
    """A browser that is somebody, and the fields that its pages carry."""
    browser = Browser(site)
    if who == "nobody":
        return browser, {}
    if who == "anothers":
        page = browser.begin(RESPONDENT, OTHER)
        # the cookie of another survey, sent as this one's
        browser.cookies[f"svar-{SURVEY}"] = browser.cookies[f"svar-{OTHER}"]
        return browser, fill_in(page)[1]
    page = browser.begin(RESPONDENT)
    fields = fill_in(page, q_a="3")[1]
    box = site.boxes[SURVEY]
    if who == "expired":
        site.now += timedelta(seconds=SESSION_SECONDS)
    if who == "closed":
        box.close(site.now, early=True)
    if who == "withdrawn":
        person = box.find_session(browser.cookies[f"svar-{SURVEY}"], site.now)
        assert box.save(person, site.now, answers={"a": 1.0}) and box.withdraw(person, site.now)
    if who == "early":
        site.now = datetime(2026, 9, 6, 21, 59, 59, tzinfo=UTC)
    return browser, fields


def dump(site: Site) -> str:
    return "\n".join(site.boxes[SURVEY].database.iterdump())


def check_headers(answer: Answer) -> None:
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script" not in answer.body and "http:" not in answer.body and "https:" not in answer.body


@pytest.mark.parametrize("who", [who for who in ASKERS if who != "respondent"])
def test_whoever_is_no_respondent_gets_nothing_and_changes_nothing(site, who):
    browser, fields = become(site, who)
    before = dump(site)
    kept = dict(browser.cookies)
    for path, method in product(list_paths(), ("GET", "POST")):
        browser.cookies = dict(kept)
        answer = browser.get(path) if method == "GET" else browser.post(path, fields)
        check_headers(answer)
        part = path.split("/")[2]
        is_door = part in DOORS and who in ("nobody", "anothers", "expired")
        if part == "l" and method == "GET" and is_door:
            assert answer.status == 200  # the link itself: it shows what the survey is, to whoever has it
        elif part == "klart" and method == "GET" and site.boxes[SURVEY].form.is_anonymous:
            assert answer.status == 200 and "q-" not in answer.body  # the same thanks for everybody
        else:
            assert answer.status in (403, 404, 405, 409), (who, method, path, answer.status)
        assert "Påstående" not in answer.body and "svarat" not in answer.to
    assert dump(site) == before


def test_a_respondent_gets_every_page_that_is_theirs(site):
    browser, _ = become(site, "respondent")
    got = {path.rpartition(SURVEY)[2]: browser.get(path).status for path in list_paths()}
    anonymous = site.boxes[SURVEY].form.is_anonymous
    token = make_token(SECRET, SURVEY, str(RESPONDENT))
    led = {"/": LED, "/roll": LED, "/svarat": LED, "/ta-tillbaka": LED}
    shown = {f"/l/{token}": 200, "/del/1": 200, "/forslag": 200, "/skicka": 200}
    nothing = {"/valkommen": 403, "/borja": 403, "/avsluta": 405, "/klart": 200 if anonymous else 404}
    assert got == led | shown | nothing


def test_methods_that_no_page_has_are_refused(site):
    browser, _ = become(site, "respondent")
    before = dump(site)
    for path, method in product(list_paths(), ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")):
        answer = site.ask(
            method, path, {"Cookie": f"svar-{SURVEY}={browser.cookies[f'svar-{SURVEY}']}"}, None
        )
        assert answer.status in (403, 405), (method, path)
    assert dump(site) == before


def test_another_host_and_another_address_find_nothing(site):
    browser = Browser(site)
    for path in (
        "/",
        "/nobody-2026/",
        f"/{SURVEY}/del/99",
        f"/{SURVEY}/x",
        f"/{SURVEY}/l/short",
        "/.git/config",
    ):
        assert browser.get(path).status in (403, 404)
    answer = site.ask("GET", f"/{SURVEY}/l/{make_token(SECRET, SURVEY, '1')}", {"Host": "evil.example"}, None)
    assert answer.status == 404 and "Lindby" not in answer.body
    assert site.ask("GET", "/health", {}, None).body == "ok"


def test_a_link_of_one_survey_is_nobodys_in_another(site):
    token = make_token(SECRET, OTHER, "1")
    assert Browser(site).get(f"/{SURVEY}/l/{token}").status == 403
    assert Browser(site).get(f"/{OTHER}/l/{token}").status == 200


def test_one_person_in_two_organisations_answers_both_in_one_browser(site):
    browser = Browser(site)
    page = browser.begin(1)
    other = browser.begin(1, OTHER)
    browser.press(page, q_a="2")
    browser.press(other, q_a="4")
    for survey, given in ((SURVEY, 2.0), (OTHER, 4.0)):
        box = site.boxes[survey]
        person = box.find_link(make_token(SECRET, survey, "1"))
        assert box.read(person).answers == {"a": given}


def test_what_a_device_keeps_is_for_this_host_and_no_script(tmp_path):
    """Another site of the same town (www.example.se) can set cookies for all of its hosts: not those named __Host-, which have
    to be Secure, of the path / and of no domain, also where they are taken away (RFC 6265bis).
    """
    bundle = tmp_path / SURVEY
    make_bundle(bundle, make_form(), [ask(1)])
    site = Site(bundle, address="https://svar.example.se")
    host = {"Host": "svar.example.se"}
    path = f"/{SURVEY}/l/{make_token(SECRET, SURVEY, '1')}"
    page = site.ask("GET", path, host, None)
    kept = site.cookies
    assert "Strict-Transport-Security" in page.headers
    sent = host | {"Cookie": kept[0].partition(";")[0], "Content-Type": "application/x-www-form-urlencoded"}
    body = "&".join(f"{k}={v}" for k, v in fill_in(page)[1].items())
    site.ask("POST", f"/{SURVEY}/borja", sent, body)
    kept += site.cookies
    assert [c.partition("=")[0] for c in kept] == ["__Host-svar-sida", f"__Host-svar-{SURVEY}"]
    assert not [c for c in kept if "xpires" in c]
    page = site.ask(
        "GET", f"/{SURVEY}/del/1", host | {"Cookie": "; ".join(c.partition(";")[0] for c in kept)}, None
    )
    body = "&".join(f"{k}={v}" for k, v in fill_in(page)[1].items())
    site.ask(
        "POST", f"/{SURVEY}/avsluta", sent | {"Cookie": "; ".join(c.partition(";")[0] for c in kept)}, body
    )
    assert site.cookies[0].startswith(f'__Host-svar-{SURVEY}="";') and "xpires" in site.cookies[0]
    for cookie in kept + site.cookies:
        assert "HttpOnly" in cookie and "Secure" in cookie and "SameSite=Strict" in cookie
        assert "Domain" not in cookie and "Path=/;" in f"{cookie};"
    site.stop()


def test_nothing_of_a_respondent_is_logged(site, caplog, monkeypatch):
    """Not even where something breaks inside, with what was sent at hand."""
    caplog.set_level("DEBUG")
    browser = Browser(site)
    page = answer_all(browser, 1, a="4")
    monkeypatch.setattr(type(site.boxes[SURVEY]), "submit", lambda *_: 1 / 0)
    assert browser.press(page).status == 500
    broken = browser.get("/%ff/")
    assert broken.status in (400, 404)
    told = [r.getMessage() for r in caplog.records if r.name.startswith(("dimios", "tornado"))]
    assert [line.partition(":")[0] for line in told] == ["Send failed in <lambda>"]
    session, token = browser.cookies[f"svar-{SURVEY}"], make_token(SECRET, SURVEY, "1")
    assert not [s for s in (token, session, "127.0.0.1", "q-a", "/skicka") if s in told[0]]

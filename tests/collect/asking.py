"""A small form, its bundle, and a browser without scripts that answers it, in the test's own thread."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer

from dimios_core.collect.bundle import Asked, make_bundle
from dimios_core.collect.form import Choice, Form, Part, Question
from dimios_core.collect.keys import make_key
from dimios_core.collect.opening import open_box
from dimios_core.collect.serving import make_application
from dimios_core.collect.tokens import make_token

SURVEY = "lindby-2026"
SECRET = bytes(range(32))
#: in the window of the form below, at noon in Stockholm
NOON = datetime(2026, 9, 10, 10, 0, tzinfo=UTC)
AGREE = [Choice(value=v, label={"sv": f"grad {v}", "en": f"degree {v}"}) for v in range(1, 6)]
UNSURE = {"sv": "Vet ej", "en": "Don't know"}


def make_question(name: str) -> Question:
    about = {"sv": f"Om {name}.", "en": f"About {name}."}
    statement = {"sv": f"Påstående {name}", "en": f"Statement {name}"}
    return Question(id=name, statement=statement, choices=AGREE, dont_know=UNSURE, about=about)


def make_form(mode: str = "confidential", roles: bool = False, survey: str = SURVEY) -> Form:
    words = {"plans": {"sv": "Planer", "en": "Plans"}, "people": {"sv": "Folk", "en": "People"}}
    return Form(
        id=survey,
        organisation=survey.removesuffix("-2026"),
        period="2026",
        name="Lindby <kommun>",
        title={"sv": "Enkäten", "en": "The survey"},
        mode=mode,
        opens=date(2026, 9, 7),
        closes=date(2026, 9, 25),
        languages=["sv", "en"],
        responsible="Lindby kommun",
        contact=["Eva Ek", "eva@lindby.example"],
        parts=[
            Part(id="plans", name=words["plans"], questions=[make_question("a"), make_question("b")]),
            Part(id="people", name=words["people"], questions=[make_question("c")]),
        ],
        roles={"leaders": {"sv": "Ledare", "en": "Leaders"}, "unknown": UNSURE} if roles else {},
        points={"p1": {"sv": "Punkt 1", "en": "Point 1"}},
        kinds={"process": {"sv": "Arbetssätt", "en": "Process"}},
    )


def ask(number: int, unit: str = "care", role: str = "leaders", survey: str = SURVEY) -> Asked:
    stratum = f"{unit}/{role}"
    return Asked(make_token(SECRET, survey, str(number)), unit, role, stratum, 2.5, "sv", f"{number:016x}")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "html.parser")

    @property
    def heading(self) -> str:
        found = self.soup.h1
        return "" if found is None else found.get_text()

    @property
    def to(self) -> str:
        return self.headers.get("Location", "")


@contextmanager
def apart_from_other_loops() -> Iterator[None]:
    """Within this, loops run, also where a test with a browser has left its own running in this thread."""
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(outer)


class Site:
    """A server of bundles, run only while something is asked of it."""

    def __init__(self, *bundles: Path, keys: Path = Path("none"), address: str = "") -> None:
        self.now = NOON
        self.boxes = {}
        for bundle in bundles:
            box = open_box(bundle, keys)
            self.boxes[box.form.id] = box
        self.runner = asyncio.Runner()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.local = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.address = address or self.local
        with apart_from_other_loops():
            self.runner.run(self._start())

    async def _start(self) -> None:
        application = make_application(self.boxes, self.address, lambda: self.now)
        self.socket.setblocking(False)
        HTTPServer(application).add_sockets([self.socket])

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: str | None) -> Answer:
        async def fetch() -> Answer:
            request = HTTPRequest(
                self.local + path, method=method, headers=dict(headers), body=body, follow_redirects=False,
                allow_nonstandard_methods=True,
            )  # fmt: skip
            got = await AsyncHTTPClient().fetch(request, raise_error=False)
            answer = Answer(got.code, got.headers, got.body.decode())
            self.cookies = got.headers.get_list("Set-Cookie")
            return answer

        self.cookies: list[str] = []
        with apart_from_other_loops():
            return self.runner.run(fetch())

    def stop(self) -> None:
        for box in self.boxes.values():
            box.stop()
        with apart_from_other_loops():
            self.runner.close()
        self.socket.close()


@dataclass
class Browser:
    """One browser, scripts off: it keeps cookies, and sends a form as it stands, with what is chosen in it."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def follow(self, answer: Answer) -> Answer:
        while answer.status == 303:
            answer = self.get(answer.to)
        return answer

    def open(self, number: int, survey: str = SURVEY) -> Answer:
        """Open somebody's link."""
        return self.get(f"/{survey}/l/{make_token(SECRET, survey, str(number))}")

    def begin(self, number: int, survey: str = SURVEY) -> Answer:
        """Open somebody's link, and press the first button."""
        return self.press(self.open(number, survey))

    def press(self, page: Answer, go: str = "next", **chosen: str) -> Answer:
        """Fill in a page's form, press a button of it, and go where that leads."""
        path, fields = fill_in(page, go, **chosen)
        return self.follow(self.post(path, fields))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.site.ask(method, path, headers, body)
        for cookie in self.site.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if value in ("", '""'):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer


def fill_in(page: Answer, go: str = "next", **chosen: str) -> tuple[str, dict[str, str]]:
    """Where a page's form leads, and what a browser sends when that button is pressed."""
    form = page.soup.form
    assert isinstance(form, Tag), page.body
    fields = {}
    for control in form.find_all(["input", "textarea", "select"]):
        if control.get("type") == "radio" and not control.has_attr("checked"):
            continue
        option = control.find("option", selected=True) if control.name == "select" else None
        value = control.get("value", "") if control.name == "input" else control.get_text()
        fields[control["name"]] = (option["value"] if option else "") if control.name == "select" else value
    button = form.find("button", value=go)
    assert isinstance(button, Tag), f"no button {go} on {page.body}"
    path = button.get("formaction") or form["action"]
    return str(path), {**fields, "go": go, **{re.sub("^q_", "q-", name): v for name, v in chosen.items()}}


def answer_all(browser: Browser, number: int, a: str = "1", b: str = "2", c: str = "x") -> Answer:
    """Answer everything, tell of no initiative, and stand before the end."""
    page = browser.press(browser.begin(number), q_a=a, q_b=b)
    return browser.press(browser.press(page, q_c=c))


def make_site_of(
    folder: Path, people: int, mode: str = "confidential", roles: bool = False, ask_who: Callable[[int], Asked] = ask
) -> Site:  # fmt: skip
    """A server of one bundle that so many people may answer."""
    keys = folder / "keys"
    if mode == "anonymous":
        make_key(keys, SURVEY, apart_from=(folder / "bundles",))
    (folder / "bundles").mkdir()
    make_bundle(folder / "bundles" / SURVEY, make_form(mode, roles), [ask_who(n) for n in range(people)])
    return Site(folder / "bundles" / SURVEY, keys=keys)

"""The one guard that every route of the form stands behind: it decides before anything of a handler runs.

Closed unless said otherwise. A handler says whom it needs (nobody, or a respondent) and how far that respondent may be; whoever
else asks gets a page that says why there is nothing, and which tells nothing of anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

import tornado.web

from dimios_core.collect.box import Box, Person, Standing
from dimios_core.collect.frame import CHECK, Sheet, content_security_policy, write_shut
from dimios_core.collect.tokens import derive_check
from dimios_core.languages import DEFAULT
from dimios_core.markup import Markup, markup

ROOM = "dimios_collect"
#: pages for what Tornado itself refuses
KINDS = {403: "no_link", 404: "missing", 405: "missing"}
log = logging.getLogger("dimios.collect")
HEADERS = {
    "Content-Type": "text/html; charset=UTF-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
    "Server": "dimios",
}


@dataclass(frozen=True)
class Room:
    """What all handlers share: the surveys by id, the address that respondents open, and a clock."""

    boxes: Mapping[str, Box]
    address: str
    clock: Callable[[], datetime]

    @property
    def is_encrypted(self) -> bool:
        """Whether respondents' browsers speak to the proxy under TLS."""
        return self.address.startswith("https:")

    @property
    def cookie_settings(self) -> dict[str, Any]:
        """How a device keeps anything: no script reads it, and it is sent back here alone."""
        return {"httponly": True, "secure": self.is_encrypted, "samesite": "Strict"}

    def name_cookie(self, name: str) -> str:
        """Return a cookie's name; under TLS one that browsers take from this host alone, from none that is named alike."""
        return f"{'__Host-' if self.is_encrypted else ''}svar-{name}"


class RefusalError(tornado.web.HTTPError):
    """There is nothing here for whoever asks; `kind` names the page that says so."""

    def __init__(self, kind: str, status: int = 403) -> None:
        super().__init__(status)
        self.kind = kind


class Guarded(tornado.web.RequestHandler):
    """A route of one survey."""

    SUPPORTED_METHODS = ("GET", "POST")
    #: whom it needs
    needs: ClassVar[Literal["nobody", "respondent"]] = "respondent"
    #: how far a respondent may be; one who is elsewhere is led there
    standing: ClassVar[tuple[Standing, ...]] = ("waiting", "begun", "submitted")
    box: Box | None = None
    person: Person
    session: str = ""

    @property
    def room(self) -> Room:
        """What all handlers share."""
        room: Room = self.settings[ROOM]
        return room

    @property
    def opened(self) -> Box:
        """The answers of the survey that is asked for."""
        assert self.box is not None
        return self.box

    @property
    def now(self) -> datetime:
        """The time."""
        return self.room.clock()

    def set_default_headers(self) -> None:
        """Give every answer the same headers."""
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", content_security_policy())
        if self.room.is_encrypted:
            self.set_header("Strict-Transport-Security", "max-age=31536000")

    def prepare(self) -> None:
        """Let those through whom the route is for."""
        if self.request.host.lower() != urlsplit(self.room.address).netloc.lower():
            raise RefusalError("missing", 404)
        self.box = self.room.boxes.get(self.path_args[0]) if self.path_args else None
        if self.box is None:
            raise RefusalError("missing", 404)
        if self.needs == "nobody":
            return
        state = self.box.state(self.now)
        if state != "open":
            raise RefusalError(state)
        self.session = self.get_cookie(self.cookie, "") or ""
        person = self.box.find_session(self.session, self.now) if self.session else None
        if person is None:
            raise RefusalError("no_link")
        self.person = person
        if self.request.method == "POST":
            told = self.get_body_argument(CHECK, "")
            if not compare_digest(told.encode(), derive_check(self.session).encode()):
                raise RefusalError("other", 409)
        if person.state == "withdrawn":
            raise RefusalError("withdrawn")
        if person.state not in self.standing:
            self.lead(home_of(person))

    @property
    def cookie(self) -> str:
        """The name of what a device keeps for this survey."""
        return self.room.name_cookie(self.opened.form.id)

    def keep(self, session: str) -> None:
        """Let the device keep its session, until the browser ends."""
        self.set_cookie(self.cookie, session, **self.room.cookie_settings)

    def forget(self) -> None:
        """Let the device know nobody."""
        self.clear_cookie(self.cookie, **self.room.cookie_settings)

    def sheet(self, language: str = "") -> Sheet:
        """Return what a page for whoever asks is made with."""
        chosen = language or self.person.language
        languages = self.opened.form.languages
        chosen = chosen if chosen in languages else languages[0]
        hidden = markup('<input type="hidden" name="_xsrf" value="{}">', self.xsrf_token.decode())
        return Sheet(self.opened.form, chosen, hidden, derive_check(self.session) if self.session else "")

    def lead(self, page: str) -> None:
        """Lead the browser to a page of the survey, to be fetched anew."""
        self.redirect(f"/{self.opened.form.id}/{page}", status=303)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say why there is nothing, without a word of what went wrong inside."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        told = KINDS.get(status_code, "failed")
        self.shut(error.kind if isinstance(error, RefusalError) else told)

    def shut(self, kind: str) -> None:
        """Answer with a page that says why there is nothing."""
        if self.box is None:
            self.finish(write_shut(kind, None, DEFAULT))
            return
        known = getattr(self, "person", None)
        form = self.box.form
        language = known.language if known and known.language in form.languages else form.languages[0]
        self.finish(write_shut(kind, form, language, day=Sheet(form, language).day(form.opens)))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log that something went wrong inside, and where in the code: no address, nothing that was entered."""
        if isinstance(value, tornado.web.HTTPError):
            return
        while tb is not None and tb.tb_next is not None:
            tb = tb.tb_next
        where = "" if tb is None else f"{tb.tb_frame.f_code.co_name}:{tb.tb_lineno}"
        log.error("%s failed in %s (%s)", type(self).__name__, where, getattr(typ, "__name__", typ))

    def write_html(self, page: str | Markup) -> None:
        """Answer with a page."""
        self.finish(str(page))


def home_of(person: Person) -> str:
    """Return the page that somebody goes on from."""
    return "svarat" if person.state == "submitted" else ""

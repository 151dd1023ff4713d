"""The one guard that every route stands behind: it decides before anything of a handler runs.

Closed unless said otherwise: nobody gets in without being known, and a handler that does not say whose it is shows
nothing. Who is not known gets 403 everywhere, whether there is something or not; who is known and asks for what is
not theirs gets 404, as for what does not exist.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import logging
from typing import Any, ClassVar

import tornado.web
from jupyter_server.auth.identity import IdentityProvider, User

from dimios_core.access.readers import Reader
from dimios_core.languages import DEFAULT, say, usable_languages
from dimios_core.markup import join, load_template, markup
from dimios_core.page.assets import SCRIPTS, embed_static, read_static
from dimios_core.page.statement import STATEMENT
from dimios_core.serve.admission import Admission

ADMISSION = "dimios_admission"
log = logging.getLogger("dimios.serve")

PAGE = """<!DOCTYPE html>
<html lang="{{ language }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ heading }}</title><link rel="icon" href="data:,"><style>{{ style }}
main { padding: 1.1rem; } h1 { line-height: 1.2; } a { color: #1d4f86; }</style></head>
<body><main id="main"><h1>{{ heading }}</h1>{% for code, text in texts.items() %}<p{% if code != language %} lang="{{ code }}"{% endif %}>{{ text }}</p>{% endfor %}</main>
<footer><p><a href="{{ statement }}">{{ accessibility }}</a></p></footer></body>
</html>
"""

#: stands for the link in a text, which is escaped around it
LINK = "\0"
#: statuses that have words of their own (`served.<status>` of the texts)
STATUSES = (403, 404, 429)


@functools.cache
def write_refusal(status: int) -> str:
    """Return the page that refuses: its heading in the default language, its words in every language there is."""
    of = f"status_{status}" if status in STATUSES else "other"
    texts = {}
    for language in usable_languages():
        home = markup('<a href="/">{}</a>', say(language, "served.reports"))
        # where the text has the link to the reports
        parts = say(language, f"served.{of}.text", reports=LINK).split(LINK)
        texts[language] = join(parts, between=home)
    heading = say(DEFAULT, f"served.{of}.heading")
    return load_template(PAGE).render(
        language=DEFAULT,
        heading=heading,
        texts=texts,
        statement=f"/sida/{STATEMENT}",
        accessibility=say(DEFAULT, "frame.accessibility"),
        style=embed_static("page.css"),
    )


@functools.cache
def content_security_policy() -> str:
    """Return what pages may do: ask this server only, and run the scripts of this package only, known by their hash."""
    hashes = (hashlib.sha256(read_static(name).encode()).digest() for name in SCRIPTS)
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}",
            "style-src 'self' 'unsafe-inline'",  # drawings carry style attributes, as plotly's do
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


class Guarded:
    """Stands before a handler."""

    #: whether somebody unknown may ask: the door itself, and the sign that the server is alive
    is_open: ClassVar[bool] = False
    #: what the access log calls it; nothing is noted without a name
    noted_as: ClassVar[str] = ""
    reader: Reader | None = None

    def set_default_headers(self: Any) -> None:
        """Give every answer the same headers."""
        super().set_default_headers()  # type: ignore[misc]
        self.set_header("Content-Security-Policy", content_security_policy())
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Server", "dimios")
        if self.settings[ADMISSION].is_encrypted:
            self.set_header("Strict-Transport-Security", "max-age=31536000")

    def prepare(self: Any) -> Any:
        """Let a known reader through to what is theirs; refuse everybody else."""
        admission: Admission = self.settings[ADMISSION]
        if self.is_open:
            return super().prepare()  # type: ignore[misc]
        if admission.is_foreign(self.request):
            return self.refuse(403)
        self.reader = admission.find_reader(self.request)
        if self.reader is None:
            return self.refuse(403)
        owner = self.owner(*self.path_args, **self.path_kwargs)
        if owner is None or not self.reader.may_read(owner):
            return self.refuse(404)
        return super().prepare()  # type: ignore[misc]

    def owner(self, *path: str, **named: str) -> str | None:
        """Return whose the thing at an address is: the id of an organisation, or the consortium; None: nobody's.

        Every handler that is not open says so itself.
        """
        return None

    def refuse(self: Any, status: int) -> None:
        """End the request with a page that says no more than it must."""
        self.set_status(status)
        self.write_error(status)

    def write_error(self: Any, status_code: int, **kwargs: Any) -> None:
        """Answer with a plain page that tells nothing of the inside."""
        if self._finished:
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        # not the handler's own finish: some of them turn everything into JSON
        tornado.web.RequestHandler.finish(self, write_refusal(status_code))

    def address_to_log(self: Any) -> str:
        """Return the address as the server's log may hold it: the door's holds a link, which it may not."""
        return type(self).__name__ if self.is_open else self.request.path

    def log_exception(self: Any, kind: Any, error: Any, trace: Any) -> None:
        """Log what went wrong inside. Tornado would tell the whole address, a link too."""
        if not isinstance(error, tornado.web.HTTPError):
            where = f"{self.request.method} {self.address_to_log()}"
            log.error("%s", where, exc_info=(kind, error, trace))

    def note(self: Any, **what: Any) -> None:
        """Write a line of the access log: who, what, when; never what a page says."""
        reader = self.reader
        self.settings[ADMISSION].journal.note(
            reader=reader.name if reader else None,
            link=reader.link if reader else None,
            what=self.noted_as,
            status=self.get_status(),
            **what,
        )

    def on_finish(self: Any) -> None:
        """Note who was shown what."""
        super().on_finish()  # type: ignore[misc]
        if self.noted_as and self.reader is not None and self.request.method != "HEAD":
            self.note(path=self.request.path, **self.more_to_note())

    def more_to_note(self) -> dict[str, Any]:
        """Return what else the access log is to hold."""
        return {}


class Nothing(Guarded, tornado.web.RequestHandler):
    """Every address that is nobody's."""

    def owner(self, *path: str, **named: str) -> str | None:
        """Return None: it is not found, whoever asks."""
        return None


class ReaderIdentity(IdentityProvider):
    """Tells Jupyter's handlers whom the guard has let in; there is no login of its own."""

    @property
    def auth_enabled(self) -> bool:
        """Always: nobody comes in without the guard."""
        return True

    def get_user(self, handler: Any) -> User | None:
        """Return the reader, if the guard knows one."""
        reader = getattr(handler, "reader", None)
        return None if reader is None else User(reader.name)

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return none: no login page, no logout page."""
        return []

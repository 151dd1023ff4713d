"""Who may read: the one gate that every route of the server stands behind.

Whoever brings the token in the address gets a cookie that lasts as long as the server; nobody else gets
anything. Voilà's own login leaves routes open, so the gate is put before every handler, static files
and websockets included.
"""

from __future__ import annotations

import hmac
import html
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from jupyter_server.auth.identity import IdentityProvider, User

GATE_SETTING = "dimios_gate"
TOKEN_PARAMETER = "token"
TOKEN_BYTES_N = 32
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

#: nothing is fetched from another host, and no other page may frame this one
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

PAGE = """<!DOCTYPE html>
<html lang="sv">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>{head}</head>
<body><main><h1>{heading}</h1><p>{text}</p></main></body>
</html>
"""

MESSAGES = {
    403: (
        "Här behövs en länk",
        "Öppna adressen som visas där servern startades. Den gäller tills servern stängs.",
    ),
    404: (
        "Sidan finns inte",
        "Kontrollera adressen, eller börja om från <a href='/'>listan över rapporter</a>.",
    ),
}
OTHER_MESSAGE = ("Något gick fel", "Försök igen, eller börja om från <a href='/'>listan över rapporter</a>.")


@dataclass(frozen=True)
class Gate:
    """The secrets of one run of the server.

    `token` opens the door once, `session` is what the cookie holds: the cookie is shared by all
    servers of this machine's loopback address, so it must not be the token itself.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES_N), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES_N), repr=False)

    @property
    def cookie_name(self) -> str:
        """A name of this port's own: cookies do not tell ports apart."""
        return f"dimios-{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names under which a browser may ask: no other name may point here (DNS rebinding)."""
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    def knows_token(self, given: str) -> bool:
        """Tell whether `given` is the token."""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def knows_session(self, given: str | None) -> bool:
        """Tell whether `given` is the cookie's value."""
        return given is not None and hmac.compare_digest(given.encode(), self.session.encode())


class GatedMixin:
    """Stands before a handler and decides in `prepare`, before anything of the handler runs."""

    def set_default_headers(self) -> None:
        """Add the headers that every answer carries."""
        super().set_default_headers()  # type: ignore[misc]
        self.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)  # type: ignore[attr-defined]
        self.set_header("Referrer-Policy", "no-referrer")  # type: ignore[attr-defined]
        self.set_header("X-Content-Type-Options", "nosniff")  # type: ignore[attr-defined]

    def prepare(self: Any) -> Any:
        """Let the reader through, greet a reader with the token, or refuse."""
        gate: Gate = self.settings[GATE_SETTING]
        request = self.request
        origin = request.headers.get("Origin")
        foreign = origin is not None and urlsplit(origin).netloc != request.host
        if request.host not in gate.hosts or foreign:
            return self._refuse()
        if TOKEN_PARAMETER in request.query_arguments:
            given = self.get_query_argument(TOKEN_PARAMETER)
            admitted = request.method == "GET" and gate.knows_token(given)
            return self._greet(gate) if admitted else self._refuse()
        if not gate.knows_session(self.get_cookie(gate.cookie_name)):
            return self._refuse()
        return super().prepare()  # type: ignore[misc]

    def write_error(self: Any, status_code: int, **kwargs: Any) -> None:
        """Answer with a plain page that tells nothing of the inside."""
        heading, text = MESSAGES.get(status_code, OTHER_MESSAGE)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if not self._finished:
            # not the handler's own finish: some of them turn everything into JSON
            tornado.web.RequestHandler.finish(self, PAGE.format(heading=heading, text=text, head=""))

    def _refuse(self: Any) -> None:
        self.set_status(403)
        self.write_error(403)

    def _greet(self: Any, gate: Gate) -> None:
        # A page and not a redirect: after a click in another page (a web mail, a terminal in a
        # browser) a redirect would still count as coming from there, without the strict cookie.
        self.set_cookie(gate.cookie_name, gate.session, httponly=True, samesite="Strict", path="/")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        # one slash in front: two would name another host
        address = html.escape("/" + self.request.path.lstrip("/\\"), quote=True)
        page = PAGE.format(
            heading="Välkommen",
            head=f'<meta http-equiv="refresh" content="0;url={address}">',
            text=f'<a href="{address}">Fortsätt till rapporterna</a>',
        )
        tornado.web.RequestHandler.finish(self, page)


def put_behind_gate(handler: type) -> type:
    """Return the handler class with the gate before it."""
    return (
        handler
        if issubclass(handler, GatedMixin)
        else type(f"Gated{handler.__name__}", (GatedMixin, handler), {})
    )


class ReaderIdentity(IdentityProvider):
    """Tells Jupyter's handlers what the gate has found out; there is no login of its own."""

    @property
    def auth_enabled(self) -> bool:
        """Always: nobody comes in without the gate."""
        return True

    def get_user(self, handler: Any) -> User | None:
        """Return the one reader, if the cookie is right."""
        gate: Gate = handler.settings[GATE_SETTING]
        return User("reader") if gate.knows_session(handler.get_cookie(gate.cookie_name)) else None

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return none: no login page, no logout page."""
        return []

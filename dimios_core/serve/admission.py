"""Who asks: a reader known by the cookie of a personal link, or by the name that a trusted proxy gives."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

from dimios_core.access.attempts import Attempts
from dimios_core.access.journal import Journal
from dimios_core.access.keys import load_keys
from dimios_core.access.links import LinkBook
from dimios_core.access.readers import PROXY_LINK, Reader, ReaderList, load_reader_list
from dimios_core.errors import InputError, Problem

SAFE_METHODS = ("GET", "HEAD")
SESSION_BYTES_N = 12


@dataclass(frozen=True)
class TrustedProxy:
    """What stands in front and has asked readers who they are (OIDC, SAML).

    Attributes
    ----------
    addresses : tuple of str
        From where it connects; a header from anywhere else counts for nothing.
    identity_header : str
        In which it names the reader; empty: it only forwards.
    readers : ReaderList
        Whose reports each name may read.
    """

    addresses: tuple[str, ...] = ()
    identity_header: str = ""
    readers: ReaderList | None = None

    def is_at(self, address: str) -> bool:
        """Tell whether a connection from this address is the proxy's."""
        try:
            peer = ipaddress.ip_address(address)
            return any(peer in ipaddress.ip_network(known, strict=False) for known in self.addresses)
        except ValueError:
            return False


@dataclass
class Admission:
    """What is known of readers, and how a request is told from another.

    Attributes
    ----------
    address : str
        Under which readers open the server: scheme and host, without a path.
    port : int
        Where it listens.
    book : LinkBook
    journal : Journal
    proxy : TrustedProxy
    """

    address: str
    port: int
    book: LinkBook
    journal: Journal
    proxy: TrustedProxy = field(default_factory=TrustedProxy)
    attempts: Attempts = field(default_factory=Attempts)

    @property
    def is_encrypted(self) -> bool:
        """Whether readers come over TLS, as the address says."""
        return self.address.startswith("https://")

    @property
    def cookie(self) -> str:
        """The session cookie's name. Ports share cookies, so each has its own; over TLS no other host may set it."""
        return "__Host-dimios" if self.is_encrypted else f"dimios-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which a browser may ask: no other name may point here (DNS rebinding)."""
        return frozenset((urlsplit(self.address).netloc, f"127.0.0.1:{self.port}", f"localhost:{self.port}"))

    def is_foreign(self, request: HTTPServerRequest) -> bool:
        """Tell whether a request comes under another name, or from another site's page.

        What changes something, and what opens a websocket, must tell where it comes from.
        """
        if request.host not in self.hosts:
            return True
        origin = request.headers.get("Origin")
        if origin is None:
            opens_socket = request.headers.get("Upgrade", "").lower() == "websocket"
            return opens_socket or request.method not in SAFE_METHODS
        schemes = (
            ("https",)
            if self.is_encrypted and request.host == urlsplit(self.address).netloc
            else ("http", "https")
        )
        return origin not in [f"{scheme}://{request.host}" for scheme in schemes]

    def client_of(self, request: HTTPServerRequest) -> str:
        """Return the address of the reader's device: the proxy's word counts where the proxy is asking."""
        peer = request.remote_ip or ""
        if self.proxy.is_at(peer):
            forwarded = request.headers.get_list("X-Forwarded-For")
            last = forwarded[-1].rpartition(",")[2].strip() if forwarded else ""
            return last or peer
        return peer

    def find_reader(self, request: HTTPServerRequest) -> Reader | None:
        """Return who asks; None where that is unknown, or not valid any more."""
        header = self.proxy.identity_header
        if header and self.proxy.readers is not None and self.proxy.is_at(request.remote_ip or ""):
            named = request.headers.get_list(header)
            if len(named) == 1 and (reader := self.proxy.readers.find(_decode(named[0]))) is not None:
                return reader
        cookie = request.cookies.get(self.cookie)
        return None if cookie is None else self.book.read_session(cookie.value)

    def still_admits(self, reader: Reader) -> bool:
        """Tell whether a reader who was let in would be let in now."""
        if reader.link == PROXY_LINK:
            return True
        link = self.book.find(reader.link)
        return link is not None and link.state(datetime.now(UTC)) == "valid"


def new_session() -> str:
    """Return the number of a device's session."""
    return secrets.token_urlsafe(SESSION_BYTES_N)


def open_admission(address: str, port: int, folder: Path, proxy: TrustedProxy) -> Admission:
    """Open the book of links and the journal of a folder, for a server that readers open at an address.

    Raises
    ------
    InputError
        The book, or a key, is damaged.
    """
    book = LinkBook(folder, load_keys(folder, os.environ))
    book.links()  # a damaged book is told now
    return Admission(address.rstrip("/"), port, book, Journal(folder), proxy)


def read_proxy(addresses: Sequence[str], identity_header: str, readers: Path | None) -> TrustedProxy:
    """Read what stands in front of a server.

    Parameters
    ----------
    addresses : sequence of str
        Addresses and networks, several with commas between.
    identity_header : str
        In which it names the reader; "" where it only forwards.
    readers : Path or None
        The list of readers: see `dimios_core.access.readers.load_reader_list`.

    Raises
    ------
    InputError
        An address is none, or what belongs together is not given together; all problems at once.
    """
    problems = []
    try:
        parsed = parse_addresses(part for text in addresses for part in text.split(","))
    except ValueError as error:
        remedy = "give addresses like 127.0.0.1, or networks like 10.0.0.0/28"
        problems.append(Problem("--proxy", str(error), remedy))
        parsed = ()
    if bool(identity_header) != (readers is not None):
        what, remedy = (
            "a header and a list of readers belong together",
            "give both --identity-header and --readers, or neither",
        )
        problems.append(Problem("--identity-header", what, remedy))
    if identity_header and not addresses:
        remedy = "name the proxy whose word counts: --proxy ADDRESS"
        problems.append(Problem("--identity-header", "anybody could send it", remedy))
    if problems:
        raise InputError(problems)
    return TrustedProxy(parsed, identity_header, load_reader_list(readers) if readers else None)


def parse_addresses(given: Iterable[str]) -> tuple[str, ...]:
    """Return addresses and networks as they are compared.

    Raises
    ------
    ValueError
        One is neither.
    """
    return tuple(str(ipaddress.ip_network(text.strip(), strict=False)) for text in given if text.strip())


def _decode(header: str) -> str:
    """Return a header's text: bytes beyond ASCII come as Latin-1, and proxies send UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header

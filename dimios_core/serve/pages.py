"""Everything that needs no kernel: the door, the index, stored pages, their assets, and the sign of life."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import tornado.web

from dimios_core.access.links import RefusedError
from dimios_core.access.readers import Reader
from dimios_core.page.assets import ASSETS_FOLDER, PLOTLY
from dimios_core.page.entrance import build_entrance
from dimios_core.page.entrance_page import render_index
from dimios_core.page.index import Labels, index_language, list_shelves, name_subject
from dimios_core.page.publisher import load_publisher
from dimios_core.page.state import read_state
from dimios_core.page.statement import STATEMENT, read_tested, render_statement
from dimios_core.places import CONSORTIUM
from dimios_core.serve.admission import Admission, new_session
from dimios_core.serve.downloads import StoredFiles
from dimios_core.serve.guard import ADMISSION, Guarded
from dimios_core.serve.stored import PLACE, StoredPages, find_landing, owner_of
from dimios_core.suites import load_suite

LINK_PREFIX = "/l/"
STORED_PREFIX = "/sida/"
STORED_PATTERN = rf"{STORED_PREFIX}({PLACE})\.html"
PLOTLY_PATTERN = rf"{STORED_PREFIX}{ASSETS_FOLDER}/({re.escape(PLOTLY)})"
#: where the feet of stored pages lead, too
STATEMENT_ADDRESS = f"{STORED_PREFIX}{STATEMENT}"
A_DAY_SECONDS = 86_400


class LinkHandler(Guarded, tornado.web.RequestHandler):
    """The door: a personal link becomes a session on this device, and leaves the address bar."""

    is_open: ClassVar[bool] = True
    noted_as: ClassVar[str] = "link"

    def initialize(self, reports: Path, results: Path) -> None:
        """Keep where reports and results lie."""
        self.reports, self.results = reports, results

    def get(self, token: str) -> None:
        """Answer with the way to the reader's page, or refuse."""
        admission: Admission = self.settings[ADMISSION]
        client = admission.client_of(self.request)
        wait = admission.attempts.blocked_for(client)
        if wait > 0:
            self.set_header("Retry-After", str(int(wait) + 1))
            return self.refuse(
                429
            )  # its failures are noted; a line for each more would let anybody fill the disk
        if self.request.host not in admission.hosts:
            return self.refuse(403)
        try:
            link = admission.book.open_token(token)
        except RefusedError as error:
            admission.attempts.failed(client)
            self.refuse(403)
            blocked = admission.attempts.blocked_for(client) > 0 or None
            return self.note(reason=error.reason, client=client, blocked=blocked)
        session = new_session()
        self.reader = Reader(link.reader, link.owner, link.id, session)
        self.set_cookie(
            admission.cookie,
            admission.book.sign_session(link, session),
            path="/",
            httponly=True,
            secure=admission.is_encrypted,
            # the way here begins in a mail: a strict cookie would not be sent after the redirect
            samesite="Lax",
        )
        landing = find_landing(self.reports, link.owner, index_language(self.results))
        self.redirect(f"{STORED_PREFIX}{landing}.html" if landing else "/", status=303)
        return None

    def on_finish(self) -> None:
        """Note who came in; the address holds the link and is not noted."""
        if self.reader is not None:
            self.note()


class IndexHandler(Guarded, tornado.web.RequestHandler):
    """Lists the reports that the reader may read."""

    noted_as: ClassVar[str] = "index"

    def initialize(self, reports: Path, results: Path, labels: Labels) -> None:
        """Keep where reports and results lie and how organisations are named."""
        self.reports, self.results, self.labels = reports, results, labels

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the reader's own: everybody has a list."""
        return None if self.reader is None else self.reader.owner

    def get(self) -> None:
        """Answer with the list, made anew each time: reports may have been added."""
        assert self.reader is not None
        mine = {id: label for id, label in self.labels().items() if self.reader.may_read(id)}
        with_all, language = self.reader.may_read(CONSORTIUM), index_language(self.results)
        expected = load_suite("organisation").pages
        shelves = list_shelves(self.reports, mine, STORED_PREFIX, expected, with_all, language)
        # how far others have come is for those alone who may see all
        state = read_state(self.reports.parent / "runs") if with_all else None
        entrance = build_entrance(shelves, mine, language, state)
        self.finish(render_index(entrance, name_subject(self.results), language, STATEMENT_ADDRESS))


class StatementHandler(Guarded, tornado.web.RequestHandler):
    """The statement of accessibility: for everybody, as the law asks; it tells nothing of any report."""

    is_open: ClassVar[bool] = True

    def get(self) -> None:
        """Answer with the statement."""
        if self.settings[ADMISSION].is_foreign(self.request):
            return self.refuse(403)
        self.finish(render_statement(load_publisher(), read_tested(), "/"))
        return None


class StoredPageHandler(Guarded, tornado.web.RequestHandler):
    """Sends a stored page: bytes, no kernel, no notebook."""

    noted_as: ClassVar[str] = "page"

    def initialize(self, pages: StoredPages, files: StoredFiles) -> None:
        """Keep the pages, and the files to take along."""
        self.pages, self.files = pages, files

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the organisation in the address, which has been matched to its strict pattern before."""
        return owner_of(path[0])

    def get(self, place: str) -> None:
        """Answer with the page, or with the news that the reader has it."""
        assert self.reader is not None
        page = self.pages.get(place, self.files.render(place, self.reader.may_read(CONSORTIUM)))
        if page is None:
            raise tornado.web.HTTPError(404)
        self.set_header("Cache-Control", "private, no-cache")
        self.set_header("Vary", "Cookie, Accept-Encoding")
        self.set_header("ETag", page.tag)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if self.check_etag_header():
            self.set_status(304)
            return
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(page.compressed)
        else:
            self.write(page.content)

    def compute_etag(self) -> str | None:
        """Return the page's own tag; nothing is hashed again."""
        return str(self._headers["ETag"]) if "ETag" in self._headers else None

    head = get


class ToIndexHandler(Guarded, tornado.web.RedirectHandler):
    """The way back to the index, as stored pages know it."""

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the reader's own: everybody has a list."""
        return None if self.reader is None else self.reader.owner


class PlotlyHandler(Guarded, tornado.web.StaticFileHandler):
    """Sends plotly's script, the one file that pages ask for."""

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the reader's own: every page may explore its charts."""
        return None if self.reader is None else self.reader.owner

    def set_extra_headers(self, path: str) -> None:
        """Let browsers keep it for a day."""
        self.set_header("Cache-Control", f"private, max-age={A_DAY_SECONDS}")


class HealthHandler(Guarded, tornado.web.RequestHandler):
    """The sign of life for whoever watches the server; it tells nothing else."""

    is_open: ClassVar[bool] = True

    def initialize(self, is_stopping: Any) -> None:
        """Keep how to ask whether the server is about to stop."""
        self.is_stopping = is_stopping

    def get(self) -> None:
        """Answer ok, or 503 while the server is stopping."""
        stopping = self.is_stopping()
        self.set_status(503 if stopping else 200)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("stopping\n" if stopping else "ok\n")

    head = get

"""The server: Voilà, stripped to running the live cells of reports, behind the guard."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import signal
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.ioloop
import tornado.web
from tornado.httpserver import HTTPServer
from voila.app import Voila

from dimios_core.errors import InputError
from dimios_core.listening import raise_open_files
from dimios_core.markup import markup
from dimios_core.page.assets import find_plotly
from dimios_core.page.index import Labels
from dimios_core.places import EXPORTS
from dimios_core.published.reads import STAMP
from dimios_core.serve.admission import Admission
from dimios_core.serve.channels import (
    CHANNELS_PATTERN,
    CLOSE_PATTERN,
    MESSAGE_BYTES_MAX,
    MESSAGES_ALLOWED,
    ChannelsHandler,
    CloseHandler,
)
from dimios_core.serve.downloads import DOWNLOAD_PATTERN, DownloadHandler, StoredFiles
from dimios_core.serve.guard import ADMISSION, Guarded, Nothing
from dimios_core.serve.kernels import DIED, NEWER, STOPPED, LiveKernels
from dimios_core.serve.live import LIVE_PATTERN, LiveHandler
from dimios_core.serve.pages import (
    LINK_PREFIX,
    PLOTLY_PATTERN,
    STATEMENT_ADDRESS,
    STORED_PATTERN,
    STORED_PREFIX,
    HealthHandler,
    IndexHandler,
    LinkHandler,
    PlotlyHandler,
    StatementHandler,
    StoredPageHandler,
    ToIndexHandler,
)
from dimios_core.serve.provisioner import KernelParent
from dimios_core.serve.stored import StoredPages, state_of

TEND_SECONDS = 1.0
#: what a page asks fits in far less; without a limit, whoever is unknown could fill the memory with 100 MB each
BODY_BYTES_MAX = 65_536
#: how long a body may take; and how long a connection may be silent: longer than proxies keep theirs
BODY_SECONDS, SILENT_SECONDS = 30.0, 180.0
#: how long readers may finish what they have begun when the server stops, and how long a goodbye takes
GRACE_SECONDS, GOODBYE_SECONDS = 3.0, 0.1
log = logging.getLogger("dimios.serve")


class ReportServer(Voila):
    """Voilà for the reports of one outputs folder.

    Set by `make_server`: `reports`, `results`, `project`, `labels`, `admission`, `kernels_most`, `sockets` (bound
    before anything else, so that a busy port is an error and never another port) and `on_ready`.
    """

    reports: Path
    results: Path
    project: Path
    labels: Labels
    admission: Admission
    kernels_most: int
    sockets: list[socket.socket]
    on_ready: Callable[[], None]
    stopping = False
    _results_seen: object = None

    def init_settings(self) -> dict[str, Any]:
        """Return Voilà's settings, with the guard, and a guarded answer for every unknown address."""
        settings = super().init_settings()
        self.kernel_manager.results, self.kernel_manager.project = self.results, self.project
        self.kernel_manager.allowed_message_types = MESSAGES_ALLOWED
        self.pages = StoredPages(self.reports, self.results)
        self.files = StoredFiles(self.reports.parent / EXPORTS, self.results)
        self.live = LiveKernels(self.kernel_manager, self.kernels_most, log=self._note_end)
        return settings | {
            ADMISSION: self.admission,
            "allow_remote_access": True,  # the guard knows the hosts
            "default_handler_class": Nothing,
            "log_function": _log_request,
            "websocket_max_message_size": MESSAGE_BYTES_MAX,
        }

    def init_handlers(self) -> list[Any]:
        """Return the routes: none of Voilà's own, only what is listed here, all behind the guard."""
        pages, kernels, files = {"pages": self.pages}, {"kernels": self.live}, {"files": self.files}
        voila = {"voila_configuration": self.voila_configuration, "template_paths": self.template_paths}
        routes: list[tuple[str, type, dict[str, Any]]] = [
            ("/", IndexHandler, {"reports": self.reports, "results": self.results, "labels": self.labels}),
            (
                f"{LINK_PREFIX}([A-Za-z0-9_.-]+)",
                LinkHandler,
                {"reports": self.reports, "results": self.results},
            ),
            ("/health", HealthHandler, {"is_stopping": lambda: self.stopping}),
            (f"{STORED_PREFIX}index.html", ToIndexHandler, {"url": "/", "permanent": False}),
            (STATEMENT_ADDRESS.replace(".", r"\."), StatementHandler, {}),
            (STORED_PATTERN, StoredPageHandler, pages | files),
            (DOWNLOAD_PATTERN, DownloadHandler, files),
            (PLOTLY_PATTERN, PlotlyHandler, {"path": str(find_plotly().parent)}),
            (LIVE_PATTERN, LiveHandler, pages | kernels | voila),
            (CHANNELS_PATTERN, ChannelsHandler, kernels),
            (CLOSE_PATTERN, CloseHandler, kernels),
        ]
        assert all(issubclass(handler, Guarded) for _, handler, _ in routes)
        return routes

    def listen(self) -> None:
        """Serve on the sockets bound before until a signal to stop."""
        self.ioloop = tornado.ioloop.IOLoop.current()
        self.http_server = HTTPServer(
            self.app,
            max_body_size=BODY_BYTES_MAX,
            body_timeout=BODY_SECONDS,
            idle_connection_timeout=SILENT_SECONDS,
        )
        self.http_server.add_sockets(self.sockets)
        self._take_signals()
        raise_open_files()
        self._results_seen = state_of(self.results / STAMP)
        tending = tornado.ioloop.PeriodicCallback(self._tend, TEND_SECONDS * 1000)
        tending.start()
        self.ioloop.add_callback(self._warm_up)
        self.ioloop.add_callback(self.on_ready)
        try:
            self.ioloop.start()
        finally:
            tending.stop()
            self.stop()

    def _take_signals(self) -> None:
        """Stop at a signal. nbclient would take the loop's signals for itself while cells run, and lose them after."""

        def taken(*_: Any) -> None:
            raise RuntimeError("the loop's signals are the server's")

        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        loop: Any = asyncio.get_event_loop()
        loop.add_signal_handler = loop.remove_signal_handler = taken

    def _handle_signal_stop(self, sig: Any, frame: Any) -> None:
        if not self.stopping:
            self.stopping = True
            self.ioloop.add_callback_from_signal(self._finish)

    async def _renew(self) -> None:
        """Let go of everything that knows older results."""
        old = KernelParent.detach()
        self._results_seen = state_of(self.results / STAMP)
        await self.live.end_all(NEWER, "newer results")
        await self._warm_up()
        await self._wait_for_starts()
        if old is not None:
            await asyncio.to_thread(old.close)

    async def _wait_for_starts(self) -> None:
        deadline = self.ioloop.time() + GRACE_SECONDS
        while self.live.starting and self.ioloop.time() < deadline:
            await asyncio.sleep(GOODBYE_SECONDS)

    async def _warm_up(self) -> None:
        """Start the parent of kernels now, so that the first reader does not wait for it."""
        with contextlib.suppress(Exception):  # the first kernel tells what is wrong
            await asyncio.to_thread(KernelParent.get({"DIMIOS_RESULTS": str(self.results)}).warm_up)

    async def _tend(self) -> None:
        try:
            if state_of(self.results / STAMP) != self._results_seen:
                await self._renew()
            await self.live.tend(self.admission.still_admits)
        except InputError as error:  # a damaged book of links opens nothing, and keeps nothing open
            log.error("%s", error)
            await self.live.end_all(DIED, "nobody knows whose links are valid")
        except Exception:
            log.exception("looking after kernels failed")

    def _note_end(self, **what: Any) -> None:
        self.admission.journal.note(what="kernel ended", **what)

    async def _finish(self) -> None:
        """Let answers under way go out, tell open pages that the server is gone, and end the loop."""
        try:
            self.http_server.stop()
            await self._wait_for_starts()
            await self.live.end_all(STOPPED, "the server stops")
            await self.kernel_manager.shutdown_all(now=True)
            await asyncio.sleep(GOODBYE_SECONDS)
        finally:
            self.ioloop.stop()

    def stop(self) -> None:
        """End what is left of kernels, and remove their sockets' folder."""
        KernelParent.close()
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    def open_in_browser(self, address: str) -> None:
        """Open an address in the browser, through a file that only its owner can read.

        An address on a command line is seen by everybody on the machine.
        """
        path = Path(self.connection_dir) / "open.html"
        path.touch(mode=0o600)
        path.write_text(markup('<meta http-equiv="refresh" content="0;url={}">', address), encoding="utf-8")
        webbrowser.open(path.as_uri())


def _log_request(handler: tornado.web.RequestHandler) -> None:
    """Log nothing more: the guard tells what went wrong inside, the access log who was shown what."""

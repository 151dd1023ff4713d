"""The server: Voilà, stripped to what showing reports needs, behind the gate, on loopback only."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.ioloop
import tornado.web
from jupyter_core.utils import run_sync
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from dimios_core.errors import InputError, Problem
from dimios_core.page.index import Labels
from dimios_core.serve.access import GATE_SETTING, TOKEN_PARAMETER, Gate, ReaderIdentity, put_behind_gate
from dimios_core.serve.index import (
    ASSET_PATTERNS,
    RENDER_PREFIX,
    REPORT_PATH_PATTERN,
    STORED_PATH_PATTERN,
    STORED_PREFIX,
    AssetHandler,
    IndexHandler,
    StoredPageHandler,
)
from dimios_core.serve.live import LiveReportHandler, PageClosedHandler, ReportKernelManager, make_title_hook

LOOPBACK = "127.0.0.1"
#: a kernel whose page was closed is gone after this time
IDLE_SECONDS = 300
IDLE_CHECK_SECONDS = 30
#: a Unix socket's path has at most 104 letters, of which Voilà's takes some 65 below this folder
SOCKETS_ROOT_LETTERS_N = 35
TEMPLATE = "dimios"
#: where Jupyter finds the template
JUPYTER_DATA = Path(__file__).resolve().parent / "jupyter"
EXTENSIONS_ALLOWED = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
]

#: the routes of Voilà that a report's page needs; listing folders, files and logging in are not among them
HANDLERS_KEPT = (
    KernelHandler,
    VoilaKernelWebsocketHandler,
    TemplateStaticFileHandler,
    MultiStaticFileHandler,
    ThemesHandler,
    FileFindHandler,
)


class ReportServer(Voila):
    """Voilà for the reports of one outputs folder.

    Set by `make_server`: `reports`, `labels`, `gate`, `sockets` (bound before anything else, so that a
    busy port is an error and never another port) and `on_ready` (called with the address).
    """

    reports: Path
    labels: Labels
    gate: Gate
    sockets: list[socket.socket]
    kernel_environment: dict[str, str]
    on_ready: Callable[[str], None]

    @property
    def address(self) -> str:
        """The address that opens the door."""
        return f"http://{LOOPBACK}:{self.gate.port}/?{TOKEN_PARAMETER}={self.gate.token}"

    def init_settings(self) -> dict[str, Any]:
        """Return Voilà's settings, with the gate, and a gated answer for every unknown address."""
        settings = super().init_settings()
        ipython = Path(self.connection_dir) / "ipython"
        ipython.mkdir()
        self.kernel_manager.added_environment = self.kernel_environment | {"IPYTHONDIR": str(ipython)}
        return settings | {
            GATE_SETTING: self.gate,
            "allow_remote_access": False,
            "default_handler_class": put_behind_gate(tornado.web.ErrorHandler),
            "default_handler_args": {"status_code": 404},
            "log_function": _log_request,
        }

    def init_handlers(self) -> list[Any]:
        """Return the routes: Voilà's that are needed, the index and the reports; all behind the gate."""
        routes = []
        rendering: dict[str, Any] = {}
        for pattern, handler, *arguments in super().init_handlers():
            if handler is TornadoVoilaHandler:
                rendering = dict(arguments[0])
            elif handler is VoilaShutdownKernelHandler:
                routes.append((pattern, put_behind_gate(PageClosedHandler), *arguments))
            elif handler in HANDLERS_KEPT:
                routes.append((pattern, put_behind_gate(handler), *arguments))
        index = {"reports": self.reports, "labels": self.labels}
        routes.append(("/", put_behind_gate(IndexHandler), index))
        routes.append((STORED_PREFIX + STORED_PATH_PATTERN, put_behind_gate(StoredPageHandler), index))
        # the way back to the index, as stored pages know it
        to_index = {"url": "/", "permanent": False}
        routes.append((f"{STORED_PREFIX}index.html", put_behind_gate(tornado.web.RedirectHandler), to_index))
        routes += [(pattern, put_behind_gate(AssetHandler), {"path": "/"}) for pattern in ASSET_PATTERNS]
        routes.append(
            (
                RENDER_PREFIX + REPORT_PATH_PATTERN,
                put_behind_gate(LiveReportHandler),
                rendering | {"reports": self.reports},
            )
        )
        return routes

    def listen(self) -> None:
        """Serve on the sockets bound before until a signal to stop."""
        self.ioloop = tornado.ioloop.IOLoop.current()
        server = HTTPServer(self.app)
        server.add_sockets(self.sockets)
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        self.ioloop.add_callback(self.on_ready, self.address)
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()

    def stop(self) -> None:
        """End the kernels, then remove their sockets' folder."""
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    def open_in_browser(self) -> None:
        """Open the index in the browser, through a file that only its owner can read.

        An address on a command line is seen by everybody on the machine.
        """
        path = Path(self.connection_dir) / "open.html"
        path.touch(mode=0o600)
        path.write_text(f'<meta http-equiv="refresh" content="0;url={self.address}">', encoding="utf-8")
        webbrowser.open(path.as_uri())


def bind_loopback(port: int) -> list[socket.socket]:
    """Return sockets listening on loopback at this port and no other.

    Raises
    ------
    InputError
        The port is taken, or not one that a program may use.
    """
    try:
        return bind_sockets(port, LOOPBACK)
    except (OSError, OverflowError) as error:
        what = getattr(error, "strerror", None) or "not a port"
        raise InputError(
            Problem(f"--port {port}", f"it cannot be used ({what})", "stop what runs there, or give another")
        ) from None


def make_server(
    reports: Path,
    labels: Labels,
    sockets: list[socket.socket],
    *,
    results: Path,
    project: Path,
    on_ready: Callable[[str], None],
    browser: bool = False,
) -> ReportServer:
    """Return the server, ready to `start()`.

    Parameters
    ----------
    reports
        The folder of executed notebooks: period/organisation/language/notebook.
    labels
        Called for the names of the organisations whose reports may be shown, by id.
    sockets
        As `bind_loopback` returns them.
    results, project
        Where the notebooks' kernels find published results and instruments.
    on_ready
        Called with the address, token included, when the server answers.
    browser
        Whether to open the address in the browser.
    """
    # its warnings name whole addresses, query and all
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    found_in = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(JUPYTER_DATA), *([found_in] if found_in else [])])
    server = ReportServer(config=configure(reports, make_title_hook(labels)))
    server.reports, server.labels, server.sockets = reports, labels, sockets
    server.gate = Gate(sockets[0].getsockname()[1])
    server.port = server.gate.port
    server.kernel_environment = {
        "DIMIOS_RESULTS": str(results),
        "DIMIOS_PROJECT": str(project),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }

    def ready(address: str) -> None:
        on_ready(address)
        if browser:
            server.open_in_browser()

    server.on_ready = ready
    server.initialize([])
    return server


def configure(reports: Path, title_hook: Callable[..., None]) -> Config:
    """Return Voilà's configuration: read-only, code hidden, no choice by query, kernels that go away."""
    return Config(
        {
            "Voila": {
                "root_dir": str(reports),
                "ip": LOOPBACK,
                "open_browser": False,
                "connection_dir_root": _choose_sockets_root(),
                "config_file_paths": [],  # no voila.py of the working directory
                "identity_provider_class": ReaderIdentity,
                "log_level": logging.ERROR,
            },
            "VoilaConfiguration": {
                "template": TEMPLATE,
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "strip_sources": True,
                "show_tracebacks": False,
                "file_allowlist": [],
                "http_header_envs": [],
                "extension_allowlist": EXTENSIONS_ALLOWED,
                "multi_kernel_manager_class": ReportKernelManager,
                "prelaunch_hook": title_hook,
            },
            "MappingKernelManager": {
                "cull_idle_timeout": IDLE_SECONDS,
                "cull_interval": IDLE_CHECK_SECONDS,
                "cull_connected": False,
            },
            # a kernel that comes back after a crash would be blank
            "KernelManager": {"autorestart": False} | ({"transport": "ipc"} if os.name == "posix" else {}),
        }
    )


def _choose_sockets_root() -> str:
    """Return where kernels' sockets lie, in a private folder of the server's: their paths must be short."""
    usual = tempfile.gettempdir()
    return usual if os.name != "posix" or len(usual) <= SOCKETS_ROOT_LETTERS_N else "/tmp"


def _log_request(handler: tornado.web.RequestHandler) -> None:
    """Log what went wrong inside, without the query: it may hold a token."""
    if handler.get_status() >= 500:
        logging.getLogger("tornado.access").error(
            "%d %s %s", handler.get_status(), handler.request.method, handler.request.path
        )

"""Makes the server: Voilà as it is configured here, and what it serves."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory
from traitlets.config import Config

from dimios_core.forking import can_fork
from dimios_core.forking.sockets import UNIX_SOCKETS, choose_sockets_root
from dimios_core.page.index import Labels
from dimios_core.serve.admission import Admission
from dimios_core.serve.app import ReportServer
from dimios_core.serve.channels import PageConnection
from dimios_core.serve.client import PromptClient
from dimios_core.serve.guard import ReaderIdentity
from dimios_core.serve.live import keep_live_cells
from dimios_core.serve.provisioner import PROVISIONER
from dimios_core.serve.starting import ReportKernelManager

LOOPBACK = "127.0.0.1"
TEMPLATE = "dimios"
#: where Jupyter finds the template
JUPYTER_DATA = Path(__file__).resolve().parent / "jupyter"


def make_server(
    reports: Path,
    results: Path,
    project: Path,
    labels: Labels,
    admission: Admission,
    sockets: list[socket.socket],
    *,
    kernels_most: int,
    on_ready: Callable[[ReportServer], None],
) -> ReportServer:
    """Return the server, ready to `start()`.

    Parameters
    ----------
    reports
        The folder of reports: period/organisation/language/, a notebook and its page for each.
    results, project
        Where the notebooks' kernels find published results, and instruments.
    labels
        Called for the names of the organisations whose reports may be shown, by id.
    admission
        Who may read.
    sockets
        As `bind` returns them.
    kernels_most
        How many kernels may be at work.
    on_ready
        Called when the server answers.
    """
    # its warnings name whole addresses, query and all
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    found_in = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(JUPYTER_DATA), *([found_in] if found_in else [])])
    if can_fork():
        KernelProvisionerFactory.instance().default_provisioner_name = PROVISIONER
    server = ReportServer(config=configure(reports))
    server.reports, server.results, server.project = reports.resolve(), results, project
    server.labels, server.admission, server.sockets = labels, admission, sockets
    server.kernels_most, server.port = kernels_most, admission.port
    server.on_ready = lambda: on_ready(server)
    server.initialize([])
    return server


def configure(reports: Path) -> Config:
    """Return Voilà's configuration: read-only, nothing chosen by query, kernels that are never started again."""
    return Config(
        {
            "Voila": {
                "root_dir": str(reports),
                "ip": LOOPBACK,
                "open_browser": False,
                "connection_dir_root": choose_sockets_root(),
                "config_file_paths": [],  # no voila.py of the working directory
                "identity_provider_class": ReaderIdentity,
                "kernel_websocket_connection_class": PageConnection,
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
                "extension_allowlist": [],
                "multi_kernel_manager_class": ReportKernelManager,
                "prelaunch_hook": keep_live_cells,
            },
            # signatures of trusted notebooks, for nobody: no file is written where the server's user lives
            "NotebookNotary": {"db_file": ":memory:", "secret": os.urandom(32)},
            # when kernels end is decided in one place, and it is not there
            "MappingKernelManager": {"cull_idle_timeout": 0, "buffer_offline_messages": False},
            # a kernel that comes back after a crash would be blank
            # pages speak the older protocol, in text, which is the one that is checked
            "ZMQChannelsWebsocketConnection": {"kernel_ws_protocol": ""},
            "KernelManager": {"autorestart": False, "client_class": f"{PromptClient.__module__}.PromptClient"}
            | ({"transport": "ipc"} if UNIX_SOCKETS else {}),
        }
    )

"""A live report: its kernel, and the handler that lets Voilà run the notebook.

The organisation comes from the address' path alone: the notebook that lies there carries its
parameters, and running it again needs nothing from the reader.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler

from dimios_core.page.index import CONSORTIUM_NAME, Labels, OrganisationLabel
from dimios_core.page.navigation import list_tabs, render_breadcrumb, render_tabs, title_of
from dimios_core.places import CONSORTIUM
from dimios_core.serve.index import STORED_PREFIX

#: what a kernel may know of the server's environment; anything else may be a secret
ENVIRONMENT_ALLOWED = frozenset(
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "TEMP",
        "TMP",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "SYSTEMROOT",
        "SYSTEMDRIVE",
        "COMSPEC",
        "PATHEXT",
        "APPDATA",
        "LOCALAPPDATA",
        "USERPROFILE",
        "PROGRAMDATA",
        "WINDIR",
    ]
)
ENVIRONMENT_ALLOWED_PREFIXES = ("LC_", "VOILA_")


def select_environment(environment: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a kernel may have, with `added` on top.

    Examples
    --------
    >>> select_environment({"PATH": "/bin", "DB_PASSWORD": "x", "LC_ALL": "C"}, {"DIMIOS_RESULTS": "r"})
    {'PATH': '/bin', 'LC_ALL': 'C', 'DIMIOS_RESULTS': 'r'}
    """
    allowed = {
        name: value
        for name, value in environment.items()
        if name.upper() in ENVIRONMENT_ALLOWED or name.startswith(ENVIRONMENT_ALLOWED_PREFIXES)
    }
    return allowed | dict(added)


class ReportKernelManager(AsyncMappingKernelManager):
    """Starts kernels that know the published results and little else."""

    #: set by the server before the first kernel starts
    added_environment: Mapping[str, str] = {}

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel with the allowed environment only."""
        given = kwargs.pop("env", None)
        environment = select_environment(os.environ if given is None else given, self.added_environment)
        return await super().start_kernel(env=environment, **kwargs)


class PageClosedHandler(VoilaShutdownKernelHandler):
    """Ends the kernel of a page that was closed."""

    def check_xsrf_cookie(self) -> None:
        """Ask for no further token: a closing page cannot send one, and the gate has checked the origin."""


class LiveReportHandler(TornadoVoilaHandler):
    """Runs one report anew and shows it, without code, in the language of its path."""

    reports: Path

    def initialize(self, reports: Path, **kwargs: Any) -> None:
        """Keep where the reports lie."""
        self.reports = reports
        super().initialize(**kwargs)

    async def get(self, path: str = "") -> None:
        """Answer with the report; the address has been matched to its strict pattern before."""
        if self.request.query:
            self.redirect(self.request.path)
            return
        if not (self.reports / path).is_file():
            raise tornado.web.HTTPError(404)
        language = path.split("/")[2]
        config = Config(self.settings["voila"].config)
        config.HTMLExporter.language_code = language
        config.HTMLExporter.exclude_markdown = True  # method notes are for researchers
        self.traitlet_config = config
        await super().get(path)


def make_title_hook(labels: Labels) -> Callable[..., None]:
    """Return the hook that gives a report's page its title and navigation before the kernel starts."""

    def set_title(handler: Any, notebook: Any, cwd: str) -> None:
        period, owner, language = cwd.strip("/").split("/")
        stem = Path(handler.request.path).stem
        known = {**labels(), CONSORTIUM: OrganisationLabel(CONSORTIUM_NAME, demo=False)}
        label = known.get(owner)
        if label is None:  # no longer published
            raise tornado.web.HTTPError(404)
        notebook.metadata["title"] = f"{title_of(stem, language)} {period}, {label.name}"
        folder = Path(period, owner, language)
        stored = [p.stem for p in (handler.reports / folder).glob("*.html")]
        tabs = list_tabs(stored, stem, language, f"{STORED_PREFIX}{folder.as_posix()}/")
        notebook.metadata["navigation"] = render_breadcrumb(
            [label.name, period], "/", language
        ) + render_tabs(tabs, language)

    return set_title

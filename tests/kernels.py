"""Kernels that tests start through Jupyter's own means: each talks over Unix sockets in a folder of its own.

By default a kernel listens on TCP ports that were free a moment before; while other tests run, some are taken by then and
the kernel dies. Two that share Jupyter's default folder for sockets hang. What runs in this process is set by the tests'
`conftest.py`; a pytest in a process of its own takes this module as a plugin, `-p tests.kernels`.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from dimios_core.forking.sockets import UNIX_SOCKETS, choose_sockets_root


def keep_kernels_private() -> None:
    """Give every kernel manager that names no sockets a folder of its own, as long as the manager lives."""
    if not UNIX_SOCKETS:
        return
    begin = KernelManager.__init__

    def begin_private(self: KernelManager, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        if not self.connection_file and self.transport == "tcp":
            folder = tempfile.mkdtemp(prefix="kernel-", dir=choose_sockets_root())
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self.transport, self.connection_file = "ipc", str(Path(folder) / "kernel.json")

    KernelManager.__init__ = begin_private  # type: ignore[method-assign]


def pytest_configure() -> None:
    """As a plugin."""
    keep_kernels_private()

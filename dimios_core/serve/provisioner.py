"""Kernels that start in no time: a provisioner for jupyter_client that forks them from a preloaded parent.

Registered as `dimios-forked`. A kernelspec may name it, or an application's configuration:
`KernelProvisionerFactory.default_provisioner_name = "dimios-forked"`.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from dimios_core.forking import Call, ChildError, ForkServer, ServerClosedError
from dimios_core.serve.environment import select_environment
from dimios_core.serve.kernel import LIMITS, PRELOAD, run_kernel

PROVISIONER = "dimios-forked"
KILLED = -signal.SIGKILL
log = logging.getLogger("dimios.serve")


class KernelParent:
    """This process's parent of kernels: it starts before the first kernel, and anew after it was closed."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _server: ClassVar[ForkServer | None] = None

    @classmethod
    def get(cls, added: Mapping[str, str]) -> ForkServer:
        """Return the parent; one that starts gets the allowed part of this process's environment, and `added`."""
        with cls._lock:
            if cls._server is None:
                cls._server = ForkServer([PRELOAD], select_environment(os.environ, added))
                atexit.register(cls.close)
            return cls._server

    @classmethod
    def detach(cls) -> ForkServer | None:
        """Return the parent for the caller to close; the next kernel is of a new one, which reads tables anew."""
        with cls._lock:
            server, cls._server = cls._server, None
        return server

    @classmethod
    def close(cls) -> None:
        """End all kernels and their parent."""
        server = cls.detach()
        if server is not None:
            server.close()
            atexit.unregister(cls.close)


class ForkedProvisioner(LocalProvisioner):
    """Runs one kernel in a child of the preloaded parent. The kernelspec's command is not run."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._call: Call | None = None
        self._ended: asyncio.Future[int] | None = None
        self._killed = False

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not cleaned up."""
        return self._call is not None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel and return how to reach it."""
        environment, folder = kwargs["env"], kwargs.get("cwd") or str(Path.cwd())
        loop = asyncio.get_running_loop()
        manager: Any = self.parent
        call = await asyncio.to_thread(_begin, manager.connection_file, folder, environment)
        self._call, self.pid, self._ended = call, call.number, loop.create_future()
        ready = asyncio.Event()
        threading.Thread(target=self._watch, args=(call, loop, ready), daemon=True).start()
        await ready.wait()
        return self.connection_info

    def _watch(self, call: Call, loop: asyncio.AbstractEventLoop, ready: asyncio.Event) -> None:
        code = 0

        def on_news(news: str) -> None:
            loop.call_soon_threadsafe(ready.set)

        try:
            call.result(on_news)
        except (ChildError, ServerClosedError) as error:
            code = KILLED
            self._tell_end(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the kernel is gone and the log tells why
            code = 1
            self._tell_end(error)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody asks any more
            loop.call_soon_threadsafe(self._note_end, code)
            loop.call_soon_threadsafe(ready.set)

    def _tell_end(self, error: Exception) -> None:
        if not self._killed:
            log.error("kernel %s ended: %s", self.kernel_id, error)

    def _note_end(self, code: int) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(code)

    async def poll(self) -> int | None:
        """Return None while the kernel is alive, else its exit code."""
        if self._ended is None:
            return 0
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int | None:
        """Wait until the kernel has ended and was reaped, and return its exit code."""
        if self._ended is None:
            return 0
        code = await asyncio.shield(self._ended)
        self._call = None
        return code

    async def send_signal(self, signum: int) -> None:
        """End the kernel where the signal would; a page has no use for other signals."""
        if signum in (signal.SIGKILL, signal.SIGTERM) and self._call is not None:
            self._killed = True
            self._call.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it has started."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel: there is nothing in it to save."""
        await self.send_signal(signal.SIGTERM)


def _begin(connection_file: str, folder: str, environment: Mapping[str, str]) -> Call:
    """Fork a kernel; from a new parent where the one at hand is being replaced."""
    added = {name: environment[name] for name in ("DIMIOS_RESULTS",) if name in environment}
    try:
        return KernelParent.get(added).start(run_kernel, connection_file, folder, environment, limits=LIMITS)
    except ServerClosedError:
        return KernelParent.get(added).start(run_kernel, connection_file, folder, environment, limits=LIMITS)

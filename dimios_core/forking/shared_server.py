"""The parent of a process's children that make reports. Who begins it early loads nothing of what they need."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from dimios_core.forking import ForkServer, ServerClosedError, environment_of_results

#: what a parent calls before it forks, by the name that it finds it by: what stored pages of this program need
PRELOAD = "dimios_core.runner.preloading:preload"
#: and what notebooks may need besides
MORE = ("dimios_core.page.preloading:preload_more",)


class SharedServer:
    """This process's parent of children: it starts at the first job. Each worker of a cluster has its own."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _server: ClassVar[ForkServer | None] = None
    _ending: ClassVar[bool] = False

    @classmethod
    def get(cls, results: Path, languages: Sequence[str] = (), more: Sequence[str] = MORE) -> ForkServer:
        """Return the server; a new one after it was closed, with the public part of these results at hand.

        A new one has the texts of these languages ready, or of all; in others, each child gets them ready by itself. The same goes for
        what `more` leaves out: stored pages of this program alone need nothing of it.

        Raises
        ------
        ServerClosedError
            The batch ends: a child that began now would be waited for.
        """
        with cls._lock:
            if cls._ending:
                raise ServerClosedError("the batch ended before it began")
            if cls._server is None:
                preload = [":".join((PRELOAD, *languages)), *more]
                cls._server = ForkServer(preload, environment_of_results(results))
                atexit.register(cls.close)
            return cls._server

    @classmethod
    @contextlib.contextmanager
    def expected(cls, results: Path, languages: Sequence[str], more: Sequence[str] = MORE) -> Iterator[None]:
        """Let a server get ready while the block finds out what its children shall do; it ends with the block."""
        try:
            cls.get(results, languages, more).begin()
            yield
        finally:
            cls.close()

    @classmethod
    def close(cls) -> None:
        """End all children and their parent; jobs under way fail."""
        with cls._lock:
            server, cls._server = cls._server, None
        if server is not None:
            server.close()
            atexit.unregister(cls.close)

    @classmethod
    @contextlib.contextmanager
    def ended(cls) -> Iterator[None]:
        """End all children, and begin none while the block runs: a thread may just have been about to."""
        cls._ending = True
        try:
            cls.close()
            yield
        finally:
            cls._ending = False

"""Live kernels: to whom each belongs, and when each ends.

A kernel is nothing but speed: the page keeps the reader's choices, so that any kernel may end at any time and another
takes over at the next touch. That is why a few kernels serve many readers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dimios_core.access.readers import Reader

# why a socket was closed, as the page understands it (RFC 6455 leaves 4000-4999 to applications)
ASLEEP, LINK_OVER, NEWER, DIED, STOPPED = 4001, 4003, 4010, 1011, 1001
#: a kernel that nobody has used for so long may make room for another reader
MAY_MAKE_ROOM_SECONDS = 10.0
Clock = Callable[[], float]


@dataclass
class LiveKernel:
    """A kernel at work for one reader's page.

    Attributes
    ----------
    id : str
    reader : Reader
    place : str
        The page: period/organisation/language/name.
    code : str
        The page's support code.
    used : float
        When the reader used it last, by the clock.
    socket : object or None
        The page's websocket handler.
    failures_n : int
        How often something went wrong in it.
    """

    id: str
    reader: Reader
    place: str
    code: str
    used: float
    socket: Any = None
    failures_n: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """One kernel for each device of a reader and page."""
        return self.reader.session, self.place


def holder_of(reader: Reader) -> tuple[str, str]:
    """Return whose kernels are counted as one's: all readers whom a proxy names have the same link."""
    return reader.link, reader.name


@dataclass
class LiveKernels:
    """The kernels at work, and the starts under way.

    Parameters
    ----------
    manager : ReportKernelManager
    most : int
        How many may be at work.
    most_of_link : int
        How many of them for one link, or one reader whom a proxy names.
    most_starting : int
        How many may start at once: more would only make all of them slow.
    idle_seconds, alone_seconds : float
        How long one may be left unused, and how long without its page.
    log : callable
        Told when one ends, and why.
    """

    manager: Any
    most: int
    most_of_link: int = 8
    most_starting: int = 4 * (os.cpu_count() or 1)
    idle_seconds: float = 600.0
    alone_seconds: float = 20.0
    log: Callable[..., None] = lambda **what: None
    clock: Clock = time.monotonic
    kernels: dict[str, LiveKernel] = field(default_factory=dict)
    starting: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def find(self, kernel_id: str, reader: Reader) -> LiveKernel | None:
        """Return a kernel if it is this reader's, on this device."""
        kernel = self.kernels.get(kernel_id)
        return kernel if kernel is not None and kernel.reader == reader else None

    async def make_room(self, reader: Reader, place: str) -> bool:
        """Make room for one kernel more, and keep it until `start_ended`; tell whether there is some.

        The reader's own for the same page ends, and so does the one that has gone unused for longest, if there
        are too many of the link or altogether.
        """
        key, holder = (reader.session, place), holder_of(reader)
        if key in self.starting or len(self.starting) >= self.most_starting:
            return False
        same = [k for k in self.kernels.values() if k.key == key]
        others = [k for k in self.kernels.values() if k.key != key]
        own = [k for k in others if holder_of(k.reader) == holder]
        own_starting = sum(of == holder for of in self.starting.values())
        leaving = []
        if len(own) + own_starting >= self.most_of_link:
            leaving = self._find_unused(own, 0.0)
        elif len(others) + len(self.starting) >= self.most:
            leaving = self._find_unused(others, MAY_MAKE_ROOM_SECONDS)
        if len(own) + own_starting - len(leaving) >= self.most_of_link:
            return False
        if len(others) + len(self.starting) - len(leaving) >= self.most:
            return False
        # who asks meanwhile must find all of this done, so nothing is awaited before
        self.starting[key] = holder
        ends = [(k, "another start of the same page") for k in same]
        ends += [(k, "room for another reader") for k in leaving]
        for kernel, words in ends:
            self._part(kernel, ASLEEP, words)
        try:
            for kernel, words in ends:
                await self._shut_down(kernel, words)
        except BaseException:
            self.start_ended(reader, place)
            raise
        return True

    def start_ended(self, reader: Reader, place: str) -> None:
        """Give back the room that was kept for a start."""
        self.starting.pop((reader.session, place), None)

    def _find_unused(self, among: list[LiveKernel], unused_seconds: float) -> list[LiveKernel]:
        """Return the one that has gone unused for longest, if that is long enough."""
        longest = min(among, key=lambda k: k.used, default=None)
        return [] if longest is None or self.clock() - longest.used < unused_seconds else [longest]

    def add(self, kernel_id: str, reader: Reader, place: str, code: str) -> LiveKernel:
        """Note a kernel that has started."""
        self.kernels[kernel_id] = LiveKernel(kernel_id, reader, place, code, self.clock())
        return self.kernels[kernel_id]

    async def end(self, kernel: LiveKernel, why: int, words: str) -> None:
        """End a kernel: its page is told why, the process is killed and its folder removed."""
        if kernel.id in self.kernels:
            self._part(kernel, why, words)
            await self._shut_down(kernel, words)

    def _part(self, kernel: LiveKernel, why: int, words: str) -> None:
        del self.kernels[kernel.id]
        if kernel.socket is not None:
            kernel.socket.close(why, words)

    async def _shut_down(self, kernel: LiveKernel, words: str) -> None:
        if kernel.id in self.manager:
            await self.manager.shutdown_kernel(kernel.id, now=True)
        # last: a log that cannot be written must not keep a kernel alive
        self.log(code=kernel.code, link=kernel.reader.link, path=kernel.place, why=words)

    async def end_all(self, why: int, words: str) -> None:
        """End every kernel."""
        for kernel in list(self.kernels.values()):
            await self.end(kernel, why, words)

    async def tend(self, still_admitted: Callable[[Reader], bool]) -> None:
        """End what has died, what nobody uses, and what belongs to a reader who is not let in any more."""
        now = self.clock()
        for kernel in list(self.kernels.values()):
            unused = now - kernel.used
            if not still_admitted(kernel.reader):
                await self.end(kernel, LINK_OVER, "the link is not valid any more")
            elif kernel.id not in self.manager or not await self.manager.get_kernel(kernel.id).is_alive():
                await self.end(kernel, DIED, "the kernel has died")
            elif kernel.socket is None and unused > self.alone_seconds:
                await self.end(kernel, ASLEEP, "its page is gone")
            elif unused > self.idle_seconds:
                await self.end(kernel, ASLEEP, "unused")


def limit_kernels(memory: Mapping[str, int] | None = None) -> int:
    """Return how many kernels this machine's memory has room for: half of what is free, at 100 MB each, 4 to 200."""
    free = memory if memory is not None else read_memory()
    return max(4, min(200, free.get("MemAvailable", 4_000_000) // 2 // 100_000))


def read_memory() -> dict[str, int]:
    """Return /proc/meminfo in kB; nothing where there is none."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}

"""Which files are opened while something runs, by whichever process and library: told by the operating system."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

IN_CLOSE_NOWRITE, IN_OPEN, IN_ISDIR = 0x10, 0x20, 0x40000000
HEAD = struct.Struct("iIII")


@contextmanager
def count_opened(folders: Iterable[Path]) -> Iterator[Counter[Path]]:
    """Yield a counter that holds, when the block has ended, how often each file of the folders was opened."""
    if sys.platform != "linux":
        pytest.skip("opened files are told by Linux")
    library = ctypes.CDLL(None, use_errno=True)
    queue = library.inotify_init1(os.O_NONBLOCK)
    if queue < 0:
        pytest.skip("this machine does not tell which files are opened")
    opened: Counter[Path] = Counter()
    try:
        # closing is watched, too: two of the same kind in a row would be told as one
        watched = {
            library.inotify_add_watch(queue, os.fsencode(folder), IN_OPEN | IN_CLOSE_NOWRITE): folder
            for folder in folders
        }
        assert all(number > 0 for number in watched)
        yield opened
        while events := _read(queue):
            at = 0
            while at < len(events):
                number, mask, _, length = HEAD.unpack_from(events, at)
                name = events[at + HEAD.size : at + HEAD.size + length].rstrip(b"\0")
                at += HEAD.size + length
                if mask & IN_OPEN and not mask & IN_ISDIR:
                    opened[watched[number] / os.fsdecode(name)] += 1
    finally:
        os.close(queue)


def _read(queue: int) -> bytes:
    try:
        return os.read(queue, 1 << 20)
    except BlockingIOError:
        return b""

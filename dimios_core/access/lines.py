"""Files of JSON lines that only grow, readable by their owner alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from dimios_core.replacing import PRIVATE_FILE, PRIVATE_FOLDER

#: Windows locks bytes; this one lies behind the end of any file, so that reading goes on
LOCKED_BYTE = 1 << 30


def make_private_folder(folder: Path) -> None:
    """Make a folder that its owner alone can enter; one that is there stays as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def open_to_append(path: Path) -> IO[bytes]:
    """Open a file, made where it is missing, so that each write goes to its end at once."""
    make_private_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE_FILE)
    return os.fdopen(descriptor, "a+b", buffering=0)


def append_events(path: Path, events: Iterable[Mapping[str, object]]) -> None:
    """Append a line for each event, all or none, and return when they are on disk.

    Another process that appends meanwhile waits. What a writer that died has left of a line is cut off.

    Raises
    ------
    OSError
        They cannot be written; the file is as it was.
    """
    lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events).encode()
    with open_to_append(path) as file:
        _lock(file)
        content = path.read_bytes()
        rest = content[content.rfind(b"\n") + 1 :]
        if _is_whole(rest):  # of a file edited by hand
            lines = b"\n" + lines
        elif rest:
            file.truncate(len(content) - len(rest))
        end = file.seek(0, os.SEEK_END)
        try:
            while lines:
                lines = lines[os.write(file.fileno(), lines) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)
            raise


def read_lines(path: Path) -> list[bytes]:
    """Return a file's lines. A last line without its end counts if it is whole; else it is still being written."""
    *lines, last = path.read_bytes().split(b"\n")
    return [*lines, last] if _is_whole(last) else lines


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _lock(file: IO[bytes]) -> None:
    """Wait for the file's lock; closing the file gives it back."""
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
    else:  # pragma: no cover  (Windows)
        import msvcrt

        file.seek(LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]

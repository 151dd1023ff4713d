"""One at a time at an outputs folder: a lock that tells who holds it, and that dies with its holder."""

from __future__ import annotations

import functools
import inspect
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

from dimios_core.errors import InputError, Problem

P = ParamSpec("P")
R = TypeVar("R")
LOCK_NAME = ".lock"
#: folder, process and thread of those who hold one
_HELD: set[tuple[Path, int, int]] = set()


@dataclass(frozen=True)
class Holder:
    """Who is at work: the command, its process number, and since when (UTC)."""

    command: str
    process: int
    since: str

    def __str__(self) -> str:
        return f"{self.command} (process {self.process}, since {self.since})"


@contextmanager
def hold(outputs: Path, command: str) -> Iterator[None]:
    """Hold the outputs folder while the block runs; a part of what the holder does may hold it again.

    The operating system gives the lock back when the process ends, however it ends.

    Raises
    ------
    InputError
        Somebody else holds it; the message tells who.
    """
    own = (outputs.resolve(), os.getpid(), threading.get_ident())
    if own in _HELD:
        yield
        return
    is_new = not outputs.exists()
    outputs.mkdir(parents=True, exist_ok=True)
    try:
        with _hold_file(outputs, command):
            _HELD.add(own)
            yield
    except BaseException:
        if is_new and [path.name for path in outputs.iterdir()] == [LOCK_NAME]:
            shutil.rmtree(outputs, ignore_errors=True)  # what is refused leaves nothing behind
        raise
    finally:
        _HELD.discard(own)


@contextmanager
def _hold_file(outputs: Path, command: str) -> Iterator[None]:
    with (outputs / LOCK_NAME).open("a+", encoding="utf-8") as file:
        if not _lock(file):
            raise InputError(
                Problem(
                    "outputs",
                    f"{read_holder(outputs) or 'another command'} is at work there",
                    "wait until it is done, or stop it and start again",
                )
            )
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        file.truncate(0)
        file.write(json.dumps({"command": command, "process": os.getpid(), "since": now}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def holding(command: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function hold the folder that it takes as `outputs`, from its first line to its last."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def held(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            with hold(Path(given.arguments["outputs"]), command):
                return function(*args, **kwargs)

        return held

    return wrap


def read_holder(outputs: Path) -> Holder | None:
    """Return who holds the folder, as far as the lock tells; None where nobody is at work."""
    try:
        with (outputs / LOCK_NAME).open("a+", encoding="utf-8") as file:
            if _lock(file):
                return None
            file.seek(0)
            return Holder(**json.loads(file.read()))
    except (OSError, ValueError, TypeError):
        return None


def _lock(file: IO[str]) -> bool:
    """Lock the open file without waiting; False where another process has locked it."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True

"""Functions that tests call in children; children import this module by name."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from functools import partial
from pathlib import Path

STATE: list[int | str] = []


def add(a: int, b: int = 0) -> int:
    return a + b


def remember(value: int) -> list[int | str]:
    STATE.append(value)
    return STATE


def check_addresses(one: str, other: str) -> tuple[bool, bool, bool, bool]:
    """Whether each is an address, and whether the grammar had been built before, and was built then."""
    import nbformat  # noqa: F401 - brings jsonschema
    from jsonschema import FormatChecker

    before = "rfc3987_syntax" in sys.modules
    known = [FormatChecker().conforms(text, "iri") for text in (one, other)]
    return *known, before, "rfc3987_syntax" in sys.modules


def list_modules() -> list[str]:
    return list(sys.modules)


def fail(message: str) -> None:
    raise ValueError(message)


class StubbornError(Exception):
    """Cannot be made again from its arguments, as pickle does it."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__("stubborn")


def fail_stubbornly() -> None:
    raise StubbornError(1, 2)


def kill_oneself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def end_with_words(words: str) -> None:
    print(words)
    sys.stdout.flush()
    os._exit(3)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def hoard(size: int) -> int:
    return len(bytearray(size))


def write_garbage() -> None:
    from dimios_core.forking import child

    child._Caller.send.args[0].sendall(b"no frame at all " * 8)


def note_and(place: int, then: str) -> None:
    from dimios_core.forking.child import note_place

    note_place(place)
    {"die": kill_oneself, "sleep": partial(sleep, 60), "babble": write_garbage, "answer": bool}[then]()
    if then == "babble":  # and is still at it when it is heard
        sleep(60)


def tell_news(times: int) -> str:
    from dimios_core.forking.child import in_child, tell

    for number in range(times):
        tell(number)
    return f"in child: {in_child()}"


def describe() -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "session": os.getsid(0),
        "threads": len(list(Path("/proc/self/task").iterdir())),
        "parent_threads": len(list(Path(f"/proc/{os.getppid()}/task").iterdir())),
        "environment": dict(os.environ),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "limit": resource.getrlimit(resource.RLIMIT_DATA)[0],
    }


def mark_preloaded(*words: str) -> None:
    STATE.extend(words or [-1])


def load_for_long() -> None:
    time.sleep(600)


def preload_sockets() -> None:
    import socket  # noqa: F401


def attempt(action) -> str:
    try:
        return action() or "done"
    except OSError as error:
        return type(error).__name__


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def try_files(readable: list[Path], writable: list[Path], folders: dict[str, Path]) -> dict[str, object]:
    from dimios_core.forking.confinement import confine

    tried: dict[str, object] = {"confined": confine(readable, writable)}
    for name, folder in folders.items():
        tried[f"read {name}"] = attempt(lambda folder=folder: read_text(folder / "file.txt"))
        tried[f"write {name}"] = attempt(lambda folder=folder: (folder / "new").write_text("x") and None)
    for name in ("readable", "other"):
        tried[f"list {name}"] = attempt(lambda name=name: list(folders[name].iterdir()) and None)
    tried["through a link"] = attempt(lambda: read_text(folders["readable"] / "link.txt"))
    tried["import"] = attempt(lambda: __import__("wave") and None)
    return tried


def read_environment_of(process: int) -> dict[str, str]:
    from dimios_core.forking.confinement import confine

    parent = os.getppid()
    confine([], [])
    return {
        who: attempt(lambda number=number: Path(f"/proc/{number}/environ").read_bytes() and None)
        for who, number in (("own", os.getpid()), ("other", process), ("parent", parent))
    }


def connect_to(port: int) -> str:
    import socket

    from dimios_core.forking.confinement import confine

    confine([], [])
    return attempt(lambda: socket.create_connection(("127.0.0.1", port), 2) and None)

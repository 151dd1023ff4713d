"""One child: a process of its own that calls functions, one after another, and tells its caller what came of each."""

from __future__ import annotations

import functools
import mmap
import os
import pickle
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from dimios_core.forking.frames import receive_frame, send_frame
from dimios_core.forking.limits import Limits, die_with_parent, limit_memory

#: a place as it is noted
PLACE = struct.Struct("<i")


class _Caller:
    """Who waits for this process; `send` sends one pickled (kind, content), and is None outside children."""

    send: ClassVar[Callable[[bytes], None] | None] = None
    hang_up: ClassVar[Callable[[], None] | None] = None
    #: memory that the parent sees, too
    place: ClassVar[mmap.mmap | None] = None


def in_child() -> bool:
    """Tell whether this process is a child that answers calls."""
    return _Caller.send is not None


def tell(news: Any) -> None:
    """Tell the caller something on the way; it must be picklable. Outside a child nothing happens."""
    if _Caller.send is not None:
        _Caller.send(pickle.dumps(("news", news)))


def note_place(place: int) -> None:
    """Note how far the call has come. Nobody hears of it but who waits for a child that does not come back: `ChildError.place`."""
    if _Caller.place is not None:
        PLACE.pack_into(_Caller.place, 0, place)


def hang_up() -> None:
    """End the conversation: from here on the caller hears of nothing but this process's end.

    The caller unpickles what it is told, and so believes it. What is not to be believed runs after this.
    """
    if _Caller.hang_up is not None:
        _Caller.hang_up()
    _Caller.send = _Caller.hang_up = None


def serve_call(request: bytes, send: Callable[[bytes], None]) -> None:
    """Make the call of a request (pickled limits and pickled call) and send its value or its error."""
    _Caller.send = send
    try:
        limits, call = pickle.loads(request)
        _apply(limits)
        function, arguments, named = pickle.loads(call)
        answer = pickle.dumps(("value", function(*arguments, **named)))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the caller's to handle
        answer = _pickle_error(error)
    sys.stdout.flush()
    sys.stderr.flush()
    note_place(0)  # it ends here: a child that is killed before the next call was nowhere in it
    send(answer)


def run_child(conversation: int, words: int, place: mmap.mmap, parent: int) -> None:
    """Be a child from here on: read a call, make it, answer, until the caller says no more. Does not return."""
    code = 1
    try:
        _separate(words, parent)
        connection = socket.socket(fileno=conversation)
        _Caller.hang_up, _Caller.place = connection.close, place
        while (request := receive_frame(connection)) is not None:
            serve_call(request, functools.partial(send_frame, connection))
        code = 0
    except OSError:
        pass  # the caller is gone, or was told that nothing comes
    finally:
        os._exit(code)  # the parent's exit handlers are not the child's


def _separate(words: int, parent: int) -> None:
    """Leave what belongs to the parent: its session, signal handlers, and the terminal."""
    os.setsid()
    die_with_parent(parent)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(words, 1)
    os.dup2(words, 2)
    os.close(words)


def _apply(limits: Limits) -> None:
    if limits.memory_bytes is not None and sys.platform == "linux":
        limit_memory(limits.memory_bytes)


def _pickle_error(error: BaseException) -> bytes:
    try:
        whole = pickle.dumps(("error", error))
        pickle.loads(whole)
        return whole
    except Exception:  # noqa: BLE001 - many exceptions cannot be pickled, or not be made again
        return pickle.dumps(("error", RuntimeError(f"{type(error).__name__}: {error}")))

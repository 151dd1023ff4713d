"""What is said with a child: calls, the news of each, its answer, or how the child ended without one."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, BinaryIO

from dimios_core.forking.errors import ChildError, ServerClosedError
from dimios_core.forking.frames import receive_frame, send_frame
from dimios_core.forking.limits import Limits
from dimios_core.forking.parent import END

LAST_WORDS_LETTERS_N = 300
ENDINGS = {
    "SIGKILL": "it was killed (out of memory?)",
    "SIGSEGV": "it crashed",
    "SIGABRT": "it gave up (out of memory?)",
}
OnNews = Callable[[Any], None]


@dataclass(frozen=True)
class Conversation:
    """A child that is alive, and the way to it.

    Attributes
    ----------
    number : int
        The child's process number. It may be another process's once the conversation is over.
    """

    number: int
    _socket: socket.socket
    _status: BinaryIO
    _kill: Callable[[int], None]

    def ask(self, request: bytes) -> None:
        """Send a pickled call; whoever sends it listens, or kills the child."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its end is told to who listens
            send_frame(self._socket, request)

    def kill(self) -> None:
        """End the child and all that it has started."""
        self._kill(self.number)

    def close(self) -> None:
        """Say no more: a child that waits for a call ends then."""
        self._socket.close()
        self._status.close()

    def listen(self, limits: Limits, on_news: OnNews) -> Any:
        """Wait for the answer to a call. The errors are those of `ForkServer.call`; after one, the child is killed."""
        try:
            return self._listen(limits, on_news)
        except BaseException:
            self.kill()
            raise

    def _listen(self, limits: Limits, on_news: OnNews) -> Any:
        deadline = None if limits.seconds is None else time.monotonic() + limits.seconds
        reason = ""
        while True:
            left = None if deadline is None or reason else max(0.0, deadline - time.monotonic())
            if not wait([self._socket], left):  # select() knows no descriptor beyond 1023: a server has more
                reason = f"it was not done after {limits.seconds:g} seconds and was stopped"
                self.kill()
                continue
            try:
                frame = receive_frame(self._socket)
                if frame is None:
                    break
                kind, content = pickle.loads(frame)
            except Exception:  # noqa: BLE001 - bytes that do not unpickle raise anything
                reason = reason or "what it wrote was no answer"
                self.kill()
                break
            if kind == "news":
                on_news(content)
            elif kind == "error":
                raise content
            else:
                return content
        end = self._status.read()
        if len(end) < END.size and not reason:
            raise ServerClosedError("the parent process is gone")
        status, place = END.unpack(end[: END.size]) if end else (0, 0)
        raise ChildError(reason or _tell_end(status, end[END.size :]), place)


@dataclass(frozen=True)
class Call:
    """The only call in a child, under way."""

    _conversation: Conversation
    _limits: Limits

    @property
    def number(self) -> int:
        """The child's process number. It may be another process's once `result` has returned."""
        return self._conversation.number

    def kill(self) -> None:
        """End the child and all that it has started; `result` raises then."""
        self._conversation.kill()

    def result(self, on_news: OnNews = lambda news: None) -> Any:
        """Wait for the answer, once. The errors are those of `ForkServer.call`."""
        with contextlib.closing(self._conversation):
            return self._conversation.listen(self._limits, on_news)


def _tell_end(status: int, words: bytes) -> str:
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        reason = ENDINGS.get(name, f"{name} ended it")
    else:
        reason = f"it ended with code {os.waitstatus_to_exitcode(status)} and no answer"
    last = words.decode(errors="replace").strip()[-LAST_WORDS_LETTERS_N:]
    return f"{reason}; its last words: {last}" if last else reason

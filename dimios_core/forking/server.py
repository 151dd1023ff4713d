"""The owner's end: starts the parent, makes calls in its children, and ends them all."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dimios_core.forking.call import Call, Conversation, OnNews
from dimios_core.forking.children import Child, pack_call
from dimios_core.forking.errors import ServerClosedError
from dimios_core.forking.frames import GarbledError, receive_frame, send_frame
from dimios_core.forking.limits import NO_LIMITS, Limits
from dimios_core.forking.parent import FORK, KILL, NUMBER, Greeting

#: what keeps libraries from starting threads, which a fork would lose
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
#: how often a parent is started for one call, and how long one may take to end
STARTS_N = 2
STOP_SECONDS = 10.0


def can_fork() -> bool:
    """Tell whether children can be forked here: on Linux (macOS has fork and breaks)."""
    return sys.platform == "linux"


@dataclass
class _Parent:
    """A parent process, the socket that it takes orders from, and whether it has loaded what it shall."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    ready: bool = False

    def get_ready(self) -> None:
        """Wait until it has loaded what it shall; raises ServerClosedError where it does not come to that."""
        if not self.ready:
            with contextlib.suppress(GarbledError, OSError):
                self.ready = receive_frame(self.control) is not None
        if not self.ready:
            raise ServerClosedError("the parent process did not start; its error stands above")

    def end(self) -> None:
        """Close the socket: the parent ends by itself then, and its children with it. One that still loads is killed first."""
        if not self.ready:  # before it finds the socket closed, and complains
            self.process.kill()
        self.control.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _begin_parent(environment: dict[str, str], preload: tuple[str, ...]) -> _Parent:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            # -P: the folder that one happens to stand in holds no modules of ours
            [sys.executable, "-P", "-m", "dimios_core.forking", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    with contextlib.suppress(OSError):  # it has ended: who waits for it is told
        send_frame(ours, pickle.dumps(Greeting(tuple(p for p in sys.path if p), preload)))
    return _Parent(process, ours)


def environment_of_results(results: Path) -> dict[str, str]:
    """Return the variables of a parent whose children make the same files of a results folder in every run."""
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "DIMIOS_RESULTS": str(results),
    }  # sets keep their order
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # it makes every import twice as slow
    return environment


class ForkServer:
    """Calls functions in children that are forked from a preloaded parent.

    The parent starts at the first call and again after it was lost. Any thread may call; each call has a child, or one
    of a thread's own (`child`).

    Parameters
    ----------
    preload : sequence of str
        `module:function`, called in the parent before it forks; `module:function:a:b` is given the texts a and b. They must
        leave no thread behind.
    environment : mapping, optional
        The environment variables of parent and children, beside those that keep libraries to one thread;
        default: those of this process at the start.
    """

    def __init__(self, preload: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> None:
        self.preload, self.environment = tuple(preload), environment
        self._lock = threading.Lock()
        self._parent: _Parent | None = None
        self._closed = False

    def call(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limits: Limits = NO_LIMITS,
        on_news: OnNews = lambda news: None,
        **named: Any,
    ) -> Any:
        """Call a function of a module in a child and return what it returns.

        Parameters
        ----------
        function, *arguments, **named
            Picklable; the function is looked up by its name.
        limits
            What the child may use.
        on_news
            Gets what the child tells on the way (`dimios_core.forking.child.tell`).

        Raises
        ------
        ChildError
            The child ended without an answer.
        ServerClosedError
            The server was closed meanwhile.
        Exception
            Whatever the function raised.
        """
        with contextlib.closing(self.child()) as child:
            return child.call(function, *arguments, limits=limits, on_news=on_news, **named)

    def child(self) -> Child:
        """Return a child for several calls, which begins with the first; see `Child`."""
        return Child(self._fork if can_fork() else None)

    def start(
        self, function: Callable[..., Any], *arguments: Any, limits: Limits = NO_LIMITS, **named: Any
    ) -> Call:
        """Begin a call in a child and return at once; see `call`. Linux only.

        Returns
        -------
        Call
            Whoever began it waits for its `result`, or kills it.

        Raises
        ------
        ServerClosedError
            The server is closed.
        """
        conversation = self._fork()
        conversation.ask(pack_call(function, arguments, named, limits))
        return Call(conversation, limits)

    def _fork(self) -> Conversation:
        """Return the conversation with a new child.

        A parent that was lost is noticed here, and a new one started: no work has begun.
        """
        for _ in range(STARTS_N):
            ours, theirs = socket.socketpair()
            reading, writing = os.pipe()
            status = os.fdopen(reading, "rb")
            try:
                with self._lock:
                    parent = self._running()
                    with contextlib.suppress(OSError):  # it is gone: nothing comes back then
                        socket.send_fds(parent.control, [FORK], [theirs.fileno(), writing])
            finally:
                theirs.close()
                os.close(writing)
            number = status.read(NUMBER.size) or b""
            if len(number) == NUMBER.size:
                return Conversation(NUMBER.unpack(number)[0], ours, status, self._kill)
            ours.close()
            status.close()
            with self._lock:
                if self._parent is parent:
                    self._end()
        raise ServerClosedError("the parent process is gone")

    def _running(self) -> _Parent:
        """Return a parent that is ready; start one if need be."""
        parent = self._begun()
        try:
            parent.get_ready()
        except ServerClosedError:
            self._end()
            raise
        return parent

    def _begun(self) -> _Parent:
        """Return a parent that is alive; begin one if need be."""
        if self._closed:
            raise ServerClosedError("the server is closed")
        if self._parent is None or self._parent.process.poll() is not None:
            self._end()
            environment = os.environ if self.environment is None else self.environment
            self._parent = _begin_parent({**environment, **ONE_THREAD}, self.preload)
        return self._parent

    def _kill(self, number: int) -> None:
        with self._lock:
            if self._parent is not None:
                with contextlib.suppress(OSError):
                    self._parent.control.sendall(KILL + NUMBER.pack(number))

    def begin(self) -> None:
        """Begin to start the parent, and return at once: it gets ready while this process does something else.

        Nothing is started where nothing can be forked: no call would come to it.
        """
        if can_fork():
            with self._lock:
                self._begun()

    def warm_up(self) -> None:
        """Start the parent now; otherwise the first call does. Nothing is started where nothing can be forked."""
        if can_fork():
            with self._lock:
                self._running()

    def close(self) -> None:
        """End the parent and every child; calls under way raise `ServerClosedError`."""
        self._closed = True
        with self._lock:
            self._end()

    def _end(self) -> None:
        parent, self._parent = self._parent, None
        if parent is not None:
            parent.end()

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

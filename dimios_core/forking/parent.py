"""The preloaded parent: one thread and one loop, which forks when asked and tells how each child ended.

Started by `ForkServer` as `python -m dimios_core.forking FD`, where FD is the control socket. It reads one
greeting (a pickled `Greeting`), preloads, and answers with an empty frame. Then each byte that comes means:

- `f`, with two descriptors: fork. The first is the child's conversation with its caller, the second takes the
  child's process number at once, and its exit status, the place that it noted last and its last words when it has ended;
- `k` and a process number: kill that child and everything it started.

When the control socket closes, the owner is gone: all children are killed and the parent ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import mmap
import os
import pickle
import select
import signal
import socket
import struct
import sys
from dataclasses import dataclass, field

from dimios_core.forking.child import PLACE, run_child
from dimios_core.forking.frames import receive_frame, send_frame
from dimios_core.forking.late_imports import delay_grammar

FORK, KILL = b"f", b"k"
NUMBER = struct.Struct("<i")
#: exit status and place
END = struct.Struct("<ii")
LAST_WORDS_BYTES = 2_000


@dataclass(frozen=True)
class Greeting:
    """How the owner wants its parent: where modules are found, and what to call before any fork.

    That is `module:function`, and what follows after further colons are texts that the function is given.
    """

    path: tuple[str, ...]
    preload: tuple[str, ...]


@dataclass(frozen=True)
class _Child:
    status: int  # descriptor that takes its number and its end
    words: int  # descriptor of the file that stands for its stdout and stderr
    place: mmap.mmap  # how far it has come, as it notes itself

    def close(self) -> None:
        os.close(self.status)
        os.close(self.words)
        self.place.close()


@dataclass
class Parent:
    """The loop, and the children that are alive."""

    control: socket.socket
    children: dict[int, _Child] = field(default_factory=dict)
    #: becomes readable when a child has ended
    woken: int = -1

    def run(self) -> None:
        """Serve until the owner is gone."""
        self.woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # a handler of Python's, or the pipe stays silent
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's affair
        while True:
            waiting: list[socket.socket | int] = [self.control, self.woken]
            ready, _, _ = select.select(waiting, [], [])
            if self.woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.woken, 4096)
                self._reap()
            if self.control in ready and not self._serve():
                break
        for number in list(self.children):
            self._kill(number)

    def _serve(self) -> bool:
        try:
            order, descriptors, _, _ = socket.recv_fds(self.control, 1, 2)
        except ConnectionError:  # the owner has gone without a look at what was told
            return False
        if order == FORK:
            self._fork(*descriptors)
        elif order == KILL:
            (number,) = NUMBER.unpack(self.control.recv(NUMBER.size, socket.MSG_WAITALL))
            self._kill(number)
        return bool(order)

    def _fork(self, conversation: int, status: int) -> None:
        words, place = os.memfd_create("words"), mmap.mmap(-1, PLACE.size)
        parent = os.getpid()
        try:
            number = os.fork()
        except OSError as error:  # no process or memory left: the caller reads it as the child's last words
            os.write(status, NUMBER.pack(0) + END.pack(1 << 8, 0) + str(error).encode())
            number = -1
        if number == 0:
            for end in (signal.set_wakeup_fd(-1), self.woken):
                os.close(end)
            self.control.close()
            for child in self.children.values():
                child.close()
            os.close(status)
            run_child(conversation, words, place, parent)
        os.close(conversation)
        child = _Child(status, words, place)
        if number < 0:
            child.close()
            return
        os.write(status, NUMBER.pack(number))
        self.children[number] = child

    def _kill(self, number: int) -> None:
        """Kill a child that has not been reaped, so that no other process can bear its number."""
        if number in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(number, signal.SIGKILL)

    def _reap(self) -> None:
        while self.children:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number == 0:
                return
            child = self.children.pop(number, None)
            if child is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.killpg(number, signal.SIGKILL)  # nothing that it started outlives it
            written_n = os.fstat(child.words).st_size
            last = os.pread(child.words, LAST_WORDS_BYTES, max(0, written_n - LAST_WORDS_BYTES))
            with contextlib.suppress(BrokenPipeError):
                os.write(child.status, END.pack(status, *PLACE.unpack(child.place)) + last)
            child.close()


def main() -> None:
    """Preload, then serve."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    greeting = receive_frame(control)
    if greeting is None:
        return
    wanted: Greeting = pickle.loads(greeting)
    sys.path[:] = wanted.path
    delay_grammar()
    gc.disable()  # what is loaded stays
    for name in wanted.preload:
        module, function, *words = name.split(":")
        getattr(importlib.import_module(module), function)(*words)
    # the children's collector leaves what they share alone, and so the shared pages too; what little is garbage stays
    gc.freeze()
    gc.enable()
    with contextlib.suppress(ConnectionError):
        send_frame(control, b"")
        Parent(control).run()
    os._exit(0)  # to take apart what is loaded would keep the owner waiting

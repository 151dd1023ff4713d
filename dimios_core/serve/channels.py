"""A page and its kernel at work: the websocket between them, and its end. A kernel is its reader's alone."""

from __future__ import annotations

import logging
import re
from typing import Any

import tornado.web
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from dimios_core.serve.guard import Guarded
from dimios_core.serve.kernels import ASLEEP, DIED, LiveKernel, LiveKernels
from dimios_core.serve.stored import LIVE_PREFIX

KERNEL_PATTERN = rf"{LIVE_PREFIX}kernel/([0-9a-f-]{{36}})"
CHANNELS_PATTERN, CLOSE_PATTERN = f"{KERNEL_PATTERN}/channels", f"{KERNEL_PATTERN}/close"
#: what a page may say to its kernel: another value for a widget, and nothing else
MESSAGES_ALLOWED = ["comm_msg"]
MESSAGE_BYTES_MAX = 16_384
#: what a kernel may say to its page; of errors the page learns that there was one
MESSAGES_SHOWN = frozenset(("comm_msg", "status"))
#: how a page calls its connection
SESSION = re.compile(r"[A-Za-z0-9]{1,64}")
#: messages of a page that its kernel has not answered, and such to it that it has not read: a page has a few
WAITING_MAX = 200
#: failures of one kernel that are logged: a reader could make more than a disk holds
FAILURES_LOGGED_N = 10
#: what a terminal would act on; what a reader said stands in tracebacks, too
_COLOUR, _CONTROL = re.compile(r"\x1b\[[0-9;]*m"), re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
log = logging.getLogger("dimios.serve")


class PageConnection(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel: what goes wrong inside is told to the log, not to the page."""

    def _on_zmq_reply(self, stream: Any, msg_list: Any) -> None:
        kind, content = msg_list["header"]["msg_type"], msg_list["content"]
        handler: Any = self.websocket_handler
        if kind == "status" and content["execution_state"] == "idle":
            handler.note_answer(msg_list["parent_header"])
        if kind == "error" or (kind == "stream" and content["name"] == "stderr"):
            handler.note_failure(content)
            msg_list["header"]["msg_type"], msg_list["content"] = "error", {}
        elif kind not in MESSAGES_SHOWN:
            return
        super()._on_zmq_reply(stream, msg_list)


class KernelOfReader(Guarded):
    """A route to a live kernel, which is its reader's alone."""

    def initialize(self, kernels: LiveKernels) -> None:
        """Keep the kernels."""
        self.kernels = kernels

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the reader's own where the kernel is this reader's, on this device."""
        kernel_id = path[0] if path else named["kernel_id"]
        if self.reader is None or self.kernels.find(kernel_id, self.reader) is None:
            return None
        return self.reader.owner

    def check_xsrf_cookie(self) -> None:
        """Ask for no further token: the guard has checked where the request comes from."""


class ChannelsHandler(KernelOfReader, VoilaKernelWebsocketHandler):
    """The websocket between a page and its kernel."""

    kernel: LiveKernel | None = None
    unanswered_n = unread_n = 0

    async def pre_get(self) -> None:
        """Refuse a name that the kernel's sockets could not bear."""
        if not SESSION.fullmatch(self.get_argument("session_id", "")):
            raise tornado.web.HTTPError(400)
        await super().pre_get()

    async def open(self, kernel_id: str) -> None:
        """Take the kernel over; an older socket of the same kernel is closed."""
        kernel = self.kernels.kernels.get(kernel_id)
        if kernel is None:  # it has ended meanwhile
            self.close(DIED)
            return
        if kernel.socket is not None:
            kernel.socket.kernel = None
            kernel.socket.close(ASLEEP)
        self.kernel, kernel.socket = kernel, self
        kernel.used = self.kernels.clock()
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        """Hand a message on to the kernel; what is none ends the conversation."""
        if self.kernel is None or not isinstance(ws_message, str):
            self.close(1003)
            return
        self.kernel.used = self.kernels.clock()
        self.unanswered_n += 1
        if self.unanswered_n > WAITING_MAX:
            self.close(1008)
            return
        try:
            super().on_message(ws_message)
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError, RecursionError):
            self.close(1003)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send what the kernel says, to a page that reads it."""
        if self.unread_n > WAITING_MAX:
            self.close(1008)
            return None
        written = super().write_message(message, binary)
        if written is not None:
            self.unread_n += 1
            written.add_done_callback(self._note_read)
        return written

    def _note_read(self, written: Any) -> None:
        self.unread_n -= 1
        if not written.cancelled():
            written.exception()  # it is known elsewhere that the page is gone

    def note_answer(self, question: dict[str, Any]) -> None:
        """Count what the kernel has answered, beside what the server itself asks it."""
        if question.get("msg_type") in MESSAGES_ALLOWED:
            self.unanswered_n -= 1

    def on_close(self) -> None:
        """Leave the kernel to whoever comes back for it, for a while."""
        if self.kernel is not None:
            self.kernel.socket, self.kernel.used = None, self.kernels.clock()
            self.kernel = None
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def note_failure(self, content: dict[str, Any]) -> None:
        """Log what went wrong in the kernel, under the page's support code."""
        if self.kernel is None or self.kernel.failures_n >= FAILURES_LOGGED_N:
            return
        self.kernel.failures_n += 1
        words = content.get("text") or "\n".join(content.get("traceback", ()))
        log.error("code %s: %s", self.kernel.code, _CONTROL.sub("?", _COLOUR.sub("", words)))


class CloseHandler(KernelOfReader, tornado.web.RequestHandler):
    """Ends the kernel of a page that was closed."""

    async def post(self, kernel_id: str) -> None:
        """End it."""
        await self.kernels.end(self.kernels.kernels[kernel_id], ASLEEP, "the page was closed")
        self.set_status(204)

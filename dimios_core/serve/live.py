"""The live route: Voilà runs a report's cells in a kernel, and the stored page takes the kernel over.

The organisation comes from the address' path alone: the notebook that lies there carries its parameters, and running
it again needs nothing from the reader.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
from typing import Any, ClassVar

import tornado.web
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from traitlets.config import Config
from voila.handler import BaseVoilaHandler
from voila.notebook_renderer import NotebookRenderer
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from dimios_core.report.widgets import WIDGET_MIME
from dimios_core.serve.guard import Guarded
from dimios_core.serve.kernels import ASLEEP, DIED, LiveKernel, LiveKernels
from dimios_core.serve.pages import PLACE, owner_of
from dimios_core.serve.stored import LIVE_PREFIX, StoredPages

LIVE_PATTERN = rf"{LIVE_PREFIX}({PLACE})"
KERNEL_PATTERN = rf"{LIVE_PREFIX}kernel/([0-9a-f-]{{36}})"
CHANNELS_PATTERN, CLOSE_PATTERN = f"{KERNEL_PATTERN}/channels", f"{KERNEL_PATTERN}/close"
STATE_MIME = "application/vnd.jupyter.widget-state+json"
#: cells of a report that a live page needs
LIVE_TAGS = frozenset(("parameters", "injected-parameters", "setup", "live"))
#: what a page may say to its kernel: another value for a widget, and nothing else
MESSAGES_ALLOWED = ["comm_msg"]
MESSAGE_BYTES_MAX = 16_384
#: what a kernel may say to its page; of errors the page learns that there was one
MESSAGES_SHOWN = frozenset(("comm_msg", "status"))
CODE = re.compile(r"[A-Z0-9]{6}")
NO_CODE = "------"
#: how a page calls its connection
SESSION = re.compile(r"[A-Za-z0-9]{1,64}")
#: messages of a page that its kernel has not answered, and such to it that it has not read: a page has a few
WAITING_MAX = 200
#: failures of one kernel that are logged: a reader could make more than a disk holds
FAILURES_LOGGED_N = 10
#: what a terminal would act on; what a reader said stands in tracebacks, too
_COLOUR, _CONTROL = re.compile(r"\x1b\[[0-9;]*m"), re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: when to ask again where there is no room; not all at the same time
BUSY_SECONDS = (2, 6)
START_SECONDS = 30.0
log = logging.getLogger("dimios.serve")


def keep_live_cells(handler: Any, notebook: Any, cwd: str) -> Any:
    """Return the notebook with the cells that a live page needs: Voilà's hook before a kernel starts."""
    notebook.cells = [
        c
        for c in notebook.cells
        if c.cell_type == "code" and LIVE_TAGS.intersection(c.metadata.get("tags", ()))
    ]
    return notebook


def describe_live(notebook: Any) -> str:
    """Return the pieces with controls of a notebook that has run, as JSON: the template's one filter.

    Each has the model of what its controls choose (`content`), and its controls in order: their model, the labels
    of their options, and which is chosen.
    """
    states = notebook.metadata.get("widgets", {}).get(STATE_MIME, {}).get("state", {})

    def state(reference: str) -> dict[str, Any]:
        return states[reference.removeprefix("IPY_MODEL_")]["state"]

    pieces = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            view = output.get("data", {}).get(WIDGET_MIME)
            if view is None:
                continue
            _, row, content = state(view["model_id"])["children"]
            controls = [
                {
                    "model": box.removeprefix("IPY_MODEL_"),
                    "labels": list(state(box)["_options_labels"]),
                    "index": state(box)["index"],
                }
                for box in state(row)["children"]
            ]
            pieces.append({"content": content.removeprefix("IPY_MODEL_"), "controls": controls})
    return json.dumps(pieces)


class LiveHandler(Guarded, BaseVoilaHandler):
    """Starts a kernel for a page that the reader has touched."""

    noted_as: ClassVar[str] = "live"

    def initialize(
        self, pages: StoredPages, kernels: LiveKernels, template_paths: list[str], **voila: Any
    ) -> None:
        """Keep the pages, the kernels, and where the template lies."""
        self.pages, self.kernels, self.template_paths = pages, kernels, template_paths
        self.code = NO_CODE
        super().initialize(**voila)

    def owner(self, *path: str, **named: str) -> str | None:
        """Return the organisation in the address, which has been matched to its strict pattern before."""
        return owner_of(path[0])

    def check_xsrf_cookie(self) -> None:
        """Ask for no further token: the guard has checked where the request comes from."""

    async def get(self, path: str = "") -> None:
        """Answer that there is nothing to look at: a kernel starts by POST only."""
        raise tornado.web.HTTPError(404)

    async def post(self, place: str) -> None:
        """Start a kernel, run the report's live cells, and answer how the page reaches it."""
        asked = self._read_question()
        page = self.pages.get(place)
        if page is None or not (self.pages.reports / f"{place}.ipynb").is_file():
            raise tornado.web.HTTPError(404)
        if page.is_older or asked.get("reads") != " ".join(f"{k}={v}" for k, v in page.reads.items()):
            return self._answer(409, {"reason": "newer"})
        assert self.reader is not None
        if not await self.kernels.make_room(self.reader, place):
            self.set_header("Retry-After", str(random.randint(*BUSY_SECONDS)))
            return self._answer(503, {"reason": "busy"})
        try:
            answer = await asyncio.wait_for(self._start(place), START_SECONDS)
        except Exception:
            log.exception("code %s: no live page of %s", self.code, place)
            return self._answer(500, {"reason": "failed"})
        finally:
            self.kernels.start_ended(self.reader, place)
        if self.pages.get(place) != page:  # published anew while the kernel was starting
            return self._answer(409, {"reason": "newer"})  # nobody asks for the kernel, and it ends by itself
        return self._answer(200, answer)

    async def _start(self, place: str) -> dict[str, Any]:
        reader, kernels, manager = self.reader, self.kernels, self.kernel_manager
        assert reader is not None
        kernel_id = ""
        try:
            renderer = self._make_renderer(place)
            await renderer.initialize()
            kernel_id = await manager.start_kernel(path=place)
            said = await renderer.generate_content_str(kernel_id, manager.get_kernel(kernel_id))
            pieces = json.loads(said)
        except BaseException:
            if kernel_id in manager:
                await manager.shutdown_kernel(kernel_id, now=True)
            raise
        kernels.add(kernel_id, reader, place, self.code)
        base = f"{LIVE_PREFIX}kernel/{kernel_id}"
        return {"channels": f"{base}/channels", "close": f"{base}/close", "pieces": pieces}

    def _make_renderer(self, place: str) -> NotebookRenderer:
        """Return what runs a notebook in Voilà. Its own handler would give the kernel this request and all headers."""
        config = Config(self.settings["voila"].config)
        config.TemplateExporter.filters = {"describe_live": f"{__name__}.describe_live"}
        return NotebookRenderer(
            request_handler=self,
            voila_configuration=self.voila_configuration,
            traitlet_config=config,
            notebook_path=f"{place}.ipynb",
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config={},
            mathjax_config="",
            mathjax_url="",
        )

    def _read_question(self) -> dict[str, Any]:
        try:
            asked = json.loads(self.request.body)
            code = asked.get("code", "")
        except (ValueError, AttributeError, RecursionError):
            raise tornado.web.HTTPError(400) from None
        self.code = code if isinstance(code, str) and CODE.fullmatch(code) else NO_CODE
        return asked

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        tornado.web.RequestHandler.finish(self, json.dumps(content))

    def more_to_note(self) -> dict[str, Any]:
        """Return the page's support code."""
        return {"code": self.code}


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

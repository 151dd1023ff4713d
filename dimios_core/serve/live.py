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
from traitlets.config import Config
from voila.handler import BaseVoilaHandler
from voila.notebook_renderer import NotebookRenderer

from dimios_core.report.widgets import WIDGET_MIME
from dimios_core.serve.guard import Guarded
from dimios_core.serve.kernels import LiveKernels
from dimios_core.serve.stored import LIVE_PREFIX, PLACE, StoredPages, owner_of

LIVE_PATTERN = rf"{LIVE_PREFIX}({PLACE})"
STATE_MIME = "application/vnd.jupyter.widget-state+json"
#: cells of a report that a live page needs
LIVE_TAGS = frozenset(("parameters", "injected-parameters", "setup", "live"))
CODE = re.compile(r"[A-Z0-9]{6}")
NO_CODE = "------"
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

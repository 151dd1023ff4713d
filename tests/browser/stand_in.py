"""A stand-in for the server of live pages: a real HTTP server, sockets of Playwright's, content of real pieces."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

from dimios_core.page.build import make_live
from dimios_core.report.display import LivePiece

LIVE = "/levande/2026/almvik/sv/our_result"
#: an answer that never comes: the connection is cut
CUT = 0


class StandIn:
    """Serves one stored page and plays its kernels.

    Attributes
    ----------
    answers : list of (status, headers, body)
        What the next requests for a kernel get; when it is empty, each gets a new kernel.
    calls : list of dict
        The requests for a kernel: `headers` and `body`.
    closed : list of str
        Addresses of kernels that the page gave back.
    asked : list of (str, int)
        Changes that kernels were sent: "kernel/piece/control", index.
    silent : bool
        Whether kernels do not answer until `answer_all`.
    """

    def __init__(self, html: str, pieces: list[LivePiece], attributes: str = f'data-live="{LIVE}"') -> None:
        self.html = str(make_live(html, LIVE)).replace(f'data-live="{LIVE}"', attributes, 1)
        self.pieces = [p for p in pieces if any(c.offers_choice for c in p.controls)]
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self.calls: list[dict[str, Any]] = []
        self.closed: list[str] = []
        self.asked: list[tuple[str, int]] = []
        self.messages: list[dict[str, Any]] = []
        self.sockets: list[WebSocketRoute] = []
        self.silent = False
        self.fails_with: dict[str, Any] | None = None
        #: what the next kernel has chosen already: another tab left it so
        self.left_at: dict[tuple[int, str], str] = {}
        self.labels: Callable[[list[str]], list[str]] = lambda labels: labels
        self._chosen: dict[str, list[dict[str, str]]] = {}
        self._held: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/sida/our_result.html"

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def attach(self, page: Page) -> None:
        """Take the page's sockets."""
        page.route_web_socket("**/channels?session_id=*", self._connect)

    def wait_for(self, page: Page, what: Callable[[], Any]) -> None:
        """Let the page go on until something holds here."""
        end = time.monotonic() + 60
        while not what():
            assert time.monotonic() < end, "it did not come about"
            page.wait_for_timeout(20)

    # -- kernels -------------------------------------------------------------------------------------

    def _start_kernel(self) -> dict[str, Any]:
        kernel = f"k{len(self._chosen)}"
        chosen = [{c.name: c.value for c in p.controls} for p in self.pieces]
        for (piece, name), value in self.left_at.items():
            chosen[piece][name] = value
        self._chosen[kernel] = chosen
        return {
            "channels": f"/levande/kernel/{kernel}/channels",
            "close": f"/levande/kernel/{kernel}/close",
            "pieces": [
                {
                    "content": f"{kernel}/{i}",
                    "controls": [
                        {
                            "model": f"{kernel}/{i}/{c.name}",
                            "labels": self.labels([label for label, _ in c.options]),
                            "index": [v for _, v in c.options].index(chosen[i][c.name]),
                        }
                        for c in piece.controls
                        if c.offers_choice
                    ],
                }
                for i, piece in enumerate(self.pieces)
            ],
        }

    def _connect(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self._hear(json.loads(text)))

    def _hear(self, message: dict[str, Any]) -> None:
        content = message["content"]
        self.messages.append(message)
        self.asked.append((content["comm_id"], content["data"]["state"]["index"]))
        if self.silent:
            self._held.append(message)
        else:
            self._answer(message)

    def answer_all(self) -> None:
        """Answer what was held back, and all that comes."""
        self.silent = False
        held, self._held = self._held, []
        for message in held:
            self._answer(message)

    def _answer(self, message: dict[str, Any]) -> None:
        kernel, place, name = message["content"]["comm_id"].split("/")
        piece, chosen = self.pieces[int(place)], self._chosen[kernel][int(place)]
        self._tell(message, "status", {"execution_state": "busy"})
        if self.fails_with:
            self._tell(message, **self.fails_with)
        else:
            before = piece.wrap(piece.render(**chosen))
            control = next(c for c in piece.controls if c.name == name)
            chosen[name] = control.options[message["content"]["data"]["state"]["index"]][1]
            after = piece.wrap(piece.render(**chosen))
            model = f"{kernel}/{place}"
            echo = {"comm_id": model, "data": {"method": "echo_update", "state": {"value": "<p>echo</p>"}}}
            if after != before:  # a trait that is set to what it was tells nobody
                told = {"method": "update", "state": {"value": after}, "buffer_paths": []}
                self._tell(message, "comm_msg", {"comm_id": model, "data": told})
            self._tell(message, "comm_msg", echo)
        self._tell(message, "status", {"execution_state": "idle"})

    def _tell(self, parent: dict[str, Any], kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": "s-1", "session": "s", "username": "", "msg_type": kind, "version": "5.3"}
        message = {"channel": "iopub", "header": header, "parent_header": parent["header"], "metadata": {}}
        self.sockets[-1].send(json.dumps(message | {"content": content, "buffers": []}))

    # -- HTTP ----------------------------------------------------------------------------------------

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path.startswith("/sida/")
                page = stand_in.html if self.path.endswith("our_result.html") else "<title>other</title>"
                self._send(200 if found else 404, {"Content-Type": "text/html; charset=utf-8"}, page)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if self.path.endswith("/close"):
                    stand_in.closed.append(self.path)
                    self._send(204, {}, "")
                    return
                stand_in.calls.append({"headers": dict(self.headers), "body": json.loads(body)})
                if not stand_in.answers:
                    self._send(
                        200, {"Content-Type": "application/json"}, json.dumps(stand_in._start_kernel())
                    )
                    return
                status, headers, text = stand_in.answers.pop(0)
                if status == CUT:
                    self.close_connection = True
                    return
                self._send(status, headers, text)

            def _send(self, status: int, headers: dict[str, str], text: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                content = text.encode()
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:
                """Say nothing."""

        return Handler

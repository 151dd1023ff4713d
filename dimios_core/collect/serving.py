"""The server of the form: Tornado behind one guard, and no log of who asked for what."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import tornado.web
from tornado.httpserver import HTTPServer

from dimios_core.collect.box import Box
from dimios_core.collect.guard import ROOM, Guarded, RefusalError, Room
from dimios_core.collect.routes import ROUTES

#: all that a page may send; how long it may take, and how long a connection may be silent
BODY_BYTES_MAX, BODY_SECONDS, SILENT_SECONDS = 65_536, 30.0, 75.0
#: Tornado's own loggers name addresses of devices and of pages
SILENCED = ("tornado.access", "tornado.general", "tornado.application")


class Health(tornado.web.RequestHandler):
    """Tells a watchdog that the server answers."""

    def get(self) -> None:
        """Say so."""
        self.set_header("Server", "dimios")
        self.set_header("Cache-Control", "no-store")
        self.finish("ok")


class Missing(Guarded):
    """Every other address."""

    def prepare(self) -> None:
        """Refuse."""
        raise RefusalError("missing", 404)


def make_application(
    boxes: Mapping[str, Box], address: str, clock: Callable[[], datetime]
) -> tornado.web.Application:
    """Return the form's pages.

    Parameters
    ----------
    boxes : dict of id -> Box
    address : str
        What respondents open: scheme and host; requests for another host are refused.
    clock : callable
        Returns the time, with its zone.
    """
    room = Room(boxes, address, clock)
    settings: dict[str, Any] = {
        ROOM: room,
        "default_handler_class": Missing,
        "log_function": lambda handler: None,
        "xsrf_cookies": True,
        "xsrf_cookie_name": room.name_cookie("sida"),
        "xsrf_cookie_kwargs": room.cookie_settings,
    }
    return tornado.web.Application([(r"/health", Health), *ROUTES], **settings)


def serve(
    boxes: Mapping[str, Box],
    address: str,
    sockets: list[socket.socket],
    on_ready: Callable[[], None],
    clock: Callable[[], datetime],
) -> None:
    """Serve on sockets bound before, until a signal to stop; parameters as of `make_application`."""
    for name in SILENCED:
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    stopping = asyncio.Event()

    async def wait() -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stopping.set)
        on_ready()
        await stopping.wait()

    asyncio.run(_serve(make_application(boxes, address, clock), sockets, wait))


def serve_while(
    open_boxes: Callable[[], Mapping[str, Box]],
    address: str,
    sockets: list[socket.socket],
    work: Callable[[], None],
    clock: Callable[[], datetime],
) -> None:
    """Serve in a thread of its own while some work is done in another; `open_boxes` is called where they are served."""

    def run() -> None:
        boxes = open_boxes()
        try:
            asyncio.run(
                _serve(make_application(boxes, address, clock), sockets, lambda: asyncio.to_thread(work))
            )
        finally:
            for box in boxes.values():
                box.stop()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


async def _serve(
    application: tornado.web.Application, sockets: list[socket.socket], until: Callable[[], Awaitable[None]]
) -> None:
    server = HTTPServer(
        application,
        max_body_size=BODY_BYTES_MAX,
        body_timeout=BODY_SECONDS,
        idle_connection_timeout=SILENT_SECONDS,
    )
    server.add_sockets(sockets)
    try:
        await until()
    finally:
        server.stop()
        await server.close_all_connections()

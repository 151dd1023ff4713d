"""Calls in newly started processes, for systems where a preloaded parent cannot fork: slower, the same otherwise."""

from __future__ import annotations

import multiprocessing
import pickle
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from dimios_core.forking.child import serve_call
from dimios_core.forking.errors import ChildError
from dimios_core.forking.limits import Limits


def call_in_new_process(request: bytes, limits: Limits, on_news: Callable[[Any], None]) -> Any:
    """Make a pickled call in a new process; see `ForkServer.call`. Memory is not limited there."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, request), daemon=False)
    process.start()
    theirs.close()
    deadline = None if limits.seconds is None else time.monotonic() + limits.seconds
    try:
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not ours.poll(left):
                raise ChildError(f"it was not done after {limits.seconds:g} seconds and was stopped")
            kind, content = pickle.loads(ours.recv_bytes())
            if kind == "news":
                on_news(content)
            elif kind == "error":
                raise content
            else:
                return content
    except EOFError:
        process.join()
        raise ChildError(f"it ended with code {process.exitcode} and no answer") from None
    finally:
        process.kill()
        process.join()
        ours.close()


def _serve(connection: Connection, request: bytes) -> None:
    serve_call(request, connection.send_bytes)

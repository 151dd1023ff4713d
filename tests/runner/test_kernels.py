"""The standard engine's client: what arrives while something else is sent is not waited for in vain."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
import zmq
import zmq.asyncio
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.session import Session

from dimios_core.runner import kernels
from dimios_core.runner.kernels import JobKernelManager, PatientChannel


async def _receive(channel_class: type[AsyncZMQSocketChannel], seconds: float) -> str | None:
    """Wait for a message whose announcement is lost; return its kind, or None where none came in time."""
    context, session = zmq.asyncio.Context(), Session(key=b"secret")
    ours, theirs = context.socket(zmq.DEALER), zmq.Context(context).socket(zmq.DEALER)
    theirs.bind("inproc://kernel")
    ours.connect("inproc://kernel")
    try:
        waiting = asyncio.ensure_future(channel_class(ours, session).get_msg(timeout=None))
        await asyncio.sleep(0)
        session.send(theirs, "execute_reply")
        # sending looks at the socket past the loop, as Jupyter's session does: the announcement is gone
        zmq.Socket.shadow(ours.underlying).get(zmq.EVENTS)
        done, _ = await asyncio.wait([waiting], timeout=seconds)
        waiting.cancel()
        return waiting.result()["msg_type"] if done else None
    finally:
        ours.close(0)
        theirs.close(0)


def receive(channel_class: type[AsyncZMQSocketChannel], seconds: float) -> str | None:
    """Do it in a thread of its own: a browser test in the same process leaves this one with a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _receive(channel_class, seconds)).result()


def test_a_reply_whose_announcement_is_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "LOOK_AGAIN_SECONDS", 0.05)
    assert receive(PatientChannel, 30) == "execute_reply"


def test_kernels_of_jobs_are_asked_through_it(tmp_path) -> None:
    client = JobKernelManager(connection_file=str(tmp_path / "kernel.json")).client()
    assert isinstance(client.shell_channel, PatientChannel)


def test_jupyters_own_channel_still_waits_in_vain() -> None:
    """Once it does not, the patience can go."""
    assert receive(AsyncZMQSocketChannel, 1) is None

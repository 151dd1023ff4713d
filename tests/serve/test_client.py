"""When a kernel that has just started counts as ready."""

from __future__ import annotations

import asyncio
from queue import Empty

import pytest

from dimios_core.serve.client import PromptClient
from tests.serve.serving import wait_for


class Scripted(PromptClient):
    """A client whose kernel says what a test has written: for each question what comes on its two channels."""

    def __init__(self, *answers: tuple[list, list], alive: bool = True) -> None:
        super().__init__()
        self.answers, self.alive = list(answers), alive
        self.asked_n = 0
        self.shell: list = []
        self.iopub: list = []

    def kernel_info(self) -> str:
        self.asked_n += 1
        shell, iopub = self.answers.pop(0) if self.answers else ([], [])
        self.shell += shell
        self.iopub += iopub
        return f"q{self.asked_n}"

    async def get_shell_msg(self, timeout: float) -> dict:
        await asyncio.sleep(0)
        return self._next(self.shell)

    async def get_iopub_msg(self, timeout: float) -> dict:
        await asyncio.sleep(0)
        return self._next(self.iopub)

    async def is_alive(self) -> bool:
        return self.alive

    def _next(self, messages: list) -> dict:
        if not messages:
            raise Empty
        return messages.pop(0)


def reply(asked: str) -> dict:
    return {"msg_type": "kernel_info_reply", "parent_header": {"msg_id": asked}, "content": {}}


def status(asked: str, state: str) -> dict:
    return {
        "msg_type": "status",
        "parent_header": {"msg_id": asked},
        "content": {"execution_state": state},
    }


def test_a_kernel_is_ready_when_it_is_idle_after_the_question_and_nothing_is_left_unheard():
    greeting = {"msg_type": "iopub_welcome", "parent_header": {}, "content": {}}
    client = Scripted(([reply("q1")], [greeting, status("q1", "busy"), status("q1", "idle")]))
    wait_for(client.wait_for_ready(5))
    assert client.asked_n == 1
    assert client.iopub == []


def test_what_was_said_before_anybody_listened_is_asked_for_again():
    late = [status("q1", "idle"), status("q2", "busy"), status("q2", "idle")]
    client = Scripted(([reply("q1")], []), ([reply("q2")], late))
    wait_for(client.wait_for_ready(5))
    assert client.asked_n == 2
    assert client.iopub == []  # the word of the first question does not count for the second


def test_a_kernel_that_died_is_told():
    with pytest.raises(RuntimeError, match="died"):
        wait_for(Scripted(alive=False).wait_for_ready(5))


def test_a_silent_kernel_is_not_waited_for_for_ever():
    with pytest.raises(TimeoutError):
        wait_for(Scripted().wait_for_ready(0))

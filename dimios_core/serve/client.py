"""How the server talks to a kernel that has just started."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient

#: how long a kernel may take to answer before it is asked again: what it said before it was listened to is lost
ANSWER_SECONDS = 0.2
Message = dict[str, Any]


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as its kernel is.

    Jupyter's own goes on listening for a fifth of a second whether more greetings come; the last one is known here: the
    kernel is idle again after the last question.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers questions, and is heard.

        Raises
        ------
        RuntimeError
            It has died, or did not answer within `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while not await self._answers(self.kernel_info()):
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it answered")

    async def _answers(self, asked: str) -> bool:
        """Tell whether the answer to a question has come, and the word that the kernel is idle again after it."""
        try:
            await _wait_for(self.get_shell_msg, asked, lambda m: m["msg_type"] == "kernel_info_reply")
            await _wait_for(
                self.get_iopub_msg, asked, lambda m: m["content"].get("execution_state") == "idle"
            )
        except Empty:
            return False
        return True


async def _wait_for(
    hear: Callable[..., Awaitable[Message]], asked: str, is_it: Callable[[Message], bool]
) -> None:
    """Hear messages until one that answers a question is the one that is waited for."""
    while True:
        message = await hear(timeout=ANSWER_SECONDS)
        if message["parent_header"].get("msg_id") == asked and is_it(message):
            return

"""A child for several calls, one after another, each with limits of its own."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from dimios_core.forking.call import Conversation, OnNews
from dimios_core.forking.limits import NO_LIMITS, Limits
from dimios_core.forking.spawned import call_in_new_process


def pack_call(
    function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any], limits: Limits
) -> bytes:
    """Return a call as a child reads it; the function is looked up there by its name."""
    return pickle.dumps((limits, pickle.dumps((function, arguments, named))))


class Child:
    """A child that takes one call after another: what one leaves behind, the next one finds.

    It begins with its first call. A call that raises ends it, and the next one begins another. To be closed after the last.

    Parameters
    ----------
    begin : callable, optional
        Forks a child; where there is none, each call has a newly started process.
    """

    def __init__(self, begin: Callable[[], Conversation] | None) -> None:
        self._begin = begin
        self._conversation: Conversation | None = None

    def call(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limits: Limits = NO_LIMITS,
        on_news: OnNews = lambda news: None,
        **named: Any,
    ) -> Any:
        """Call a function of a module in the child and return what it returns; see `ForkServer.call`."""
        request = pack_call(function, arguments, named, limits)
        if self._begin is None:
            return call_in_new_process(request, limits, on_news)
        if self._conversation is None:
            self._conversation = self._begin()
        try:
            self._conversation.ask(request)
            return self._conversation.listen(limits, on_news)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the child end; a later call begins another."""
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.close()

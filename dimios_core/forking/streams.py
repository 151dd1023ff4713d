"""What a kernel sends over sockets, handed over in the same process instead."""

from __future__ import annotations

from collections.abc import Callable
from io import TextIOBase
from typing import Any

from jupyter_client.session import Session
from traitlets import Any as AnyTrait

Deliver = Callable[[dict[str, Any]], None]


class DirectSession(Session):
    """A kernel's session that hands each message to a function, `deliver`, instead of a socket."""

    deliver = AnyTrait()

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any]:
        """Deliver a message; the arguments are those of `Session.send`."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        if not _is_text(message["content"].get("data")):
            # as over a socket: tuples become lists, dates become text, and nobody changes it afterwards
            message["content"] = self.unpack(self.pack(message["content"]))
        message["buffers"] = buffers or []
        self.deliver(message)
        return message


def _is_text(data: Any) -> bool:
    """Tell whether displayed data are texts alone, which need no packing."""
    return isinstance(data, dict) and all(isinstance(value, str) for value in data.values())


class DirectStream(TextIOBase):
    """stdout or stderr of a cell: what is written in a row becomes one message."""

    def __init__(self, name: str, session: DirectSession, parent: dict[str, Any], descriptor: int) -> None:
        self.name, self._session, self._parent, self._descriptor = name, session, parent, descriptor
        self._waiting: list[str] = []

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As a kernel's streams say it."""
        return "UTF-8"

    def fileno(self) -> int:
        """The file that other programs write to when they are given this stream."""
        return self._descriptor

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Keep text until it is flushed."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._waiting.append(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written as one message."""
        text = "".join(self._waiting)
        if text:
            self._waiting.clear()
            self._session.send(None, "stream", {"name": self.name, "text": text}, parent=self._parent)

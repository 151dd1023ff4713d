"""Messages over a stream socket: a length, then so many bytes."""

from __future__ import annotations

import socket
import struct

LENGTH = struct.Struct("<Q")
#: no answer of ours comes near it; a length beyond it is garbage
LONGEST_BYTES = 1 << 31


class GarbledError(Exception):
    """What came is no message."""


def send_frame(connection: socket.socket, content: bytes) -> None:
    """Send one message."""
    connection.sendall(LENGTH.pack(len(content)))
    connection.sendall(content)


def receive_frame(connection: socket.socket) -> bytes | None:
    """Return the next message, or None where the other end has closed.

    Raises
    ------
    GarbledError
        The stream ends within a message, or begins with an impossible length.
    """
    head = _receive(connection, LENGTH.size)
    if not head:
        return None
    if len(head) < LENGTH.size:
        raise GarbledError
    (length,) = LENGTH.unpack(head)
    if length > LONGEST_BYTES:
        raise GarbledError
    content = _receive(connection, length)
    if len(content) < length:
        raise GarbledError
    return content


def _receive(connection: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        try:
            part = connection.recv(min(length - len(parts), 1 << 20))
        except ConnectionResetError:
            break
        if not part:
            break
        parts += part
    return bytes(parts)

"""The address that a server listens at, and how many files it may hold open."""

from __future__ import annotations

import ipaddress
import os
import socket

from tornado.netutil import bind_sockets

from dimios_core.errors import InputError, Problem


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def raise_open_files() -> None:
    """Let this process open as many files as the system lets it: each kernel takes some twenty, shells allow 1,024."""
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def bind(host: str, port: int) -> list[socket.socket]:
    """Return sockets listening at this address and port and no other.

    Raises
    ------
    InputError
        The port is taken, or not one that a program may use.
    """
    try:
        return bind_sockets(port, host)
    except (OSError, OverflowError) as error:
        what = getattr(error, "strerror", None) or "not a port"
        raise InputError(
            Problem(
                f"{host} port {port}",
                f"it cannot be used ({what})",
                "stop what runs there, or choose another with --port",
            )
        ) from None

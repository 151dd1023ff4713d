"""What a caller learns when a child does not come back with a result."""

from __future__ import annotations

from dimios_core.errors import DimiosError


class ChildError(DimiosError):
    """A child ended without a result: killed, out of memory, out of time, or what it wrote was no result."""


class ServerClosedError(DimiosError):
    """The parent of the children is gone, and its children with it: it was closed, or killed."""

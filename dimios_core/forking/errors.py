"""What a caller learns when a child does not come back with a result."""

from __future__ import annotations

from dimios_core.errors import DimiosError


class ChildError(DimiosError):
    """A child ended without a result: killed, out of memory, out of time, or what it wrote was no result.

    Attributes
    ----------
    place : int
        Where it was in its call, as it noted last (`dimios_core.forking.child.note_place`); 0 where it noted nothing.
    """

    def __init__(self, reason: str, place: int = 0) -> None:
        super().__init__(reason)
        self.place = place


class ServerClosedError(DimiosError):
    """The parent of the children is gone, and its children with it: it was closed, or killed."""

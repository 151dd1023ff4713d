"""What restricted has been opened in this process: a page for readers is not made where answers were."""

from __future__ import annotations

_opened: dict[str, None] = {}


def note_opened(what: str) -> None:
    """Remember that something restricted was opened: "answers"."""
    _opened[what] = None


def list_opened() -> list[str]:
    """Return what was opened since the process began."""
    return list(_opened)

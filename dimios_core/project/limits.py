"""What one notebook may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one notebook may use: seconds, and megabytes of its own (Linux)."""

    seconds: float = 300.0
    memory_mb: int = 2_000

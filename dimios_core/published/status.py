"""Why a published row carries figures, or not."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Why a figure is there, or not: suppressed, missing and zero are three different things."""

    PUBLISHED = 0
    SUPPRESSED_SMALL = 1
    SUPPRESSED_COMPLEMENT = 2
    INCOMPLETE = 3
    NO_ANSWERS = 4
    SUPPRESSED_DOMINATED = 5

    @property
    def label(self) -> str:
        """The word used in the results files."""
        return self.name.lower()

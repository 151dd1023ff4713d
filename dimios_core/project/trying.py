"""Several checks at once: what each finds is told together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from dimios_core.errors import InputError, Problem

T = TypeVar("T")


class Tried:
    """Gathers the problems of several checks, so that all are told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def attempt(self, check: Callable[[], T]) -> T | None:
        """Return what a check gives; None where it found problems."""
        try:
            return check()
        except InputError as error:
            self.problems += error.problems
            return None

    def check(self) -> None:
        """Raise what was found."""
        if self.problems:
            raise InputError(self.problems)

"""Attacks at both ends of a scale: each case at one of them, in turn, with `make test`, and at the other with `make long`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from typing import Any

import pytest


def take_turns(cases: Iterable[tuple[Any, ...]], sides: tuple[Any, Any] = (1.0, 5.0)) -> list[Any]:
    """Return every case with one of the sides as its last parameter, and with the other one among the long tests."""
    found = []
    for case, (own, other) in zip(cases, cycle((sides, sides[::-1])), strict=False):
        found += [pytest.param(*case, own), pytest.param(*case, other, marks=pytest.mark.long)]
    return found

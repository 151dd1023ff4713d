"""Attacks score made-up stores again and again: none of them is quick."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def at_length(heavy: None) -> None:
    """Every attack takes its time."""

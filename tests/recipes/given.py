"""A plugin for tests that run in a copy of the project: the demo is given to them, not made again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: where the demo's outputs lie
GIVEN = "DIMIOS_TEST_DEMO"


@pytest.fixture(scope="session")
def heavy() -> None:
    """What runs here may take its time."""


@pytest.fixture(scope="session")
def demo_outputs() -> Path:
    """The made-up consortium, made and scored by whoever runs these tests."""
    return Path(os.environ[GIVEN])

"""Folders that take long to make: made once a test run, by whichever test process comes first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

WAIT_SECONDS = 600


def make_once(
    factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> Path:
    """Return a folder for reading only that `make` has filled; other test processes wait for it."""
    base = factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / name
    ready = shared.with_suffix(".ready")
    try:
        shared.mkdir()
    except FileExistsError:
        for _ in range(WAIT_SECONDS):
            if ready.exists():
                return shared
            time.sleep(1)
        raise TimeoutError(f"another test process did not finish {name}") from None
    make(shared)
    ready.touch()
    return shared

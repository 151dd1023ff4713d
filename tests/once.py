"""Folders that take long to make: made once a test run, by whichever test process comes first."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def make_once(
    factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> Path:
    """Return a folder for reading only that `make` has filled; other test processes wait for it, however long it takes.

    Where making it failed, the next process tries anew, so that each tells why.
    """
    base = factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / name
    ready = shared.with_suffix(".ready")
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back when a process dies, too
        if not ready.exists():
            shutil.rmtree(shared, ignore_errors=True)
            shared.mkdir()
            make(shared)
            ready.touch()
    return shared

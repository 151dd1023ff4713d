"""The response store as it is now: what is decided on it is what is copied from it, whatever comes in meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dimios_core.responses.store import FOLDER, ResponseStore
from dimios_core.responses.transaction import LOCK, STAGING, make_private

FROZEN = ".responses.frozen"


@contextmanager
def freeze(outputs: Path) -> Iterator[ResponseStore]:
    """Yield the store as it is now; it is gone when the block ends.

    Stored files are never written again, only replaced, so that hard links hold what they held; where the disk has no
    links they are copied.
    """
    live = ResponseStore(outputs)  # a transaction that was decided is carried out first
    frozen = outputs / FROZEN
    shutil.rmtree(frozen, ignore_errors=True)
    make_private(frozen)
    try:
        if live.folder.is_dir():
            leave_out = shutil.ignore_patterns(LOCK, STAGING)
            shutil.copytree(live.folder, frozen / FOLDER, ignore=leave_out, copy_function=_link)
        yield ResponseStore(frozen)
    finally:
        shutil.rmtree(frozen, ignore_errors=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)

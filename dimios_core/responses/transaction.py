"""Change several files at once: all of them or none, whenever the machine stops.

New files are written into a staging folder. Writing `commit.json` there (one atomic rename) decides
the transaction; then the files are renamed into place. A stop before the decision leaves the old
state, a stop after it is completed by the next `Transaction` or `finish_committed`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from dimios_core.errors import InputError, Problem
from dimios_core.replacing import PRIVATE_FILE, PRIVATE_FOLDER, sync, write_whole

STAGING = ".staging"
COMMIT = "commit.json"
LOCK = ".lock"


def make_private(folder: Path) -> Path:
    """Make a folder that its owner alone can enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return folder


@contextmanager
def _locked(folder: Path, wait: bool) -> Iterator[bool]:
    """Hold the folder's lock; it is gone with the process that held it. Yields whether it was free."""
    with (folder / LOCK).open("a+b") as file:
        (folder / LOCK).chmod(PRIVATE_FILE)
        try:
            if os.name == "posix":
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:  # pragma: no cover  (Windows)
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            if wait:
                raise InputError(
                    Problem(
                        str(folder),
                        "another command is writing here",
                        "wait until it has ended, and try again",
                    )
                ) from None
            yield False
            return
        yield True


class Transaction:
    """A set of new files for a folder, staged until `commit`; without it nothing is changed.

    Used as a context manager; it holds the folder's lock meanwhile.

    Examples
    --------
    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> with Transaction(root) as transaction:
    ...     _ = transaction.stage("a/b.txt").write_text("x")
    ...     (root / "a" / "b.txt").exists()
    ...     transaction.commit()
    False
    >>> (root / "a" / "b.txt").read_text()
    'x'
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staging = folder / STAGING
        self._staged: dict[str, Path] = {}

    def __enter__(self) -> Transaction:
        make_private(self.folder)
        self._lock = _locked(self.folder, wait=True)
        self._lock.__enter__()
        _finish(self.folder)
        make_private(self.staging)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not (self.staging / COMMIT).exists():
                shutil.rmtree(self.staging, ignore_errors=True)
        finally:
            self._lock.__exit__(kind, error, trace)

    def stage(self, name: str) -> Path:
        """Return where to write the new content of a file, given relative to the folder."""
        path = self.staging / f"{len(self._staged)}"
        self._staged[name] = path
        return path

    def unstage(self, name: str) -> None:
        """Leave a staged file out after all."""
        self._staged.pop(name).unlink(missing_ok=True)

    def commit(self) -> None:
        """Put all staged files into place."""
        if not self._staged:
            return
        for path in self._staged.values():
            path.chmod(PRIVATE_FILE)
            sync(path)
        write_whole(self.staging / COMMIT, json.dumps({n: p.name for n, p in self._staged.items()}))
        _finish(self.folder)


def finish_committed(folder: Path) -> None:
    """Complete a transaction that was decided but not carried out; leave a running one alone."""
    if (folder / STAGING / COMMIT).is_file():
        with _locked(folder, wait=False) as free:
            if free:
                _finish(folder)


def _finish(folder: Path) -> None:
    staging = folder / STAGING
    journal = staging / COMMIT
    if journal.is_file():
        for name, staged in json.loads(journal.read_text(encoding="utf-8")).items():
            source, target = staging / staged, folder / name
            if source.exists():  # else it was moved before the stop
                for parent in reversed(target.relative_to(folder).parents[:-1]):
                    make_private(folder / parent)
                source.replace(target)
    shutil.rmtree(staging, ignore_errors=True)

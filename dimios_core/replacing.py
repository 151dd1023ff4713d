"""Files and folders that take their names whole or not at all: written aside, put on the disk, then renamed.

Whatever stops a command, the name leads to all of what was there before or to all of what is new; after a power cut, too
(docs/decisions/0036-replacing.md).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

#: files of a folder that are put on the disk at the same time: it takes them together
SYNCED_TOGETHER_N = 8
#: what its owner alone may enter, read and write
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


@contextmanager
def replacing(target: Path, *, private: bool = False, is_new: bool = False) -> Iterator[BinaryIO]:
    """Yield a file to write to, which takes the target's name when the block ends well; else nothing is left of it.

    Parameters
    ----------
    target : Path
        In a folder that is there.
    private : bool
        Its owner alone can read it, from the first byte on.
    is_new : bool
        It takes nobody's place.

    Raises
    ------
    FileExistsError
        There is a file of this name, and `is_new`; it stays as it is.
    OSError
        It cannot be written, or the disk is full; what was there before stays.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(path) as file:
    ...     _ = file.write(b"all of it")
    ...     path.exists()
    False
    >>> path.read_text()
    'all of it'
    """
    aside = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE if private else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            os.link(aside, target)  # unlike a rename it fails where the name is taken
        else:
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def write_whole(target: Path, content: bytes | str, *, private: bool = False) -> None:
    """Write a file, whole or not at all: see `replacing`. Text is written as UTF-8."""
    with replacing(target, private=private) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def place_files(staged: Path, folder: Path, *, last: str) -> None:
    """Rename the files of a folder into another, each whole or not at all, once all of them are on the disk.

    Parameters
    ----------
    staged : Path
        Holds files alone, which nobody writes to any more.
    folder : Path
        On the same disk; files of the same names give way.
    last : str
        Name of the file that comes last: where it is, the others are.

    Raises
    ------
    OSError
        The disk is full: nothing has been renamed then.
    """
    paths = sorted(staged.iterdir(), key=lambda path: (path.name == last, path.name))
    for path in paths:
        sync(path)
    for path in paths:
        path.replace(folder / path.name)


def swap_folder(staged: Path, target: Path) -> None:
    """Put a folder that is ready in the place of another beside it, which goes; fails with the old one in place.

    A stop between the two renames is mended by the next swap, or by `recover_folder`.
    """
    paths = [Path(folder, name) for folder, _, names in os.walk(staged) for name in names]
    with ThreadPoolExecutor(SYNCED_TOGETHER_N) as threads:
        list(threads.map(sync, paths))
    recover_folder(target)
    aside = _aside(target)
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    try:
        staged.rename(target)
    except OSError:
        recover_folder(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def recover_folder(target: Path) -> None:
    """Put the old folder back where a stop came between the two renames of a swap."""
    if not target.exists() and _aside(target).exists():
        _aside(target).rename(target)


def sync(path: Path) -> None:
    """Return when what a file holds is on the disk."""
    with path.open("r+b") as file:  # Windows syncs only what may be written
        os.fsync(file.fileno())


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")

"""The key of an anonymous survey: it lies outside the bundle and outside all backups, and is destroyed when the survey closes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.replacing import PRIVATE_FOLDER, replacing

VARIABLE = "DIMIOS_COLLECT_KEYS"
KEY_BYTES = 32


def keys_folder(given: Path | None = None) -> Path:
    """Return where keys lie: the folder given, else `DIMIOS_COLLECT_KEYS`, else one of this user's own that holds nothing else."""
    own = Path.home() / ".local" / "state" / "dimios" / "collect-keys"
    return Path(given or os.environ.get(VARIABLE) or own).expanduser()


def make_key(folder: Path, survey: str, apart_from: Iterable[Path]) -> Path:
    """Make a survey's key.

    Parameters
    ----------
    folder : Path
    survey : str
    apart_from : iterable of Path
        Folders that the key may not lie in: those of bundles and outputs.

    Raises
    ------
    InputError
        The folder is inside one of `apart_from`, or the key is there already or cannot be written.
    """
    path = folder / f"{survey}.key"
    if any(path.resolve().is_relative_to(other.resolve()) for other in apart_from):
        what = "the key would lie beside what it locks, and in the same backups"
        raise InputError(Problem(str(path), what, f"name a folder that no backup takes: {VARIABLE}"))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        with replacing(path, private=True, is_new=True) as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    except OSError as error:
        what = f"the survey's key cannot be made ({error.strerror})"
        raise InputError(Problem(str(path), what, f"name another folder: {VARIABLE}")) from None
    return path


def read_key(folder: Path, survey: str) -> bytes:
    """Read a survey's key.

    Raises
    ------
    InputError
        It is not there, or is none.
    """
    path = folder / f"{survey}.key"
    try:
        key = path.read_bytes()
    except OSError:
        key = b""
    if len(key) != KEY_BYTES:
        what = (
            "the survey's key is not here: nobody can read drafts, nor what waits to be put among the answers"
        )
        raise InputError(Problem(str(path), what, f"name the folder where it is, in {VARIABLE}"))
    return key


def destroy_key(folder: Path, survey: str) -> None:
    """Destroy a survey's key: overwritten, then deleted. Nothing where there is none."""
    path = folder / f"{survey}.key"
    if not path.is_file():
        return
    with path.open("r+b") as file:
        file.write(bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    if os.name == "posix":  # the name is gone after a power cut, too
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

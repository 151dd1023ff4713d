"""The keys that links and sessions are signed with: given from outside, or made once beside the links."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dimios_core.access.lines import make_private_folder
from dimios_core.errors import InputError, Problem
from dimios_core.replacing import replacing

VARIABLE, FILE_VARIABLE = "DIMIOS_SECRET", "DIMIOS_SECRET_FILE"
SECRET_NAME = "secret"
#: letters of a key; 32 random bytes give 43
SHORTEST = 32
OTHERS_MAY_READ = 0o004
BYTES_N = 32
MAKE_ONE = 'give a longer one: python -c "import secrets; print(secrets.token_urlsafe(32))"'


@dataclass(frozen=True)
class Keys:
    """The keys in use.

    Attributes
    ----------
    signing : tuple of str
        The newest first: it signs, and all are accepted. Two are enough to change keys without breaking links.
    source : {"environment", "file", "made"}
        "made": by the project itself, beside the links.
    exposed : bool
        Whether everybody on this machine may read the file that they come from; a group may be meant to.
    """

    signing: tuple[str, ...] = field(repr=False)
    source: Literal["environment", "file", "made"]
    exposed: bool = False


def load_keys(folder: Path, environment: Mapping[str, str]) -> Keys:
    """Return the keys: from `DIMIOS_SECRET`, from the file that `DIMIOS_SECRET_FILE` names, or made in the folder.

    Parameters
    ----------
    folder : Path
        The access folder; a secret is made there, readable by its owner alone, if none is given.
    environment : mapping
        `DIMIOS_SECRET` holds keys separated by white space; the file holds one a line.

    Raises
    ------
    InputError
        A key is too short, or the file is empty, cannot be read, or cannot be made; all problems at once.
    """
    if VARIABLE in environment:
        return Keys(_check(environment[VARIABLE].split(), VARIABLE), "environment")
    if FILE_VARIABLE in environment:
        path = Path(environment[FILE_VARIABLE])
        return Keys(_read(path), "file", _is_exposed(path))
    path = folder / SECRET_NAME
    if not path.exists():
        try:
            _make(path)
        except OSError as error:
            remedy = f"let this user write to the folder, or give a secret in {VARIABLE}"
            raise InputError(
                Problem(str(path), f"no secret can be made ({error.strerror})", remedy)
            ) from None
    return Keys(_read(path), "made", _is_exposed(path))


def _read(path: Path) -> tuple[str, ...]:
    try:
        words = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "it is no text"
        raise InputError(
            Problem(str(path), f"the secret cannot be read ({what})", "let the server's user read it")
        ) from None
    return _check(words, str(path))


def _check(words: list[str], place: str) -> tuple[str, ...]:
    if not words:
        raise InputError(Problem(place, "there is no key in it", MAKE_ONE))
    short = [
        Problem(f"{place}, key {number}", f"it has fewer than {SHORTEST} characters", MAKE_ONE)
        for number, word in enumerate(words, start=1)
        if len(word) < SHORTEST
    ]
    if short:
        raise InputError(short)
    return tuple(words)


def _make(path: Path) -> None:
    """Make a secret; who comes second finds the first one's."""
    make_private_folder(path.parent)
    with suppress(FileExistsError), replacing(path, private=True, is_new=True) as file:
        file.write(secrets.token_urlsafe(BYTES_N).encode() + b"\n")


def _is_exposed(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & OTHERS_MAY_READ)

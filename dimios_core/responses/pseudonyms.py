"""Pseudonyms: a keyed hash stands for a respondent, the same over periods, another in each organisation."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from dimios_core.errors import InputError, Problem
from dimios_core.replacing import replacing

KEY_VARIABLE = "DIMIOS_KEY_FILE"
KEY_BYTES = 32
PSEUDONYM_BYTES = 8
_BACKUP = "restore the key from your backup, or name its file with --key-file"


def key_path(given: Path | str | None = None) -> Path:
    """Return where the secret key lies: the file given, else `DIMIOS_KEY_FILE`, else ~/.config/dimios."""
    chosen = given or os.environ.get(KEY_VARIABLE) or Path.home() / ".config" / "dimios" / "pseudonym.key"
    return Path(chosen).expanduser()


def load_key(path: Path, outputs: Path) -> bytes:
    """Read the secret key.

    Parameters
    ----------
    path : pathlib.Path
    outputs : pathlib.Path
        The key may not lie in here: who has both can test names against pseudonyms.

    Returns
    -------
    bytes, 32 of them

    Raises
    ------
    InputError
        The file is inside `outputs`, missing, readable by others, or holds no key.
    """
    _refuse_inside(path, outputs)
    if not path.is_file():
        raise InputError(Problem(str(path), "there is no key for pseudonyms", _BACKUP))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError(
            Problem(str(path), "others on this machine can read the key for pseudonyms", f"chmod 600 {path}")
        )
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, UnicodeDecodeError):
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(Problem(str(path), "the file holds no key for pseudonyms", _BACKUP))
    return key


def create_key(path: Path, outputs: Path) -> bytes:
    """Make a new secret key, readable by its owner only; an existing file is never overwritten.

    Raises
    ------
    InputError
        The file would lie inside `outputs`, or exists.
    """
    _refuse_inside(path, outputs)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(KEY_BYTES)
    try:
        with replacing(path, private=True, is_new=True) as file:
            file.write(key.hex().encode() + b"\n")
    except FileExistsError as error:
        raise InputError(
            Problem(str(path), "the key file exists already", "use it, or name another")
        ) from error
    return key


def _refuse_inside(path: Path, outputs: Path) -> None:
    if path.resolve().is_relative_to(outputs.resolve()):
        raise InputError(
            Problem(
                str(path),
                "the key for pseudonyms lies inside the outputs folder, beside the pseudonyms",
                "keep it elsewhere, and name it with --key-file",
            )
        )


def key_mark(key: bytes) -> str:
    """Return a mark by which a store knows its key again; the key cannot be computed from it."""
    return hashlib.blake2b(b"dimios key mark", key=key, digest_size=16).hexdigest()


def pseudonym(key: bytes, organisation: str, respondent: str) -> int:
    """Return the pseudonym of a respondent: keyed BLAKE2b of 64 bits over organisation and identity.

    The period is not part of it, so that the same person is known again; the organisation is, so that
    nobody can be followed from one organisation to another. Mail addresses are compared without case.

    Examples
    --------
    >>> key = bytes(32)
    >>> pseudonym(key, "a", "Anna@x.se") == pseudonym(key, "a", "anna@x.se") != pseudonym(key, "b", "anna@x.se")
    True
    """
    identity = respondent.strip()
    identity = identity.casefold() if "@" in identity else identity
    text = f"{organisation}\0{identity}".encode()
    return int.from_bytes(hashlib.blake2b(text, key=key, digest_size=PSEUDONYM_BYTES).digest(), "big")

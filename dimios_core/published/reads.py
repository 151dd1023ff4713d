"""Which published files were read, and what they held: what a report depends on, and its version.

A report is out of date as soon as one of the files that it read holds something else, and not before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

STAMP = "stamp.json"
#: of the whole store and of the tool: they change without what a report shows
NOT_SHOWN = ("results_version", "tool_version")
MISSING = "missing"
DIGITS_N = 12


def hash_read_file(root: Path, name: str) -> str:
    """Return twelve digits of a hash of what a file of a results folder holds, or "missing".

    Parameters
    ----------
    root : Path
        The results folder.
    name : str
        Path under it, with slashes. Of stamp.json only what reports show counts.
    """
    try:
        content = (root / name).read_bytes()
    except FileNotFoundError:
        return MISSING
    if name == STAMP:
        shown = {k: v for k, v in json.loads(content).items() if k not in NOT_SHOWN}
        content = json.dumps(shown, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:DIGITS_N]


def are_of_today(root: Path, reads: Mapping[str, str]) -> bool:
    """Tell whether all that something says it was made of is published today; nothing told is not.

    Parameters
    ----------
    root : Path
        The results folder.
    reads : mapping of name -> digits
        As `Reads.as_dict` returns it.
    """
    return bool(reads) and all(hash_read_file(root, name) == held for name, held in reads.items())


def hash_reads(held: Mapping[str, str]) -> str:
    """Return the version of what was read: twelve digits that change when one of the files does."""
    return hashlib.sha256(json.dumps(dict(held), sort_keys=True).encode()).hexdigest()[:DIGITS_N]


class Reads:
    """The files of one results folder that were read.

    Parameters
    ----------
    root : Path
        The results folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: dict[str, str] = {}

    def note(self, path: Path) -> Path:
        """Note that a file is read now, and return its path."""
        name = path.relative_to(self._root).as_posix()
        if name not in self._held:
            self._held[name] = hash_read_file(self._root, name)
        return path

    def as_dict(self) -> dict[str, str]:
        """Return the files by name, each with the hash of what it held."""
        return dict(sorted(self._held.items()))

    @property
    def version(self) -> str:
        """Twelve digits that change when one of the files does."""
        return hash_reads(self._held)

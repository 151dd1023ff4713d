"""Which published files were read, and what they held: what a report depends on, and its version.

A report is out of date as soon as one of the files that it read holds something else, and not before.

A process that lives for one report keeps what it reads (`keep_contents`): each file is opened once, and what is shown,
its hash, and whether it still holds the same come of that one reading. What is made of a file is kept with it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

STAMP = "stamp.json"
#: of the whole store and of the tool: they change without what a report shows
NOT_SHOWN = ("results_version", "tool_version", "standing")
MISSING = "missing"
DIGITS_N = 12


T = TypeVar("T")
#: what tells a file from every other, and from what it held before: device, number, size, time of change
Sign = tuple[int, int, int, int]


@dataclass(frozen=True)
class Content:
    """What a published file held when it was read.

    Attributes
    ----------
    data : bytes
    name : str
        The file's own name.
    """

    #: what this process keeps of what it has read; None where it keeps nothing
    kept: ClassVar[dict[Sign, Content] | None] = None

    data: bytes
    name: str
    _made: dict[Callable[[bytes], Any], Any] = field(default_factory=dict, repr=False, compare=False)

    def made(self, make: Callable[[bytes], T]) -> T:
        """Return what a function makes of it, once for as long as it is kept: nobody may change what is returned."""
        if make not in self._made:
            self._made[make] = make(self.data)
        return self._made[make]

    @cached_property
    def digits(self) -> str:
        """Twelve digits of a hash of it; of stamp.json only what reports show counts."""
        data = self.data
        if self.name == STAMP:
            shown = {k: v for k, v in json.loads(data).items() if k not in NOT_SHOWN}
            data = json.dumps(shown, sort_keys=True).encode()
        return hashlib.sha256(data).hexdigest()[:DIGITS_N]


def keep_contents() -> None:
    """Keep from now on what is read, in this process and in those forked from it: for such as do not live long.

    A file that is replaced afterwards is read anew.
    """
    Content.kept = Content.kept if Content.kept is not None else {}


def read_content(path: Path) -> Content:
    """Read a published file, or return what is kept of it.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    """
    if Content.kept is None:
        return Content(path.read_bytes(), path.name)
    kept = Content.kept.get(sign_file(path))
    if kept is None:
        with path.open("rb") as file:
            sign = _sign(os.fstat(file.fileno()))
            kept = Content.kept[sign] = Content(file.read(), path.name)
    return kept


def sign_file(path: Path) -> Sign:
    """Return what tells a file from every other, by whatever path it is reached.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    """
    return _sign(path.stat())


def _sign(about: os.stat_result) -> Sign:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


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
        return read_content(root / name).digits
    except FileNotFoundError:
        return MISSING


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

    def read(self, path: Path) -> Content | None:
        """Read a file, and note what it held; None where there is none."""
        name = path.relative_to(self._root).as_posix()
        try:
            content = read_content(path)
        except FileNotFoundError:
            self._held.setdefault(name, MISSING)
            return None
        self._held.setdefault(name, content.digits)
        return content

    def agree(self, held: Mapping[str, str]) -> bool:
        """Tell whether files that another has read hold the same: as they were noted here, else today."""
        return all(
            (self._held.get(name) or hash_read_file(self._root, name)) == told for name, told in held.items()
        )

    def include(self, held: Mapping[str, str]) -> None:
        """Note files that were read by another, each with the hash of what it held then."""
        self._held = {**held, **self._held}

    def as_dict(self) -> dict[str, str]:
        """Return the files by name, each with the hash of what it held."""
        return dict(sorted(self._held.items()))

    @property
    def version(self) -> str:
        """Twelve digits that change when one of the files does."""
        return hash_reads(self._held)

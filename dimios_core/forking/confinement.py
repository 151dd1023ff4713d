"""Walls around a process: the files that it may open, and no network, enforced by Linux (Landlock).

Nothing that runs in the process afterwards can take the walls down, nor can what it starts.
"""

from __future__ import annotations

import ctypes
import functools
import os
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

# <linux/landlock.h>; the system calls have the same numbers on all processors
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1
PR_SET_NO_NEW_PRIVS = 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
#: what can be asked of a file; the rest is about folders
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
#: version of Landlock -> the highest of its file rights
FILE_RIGHTS_N = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_SINCE, SCOPES_SINCE = 4, 6
BIND_AND_CONNECT, SOCKETS_AND_SIGNALS = 3, 3
READ = READ_FILE | READ_DIR
#: what any Python program reads of its system, beside its own packages
SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd",
    "/dev/urandom", "/sys/devices/system/cpu",
)  # fmt: skip


@functools.cache
def landlock_version() -> int:
    """Return the version of Landlock that this system speaks; 0 where it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG))


def confine(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Let this process open nothing but these files and folders, its own packages and its system's libraries.

    From version 4 of Landlock on it may not open a TCP connection either, and from version 6 on not reach other
    processes by signals or abstract sockets.

    Parameters
    ----------
    readable : iterable of Path
        With everything beneath. What does not exist stays closed.
    writable : iterable of Path
        The same; may also be read.

    Returns
    -------
    bool
        False where the system has no Landlock; nothing is confined there.

    Raises
    ------
    OSError
        The walls could not be put up.
    """
    version = landlock_version()
    if version == 0:
        return False
    everything = (1 << FILE_RIGHTS_N.get(version, 16)) - 1
    tcp = BIND_AND_CONNECT if version >= TCP_SINCE else 0
    scopes = SOCKETS_AND_SIGNALS if version >= SCOPES_SINCE else 0
    parts = [everything, tcp, scopes][: 1 if version < TCP_SINCE else 2 if version < SCOPES_SINCE else 3]
    attributes = struct.pack(f"={len(parts)}Q", *parts)
    ruleset = _checked(
        _libc().syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    )
    try:
        for path in (*_packages(), *map(Path, SYSTEM)):
            _allow(ruleset, path, READ | EXECUTE)
        for path in readable:
            _allow(ruleset, path, READ)
        _allow(ruleset, Path("/dev/null"), READ_FILE | WRITE_FILE)
        for path in writable:
            _allow(ruleset, path, everything & ~(EXECUTE | IOCTL_DEV))
        _checked(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(_libc().syscall(RESTRICT_SELF, ruleset, ctypes.c_uint32(0)))
    finally:
        os.close(ruleset)
    return True


def _packages() -> Iterator[Path]:
    """Yield where this Python and its packages lie: never the folder of a project, which holds data too."""
    yield from {Path(path) for path in sysconfig.get_paths().values()}
    yield from {Path(sys.prefix), Path(sys.base_prefix)}
    package = Path(__file__).resolve().parent.parent
    yield package


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what does not exist needs no door
    try:
        if not path.is_dir():
            rights &= OF_FILES
        beneath = struct.pack("=Qi", rights, opened)
        _checked(_libc().syscall(ADD_RULE, ruleset, PATH_BENEATH, beneath, ctypes.c_uint32(0)))
    finally:
        os.close(opened)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer

"""What a child may use, and how it is tied to its parent."""

from __future__ import annotations

import ctypes
import os
import signal
from dataclasses import dataclass
from pathlib import Path

#: <sys/prctl.h>: the signal that a process gets when its parent dies
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """Limits of one call; None means none.

    Attributes
    ----------
    seconds : float or None
        On the clock. A child that is not done by then is killed.
    memory_bytes : int or None
        Private memory beyond what the child had when its first call began: the parent's at the fork. Beyond it, allocation fails: in Python a
        `MemoryError`, in C code whatever that does.
    """

    seconds: float | None = None
    memory_bytes: int | None = None


NO_LIMITS = Limits()


def limit_memory(memory_bytes: int) -> None:
    """Let this process allocate so many bytes more than it has now; a limit that it has already is never raised."""
    import resource  # not there on Windows

    pages_n = int(Path("/proc/self/statm").read_text().split()[5])  # data and stack
    most = pages_n * resource.getpagesize() + memory_bytes
    _, before = resource.getrlimit(resource.RLIMIT_DATA)
    most = most if before == resource.RLIM_INFINITY else min(most, before)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when `parent` dies, however it dies; at once if it has died already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(128 + signal.SIGKILL)

"""Run a command and measure it: seconds, processor seconds, and memory over its whole process tree."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, thread_time

#: how often memory is looked at, at most, and how much of a processor that may take: what is measured needs it
SAMPLE_SECONDS, LOOKING_SHARE = 0.2, 0.02
KIB = 1024
PROC = Path("/proc")


@dataclass(frozen=True)
class Measurement:
    """What a command took.

    Attributes
    ----------
    seconds, cpu_seconds : float
        On the clock; and on all processors, of the command and all its children.
    largest_bytes : int
        Peak resident memory of its largest process.
    tree_bytes : int
        Peak of the proportional set size (shared pages counted once) summed over its processes, sampled
        up to five times a second; 0 where the system does not tell it.
    """

    seconds: float
    cpu_seconds: float
    largest_bytes: int
    tree_bytes: int

    @property
    def peak_bytes(self) -> int:
        """Memory that the machine must have for it."""
        return max(self.largest_bytes, self.tree_bytes)


def measure(command: Sequence[str], folder: Path, log: Path) -> Measurement:
    """Run a command in a folder; its output is added to `log`.

    Raises
    ------
    RuntimeError
        The command failed; the message ends with the last lines of its output.
    """
    peak = [0]
    stopped = threading.Event()
    with log.open("ab") as sink:
        started = monotonic()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        watch = threading.Thread(target=_watch, args=(process.pid, stopped, peak), daemon=True)
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            stopped.set()
            watch.join()
        seconds = monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)  # reaped here, not by Popen
    if process.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB, peak[0])


def _watch(root: int, stopped: threading.Event, peak: list[int]) -> None:
    pause = SAMPLE_SECONDS
    while not stopped.wait(pause):
        began = thread_time()
        peak[0] = max(peak[0], sum(_read_pss_bytes(pid) for pid in _list_tree(root)))
        pause = max(SAMPLE_SECONDS, (thread_time() - began) / LOOKING_SHARE)


def _list_tree(root: int) -> list[int]:
    tree, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        tree.append(pid)
        for children in PROC.glob(f"{pid}/task/*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue  # it ended between the listing and the reading
    return tree


def _read_pss_bytes(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:")), 0)

"""Which tests run when. A test's tier is decided here, and nowhere else.

quick
    Asks for nothing heavy: no process, and nothing that takes long to make. `make quick`.
long
    Marked so: what a landing can do without, because a smaller test of the same kind runs before it. `make long`.

All that is not long runs with `make test`. A test is heavy that uses the fixture `heavy` itself, or any fixture that does:
the demo, a server, a browser, a batch, a store that is scored again and again. One that forgets to ask, and starts a process, fails.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

HEAVY = "heavy"
QUICK, LONG = "quick", "long"
#: what Python tells its auditors when a process is started
STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"})

_running_quick: str | None = None


def is_quick(item: pytest.Item) -> bool:
    """Tell whether a test belongs to the quick ones, from the fixtures that it uses through others, too."""
    return item.get_closest_marker(LONG) is None and HEAVY not in getattr(item, "fixturenames", ())


def mark_tiers(items: list[pytest.Item]) -> None:
    """Mark the quick ones, so that `-m quick` finds them."""
    for item in items:
        if is_quick(item):
            item.add_marker(QUICK)


def watch_processes() -> None:
    """From now on, a quick test that starts a process is told to ask for what it needs."""
    sys.addaudithook(_refuse_in_quick_tests)


def _refuse_in_quick_tests(event: str, arguments: tuple[Any, ...]) -> None:
    if event in STARTS and _running_quick is not None:
        raise pytest.fail.Exception(
            f"{_running_quick} starts a process ({event}): use the fixture `{HEAVY}`, or one built on it"
        )


@contextmanager
def running(item: pytest.Item) -> Iterator[None]:
    """While a test runs, fixtures and all, it is known whether it may start processes."""
    global _running_quick
    _running_quick = item.nodeid if is_quick(item) else None
    try:
        yield
    finally:
        _running_quick = None


def tell_what_ran(reports: list[pytest.TestReport]) -> list[str]:
    """A line a test function: how often it ran, how it ended, how many seconds it took."""
    told: dict[str, tuple[int, int, float]] = {}
    for report in reports:
        name = report.nodeid.partition("[")[0]
        ran, failed, seconds = told.get(name, (0, 0, 0.0))
        told[name] = (ran + 1, failed + report.failed, seconds + report.duration)
    return [
        f"{name}: {ran} ran, {failed} failed, {seconds:.0f} s"
        for name, (ran, failed, seconds) in sorted(told.items())
    ]

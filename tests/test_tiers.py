"""A test lands in its tier by itself, and a quick one is held to what quick ones may do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import BEGUN_FIRST
from tests.tiers import is_quick, mark_tiers, tell_what_ran


def item(*fixtures: str, marks: tuple[str, ...] = ()) -> SimpleNamespace:
    """A test that uses fixtures, the ones that they use among them, and bears marks."""
    given = list(marks)
    return SimpleNamespace(
        fixturenames=list(fixtures),
        get_closest_marker=lambda name: name if name in given else None,
        add_marker=given.append,
        marks=given,
    )


@pytest.mark.parametrize(
    ("made", "quick"),
    [
        (item(), True),
        (item("tmp_path"), True),
        (item("outputs", "demo_outputs", "heavy"), False),
        (item("heavy"), False),
        (item("tmp_path", marks=("long",)), False),
        (item("heavy", marks=("long",)), False),
        (SimpleNamespace(get_closest_marker=lambda name: None), True),  # a doctest may know no fixtures
    ],
)
def test_a_tier_follows_from_fixtures_and_the_mark(made, quick) -> None:
    assert is_quick(made) is quick


def test_only_the_quick_are_marked() -> None:
    few = [item(), item("heavy"), item(marks=("long",))]
    mark_tiers(few)
    assert [one.marks for one in few] == [["quick"], [], ["long"]]


def test_what_is_made_of_the_demo_or_needs_a_server_or_a_browser_is_not_quick(request) -> None:
    asks = {"demo_outputs", "stored_reports", "server", "fresh_server", "chromium", "run"}
    found = [one for one in request.session.items if asks & set(getattr(one, "fixturenames", ()))]
    assert [one.nodeid for one in found if is_quick(one)] == []


@pytest.mark.parametrize(
    "start",
    [lambda: subprocess.run([sys.executable, "-c", ""]), lambda: os.system("true"), os.fork],
)
def test_a_quick_test_that_starts_a_process_fails_and_is_told_why(start) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"starts a process .*: use the fixture `heavy`"):
        start()


def test_what_ran_is_told_by_test() -> None:
    def report(name: str, seconds: float, failed: bool = False) -> SimpleNamespace:
        return SimpleNamespace(nodeid=name, duration=seconds, failed=failed)

    told = tell_what_ran([report("b.py::two", 1), report("a.py::one[x]", 2), report("a.py::one[y]", 3, True)])
    assert told == ["a.py::one: 2 ran, 1 failed, 5 s", "b.py::two: 1 ran, 0 failed, 1 s"]


@pytest.mark.parametrize("name", BEGUN_FIRST)
def test_what_is_begun_first_is_there(name: str) -> None:
    assert (Path(__file__).parent / name).is_file()

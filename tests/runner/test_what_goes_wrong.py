"""Everything that can go wrong with a batch, for real: nothing is lost, and nothing is half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from dimios_core.runner import isolation
from dimios_core.runner.execution import MEGABYTE
from tests.forking.linux import FORKING

pytestmark = [pytest.mark.usefixtures("heavy"), FORKING]


def command(outputs: Path, notebook: Path, *more: str) -> list[str]:
    given = [
        "report",
        "--outputs",
        str(outputs),
        "--notebook",
        str(notebook),
        "--no-page",
        "--workers",
        "2",
        *more,
    ]
    return [sys.executable, "-m", "dimios_core", *given]


def report(outputs: Path, notebook: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(outputs, notebook, *more), capture_output=True, text=True, timeout=120)


def manifest(outputs: Path) -> dict:
    return json.loads(max(outputs.glob("runs/*/manifest.json")).read_text(encoding="utf-8"))


def assert_whole(outputs: Path) -> None:
    """Every notebook there can be read and was run to its end; nothing unfinished lies about."""
    for path in outputs.glob("reports/**/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        assert all(c.execution_count for c in notebook.cells if c.cell_type == "code")
    assert [p for p in outputs.rglob("*") if p.name.endswith((".tmp", ".new")) or p.name == "work"] == []


def test_too_much_memory_fails_in_its_cell(run) -> None:
    outcomes, settings = run("hogs_memory", ("lillby", "storstad"), workers=2, memory_bytes=300 * MEGABYTE)
    assert [o.status for o in outcomes] == ["failed", "made"]
    assert (outcomes[0].error.name, outcomes[0].error.cell, outcomes[0].attempt) == ("MemoryError", 3, 2)
    assert (settings.run / "failed/2026/lillby/sv/hogs_memory.ipynb").is_file()


def test_too_much_memory_in_a_library_fails_too(run) -> None:
    outcomes, _ = run("hogs_memory_in_c", ("lillby", "storstad"), workers=2, memory_bytes=300 * MEGABYTE)
    assert [o.status for o in outcomes] == ["failed", "made"]
    assert "MemoryError" in outcomes[0].error.name


def test_one_that_hangs_and_heeds_no_signal_is_killed_and_kept(run, monkeypatch) -> None:
    monkeypatch.setattr(isolation, "GRACE_SECONDS", 1.0)
    started = time.monotonic()
    outcomes, settings = run("hangs_deaf", timeout_seconds=1)
    assert time.monotonic() - started < 60
    error = outcomes[0].error
    assert (error.name, error.cell, outcomes[0].attempt) == ("ChildDied", 3, 2)
    assert "not done after 2 seconds" in error.message
    assert (settings.run / "failed/2026/lillby/sv/hangs_deaf.ipynb").is_file()


def test_one_that_writes_garbage_is_a_failure_and_no_report(run, outputs) -> None:
    outcomes, _ = run("writes_garbage", ("lillby", "storstad"), workers=2)
    assert [o.status for o in outcomes] == ["failed", "made"]
    assert "no answer" in outcomes[0].error.message
    assert_whole(outputs)


def test_what_a_notebook_starts_does_not_outlive_it(run, outputs) -> None:
    run("leaves_a_process")
    notebook = nbformat.read(outputs / "reports/2026/lillby/sv/leaves_a_process.ipynb", as_version=4)
    number = int(notebook.cells[-1].outputs[0].text)
    deadline = time.monotonic() + 60
    while psutil.pid_exists(number) and psutil.Process(number).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_parent_of_children_is_killed_and_the_batch_goes_on(outputs, fixture_notebook) -> None:
    many = add_organisations(outputs, 12)
    batch = subprocess.Popen(
        command(outputs, fixture_notebook("takes_a_while")), stderr=subprocess.PIPE, text=True
    )
    wait_for_reports(outputs, 2)
    (parent,) = psutil.Process(batch.pid).children()
    parent.kill()
    _, told = batch.communicate(timeout=120)
    assert batch.returncode == 0, told
    rows = manifest(outputs)["notebooks"]
    assert [row["status"] for row in rows] == ["made"] * many
    # a parent that dies between two jobs costs none of them an attempt
    assert max(row["attempt"] for row in rows) <= 2
    assert_whole(outputs)


@pytest.mark.parametrize("done_n", [2, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 3, 5, 8, 11))])
def test_a_batch_that_is_killed_goes_on_where_it_was(outputs, fixture_notebook, done_n) -> None:
    many = add_organisations(outputs, 12)
    notebook = fixture_notebook("tells_what_it_read")
    batch = subprocess.Popen(command(outputs, notebook), stderr=subprocess.DEVNULL)
    wait_for_reports(outputs, done_n)
    family = psutil.Process(batch.pid).children(recursive=True)
    batch.send_signal(signal.SIGKILL)
    batch.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
    shown = dimios("runs", "list", "--outputs", str(outputs))
    assert "killed" in shown.stdout
    before = {p: p.stat().st_mtime_ns for p in outputs.glob("reports/**/*.ipynb")}
    assert done_n <= len(before) < many

    done = report(outputs, notebook)
    assert done.returncode == 0, done.stderr
    rows = manifest(outputs)["notebooks"]
    assert len(rows) == many
    unchanged = [row for row in rows if row["status"] == "unchanged"]
    assert (
        len(before) - 2 <= len(unchanged) <= len(before)
    )  # two may have been between their place and their line
    for row in unchanged:
        path = outputs / row["notebook"]
        assert path.stat().st_mtime_ns == before[path]
    assert_whole(outputs)


def test_a_second_batch_is_told_who_is_at_work(outputs, fixture_notebook) -> None:
    batch = subprocess.Popen(command(outputs, fixture_notebook("hangs")), stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not list(outputs.glob("runs/*/manifest.json")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        second = report(outputs, fixture_notebook("prints_parameters"))
        assert second.returncode == 2
        assert f"dimios report (process {batch.pid}, since " in second.stderr
        assert "→ wait until it is done" in second.stderr and "Traceback" not in second.stderr
        assert "running" in dimios("runs", "list", "--outputs", str(outputs)).stdout
        scoring = dimios("score", "--outputs", str(outputs))
        assert scoring.returncode == 2 and "is at work there" in scoring.stderr
    finally:
        os.kill(batch.pid, signal.SIGINT)
        batch.wait(timeout=30)
    assert not list(outputs.glob("reports/**/*.ipynb"))
    assert report(outputs, fixture_notebook("prints_parameters")).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_ends_in_a_clear_message_and_nothing_half_written(
    outputs, fixture_notebook, small_disk
) -> None:
    add_organisations(outputs, 12)
    place = small_disk / "outputs"
    place.mkdir()
    (outputs / "results").rename(place.parent.parent / "results")
    (place / "results").symlink_to(place.parent.parent / "results")
    done = report(place, fixture_notebook("writes_much"))
    assert done.returncode == 2, done.stderr
    assert "no space is left on its disk" in done.stderr and "it goes on" in done.stderr
    assert "Traceback" not in done.stderr
    made = list(place.glob("reports/**/*.ipynb"))
    assert 1 <= len(made) <= 5  # of 400 kilobytes each
    assert_whole(place)


def add_organisations(outputs: Path, number: int) -> int:
    """Add organisations to the results; return how many reports a batch makes then."""
    pattern = outputs / "results" / "organisation=lillby" / "organisation.json"
    about = json.loads(pattern.read_text(encoding="utf-8"))
    for i in range(number):
        folder = outputs / "results" / f"organisation=by{i}"
        folder.mkdir()
        (folder / "organisation.json").write_text(json.dumps(about | {"id": f"by{i}"}), encoding="utf-8")
    return number + 3


def wait_for_reports(outputs: Path, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(list(outputs.glob("reports/**/*.ipynb"))) < number:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def dimios(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dimios_core", *arguments], capture_output=True, text=True, timeout=60
    )

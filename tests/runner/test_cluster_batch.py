"""A batch on a real Dask cluster: a scheduler and two workers, one of which is killed midway."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.forking.linux import FORKING
from tests.runner.test_what_goes_wrong import add_organisations, assert_whole, wait_for_reports

pytestmark = [pytest.mark.usefixtures("heavy"), FORKING]


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """The address of a scheduler, and its two workers' processes."""
    scheduler = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    address = ""
    assert scheduler.stderr is not None
    for line in scheduler.stderr:
        if "Scheduler at:" in line:
            address = line.split()[-1]
            break
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
            ],
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_a_batch_runs_on_the_workers_and_survives_the_loss_of_one(outputs, fixture_notebook, cluster) -> None:
    address, workers = cluster
    many = add_organisations(outputs, 17)
    command = [sys.executable, "-m", "dimios_core", "report", "--outputs", str(outputs), "--cluster", address]
    command += ["--notebook", str(fixture_notebook("takes_a_while")), "--no-page"]
    batch = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_for_reports(outputs, 3)
    children = [child for worker in workers for child in psutil.Process(worker.pid).children(recursive=True)]
    assert len(children) >= 2  # each worker has a parent of children of its own
    workers[0].kill()
    _, told = batch.communicate(timeout=180)
    assert batch.returncode == 0, told
    manifest = json.loads(max(outputs.glob("runs/*/manifest.json")).read_text(encoding="utf-8"))
    assert [row["status"] for row in manifest["notebooks"]] == ["made"] * many
    assert_whole(outputs)
    deadline = time.monotonic() + 60
    while [p for p in psutil.Process(workers[1].pid).children(recursive=True) if "sleep" in p.name()]:
        assert time.monotonic() < deadline


def test_no_scheduler_is_told_in_time(outputs: Path, fixture_notebook) -> None:
    command = [sys.executable, "-m", "dimios_core", "report", "--outputs", str(outputs)]
    command += [
        "--cluster",
        "tcp://127.0.0.1:9",
        "--no-page",
        "--notebook",
        str(fixture_notebook("prints_parameters")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "no scheduler answered" in done.stderr and "Traceback" not in done.stderr

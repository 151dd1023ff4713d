"""Scoring on a real Dask cluster of two worker processes, and what is said where that cannot be."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from dimios_core.cli import app
from dimios_core.cluster import _find_fault, open_cluster
from dimios_core.errors import InputError
from tests.building import make_instrument, make_organisations, write_store

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.usefixtures("heavy")

POINTS = {"a": "c1", "b": "c1", "d": "c2", "e": "c2"}
#: two batches, so that both workers get one
ORGANISATIONS_N = 20


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as cluster:
        yield cluster.scheduler_address


def _write_outputs(outputs: Path) -> str:
    """A store of twenty organisations; returns the path of its instrument."""
    instrument = make_instrument(POINTS, {"c1": "d1", "c2": "d2"}, quadrants=True)
    rng = np.random.default_rng(5)
    names = [f"o{i:02}" for i in range(ORGANISATIONS_N)]
    rows = pd.DataFrame(
        {"organisation": name, "period": "2026", "unit": "", "role": "pta"[i % 3], "respondent": i}
        | dict(zip(POINTS, rng.integers(0, 6, 4).tolist(), strict=True))
        for name in names
        for i in range(30)
    )
    write_store(outputs, instrument, rows, make_organisations(*names))
    path = outputs / "small.yaml"
    path.write_text(instrument.model_dump_json(), encoding="utf-8")
    return str(path)


def test_cluster_publishes_the_same_results(address: str, tmp_path: Path) -> None:
    made = {}
    for name, where in (("here", ["--workers", "1"]), ("there", ["--cluster", address])):
        outputs = tmp_path / name
        outputs.mkdir()
        model = _write_outputs(outputs)
        told = CliRunner().invoke(app, ["score", "--instrument", model, "--outputs", str(outputs), *where])
        assert told.exit_code == 0, told.output
        made[name] = {
            p.relative_to(outputs): p.read_bytes() for p in sorted((outputs / "results").rglob("*.*"))
        }
    assert len(made["here"]) > ORGANISATIONS_N
    assert made["here"] == made["there"]


def _wait_for_the_other(folder: str, _: int) -> int:
    """Leave a mark of this process and wait until another process has left one too."""
    import os
    import time

    (Path(folder) / str(os.getpid())).touch()
    deadline = time.monotonic() + 60
    while len(list(Path(folder).iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    return os.getpid()


def test_work_runs_in_both_workers(address: str, tmp_path: Path) -> None:
    import os

    marks = tmp_path / "marks"
    marks.mkdir()
    with open_cluster(address, shared=tmp_path) as executor:
        futures = [executor.submit(_wait_for_the_other, str(marks), number) for number in range(2)]
        pids = {future.result() for future in futures}
    assert len(pids) == 2
    assert os.getpid() not in pids
    assert list(tmp_path.iterdir()) == [marks]


def test_a_worker_that_lies_on_another_disk_is_told(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = Path("/proc/self/cwd")  # a path that is another folder in every process
    if not elsewhere.exists():
        pytest.skip("the system has no /proc")
    with (
        pytest.raises(InputError, match="does not see /proc/self/cwd") as told,
        open_cluster(address, elsewhere),
    ):
        pass
    assert len(told.value.problems) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_address_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dimios_core.cluster.CONNECT_SECONDS", 5)
    for nowhere in ("tcp://127.0.0.1:9", "what is this"):
        with pytest.raises(InputError, match="no scheduler answered"), open_cluster(nowhere):
            pass
    # a client that never got through closes itself when it is collected, and waits for ever if that is while another loop starts
    gc.collect()


def test_a_scheduler_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dimios_core.cluster.CONNECT_SECONDS", 5)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0") as cluster,
        pytest.raises(InputError, match="has no workers"),
        open_cluster(cluster.scheduler_address),
    ):
        pass


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"dimios\[cluster\]"), open_cluster("tcp://127.0.0.1:8786"):
        pass
    with (
        pytest.raises(InputError, match="no such folder"),
        open_cluster("tcp://127.0.0.1:8786", tmp_path / "no"),
    ):
        pass


def test_another_version_and_a_worker_without_the_project() -> None:
    assert "version 0.0.1" in str(_find_fault("tcp://w", ("0.0.1", True), None))
    missing = ModuleNotFoundError("No module named 'dimios_core'")
    assert "cannot run the project's code" in str(_find_fault("tcp://w", missing, None))

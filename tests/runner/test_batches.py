"""Batches run for real: kernels, failures of every kind, and what is left behind."""

import getpass
import importlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from dimios_core.forking import ServerClosedError
from dimios_core.forking.shared_server import SharedServer
from dimios_core.runner.batches import local_executor

EVERY_PATH = re.compile(r"(?<![\w.:~/<>-])/(?:[\w.-]+/)+[\w.-]+")


@pytest.fixture
def hooks(monkeypatch, fixture_notebook):
    """The module of hooks, where children find it too."""
    monkeypatch.syspath_prepend(fixture_notebook("any").parent)
    return importlib.import_module("hooks")


def printed(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "".join("".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", []))


def test_each_organisation_gets_its_own_report_and_the_page_beside_it(run, outputs, hooks) -> None:
    outcomes, _ = run(
        "prints_parameters", ("lillby", "ostmark", "storstad"), workers=2, finish=hooks.add_page_beside
    )
    assert [outcome.status for outcome in outcomes] == ["made"] * 3
    assert all(outcome.seconds > 0 and outcome.attempt == 1 for outcome in outcomes)
    made = sorted(
        path.relative_to(outputs / "reports").as_posix()
        for path in outputs.glob("reports/**/*")
        if path.is_file()
    )
    assert made == sorted(
        f"{where}/prints_parameters.{kind}"
        for where in ("2026/lillby/sv", "2025-2/ostmark/sv", "2026/storstad/sv")
        for kind in ("ipynb", "html")
    )
    text = printed(outputs / "reports/2025-2/ostmark/sv/prints_parameters.ipynb")
    assert "organisation=ostmark period=2025-2 language=sv results=''" in text
    assert "r-17" in text  # read through DIMIOS_RESULTS


def test_a_failed_cell_is_named_and_the_last_good_report_stays(run, outputs) -> None:
    good = outputs / "reports/2026/lillby/sv/fails_in_second_cell.ipynb"
    good.parent.mkdir(parents=True)
    good.write_text("the last good one", encoding="utf-8")
    outcomes, settings = run("fails_in_second_cell", ("lillby", "storstad"), workers=2)
    assert [outcome.status for outcome in outcomes] == ["failed", "made"]
    error = outcomes[0].error
    assert (error.name, error.message) == ("ValueError", "no figures for lillby")
    assert (error.cell, error.line) == (
        4,
        'if organisation != "storstad":',
    )  # heading, parameters, first, this
    assert good.read_text(encoding="utf-8") == "the last good one"
    failed = settings.run / "failed/2026/lillby/sv/fails_in_second_cell.ipynb"
    assert "first cell lillby" in printed(failed)
    assert "ValueError" in failed.read_text(encoding="utf-8")
    assert (outputs / "reports/2026/storstad/sv/fails_in_second_cell.ipynb").is_file()


def test_a_notebook_that_hangs_is_stopped_in_time(run) -> None:
    started = time.monotonic()
    outcomes, settings = run("hangs", timeout_seconds=6)
    assert time.monotonic() - started < 60
    error = outcomes[0].error
    assert (error.name, error.cell) == ("TimeoutError", 3)
    assert "not done after 6 seconds" in error.message
    assert (settings.run / "failed/2026/lillby/sv/hangs.ipynb").is_file()


def test_a_process_that_ends_fails_its_own_notebook_only(run) -> None:
    outcomes, _ = run("dies", ("lillby", "storstad"), workers=2)
    assert [outcome.status for outcome in outcomes] == ["failed", "made"]
    error = outcomes[0].error
    assert (error.name, error.cell, outcomes[0].attempt) == ("ChildDied", 3, 2)
    assert "ended with code 9" in error.message


def test_a_process_that_is_killed_is_tried_again_and_kept_with_a_banner_at_its_cell(run) -> None:
    outcomes, settings = run("kills_itself", ("lillby", "ostmark", "storstad"), workers=2)
    assert [outcome.status for outcome in outcomes] == ["failed", "made", "made"]
    error = outcomes[0].error
    assert (error.name, error.cell, error.line, outcomes[0].attempt) == ("ChildDied", 3, "import os", 2)
    assert "killed" in error.message
    kept = (settings.run / "failed/2026/lillby/sv/kills_itself.ipynb").read_text(encoding="utf-8")
    cells = json.loads(kept)["cells"]
    at = next(i for i, cell in enumerate(cells) if "os.kill" in "".join(cell["source"]))
    assert "papermill-error-cell" in "".join(cells[at - 1]["source"])
    assert cells[at]["outputs"][0]["ename"] == "ChildDied"


def test_a_hook_that_fails_keeps_the_notebook_aside(run, outputs, hooks) -> None:
    outcomes, settings = run("prints_parameters", finish=hooks.refuse)
    assert outcomes[0].error.name == "RuntimeError"
    assert str(outputs) not in outcomes[0].error.message
    assert not (outputs / "reports").exists()
    assert (settings.run / "failed/2026/lillby/sv/prints_parameters.ipynb").is_file()


def test_children_have_one_thread_and_byte_code(run, outputs) -> None:
    run("shows_its_environment")
    text = printed(outputs / "reports/2026/lillby/sv/shows_its_environment.ipynb")
    assert "OMP_NUM_THREADS 1" in text and "OPENBLAS_NUM_THREADS 1" in text
    assert "PYTHONDONTWRITEBYTECODE None" in text


def test_reports_are_byte_identical_and_tell_nothing_of_the_machine(run, outputs) -> None:
    path = outputs / "reports/2026/lillby/sv/tells_where_it_runs.ipynb"
    run("tells_where_it_runs")
    first = path.read_bytes()
    run("tells_where_it_runs")
    assert path.read_bytes() == first
    text = first.decode()
    document = json.loads(text)
    assert "widgets" in document["metadata"]
    assert document["metadata"]["papermill"].keys() == {"parameters", "version"}
    assert document["metadata"]["papermill"]["parameters"] == {
        "organisation": "lillby",
        "period": "2026",
        "language": "sv",
    }
    assert all(not {"papermill", "execution"} & cell["metadata"].keys() for cell in document["cells"])
    outputs_text = json.dumps([cell.get("outputs", []) for cell in document["cells"]])
    assert EVERY_PATH.findall(outputs_text) == []
    for secret in (str(outputs), str(outputs.parent), str(Path.cwd()), sys.prefix, socket.gethostname()):
        assert secret not in text
    assert re.search(rf"\b{re.escape(getpass.getuser())}\b", outputs_text) is None
    assert re.search(r"\d\d:\d\d:\d\d", text) is None


def test_a_thread_that_comes_late_begins_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, closed = threading.Event(), threading.Event()
    close = SharedServer.close
    monkeypatch.setattr(SharedServer, "close", lambda: (close(), closed.set()))

    def come_late() -> None:
        taken.set()
        assert closed.wait(60)
        SharedServer.get(Path("results"))

    with local_executor(1) as executor:
        late = executor.submit(come_late)
        assert taken.wait(60)
    with pytest.raises(ServerClosedError):
        late.result()


@pytest.mark.usefixtures("heavy")
@pytest.mark.skipif(os.name != "posix", reason="signals as on Unix")
def test_ctrl_c_stops_the_children_and_writes_the_manifest(outputs, fixture_notebook) -> None:
    command = [sys.executable, "-m", "dimios_core", "report", "--outputs", str(outputs), "--workers", "2"]
    command += ["--notebook", str(fixture_notebook("hangs")), "--no-page"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    family = wait_for_children(process, 2)
    time.sleep(1)
    os.killpg(process.pid, 2)  # what a terminal does at Ctrl-C
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in stderr and "Stopped by Ctrl-C" in stderr
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    (path,) = outputs.glob("runs/*/manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert (manifest["status"], manifest["notebooks"]) == ("interrupted", [])
    assert list(outputs.glob("runs/*/work")) == []


def wait_for_children(batch: subprocess.Popen, wanted_n: int) -> list[psutil.Process]:
    """Wait until the batch's parent of children has so many, and return all processes of the batch."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and batch.poll() is None:
        family = psutil.Process(batch.pid).children(recursive=True)
        if len(family) == 1 + wanted_n:
            return family
        time.sleep(0.1)
    batch.kill()
    pytest.fail("the children did not start")

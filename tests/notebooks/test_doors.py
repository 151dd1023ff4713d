"""What everybody types first works: Papermill, nbconvert, nbval, VS Code and Voilà on a notebook as it lies in a project.

Whoever types it stands in another folder, and has named no place in the environment.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import nbclient
import nbformat
import pytest
from jinja2.utils import htmlsafe_json_dumps
from papermill.cli import papermill as papermill_command

from dimios_core.project.starting import start_project
from tests.notebooks.reading import html_of, run_nbval

pytestmark = pytest.mark.usefixtures("heavy")

HEADING = "<h1>Vårt resultat: Almviks kommun, 2026</h1>"
WAIT_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.2


@pytest.fixture(scope="module")
def notebook(demo_outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook of a project of its own, with results."""
    project = start_project(tmp_path_factory.mktemp("project"))
    (project / "outputs").mkdir()
    (project / "outputs" / "results").symlink_to(demo_outputs / "results")
    return project / "notebooks" / "organisation" / "our_result.ipynb"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where one stands."""
    for name in ("DIMIOS_PROJECT", "DIMIOS_OUTPUTS", "DIMIOS_RESULTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("engine", [(), ("--engine", "dimios")], ids=["stock", "ours"])
def test_papermill_in_the_project_and_elsewhere(notebook, elsewhere, monkeypatch, engine) -> None:
    given = ("-p", "organisation", "almvik", "-p", "period", "2026", "--no-progress-bar", *engine)
    made = elsewhere / "out.ipynb"
    if engine:
        monkeypatch.setenv("DIMIOS_OUTPUTS", str(notebook.parents[2] / "outputs"))
    else:
        monkeypatch.chdir(notebook.parents[2])
    papermill_command([str(notebook), str(made), *given], standalone_mode=False)
    assert nbformat.read(made, as_version=4).metadata.papermill.parameters["period"] == 2026
    assert HEADING in html_of(made)


def test_nbconvert(notebook, elsewhere) -> None:
    """In a process of its own: it closes its event loop at the end, which a test before it may still be using."""
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", "--output-dir", str(elsewhere)]
    subprocess.run([*command, str(notebook)], check=True, timeout=WAIT_SECONDS)
    assert HEADING in (elsewhere / "our_result.html").read_text(encoding="utf-8")


def test_nbval(notebook, elsewhere) -> None:
    run_nbval(notebook, elsewhere)


def test_vs_code(notebook, elsewhere) -> None:
    """Its kernel stands in the notebook's folder, and knows the notebook's place by a name among the globals."""
    opened = nbformat.read(notebook, as_version=4)
    opened.cells.insert(0, nbformat.v4.new_code_cell(f"__vsc_ipynb_file__ = {str(notebook)!r}"))
    nbclient.NotebookClient(opened, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    nbformat.write(opened, elsewhere / "run.ipynb")
    assert HEADING in html_of(elsewhere / "run.ipynb")


@pytest.fixture
def voila(notebook: Path, elsewhere: Path) -> Iterator[str]:
    """Stock Voilà over the notebook: its address, as soon as it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "voila", "--no-browser", f"--port={port}", str(notebook)]
    process = subprocess.Popen(command, cwd=elsewhere, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(LOOK_AGAIN_SECONDS)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()  # it ends its kernels
        process.wait(WAIT_SECONDS)


def test_voila(voila: str) -> None:
    """Its page carries what cells display as JSON, which a script shows."""
    with urlopen(voila, timeout=WAIT_SECONDS) as answer:
        page = answer.read().decode()
    assert str(htmlsafe_json_dumps(HEADING)).strip('"') in page
    assert '"output_type": "error"' not in page

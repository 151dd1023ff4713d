"""The wheel works by itself: built, installed from the lock into a fresh environment, and run from an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve.serving import start_server
from tests.small_demo import KEPT, make_demo_small

pytestmark = pytest.mark.usefixtures("heavy")

ROOT = Path(__file__).parents[1]
CARRIED = ("notebooks", "parameters")
NO_INDEX = re.compile(
    r"network was disabled|error sending request|dns error|Connection refused|timed out", re.IGNORECASE
)

Dimios = Callable[..., str]


def run(*command: str | Path, folder: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command that knows nothing of this project but what it is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIMIOS_", "PYTHON"))}
    return subprocess.run(
        [*map(str, command)], cwd=folder, env=kept | variables, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as anybody builds it."""
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert built.returncode == 0, built.stderr
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the lock's packages and the wheel; from uv's cache where it holds them all."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    uv = (sys.executable, "-m", "uv")
    assert run(*uv, "venv", "--quiet", "--python", sys.executable, folder).returncode == 0
    install = (*uv, "pip", "install", "--quiet", "--no-deps", "--python", folder)
    locked = (*install, "--require-hashes", "-r", "requirements.lock")
    for options in (("--offline",), ()):
        made = run(*locked, *options)
        if made.returncode == 0:
            break
    else:
        if NO_INDEX.search(made.stderr):
            pytest.skip(
                f"no package index can be reached, and uv's cache does not hold the lock: {made.stderr}"
            )
        pytest.fail(made.stderr)
    made = run(*install, "--offline", wheel)
    assert made.returncode == 0, made.stderr
    (shipped,) = folder.glob("lib/python*/site-packages/dimios_core/shipped")
    make_demo_small(shipped / "parameters" / "demo", KEPT)
    return folder


@pytest.fixture(scope="module")
def dimios(environment: Path) -> Dimios:
    """Runs a command of the installed program in a folder, and returns what it says."""

    def call(*given: str, folder: Path) -> str:
        made = run(environment / "bin" / "dimios", *given, folder=folder)
        assert made.returncode == 0, made.stdout + made.stderr
        return made.stdout + made.stderr

    return call


@pytest.fixture(scope="module")
def here(dimios: Dimios, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that somebody stands in, empty until the demo was made there."""
    folder = tmp_path_factory.mktemp("here")
    assert f"{len(KEPT)} organisations" in dimios("demo", "--no-reports", folder=folder)
    assert "5 notebooks of the suite organisation" in dimios("report", "-o", "almvik", folder=folder)
    return folder


def test_the_wheel_carries_notebooks_and_parameters_and_no_tests(wheel: Path) -> None:
    files = [p for part in CARRIED for p in (ROOT / part).rglob("*") if p.is_file()]
    expected = {
        p.relative_to(ROOT).as_posix(): p.read_bytes() for p in files if ".ipynb_checkpoints" not in p.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        prefix = "dimios_core/shipped/"
        carried = {n.removeprefix(prefix): archive.read(n) for n in names if n.startswith(prefix)}
    assert carried == expected
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"dimios_core", "dimios"}


def test_the_demo_and_its_reports_lie_where_one_stands(here: Path, environment: Path) -> None:
    assert [path.name for path in here.iterdir()] == ["outputs"]
    pages = sorted(
        path.name for path in (here / "outputs" / "reports" / "2026" / "almvik" / "sv").glob("*.html")
    )
    assert len(pages) == 5 and "our_result.html" in pages
    (shipped,) = environment.glob("lib/python*/site-packages/dimios_core/shipped")
    assert sorted(path.name for path in shipped.iterdir()) == sorted(CARRIED)


def test_a_project_of_ones_own_goes_first(here: Path, dimios: Dimios) -> None:
    mine = here / "mine"
    assert str(mine) in dimios("init", "mine", folder=here)
    suite = mine / "parameters" / "suites" / "organisation.yaml"
    suite.write_text(
        "id: organisation\nper: organisation\nnotebooks: [organisation/improvements]", encoding="utf-8"
    )
    outputs = mine / "outputs"
    outputs.mkdir()
    (outputs / "results").symlink_to(here / "outputs" / "results")
    told = dimios("report", "-o", "almvik", folder=mine / "notebooks")
    assert "1 notebook of the suite organisation" in told and str(outputs) in told
    assert [p.stem for p in (outputs / "reports").glob("2026/almvik/sv/*.html")] == ["improvements"]


@pytest.fixture(scope="module")
def served(here: Path, environment: Path) -> Iterator[Any]:
    """`dimios serve`, started there."""
    server = start_server(here / "outputs", python=environment / "bin" / "python", folder=here)
    yield server
    server.stop()


def test_it_serves_them_live(served: Any) -> None:
    cookie = served.sign_in("almvik")
    page = served.ask("/sida/2026/almvik/sv/our_result.html", cookie=cookie)
    assert page.status == 200 and "Almviks kommun" in page.text
    assert served.go_live(cookie, "2026/almvik/sv/our_result").status == 200

"""A real server on a free port, over a minimal outputs folder."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass
class Answer:
    """What the server said."""

    status: int
    text: str
    headers: HTTPMessage


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


@dataclass
class Server:
    """A running `dimios serve` and the address that it printed."""

    process: subprocess.Popen
    address: str
    outputs: Path
    temporary: Path

    @property
    def base(self) -> str:
        """The address without the token, with no slash at its end."""
        return self.address.split("/?")[0]

    @property
    def port(self) -> int:
        """The port."""
        return int(self.base.rsplit(":", 1)[1])

    def ask(self, path: str, *, cookie: str = "", method: str = "GET", **headers: str) -> Answer:
        """Send one request, follow nothing."""
        request = urllib.request.Request(self.base + path, method=method, headers=headers)
        if cookie:
            request.add_header("Cookie", cookie)
        try:
            answer = urllib.request.build_opener(_NoRedirect).open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.read().decode("utf-8", "replace"), answer.headers)

    def sign_in(self) -> str:
        """Open the door with the token; return the cookie."""
        answer = self.ask(self.address.removeprefix(self.base))
        assert answer.status == 200
        return answer.headers["Set-Cookie"].split(";")[0]


def make_outputs(folder: Path) -> Path:
    """Make the results of two organisations and three reports."""
    for identifier, name, demo in (("lillby", "Lillby kommun", True), ("alvsjo", "Älvsjö kommun", False)):
        place = folder / "results" / f"organisation={identifier}"
        place.mkdir(parents=True)
        description = {
            "id": identifier,
            "name": name,
            "type": "municipality",
            "periods": ["2026"],
            "demo": demo,
        }
        (place / "organisation.json").write_text(json.dumps(description), encoding="utf-8")
        report = folder / "reports" / "2026" / identifier / "sv"
        report.mkdir(parents=True)
        for fixture in ("tells_what_it_sees", "fails"):
            (report / f"{fixture}.ipynb").write_bytes((FIXTURES / f"{fixture}.ipynb").read_bytes())
    return folder


def start_server(outputs: Path) -> Server:
    """Start `dimios serve` and wait for its address."""
    command = [sys.executable, "-m", "dimios_core", "serve", "--outputs", str(outputs), "--port", "0"]
    temporary = Path(tempfile.mkdtemp(prefix="served-"))
    process = subprocess.Popen(
        [*command, "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"A_SECRET": "of the server", "TMPDIR": str(temporary)},
    )
    address = process.stdout.readline().strip()
    assert address, process.communicate()[1]
    return Server(process, address, outputs, temporary)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of one file."""
    running = start_server(make_outputs(tmp_path_factory.mktemp("served") / "outputs"))
    yield running
    running.process.terminate()
    running.process.communicate(timeout=30)
    shutil.rmtree(running.temporary)


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server of one test's own, which may stop it."""
    running = start_server(make_outputs(tmp_path / "outputs"))
    yield running
    running.process.kill()
    running.process.communicate()
    shutil.rmtree(running.temporary)

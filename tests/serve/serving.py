"""A small outputs folder, a real server over it, readers with links of every kind, and clients that ask for things."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any

import nbformat
import websocket

from dimios_core.access.keys import Keys, load_keys
from dimios_core.access.links import LinkBook
from dimios_core.page.state import FailedPage, Registered, State, write_state
from dimios_core.places import CONSORTIUM
from dimios_core.published.reads import hash_read_file

PAGE = "2026/lillby/sv/our_result"
OTHER_PAGE = "2026/alvsjo/sv/our_result"
SECRET = "the server's own, for nobody else"
SIGNING_KEY = "k" * 40
OTHER_KEY = "o" * 40
CODE = "K7Q2PX"
READS_BEGIN = 'dimios-reads" content="'

SETUP = """
import os, socket
from pathlib import Path
import ipywidgets

def attempt(action):
    try:
        return str(action())
    except OSError as error:
        return type(error).__name__

seen = {
    "environment": sorted(os.environ),
    "results": sorted(p.name for p in Path(os.environ["DIMIOS_RESULTS"]).iterdir()),
    "own": attempt(lambda: Path(os.environ["DIMIOS_RESULTS"], f"organisation={organisation}", "organisation.json").read_text()),
    "other": attempt(lambda: Path(OUTPUTS, "results", "organisation=alvsjo", "organisation.json").read_text()),
    "listing": attempt(lambda: os.listdir(Path(OUTPUTS, "results"))),
    "links": attempt(lambda: Path(OUTPUTS, "access", "links.jsonl").read_text()),
    "server": attempt(lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()),
    "folder": attempt(lambda: os.listdir(Path.cwd().parent)),
    "network": attempt(lambda: socket.create_connection(("127.0.0.1", PORT), 2)),
}
"""
LIVE = """
choice = ipywidgets.Dropdown(options=["one", "two", "sees", "fails", "dies", "prints"], description="Choose")
content = ipywidgets.HTML(f"{organisation}: one")

def choose(change):
    if change["new"] == "fails":
        raise ValueError("inside knowledge")
    if change["new"] == "dies":
        os._exit(7)
    if change["new"] == "prints":
        print("inside knowledge")
    content.value = f"{organisation}: {seen if change['new'] == 'sees' else change['new']}"

choice.observe(choose, names="value")
ipywidgets.VBox([ipywidgets.HTML("heading"), ipywidgets.HBox([choice]), content])
"""
HTML = """<!DOCTYPE html>
<html lang="sv"><head><meta charset="utf-8"><meta name="dimios-reads" content="{reads}"><title>{owner}</title></head>
<body><header><!--downloads--></header><main><h1>Vårt resultat: {owner}</h1></main></body></html>
"""


def make_outputs(folder: Path, port: int = 9) -> Path:
    """Make the results of two organisations, and reports on both and on all."""
    results = folder / "results"
    (results / "public").mkdir(parents=True)
    (results / "stamp.json").write_text('{"demo": null, "results_version": "v1"}', encoding="utf-8")
    for identifier, name in (("lillby", "Lillby kommun"), ("alvsjo", "Älvsjö kommun")):
        place = results / f"organisation={identifier}"
        place.mkdir()
        about = {
            "id": identifier,
            "name": name,
            "type": "municipality",
            "periods": ["2026", "2025"],
            "demo": False,
        }
        (place / "organisation.json").write_text(json.dumps(about), encoding="utf-8")
        for period in ("2026", "2025"):
            put_report(folder, f"{period}/{identifier}/sv/our_result", identifier, port)
    failed = FailedPage("alvsjo", "2026", "sv", "our_result", 2, "ValueError: inside knowledge")
    write_state(
        folder / "runs", State((failed,), (Registered("vantan", "Väntans kommun", "municipality", "14"),))
    )
    put_report(folder, "2026/lillby/sv/broken", "lillby", port, live="raise ValueError('inside knowledge')")
    put_report(folder, "2026/lillby/sv/plain", "lillby", port, live="1 + 1")
    put_report(folder, f"2026/{CONSORTIUM}/sv/national_status", CONSORTIUM, port)
    for owner in ("lillby", "alvsjo"):
        put_export(folder, owner)
    (folder / "reports" / "2026" / "lillby" / "sv" / "stolen.html").symlink_to(
        folder / "reports" / f"{OTHER_PAGE}.html"
    )
    return folder


def put_export(outputs: Path, owner: str) -> Path:
    """Put one file to take along of an organisation's report, made of today's results."""
    reads = f"stamp.json={hash_read_file(outputs / 'results', 'stamp.json')}"
    path = outputs / "exports" / "2026" / owner / "sv" / f"{owner}-2026-sv.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HTML.format(owner=f"hela {owner}", reads=reads), encoding="utf-8")
    return path


def put_report(outputs: Path, place: str, owner: str, port: int, live: str = LIVE) -> None:
    """Put a notebook and its page into the reports."""
    names = ["stamp.json", *([] if owner == CONSORTIUM else [f"organisation={owner}/organisation.json"])]
    reads = " ".join(f"{name}={hash_read_file(outputs / 'results', name)}" for name in names)
    page = outputs / "reports" / f"{place}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(HTML.format(owner=owner, reads=reads), encoding="utf-8")
    cells = [
        ("parameters", f'organisation = "{owner}"\nOUTPUTS = {str(outputs)!r}\nPORT = {port}'),
        ("setup", SETUP),
        ("live", live),
        ("", "raise RuntimeError('this cell is not live')"),
    ]
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    )
    for tag, source in cells:
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": [tag]} if tag else {})
        notebook.cells.append(cell)
    nbformat.write(notebook, page.with_suffix(".ipynb"))


@dataclass
class Answer:
    """What the server said."""

    status: int
    text: str
    headers: HTTPMessage

    @property
    def content(self) -> Any:
        """The text as JSON."""
        return json.loads(self.text)


@dataclass
class Server:
    """A running `dimios serve`."""

    process: subprocess.Popen
    outputs: Path
    port: int
    temporary: Path
    book: LinkBook
    keys: Keys
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address, with no slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        *,
        cookie: str = "",
        method: str = "GET",
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request, exactly as given; follow nothing."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": cookie} if cookie else {}
        if method not in ("GET", "HEAD"):
            sent["Origin"] = self.base
        connection.request(method, path, body=body, headers=sent | (headers or {}))
        answer = connection.getresponse()
        try:
            return Answer(answer.status, answer.read().decode("utf-8", "replace"), answer.headers)
        finally:
            connection.close()

    def cookie_name(self) -> str:
        """The session cookie's name."""
        return f"dimios-{self.port}"

    def link(self, owner: str, reader: str = "Kim") -> str:
        """A new link's path."""
        return f"/l/{self.book.create(reader, owner, 60)[1]}"

    def sign_in(self, owner: str, reader: str = "Kim") -> str:
        """Open a new link; return the cookie."""
        answer = self.ask(self.link(owner, reader))
        assert answer.status == 303, answer.text
        return answer.headers["Set-Cookie"].split(";")[0]

    def session(self, who: str) -> str:
        """The cookie of one of the seven kinds of people who may ask."""
        if who not in self.sessions:
            self.sessions[who] = self._make_session(who)
        return self.sessions[who]

    def _make_session(self, who: str) -> str:
        name = self.cookie_name()
        if who == "nobody":
            return ""
        if who == "forged":
            book = LinkBook(self.outputs / "access", Keys((OTHER_KEY,), "environment", False))
            link, _ = self.book.create("Forger", "lillby", 60)
            return f"{name}={book.sign_session(link, 'session')}"
        if who == "expired":
            link, _ = self.book.create("Late", "lillby", 1, now=datetime.now(UTC) - timedelta(days=2))
            return f"{name}={self.book.sign_session(link, 'session')}"
        if who == "revoked":
            link, _ = self.book.create("Former", "lillby", 60)
            self.book.revoke(link.id)
            return f"{name}={self.book.sign_session(link, 'session')}"
        return self.sign_in({"right": "lillby", "other": "alvsjo", "consortium": CONSORTIUM}[who], who)

    def go_live(self, cookie: str, place: str = PAGE, code: str = CODE) -> Answer:
        """Ask for a kernel as a page does."""
        page = self.ask(f"/sida/{place}.html", cookie=cookie).text
        reads = page.partition(READS_BEGIN)[2].partition('"')[0]
        return self.ask_live(cookie, place, {"code": code, "reads": reads})

    def ask_live(self, cookie: str, place: str, question: Any) -> Answer:
        """Ask for a kernel."""
        return self.ask(f"/levande/{place}", cookie=cookie, method="POST", body=json.dumps(question))

    def open_channels(self, channels: str, cookie: str, origin: str | None = None) -> websocket.WebSocket:
        """Open a websocket; raises websocket.WebSocketBadStatusException where it is refused."""
        return websocket.create_connection(
            f"ws://127.0.0.1:{self.port}{channels}?session_id=abc",
            cookie=cookie,
            origin=self.base if origin is None else origin,
            timeout=10,  # below the pings that keep a connection alive
        )

    def stop(self) -> None:
        """Stop it if it runs, and remove its temporary folder."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.communicate()


def start_server(
    outputs: Path,
    port: int = 0,
    options: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    *,
    python: Path = Path(sys.executable),
    folder: Path | None = None,
) -> Server:
    """Start `dimios serve` of an environment's Python, in a folder, and wait for its address."""
    command = [str(python), "-m", "dimios_core", "serve", "--outputs", str(outputs), "--port", str(port)]
    temporary = Path(tempfile.mkdtemp(prefix="served-"))
    variables = {
        "DIMIOS_SECRET": SIGNING_KEY,
        "A_SECRET": SECRET,
        "TMPDIR": str(temporary),
    } | (environment or {})
    process = subprocess.Popen(
        [*command, "--no-browser", *options],
        stdout=subprocess.PIPE,
        stderr=(temporary / "errors.txt").open("w"),
        text=True,
        cwd=folder,
        env=os.environ | variables,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address, (temporary / "errors.txt").read_text()
    found = int(address.split("/l/")[0].rsplit(":", 1)[1]) if "127.0.0.1" in address else port
    keys = load_keys(outputs / "access", {"DIMIOS_SECRET": SIGNING_KEY})
    return Server(process, outputs, found, temporary, LinkBook(outputs / "access", keys), keys)


def say(socket: websocket.WebSocket, live: dict[str, Any], index: int, number: str = "m1") -> None:
    """Choose an option of a page's first control."""
    socket.send(choice_message(live, index, number))


def choice_message(live: dict[str, Any], index: int, number: str = "m1", control: int = 0) -> str:
    """Return what a page says to choose an option of a control of its first piece."""
    model = live["pieces"][0]["controls"][control]["model"]
    data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
    return message("comm_msg", {"comm_id": model, "data": data}, number)


def message(kind: str, content: dict[str, Any], number: str = "m1", channel: str = "shell") -> str:
    """Return a Jupyter message."""
    header = {
        "msg_id": number,
        "session": "abc",
        "username": "",
        "date": "2026-01-01T00:00:00Z",
        "msg_type": kind,
        "version": "5.3",
    }
    return json.dumps(
        {
            "channel": channel,
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "buffers": [],
        }
    )


def hear(socket: websocket.WebSocket, number: str = "m1") -> list[dict[str, Any]]:
    """Return what comes in answer to a message, until its end."""
    heard = []
    while True:
        said = json.loads(socket.recv())
        if said["parent_header"].get("msg_id") == number:
            heard.append(said)
            if said["header"]["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
                return heard


def choose(socket: websocket.WebSocket, live: dict[str, Any], index: int, number: str = "m1") -> str:
    """Choose an option and return the new content."""
    say(socket, live, index, number)
    values = [
        m["content"]["data"]["state"]["value"]
        for m in hear(socket, number)
        if m["header"]["msg_type"] == "comm_msg" and "value" in m["content"]["data"].get("state", {})
    ]
    return values[-1] if values else ""


def wait_for(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: browser tests in the same process keep a loop running in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()

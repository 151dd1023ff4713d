"""What a reader, or somebody unknown, may try to take the server down with; and code in a kernel that should not be there."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress

import psutil
import pytest
import websocket

from dimios_core.access.readers import PROXY_LINK, Reader
from dimios_core.serve.kernels import LiveKernels
from tests.serve.serving import OTHER_PAGE, PAGE, Server, choose, hear, message, put_report, say, wait_for

ONE, TWO = 0, 1
MOST_OF_LINK = 8

#: says to whoever listens at any of the kernel's sockets: write this file
BREAKS_OUT = """
import os, pickle, socket, struct
from pathlib import Path
import ipywidgets
from dimios_core.forking import child

class Order:
    def __reduce__(self):
        return Path.touch, (Path(OUTPUTS, "obeyed"),)

order = pickle.dumps(("news", Order()))
if child._Caller.send is not None:
    child._Caller.send(order)
for number in range(3, 100):
    try:
        end = socket.socket(fileno=os.dup(number))
        if end.family == socket.AF_UNIX and not end.getsockname():
            end.setblocking(False)
            end.send(struct.pack("<Q", len(order)) + order)
    except OSError:
        pass
choice = ipywidgets.Dropdown(options=["one", "two"])
content = ipywidgets.HTML("one")
choice.observe(lambda change: setattr(content, "value", change["new"]), names="value")
ipywidgets.VBox([ipywidgets.HTML("heading"), ipywidgets.HBox([choice]), content])
"""

SLOW = """
import time
choice = ipywidgets.Dropdown(options=["one", "two"])
content = ipywidgets.HTML("one")
choice.observe(lambda change: time.sleep(0.2), names="value")
ipywidgets.VBox([ipywidgets.HTML("heading"), ipywidgets.HBox([choice]), content])
"""


def send_together(server: Server, requests: list[bytes]) -> list[int]:
    """Send requests so that all arrive at once; return the statuses."""
    connections = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in requests]
    for connection, request in zip(connections, requests, strict=True):
        connection.sendall(request[:-1])
    for connection, request in zip(connections, requests, strict=True):
        connection.sendall(request[-1:])
    statuses = [int(connection.recv(100).split()[1]) for connection in connections]
    for connection in connections:
        connection.close()
    return statuses


def make_start(server: Server, cookie: str) -> bytes:
    """The request for a kernel, as bytes."""
    page = server.ask(f"/sida/{PAGE}.html", cookie=cookie).text
    reads = page.partition('dimios-reads" content="')[2].partition('"')[0]
    body = json.dumps({"code": "ABCDEF", "reads": reads})
    head = (
        f"POST /levande/{PAGE} HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Origin: {server.base}",
        f"Cookie: {cookie}",
        f"Content-Length: {len(body)}",
        "\r\n",
    )
    return "\r\n".join(head).encode() + body.encode()


def kernels_n(server: Server) -> int:
    return sum(len(parent.children()) for parent in psutil.Process(server.process.pid).children())


def test_code_in_a_kernel_cannot_make_the_server_run_anything(fresh_server) -> None:
    put_report(fresh_server.outputs, "2026/lillby/sv/breaks_out", "lillby", 9, live=BREAKS_OUT)
    cookie = fresh_server.sign_in("lillby")
    live = fresh_server.go_live(cookie, "2026/lillby/sv/breaks_out").content
    assert choose(fresh_server.open_channels(live["channels"], cookie), live, TWO) == "two"
    assert not (fresh_server.outputs / "obeyed").exists()


def test_the_limits_hold_for_starts_that_come_at_once(fresh_server) -> None:
    link = fresh_server.link("lillby")
    cookies = [fresh_server.ask(link).headers["Set-Cookie"].split(";")[0] for _ in range(MOST_OF_LINK + 4)]
    statuses = send_together(fresh_server, [make_start(fresh_server, cookie) for cookie in cookies])
    assert sorted(statuses) == [200] * MOST_OF_LINK + [503] * 4
    assert kernels_n(fresh_server) == MOST_OF_LINK
    # one device and page: the first start is under way when the others come
    statuses = send_together(fresh_server, [make_start(fresh_server, cookies[0])] * 5)
    assert sorted(statuses) == [200] + [503] * 4
    assert kernels_n(fresh_server) <= MOST_OF_LINK


def test_a_body_larger_than_any_question_is_not_taken_in(server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 70000\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("body", ["[" * 50_000, '{"code":' * 5_000])
def test_a_question_that_is_nested_too_deep_is_refused(server, body) -> None:
    answer = server.ask(f"/levande/{PAGE}", cookie=server.session("right"), method="POST", body=body)
    assert answer.status == 400


@pytest.mark.parametrize("name", ["", "x" * 65, "%C3%A5", "%00", "a%0Ab"])
def test_a_connection_with_a_name_that_cannot_be_is_refused(server, name) -> None:
    cookie = server.session("right")
    live = server.go_live(cookie).content
    with pytest.raises(websocket.WebSocketBadStatusException) as error:
        websocket.create_connection(
            f"ws://127.0.0.1:{server.port}{live['channels']}?session_id={name}",
            cookie=cookie,
            origin=server.base,
            timeout=10,
        )
    assert error.value.status_code == 400


def test_the_binary_protocol_is_not_spoken(server) -> None:
    cookie = server.session("right")
    live = server.go_live(cookie).content
    opened = websocket.create_connection(
        f"ws://127.0.0.1:{server.port}{live['channels']}?session_id=abc",
        cookie=cookie,
        origin=server.base,
        header=["Sec-WebSocket-Protocol: v1.kernel.websocket.jupyter.org"],
        timeout=10,
    )
    assert opened.subprotocol is None
    assert choose(opened, live, TWO) == "lillby: two"


def test_who_asks_faster_than_the_kernel_answers_is_cut_off(server) -> None:
    put_report(server.outputs, "2026/lillby/sv/slow", "lillby", 9, live=SLOW)
    cookie = server.sign_in("lillby")
    live = server.go_live(cookie, "2026/lillby/sv/slow").content
    flooding = server.open_channels(live["channels"], cookie)
    with suppress(OSError):
        for number in range(250):
            say(flooding, live, (number + 1) % 2, f"m{number}")
    kind = code = 0
    while kind != websocket.ABNF.OPCODE_CLOSE:
        kind, content = flooding.recv_data(control_frame=True)
        code = int.from_bytes(content[:2], "big")
    assert code == 1008
    again = server.go_live(cookie).content
    assert choose(server.open_channels(again["channels"], cookie), again, TWO) == "lillby: two"


def test_many_choices_one_after_the_other_are_answered(server) -> None:
    cookie = server.sign_in("lillby")
    live = server.go_live(cookie).content
    opened = server.open_channels(live["channels"], cookie)
    for number in range(1, 300):
        assert choose(opened, live, number % 2, f"m{number}") == f"lillby: {('one', 'two')[number % 2]}"


def test_what_a_reader_says_acts_on_no_terminal_and_fills_no_log(server) -> None:
    cookie = server.sign_in("lillby")
    live = server.go_live(cookie, code="TERM2N").content
    opened = server.open_channels(live["channels"], cookie)
    model = live["pieces"][0]["controls"][0]["model"]
    for number in range(15):
        data = {"method": "update", "state": {"index": 100 + number}, "buffer_paths": []}
        opened.send(message("comm_msg", {"comm_id": model, "data": data}, f"m{number}"))
        assert [m for m in hear(opened, f"m{number}") if m["header"]["msg_type"] == "error"]
    text = (server.temporary / "errors.txt").read_text()
    assert text.count("code TERM2N") == 10
    assert "\x1b" not in text


def test_a_link_is_in_no_log_when_the_door_fails(fresh_server) -> None:
    link, cookie = fresh_server.link("lillby"), fresh_server.sign_in("lillby")
    live = fresh_server.go_live(cookie).content
    fresh_server.open_channels(live["channels"], cookie)
    book = fresh_server.outputs / "access" / "links.jsonl"
    whole = book.read_bytes()
    book.write_bytes(whole + b"damaged\n{}\n")
    assert fresh_server.ask(link).status == 500
    assert fresh_server.ask("/", cookie=cookie).status == 500
    deadline = time.monotonic() + 60  # nor does what was open stay open
    while kernels_n(fresh_server) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert kernels_n(fresh_server) == 0
    book.write_bytes(whole)
    assert fresh_server.ask(link).status == 303
    text = (fresh_server.temporary / "errors.txt").read_text()
    assert "it is damaged" in text and link.removeprefix("/l/") not in text


def test_who_is_blocked_writes_no_more_into_the_log(fresh_server) -> None:
    for number in range(30):
        fresh_server.ask(f"/l/guess-{number}")
    (file,) = (fresh_server.outputs / "access" / "log").glob("*.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line.get("blocked") for line in lines if line["what"] == "link"] == [None] * 9 + [True]


def test_readers_whom_a_proxy_names_are_counted_each_for_herself() -> None:
    kernels = LiveKernels(manager=(), most=100)
    readers = [Reader(f"reader {n}", "lillby", PROXY_LINK, f"session {n}") for n in range(MOST_OF_LINK + 1)]
    for reader in readers:
        kernels.add(reader.session, reader, PAGE, "ABCDEF")
    assert wait_for(kernels.make_room(readers[0], OTHER_PAGE))
    assert len(kernels.kernels) == MOST_OF_LINK + 1  # nobody had to give way


def test_kernels_start_beside_more_connections_than_select_can_count(fresh_server) -> None:
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2_500:
        pytest.skip("this system allows too few open files")
    address = ("127.0.0.1", fresh_server.port)
    silent = [socket.create_connection(address) for _ in range(1_050)]
    try:
        assert fresh_server.go_live(fresh_server.sign_in("lillby")).status == 200
        assert psutil.Process(fresh_server.process.pid).num_fds() > 1_050
    finally:
        for connection in silent:
            connection.close()

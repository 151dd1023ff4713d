"""A live page: what its kernel can see, what is said to it, how it ends, and what the page is told."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest
import websocket

from dimios_core.forking.confinement import landlock_version
from tests.serve.serving import CODE, PAGE, SECRET, Server, choose, hear, message, say, start_server

ONE, TWO, SEES, FAILS, DIES, PRINTS = range(6)
WAIT_SECONDS = 12


def kernels_of(server: Server) -> list[psutil.Process]:
    """The kernels: children of the server's child."""
    return [k for parent in psutil.Process(server.process.pid).children() for k in parent.children()]


def wait_until(condition, seconds: float = WAIT_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end_of(socket: websocket.WebSocket) -> int:
    """Wait until the server closes a websocket and return the code it gives."""
    socket.settimeout(WAIT_SECONDS)
    while True:
        kind, content = socket.recv_data(control_frame=True)
        if kind == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(content[:2], "big")


@pytest.fixture
def live(server):
    """A kernel of Lillby's reader, its websocket, and the cookie."""
    cookie = server.session("right")
    answer = server.go_live(cookie)
    assert answer.status == 200, answer.text
    socket = server.open_channels(answer.content["channels"], cookie)
    yield answer.content, socket, cookie
    socket.close()
    server.ask(answer.content["close"], cookie=cookie, method="POST")


def test_the_page_is_told_its_controls_and_a_choice_brings_new_content(live) -> None:
    answer, socket, _ = live
    ((control,),) = [piece["controls"] for piece in answer["pieces"]]
    assert control["labels"] == ["one", "two", "sees", "fails", "dies", "prints"]
    assert control["index"] == 0
    assert choose(socket, answer, TWO) == "lillby: two"
    assert choose(socket, answer, ONE, "m2") == "lillby: one"


def test_a_kernel_sees_its_organisation_and_nothing_else(live) -> None:
    answer, socket, _ = live
    text = choose(socket, answer, SEES)
    assert SECRET not in text
    for name in ("A_SECRET", "DIMIOS_SECRET", "REQUEST", "QUERY", "HTTP_"):
        assert name not in text, name
    assert "'results': ['organisation=lillby', 'public', 'stamp.json']" in text
    assert "Lillby kommun" in text and "lvsj" not in text


@pytest.mark.skipif(landlock_version() < 4, reason="this system cannot confine kernels so far")
def test_a_kernel_cannot_open_what_it_was_not_given(live) -> None:
    answer, socket, _ = live
    text = choose(socket, answer, SEES)
    for what in ("other", "listing", "links", "server", "folder", "network"):
        assert f"'{what}': 'PermissionError'" in text, what


def test_a_failure_is_told_without_its_inside_and_logged_under_the_pages_code(live, server) -> None:
    answer, socket, _ = live
    say(socket, answer, FAILS)
    heard = hear(socket)
    assert "inside knowledge" not in json.dumps(heard)
    assert [m["content"] for m in heard if m["header"]["msg_type"] == "error"] == [{}]
    errors = server.temporary / "errors.txt"
    assert wait_until(lambda: "inside knowledge" in errors.read_text())
    (line,) = [line for line in errors.read_text().splitlines() if f"code {CODE}" in line]
    assert "ERROR dimios.serve" in line
    assert choose(socket, answer, TWO, "m2") == "lillby: two"  # it goes on


def test_what_is_printed_is_nobodys_affair(live) -> None:
    answer, socket, _ = live
    say(socket, answer, PRINTS)
    assert "inside knowledge" not in json.dumps(hear(socket))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("execute_request", {"code": "open('/tmp/x', 'w')", "silent": False}),
        ("inspect_request", {"code": "seen", "cursor_pos": 2}),
        ("complete_request", {"code": "se", "cursor_pos": 2}),
        ("history_request", {"hist_access_type": "tail", "n": 5}),
        ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget.control", "data": {}}),
        ("comm_info_request", {}),
        ("shutdown_request", {"restart": False}),
        ("interrupt_request", {}),
        ("debug_request", {"command": "evaluate"}),
    ],
)
def test_a_page_can_say_nothing_to_its_kernel_but_a_choice(live, kind, content) -> None:
    answer, socket, _ = live
    for channel in ("shell", "control", "stdin", "iopub", "no such channel"):
        socket.send(message(kind, content, f"bad-{channel}", channel))
    say(socket, answer, TWO, "good")
    numbers = set()
    while "good" not in numbers:
        numbers.add(json.loads(socket.recv())["parent_header"].get("msg_id"))
    assert not {n for n in numbers if str(n).startswith("bad")}


@pytest.mark.parametrize("said", ["", "no JSON", "[]", "{}", '{"header": 3}', "x" * 20_000, b"bytes"])
def test_what_is_no_message_ends_the_conversation_and_not_the_server(live, server, said) -> None:
    _, socket, cookie = live
    if isinstance(said, bytes):
        socket.send_binary(said)
    else:
        socket.send(said)
    assert end_of(socket) in (1003, 1009)
    assert server.ask("/", cookie=cookie).status == 200


def test_a_second_start_of_the_same_page_puts_the_first_to_sleep(server) -> None:
    cookie = server.sign_in("lillby")
    first = server.go_live(cookie).content
    socket = server.open_channels(first["channels"], cookie)
    second = server.go_live(cookie).content
    assert end_of(socket) == 4001
    assert server.ask(first["close"], cookie=cookie, method="POST").status == 404
    assert server.ask(second["close"], cookie=cookie, method="POST").status == 204


def test_a_closed_page_ends_its_kernel_and_leaves_nothing(server) -> None:
    cookie = server.sign_in("lillby")
    before = {k.pid for k in kernels_of(server)}
    live = server.go_live(cookie).content
    (kernel,) = [k for k in kernels_of(server) if k.pid not in before]
    (place,) = server.temporary.glob("voila_*")
    folders = set(place.iterdir())
    assert server.ask(live["close"], cookie=cookie, method="POST").status == 204
    assert wait_until(lambda: not kernel.is_running())
    assert len(folders - set(place.iterdir())) == 1


def test_a_kernel_that_died_is_told_and_another_takes_over(server) -> None:
    cookie = server.sign_in("lillby")
    live = server.go_live(cookie).content
    socket = server.open_channels(live["channels"], cookie)
    say(socket, live, DIES)
    assert end_of(socket) == 1011
    again = server.go_live(cookie).content
    assert choose(server.open_channels(again["channels"], cookie), again, TWO) == "lillby: two"


def test_a_page_whose_cells_fail_gets_no_kernel_and_the_log_says_why(server) -> None:
    cookie = server.sign_in("lillby")
    before = len(kernels_of(server))
    answer = server.go_live(cookie, "2026/lillby/sv/broken", "BRAKEN")
    assert (answer.status, answer.content) == (500, {"reason": "failed"})
    assert "inside knowledge" not in answer.text
    assert (
        "code BRAKEN: no live page of 2026/lillby/sv/broken" in (server.temporary / "errors.txt").read_text()
    )
    assert wait_until(lambda: len(kernels_of(server)) == before)


def test_a_page_without_controls_is_answered_with_none(server) -> None:
    answer = server.go_live(server.session("right"), "2026/lillby/sv/plain")
    assert (answer.status, answer.content["pieces"]) == (200, [])


@pytest.mark.parametrize("question", [None, [], "text", 7])
def test_a_question_that_is_none_is_refused(server, question) -> None:
    assert server.ask_live(server.session("right"), PAGE, question).status == 400


def test_a_page_of_other_results_gets_no_kernel(server) -> None:
    answer = server.ask_live(
        server.session("right"), PAGE, {"code": CODE, "reads": "stamp.json=0123456789ab"}
    )
    assert (answer.status, answer.content) == (409, {"reason": "newer"})


def test_the_organisation_comes_from_the_path_and_never_from_the_query(server) -> None:
    cookie = server.session("right")
    page = server.ask(f"/sida/{PAGE}.html", cookie=cookie).text
    reads = page.partition('dimios-reads" content="')[2].partition('"')[0]
    body = json.dumps({"code": CODE, "reads": reads, "organisation": "alvsjo"})
    answer = server.ask(f"/levande/{PAGE}?organisation=alvsjo", cookie=cookie, method="POST", body=body)
    socket = server.open_channels(answer.content["channels"], cookie)
    assert choose(socket, answer.content, TWO) == "lillby: two"


def test_newer_results_end_kernels_and_make_pages_older(fresh_server) -> None:
    cookie = fresh_server.sign_in("lillby")
    live = fresh_server.go_live(cookie).content
    socket = fresh_server.open_channels(live["channels"], cookie)
    before = fresh_server.ask(f"/sida/{PAGE}.html", cookie=cookie)
    assert f'<html data-live="/levande/{PAGE}" lang="sv">' in before.text
    place = fresh_server.outputs / "results"
    about = place / "organisation=lillby" / "organisation.json"
    about.write_text(about.read_text().replace("2025", "2024"), encoding="utf-8")
    new = place / "new.json"
    new.write_text('{"demo": null, "results_version": "v2"}', encoding="utf-8")
    new.replace(place / "stamp.json")
    assert end_of(socket) == 4010
    after = fresh_server.ask(f"/sida/{PAGE}.html", cookie=cookie)
    assert '<html class="older" lang="sv">' in after.text and "data-live" not in after.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert fresh_server.go_live(cookie).status == 409
    # the other organisation's page was made of other files, which hold what they held
    other = fresh_server.sign_in("alvsjo")
    assert fresh_server.go_live(other, "2026/alvsjo/sv/our_result").status == 200


def test_revoking_a_link_ends_its_pages_kernels_and_sockets(server) -> None:
    link, token = server.book.create("Kim", "lillby", 60)
    cookie = server.ask(f"/l/{token}").headers["Set-Cookie"].split(";")[0]
    live = server.go_live(cookie).content
    socket = server.open_channels(live["channels"], cookie)
    server.book.revoke(link.id)
    assert server.ask("/", cookie=cookie).status == 403
    assert end_of(socket) == 4003
    assert server.ask(f"/l/{token}").status == 403


@pytest.mark.usefixtures("heavy")
def test_there_is_room_for_so_many_and_the_one_unused_for_longest_gives_way(tmp_path_factory) -> None:
    from tests.serve.serving import make_outputs

    server = start_server(
        make_outputs(tmp_path_factory.mktemp("few") / "outputs"), options=("--kernels", "2")
    )
    try:
        cookies = [server.sign_in("lillby", f"Reader {i}") for i in range(3)]
        sockets, lives = [], []
        for cookie in cookies[:2]:
            lives.append(server.go_live(cookie).content)
            sockets.append(server.open_channels(lives[-1]["channels"], cookie))
        busy = server.go_live(cookies[2])
        assert (busy.status, busy.content) == (503, {"reason": "busy"})
        assert 2 <= int(busy.headers["Retry-After"]) <= 6
        time.sleep(10.5)
        assert choose(sockets[0], lives[0], TWO) == "lillby: two"  # used just now
        assert server.go_live(cookies[2]).status == 200
        assert end_of(sockets[1]) == 4001
        assert choose(sockets[0], lives[0], ONE, "m2") == "lillby: one"
        assert len(kernels_of(server)) == 2
    finally:
        server.stop()


def test_many_may_ask_at_once_and_each_gets_her_own(server) -> None:
    owners = ["lillby", "alvsjo"] * 4
    cookies = [server.sign_in(owner, f"{owner} {i}") for i, owner in enumerate(owners)]
    told: dict[int, str] = {}

    def open_page(i: int) -> None:
        live = server.go_live(cookies[i], f"2026/{owners[i]}/sv/our_result").content
        socket = server.open_channels(live["channels"], cookies[i])
        told[i] = choose(socket, live, TWO)
        socket.close()

    threads = [threading.Thread(target=open_page, args=(i,)) for i in range(len(owners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert told == {i: f"{owner}: two" for i, owner in enumerate(owners)}


def test_a_page_that_went_away_without_a_word_leaves_no_kernel(server) -> None:
    cookie = server.sign_in("lillby")
    before = {k.pid for k in kernels_of(server)}
    live = server.go_live(cookie).content
    server.open_channels(live["channels"], cookie).shutdown()
    (kernel,) = [k for k in kernels_of(server) if k.pid not in before]
    assert wait_until(lambda: not kernel.is_running(), 40)


def test_kernels_and_their_parent_die_with_a_killed_server(fresh_server) -> None:
    fresh_server.go_live(fresh_server.sign_in("lillby"))
    family = psutil.Process(fresh_server.process.pid).children(recursive=True)
    assert len(family) == 2
    fresh_server.process.kill()
    assert psutil.wait_procs(family, timeout=60)[1] == []


def test_a_killed_parent_of_kernels_is_noticed_and_replaced(fresh_server) -> None:
    cookie = fresh_server.sign_in("lillby")
    live = fresh_server.go_live(cookie).content
    socket = fresh_server.open_channels(live["channels"], cookie)
    (parent,) = psutil.Process(fresh_server.process.pid).children()
    os.kill(parent.pid, signal.SIGKILL)
    assert end_of(socket) == 1011
    assert wait_until(lambda: fresh_server.go_live(cookie).status == 200)


def test_a_stopped_server_tells_its_pages_and_leaves_nothing(fresh_server) -> None:
    cookie = fresh_server.sign_in("lillby")
    live = fresh_server.go_live(cookie).content
    socket = fresh_server.open_channels(live["channels"], cookie)
    family = psutil.Process(fresh_server.process.pid).children(recursive=True)
    fresh_server.process.send_signal(signal.SIGTERM)
    assert end_of(socket) == 1001
    assert fresh_server.process.wait(15) == 0
    errors = (fresh_server.temporary / "errors.txt").read_text()
    assert "Stopped." in errors and "Traceback" not in errors
    assert psutil.wait_procs(family, timeout=60)[1] == []
    assert list(fresh_server.temporary.glob("voila_*")) == []


def test_a_session_outlives_a_restart(fresh_server) -> None:
    cookie = fresh_server.sign_in("lillby")
    fresh_server.process.send_signal(signal.SIGTERM)
    fresh_server.process.wait(15)
    again = start_server(fresh_server.outputs, fresh_server.port)
    try:
        assert again.go_live(cookie).status == 200
    finally:
        again.stop()


@pytest.mark.usefixtures("heavy")
def test_where_nothing_can_be_forked_a_standard_kernel_does_the_same(tmp_path) -> None:
    """The server's own code decides by `can_fork`; a sitecustomize says no there."""
    from tests.serve.serving import make_outputs

    patch = tmp_path / "patch"
    patch.mkdir()
    (patch / "sitecustomize.py").write_text(
        "import dimios_core.forking as f, dimios_core.forking.server as s\n"
        "f.can_fork = s.can_fork = lambda: False\n",
        encoding="utf-8",
    )
    server = start_server(make_outputs(tmp_path / "outputs"), environment={"PYTHONPATH": str(patch)})
    try:
        cookie = server.sign_in("lillby")
        live = server.go_live(cookie).content
        text = choose(server.open_channels(live["channels"], cookie), live, SEES)
        environment = text.partition("'environment': [")[2].partition("]")[0]
        assert "'PATH'" in environment and "SECRET" not in environment
        assert "'results': ['organisation=lillby', 'public', 'stamp.json']" in text
        assert "ipykernel_launcher" in " ".join(psutil.Process(server.process.pid).children()[0].cmdline())
    finally:
        server.stop()


def test_links_to_files_elsewhere_are_no_pages(server) -> None:
    stolen = Path(server.outputs, "reports", "2026", "lillby", "sv", "stolen.html")
    assert "alvsjo" in stolen.read_text(encoding="utf-8")
    assert server.ask("/sida/2026/lillby/sv/stolen.html", cookie=server.session("right")).status == 404

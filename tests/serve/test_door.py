"""The door: links and what they become, hosts and origins, addresses that climb, headers, and the log."""

from __future__ import annotations

import json
import re
import socket
import stat
import subprocess
import sys
import time

import psutil
import pytest

from dimios_core.page.assets import SCRIPTS
from tests.serve.serving import (
    OTHER_PAGE,
    PAGE,
    SIGNING_KEY,
    Server,
    make_outputs,
    start_server,
)


def read_log(server: Server) -> list[dict]:
    """The lines of the access log so far."""
    files = sorted((server.outputs / "access" / "log").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_link_leads_to_the_newest_own_page_and_leaves_the_address_bar(server) -> None:
    link = server.link("lillby")
    answer = server.ask(link)
    assert (answer.status, answer.headers["Location"]) == (303, f"/sida/{PAGE}.html")
    attributes = {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert attributes == {"httponly", "path=/", "samesite=lax"}
    assert link.removeprefix("/l/") not in answer.headers["Set-Cookie"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert server.ask(server.link("_consortium")).headers["Location"] == "/"


def test_a_link_works_again_on_another_device(server) -> None:
    link = server.link("lillby")
    cookies = {server.ask(link).headers["Set-Cookie"].split(";")[0] for _ in range(3)}
    assert len(cookies) == 3
    assert all(server.ask("/", cookie=cookie).status == 200 for cookie in cookies)


def test_a_link_is_no_session_and_a_session_is_no_link(server) -> None:
    token = server.link("lillby").removeprefix("/l/")
    assert server.ask("/", cookie=f"{server.cookie_name()}={token}").status == 403
    session = server.session("right").partition("=")[2]
    assert server.ask(f"/l/{session}").status == 403


def test_a_token_in_a_query_opens_nothing(server) -> None:
    token = server.link("lillby").removeprefix("/l/")
    for query in (f"?token={token}", f"?l={token}", f"?dimios-{server.port}={token}"):
        assert server.ask(f"/{query}").status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "localhost.evil.example:{port}"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}.evil.example"},
        {"Origin": "null"},
    ],
)
def test_other_hosts_and_other_origins_are_refused(server, headers) -> None:
    sent = {name: value.format(port=server.port) for name, value in headers.items()}
    assert server.ask("/", cookie=server.session("right"), headers=sent).status == 403


def test_what_changes_something_must_tell_where_it_comes_from(server) -> None:
    connection_headers = {"Origin": ""}
    for address in (f"/levande/{PAGE}", f"/levande/kernel/{'0' * 36}/close"):
        answer = server.ask(
            address, cookie=server.session("right"), method="POST", body="{}", headers=connection_headers
        )
        assert answer.status == 403


@pytest.mark.parametrize("name", ["X-Forwarded-User", "X-Remote-User", "X-Forwarded-Email", "Remote-User"])
def test_a_name_in_a_header_opens_nothing_without_a_trusted_proxy(server, name) -> None:
    assert server.ask("/", headers={name: "director@lillby.example"}).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "2026/lillby/sv/none.html",
        "2026/nyby/sv/our_result.html",
        "2026/lillby/sv/../../alvsjo/sv/our_result.html",
        "2026/lillby/sv/%2e%2e/%2e%2e/alvsjo/sv/our_result.html",
        "2026/lillby/../alvsjo/sv/our_result.html",
        "2026/lillby%2f..%2falvsjo/sv/our_result.html",
        "2026/lillby%252f..%252falvsjo/sv/our_result.html",
        "2026/alvsjo/sv/our_result.html",
        "2026/ALVSJO/sv/our_result.html",
        "2026//alvsjo/sv/our_result.html",
        "..%2f..%2fresults/stamp.json",
        "../../../../../etc/passwd",
        "/etc/passwd",
        "2026/lillby/sv/",
        "2026/lillby/sv/our_result.ipynb",
        "2026/lillby/sv/our_result.html/",
        "2026/lillby/sv/our_result.html%00",
        "2026/lillby/sv/our_result.html%0a",
        "2026/lillby/sv/.our_result.html",
        "2026/lillby/sv/stolen.html",
        "_assets/..%2f..%2fresults%2fstamp.json",
        "_assets/..",
        "_assets/passwd",
        "_assets/page.html.j.",
    ],
)
@pytest.mark.parametrize("prefix", ["/sida/", "/levande/", "/sida/2026/../"])
def test_addresses_that_climb_or_are_encoded_reach_nothing(server, prefix: str, path: str) -> None:
    answer = server.ask(prefix + path, cookie=server.session("right"))
    assert answer.status == 404, answer.text
    assert "alvsjo" not in answer.text and "root:" not in answer.text


def test_every_answer_carries_the_same_headers(server) -> None:
    addresses = (
        "/",
        "/health",
        f"/sida/{PAGE}.html",
        "/sida/_assets/plotly.min.js",
        "/nowhere",
        "/l/x",
        OTHER_PAGE,
    )
    for cookie in ("", server.session("right")):
        for address in addresses:
            headers = server.ask(
                address if address[0] == "/" else f"/sida/{address}.html", cookie=cookie
            ).headers
            policy = headers["Content-Security-Policy"]
            assert re.search(rf"script-src 'self'( 'sha256-[\w+/=]{{44}}'){{{len(SCRIPTS)}}};", policy), (
                policy
            )
            assert "unsafe-eval" not in policy and "script-src 'unsafe-inline'" not in policy
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Server"] == "dimios"
            assert headers["Cache-Control"].startswith(("no-store", "private"))


def test_a_stored_page_is_sent_compressed_with_a_tag_and_again_only_when_it_changed(server) -> None:
    cookie = server.session("right")
    plain = server.ask(f"/sida/{PAGE}.html", cookie=cookie)
    packed = server.ask(f"/sida/{PAGE}.html", cookie=cookie, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Cookie, Accept-Encoding"
    tag = plain.headers["ETag"]
    again = server.ask(f"/sida/{PAGE}.html", cookie=cookie, headers={"If-None-Match": tag})
    assert (again.status, again.text) == (304, "")
    assert server.ask(f"/sida/{PAGE}.html", headers={"If-None-Match": tag}).status == 403
    refused = server.ask(f"/sida/{PAGE}.html", cookie=server.session("other"), headers={"If-None-Match": tag})
    assert refused.status == 404


def test_the_log_tells_who_and_what_and_when_and_no_link(server) -> None:
    link, token = server.book.create("Åsa Öberg", "lillby", 60)
    cookie = server.ask(f"/l/{token}").headers["Set-Cookie"].split(";")[0]
    server.ask(f"/sida/{PAGE}.html?secret=1", cookie=cookie)
    live = server.go_live(cookie, code="ABC234").content
    server.ask(live["close"], cookie=cookie, method="POST")
    lines = [line for line in read_log(server) if line.get("link") == link.id]
    assert [(line.get("reader"), line["what"], line.get("path"), line.get("status")) for line in lines] == [
        ("Åsa Öberg", "link", None, 303),
        ("Åsa Öberg", "page", f"/sida/{PAGE}.html", 200),
        ("Åsa Öberg", "page", f"/sida/{PAGE}.html", 200),
        ("Åsa Öberg", "live", f"/levande/{PAGE}", 200),
        (None, "kernel ended", PAGE, None),
    ]
    assert lines[3]["code"] == "ABC234"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"]) for line in lines)
    whole = json.dumps(read_log(server)) + (server.temporary / "errors.txt").read_text()
    assert token not in whole and cookie.partition("=")[2] not in whole
    assert stat.S_IMODE((server.outputs / "access").stat().st_mode) == 0o700


def test_failed_links_are_counted_and_valid_sessions_go_on(fresh_server) -> None:
    cookie = fresh_server.sign_in("lillby")
    statuses = [fresh_server.ask(f"/l/guess-{i}").status for i in range(12)]
    assert statuses == [403] * 10 + [429] * 2
    blocked = fresh_server.ask(fresh_server.link("lillby"))
    assert blocked.status == 429 and int(blocked.headers["Retry-After"]) > 0
    assert fresh_server.ask("/", cookie=cookie).status == 200
    failed = [line for line in read_log(fresh_server) if line["status"] == 403]
    assert {line["reason"] for line in failed} == {"forged"} and {line["client"] for line in failed} == {
        "127.0.0.1"
    }


@pytest.mark.usefixtures("heavy")
def test_a_trusted_proxy_names_readers_and_nobody_else_can(tmp_path) -> None:
    readers = tmp_path / "readers.csv"
    readers.write_text(
        "identity,organisation\nkim@lillby.example,lillby\nåsa@lillby,lillby\nboss@example,consortium\n",
        encoding="utf-8",
    )
    options = ("--proxy", "127.0.0.2", "--identity-header", "X-Forwarded-Email", "--readers", str(readers))
    server = start_server(make_outputs(tmp_path / "outputs"), options=options)
    try:
        named = {"X-Forwarded-Email": "kim@lillby.example"}
        assert server.ask("/", headers=named).status == 403  # not from the proxy's address

        def ask_from_proxy(path: str, headers: str) -> str:
            with socket.create_connection(
                ("127.0.0.1", server.port), source_address=("127.0.0.2", 0)
            ) as connection:
                request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n{headers}\r\n"
                connection.sendall(request.encode())
                return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

        def status(answer: str) -> int:
            return int(answer.split()[1])

        kim = "X-Forwarded-Email: Kim@Lillby.example\r\n"
        assert status(ask_from_proxy(f"/sida/{PAGE}.html", kim)) == 200
        assert status(ask_from_proxy(f"/sida/{OTHER_PAGE}.html", kim)) == 404
        assert status(ask_from_proxy("/", "X-Forwarded-Email: boss@example\r\n")) == 200
        assert status(ask_from_proxy("/", "X-Forwarded-Email: Åsa@Lillby\r\n")) == 200
        assert status(ask_from_proxy("/", "X-Forwarded-Email: stranger@example\r\n")) == 403
        assert status(ask_from_proxy("/", "")) == 403
        # two names are one too many: a proxy that adds its own to what the reader sent must strip it
        assert status(ask_from_proxy("/", kim + "X-Forwarded-Email: boss@example\r\n")) == 403
        for _ in range(11):  # the reader's own address counts, not the proxy's
            ask_from_proxy("/l/guess", "X-Forwarded-For: 9.9.9.9, 192.0.2.7\r\n")
        assert status(ask_from_proxy("/l/guess", "X-Forwarded-For: 192.0.2.7\r\n")) == 429
        assert status(ask_from_proxy("/l/guess", "X-Forwarded-For: 192.0.2.7, 192.0.2.8\r\n")) == 403
    finally:
        server.stop()


def test_it_listens_on_loopback_alone_and_a_busy_port_is_an_error(server) -> None:
    connections = psutil.Process(server.process.pid).net_connections("inet")
    listening = {tuple(c.laddr) for c in connections if c.status == psutil.CONN_LISTEN}
    assert listening == {("127.0.0.1", server.port)}
    second = run_serve(server.outputs, "--port", str(server.port))
    assert second.returncode == 2
    assert f"port {server.port}" in second.stderr and "Traceback" not in second.stderr


def run_serve(outputs, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "dimios_core",
        "serve",
        "--outputs",
        str(outputs),
        "--no-browser",
        *options,
    ]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**_clean(), **environment}
    )


def _clean() -> dict[str, str]:
    import os

    return {k: v for k, v in os.environ.items() if not k.startswith("DIMIOS_")}


@pytest.mark.usefixtures("heavy")
def test_beyond_loopback_it_refuses_an_unsafe_configuration_by_name(tmp_path) -> None:
    outputs = make_outputs(tmp_path / "outputs")
    refused = run_serve(outputs, "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 2
    for name in ("no-tls", "no-proxy", "default-secret"):
        assert f"{name}: " in refused.stderr and f"--accept {name}" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.usefixtures("heavy")
def test_check_tells_and_starts_nothing(tmp_path) -> None:
    outputs = make_outputs(tmp_path / "outputs")
    options = ["--check", "--address", "https://matning.example.se", "--proxy", "127.0.0.1"]
    told = run_serve(outputs, *options, DIMIOS_SECRET="short")
    assert told.returncode == 2 and "32" in told.stderr
    told = run_serve(outputs, *options)
    assert told.returncode == 2 and "default-secret" in told.stderr and "no-tls" not in told.stderr
    for folder in (outputs, *outputs.iterdir()):
        folder.chmod(0o700)
    accepted = [part for name in ("root", "no-confinement") for part in ("--accept", name)]
    names = {name for name in ("root", "no-confinement") if f"{name}: " in told.stderr}
    accepted = [part for name in names for part in ("--accept", name)]
    told = run_serve(outputs, *options, *accepted, DIMIOS_SECRET=SIGNING_KEY)
    assert told.returncode == 0, told.stderr
    told = run_serve(outputs, *options, *accepted, "--accept", "no-tls", DIMIOS_SECRET=SIGNING_KEY)
    assert told.returncode == 2 and "there is no such risk here" in told.stderr


@pytest.mark.usefixtures("heavy")
def test_a_public_address_sets_a_secure_cookie_and_asks_for_tls(tmp_path) -> None:
    outputs = make_outputs(tmp_path / "outputs")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = start_server(outputs, port, ("--address", "https://matning.example.se"))
    server.port = port
    try:
        host = {"Host": "matning.example.se"}
        deadline = time.monotonic() + 60
        answer = server.ask(server.link("lillby"), headers=host)
        while answer.status != 303 and time.monotonic() < deadline:
            answer = server.ask(server.link("lillby"), headers=host)
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-dimios=") and "Secure" in cookie
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert server.ask("/", cookie=cookie.split(";")[0], headers=host).status == 200
        assert (
            server.ask("/", cookie=cookie.split(";")[0], headers={"Host": "other.example.se"}).status == 403
        )
    finally:
        server.stop()


@pytest.mark.usefixtures("heavy")
def test_without_reports_the_next_command_is_named(tmp_path) -> None:
    outputs = make_outputs(tmp_path / "outputs")
    for page in (outputs / "reports").rglob("*.html"):
        page.unlink()
    done = run_serve(outputs)
    assert done.returncode == 2 and "run `dimios report`" in done.stderr

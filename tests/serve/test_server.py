"""The real server: who gets in, what is shown, where it listens, and what stays when it stops."""

import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dimios_core.serve import bind_loopback, make_server

REPORT = "/voila/render/2026/lillby/sv/tells_what_it_sees.ipynb"
KERNEL_ID = "01234567-89ab-cdef-0123-456789abcdef"


def registered_patterns(tmp_path) -> list[str]:
    """Every route of the server, from a server that is built in this process and never started."""
    sockets = bind_loopback(0)
    server = make_server(
        tmp_path, dict, sockets, results=tmp_path, project=tmp_path, on_ready=lambda address: None
    )
    (tmp_path / "connections").mkdir()
    server.connection_dir = str(tmp_path / "connections")
    server.init_settings()
    for bound in sockets:
        bound.close()
    return [route[0] for route in server.init_handlers()]


def fill_in(pattern: str) -> str:
    """An address that a route's pattern matches."""
    for part, example in (
        (r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)", KERNEL_ID),
        (
            r"(\d{4}(?:-[12])?/(?:[a-z0-9][a-z0-9-]*|_consortium)/(?:sv|en)/[a-z0-9_]+\.ipynb)",
            "2026/lillby/sv/fails.ipynb",
        ),
        (
            r"(\d{4}(?:-[12])?/(?:[a-z0-9][a-z0-9-]*|_consortium)/(?:sv|en)/[a-z0-9_]+\.html)",
            "2026/lillby/sv/fails.html",
        ),
        ("([a-z.]+)", "page.css"),
        ("(.*)", "dimios/static/voila-style.js"),
    ):
        pattern = pattern.replace(part, example)
    return pattern


@pytest.fixture
def signals_kept():
    """Voilà installs a signal handler when it is made; put the old ones back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    path = os.environ.get("JUPYTER_PATH")
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)
    if path is None:
        os.environ.pop("JUPYTER_PATH", None)
    else:
        os.environ["JUPYTER_PATH"] = path


def test_without_the_token_every_route_is_closed(server, tmp_path, signals_kept) -> None:
    patterns = registered_patterns(tmp_path)
    assert len(patterns) >= 9
    addresses = [fill_in(pattern) for pattern in patterns]
    for pattern, address in zip(patterns, addresses, strict=True):
        assert re.fullmatch(pattern, address), "the example must reach its route"
    addresses += ["/voila/tree", "/voila/files/x.png", "/voila/api/contents", "/login", "/no/such/route"]
    for address in addresses:
        for method in ("GET", "HEAD", "POST", "DELETE", "PUT", "OPTIONS"):
            assert server.ask(address, method=method).status == 403, (method, address)
        websocket = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        assert server.ask(address, **websocket, **{"Sec-WebSocket-Key": "x" * 22 + "=="}).status == 403


def test_routes_that_list_or_serve_files_are_not_there(server) -> None:
    cookie = server.sign_in()
    for address in (
        "/voila/tree",
        "/voila/tree/2026",
        "/voila/files/x.png",
        "/voila/api/contents/2026",
        "/login",
    ):
        assert server.ask(address, cookie=cookie).status == 404, address


def test_a_wrong_token_or_cookie_is_refused_even_beside_the_right_one(server) -> None:
    cookie = server.sign_in()
    name = cookie.split("=")[0]
    token = server.address.split("token=")[1]
    assert server.ask("/?token=wrong").status == 403
    assert server.ask("/?token=").status == 403
    assert server.ask("/?token=wrong", cookie=cookie).status == 403
    assert server.ask("/", cookie=f"{name}=wrong").status == 403
    assert server.ask("/", cookie=f"{name}={token}").status == 403  # the token is no cookie
    assert server.ask(f"/?token={token}", method="POST").status == 403
    assert server.ask("/", cookie=cookie).status == 200


def test_the_token_leaves_the_address_bar_and_the_cookie_is_strict(server) -> None:
    token = server.address.split("token=")[1]
    answer = server.ask(f"//evil.example/?token={token}")
    assert 'content="0;url=/evil.example/"' in answer.text  # a path of this server, not another host
    assert token not in answer.text
    attributes = {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert attributes == {"httponly", "samesite=strict", "path=/"}
    assert token not in answer.headers["Set-Cookie"]


def test_other_hosts_and_other_origins_are_refused(server) -> None:
    cookie = server.sign_in()
    assert server.ask("/", cookie=cookie, Host="evil.example").status == 403
    assert server.ask("/", cookie=cookie, Host=f"evil.example:{server.port}").status == 403
    assert server.ask("/", cookie=cookie, Origin=f"http://127.0.0.1:{server.port + 1}").status == 403
    assert server.ask("/", cookie=cookie, Origin="null").status == 403
    assert server.ask("/", cookie=cookie, Origin=server.base).status == 200


def test_the_index_names_organisations_and_labels_demo_data(server) -> None:
    text = server.ask("/", cookie=server.sign_in()).text
    assert '<html lang="sv">' in text and "<title>Rapporter om digital mognad</title>" in text
    assert text.count("<main") == 1 and text.count("<h1") == 1
    headings = [re.sub("<[^>]+>", "", found) for found in re.findall("<h2>(.*?)</h2>", text)]
    assert headings == ["Lillby kommun (demodata, påhittade organisationer)", "Älvsjö kommun"]
    assert "<strong>Demodata, påhittade organisationer</strong>" in text
    assert f'href="{REPORT}"' in text


def test_a_report_is_run_live_without_code_and_without_the_servers_secrets(server) -> None:
    cookie = server.sign_in()
    answer = server.ask(REPORT, cookie=cookie)
    text = html.unescape(answer.text)
    assert answer.status == 200
    assert "live lillby 2026 results 42" in text  # computed now: the file has no outputs
    assert "sees [] query" in text
    assert server.address.split("token=")[1] not in text
    assert "6 * 7" not in text and "os.environ" not in text
    assert '<html lang="sv">' in text and "<main" in text
    assert re.search("<title>.* 2026, Lillby kommun</title>", text)
    outside = re.findall(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//[^\"']*", text) + re.findall(
        r"import\(.{60}", text
    )
    assert outside == []
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_the_organisation_comes_from_the_path_and_never_from_the_query(server) -> None:
    cookie = server.sign_in()
    answer = server.ask(f"{REPORT}?organisation=alvsjo&template=reveal", cookie=cookie)
    assert (answer.status, answer.headers["Location"]) == (302, REPORT)


def test_an_error_in_a_cell_shows_nothing_of_the_inside(server) -> None:
    answer = server.ask(REPORT.replace("tells_what_it_sees", "fails"), cookie=server.sign_in())
    assert "There was an error" in answer.text
    assert "inside knowledge" not in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "2026/lillby/sv/none.ipynb",
        "2026/nyby/sv/fails.ipynb",
        "2026/lillby/sv/../../alvsjo/sv/fails.ipynb",
        "2026/lillby/sv/%2e%2e/%2e%2e/alvsjo/sv/fails.ipynb",
        "..%2f..%2fresults/stamp.json",
        "../../../../../etc/passwd",
        "/etc/passwd",
        "2026/lillby/sv/",
        "2026/lillby/sv/fails.ipynb/",
        "2026/lillby/sv/fails.ipynb%00",
        "2026/lillby/sv/.fails.ipynb",
        "2026/lillby/sv/fails.html",
    ],
)
def test_addresses_that_are_no_report_are_not_found(server, path: str) -> None:
    assert server.ask(f"/voila/render/{path}", cookie=server.sign_in()).status == 404


def test_assets_and_stored_pages_are_sent_by_name_and_nothing_else(server) -> None:
    cookie = server.sign_in()
    assert "section.dimios" in server.ask("/assets/page.css", cookie=cookie).text
    assert server.ask("/sida/_assets/explore.js", cookie=cookie).status == 200
    for address in ("/assets/passwd", "/assets/..", "/assets/..%2f..%2fetc%2fpasswd", "/sida/_assets/page.html.j.",
                    "/sida/2026/lillby/sv/missing.html", "/sida/2026/nobody/sv/fails.html", "/sida/../results/stamp.json"):  # fmt: skip
        assert server.ask(address, cookie=cookie).status == 404, address


@pytest.mark.parametrize("route", ["static", "templates/dimios/static", "labextensions", "api/themes"])
def test_static_routes_do_not_leave_their_folders(server, route: str) -> None:
    cookie = server.sign_in()
    for climb in ("../" * 9 + "etc/passwd", "..%2f" * 9 + "etc%2fpasswd", "%2e%2e/" * 9 + "etc/passwd"):
        answer = server.ask(f"/voila/{route}/{climb}", cookie=cookie)
        assert answer.status >= 400 and "root:" not in answer.text


def listening_at(process: psutil.Process) -> set[tuple[str, int]]:
    """The addresses at which a process listens."""
    connections = process.net_connections("inet")
    return {tuple(c.laddr) for c in connections if c.status == psutil.CONN_LISTEN}


def test_it_listens_on_loopback_only_and_a_busy_port_is_an_error(server) -> None:
    process = psutil.Process(server.process.pid)
    assert listening_at(process) == {("127.0.0.1", server.port)}
    # a kernel's own pipe for its child processes; its channels are Unix sockets
    for kernel in process.children(recursive=True):
        assert {ip for ip, _ in listening_at(kernel)} <= {"127.0.0.1"}
    command = [sys.executable, "-m", "dimios_core", "serve", "--outputs", str(server.outputs), "--no-browser"]
    second = subprocess.run(
        [*command, "--port", str(server.port)], capture_output=True, text=True, timeout=30
    )
    assert second.returncode == 2
    assert f"--port {server.port}" in second.stderr and "Traceback" not in second.stderr


def test_a_closed_page_and_a_stopped_server_leave_no_kernel(fresh_server) -> None:
    cookie = fresh_server.sign_in()
    for _ in range(2):
        text = fresh_server.ask(REPORT, cookie=cookie).text
    kernels = psutil.Process(fresh_server.process.pid).children(recursive=True)
    assert len(kernels) == 2
    (kernel_id,) = re.findall(r'"kernelId": ?"([\w-]+)"', text)
    shutdown = f"/voila/api/shutdown/{kernel_id}"
    assert (
        fresh_server.ask(shutdown, cookie=cookie, method="POST", Origin="http://evil.example").status == 403
    )
    assert fresh_server.ask(shutdown, cookie=cookie, method="POST", Origin=fresh_server.base).status == 204
    deadline = time.monotonic() + 10
    while (
        alive := [kernel for kernel in kernels if _runs(kernel)]
    ) == kernels and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(alive) == 1
    folder = Path(alive[0].cmdline()[-1]).parent
    assert folder.is_dir()
    fresh_server.process.send_signal(signal.SIGTERM)
    _, stderr = fresh_server.process.communicate(timeout=15)
    assert fresh_server.process.returncode == 0
    assert "Traceback" not in stderr and "Stopped." in stderr
    assert psutil.wait_procs(alive, timeout=5)[1] == []
    assert not folder.exists()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", fresh_server.port), timeout=2)


def test_a_kernel_outlives_its_killed_server_by_seconds_only(fresh_server) -> None:
    fresh_server.ask(REPORT, cookie=fresh_server.sign_in())
    kernels = psutil.Process(fresh_server.process.pid).children(recursive=True)
    assert len(kernels) == 1
    fresh_server.process.kill()
    deadline = time.monotonic() + 15
    while any(_runs(kernel) for kernel in kernels) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not any(_runs(kernel) for kernel in kernels)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_without_reports_the_next_command_is_named(tmp_path) -> None:
    place = tmp_path / "results" / "organisation=lillby"
    place.mkdir(parents=True)
    description = '{"id": "lillby", "name": "Lillby", "type": "other", "periods": ["2026"], "demo": true}'
    (place / "organisation.json").write_text(description, encoding="utf-8")
    command = [sys.executable, "-m", "dimios_core", "serve", "--outputs", str(tmp_path), "--no-browser"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and "run `dimios report`" in done.stderr

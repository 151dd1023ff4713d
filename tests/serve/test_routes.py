"""Every route of the application, asked by everybody: who gets what, and that a new route cannot be forgotten."""

from __future__ import annotations

import os
import re
import shutil
import signal
from contextlib import suppress

import pytest
import websocket
from tornado.routing import Router

from dimios_core.access.journal import Journal
from dimios_core.access.keys import Keys
from dimios_core.access.links import LinkBook
from dimios_core.listening import bind
from dimios_core.serve.admission import Admission
from dimios_core.serve.app import ReportServer
from dimios_core.serve.guard import Guarded, Nothing
from dimios_core.serve.making import make_server
from tests.serve.serving import PAGE, SIGNING_KEY

NOBODIES = ("nobody", "forged", "expired", "revoked")
READERS = ("other", "right", "consortium")
WHO = (*NOBODIES, *READERS)
SOME_KERNEL = "01234567-89ab-cdef-0123-456789abcdef"
#: pattern -> (an address of Lillby's that it matches, answers to the other organisation's reader, to the right one, to
#: the consortium); whoever is not known gets 403 everywhere, but for the two routes of `OPEN`
TABLE = {
    "/": ("/", 200, 200, 200),
    "/sida/index.html": ("/sida/index.html", 302, 302, 302),
    r"/sida/(PLACE)\.html": (f"/sida/{PAGE}.html", 404, 200, 200),
    r"/sida/_assets/(plotly\.min\.js)": ("/sida/_assets/plotly.min.js", 200, 200, 200),
    "/hamta/(PLACE)/([a-z0-9-]+)": (f"/hamta/{PAGE}/html", 404, 200, 200),
    "/levande/(PLACE)": (f"/levande/{PAGE}", 404, 404, 404),  # by POST: see below
    "/levande/kernel/KERNEL/channels": (f"/levande/kernel/{SOME_KERNEL}/channels", 404, 404, 404),
    "/levande/kernel/KERNEL/close": (f"/levande/kernel/{SOME_KERNEL}/close", 404, 404, 404),
}
OPEN = {
    "/l/([A-Za-z0-9_.-]+)": "/l/no-such-token",
    "/health": "/health",
    r"/sida/tillganglighet\.html": "/sida/tillganglighet.html",
}
BEYOND = ("/voila/render/x.ipynb", "/voila/static/voila.js", "/voila/files/x", "/voila/api/contents/", "/api/kernels",
          f"/api/kernels/{SOME_KERNEL}", f"/api/kernels/{SOME_KERNEL}/channels", f"/voila/api/shutdown/{SOME_KERNEL}",
          "/login", "/static/x", "/no/such/route", "//evil.example/", "/sida", "/sida/", "/l/", "/levande/", "/hamta/",
          f"/hamta/{PAGE}", f"/hamta/{PAGE}/", f"/hamta/{PAGE}/ipynb", f"/hamta/{PAGE}/../../x")  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture
def application(tmp_path, monkeypatch):
    """The application, built in this process and never started; Voilà's signal handler is put back."""
    monkeypatch.setenv("JUPYTER_PATH", os.environ.get("JUPYTER_PATH", ""))
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    sockets = bind("127.0.0.1", 0)
    book = LinkBook(tmp_path / "access", Keys((SIGNING_KEY,), "environment", False))
    admission = Admission("http://127.0.0.1:1", 1, book, Journal(tmp_path / "access"))
    application = make_server(tmp_path, tmp_path, tmp_path, dict, admission, sockets, kernels_most=1,
                              on_ready=lambda server: None)  # fmt: skip
    application.connection_dir = str(tmp_path)
    for bound in sockets:
        bound.close()
    yield application
    for number, handler in kept.items():
        signal.signal(number, handler)


def list_routes(application: ReportServer) -> dict[str, type]:
    """Every route of the router, as it stands once the server has started, with its handler.

    What stands for a place or a kernel is named, to be read.
    """
    application.listen = lambda: None
    application.start()
    shutil.rmtree(application.connection_dir)
    found = {}
    waiting = [application.app.default_router]
    for router in waiting:
        for rule in router.rules:
            if isinstance(rule.target, Router):
                waiting.append(rule.target)
                continue
            pattern = rule.matcher.regex.pattern.removesuffix("$")
            name = re.sub(r"\(\\d\{4\}.*?_-\]\*\)", "(PLACE)", pattern)
            found[name.replace("([0-9a-f-]{36})", "KERNEL")] = rule.target
    return found


def test_every_route_stands_in_the_table_and_behind_the_guard(application) -> None:
    routes = list_routes(application)
    assert set(routes) == {*TABLE, *OPEN}
    assert all(issubclass(handler, Guarded) for handler in routes.values())
    assert {name for name, handler in routes.items() if handler.is_open} == set(OPEN)
    assert application.app.settings["default_handler_class"] is Nothing


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("route", [*TABLE, *BEYOND])
def test_who_gets_what(server, route, who) -> None:
    address, *answers = TABLE.get(route, (route, 404, 404, 404))
    expected = 403 if who in NOBODIES else answers[READERS.index(who)]
    answer = server.ask(address, cookie=server.session(who))
    assert answer.status == expected
    if address == f"/sida/{PAGE}.html" and expected == 200:
        assert "Vårt resultat: lillby" in answer.text
    elif address == "/":
        assert ("Lillby" in answer.text) is (who in ("right", "consortium"))
        assert ("Älvsjö" in answer.text) is (who in ("other", "consortium"))
        # reports on all, what failed, and who has not answered, are told to the consortium alone
        for words in ("Alla organisationer tillsammans", "inside knowledge", "Väntans kommun"):
            assert (words in answer.text) is (who == "consortium")
    elif expected in (403, 404):
        assert "illby" not in answer.text


@pytest.mark.parametrize("who", WHO)
def test_no_other_method_gets_more(server, who) -> None:
    addresses = [address for address, *_ in TABLE.values()] + list(BEYOND)
    for address in addresses:
        for method in METHODS[1:]:
            if (method, address) == ("POST", f"/levande/{PAGE}"):
                continue
            status = server.ask(address, cookie=server.session(who), method=method).status
            if who in NOBODIES:
                assert status == 403, (method, address)
            elif method == "HEAD":
                assert status == server.ask(address, cookie=server.session(who)).status or status == 405
            else:
                assert status in (404, 405), (method, address)


@pytest.mark.parametrize("who", WHO)
def test_no_address_opens_a_websocket_to_what_is_not_there(server, who) -> None:
    for address, *_ in TABLE.values():
        headers = UPGRADE | {"Origin": server.base}
        status = server.ask(address, cookie=server.session(who), headers=headers).status
        assert status != 101
        assert who not in NOBODIES or status == 403


@pytest.mark.parametrize("who", WHO)
def test_a_kernel_starts_for_the_right_reader_and_the_consortium_alone(server, who) -> None:
    cookie = server.session(who)
    reads = server.ask(f"/sida/{PAGE}.html", cookie=server.session("right")).text
    reads = reads.partition('dimios-reads" content="')[2].partition('"')[0]
    answer = server.ask_live(cookie, PAGE, {"code": "ABCDEF", "reads": reads})
    if who in NOBODIES:
        assert answer.status == 403
        return
    if who == "other":
        assert answer.status == 404
        return
    assert answer.status == 200
    live = answer.content
    for stranger in WHO:
        if stranger == who:
            continue
        refused = 403 if stranger in NOBODIES else 404
        for address in (live["channels"], live["close"]):
            for method in METHODS:
                status = server.ask(address, cookie=server.session(stranger), method=method).status
                assert status == refused or (status, method) == (405, "OPTIONS"), (stranger, method, address)
        with pytest.raises(websocket.WebSocketBadStatusException) as error:
            server.open_channels(live["channels"], server.session(stranger))
        assert error.value.status_code == refused
    socket = server.open_channels(live["channels"], cookie)
    socket.close()
    assert server.ask(live["close"], cookie=cookie, method="POST").status == 204
    assert server.ask(live["close"], cookie=cookie, method="POST").status == 404


def test_the_same_reader_on_another_device_has_no_part_in_a_kernel(server) -> None:
    link = server.link("lillby")
    one, two = (server.ask(link).headers["Set-Cookie"].split(";")[0] for _ in range(2))
    live = server.go_live(one).content
    assert server.ask(live["close"], cookie=two, method="POST").status == 404
    with suppress(websocket.WebSocketBadStatusException):
        server.open_channels(live["channels"], two)
        pytest.fail("another device was let in")
    assert server.ask(live["close"], cookie=one, method="POST").status == 204


@pytest.mark.parametrize("who", WHO)
def test_the_door_opens_to_valid_links_and_the_sign_of_life_to_everybody(server, who) -> None:
    cookie = server.session(who)
    assert server.ask("/health", cookie=cookie).text == "ok\n"
    assert server.ask("/l/no-such-token", cookie=cookie).status in (403, 429)

"""Walls around a child: what it may read and write, whom it may reach."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from dimios_core.forking import ForkServer
from dimios_core.forking.confinement import TCP_SINCE, landlock_version
from tests.forking import calls

pytestmark = [
    pytest.mark.usefixtures("heavy"),
    pytest.mark.skipif(landlock_version() == 0, reason="this system has no Landlock"),
]


@pytest.fixture(scope="module")
def server():
    with ForkServer(["tests.forking.calls:preload_sockets"]) as server:
        yield server


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("readable", "writable", "other")}
    for folder in found.values():
        folder.mkdir()
        (folder / "file.txt").write_text(folder.name, encoding="utf-8")
    (found["readable"] / "link.txt").symlink_to(found["other"] / "file.txt")
    return found


def test_only_what_is_given_can_be_read_and_less_be_written(server, folders) -> None:
    tried = server.call(calls.try_files, [folders["readable"]], [folders["writable"]], folders)
    assert tried == {
        "confined": True,
        "read readable": "readable",
        "read writable": "writable",
        "read other": "PermissionError",
        "write readable": "PermissionError",
        "write writable": "done",
        "write other": "PermissionError",
        "list readable": "done",
        "list other": "PermissionError",
        "through a link": "PermissionError",
        "import": "done",
    }
    assert (folders["other"] / "file.txt").read_text(encoding="utf-8") == "other"


def test_nothing_is_told_of_processes_and_secrets_in_their_environment(server) -> None:
    tried = server.call(calls.read_environment_of, os.getpid())
    assert tried == dict.fromkeys(("own", "other", "parent"), "PermissionError")


@pytest.mark.skipif(landlock_version() < TCP_SINCE, reason="this Landlock knows nothing of TCP")
def test_nobody_is_reached_over_tcp(server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert server.call(calls.connect_to, listening.getsockname()[1]) == "PermissionError"


def test_what_a_child_does_binds_no_other(server, folders) -> None:
    server.call(calls.try_files, [], [], folders)
    assert server.call(calls.read_text, folders["other"] / "file.txt") == "other"


def test_a_system_without_it_says_so(monkeypatch) -> None:
    from dimios_core.forking import confinement

    monkeypatch.setattr(confinement, "landlock_version", lambda: 0)
    assert confinement.confine([], []) is False
    assert sys.platform == "linux"

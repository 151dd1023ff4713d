"""Where the signing keys come from, and what is refused."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dimios_core.access.keys import load_keys
from dimios_core.errors import InputError

NEW, OLD = "n" * 32, "o" * 43
LOAD = """
import sys, time
from pathlib import Path
from dimios_core.access.keys import load_keys
folder, go = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
print(load_keys(folder, {}).signing[0])
"""


def test_keys_of_the_environment_come_before_all_others(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("f" * 32)
    keys = load_keys(
        tmp_path / "access",
        {"DIMIOS_SECRET": f" {NEW}\n{OLD} ", "DIMIOS_SECRET_FILE": str(tmp_path / "keys")},
    )
    assert (keys.signing, keys.source, keys.exposed) == ((NEW, OLD), "environment", False)
    assert not (tmp_path / "access").exists()


@pytest.mark.parametrize(("mode", "exposed"), [(0o600, False), (0o640, False), (0o644, True), (0o604, True)])
def test_keys_of_a_file_a_line_each(tmp_path: Path, mode: int, exposed: bool) -> None:
    path = tmp_path / "keys"
    path.write_text(f"{NEW}\n{OLD}\n")
    path.chmod(mode)
    keys = load_keys(tmp_path / "access", {"DIMIOS_SECRET_FILE": str(path)})
    assert (keys.signing, keys.source, keys.exposed) == ((NEW, OLD), "file", exposed)


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "outputs" / "access"
    before = os.umask(0)
    try:
        first = load_keys(folder, {})
    finally:
        os.umask(before)
    assert (len(first.signing), len(first.signing[0]), first.source, first.exposed) == (1, 43, "made", False)
    assert load_keys(folder, {}) == first
    assert load_keys(tmp_path / "another", {}).signing != first.signing
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [(p.name, stat.S_IMODE(p.stat().st_mode)) for p in folder.iterdir()] == [("secret", 0o600)]


@pytest.mark.usefixtures("heavy")
def test_processes_that_start_at_once_end_with_one_secret(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOAD, str(tmp_path / "access"), str(tmp_path / "go")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    (tmp_path / "go").touch()
    secrets = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert secrets == {(tmp_path / "access" / "secret").read_text().strip()}


def test_short_keys_are_told_all_at_once_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        load_keys(tmp_path, {"DIMIOS_SECRET": f"{'a' * 31} {NEW} hemlig"})
    assert [p.place for p in raised.value.problems] == ["DIMIOS_SECRET, key 1", "DIMIOS_SECRET, key 3"]
    assert 'python -c "import secrets; print(secrets.token_urlsafe(32))"' in raised.value.problems[0].remedy
    assert "hemlig" not in str(raised.value) and "aaa" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "what"), [(None, "No such file"), (b"\n", "no key"), (b"\xff" * 40, "no text")]
)
def test_a_file_without_keys_is_refused(tmp_path: Path, content: bytes | None, what: str) -> None:
    path = tmp_path / "keys"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=what):
        load_keys(tmp_path, {"DIMIOS_SECRET_FILE": str(path)})


def test_an_empty_variable_is_no_permission_to_make_a_secret(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no key in it"):
        load_keys(tmp_path, {"DIMIOS_SECRET": ""})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="no secret can be made"):
        load_keys(tmp_path / "file" / "access", {})


def test_keys_are_not_shown_where_they_are_printed(tmp_path: Path) -> None:
    assert NEW not in repr(load_keys(tmp_path, {"DIMIOS_SECRET": NEW}))

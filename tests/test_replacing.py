"""Names lead to all of the old or all of the new, wherever a write is stopped, and nothing is left aside."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dimios_core
from dimios_core.replacing import place_files, recover_folder, replacing, swap_folder, write_whole

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes and kills are POSIX's")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file that holds something."""
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, str]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in files}


def test_bytes_and_text_come_as_they_are(old):
    write_whole(old, "Målbild\r\n")
    assert old.read_bytes() == b"M\xc3\xa5lbild\r\n"
    write_whole(old, b"\x00\xff")
    assert old.read_bytes() == b"\x00\xff"


def test_nothing_is_seen_before_all_is_written(old, tmp_path):
    with replacing(old) as file:
        file.write(b"half")
        file.flush()
        assert old.read_text() == "old"
        aside = [p for p in tmp_path.iterdir() if p != old]
        assert [p.name.startswith(".") for p in aside] == [
            True
        ]  # hidden, with no ending that a reader looks for
        assert not aside[0].match("*.html")
    assert contents(tmp_path) == {"page.html": "half"}


def test_an_error_half_way_leaves_the_old_one_alone(old, tmp_path):
    def write_half() -> None:
        with replacing(old) as file:
            file.write(b"half")
            raise RuntimeError("the other half is not there")

    with pytest.raises(RuntimeError):
        write_half()
    assert contents(tmp_path) == {"page.html": "old"}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_step_that_fails_leaves_the_old_one_alone(old, tmp_path, monkeypatch, step):
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr("dimios_core.replacing.os.fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(old, "new")
    assert contents(tmp_path) == {"page.html": "old"}


def test_it_is_on_the_disk_before_it_takes_its_name(old, monkeypatch):
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(
        "dimios_core.replacing.os.fsync", lambda d: (steps.append(f"sync {os.fstat(d).st_size}"), fsync(d))
    )
    monkeypatch.setattr(Path, "replace", lambda p, t: (steps.append("rename"), replace(p, t))[1])
    write_whole(old, "newer")
    assert steps == ["sync 5", "rename"]


def test_files_are_all_on_the_disk_before_one_takes_its_name_and_the_last_comes_last(tmp_path, monkeypatch):
    staged, folder = tmp_path / "staged", tmp_path / "folder"
    for where, word in ((staged, "new"), (folder, "old")):
        where.mkdir()
        (where / "a.ipynb").write_text(word)
    (staged / "b.html").write_text("page")
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr("dimios_core.replacing.os.fsync", lambda d: (steps.append("sync"), fsync(d)))
    monkeypatch.setattr(Path, "replace", lambda p, t: (steps.append(p.name), replace(p, t))[1])
    place_files(staged, folder, last="a.ipynb")
    assert steps == ["sync", "sync", "b.html", "a.ipynb"]
    assert contents(folder) == {"a.ipynb": "new", "b.html": "page"} and contents(staged) == {}


def test_where_a_file_does_not_come_to_the_disk_none_takes_its_name(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    staged, folder = tmp_path / "staged", tmp_path / "folder"
    for where, word in ((staged, "new"), (folder, "old")):
        where.mkdir()
        (where / "a.ipynb").write_text(word)
    monkeypatch.setattr("dimios_core.replacing.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        place_files(staged, folder, last="a.ipynb")
    assert contents(folder) == {"a.ipynb": "old"}


def test_what_is_new_takes_nobodys_place(old, tmp_path):
    with pytest.raises(FileExistsError), replacing(old, is_new=True) as file:
        file.write(b"new")
    with replacing(tmp_path / "key", is_new=True) as file:
        file.write(b"k")
    assert contents(tmp_path) == {"page.html": "old", "key": "k"}


@POSIX
def test_what_is_private_is_so_from_the_first_byte(tmp_path):
    before = os.umask(0)
    try:
        with replacing(tmp_path / "a", private=True):
            assert [p.stat().st_mode & 0o777 for p in tmp_path.iterdir()] == [0o600]
        write_whole(tmp_path / "b", "")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in "ab"] == [0o600, 0o666]


@pytest.mark.usefixtures("heavy")
@POSIX
def test_a_kill_half_way_leaves_the_old_one_alone(old):
    script = f"""
import os
from pathlib import Path
from dimios_core.replacing import write_whole
os.fsync = lambda _: os._exit(9)
write_whole(Path({str(old)!r}), "new")
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert old.read_text() == "old"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A folder that is ready, and the one whose place it takes."""
    staged, target = tmp_path / ".results.new", tmp_path / "results"
    for folder, word in ((staged, "new"), (target, "old")):
        (folder / "public").mkdir(parents=True)
        (folder / "public" / "a").write_text(word, encoding="utf-8")
    (target / "b").write_text("old", encoding="utf-8")
    return staged, target


def test_a_folder_takes_anothers_place(folders, tmp_path):
    swap_folder(*folders)
    assert contents(tmp_path) == {"results/public/a": "new"}
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


def test_a_folder_takes_a_place_that_is_free(folders, tmp_path):
    staged, _ = folders
    swap_folder(staged, tmp_path / "other")
    assert (tmp_path / "other" / "public" / "a").read_text() == "new"


def test_the_files_of_a_folder_are_on_the_disk_before_it_takes_its_name(folders, monkeypatch):
    staged, target = folders
    synced: list[int] = []
    monkeypatch.setattr("dimios_core.replacing.os.fsync", lambda d: synced.append(os.fstat(d).st_ino))
    monkeypatch.setattr(Path, "rename", lambda *_: pytest.fail("renamed too early") if not synced else None)
    inode = (staged / "public" / "a").stat().st_ino
    swap_folder(staged, target)
    assert synced == [inode]


def test_a_folder_whose_files_do_not_all_come_to_the_disk_takes_no_place(folders, monkeypatch):
    staged, target = folders
    (staged / "public" / "z").write_text("new")
    full = (staged / "public" / "z").stat().st_ino

    def fail(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == full:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dimios_core.replacing.os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        swap_folder(staged, target)
    assert contents(target) == {"public/a": "old", "b": "old"}


def test_a_swap_that_fails_puts_the_old_folder_back(folders, tmp_path, monkeypatch):
    staged, target = folders
    rename = Path.rename

    def fail(path: Path, other: Path) -> Path:
        if path == staged:
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, other)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="Input/output"):
        swap_folder(staged, target)
    assert contents(target) == {"public/a": "old", "b": "old"}
    assert sorted(p.name for p in tmp_path.iterdir()) == [".results.new", "results"]


@pytest.mark.usefixtures("heavy")
@POSIX
@pytest.mark.parametrize("again", [False, True])
def test_a_kill_between_the_two_renames_is_mended(folders, tmp_path, again):
    staged, target = folders
    script = f"""
import os
from pathlib import Path
from dimios_core.replacing import swap_folder
rename = Path.rename
Path.rename = lambda path, other: os._exit(9) if path.name == ".results.new" else rename(path, other)
swap_folder(Path({str(staged)!r}), Path({str(target)!r}))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert not target.exists()
    if again:
        swap_folder(staged, target)
        assert contents(tmp_path) == {"results/public/a": "new"}
    else:
        recover_folder(target)
        assert contents(target) == {"public/a": "old", "b": "old"}


def test_files_are_renamed_in_one_place():
    """Whoever renames or syncs by hand makes a decision of its own; these have theirs, each with its reason beside it."""
    known = {
        "replacing.py",
        "access/lines.py",  # lines that are appended
        "collect/bundle.py",  # a folder that takes nobody's place
        "collect/keys.py",  # a key that leaves nothing behind when it goes
        "project/starting.py",  # folders of a new project, the one that makes it a project last
        "project/links.py",  # a new file, which goes again where its links cannot be kept
        "responses/transaction.py",  # many files at once, after a journal
    }
    package = Path(dimios_core.__file__).parent
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and renames_or_syncs(node)
    }
    assert found == known


def renames_or_syncs(call: ast.Call) -> bool:
    whose, name = ast.unparse(call.func).rpartition(".")[::2]
    if name not in ("replace", "rename"):
        return name in ("fsync", "move")
    # of a path: texts and series get constants, or more than one thing
    return whose == "os" or (len(call.args) == 1 and not isinstance(call.args[0], ast.Constant))

"""A stop at any point leaves the old files or the new ones, never some of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from dimios_core.errors import InputError
from dimios_core.responses.transaction import Transaction, finish_committed

NAMES = ("a/1", "b/2", "3")


class Stop(BaseException):
    """The machine stops."""


def contents(folder: Path) -> list[str]:
    return [(folder / name).read_text() if (folder / name).exists() else "" for name in NAMES]


@pytest.mark.parametrize("stop_at", range(8))
def test_a_stop_leaves_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int) -> None:
    folder = tmp_path / "store"
    write(folder, "old")
    renames = 0
    real = Path.replace

    def stopping(self: Path, target: Path) -> Path:
        nonlocal renames
        if renames == stop_at:
            raise Stop
        renames += 1
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopping)
        try:
            write(folder, "new")
            stopped = False
        except Stop:
            stopped = True
    assert stopped == (stop_at < 4)  # one rename decides, three carry out
    finish_committed(folder)
    # stopped before the deciding rename: all old; after it: all new
    assert contents(folder) == (["old"] * 3 if stop_at == 0 else ["new"] * 3)
    write(folder, "newest")
    assert contents(folder) == ["newest"] * 3
    assert not (folder / ".staging").exists()


def write(folder: Path, text: str) -> None:
    with Transaction(folder) as transaction:
        for name in NAMES:
            transaction.stage(name).write_text(text)
        transaction.commit()


def test_without_commit_nothing_changes(tmp_path: Path) -> None:
    write(tmp_path, "old")
    with Transaction(tmp_path) as transaction:
        transaction.stage("3").write_text("new")
    assert contents(tmp_path) == ["old"] * 3


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    with Transaction(tmp_path), pytest.raises(InputError, match="another command"), Transaction(tmp_path):
        pass

"""A store with answers in it, and the command line run in this process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dimios_core.cli import main

HERE = Path(__file__).parent
SETUP = HERE / "setup"
FILES = HERE / "files"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    said: str


@dataclass(frozen=True)
class Place:
    """A folder with a store that holds lindby and berga for 2025, and the way to run commands on it."""

    folder: Path
    command: Callable[..., Ended]

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    def ingest(self, file: Path, mapping: str | Path = "wide", *more: str) -> Ended:
        chosen = mapping if isinstance(mapping, Path) else SETUP / f"{mapping}.yaml"
        instrument = ("--instrument", str(SETUP / "instrument.yaml"))
        return self.command("ingest", str(file), "--mapping", str(chosen), *instrument, *more)

    def contents(self) -> dict[str, bytes]:
        """Every byte below the outputs folder, and every name; the lock file is no content."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else b""
            for path in sorted(self.folder.rglob("*"))
            if path.name != ".lock" and path.is_relative_to(self.outputs)
        }


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str) -> Ended:
        more = ["--outputs", str(tmp_path / "outputs")]
        if arguments[0] == "ingest":
            more += ["--key-file", str(tmp_path / "pseudonym.key")]
        monkeypatch.setattr(sys, "argv", ["dimios", *arguments, *more])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        return Ended(int(end.value.code or 0), capsys.readouterr().err)

    made = Place(tmp_path, command)
    register = ("--organisations", str(SETUP / "organisations.csv"), "--units", str(SETUP / "units.csv"))
    assert command("register", *register).code == 0
    earlier = tmp_path / "earlier.csv"
    shutil.copy(SETUP / "good.csv", earlier)
    earlier.write_text(
        earlier.read_text(encoding="utf-8").replace("2026", "2025").replace("Mätning 2025", "2025")
    )
    assert made.ingest(earlier).code == 0
    return made

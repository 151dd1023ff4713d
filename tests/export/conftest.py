"""Real reports of two organisations of the demo, and the files that `dimios export` makes of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.export.command import dimios_export
from tests.once import make_once


@pytest.fixture(scope="session")
def outputs(stored_reports: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An outputs folder with reports and exports of two organisations, of one in English and as tables too, of a county, the nation."""

    def make(folder: Path) -> None:
        # other tests serve and export that folder meanwhile
        others = shutil.ignore_patterns("access", "exports")
        shutil.copytree(stored_reports, folder, dirs_exist_ok=True, ignore=others)
        assert dimios_export(folder, "-o", "almvik", "-o", "vintersjo").returncode == 0
        assert dimios_export(folder, "-o", "almvik", "--language", "en").returncode == 0
        assert dimios_export(folder, "-o", "almvik", "--to", "tables").returncode == 0
        assert dimios_export(folder, "--county", "14").returncode == 0
        assert dimios_export(folder, "--suite", "national").returncode == 0

    return make_once(tmp_path_factory, worker_id, "exports", make)


@pytest.fixture
def altered(outputs: Path, tmp_path: Path) -> Path:
    """A copy of it, in another folder, that a test may alter."""
    copy = tmp_path / "somewhere else" / "outputs"
    shutil.copytree(outputs, copy)
    return copy

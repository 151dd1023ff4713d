"""LibreOffice, which opens slides and workbooks as a recipient would."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest


def convert_with_office(paths: Sequence[Path], kind: str, folder: Path) -> None:
    """Open files in LibreOffice and save them as another kind; skips where there is none."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("there is no LibreOffice on this machine: run `make office` (needs apt)")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, "--headless", profile, "--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert "repair" not in done.stderr.lower()

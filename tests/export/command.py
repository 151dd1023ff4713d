"""`dimios export` as a user gives it, and where its files lie."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def dimios_export(outputs: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dimios_core", "export", *more, "--outputs", str(outputs)]
    return subprocess.run(command, capture_output=True, text=True)


def find_export(outputs: Path, organisation: str, suffix: str, language: str = "sv") -> Path:
    """Return a file's place; the suffix of a part is as "kort.pdf", "short.pdf", "tabeller.pdf" or "nasta-steg.pdf"."""
    folder = outputs / "exports" / "2026" / organisation / language
    mark = "-" if len(suffix) > len("pptx") else "."
    return folder / f"{organisation}-2026-{language}{mark}{suffix}"


def find_county_export(outputs: Path, suffix: str, who: str = "county-14") -> Path:
    """Return the place of a county's file, or of the nation's ("national")."""
    return outputs / "exports" / "2026" / "_consortium" / "sv" / f"{who}-2026-sv.{suffix}"

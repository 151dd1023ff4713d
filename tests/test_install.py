"""What an installation weighs, and that the locks hold versions and hashes and nothing else."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PLAIN_MB_MAX = 950


def weigh(name: str) -> int:
    """Bytes on disk of an installed package, byte code included."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:  # for another platform
        return 0
    paths = {Path(str(f.locate())) for f in files}
    paths |= {p for d in {f.parent for f in paths} for p in (d / "__pycache__").glob("*.pyc")}
    return sum(p.stat().st_size for p in paths if p.is_file())


def test_the_plain_install_stays_light():
    names = re.findall(
        r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )
    weights_mb = {name: weigh(name) / 1e6 for name in names}
    assert sum(w > 0 for w in weights_mb.values()) > 100
    heaviest = sorted(weights_mb.items(), key=lambda item: -item[1])[:5]
    print(f"plain install: {sum(weights_mb.values()):.0f} MB, heaviest {heaviest}")
    assert sum(weights_mb.values()) < PLAIN_MB_MAX, heaviest


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_locks_hold_versions_and_hashes_and_no_address(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]

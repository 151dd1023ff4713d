"""Copies of published organisations, for batches larger than the made-up consortium."""

from __future__ import annotations

import json
import shutil
from pathlib import Path


def multiply(results: Path, copies: int) -> None:
    """Give each organisation copies under other identifiers, so that a batch is larger than what it costs to start one."""
    for folder in sorted(results.glob("organisation=*")):
        for number in range(1, copies):
            name = f"{folder.name.partition('=')[2]}-copy-{number}"
            copy = results / f"organisation={name}"
            shutil.copytree(folder, copy)
            profile = copy / "organisation.json"
            about = json.loads(profile.read_text(encoding="utf-8"))
            profile.write_text(json.dumps(about | {"id": name}, ensure_ascii=False), encoding="utf-8")

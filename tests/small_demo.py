"""The made-up consortium cut to a few organisations, whose whole line takes seconds."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

#: one of each survey tool, and enough to compare with
KEPT = {"almvik", "bjorkhyttan", "savtorp", "stenbroda", "granfors", "havtorp", "norrliden", "hasselmark"}


def list_in_counties(folder: Path, counties: Collection[str]) -> set[str]:
    """List the organisations of some counties, from a folder like parameters/demo."""
    plan = yaml.safe_load((folder / "consortium.yaml").read_text(encoding="utf-8"))
    return {entry["id"] for entry in plan["organisations"] if entry["county"] in counties}


def make_demo_small(folder: Path, kept: Collection[str]) -> None:
    """Cut the consortium in such a folder, and what it did, to the organisations that are kept."""
    for path in (folder / "consortium.yaml", folder / "initiatives.yaml"):
        plan = yaml.safe_load(path.read_text(encoding="utf-8"))
        for campaign in plan.get("campaigns", []):
            campaign["organisations"] = {
                o: since for o, since in campaign["organisations"].items() if o in kept
            }
        for name, entries in plan.items():
            if isinstance(entries, list):
                plan[name] = [entry for entry in entries if is_kept(entry, kept)]
        path.unlink()  # uv may have linked it to its cache
        path.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), encoding="utf-8")


def is_kept(entry: dict[str, Any], kept: Collection[str]) -> bool:
    """Whether it is one of the organisations, or told of one of them."""
    if "organisations" in entry:
        return bool(entry["organisations"])
    return entry.get("organisation", entry.get("id")) in kept

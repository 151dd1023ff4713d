"""Whose figures are these? A short hash over the levels that a report is built around.

A report takes it of the facts that its sentences and charts are made of; whoever runs reports takes it of the
published tables. Where the two differ, the report is not what was asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dimios_core.published.reads import read_content
from dimios_core.published.rows import Row, Table, tabulate
from dimios_core.published.store import PREFIX

DIGITS_N = 12
EVERYBODY = "all"


def fingerprint_figures(figures: Iterable[tuple[str, str, float | None]]) -> str:
    """Return twelve digits over (level, key, score in percent or None), in whatever order they come."""
    lines = sorted(
        f"{level} {key} {'-' if score is None else f'{score:.6f}'}" for level, key, score in figures
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:DIGITS_N]


def _read_apart(path: Path) -> Table:
    """Read a table apart from whom it is held against: what these have of it is not used."""
    return read_content(path).made(_tabulate_apart)


def _tabulate_apart(content: bytes) -> Table:
    return tabulate(content)


def fingerprint_organisation(results: Path, organisation: str, period: str) -> str:
    """Return the fingerprint of the published levels of a whole organisation in a period."""
    table = _read_apart(results / f"{PREFIX}{organisation}" / "scores.parquet")
    rows = table.rows(period=period, unit="*", role="*")
    return fingerprint_figures((r["level"], r["key"], r["score"]) for r in rows)


def fingerprint_group(results: Path, group: str, period: str) -> str:
    """Return the fingerprint of a group's published levels in a period: "all", "county:14"."""
    rows = _read_apart(results / "public" / "group_levels.parquet").rows(period=period, group=group)
    return fingerprint_figures((r["level"], r["key"], r["mean"]) for r in rows)


def list_named_figures(rows: Iterable[Row]) -> list[tuple[str, str, float | None]]:
    """Return what the fingerprint of organisations that are shown by name is taken of, from rows of the table `named`."""
    return [(f"{r['id']} {r['level']}", r["key"], r["score"]) for r in rows]


def fingerprint_named(results: Path, organisations: Iterable[str], period: str) -> str:
    """Return the fingerprint of the published levels of organisations that are shown by name in a period."""
    rows = _read_apart(results / "public" / "named.parquet").rows(period=period, id=tuple(organisations))
    return fingerprint_figures(list_named_figures(rows))

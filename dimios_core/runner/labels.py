"""What the list of reports tells of organisations: their names, what they are, when they measured, how many answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from dimios_core.page.index import OrganisationLabel
from dimios_core.published.conventions import ALL
from dimios_core.published.rows import read_rows
from dimios_core.published.status import Status
from dimios_core.published.store import PREFIX
from dimios_core.runner.jobs import PublishedOrganisation

#: organisations whose rates are kept: a server asks again for each reader of its list
KEPT_N = 2_000


def label_organisations(
    results: Path, published: Sequence[PublishedOrganisation]
) -> dict[str, OrganisationLabel]:
    """Return what is told of organisations with published results, by id.

    Parameters
    ----------
    results : Path
        The results folder.
    published : sequence of PublishedOrganisation
        Who has results there.
    """
    named = _named_in(results)
    return {
        o.id: OrganisationLabel(
            o.name, o.demo, o.type, o.county, o.periods, _rates_of(results, o.id), o.id in named
        )
        for o in published
    }


def _named_in(results: Path) -> frozenset[str]:
    path = results / "public" / "named.parquet"
    try:
        stat = path.stat()
    except OSError:
        return frozenset()
    return _read_named(path, stat.st_mtime_ns, stat.st_ino)


@lru_cache(1)
def _read_named(path: Path, _changed: int, _file: int) -> frozenset[str]:
    """Read who is published by name in the newest period."""
    rows = read_rows(path).rows()
    newest = max((row["period"] for row in rows), default="")
    return frozenset(row["id"] for row in rows if row["period"] == newest and row["id"])


def _rates_of(results: Path, organisation: str) -> Mapping[str, float]:
    path = results / f"{PREFIX}{organisation}" / "response_rates.parquet"
    try:
        stat = path.stat()
    except OSError:
        return {}
    return _read_rates(path, stat.st_mtime_ns, stat.st_ino)


@lru_cache(KEPT_N)
def _read_rates(path: Path, _changed: int, _file: int) -> Mapping[str, float]:
    """Read the whole organisation's rates; shares are taken of the counts, as a report does."""
    rows = read_rows(path).rows(unit=ALL, role=ALL, status=Status.PUBLISHED.label)
    return {row["period"]: row["answered"] / row["invited"] for row in rows if row["invited"]}

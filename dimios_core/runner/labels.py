"""What the list of reports tells of organisations: their names, what they are, when they measured, how many answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from dimios_core.page.index import OrganisationLabel
from dimios_core.published.conventions import ALL
from dimios_core.published.reads import Sign, sign_file
from dimios_core.published.rows import read_rows
from dimios_core.published.status import Status
from dimios_core.published.store import PREFIX
from dimios_core.runner.jobs import PublishedOrganisation

T = TypeVar("T")
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
    return _read_where_there(results / "public" / "named.parquet", _read_named, frozenset())


@lru_cache(1)
def _read_named(path: Path, _sign: Sign) -> frozenset[str]:
    """Read who is published by name in the newest period."""
    table = read_rows(path)
    newest = max(table.distinct("period"), default="")
    return frozenset(row["id"] for row in table.rows(period=newest) if row["id"])


def _rates_of(results: Path, organisation: str) -> Mapping[str, float]:
    return _read_where_there(results / f"{PREFIX}{organisation}" / "response_rates.parquet", _read_rates, {})


@lru_cache(KEPT_N)
def _read_rates(path: Path, _sign: Sign) -> Mapping[str, float]:
    """Read the whole organisation's rates; shares are taken of the counts, as a report does."""
    rows = read_rows(path).rows(unit=ALL, role=ALL, status=Status.PUBLISHED.label)
    return {row["period"]: row["answered"] / row["invited"] for row in rows if row["invited"]}


def _read_where_there(path: Path, read: Callable[[Path, Sign], T], nothing: T) -> T:
    """Return what is read of a file, which is read anew where it has changed; nothing where there is none."""
    try:
        sign = sign_file(path)
    except OSError:
        return nothing
    return read(path, sign)

"""The open package: published figures about groups of organisations, for everybody.

Left out is every table that tells of single organisations (docs/decisions/0035-open-data.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from dimios_core.errors import InputError, Problem
from dimios_core.export.data.describing import choose_languages, gather_codes, load_described
from dimios_core.export.data.model_tables import tabulate_codes, tabulate_model
from dimios_core.export.data.package import Package, shape
from dimios_core.export.data.readme import fill
from dimios_core.export.data.stamping import describe_origin, label_title, list_keywords
from dimios_core.published.schema import load_tables
from dimios_core.published.store import PublicResults, load_public

NAME = "dimios-published"
EVIDENCE = ("evidence", "evidence_kinds")
#: counts that an evidence row without figures does not tell outside either: they may be of a single organisation
COUNTS_OF_FEW = ("pairs_n", "organisations_n")
TOO_FEW = "too_few"
LICENSES = {
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC0-1.0": ("Creative Commons Zero 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


def check_license(given: str) -> list[Problem]:
    """Tell whether a licence is none of those that are offered."""
    if given in LICENSES:
        return []
    remedy = f"choose among: {', '.join(LICENSES)}"
    return [Problem("--license", f"the licence '{given}' is not offered", remedy)]


def list_open_tables() -> list[str]:
    """Return the tables of `results/public/` that are fit for everybody, as they are."""
    return [name for name, table in load_tables().items() if table.open]


def build_published(results: Path, license_id: str) -> Package:
    """Build the package of published figures.

    Parameters
    ----------
    results : Path
        The results folder; only its public part and its stamp are read.
    license_id : str
        One of `LICENSES`.

    Raises
    ------
    InputError
        There are no results, no such licence, or the results are those of an older method; all problems at once.
    """
    if problems := check_license(license_id):
        raise InputError(problems)
    public = load_public(results)
    model = public.instrument
    languages = choose_languages(model)
    tables = {"model": tabulate_model(model, languages)} | {n: _read(public, n) for n in list_open_tables()}
    codes = gather_codes(tables, model, languages)
    tables |= {"codes": tabulate_codes(codes, languages)}
    periods = sorted(set(tables["benchmarks"]["period"].to_pylist()))
    title, path = LICENSES[license_id]
    about = {
        **label_title(model, "published", public.stamp, languages),
        **describe_origin(public.stamp, periods),
        "keywords": list_keywords(model, languages),
        "licenses": [{"name": license_id, "title": title, "path": path}],
    }
    readme = fill("published", about, tables, languages, license=title, license_id=license_id, address=path)
    return Package(NAME, about, tables, codes, {"README.md": readme}, languages)


def _read(public: PublicResults, name: str) -> pa.Table:
    """Return a published table with the columns that it is declared with, which have to be all."""
    rows, wanted = public.rows(name), load_described()[name].columns
    if rows and set(rows[0]) != set(wanted):
        raise InputError(
            Problem(f"results/public/{name}.parquet", "its columns are not today's", "run dimios score again")
        )
    # a package describes one model: periods that were asked with an earlier version are in no table of it
    rows = [r for r in rows if public.version_of(r.get("period") or "") == public.instrument.version]
    if name in EVIDENCE:
        rows = [_without_counts_of_few(r) for r in rows]
    return shape(name, {column: [r[column] for r in rows] for column in wanted}, ())


def _without_counts_of_few(row: dict[str, Any]) -> dict[str, Any]:
    return row | dict.fromkeys(COUNTS_OF_FEW) if row["status"] == TOO_FEW else row

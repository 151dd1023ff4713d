"""Where findings are published: tables of `dimios_core.published`, written anew from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from dimios_core.published.shaping import shape_table
from dimios_core.published.store import PREFIX
from dimios_core.published.writing import write_published
from dimios_core.results.findings.judging import OWN_TABLE, PUBLIC_TABLE
from dimios_core.results.versions.findings import Finding

MODEL_TABLE = "model_findings"


def table_of(finding: Finding) -> str:
    """Name the published table that a finding stands in."""
    if finding.kind == "model":
        return MODEL_TABLE
    return OWN_TABLE if finding.organisation else PUBLIC_TABLE


def file_of(finding: Finding) -> str:
    """Name the file of the results folder that a finding stands in."""
    folder = f"{PREFIX}{finding.organisation}" if finding.organisation else "public"
    return f"{folder}/{table_of(finding)}.parquet"


def shape_finding(finding: Finding) -> pd.DataFrame:
    """Return a finding's rows as they are published.

    Raises
    ------
    SchemaError
        They are not as their table declares them.
    """
    frame = finding.table.drop(columns="finding", errors="ignore")
    frame.insert(0, "finding", finding.name)
    return shape_table(table_of(finding), [frame])


def tabulate_findings(findings: Iterable[Finding]) -> dict[tuple[str, str], pd.DataFrame]:
    """Tables of findings: (organisation, or "" for all; table) -> rows."""
    parts: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for finding in findings:
        parts.setdefault((finding.organisation, table_of(finding)), []).append(shape_finding(finding))
    return {name: shape_table(name[1], frames) for name, frames in parts.items()}


def write_findings(results: Path, findings: Iterable[Finding]) -> None:
    """Write all findings that readers see into a results folder; tables that have none go.

    Parameters
    ----------
    results : Path
        With the folders of organisations; findings of one that has none are left out.
    findings : iterable of Finding
        As `published_among` returns them.
    """
    tables = tabulate_findings(findings)
    for path in list(_list_tables(results)):
        path.unlink()
    for (organisation, name), frame in tables.items():
        folder = results / (f"{PREFIX}{organisation}" if organisation else "public")
        if folder.is_dir():
            write_published(name, frame, folder)


def _list_tables(results: Path) -> Iterator[Path]:
    yield from results.glob(f"{PREFIX}*/{OWN_TABLE}.parquet")
    for name in (PUBLIC_TABLE, MODEL_TABLE):
        yield from results.glob(f"public/{name}.parquet")

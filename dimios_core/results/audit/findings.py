"""Audit of findings: enough people, or organisations, behind each row, by the published files alone.

Whom a group consists of stands in no published file; that is held against everything when a finding is let out, and by each
`dimios score` (`results.findings`, `results.versions`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.published.conventions import GROUP_MIN, QUARTILES_MIN
from dimios_core.published.store import PREFIX, PublicResults, PublishedResults
from dimios_core.results.audit.asked import list_by_version, models_of
from dimios_core.results.audit.grid import PUBLISHED, Fault
from dimios_core.results.audit.known import (
    ORGANISATION,
    PUBLIC,
    check_figures,
    check_places,
    lay_out,
    open_known,
    read_known_tables,
    refuse_unknown,
)
from dimios_core.results.audit.rules import own_places, public_places
from dimios_core.results.audit.sheets import Sheet
from dimios_core.results.gate import COARSE_SHARE_N

OWN, ALL = "own_findings", "findings"


def check_findings(sheet: Sheet, threshold: int) -> Iterator[Fault]:
    """Find rows of an organisation's findings with too few answers, or shares that are told too finely."""
    shown, n = sheet.are("status", PUBLISHED), np.nan_to_num(sheet.number("n"))
    for wrong, what in (
        (shown & (n < threshold), "fewer answers than the threshold"),
        (shown & (n < COARSE_SHARE_N) & are_fine(sheet), "a share finer than steps of 5 %"),
    ):
        for period, row in sheet.told(wrong, ("finding", "whom", "level", "key")):
            yield _name(period, *row, what=what)


def are_fine(sheet: Sheet) -> np.ndarray:
    """Tell which rows have a share who do not know that is between steps of 5 %, bool array (rows,)."""
    coarse = sheet.number("dont_know_share") * 20
    return np.abs(coarse - np.round(coarse)) > 1e-6


def check_public_findings(frame: pd.DataFrame) -> Iterator[Fault]:
    """Find rows of findings over organisations with too few of them, and intervals of few."""
    shown = frame["status"] == PUBLISHED
    n = frame["organisations_n"].fillna(0).astype(float)
    yield from _tell(frame[shown & (n < GROUP_MIN)], f"fewer than {GROUP_MIN} organisations")
    told = frame[["ci_low", "ci_high"]].notna().any(axis=1)
    yield from _tell(frame[shown & (n < QUARTILES_MIN) & told], "an interval of few organisations")


def audit_changed(results: Path, organisation: str) -> list[Fault]:
    """Audit the folder that a finding has changed, and in it what findings may have changed: an organisation's, or "" for the public."""
    folder = results / (f"{PREFIX}{organisation}" if organisation else "public")
    opened = open_known(results, folder)
    if refused := list(refuse_unknown(results, folder, opened)):
        return refused
    tables = (OWN,) if organisation else (ALL, "model_findings")
    read = read_known_tables({name: file for name, file in opened.items() if name in tables})
    sheets = lay_out(read)
    faults = list(check_figures(results, folder, sheets))
    public = PublicResults(results)
    if organisation:
        profile = PublishedResults(results, organisation).profile
        for version, columns in models_of(public, profile["periods"]).columns.items():
            listed, places = list_by_version(sheets, public, version), own_places(profile, columns.instrument)
            faults += check_places(listed, ORGANISATION, set(columns.level_rows), places)
        return [
            *faults,
            *(f for sheet in sheets.values() for f in check_findings(sheet, profile["threshold"])),
        ]
    profiles = {
        p.name: PublishedResults(results, p.name.removeprefix(PREFIX)).profile
        for p in results.glob(f"{PREFIX}*")
    }
    places = public_places(sheets, profiles)
    for version, columns in models_of(public, places["period"]).columns.items():
        listed = list_by_version(sheets, public, version)
        faults += check_places(listed, PUBLIC, set(columns.level_rows), places)
    return [
        *faults,
        *(f for n, t in read.items() if n == ALL for f in check_public_findings(t.to_pandas())),
    ]


def _tell(rows: pd.DataFrame, what: str) -> Iterator[Fault]:
    for row in rows.itertuples():
        yield _name(row.period, row.finding, row.whom, row.level, row.key, what=what)


def _name(period: str, finding: str, whom: str, level: str, key: str, *, what: str) -> Fault:
    return str(period), f"finding {finding}, {whom}, {level} {key}", what

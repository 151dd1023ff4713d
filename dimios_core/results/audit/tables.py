"""The audit: reads published files only, and tells what a careful reader could work out from them.

It knows nothing that the files do not say: which atoms are small follows from their status, how many answers
a union has follows from the published n of the groups it is worked out from. `dimios audit` fails where this
finds anything, and `dimios score` publishes nothing then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, INVITED_MIN, NON_ANSWERERS_MIN
from dimios_core.published.store import PublicResults, PublishedResults, list_organisations
from dimios_core.results.audit.asked import check_models, list_by_version, models_of, take_version, widen
from dimios_core.results.audit.atoms import GroupRows
from dimios_core.results.audit.benchmarks import check_benchmarks, check_peers, find_today
from dimios_core.results.audit.consortium import audit_consortium
from dimios_core.results.audit.derived import check_derived
from dimios_core.results.audit.everyone import check_everyone, check_named_changes
from dimios_core.results.audit.findings import check_findings, check_public_findings
from dimios_core.results.audit.grid import PUBLISHED, Fault, Grid
from dimios_core.results.audit.initiatives import check_actions
from dimios_core.results.audit.known import (
    ORGANISATION,
    PUBLIC,
    check_figures,
    check_places,
    read_known_tables,
    refuse_unknown,
    stumbles,
)
from dimios_core.results.audit.means import check_means
from dimios_core.results.audit.recomputed import check_recomputed
from dimios_core.results.audit.rules import own_places, public_places
from dimios_core.results.audit.wholes import Everybody, WholeRows, take_wholes
from dimios_core.results.gate import COARSE_SHARE_N
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.scoring.intervals import FEW_N


@dataclass(frozen=True)
class AuditFinding:
    """Something that should not be there, or that can be worked out."""

    organisation: str
    period: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.organisation}, {self.period}, {self.key}: {self.what}"


def audit_results(results: Path, executor: Executor | None = None) -> list[AuditFinding]:
    """Audit a results folder.

    Parameters
    ----------
    results : Path
    executor : Executor, optional
        Audits organisations elsewhere.

    Returns
    -------
    list of AuditFinding
        Empty where nothing can be recovered.
    """
    if wrong := [AuditFinding("public", *fault) for fault in check_models(PublicResults(results))]:
        return wrong
    names = list_organisations(results)
    run = executor.map if executor else map
    parts = list(run(read_organisation, [results] * len(names), names))
    found = [f for part in parts for f in part.findings]
    if refused := [*refuse_unknown(results), *refuse_unknown(results, results / "public")]:
        return found + [AuditFinding("public", *fault) for fault in refused]
    found += [AuditFinding(*fault) for fault in check_actions(results)]
    return [*found, *find_in_public(results, parts)]


def find_in_public(results: Path, parts: list[Part]) -> Iterator[AuditFinding]:
    """Audit what all may read, beside what organisations' own folders hold; whoever asks for one finding is spared the rest."""
    public = PublicResults(results)
    profiles = {part.profile["id"]: part.profile for part in parts}
    frames = read_known_tables(results / "public")
    faults = list(check_figures(results, results / "public", frames))
    models = models_of(public, {p for profile in profiles.values() for p in profile["periods"]})
    for version, columns in models.columns.items():
        listed = list_by_version(frames, public, version)
        faults += check_places(listed, PUBLIC, set(columns.level_rows), public_places(frames, profiles))
    yield from _of_public(faults)
    if stumbles(faults):
        return
    public.take(frames)
    yield from _of_public(_check_leaks(public, profiles))
    yield from _of_public(check_public_findings(public.findings))
    yield from _of_public(check_named_changes(public.named, {p.profile["id"]: p.changes for p in parts}))
    for version in models.versions:
        one = PublicResults(results)
        one.take(take_version(frames, public, version))
        wholes = [w for part in parts for w in part.wholes if models.version_of[w.period] == version]
        everybody = Everybody(wholes, profiles, models.columns[version])
        shown = one.benchmarks[(one.benchmarks["status"] == PUBLISHED).to_numpy()]
        standing = set(public.stamp.get("standing", ()))
        today = find_today(shown.astype({"period": str, "group": str}), everybody) - standing
        yield from _of_public(check_benchmarks(one, everybody, today))
        yield from _of_public(check_everyone(one, everybody, today))
        gaps = pd.concat([part.gaps.assign(organisation=part.profile["id"]) for part in parts])
        if len(gaps):  # an organisation whose folder holds what is not known hands over none
            gaps = gaps[gaps["period"].astype(str).isin(models.periods(version)).to_numpy()]
        yield from (AuditFinding(*fault) for fault in check_peers(gaps, one.benchmarks, everybody, today))


def _of_public(faults: Iterable[Fault]) -> Iterator[AuditFinding]:
    return (AuditFinding("public", *fault) for fault in faults)


def audit_benchmarks(results: Path) -> list[AuditFinding]:
    """Audit the public part by itself: sizes of groups, and what each reader could work out about one to four others."""
    public = PublicResults(results)
    profiles = {o: PublishedResults(results, o).profile for o in list_organisations(results)}
    return [
        *_of_public(check_figures(results, results / "public")),
        *_of_public(_check_leaks(public, profiles)),
    ]


def _check_leaks(public: PublicResults, profiles: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    yield from check_means(public, profiles)
    yield from audit_consortium(public)


@dataclass(frozen=True)
class Part:
    """What the audit finds in an organisation's folder, and what it takes from there to hold public tables against.

    Attributes
    ----------
    findings : list of AuditFinding
    profile : dict
        organisation.json.
    wholes : list of WholeRows
        The organisation as a whole, a period each.
    changes : dict
        (period, earlier period, level, key) -> change and its word, of the whole.
    gaps : DataFrame
        Its published gaps to peers.
    """

    findings: list[AuditFinding]
    profile: dict[str, Any]
    wholes: list[WholeRows] = field(default_factory=list)
    changes: dict[tuple[str, str, str, str], tuple[float, str]] = field(default_factory=dict)
    gaps: pd.DataFrame = field(default_factory=pd.DataFrame)


def audit_organisation(results: Path, organisation: str) -> list[AuditFinding]:
    """Audit one organisation's files: see `read_organisation`."""
    return read_organisation(results, organisation).findings


def read_organisation(results: Path, organisation: str) -> Part:
    """Audit one organisation's files: figures behind suppressed rows, thresholds, and the row-space check.

    Where something lies there that the audit does not know, that is told, and nothing else is read.
    """
    published = PublishedResults(results, organisation)
    if refused := list(refuse_unknown(results, published.folder)):
        return Part([AuditFinding(organisation, *fault) for fault in refused], {**published.profile})
    profile = published.profile
    models = models_of(published, profile["periods"])
    frames = read_known_tables(published.folder)
    faults = list(check_figures(results, published.folder, frames))
    for version, columns in models.columns.items():
        places, keys = own_places(profile, columns.instrument), set(columns.level_rows)
        faults += check_places(list_by_version(frames, published, version), ORGANISATION, keys, places)
    findings = [AuditFinding(organisation, *fault) for fault in faults]
    if stumbles(faults):
        return Part(findings + _check_rows(frames["scores"], profile), profile)
    published.take(frames)
    scores = published.scores
    findings += _check_rows(scores, profile) + _check_effective_n(scores, profile)
    tree = UnitTree({u["id"]: u["parent"] for u in profile["units"]})
    rows_of_columns = scores.loc[
        scores["level"].isin(["point", "item"]), ["period", "key", "unit", "role", "status", "n"]
    ]
    # plain values once: hundreds of small groups are read value by value below
    rows_of_columns = rows_of_columns.astype({"unit": object, "role": object, "status": object}).assign(
        n=rows_of_columns["n"].fillna(0).astype(int)
    )
    settled: dict[bytes, list[str]] = {}
    for (period, key), rows in rows_of_columns.groupby(["period", "key"], observed=True, sort=False):
        groups = GroupRows.of(rows, tree)
        signature = groups.signature()
        if signature not in settled:
            settled[signature] = list(groups.recoverable(int(profile["threshold"])))
        findings += [AuditFinding(organisation, str(period), str(key), what) for what in settled[signature]]
    findings += _check_rates(organisation, published.response_rates, tree)
    own = check_findings(published.own_findings, int(profile["threshold"]))
    findings += [AuditFinding(organisation, *fault) for fault in own]
    wholes: list[WholeRows] = []
    threshold, weighted = int(profile["threshold"]), bool(profile.get("weighted"))
    for version in models.versions:
        one, columns = PublishedResults(results, organisation), models.columns[version]
        one.take(take_version(frames, published, version))
        one.instrument = columns.instrument
        levels = widen(one.scores, scores, models, version, threshold, weighted)
        found = list(check_derived(one, tree, levels))
        grid = Grid.of(one.scores, columns, threshold, weighted)
        wide = grid if levels is one.scores else Grid.of(levels, columns, threshold, weighted)
        found += check_recomputed(one, tree, grid, wide)
        findings += [AuditFinding(organisation, *fault) for fault in found]
        wholes += take_wholes(organisation, grid, one.response_rates)
    gaps = published.gaps[(published.gaps["status"] == PUBLISHED).to_numpy()]
    return Part(findings, profile, wholes, _changes_of_whole(published.changes), gaps)


def _changes_of_whole(changes: pd.DataFrame) -> dict[tuple[str, str, str, str], tuple[float, str]]:
    whole = (changes["status"] == PUBLISHED) & (changes["unit"] == ALL) & (changes["role"] == ALL)
    own = changes[whole.to_numpy()].astype({"certainty": object})
    keys = zip(*(own[n].astype(object) for n in ("period", "period_from", "level", "key")), strict=True)
    return dict(zip(keys, zip(own["change"].astype(float), own["certainty"], strict=True), strict=True))


def _check_rows(scores: pd.DataFrame, profile: dict[str, Any]) -> list[AuditFinding]:
    threshold = int(profile["threshold"])
    shown = scores["status"] == PUBLISHED
    few = scores["n"].fillna(0).astype(int)
    # with weights this status may be that of a group of many in which one person counts for most
    hidden = (scores["status"] == "suppressed_small") & (not profile.get("weighted"))
    coarse = scores["dont_know_share"] * 20
    checks = {
        "fewer answers than the threshold": scores[shown & (few < threshold)],
        "a standard error behind few answers": scores[shown & (few < FEW_N) & scores["se"].notna()],
        "a share finer than steps of 5 %": scores[
            ((shown & (few < COARSE_SHARE_N)) | (hidden & (threshold <= COARSE_SHARE_N)))
            & ((coarse - coarse.round()).abs() > 1e-6)
        ],
    }
    return [
        AuditFinding(profile["id"], str(r.period), f"{r.level} {r.key} ({r.unit}, {r.role})", what)
        for what, rows in checks.items()
        for r in rows.itertuples()
    ]


def _check_effective_n(scores: pd.DataFrame, profile: dict[str, Any]) -> list[AuditFinding]:
    """As how many of equal weight respondents count: only where weights differ, and no more than they are."""
    whole = scores[(scores["unit"] == ALL) & (scores["role"] == ALL) & (scores["status"] == PUBLISHED)]
    most = whole.groupby(whole["period"].astype(str), observed=True)["n"].max()
    found: list[AuditFinding] = []
    for period, n in profile.get("effective_n", {}).items():
        if not profile.get("weighted") or not 0 < n <= most.get(period, np.inf):
            what = "counts as more than they are, or without weights"
            found.append(AuditFinding(profile["id"], str(period), "respondents by weight", what))
    return found


def _check_rates(organisation: str, rates: pd.DataFrame, tree: UnitTree) -> list[AuditFinding]:
    found: list[AuditFinding] = []
    for period, rows in rates.groupby("period", observed=True):
        shown = rows[rows["status"] == PUBLISHED]
        silent = (shown["invited"] - shown["answered"]).astype(int)
        bad = (shown["invited"] < INVITED_MIN) | ((silent > 0) & (silent < NON_ANSWERERS_MIN))
        found += [
            AuditFinding(
                organisation, str(period), f"response rate ({r.unit}, {r.role})", "too few invited or silent"
            )
            for r in shown[bad].itertuples()
        ]
        groups = GroupRows.of(rows.assign(n=silent.reindex(rows.index)), tree)
        found += [
            AuditFinding(organisation, str(period), "response rate", what)
            for what in groups.recoverable(NON_ANSWERERS_MIN)
        ]
    return found

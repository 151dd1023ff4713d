"""The audit: reads published files only, and tells what a careful reader could work out from them.

It knows nothing that the files do not say: which atoms are small follows from their status, how many answers
a union has follows from the published n of the groups it is worked out from. `dimios audit` fails where this
finds anything, and `dimios score` publishes nothing then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dimios_core.published.conventions import ALL, INVITED_MIN, NON_ANSWERERS_MIN
from dimios_core.published.store import PublicResults, PublishedResults, list_organisations
from dimios_core.results.audit.asked import (
    check_models,
    list_by_version,
    models_of,
    take_frames,
    take_version,
    widen,
)
from dimios_core.results.audit.atoms import Atoms, find_recoverable
from dimios_core.results.audit.benchmarks import check_benchmarks, check_peers, find_today
from dimios_core.results.audit.consortium import audit_consortium
from dimios_core.results.audit.derived import check_derived
from dimios_core.results.audit.everyone import check_everyone, check_named_changes
from dimios_core.results.audit.findings import are_fine, check_findings, check_public_findings
from dimios_core.results.audit.grid import PUBLISHED, Fault, Grid
from dimios_core.results.audit.initiatives import check_actions
from dimios_core.results.audit.known import (
    ORGANISATION,
    PUBLIC,
    check_figures,
    check_places,
    lay_out,
    list_missing,
    open_known,
    read_known_tables,
    refuse_unknown,
    stumbles,
)
from dimios_core.results.audit.means import check_means
from dimios_core.results.audit.recomputed import check_recomputed
from dimios_core.results.audit.rules import own_places, public_places
from dimios_core.results.audit.sheets import Sheet
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
    tables = read_known_tables(open_known(results, results / "public"))
    sheets, frames = lay_out(tables), {name: table.to_pandas() for name, table in tables.items()}
    faults = list(check_figures(results, results / "public", sheets))
    models = models_of(public, {p for profile in profiles.values() for p in profile["periods"]})
    for version, columns in models.columns.items():
        listed = list_by_version(sheets, public, version)
        faults += check_places(listed, PUBLIC, set(columns.level_rows), public_places(sheets, profiles))
    yield from _of_public(faults)
    if stumbles(faults):
        return
    public.take(frames)
    yield from _of_public(_check_leaks(public, profiles))
    yield from _of_public(check_public_findings(public.findings))
    yield from _of_public(check_named_changes(public.named, {p.profile["id"]: p.changes for p in parts}))
    for version in models.versions:
        one = PublicResults(results)
        one.take(take_frames(frames, sheets, public, version))
        wholes = [w for part in parts for w in part.wholes if models.version_of[w.period] == version]
        everybody = Everybody(wholes, profiles, models.columns[version])
        shown = one.benchmarks[(one.benchmarks["status"] == PUBLISHED).to_numpy()]
        standing = set(public.stamp.get("standing", ()))
        today = find_today(shown.astype({"period": str, "group": str}), everybody) - standing
        yield from _of_public(check_benchmarks(one, everybody, today))
        yield from _of_public(check_everyone(one, everybody, today))
        gaps = _gather_gaps(parts, models.periods(version))
        yield from (AuditFinding(*fault) for fault in check_peers(gaps, one.benchmarks, everybody, today))


def _gather_gaps(parts: Sequence[Part], periods: Sequence[str]) -> pd.DataFrame:
    """Put the gaps of all organisations in some periods under each other; one whose folder holds what is not known has none."""
    told = [(part.profile["id"], part.gaps) for part in parts if part.gaps is not None]
    names = ("period", "group", "level", "key", "benchmark", "peers_n")
    columns = {
        name: np.concatenate([gaps.text(name) for _, gaps in told] or [np.zeros(0, object)]) for name in names
    }
    columns["organisation"] = np.repeat([o for o, _ in told], [len(gaps) for _, gaps in told])
    frame = pd.DataFrame(columns).astype({"benchmark": float, "peers_n": float})
    return frame[frame["period"].isin(periods)]


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
    gaps : Sheet or None
        Its published gaps to peers.
    """

    findings: list[AuditFinding]
    profile: dict[str, Any]
    wholes: list[WholeRows] = field(default_factory=list)
    changes: dict[tuple[str, str, str, str], tuple[float, str]] = field(default_factory=dict)
    gaps: Sheet | None = None


def audit_organisation(results: Path, organisation: str) -> list[AuditFinding]:
    """Audit one organisation's files: see `read_organisation`."""
    return read_organisation(results, organisation).findings


def read_organisation(results: Path, organisation: str) -> Part:
    """Audit one organisation's files: figures behind suppressed rows, thresholds, and the row-space check.

    Where something lies there that the audit does not know, that is told, and nothing else is read.
    """
    published = PublishedResults(results, organisation)
    opened = open_known(results, published.folder)
    if refused := list(refuse_unknown(results, published.folder, opened)):
        return Part([AuditFinding(organisation, *fault) for fault in refused], {**published.profile})
    profile = published.profile
    models = models_of(published, profile["periods"])
    sheets = {**list_missing()} | lay_out(read_known_tables(opened))
    faults = list(check_figures(results, published.folder, sheets))
    for version, columns in models.columns.items():
        places, keys = own_places(profile, columns.instrument), set(columns.level_rows)
        faults += check_places(list_by_version(sheets, published, version), ORGANISATION, keys, places)
    scores, stumbled = sheets["scores"], stumbles(faults)
    faults += _check_rows(scores, profile)
    if stumbled:
        return Part([AuditFinding(organisation, *fault) for fault in faults], profile)
    tree, threshold = UnitTree({u["id"]: u["parent"] for u in profile["units"]}), int(profile["threshold"])
    weighted = bool(profile.get("weighted"))
    faults += _check_effective_n(scores, profile)
    faults += _check_rates(sheets["response_rates"], tree)
    faults += check_findings(sheets["own_findings"], threshold)
    wholes: list[WholeRows] = []
    for version in models.versions:
        own, columns = take_version(sheets, published, version), models.columns[version]
        grid = Grid.of(own["scores"], columns, threshold, weighted)
        levels = widen(own["scores"], scores, models, version, threshold, weighted)
        wide = grid if levels is own["scores"] else Grid.of(levels, columns, threshold, weighted)
        faults += find_recoverable(grid, tree)
        faults += check_derived(own, profile["periods"], tree, grid, wide)
        faults += check_recomputed(own, profile["periods"], tree, grid, wide)
        wholes += take_wholes(organisation, grid, own["response_rates"])
    findings = [AuditFinding(organisation, *fault) for fault in faults]
    return Part(findings, profile, wholes, _changes_of_whole(sheets["changes"]), sheets["gaps"].shown)


def _changes_of_whole(changes: Sheet) -> dict[tuple[str, str, str, str], tuple[float, str]]:
    own = changes.shown
    own = own.take(own.are("unit", ALL) & own.are("role", ALL))
    told = zip(own.number("change").tolist(), own.text("certainty").tolist(), strict=True)
    return dict(zip(own.rows("period", "period_from", "level", "key"), told, strict=True))


def _check_rows(scores: Sheet, profile: dict[str, Any]) -> Iterator[Fault]:
    threshold = int(profile["threshold"])
    shown, few = scores.are("status", PUBLISHED), np.nan_to_num(scores.number("n"))
    # with weights this status may be that of a group of many in which one person counts for most
    hidden = scores.are("status", "suppressed_small") & (not profile.get("weighted"))
    checks = {
        "fewer answers than the threshold": shown & (few < threshold),
        "a standard error behind few answers": shown & (few < FEW_N) & ~np.isnan(scores.number("se")),
        "a share finer than steps of 5 %": (
            (shown & (few < COARSE_SHARE_N)) | (hidden & (threshold <= COARSE_SHARE_N))
        )
        & are_fine(scores),
    }
    for what, wrong in checks.items():
        for period, (level, key, unit, role) in scores.told(wrong, ("level", "key", "unit", "role")):
            yield period, f"{level} {key} ({unit}, {role})", what


def _check_effective_n(scores: Sheet, profile: dict[str, Any]) -> Iterator[Fault]:
    """As how many of equal weight respondents count: only where weights differ, and no more than they are."""
    told = profile.get("effective_n", {})
    whole = (
        scores.shown.take(scores.shown.are("unit", ALL) & scores.shown.are("role", ALL)) if told else scores
    )
    for period, n in told.items():
        most = whole.number("n")[whole.are("period", period)].max(initial=-np.inf)
        if not profile.get("weighted") or not 0 < n <= (most if np.isfinite(most) else np.inf):
            what = "counts as more than they are, or without weights"
            yield str(period), "respondents by weight", what


def _check_rates(rates: Sheet, tree: UnitTree) -> Iterator[Fault]:
    period, first = rates.group("period")
    for i, (name,) in enumerate(rates.take(first).rows("period")):
        rows = rates.take(period == i)
        silent = rows.number("invited") - rows.number("answered")
        few = (rows.number("invited") < INVITED_MIN) | ((silent > 0) & (silent < NON_ANSWERERS_MIN))
        for unit, role in rows.take(rows.are("status", PUBLISHED) & few).rows("unit", "role"):
            yield str(name), f"response rate ({unit}, {role})", "too few invited or silent"
        groups = Atoms.of(list(rows.rows("unit", "role")), tree).look(rows.texts("status"), silent)
        for what in groups.recoverable(NON_ANSWERERS_MIN):
            yield str(name), "response rate", what

"""The audit: reads published files only, and tells what a careful reader could work out from them.

It knows nothing that the files do not say: which atoms are small follows from their status, how many answers
a union has follows from the published n of the groups it is worked out from. `dimios audit` fails where this
finds anything, and `dimios score` publishes nothing then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import COMPOSITE, Instrument
from dimios_core.published.conventions import (
    ALL,
    DIRECT,
    GROUP_MIN,
    INVITED_MIN,
    NON_ANSWERERS_MIN,
    PEERS_MIN,
    QUARTILES_MIN,
)
from dimios_core.published.status import Status
from dimios_core.published.store import PublicResults, PublishedResults, list_organisations
from dimios_core.results.audit.consortium import audit_consortium
from dimios_core.results.audit.derived import check_derived
from dimios_core.results.audit.initiatives import check_actions
from dimios_core.results.audit.grid import Grid
from dimios_core.results.audit.known import (
    ORGANISATION,
    PUBLIC,
    check_figures,
    read_known_tables,
    refuse_unknown,
)
from dimios_core.results.audit.recomputed import check_recomputed
from dimios_core.results.consortium.positions import CELL_MIN, find_leaks
from dimios_core.results.disclosure.recoverable import RowSpace
from dimios_core.results.gate import COARSE_SHARE_N
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.scoring.intervals import FEW_N

PUBLISHED = Status.PUBLISHED.label


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
    names = list_organisations(results)
    run = executor.map if executor else map
    found = [f for findings in run(audit_organisation, [results] * len(names), names) for f in findings]
    if refused := [*refuse_unknown(results), *refuse_unknown(results, results / "public")]:
        return found + [AuditFinding("public", *fault) for fault in refused]
    public = PublicResults(results)
    profiles = {o: PublishedResults(results, o).profile for o in names}
    periods = {p for profile in profiles.values() for p in profile["periods"]}
    frames = read_known_tables(results / "public")
    if wrong := list(check_figures(frames, PUBLIC, set(Columns(public.instrument).level_rows), periods)):
        return found + [AuditFinding("public", *fault) for fault in wrong]
    found += [AuditFinding(*fault) for fault in check_actions(results)]
    return found + audit_benchmarks(results)


def audit_organisation(results: Path, organisation: str) -> list[AuditFinding]:
    """Audit one organisation's files: figures behind suppressed rows, thresholds, and the row-space check.

    Where something lies there that the audit does not know, that is told, and nothing else is read.
    """
    published = PublishedResults(results, organisation)
    if refused := list(refuse_unknown(results, published.folder)):
        return [AuditFinding(organisation, *fault) for fault in refused]
    profile, columns = published.profile, Columns(published.instrument)
    frames = read_known_tables(published.folder)
    findings = [
        AuditFinding(organisation, *fault)
        for fault in check_figures(frames, ORGANISATION, set(columns.level_rows), set(profile["periods"]))
    ]
    if findings:  # what cannot be is told, and nothing is worked out from it
        return findings
    published.take(frames)
    scores = published.scores
    findings += _check_rows(organisation, scores, int(profile["threshold"]))
    findings += _check_tops(organisation, scores, published.instrument)
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
    findings += _check_changes(organisation, scores, published.changes)
    findings += _check_rates(organisation, published.response_rates, tree)
    findings += [AuditFinding(organisation, *fault) for fault in check_derived(published, tree)]
    grid = Grid.of(scores, columns, int(profile["threshold"]), bool(profile.get("weighted")))
    return findings + [AuditFinding(organisation, *f) for f in check_recomputed(published, tree, grid)]


def _check_rows(organisation: str, scores: pd.DataFrame, threshold: int) -> list[AuditFinding]:
    shown = scores["status"] == PUBLISHED
    few = scores["n"].fillna(0).astype(int)
    coarse = scores["dont_know_share"] * 20
    checks = {
        "fewer answers than the threshold": scores[shown & (few < threshold)],
        "a standard error behind few answers": scores[shown & (few < FEW_N) & scores["se"].notna()],
        "a share finer than steps of 5 %": scores[
            shown & (few < COARSE_SHARE_N) & ((coarse - coarse.round()).abs() > 1e-6)
        ],
    }
    return [
        AuditFinding(organisation, str(r.period), f"{r.level} {r.key} ({r.unit}, {r.role})", what)
        for what, rows in checks.items()
        for r in rows.itertuples()
    ]


def _check_tops(organisation: str, scores: pd.DataFrame, instrument: Instrument) -> list[AuditFinding]:
    """Find composites, or dimensions where there is none above them, that rest on other points than are published."""
    dimension_of = {c.id: c.dimension for c in instrument.categories}
    level, top = COMPOSITE
    if instrument.composite is None:
        level = "dimension"
    top_of = {p.id: top if instrument.composite else dimension_of[p.category] for p in instrument.points}
    shown = scores[scores["status"] == PUBLISHED].astype({"key": str})
    group = ["period", "unit", "role", "key"]
    points = shown[shown["level"] == "point"].assign(key=lambda f: f["key"].map(top_of))
    published = points.groupby(group, observed=True).size()
    entered = shown[shown["level"] == level].set_index(group)["n_points"].astype(float)
    return [
        AuditFinding(
            organisation, str(p), f"{key} ({unit}, {role})", "rests on points that are not published"
        )
        for p, unit, role, key in entered[entered != published.reindex(entered.index)].index
    ]


def _check_changes(organisation: str, scores: pd.DataFrame, changes: pd.DataFrame) -> list[AuditFinding]:
    if changes.empty:
        return []
    keys = ["period", "unit", "role", "level", "key"]
    levels = scores.loc[scores["status"] == PUBLISHED, keys].astype(str)
    shown = changes.loc[changes["change"].notna(), [*keys, "period_from"]].astype(str)
    missing = []
    for column in ("period", "period_from"):
        wanted = shown.drop(columns=[c for c in ("period", "period_from") if c != column])
        merged = wanted.rename(columns={column: "period"}).merge(levels, how="left", indicator=True)
        missing.append(merged[merged["_merge"] == "left_only"])
    return [
        AuditFinding(
            organisation,
            r.period,
            f"{r.level} {r.key} ({r.unit}, {r.role})",
            "a change without both its levels",
        )
        for r in pd.concat(missing).itertuples()
    ]


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


@dataclass(frozen=True)
class GroupRows:
    """What the published rows of one key say about groups and atoms."""

    names: list[tuple[str, str]]
    rows: np.ndarray  # published groups × atoms
    n: np.ndarray  # answers of published groups
    large: np.ndarray  # atoms that are known to hold at least the threshold
    empty: np.ndarray  # atoms that are known to hold nothing
    atoms: list[tuple[str, str]]
    above: dict[str, set[str]]  # leaf -> itself and everything above it

    def indicator(self, names: list[tuple[str, str]]) -> np.ndarray:
        """Groups (unit, role) as rows over the atoms, bool array (groups, atoms)."""
        rows = [[u in self.above[a] and r in (ALL, b) for a, b in self.atoms] for u, r in names]
        return np.array(rows, bool).reshape(len(names), len(self.atoms))

    @classmethod
    def of(cls, frame: pd.DataFrame, tree: UnitTree) -> GroupRows:
        status = {
            (u, r): (s, n)
            for u, r, s, n in zip(frame["unit"], frame["role"], frame["status"], frame["n"], strict=True)
        }
        parents = set(tree.parent.values())
        by_role = any(r != ALL for _, r in status)
        leaves = [
            u for u, r in status if r == ALL and u != ALL and (u.endswith(DIRECT) or u not in parents)
        ] or [ALL]
        if by_role:
            atoms = [(u, r) for u, r in status if r != ALL and u in leaves]
        else:
            atoms = [(u, ALL) for u in leaves]
        above = {leaf: set(tree.chain(leaf)) for leaf in leaves}
        shown = [key for key, (s, _) in status.items() if s == PUBLISHED]
        rows = np.array([[u in above[a] and r in (ALL, b) for a, b in atoms] for u, r in shown], bool)
        states = [status[a][0] for a in atoms]
        return cls(
            shown,
            rows.reshape(len(shown), len(atoms)),
            np.array([int(status[key][1]) for key in shown], int),
            np.array([s in (PUBLISHED, Status.SUPPRESSED_COMPLEMENT.label) for s in states], bool),
            np.array([s == Status.NO_ANSWERS.label for s in states], bool),
            atoms,
            above,
        )

    def signature(self) -> bytes:
        """Two keys with the same signature give the same findings."""
        parts = (self.rows, self.n, self.large, self.empty)
        return b"|".join(np.asarray(p).tobytes() for p in parts) + repr(self.names).encode()

    def recoverable(self, threshold: int) -> list[str]:
        """Unions of small atoms whose sum follows from the published rows, with 0 < answers < threshold."""
        empty = self.empty.copy()
        found: list[str] = []
        while True:
            space = RowSpace(self.rows, (~empty).astype(int))
            large = space.class_maximum(self.large)
            lower = np.where(large, threshold, 1)
            newly_empty = np.zeros(len(empty), bool)
            for union in space.small_unions(threshold, lower, self.n):
                answers = round(float(self.n @ space.combination(union)))
                if answers == 0:
                    newly_empty |= union
                elif answers < threshold:
                    found.append(
                        f"{int(union.sum())} small groups together hold {answers}, and their sum follows"
                    )
            if found or not newly_empty.any():
                return found
            empty |= newly_empty


def audit_benchmarks(results: Path) -> list[AuditFinding]:
    """Audit the public part: sizes of groups, and what each reader could work out about one to four others."""
    public = PublicResults(results)
    benchmarks, cells, dots = public.benchmarks, public.participation, public.positions
    if "shown_n" not in cells:  # scored before there were dots
        cells["shown_n"] = 0
    shown = benchmarks[benchmarks["status"] == PUBLISHED]
    few = shown[shown["organisations_n"] < GROUP_MIN]
    quartiles = shown[
        (shown["organisations_n"] < QUARTILES_MIN) & shown[["q1", "median", "q3"]].notna().any(axis=1)
    ]
    found = [
        AuditFinding("public", str(r.period), f"{r.group} {r.key}", what)
        for what, rows in {
            f"fewer than {GROUP_MIN} organisations": few,
            f"quartiles of fewer than {QUARTILES_MIN} organisations": quartiles,
        }.items()
        for r in rows.itertuples()
    ]
    for period, rows in shown.groupby("period", observed=True):
        atoms = cells[cells["period"] == period]
        belongs = [set(names.split("|")) for names in atoms["groups"].repeat(atoms["organisations_n"])]
        listed = list(dict.fromkeys(rows["group"]))
        table = np.array([[group in own for own in belongs] for group in listed], bool)
        for reader in np.unique(table.T, axis=0, return_index=True)[1]:
            known = np.ones(table.shape[1], int)
            known[reader] = 0
            union = next(RowSpace(table, known).small_unions(PEERS_MIN), None)
            if union is not None:
                what = f"{int(union.sum())} organisations' mean follows for a member of {listed}"
                found.append(AuditFinding("public", str(period), "benchmarks", what))
                break
        found += _check_dots_beside_means(str(period), atoms, listed)
    found += _check_positions(results, dots, cells)
    return found + [AuditFinding("public", *what) for what in audit_consortium(results)]


def _check_dots_beside_means(period: str, atoms: pd.DataFrame, listed: list[str]) -> list[AuditFinding]:
    """What follows about organisations that are no dots, once every reader knows those that are."""
    cells = [set(names.split("|")) for names in atoms["groups"]]
    number, shown_n = atoms["organisations_n"].to_numpy(int), atoms["shown_n"].to_numpy(int)
    table = np.array([[group in own for own in cells] for group in listed], bool).repeat(number, axis=1)
    before = np.repeat(number.cumsum() - number, number)
    hidden = np.arange(number.sum()) - before >= shown_n.repeat(number)
    return [
        AuditFinding(
            "public", period, "positions",
            f"the mean of {leak.others_n} organisations that are not shown follows from dots and {listed}",
        )
        for leak in find_leaks(table, hidden, at_most=1)
    ]  # fmt: skip


def _check_positions(results: Path, dots: pd.DataFrame, cells: pd.DataFrame) -> Iterator[AuditFinding]:
    """Check dots against the counts beside the means, and against the sharing choice of the organisations."""
    plain = {str(p): int(n) for p, n in cells.groupby("period", observed=True)["shown_n"].sum().items()}
    number = dots["period"].astype(str).value_counts()
    for period in sorted(set(plain) | set(number.index)):
        if plain.get(period, 0) != number.get(period, 0):
            yield AuditFinding(
                "public", period, "positions", "the number of dots is not the one that was checked"
            )
    profiles = {o: PublishedResults(results, o).profile for o in list_organisations(results)}
    for dot in dots.itertuples():
        where = ("public", str(dot.period), f"positions {dot.id or dot.type}")
        if any(abs(value - round(value, 1)) > 1e-6 for value in (dot.across, dot.upwards)):
            yield AuditFinding(*where, "more than one decimal")
        if dot.name and not dot.id:
            yield AuditFinding(*where, "an anonymous dot with a name")
        profile = profiles.get(str(dot.id))
        if profile and (profile["sharing"] != "named" or profile["type"] != dot.type):
            yield AuditFinding(*where, "a name that its organisation does not share")
    yield from _check_anonymous(dots, cells, profiles)


def _check_anonymous(
    dots: pd.DataFrame, cells: pd.DataFrame, profiles: dict[str, dict]
) -> Iterator[AuditFinding]:
    """Check that organisations enough stand behind anonymous dots; needs the folders of all that took part."""
    for period, own in dots[dots["id"] == ""].groupby("period", observed=True):
        asked = [p for p in profiles.values() if period in p["periods"]]
        if len(asked) < cells.loc[cells["period"] == period, "organisations_n"].sum():
            continue
        alike = Counter((p["type"], p["county"], p["size"]) for p in asked)
        behind = [p for p in asked if alike[p["type"], p["county"], p["size"]] >= CELL_MIN]
        unnamed = Counter(p["type"] for p in behind if p["sharing"] != "named")
        may_be = Counter(p["type"] for p in behind if p["sharing"] == "anonymous")
        for kind, number in own["type"].value_counts().items():
            if number > may_be[kind] or unnamed[kind] < CELL_MIN:
                yield AuditFinding(
                    "public", str(period), f"positions {kind}", "too few behind an anonymous dot"
                )

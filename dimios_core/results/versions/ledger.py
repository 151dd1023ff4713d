"""The ledger: what was published, so that a new version can be held against it (method 5).

ledger/responses/register/*.parquet               units and thresholds as published, and the rest of the register
ledger/responses/period=<p>/<organisation>.parquet   response rows as published
ledger/benchmarks/period=<p>.parquet              organisations' results behind the published benchmarks
ledger/releases.jsonl                             a line a release

`dimios score` lays out the next ledger beside the old one, scores *from it*, and swaps it in with the results.
It is restricted (mode 0700), belongs in the backup, and is deleted only on purpose: without it, nothing is known
of what readers have seen before.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dimios_core.places import LEDGER
from dimios_core.replacing import PRIVATE_FILE, PRIVATE_FOLDER, recover_folder, swap_folder
from dimios_core.responses.register import Register
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.groups import UnitTree
from dimios_core.results.versions.releases import Version, build_version, may_replace

STAGED = ".ledger.new"
LOG = "releases.jsonl"


@dataclass(frozen=True)
class Waiting:
    """Answers, or a unit tree, that wait: what was published stands until enough differs.

    Attributes
    ----------
    organisation : str
    periods : tuple of str
        Whose new answers wait; empty where only the unit tree or the threshold does.
    tree : bool
        The changed unit tree or threshold waits.
    threshold : int
        None or at least so many respondents of every published group must differ.
    """

    organisation: str
    periods: tuple[str, ...]
    tree: bool
    threshold: int

    def __str__(self) -> str:
        what = [f"new answers for {', '.join(self.periods)}"] if self.periods else []
        what += ["the changed unit tree or threshold"] if self.tree else []
        return (
            f"{self.organisation}: {' and '.join(what)} waits; what was published stands until nobody or at least "
            f"{self.threshold} respondents differ in every published group"
        )


@dataclass(frozen=True)
class Release:
    """What is scored: laid out in the staged ledger.

    Attributes
    ----------
    store : ResponseStore
        Of the staged ledger.
    periods_of : dict
        Organisation -> periods to score.
    waiting : list of Waiting
    """

    store: ResponseStore
    periods_of: dict[str, list[str]]
    waiting: list[Waiting]


@dataclass(frozen=True)
class _Rule:
    """The unit tree and the threshold that an organisation's answers are laid out with."""

    parent: dict[str, str]
    threshold: int

    @classmethod
    def of(cls, register: Register, organisation: str) -> _Rule:
        own = register.units[register.units["organisation"] == organisation]
        about = register.organisations
        threshold = about.loc[about["id"] == organisation, "threshold"]
        return cls(dict(zip(own["unit"], own["parent"].fillna(""), strict=True)), int(threshold.iloc[0]))


def stage_release(outputs: Path, periods_of: dict[str, list[str]], columns: Columns) -> Release:
    """Decide which version of every organisation and period is scored, and lay it out beside the ledger.

    Parameters
    ----------
    outputs : Path
        Holds responses/, and ledger/ where something was published before.
    periods_of : dict
        Organisation -> periods with stored responses.
    columns : Columns

    Returns
    -------
    Release
    """
    recover_folder(outputs / LEDGER)  # a stop may have come between the two renames of a swap
    folder, staged = outputs / LEDGER, outputs / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, staged)
    staged.mkdir(exist_ok=True)
    staged.chmod(PRIVATE_FOLDER)
    fresh, old = ResponseStore(outputs), ResponseStore(folder)
    register, before = fresh.register(), old.register()
    published = set(before.organisations["id"])
    scored: dict[str, list[str]] = {}
    waiting: list[Waiting] = []
    stands: set[str] = set()
    for organisation, periods in periods_of.items():
        now = _Rule.of(register, organisation)
        then = _Rule.of(before, organisation) if organisation in published else now
        choice = _Choice(fresh, old, organisation, periods, columns, now, then)
        tree_stands, taken, wait = choice.decide()
        if tree_stands:
            stands.add(organisation)
        if wait or tree_stands:
            waiting.append(
                Waiting(organisation, tuple(wait), tree_stands, max(now.threshold, then.threshold))
            )
        scored[organisation] = [p for p in periods if p in taken or old.holds(p, organisation)]
        for period in taken:
            name = fresh.file_name(period, organisation)
            target = staged / "responses" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh.folder / name, target)
    _stage_register(staged, register, before, stands)
    _append_log(staged, scored, waiting, old)
    return Release(ResponseStore(staged), {o: p for o, p in scored.items() if p}, waiting)


@dataclass(frozen=True)
class _Choice:
    """One organisation's stored answers against those that were published."""

    fresh: ResponseStore
    old: ResponseStore
    organisation: str
    periods: list[str]
    columns: Columns
    now: _Rule
    then: _Rule

    def decide(self) -> tuple[bool, list[str], list[str]]:
        """Whether the old tree stands; periods whose stored answers are taken; periods that wait."""
        released = [p for p in self.periods if self._comparable(p)]
        if self.now != self.then:
            taken = self._take(released, self.now)
            if taken is not None:
                return False, [*self._unreleased(), *taken], [p for p in released if p not in taken]
        same = [p for p in released if self._same_rows(p)]
        taken, wait = list(same), list[str]()
        for period in released:
            if period in same:
                continue
            new = self._version(self.fresh, period, self.then)
            old = self._version(self.old, period, self.then)
            passes = new is not None and old is not None and may_replace(old, new)
            (taken if passes else wait).append(period)
        first = self._unreleased()
        if self.now != self.then:  # under the old tree: only what it has room for
            fits = [p for p in first if self._version(self.fresh, p, self.then) is not None]
            wait += [p for p in first if p not in fits]
            first = fits
        return self.now != self.then, [*first, *taken], sorted(wait)

    def _take(self, released: list[str], rule: _Rule) -> list[str] | None:
        """Periods whose new answers may be published under a new tree; None if some period may not go over at all."""
        taken = []
        for period in released:
            old = self._version(self.old, period, self.then)
            new = self._version(self.fresh, period, rule)
            if old is not None and new is not None and may_replace(old, new):
                taken.append(period)
                continue
            kept = self._version(self.old, period, rule)
            if old is None or kept is None or not may_replace(old, kept):
                return None
        return taken

    def _comparable(self, period: str) -> bool:
        """Something was published of this period, with the same model."""
        return self.old.holds(period, self.organisation) and (
            self.old.provenance(period, self.organisation).instrument == self.columns.instrument.id
        )

    def _unreleased(self) -> list[str]:
        return [p for p in self.periods if not self._comparable(p)]

    def _same_rows(self, period: str) -> bool:
        name = self.fresh.file_name(period, self.organisation)
        return (self.fresh.folder / name).read_bytes() == (self.old.folder / name).read_bytes()

    def _version(self, store: ResponseStore, period: str, rule: _Rule) -> Version | None:
        table = store.read(period, self.organisation)
        rules = store.provenance(period, self.organisation).strata_merge
        return build_version(table, rules, UnitTree(rule.parent), rule.threshold, self.columns)


def _stage_register(staged: Path, register: Register, before: Register, stands: set[str]) -> None:
    """The register as it is scored: today's, but for trees that stand, and organisations that are gone."""
    now = set(register.organisations["id"])
    gone = before.organisations[~before.organisations["id"].isin(now)]
    organisations = pd.concat([register.organisations, gone], ignore_index=True)
    threshold = dict(zip(before.organisations["id"], before.organisations["threshold"], strict=True))
    organisations["threshold"] = [
        threshold[o] if o in stands else t
        for o, t in zip(organisations["id"], organisations["threshold"], strict=True)
    ]
    kept = stands | set(gone["id"])
    tables = {"organisations": organisations}
    for name in ("units", "invited"):
        fresh, old = getattr(register, name), getattr(before, name)
        parts = [fresh[~fresh["organisation"].isin(kept)], old[old["organisation"].isin(kept)]]
        tables[name] = pd.concat(parts, ignore_index=True).astype(dict(fresh.dtypes))
    folder = staged / "responses" / "register"
    folder.mkdir(parents=True, exist_ok=True)
    for field in fields(Register):
        tables[field.name].to_parquet(folder / f"{field.name}.parquet", index=False)


def _append_log(
    staged: Path, scored: dict[str, list[str]], waiting: list[Waiting], old: ResponseStore
) -> None:
    """A line a release: when, what was new, what stands."""
    now = ResponseStore(staged)
    names = [(o, p) for o, periods in scored.items() for p in periods]
    new = [
        f"{o} {p}"
        for o, p in names
        if not old.holds(p, o)
        or (now.folder / now.file_name(p, o)).read_bytes() != (old.folder / old.file_name(p, o)).read_bytes()
    ]
    line = {
        "released_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "new_versions": sorted(new),
        "waiting": [asdict(w) for w in waiting],
    }
    with (staged / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
    (staged / LOG).chmod(PRIVATE_FILE)


def commit_ledger(outputs: Path) -> None:
    """Put the staged ledger into place; to be done just before the results it belongs to.

    If a stop comes between the two, the next run finds the answers in the ledger already, and publishes them.
    """
    swap_folder(outputs / STAGED, outputs / LEDGER)

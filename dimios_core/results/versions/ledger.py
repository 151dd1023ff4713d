"""The ledger: all that was published, so that a new version can be held against it (method 5).

ledger/responses/register/*.parquet               units and thresholds as published, and the rest of the register
ledger/responses/period=<p>/<organisation>.parquet   response rows as published last
ledger/versions/                                  what was shown of all versions: `versions.archive`
ledger/benchmarks/                                organisations' results behind published benchmarks: `versions.standing`
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

from dimios_core.errors import InputError, Problem
from dimios_core.places import LEDGER, RELEASES
from dimios_core.published.store import PREFIX
from dimios_core.replacing import PRIVATE_FILE, PRIVATE_FOLDER, recover_folder, swap_folder
from dimios_core.responses.problems import name_some
from dimios_core.responses.register import Register
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.models import Models
from dimios_core.results.versions.archive import Archive, Rule
from dimios_core.results.versions.choice import CORRECTIONS_MAX, Choice, Decision
from dimios_core.results.versions.kin import Kinship
from dimios_core.results.versions.migration import migrate, migrate_peers

STAGED = ".ledger.new"


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
    spent : tuple of str
        Those of the periods whose answers were corrected as often as they may be.
    unlike : tuple of str
        Those that were published with another model, and are not published any longer.
    """

    organisation: str
    periods: tuple[str, ...]
    tree: bool
    threshold: int
    spent: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = [f"new answers for {', '.join(self.periods)}"] if self.periods else []
        what += ["the changed unit tree or threshold"] if self.tree else []
        words = [
            f"{self.organisation}: {' and '.join(what)} waits; what was published stands until nobody or at least "
            f"{self.threshold} respondents differ in every published group, and in all that follows from every version"
        ]
        if self.spent:
            words.append(
                f"answers for {', '.join(self.spent)} were corrected {CORRECTIONS_MAX} times already, and are final: "
                "gather late answers before publishing"
            )
        if self.unlike:
            words.append(
                f"{', '.join(self.unlike)} was published with another model: keep models in --outputs folders of their own"
            )
        return "; ".join(words)


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


#: results that the ledger does not know are named up to so many
UNKNOWN_NAMED_N = 3


def stage_release(
    outputs: Path, fresh: ResponseStore, periods_of: dict[str, list[str]], models: Models, method: int
) -> Release:
    """Decide which version of every organisation and period is scored, and lay it out beside the ledger.

    Parameters
    ----------
    outputs : Path
        Holds ledger/ and results/ where something was published before.
    fresh : ResponseStore
        Today's answers, frozen: what is decided on them is what is laid out.
    periods_of : dict
        Organisation -> periods with stored responses.
    models : Models
    method : int
        Version of the method.

    Returns
    -------
    Release

    Raises
    ------
    InputError
        There are results of which the ledger knows nothing, or only a part.
    """
    recover_folder(outputs / LEDGER)  # a stop may have come between the two renames of a swap
    folder, staged = outputs / LEDGER, outputs / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    _check_whole(folder, outputs / "results")
    if folder.exists():
        shutil.copytree(folder, staged)
    staged.mkdir(exist_ok=True)
    staged.chmod(PRIVATE_FOLDER)
    archive = Archive(staged)
    oldest = models.columns[models.versions[0]]
    migrate(archive, outputs / "results", oldest)
    migrate_peers(staged, outputs / "results", oldest)
    for version in models.versions:
        archive.add_statements(models.columns[version])
    old = ResponseStore(folder)
    register, before = fresh.register(), old.register()
    published = set(before.organisations["id"])
    rules = Rule.all_of(register, periods_of)
    former = Rule.all_of(before, published & set(periods_of))
    kinship = Kinship(fresh, archive, models)
    decisions: dict[str, Decision] = {}
    waiting: list[Waiting] = []
    for organisation, periods in periods_of.items():
        now = rules[organisation]
        then = former.get(organisation, now)
        made = Choice(fresh, archive, organisation, periods, models, now, then, method, kinship).decide()
        decisions[organisation] = made
        if made.waiting or made.tree_stands:
            threshold = max(now.threshold, then.threshold)
            parts = (tuple(sorted(p)) for p in (made.waiting, made.spent, made.unlike))
            late, spent, unlike = parts
            waiting.append(Waiting(organisation, late, made.tree_stands, threshold, spent, unlike))
    for organisation, made in decisions.items():
        _put_in_place(made, organisation, fresh, archive)
    _stage_register(staged, register, before, {o for o, made in decisions.items() if made.tree_stands})
    scored = {o: sorted([*made.taken, *made.kept]) for o, made in decisions.items()}
    _append_log(staged, scored, waiting, old)
    return Release(ResponseStore(staged), {o: p for o, p in scored.items() if p}, waiting)


def _check_whole(ledger: Path, results: Path) -> None:
    """Refuse results that the ledger does not know: what was published of them would be published anew beside it."""
    if not results.exists():
        return
    store = ResponseStore(ledger)
    profiles = [
        json.loads(path.read_bytes()) for path in sorted(results.glob(f"{PREFIX}*/organisation.json"))
    ]
    unknown = [
        f"{p['id']} {period}" for p in profiles for period in p["periods"] if not store.holds(period, p["id"])
    ]
    if unknown or not ledger.exists():
        of = name_some(unknown, UNKNOWN_NAMED_N)
        raise InputError(
            Problem(
                str(ledger),
                f"the ledger of what was published before is missing, and there are results{f' of {of}' if of else ''}",
                "restore it from your backup; only if nobody has seen these results, remove the folder results, too",
            )
        )


def _put_in_place(made: Decision, organisation: str, fresh: ResponseStore, archive: Archive) -> None:
    """Put answers that are taken into the staged ledger, and what they show where that is decided."""
    for period, kin in made.kin.items():
        for name in kin:
            archive.add_kin((period, organisation), name)
    for period, shown in (made.taken | made.relaid).items():
        if period in made.taken:
            if archive.holds(period, organisation):
                archive.keep_answers(period, organisation)
            stored = fresh.file_name(period, organisation)
            target = archive.store.folder / stored
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh.folder / stored, target)
        if shown is not None and not archive.knows(period, organisation, shown):
            archive.add(period, organisation, shown)


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
    with (staged / RELEASES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
    (staged / RELEASES).chmod(PRIVATE_FILE)


def commit_ledger(outputs: Path) -> None:
    """Put the staged ledger into place; to be done just before the results it belongs to.

    If a stop comes between the two, the next run finds the answers in the ledger already, and publishes them.
    """
    swap_folder(outputs / STAGED, outputs / LEDGER)

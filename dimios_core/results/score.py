"""From stored responses to the two stores, in one go: `dimios score`.

Organisations are independent of each other until benchmarks, so batches of them are scored through any
`concurrent.futures.Executor`; then the wholes meet. Everything is written beside the old stores, audited,
and swapped in at the end: a failed run leaves what was published before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dimios_core import __version__
from dimios_core.errors import DimiosError, InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.locks import hold
from dimios_core.places import LEDGER
from dimios_core.published.store import PREFIX, read_json
from dimios_core.published.writing import hash_store, write_json
from dimios_core.replacing import swap_folder
from dimios_core.responses.asked import find_asked
from dimios_core.responses.freezing import freeze
from dimios_core.responses.models import remember_model
from dimios_core.responses.store import ResponseStore
from dimios_core.results.audit.tables import audit_results
from dimios_core.results.consortium.benchmarks import list_peer_groups
from dimios_core.results.consortium.public import merge_gathered
from dimios_core.results.evidence.initiatives import write_initiatives
from dimios_core.results.findings.publishing import write_findings
from dimios_core.results.score_batches import BatchSummary, demo_mark, score_batch
from dimios_core.results.score_public import write_gaps, write_public
from dimios_core.results.scoring.models import Models
from dimios_core.results.versions.archive import Archive
from dimios_core.results.versions.findings import Findings
from dimios_core.results.versions.ledger import Waiting, commit_ledger, stage_release
from dimios_core.results.versions.standing import Standing, collect_means

#: version of the method page that the figures follow (CHANGELOG, "Method changes")
METHOD_VERSION = 4
#: organisations scored together: enough to make arrays long, few enough to keep memory low
BATCH_ORGANISATIONS_N = 15


@dataclass(frozen=True)
class ScoreSummary:
    """What a scoring run made; `waiting`: answers that are not published yet; `standing`: periods of old benchmarks."""

    organisations_n: int
    periods: list[str]
    rows_n: int
    published_n: int
    results_version: str
    waiting: tuple[Waiting, ...] = ()
    standing: tuple[str, ...] = ()


def score_responses(
    outputs: Path,
    instrument: Instrument,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ScoreSummary:
    """Score every stored response into `estimates/` and `results/` of the outputs folder.

    Parameters
    ----------
    outputs : Path
        Holds responses/.
    instrument : Instrument
        The model that the responses were ingested with, or a later version of it that follows by crosswalks.
    executor : Executor, optional
        Runs batches of organisations elsewhere; default in this process.
    progress : callable, optional
        Called with (batches done, batches in all).

    Raises
    ------
    InputError
        There are no responses, they were asked with another model that no crosswalk leads to, the ledger is missing beside results, or another
        command is at work at the outputs folder.
    DimiosError
        The audit found something recoverable; nothing is published then.
    """
    with hold(outputs, "dimios score"), freeze(outputs) as store:
        return _score_frozen(outputs, store, instrument, executor, progress)


def _score_frozen(
    outputs: Path,
    store: ResponseStore,
    instrument: Instrument,
    executor: Executor | None,
    progress: Callable[[int, int], None] | None,
) -> ScoreSummary:
    register = store.register()
    periods_of: dict[str, list[str]] = {}
    for period in sorted(store.periods()):
        for organisation in store.organisations(period):
            periods_of.setdefault(organisation, []).append(period)
    if not periods_of:
        raise InputError(Problem("responses", "there are none to score", "run `dimios ingest` first"))
    asked = find_asked([store, ResponseStore(outputs / LEDGER)], periods_of, instrument)
    models = Models(asked.instruments, asked.version_of)
    demo = _read_demo_mark(outputs, instrument)
    if instrument.version in models.versions:
        remember_model(outputs, instrument)
    release = stage_release(outputs, store, periods_of, models, METHOD_VERSION)
    periods_of, register = release.periods_of, release.store.register()
    names = sorted(periods_of)
    new = {name: outputs / f".{name}.new" for name in ("results", "estimates")}
    for folder in new.values():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    new["estimates"].chmod(0o700)
    (new["estimates"] / "estimates.parquet").mkdir()
    (new["results"] / "public").mkdir()

    batches = [names[i : i + BATCH_ORGANISATIONS_N] for i in range(0, len(names), BATCH_ORGANISATIONS_N)]
    jobs = [
        (outputs, models, {o: periods_of[o] for o in batch}, i, METHOD_VERSION)
        for i, batch in enumerate(batches)
    ]
    done = _run(jobs, executor, progress)
    parts = {v: [summary[v] for summary in done if v in summary] for v in models.versions}
    wholes = [w for of_version in parts.values() for part in of_version for w in part.wholes]

    people = register.organisations.set_index("id").loc[names].reset_index()
    people = people.assign(
        **{c: people[c].fillna("").astype(str) for c in ("name", "type", "county", "size", "sharing")}
    )
    own = wholes
    archive = Archive(release.store.outputs)
    standing = Standing(
        release.store.outputs, models, METHOD_VERSION,
        lambda p, o: [name for _, name in archive.kin(p, o)], archive.is_answered_as,
    )  # fmt: skip
    peers = standing.release(wholes, people)
    wholes, people = peers.wholes, peers.people
    _hold_attributes(new["results"], people)
    groups = list_peer_groups(people)
    gathered = {v: merge_gathered([part.gathered for part in of_version]) for v, of_version in parts.items()}
    told = write_public(
        new["results"] / "public", wholes, gathered, groups, people, register, models, peers.before, executor
    )
    standing.record(peers, collect_means(wholes, groups, people, told.groups, told.panels), told.shown)
    write_gaps(new["results"], own, wholes, groups, people["id"].tolist(), told, models)
    scored = people[people["id"].isin(names)]
    write_initiatives(
        new["results"],
        outputs,
        [w for w in wholes if w.organisation in set(names)],
        scored,
        told.shown,
        models,
    )
    write_findings(new["results"], Findings(release.store.outputs).published())
    version = hash_store(new["results"])
    write_json(
        {
            "results_version": version,
            "instrument": instrument.id,
            "instrument_version": models.latest,
            "versions": {p: v for p, v in sorted(models.version_of.items()) if v != models.latest},
            "method_version": METHOD_VERSION,
            "tool_version": __version__,
            "standing": peers.standing,
            "demo": demo,
        },
        new["results"] / "stamp.json",
    )
    findings = audit_results(new["results"], executor)
    if findings:
        listed = "\n".join(f"  {f}" for f in findings[:20])
        raise DimiosError(
            f"The audit found {len(findings)} figures that can be worked out; nothing was published.\n{listed}"
        )
    commit_ledger(outputs)
    for name, folder in new.items():
        swap_folder(folder, outputs / name)
    return ScoreSummary(
        len(names),
        sorted({p for periods in periods_of.values() for p in periods}),
        sum(part.rows_n for of_version in parts.values() for part in of_version),
        sum(part.published_n for of_version in parts.values() for part in of_version),
        version,
        tuple(release.waiting),
        tuple(peers.standing),
    )


def _read_demo_mark(outputs: Path, instrument: Instrument) -> dict[str, Any] | None:
    """Read what made-up data are labelled with, which has to be told in every language of the instrument; None of others."""
    path = demo_mark(outputs)
    if not path.exists():
        return None
    mark: dict[str, Any] = read_json(path)
    missing = [code for code in instrument.languages if not mark["label"].get(code, "").strip()]
    if missing:
        remedy = "add it to `label` there, and in parameters/demo/consortium.yaml where the data come from"
        raise InputError([Problem(str(path), f"there is no label in {code}", remedy) for code in missing])
    return mark


def _run(
    jobs: list[tuple], executor: Executor | None, progress: Callable[[int, int], None] | None
) -> list[dict[int, BatchSummary]]:
    tell = progress or (lambda done, total: None)
    tell(0, len(jobs))
    if executor is None:
        done = []
        for i, job in enumerate(jobs):
            done.append(score_batch(*job))
            tell(i + 1, len(jobs))
        return done
    futures = [executor.submit(score_batch, *job) for job in jobs]
    for i, _ in enumerate(as_completed(futures)):
        tell(i + 1, len(jobs))
    return [f.result() for f in futures]


def _hold_attributes(root: Path, people: pd.DataFrame) -> None:
    """Write into profiles the type, county and size that organisations are published under."""
    for row in people.itertuples():
        path = root / f"{PREFIX}{row.id}" / "organisation.json"
        if path.exists():
            profile = read_json(path)
            held = {"type": row.type, "county": row.county, "size": row.size}
            if profile != profile | held:
                write_json(profile | held, path)

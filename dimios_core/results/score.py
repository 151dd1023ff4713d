"""From stored responses to the two stores, in one go: `dimios score`.

Organisations are independent of each other until benchmarks, so batches of them are scored through any
`concurrent.futures.Executor`; then the wholes meet. Everything is written beside the old stores, audited,
and swapped in at the end: a failed run leaves what was published before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dimios_core import __version__
from dimios_core.errors import DimiosError, InputError, Problem
from dimios_core.instrument import Instrument
from dimios_core.locks import hold
from dimios_core.published.shaping import shape_table
from dimios_core.published.store import PREFIX, read_json
from dimios_core.published.writing import hash_store, write_json, write_published
from dimios_core.replacing import swap_folder
from dimios_core.responses.freezing import freeze
from dimios_core.responses.models import remember_model
from dimios_core.responses.store import ResponseStore
from dimios_core.results.audit.tables import audit_results
from dimios_core.results.consortium.before import Before
from dimios_core.results.consortium.benchmarks import PeerGroup, list_peer_groups
from dimios_core.results.consortium.frames import load_frames
from dimios_core.results.consortium.positions import publish_positions
from dimios_core.results.consortium.public import merge_gathered, write_consortium
from dimios_core.results.consortium.wholes import (
    Peers,
    Whole,
    count_participation,
    publish_benchmarks,
    publish_gaps,
    published_groups,
)
from dimios_core.results.evidence.initiatives import write_initiatives
from dimios_core.results.findings.publishing import write_findings
from dimios_core.results.score_batches import BatchSummary, demo_mark, score_batch
from dimios_core.results.scoring.columns import Columns
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
        The model that the responses were ingested with.
    executor : Executor, optional
        Runs batches of organisations elsewhere; default in this process.
    progress : callable, optional
        Called with (batches done, batches in all).

    Raises
    ------
    InputError
        There are no responses, they were asked with another model, the ledger is missing beside results, or another
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
    _check_instrument(store, periods_of, instrument)
    demo = _read_demo_mark(outputs, instrument)
    remember_model(outputs, instrument)
    columns = Columns(instrument)
    release = stage_release(outputs, store, periods_of, columns, METHOD_VERSION)
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
        (outputs, instrument, {o: periods_of[o] for o in batch}, i, METHOD_VERSION)
        for i, batch in enumerate(batches)
    ]
    done = _run(jobs, executor, progress)
    wholes = [w for summary in done for w in summary.wholes]

    people = register.organisations.set_index("id").loc[names].reset_index()
    people = people.assign(
        **{c: people[c].fillna("").astype(str) for c in ("name", "type", "county", "size", "sharing")}
    )
    own = wholes
    archive = Archive(release.store.outputs)
    standing = Standing(
        release.store.outputs, columns, METHOD_VERSION,
        lambda p, o: [name for _, name in archive.kin(p, o)], archive.is_answered_as,
    )  # fmt: skip
    peers = standing.release(wholes, people)
    wholes, people = peers.wholes, peers.people
    _hold_attributes(new["results"], people)
    groups = list_peer_groups(people)
    benchmarks, shown = _write_public(
        new["results"] / "public", wholes, groups, people, columns, peers.before
    )
    gathered = merge_gathered([summary.gathered for summary in done])
    panels = write_consortium(
        new["results"] / "public", wholes, gathered, groups, people, register.invited, benchmarks, shown,
        load_frames().not_below(people), columns, peers.before, executor,
    )  # fmt: skip
    standing.record(peers, collect_means(wholes, groups, people, published_groups(benchmarks), panels), shown)
    _write_gaps(new["results"], own, wholes, groups, people["id"].tolist(), columns)
    scored = people[people["id"].isin(names)]
    write_initiatives(
        new["results"], outputs, [w for w in wholes if w.organisation in set(names)], scored, shown, columns
    )
    write_findings(new["results"], Findings(release.store.outputs).published())
    version = hash_store(new["results"])
    write_json(
        {
            "results_version": version,
            "instrument": instrument.id,
            "instrument_version": instrument.version,
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
        sum(s.rows_n for s in done),
        sum(s.published_n for s in done),
        version,
        tuple(release.waiting),
        tuple(peers.standing),
    )


def _check_instrument(store: ResponseStore, periods_of: dict[str, list[str]], instrument: Instrument) -> None:
    others: dict[tuple[str, int], list[str]] = {}
    for organisation, periods in periods_of.items():
        for period in periods:
            used = store.provenance(period, organisation)
            if (used.instrument, used.instrument_version) != (instrument.id, instrument.version):
                key = (used.instrument, used.instrument_version)
                others.setdefault(key, []).append(f"{organisation} {period}")
    if others:
        raise InputError(
            [
                Problem(
                    f"responses of {', '.join(where[:3])}{' and others' if len(where) > 3 else ''}",
                    f"were ingested with the instrument {used!r}, not {instrument.id!r}"
                    if used != instrument.id
                    else f"were asked with version {version} of the model, and this is version {instrument.version}:"
                    " scores of the two do not mean the same",
                    f"score with --instrument {used}, or keep instruments in separate --outputs folders"
                    if used != instrument.id
                    else "score with the model file of that version, and keep versions in separate --outputs folders",
                )
                for (used, version), where in others.items()
            ]
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
) -> list[BatchSummary]:
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


def _write_public(
    folder: Path,
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    people: pd.DataFrame,
    columns: Columns,
    before: Mapping[str, Before],
) -> tuple[pd.DataFrame, dict[str, set[str]]]:
    names = people["id"].tolist()
    (folder / "instrument.json").write_text(columns.instrument.model_dump_json(indent=1), encoding="utf-8")
    listed = [
        {
            "id": g.id,
            "kind": g.kind,
            "type": g.type,
            "county": g.county,
            "size": g.size,
            "members_n": int(m.sum()),
        }
        for g, m in groups
    ]
    write_published("peer_groups", shape_table("peer_groups", listed), folder)
    benchmarks = publish_benchmarks(wholes, groups, names, columns, before)
    write_published("benchmarks", benchmarks, folder)
    published = published_groups(benchmarks)
    shown: dict[str, set[str]] = {}
    if columns.instrument.quadrants is not None:
        positions, shown = publish_positions(wholes, groups, people, published, columns, before)
        write_published("positions", positions, folder)
    write_published("participation", count_participation(wholes, groups, names, published, shown), folder)
    return benchmarks, shown


def _write_gaps(
    root: Path,
    own_wholes: list[Whole],
    wholes: list[Whole],
    groups: list[tuple[PeerGroup, np.ndarray]],
    names: list[str],
    columns: Columns,
) -> None:
    """Gaps of today's results, `own_wholes`, to the peers that benchmarks are published from, `wholes`."""
    published = published_groups(pd.read_parquet(root / "public" / "benchmarks.parquet"))
    peers = {p: Peers.of([w for w in wholes if w.period == p], names) for p in {w.period for w in own_wholes}}
    of_organisation: dict[str, list[Whole]] = {}
    for w in own_wholes:
        of_organisation.setdefault(w.organisation, []).append(w)
    for name, own in of_organisation.items():
        gaps = publish_gaps(own, groups, published, peers, names, columns)
        write_published("gaps", gaps, root / f"{PREFIX}{name}")

"""What the project does with stored answers, piece by piece: means alone, full estimates, the gate, the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from dimios_core.instrument import Instrument, load_instrument
from dimios_core.published.status import Status
from dimios_core.responses.register import Register
from dimios_core.responses.store import ResponseStore
from dimios_core.results.disclosure.pattern import Pattern
from dimios_core.results.estimate import decide_batch, estimate_batch
from dimios_core.results.gate import tabulate_estimates
from dimios_core.results.scoring.columns import Columns
from dimios_core.results.scoring.means import compute_group_means
from dimios_core.results.scoring.models import Models
from dimios_core.results.scoring.stored import load_stored
from tests.benchmarks.scoring_timing import CORES, timed

#: as `dimios score` has it
BATCH_ORGANISATIONS_N = 15
WORDS = pa.dictionary(pa.int32(), pa.string())


def run_means(outputs: Path, told: dict[str, float]) -> pa.Table:
    """The project's means alone."""
    instrument = load_instrument("dimios")
    with timed(told), ThreadPoolExecutor(CORES) as executor:
        return compute_group_means(ResponseStore(outputs), instrument, executor=executor)


def run_estimates(outputs: Path, told: dict[str, float]) -> pa.Table:
    """The project's full estimates: all levels with se, df and interval."""
    instrument = load_instrument("dimios")
    with started_processes() as executor, timed(told):
        parts = _map_organisations(executor, _estimate_some, outputs, instrument)
        return pa.concat_tables(parts).unify_dictionaries()


def run_gate(outputs: Path, told: dict[str, float]) -> None:
    """Deciding from counts and bounds what may be published, and nothing else; reading is left out."""
    with started_processes() as executor:
        parts = _map_organisations(executor, _decide_some, outputs, load_instrument("dimios"))
    told["seconds"] = sum(parts) / CORES


def run_audit(outputs: Path, told: dict[str, float]) -> None:
    """The audit of published results that `dimios score` left."""
    from dimios_core.results.audit.tables import audit_results  # processes that estimate do not need it

    with started_processes() as executor, timed(told):
        findings = audit_results(outputs / "results", executor)
    if findings:
        raise RuntimeError(f"the audit found {findings[:3]}")


@contextmanager
def started_processes() -> Iterator[Executor]:
    """Processes that have started and imported what they need, as the peers have when their time begins."""
    context = get_context("spawn")
    ready = context.Barrier(CORES + 1)
    with ProcessPoolExecutor(CORES, context, initializer=_arrive, initargs=(ready,)) as executor:
        for _ in range(CORES):  # each starts a process, as none of them is idle yet
            executor.submit(int)
        ready.wait()
        yield executor


def _arrive(ready: Barrier) -> None:
    ready.wait()


def _map_organisations(executor: Executor, work: Callable, outputs: Path, instrument: Instrument) -> list:
    """Run `work` in processes on batches of organisations, each with its part of the register."""
    store = ResponseStore(outputs)
    register = store.register()
    units = dict(iter(register.units.groupby("organisation", observed=True)))
    about = register.organisations.set_index("id", drop=False)
    periods_of: dict[str, list[str]] = {}
    for period in store.periods():
        for organisation in store.organisations(period):
            periods_of.setdefault(organisation, []).append(period)
    names = list(periods_of)
    jobs = []
    for first in range(0, len(names), BATCH_ORGANISATIONS_N):
        some = names[first : first + BATCH_ORGANISATIONS_N]
        own = Register(about.loc[some], pd.concat([units[o] for o in some]))
        jobs.append((outputs, instrument, own, {o: periods_of[o] for o in some}))
    return list(executor.map(work, *zip(*jobs, strict=True)))


def _estimate_some(
    outputs: Path, instrument: Instrument, register: Register, periods_of: dict[str, list[str]]
) -> pa.Table:

    columns = Columns(instrument)
    models = Models.of(instrument, {p for periods in periods_of.values() for p in periods})
    stored = load_stored(ResponseStore(outputs), register, periods_of, models, instrument.version)
    everything = np.full((sum(b.groups_n for b in stored.blocks), columns.columns_n), Status.PUBLISHED)
    batch = estimate_batch(stored.respondents, stored.blocks, columns, Pattern(everything, everything))
    table = pa.Table.from_pandas(
        tabulate_estimates(batch, stored.respondents, columns, {}), preserve_index=False
    )
    return table.cast(
        pa.schema([f.with_type(WORDS) if pa.types.is_dictionary(f.type) else f for f in table.schema])
    )


def _decide_some(
    outputs: Path, instrument: Instrument, register: Register, periods_of: dict[str, list[str]]
) -> float:
    columns = Columns(instrument)
    models = Models.of(instrument, {p for periods in periods_of.values() for p in periods})
    stored = load_stored(ResponseStore(outputs), register, periods_of, models, instrument.version)
    told: dict[str, float] = {}
    with timed(told):
        decide_batch(stored.respondents, stored.blocks, columns)
    return told["seconds"]


RUNS: dict[str, Callable[[Path, dict[str, float]], pa.Table | None]] = {
    "dimios means": run_means,
    "dimios estimates": run_estimates,
    "dimios gate": run_gate,
    "dimios audit": run_audit,
}

"""Measure scoring at scale, beside the fastest ways to compute the same group means from the same files.

    python -m tests.benchmarks.bench_scoring --millions 1 10 60

Everything is made in a temporary folder (about 1.3 MB a million answers) unless `--keep` names one, whose stores
are used again. Each contender runs in processes of its own, on two threads or processes. All means must agree
to 1e-9 percentage points, or the benchmark fails. Two sizes or more are written into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dimios_core.instrument import load_instrument
from dimios_core.responses.store import ResponseStore
from dimios_core.results.scoring.stored import list_trees
from tests.benchmarks.bench_line import AGREEMENT_PP, PAGE, PROJECT
from tests.benchmarks.bench_measure import measure
from tests.benchmarks.bench_page import describe_machine
from tests.benchmarks.bench_scoring_page import (
    PACKAGES,
    ScoringRun,
    ScoringSize,
    render_ratios,
    write_section,
)
from tests.benchmarks.generate_store import Store, make_store
from tests.benchmarks.scoring_runs import MEANS, OWN, PEERS
from tests.benchmarks.scoring_timing import TREE

RUN = [sys.executable, "-m", "tests.benchmarks.scoring_runs"]
#: how often each is measured, in turns; the fastest counts, as whatever else runs on the machine only slows
REPEATS_N = 3
#: disclosure control and audit take long and are measured up to this size
GATE_MILLIONS_MAX = 10.0
#: room for the number of a label: organisations, periods, units, roles and points share 64 bits
KEY_BITS = 12


def run_size(millions: float, folder: Path, seed: int, repeats_n: int) -> ScoringSize:
    """Make a store of so many million answers, check that all compute the same, and measure each."""
    _say(f"{millions:g} million answers")
    # in a process of its own: what is measured later would inherit this one's peak of memory
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        store = executor.submit(_make, folder, millions, seed).result()
        executor.submit(check_means, store.outputs, folder).result()
    contenders = [*PEERS, *MEANS]
    best: dict[str, ScoringRun] = {}
    for _ in range(repeats_n):
        for name in contenders:
            run = _measure(name, store.outputs, folder)
            best[name] = min(run, best.get(name, run), key=lambda r: r.seconds)
    if millions <= GATE_MILLIONS_MAX:
        _say("  scoring all of it with `dimios score`, for the audit")
        command = [
            sys.executable,
            "-m",
            "dimios_core",
            "score",
            "--outputs",
            str(store.outputs),
            "--workers",
            "2",
        ]
        measured = measure(command, PROJECT, folder / "log.txt")
        best["dimios score, all"] = ScoringRun(measured.seconds, measured)
        for name in (n for n in OWN if n not in MEANS):
            best[name] = _measure(name, store.outputs, folder)
    for name, run in best.items():
        _say(
            f"  {name:<18}{run.seconds:8.2f} s{run.whole.cpu_seconds:9.2f} cpu s{run.whole.peak_bytes / 1e6:8.0f} MB"
        )
    return ScoringSize(store.organisations_n, store.rows_n, store.answers_n, store.stored_bytes, best)


def _make(folder: Path, millions: float, seed: int) -> Store:
    told = folder / "store.json"
    if told.exists():
        return Store(folder / "outputs", **json.loads(told.read_text()))
    store = make_store(folder / "outputs", millions, seed)
    told.write_text(json.dumps({k: v for k, v in vars(store).items() if k != "outputs"}))
    register = ResponseStore(store.outputs).register()
    trees = list_trees(register, register.organisations["id"])
    rows = [
        (organisation, unit, group)
        for organisation, tree in trees.items()
        for unit in ["", *tree.parent]
        for group in tree.chain(tree.leaf_of(unit))
    ]
    columns = dict(zip(("organisation", "unit", "node"), map(list, zip(*rows, strict=True)), strict=True))
    pq.write_table(pa.table(columns), store.outputs / TREE)
    return store


def _measure(name: str, outputs: Path, folder: Path, result: Path | None = None) -> ScoringRun:
    told = folder / "told.json"
    command = [*RUN, name, str(outputs), str(told), *([str(result)] if result else [])]
    whole = measure(command, PROJECT, folder / "log.txt")
    return ScoringRun(json.loads(told.read_text())["seconds"], whole)


def check_means(outputs: Path, folder: Path) -> None:
    """Compare the means of all contenders, every group and point.

    Raises
    ------
    RuntimeError
        They differ, or not all have the same groups.
    """
    reference: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
    words: dict[str, dict[str, int]] = {}
    for name in (*PEERS, *MEANS):
        result = folder / "means.parquet"
        _measure(name, outputs, folder, result)
        found = _read_means(result, words)
        if reference is None:
            reference = found
            _say(f"  {len(found[0]):,} means")
        same = all(np.array_equal(a, b) for a, b in zip(found[:2], reference[:2], strict=True))
        if not same or not np.allclose(found[2], reference[2], rtol=0, atol=AGREEMENT_PP):
            raise RuntimeError(f"the means of {name} differ from those of {PEERS[0]}")
    _say("  all compute the same")


def _read_means(path: Path, words: dict[str, dict[str, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys in order as whole numbers, how many answered, and the mean in percent; `words` grows with new labels."""
    table = pq.read_table(path)
    if "level" in table.column_names:  # of all that is estimated, what the others compute
        point = pc.equal(table["level"].cast(pa.string()), "point")
        table = table.filter(pc.and_(point, pc.greater(table["n"], 0)))
        table = table.rename_columns({"key": "point", "score": "mean"})
    ours = "point" in table.column_names
    point_of_item = load_instrument("dimios").point_of_item
    key = np.zeros(len(table), np.int64)
    for name in ("organisation", "period", "unit", "role", "point"):
        column = table[name if ours or name != "point" else "item"].combine_chunks()
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        labels = encoded.dictionary.to_pylist()
        if name == "point" and not ours:
            labels = [point_of_item[item] for item in labels]
        known = words.setdefault(name, {})
        codes = np.array([known.setdefault(label, len(known)) for label in labels])
        key = (key << KEY_BITS) + codes[encoded.indices.to_numpy()]
    order = np.argsort(key)
    mean = table["mean"].to_numpy()[order]
    # the peers' means are of answers 1-5
    return key[order], table["n"].to_numpy()[order], mean if ours else 100 * (mean - 1) / 4


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    """Read the arguments, run every size, and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 10, 60], help="million answers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=REPEATS_N, help="the fastest of so many counts")
    parser.add_argument(
        "--keep", type=Path, help="folder that the made-up stores stay in, and are found again"
    )
    parser.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="written on the page")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    # one thread a process for matrices, as `dimios score` does it; and two for everybody
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", POLARS_MAX_THREADS="2")
    load = os.getloadavg()[0]
    sizes = []
    for millions in sorted(arguments.millions):
        with tempfile.TemporaryDirectory(prefix="dimios-bench-") as temporary:
            folder = arguments.keep / f"{millions:g}" if arguments.keep else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            sizes.append(run_size(millions, folder, arguments.seed, arguments.repeats))
    _say("\n" + render_ratios(sizes))
    if len(sizes) > 1:
        machine = describe_machine(load, PACKAGES)
        write_section(arguments.page, sizes, machine, arguments.date, arguments.repeats)
        _say(f"\nWritten to {arguments.page}")


if __name__ == "__main__":
    main()

"""Measure the workbench on many answers, beside pandas that loads them all.

    python -m tests.benchmarks.bench_research --millions 1 10 60

A response store of four periods is made in a temporary folder (about 1.3 MB a million answers) unless `--keep` names one, which is
used again. Everything runs in a process of its own (`research_runs`). Means and alpha have to agree with pandas' to 1e-9, and
the mean change with statsmodels', or the benchmark fails. What was measured is written into docs/performance.md.
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
import pandas as pd

from dimios_core import Project
from tests.benchmarks.bench_line import PAGE, PROJECT
from tests.benchmarks.bench_measure import Measurement, measure
from tests.benchmarks.bench_page import describe_machine, replace_between
from tests.benchmarks.generate_store import Store, make_store
from tests.benchmarks.research_runs import PEER_OF, RUNS

MARKERS = ("<!-- bench-research:begin -->", "<!-- bench-research:end -->")
PACKAGES = ("dimios", "numpy", "pandas", "pyarrow", "scipy", "statsmodels")
RUN = [sys.executable, "-m", "tests.benchmarks.research_runs"]
PERIODS = ("2023", "2024", "2025", "2026")
AGREEMENT = 1e-9
#: two-stage estimation goes through the answers some forty times, and is measured up to this size unless --all
PASSES_MILLIONS_MAX = 10.0
#: of organisations, how many began something for a point
BEGAN_SHARE = 0.3


def make_answers(folder: Path, millions: float, seed: int) -> Store:
    """Make a store, with initiatives for one point; where there is one, it is used again."""
    told = folder / "store.json"
    if told.exists():
        return Store(folder / "outputs", **json.loads(told.read_text()))
    store = make_store(folder / "outputs", millions, seed, PERIODS)
    rng = np.random.default_rng(seed)
    project = Project(store.outputs, progress=None)
    began = rng.choice(
        store.organisations_n, max(3, round(BEGAN_SHARE * store.organisations_n)), replace=False
    )
    rows = pd.DataFrame(
        {
            "id": [f"i{k}" for k in range(len(began))], "organisation": [f"org-{k:05d}" for k in began],
            "mätpunkt": "project_management", "rubrik": "Made up", "vad": "Made up", "effekt": "None",
            "start": rng.choice(["2024-02", "2025-02"], len(began)), "kontakt": "", "samtycke": "nej", "slag": "governance",
        }
    )  # fmt: skip
    path = folder / "initiatives.csv"
    rows.to_csv(path, sep=";", index=False)
    project.initiatives.add(path)
    told.write_text(json.dumps({k: v for k, v in vars(store).items() if k != "outputs"}))
    return store


def run_size(
    folder: Path, millions: float, seed: int, names: list[str]
) -> tuple[Store, dict[str, Measurement]]:
    """Make a store, and measure each piece of work and its peer; they have to agree."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        store = executor.submit(make_answers, folder, millions, seed).result()
    found, told = {}, {}
    for name in names:
        result = folder / "told.json"
        found[name] = measure([*RUN, name, str(store.outputs), str(result)], PROJECT, folder / "log.txt")
        told[name] = json.loads(result.read_text())
        m = found[name]
        print(
            f"  {name:<40}{m.seconds:8.1f} s{m.cpu_seconds:9.1f} cpu s{m.peak_bytes / 1e6:8.0f} MB",
            flush=True,
        )
        peer = told.get(PEER_OF.get(name, ""))
        if peer is not None and not np.allclose(told[name], peer, rtol=AGREEMENT, atol=AGREEMENT):
            raise RuntimeError(f"{name} differs from {PEER_OF[name]}")
    return store, found


def render(sizes: list[tuple[Store, dict[str, Measurement]]]) -> str:
    """Return the table: a row a size and piece of work."""
    lines = [
        "| million answers | what | processor seconds | of the peer's | peak memory, MB | of the peer's | seconds |",
        "|--:|---|--:|--:|--:|--:|--:|",
    ]
    for store, found in sizes:
        for name, m in found.items():
            peer = found.get(PEER_OF.get(name, ""))
            ratios = ("–", "–")
            if peer is not None:
                ratios = (
                    f"{m.cpu_seconds / peer.cpu_seconds:.2f} ×",
                    f"{m.peak_bytes / peer.peak_bytes:.2f} ×",
                )
            lines.append(
                f"| {store.answers_n / 1e6:.2f} | {name} | {m.cpu_seconds:.1f} | {ratios[0]} | {m.peak_bytes / 1e6:.0f}"
                f" | {ratios[1]} | {m.seconds:.1f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, run every size, and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 10, 60], help="million answers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, help="folder that the made-up stores stay in, and are found again"
    )
    parser.add_argument("--all", action="store_true", help="two-stage estimation at every size")
    parser.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="written on the page")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    load = os.getloadavg()[0]
    sizes = []
    for millions in sorted(arguments.millions):
        print(f"{millions:g} million answers", flush=True)
        long = (
            []
            if arguments.all or millions <= PASSES_MILLIONS_MAX
            else ["six factors, two-stage, two processes"]
        )
        with tempfile.TemporaryDirectory(prefix="dimios-bench-") as temporary:
            folder = arguments.keep / f"{millions:g}" if arguments.keep else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            sizes.append(run_size(folder, millions, arguments.seed, [n for n in RUNS if n not in long]))
    table = render(sizes)
    print("\n" + table)
    told = "; ".join(
        f"{s.answers_n / 1e6:.2f} million answers = {s.organisations_n:,} organisations × {len(PERIODS)} periods, {s.rows_n:,} rows"
        for s, _ in sizes
    )
    measured = f"Measured {arguments.date}. {describe_machine(load, PACKAGES)}"
    replace_between(arguments.page, MARKERS, measured, f"Sizes: {told}.", table)


if __name__ == "__main__":
    main()

"""Measure the real command line from raw export to audited results, with a plain pandas script beside it.

    python -m tests.benchmarks.bench_line --millions 1 10

Everything happens in a temporary folder. Two sizes or more are written into docs/performance.md; one alone
is only shown. The organisations' means are compared with the script's, so that no speed is bought with wrong
figures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from dimios_core.instrument import load_instrument
from dimios_core.responses import load_mapping
from tests.benchmarks.bench_measure import Measurement, measure
from tests.benchmarks.bench_page import SizeResult, describe_machine, render_table, write_page
from tests.benchmarks.generate import MAPPING, Survey, make_survey

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "performance.md"
DIMIOS = [sys.executable, "-m", "dimios_core"]
AGREEMENT_PP = 1e-9


def run_size(millions: float, folder: Path, seed: int) -> SizeResult:
    """Make an export of so many million answers and measure every step on it."""
    _say(f"{millions:g} million answers: writing the export")
    survey = make_survey(folder / "raw", millions, seed)
    outputs = ["--outputs", str(folder / "outputs")]
    who = [
        w for name in ("organisations", "units", "invited") for w in (f"--{name}", str(getattr(survey, name)))
    ]
    mapping = ["--mapping", survey.mapping, "--key-file", str(folder / "key")]
    steps = {
        "register": [*DIMIOS, "register", *who, *outputs],
        "ingest": [*DIMIOS, "ingest", str(survey.export), *mapping, *outputs],
        "score": [*DIMIOS, "score", *outputs],
        "plain pandas": [
            sys.executable, "-m", "tests.benchmarks.bench_peer", str(survey.export), str(folder / "means.parquet"),
        ],
    }  # fmt: skip
    measured: dict[str, Measurement] = {}
    for name, command in steps.items():
        measured[name] = done = measure(command, PROJECT, folder / "log.txt")
        _say(f"  {name:<13}{done.seconds:8.1f} s{done.peak_bytes / 1e6:9.0f} MB")
    check_means(folder / "outputs", folder / "means.parquet", survey)
    return SizeResult(
        millions, survey.organisations_n, survey.periods_n, survey.rows_n, survey.answers_n,
        survey.export.stat().st_size, measured,
    )  # fmt: skip


def check_means(outputs: Path, means: Path, survey: Survey) -> None:
    """Compare the scores of all organisations' points with the plain script's means.

    Raises
    ------
    RuntimeError
        They differ, or not all of them are there.
    """
    instrument, mapping = load_instrument("dimios"), load_mapping(MAPPING)
    names = pd.read_csv(survey.organisations, sep=";").set_index("namn")["id"]
    theirs = pd.read_parquet(means)
    theirs["organisation"] = theirs["organisation"].map(names)
    theirs["period"] = theirs["period"].map(mapping.columns.period.values)
    theirs["key"] = theirs["item"].map(instrument.point_of_item)
    whole = [("unit", "==", "*"), ("role", "==", "*"), ("level", "==", "point")]
    columns = ["organisation", "period", "key", "score"]
    ours = pd.read_parquet(outputs / "estimates" / "estimates.parquet", columns=columns, filters=whole)
    keys = ["organisation", "period", "key"]
    both = ours.astype(dict.fromkeys(keys, str)).merge(
        theirs.astype(dict.fromkeys(keys, str)), on=keys, how="outer"
    )
    differs = ~np.isclose(both["score"], 100 * (both["answer"] - 1) / 4, rtol=0, atol=AGREEMENT_PP)
    expected_n = survey.organisations_n * survey.periods_n * len(instrument.points)
    if differs.any() or len(both) != expected_n:
        raise RuntimeError(
            f"{differs.sum()} of {expected_n} means differ from the plain script's ({len(both)} compared)"
        )
    _say(f"  {expected_n:,} means are the same as the plain script's")


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    """Read the arguments, run every size, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--millions", type=float, nargs="+", default=[1, 10], help="million answers, one or more sizes"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="written on the page")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    results = []
    for millions in sorted(arguments.millions):
        with tempfile.TemporaryDirectory(prefix="dimios-bench-") as folder:
            results.append(run_size(millions, Path(folder), arguments.seed))
    _say("\n" + render_table(results))
    if len(results) > 1:
        write_page(arguments.page, results, describe_machine(load), arguments.date)
        _say(f"\nWritten to {arguments.page}")


if __name__ == "__main__":
    main()

"""Measure `dimios ingest` on workbooks, SPSS and text files, beside the libraries that read them.

    python -m tests.benchmarks.bench_files

The same made-up answers in four formats, in a temporary folder: a workbook of 100,000 rows, an SPSS file of a million, and a
text file of each. The means of all questions that are stored have to agree with the peers', or the benchmark fails. What was measured is written
into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from dimios_core.instrument import load_instrument
from tests.benchmarks.bench_line import DIMIOS, PAGE, PROJECT
from tests.benchmarks.bench_measure import Measurement, measure
from tests.benchmarks.bench_page import describe_machine, replace_between
from tests.benchmarks.file_runs import FIELDS

MARKERS = ("<!-- bench-files:begin -->", "<!-- bench-files:end -->")
PACKAGES = ("dimios", "pandas", "pyarrow", "python-calamine", "openpyxl", "pyreadstat")
RUN = [sys.executable, "-m", "tests.benchmarks.file_runs"]
ORGANISATIONS_N = 100
AGREEMENT = 1e-6
OWN = "dimios ingest"


@dataclass(frozen=True)
class Format:
    """A format, how large it is measured, and who else reads it."""

    name: str
    ending: str
    rows_n: int
    questions_n: int
    peers: tuple[str, ...]


FORMATS = (
    Format("XLSX", ".xlsx", 100_000, 26, ("pandas, calamine", "pandas, openpyxl")),
    Format("CSV", ".csv", 100_000, 26, ("pandas",)),
    Format("SPSS .sav", ".sav", 1_000_000, 10, ("pyreadstat",)),
    Format("CSV", ".csv", 1_000_000, 10, ("pandas",)),
)


def make_frame(rows_n: int, questions: list[str], seed: int) -> pd.DataFrame:
    """Make answers 1-5, a tenth of them missing, of people in a hundred organisations."""
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, (rows_n, len(questions))).astype(float)
    answers[rng.random(answers.shape) < 0.1] = np.nan
    frame = pd.DataFrame(answers, columns=questions)
    frame.insert(0, FIELDS[2], "2026")
    frame.insert(0, FIELDS[1], [f"org-{n:03}" for n in rng.integers(0, ORGANISATIONS_N, rows_n)])
    frame.insert(0, FIELDS[0], [f"p{n:07}x" for n in rng.permutation(rows_n)])
    return frame


def write_xlsx(frame: pd.DataFrame, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "nan_inf_to_errors": False}) as book:
        sheet = book.add_worksheet("Svar")
        sheet.write_row(0, 0, frame.columns)
        for at, row in enumerate(frame.itertuples(index=False), start=1):
            for column, value in enumerate(row):
                if value == value:  # not missing
                    sheet.write(at, column, value)


def write_sav(frame: pd.DataFrame, path: Path) -> None:
    import pyreadstat

    names = dict(zip(FIELDS, ("ID", "Kommun", "Matning"), strict=True))
    pyreadstat.write_sav(frame.rename(columns=names), str(path))


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, sep=";", index=False)


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".xlsx": write_xlsx,
    ".sav": write_sav,
    ".csv": write_csv,
}


def make_file(one: Format, file: Path, questions: list[str], seed: int) -> None:
    """Make a file of answers."""
    WRITERS[one.ending](make_frame(one.rows_n, questions, seed), file)


def run_format(
    one: Format, folder: Path, questions: list[str], seed: int
) -> tuple[int, dict[str, Measurement]]:
    """Write a file, ingest it, and let the others read it; the means have to agree. Returns its bytes, too."""
    file = folder / f"answers{one.ending}"
    # elsewhere: a command's peak of memory counts what its parent holds when it is started
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        executor.submit(make_file, one, file, questions, seed).result()
    organisations = folder / "organisations.csv"
    lines = [f"org-{n:03};Organisation {n:03};kommun;anonym" for n in range(ORGANISATIONS_N)]
    organisations.write_text("\n".join(["id;namn;typ;delning", *lines]) + "\n", encoding="utf-8")
    mapping = folder / "map.yaml"
    period = "Matning" if one.ending == ".sav" else FIELDS[2]
    items = "".join(f"  {name}: {name}\n" for name in questions)
    mapping.write_text(
        f"id: bench\nlayout: wide\ncolumns:\n  organisation: {{column: Kommun}}\n  period: {{column: {period}}}\n"
        f"  respondent: {{column: ID}}\nitems:\n{items}",
        encoding="utf-8",
    )
    outputs = ["--outputs", str(folder / "outputs")]
    log = folder / "log.txt"
    measure([*DIMIOS, "register", "--organisations", str(organisations), *outputs], PROJECT, log)
    ingest = [*DIMIOS, "ingest", str(file), "--mapping", str(mapping), "--key-file", str(folder / "key")]
    found = {OWN: measure([*ingest, *outputs], PROJECT, log)}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        means = executor.submit(stored_means, folder / "outputs", questions).result()
    for peer in one.peers:
        told = folder / "told.json"
        found[peer] = measure([*RUN, peer, str(file), str(told)], PROJECT, log)
        if not np.allclose(means, json.loads(told.read_text()), rtol=AGREEMENT):
            raise RuntimeError(f"{peer} reads other answers from {one.name} than those that are stored")
    for name, m in found.items():
        _say(f"  {name:<20}{m.seconds:8.1f} s{m.cpu_seconds:9.1f} cpu s{m.peak_bytes / 1e6:8.0f} MB")
    return file.stat().st_size, found


def stored_means(outputs: Path, questions: list[str]) -> list[float]:
    """Return the mean of every question over all that is stored."""
    parts = [
        pq.read_table(path, columns=["item", "answer"], partitioning=None).to_pandas()
        for path in sorted((outputs / "responses").glob("period=*/*.parquet"))
    ]
    means = pd.concat([p.astype({"item": str}) for p in parts]).groupby("item")["answer"].mean()
    return [float(means[name]) for name in questions]


def render(results: list[tuple[Format, int, dict[str, Measurement]]]) -> str:
    """Return the table: a row a format and reader; ratios are to the first of the others."""
    lines = [
        "| format | rows | answers, million | file, MB | reader | processor seconds | of the reader's beside it | peak memory, MB | of the reader's beside it | seconds |",
        "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|",
    ]
    for one, size, found in results:
        peer = found[one.peers[0]]
        for name, m in found.items():
            ratios = ("–", "–")
            if name == OWN:
                ratios = (
                    f"{m.cpu_seconds / peer.cpu_seconds:.2f} ×",
                    f"{m.peak_bytes / peer.peak_bytes:.2f} ×",
                )
            lines.append(
                f"| {one.name} | {one.rows_n:,} | {one.rows_n * one.questions_n / 1e6:.1f} | {size / 1e6:.0f} | {name}"
                f" | {m.cpu_seconds:.1f} | {ratios[0]} | {m.peak_bytes / 1e6:.0f} | {ratios[1]} | {m.seconds:.1f} |"
            )
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    """Read the arguments, measure every format, and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the rows; less than all is only shown")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="written on the page")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    load = os.getloadavg()[0]
    items = sorted(load_instrument("dimios").items)
    results = []
    for one in FORMATS:
        part = replace(one, rows_n=round(one.rows_n * arguments.share))
        _say(f"{part.name}, {part.rows_n:,} rows")
        with tempfile.TemporaryDirectory(prefix="dimios-bench-") as folder:
            made = run_format(part, Path(folder), items[: part.questions_n], arguments.seed)
            results.append((part, *made))
    table = render(results)
    _say("\n" + table)
    if arguments.share >= 1:
        measured = f"Measured {arguments.date}. {describe_machine(load, PACKAGES)}"
        replace_between(arguments.page, MARKERS, measured, table)


if __name__ == "__main__":
    main()

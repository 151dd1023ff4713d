"""Measure what files to take along cost beside the reports they are made of, on the made-up consortium.

    python -m tests.benchmarks.bench_exports [--outputs FOLDER] [--copies N]

A batch of notebooks and pages, and the same batch with all formats, by turns; then each format alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.benchmarks.bench_copies import multiply
from tests.benchmarks.bench_page import describe_machine, replace_between

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "performance.md"
MARKERS = ("<!-- bench-exports:begin -->", "<!-- bench-exports:end -->")
PACKAGES = ("dimios", "typst", "python-pptx", "XlsxWriter", "papermill")
FORMATS = ("html", "pdf", "pptx", "xlsx")
AIM = 3.0


def run(*command: str, outputs: Path) -> float:
    """Run a command of the project to its end and return the seconds, Python's start included."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "dimios_core", *command, "--outputs", str(outputs)],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - begun


def measure(outputs: Path, repeats: int) -> tuple[list[float], list[float], dict[str, float]]:
    """Return seconds of plain batches, of batches with all formats, and of each format alone."""
    plain, whole = [], []
    for _ in range(repeats):
        plain.append(run("report", "--force", outputs=outputs))
        whole.append(run("report", "--force", "--to", ",".join(FORMATS), outputs=outputs))
    return plain, whole, {name: run("export", "--to", name, outputs=outputs) for name in FORMATS}


def render(
    plain: list[float], whole: list[float], alone: dict[str, float], reports_n: int, bytes_n: int
) -> str:
    """Return the section: the ratio against its aim, then the numbers."""
    ratio = median(whole) / median(plain)
    rows = [("notebooks and pages", median(plain)), ("the same with all formats", median(whole))]
    rows += [(f"{name} alone", seconds) for name, seconds in alone.items()]
    return "\n".join(
        [
            f"A batch with all formats takes {ratio:.2f} times a batch of notebooks and pages (aim: {AIM:.0f} at most).",
            "",
            f"| {reports_n} organisations | seconds | a report |",
            "|---|--:|--:|",
            *(f"| {name} | {seconds:.1f} | {1000 * seconds / reports_n:.0f} ms |" for name, seconds in rows),
            "",
            f"Files to take along: {bytes_n / 1e6:,.0f} MB. Seconds are medians of {len(plain)}, Python's start included;"
            " formats alone were run once.",
        ]
    )


def main() -> None:
    """Measure everything and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--outputs", type=Path, help="finished outputs of the demo; made when not given")
    parser.add_argument("--copies", type=int, default=1, help="of each organisation")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-exports-") as folder:
        outputs = Path(folder) / "outputs"
        if given.outputs is None:
            run("demo", "--no-reports", outputs=outputs)
        else:
            shutil.copytree(given.outputs / "results", outputs / "results")
        multiply(outputs / "results", given.copies)
        plain, whole, alone = measure(outputs, given.repeats)
        reports_n = len(list((outputs / "results").glob("organisation=*")))
        bytes_n = sum(path.stat().st_size for path in (outputs / "exports").rglob("*") if path.is_file())
    machine = describe_machine(load, PACKAGES)
    told = render(plain, whole, alone, reports_n, bytes_n)
    replace_between(PAGE, MARKERS, f"Measured {datetime.now(UTC):%Y-%m-%d}. {machine}", told)
    print(told)


if __name__ == "__main__":
    main()

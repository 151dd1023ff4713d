"""Measure how fast notebooks are run, side by side with others, on the made-up consortium.

    python -m tests.benchmarks.bench_notebooks [--outputs FOLDER]

Every way runs the same notebooks on the same results, in a process of its own, byte code on, start included. The
slow ones run a part of the notebooks, which is said; rates are per notebook. `dimios report` does more than the
others: it checks each report, makes its page and puts it in place. It is measured over more organisations, too: copies
of the made-up ones.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.bench_copies import multiply
from tests.benchmarks.bench_measure import Measurement, measure
from tests.benchmarks.bench_page import describe_machine, replace_between, write_whole

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "performance.md"
PICTURE = "performance-notebooks.svg"
MARKERS = ("<!-- bench-notebooks:begin -->", "<!-- bench-notebooks:end -->")
PACKAGES = ("dimios", "papermill", "nbclient", "ipykernel", "ipython", "pandas", "pyarrow", "plotly")
DIMIOS = [sys.executable, "-m", "dimios_core"]
REPORT = "dimios-report"
YARDSTICK, FLOOR = "papermill-command", "floor"
#: in the order of the table: what each is called, and how many of the notebooks it runs at most
WAYS = {
    "papermill-command": ("`papermill`, one command after the other", 30),
    "nbclient": ("nbclient, a kernel each", 40),
    "papermill-pool": ("`papermill.execute_notebook`, two processes", 60),
    "ploomber": ("ploomber-engine, one process for all", 300),
    "dimios-1": ("dimios engine, 1 worker", 300),
    "dimios-2": ("dimios engine, 2 workers", 300),
    REPORT: ("`dimios report`, 2 workers: with checks, pages and index", 300),
    "dimios-report-540": ("the same, 540 organisations", 300),
    "dimios-report-2040": ("the same, 2,040 organisations", 300),
    "floor": ("the floor: plain calls in a warm process, no notebook", 300),
}
#: how often each organisation is there in batches of `dimios report`
COPIES = {REPORT: 1, "dimios-report-540": 9, "dimios-report-2040": 34}
AIMS = (
    "Aimed at: `dimios report` 100 times the loop over 300 notebooks, and 150 times over the larger batches;"
    " the floor 160 times; no more than 600 MB."
)


@dataclass(frozen=True)
class WayResult:
    """How one way did; `bytes_n` is the size of what it wrote."""

    name: str
    notebooks_n: int
    measured: Measurement
    bytes_n: int

    @property
    def per_second(self) -> float:
        """Notebooks a second on the clock."""
        return self.notebooks_n / self.measured.seconds

    @property
    def per_cpu_second(self) -> float:
        """Notebooks a processor second."""
        return self.notebooks_n / self.measured.cpu_seconds


def list_jobs(outputs: Path) -> list[tuple[str, dict[str, str]]]:
    """Return the notebooks of the organisations' suite with their parameters, mixed as a batch has them."""
    from dimios_core.runner.jobs import plan_jobs, published_organisations
    from dimios_core.suites import load_suite

    results = outputs / "results"
    jobs = plan_jobs(published_organisations(results), load_suite("organisation").paths)
    return [(str(j.notebook), j.parameters.to_inject() | {"results": str(results)}) for j in jobs]


def run_way(name: str, jobs: list[tuple[str, dict[str, str]]], outputs: Path, folder: Path) -> WayResult:
    """Run some of the jobs in one way and measure it."""
    chosen = jobs[: WAYS[name][1]]
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(chosen), encoding="utf-8")
    out = folder / name
    if name in COPIES:
        place = out / "outputs"
        shutil.copytree(outputs / "results", place / "results")
        multiply(place / "results", COPIES[name])
        command = [*DIMIOS, "report", "--outputs", str(place), "--workers", "2"]
    else:
        command = [sys.executable, "-m", "tests.benchmarks.notebook_runs", name, str(listed), str(out)]
    try:
        measured = measure(command, PROJECT, folder / "log.txt")
    except RuntimeError:
        if "dimios" in name:  # ours may not fail
            raise
        print(f"{name:<20}failed, and begins again", flush=True)  # two kernels may want the same port
        shutil.rmtree(out, ignore_errors=True)
        measured = measure(command, PROJECT, folder / "log.txt")
    made = [p for p in out.rglob("*") if p.suffix in (".ipynb", ".html") and p.is_file()]
    notebooks_n, expected_n = sum(p.suffix == ".ipynb" for p in made), len(chosen) * COPIES.get(name, 1)
    if notebooks_n != expected_n:
        raise RuntimeError(f"{name} made {notebooks_n} notebooks of {expected_n}")
    bytes_n = sum(p.stat().st_size for p in made)
    shutil.rmtree(out)
    return WayResult(name, notebooks_n, measured, bytes_n)


def render_table(results: list[WayResult]) -> str:
    """Return the Markdown table, ratios first."""
    by_name = {r.name: r for r in results}
    yardstick, floor = by_name[YARDSTICK], by_name[FLOOR]
    lines = [
        "| way | times the command loop's notebooks a second | times the floor's processor time a notebook"
        " | notebooks a second | notebooks a processor second | peak memory, MB | KB a notebook | notebooks run |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {WAYS[r.name][0]} | {r.per_second / yardstick.per_second:.1f} × | {floor.per_cpu_second / r.per_cpu_second:.1f} ×"
        f" | {r.per_second:.2f} | {r.per_cpu_second:.2f} | {r.measured.peak_bytes / 1e6:.0f}"
        f" | {r.bytes_n / r.notebooks_n / 1e3:.0f} | {r.notebooks_n} |"
        for r in results
    ]
    return "\n".join(lines)


def draw_picture(results: list[WayResult]) -> str:
    """Return an SVG: a bar a way, notebooks a second, with the figure behind it."""
    row, left, wide = 34, 330, 470
    most = max(r.per_second for r in results)
    parts = []
    for i, r in enumerate(results):
        y, length = 44 + i * row, max(1.0, r.per_second / most * wide)
        colour = "#1f5a96" if r.name.startswith("dimios") else "#8a8f98"
        words = WAYS[r.name][0].replace("`", "")
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{words}</text>')
        parts.append(
            f'<rect x="{left}" y="{y}" width="{length:.1f}" height="20" fill="{colour}"/>'
            f'<text x="{left + length + 6:.1f}" y="{y + 15}">{r.per_second:.2f}</text>'
        )
    height = 54 + len(results) * row
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 {height}" width="880" role="img"'
        ' aria-labelledby="t" font-family="sans-serif" font-size="12" fill="#222">'
        '<title id="t">Notebooks a second, by the way they are run</title><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="{left}" y="24" font-weight="bold">Notebooks a second</text>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    """Make the results unless they are given, run every way, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--outputs", type=Path, help="an outputs folder with the demo's results")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--date", default=f"{datetime.now(UTC):%Y-%m-%d}", help="written on the page")
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.pop("DIMIOS_RESULTS", None)
    load = os.getloadavg()[0]
    left_out = []
    with tempfile.TemporaryDirectory(prefix="dimios-bench-") as temporary:
        folder = Path(temporary)
        outputs = arguments.outputs
        if outputs is None:
            outputs = folder / "outputs"
            print("the demo's results", flush=True)
            measure([*DIMIOS, "demo", "--outputs", str(outputs), "--no-reports"], PROJECT, folder / "log.txt")
        jobs = list_jobs(outputs.resolve())
        results = []
        for name in arguments.ways:
            if name == "ploomber" and importlib.util.find_spec("ploomber_engine") is None:
                left_out.append("ploomber-engine is not installed here and is left out.")
                continue
            results.append(run_way(name, jobs, outputs.resolve(), folder))
            print(f"{name:<20}{results[-1].per_second:8.2f} notebooks a second", flush=True)
    if {YARDSTICK, FLOOR} <= {r.name for r in results}:
        table = render_table(results)
        print(f"\n{table}")
        if arguments.ways == list(WAYS):
            about = " ".join([f"Measured {arguments.date}. {describe_machine(load, PACKAGES)}", *left_out])
            picture = f"![Notebooks a second by way; the figures are those of the table]({PICTURE})"
            replace_between(PAGE, MARKERS, about, table, AIMS, picture)
            write_whole(PAGE.with_name(PICTURE), draw_picture(results))


if __name__ == "__main__":
    main()

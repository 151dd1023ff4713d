"""Write what was measured of scoring into docs/performance.md: ratios, then a table and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.bench_measure import Measurement
from tests.benchmarks.bench_page import draw_panels, replace_between, write_whole
from tests.benchmarks.scoring_runs import MEANS, PEERS
from tests.benchmarks.scoring_timing import CORES

MARKERS = ("<!-- bench-scoring:begin -->", "<!-- bench-scoring:end -->")
PICTURE = "performance-scoring.svg"
PACKAGES = ("dimios", "numpy", "pandas", "pyarrow", "scipy", "duckdb", "polars")
#: how many times the fastest peer's seconds each may take
LIMITS = dict(zip(MEANS, (1.5, 6.0), strict=True))
#: colours that keep 4.5:1 on white, and dashes of its own for each, so that none hangs on colour alone
LOOKS = {
    "dimios means": ("#1f5a96", "none"),
    "dimios estimates": ("#8a5a00", "7 3"),
    "DuckDB": ("#595959", "2 3"),
    "polars": ("#7a3b86", "5 2 1 2"),
    "numpy bincount": ("#2e6b3a", "1 2"),
}


@dataclass(frozen=True)
class ScoringRun:
    """`seconds` of the work itself; `whole` is the process with start-up, imports, and all its children."""

    seconds: float
    whole: Measurement


@dataclass(frozen=True)
class ScoringSize:
    """What was measured at one size; `runs` is by name."""

    organisations_n: int
    rows_n: int
    answers_n: int
    stored_bytes: int
    runs: dict[str, ScoringRun]

    @property
    def fastest(self) -> str:
        """The peer that took the fewest seconds."""
        return min(PEERS, key=lambda name: self.runs[name].seconds)

    def ratio(self, name: str) -> float:
        """Seconds in terms of the fastest peer's."""
        return self.runs[name].seconds / self.runs[self.fastest].seconds


def render_ratios(sizes: Sequence[ScoringSize]) -> str:
    """Return the ratios that matter, a row a size."""
    lines = [
        "| million answers | fastest peer | its seconds | group means alone | full estimates | largest memory, MB |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    for size in sizes:
        ratios = " | ".join(f"{size.ratio(name):.2f} ×" for name in MEANS)
        memory = max(size.runs[name].whole.peak_bytes for name in MEANS) / 1e6
        lines.append(
            f"| {size.answers_n / 1e6:.2f} | {size.fastest} | {size.runs[size.fastest].seconds:.2f} | {ratios}"
            f" | {memory:.0f} |"
        )
    limits = " and ".join(f"{LIMITS[name]:g} ×" for name in MEANS)
    return "\n".join(lines) + f"\n\nAimed at, at the largest size: {limits}, below 2,000 MB."


def render_seconds(sizes: Sequence[ScoringSize]) -> str:
    """Return the table of everything measured, a row a size and contender."""
    lines = [
        "| million answers | what | seconds | processor seconds | with start-up, seconds | peak memory, MB | of the fastest peer's seconds |",
        "|--:|---|--:|--:|--:|--:|--:|",
    ]
    for size in sizes:
        for name, run in size.runs.items():
            lines.append(
                f"| {size.answers_n / 1e6:.2f} | {name} | {run.seconds:.2f} | {run.whole.cpu_seconds:.2f}"
                f" | {run.whole.seconds:.2f} | {run.whole.peak_bytes / 1e6:.0f} | {size.ratio(name):.2f} × |"
            )
    return "\n".join(lines)


def render_growth(sizes: Sequence[ScoringSize]) -> str:
    """Return a sentence on the cost of a further million answers, from size to size."""
    told = []
    for name in MEANS:
        steps = [
            (b.runs[name].seconds - a.runs[name].seconds) / (b.answers_n - a.answers_n) * 1e6
            for a, b in pairwise(sizes)
        ]
        told.append(f"{name} {', then '.join(f'{s:.3f}' for s in steps)}")
    return f"Seconds that a further million answers cost, from size to size: {'; '.join(told)}."


def write_section(page: Path, sizes: Sequence[ScoringSize], machine: str, date: str, repeats_n: int) -> None:
    """Replace what stands between the section's markers, and the picture beside the page."""
    told = "; ".join(
        f"{s.answers_n / 1e6:.2f} million answers = {s.organisations_n:,} organisations, {s.rows_n:,} rows,"
        f" {s.stored_bytes / 1e6:.1f} MB of Parquet"
        for s in sizes
    )
    replace_between(
        page,
        MARKERS,
        render_ratios(sizes),
        f"Measured {date}, the fastest of {repeats_n} runs in turns, each on {CORES} threads or processes. {machine}",
        f"Sizes: {told}.",
        render_seconds(sizes),
        render_growth(sizes),
        f"![Seconds and peak memory of scoring against million answers; the figures are those of the table]({PICTURE})",
    )
    measures = [
        ("Seconds", lambda run: run.seconds),
        ("Peak memory, GB", lambda run: run.whole.peak_bytes / 1e9),
    ]
    panels = [
        (title, {name: [(s.answers_n / 1e6, value(s.runs[name])) for s in sizes] for name in LOOKS})
        for title, value in measures
    ]
    about = "Seconds and peak memory of scoring and of its peers against million answers"
    write_whole(page.with_name(PICTURE), draw_panels(about, panels, LOOKS))
